"""Give each city in the results a name of its own."""

from collections.abc import Collection

import polars as pl

from pipelines.resolve.places.gazetteer import City, towns


def labels(strict: set[City], others: set[City], reserved: Collection[str]) -> dict[City, str]:
    """Return a name for each city, unlike every other's.

    ``strict`` cities keep their own, with the country if strict cities of several countries share it ("Cambridge, GB").
    Any other city keeps its own if it is the largest so called in the world, and the name is neither taken nor
    ``reserved`` for a city of China; else it has its country, if it is the largest there; else its region too.
    """
    in_countries: dict[str, set[str]] = {}
    for city in strict:
        in_countries.setdefault(city.name, set()).add(city.country)
    in_world = _largest(others, ["name"])
    in_country = _largest(others, ["name", "country"])

    labels: dict[City, str] = {}
    taken: set[str] = set()
    for city in sorted(strict | others, key=lambda city: (city not in strict, -city.population, city.geoname_id or 0)):
        bare, with_country = city.name, f"{city.name}, {city.country}"
        if city in strict:
            choices = [bare if len(in_countries[city.name]) == 1 else with_country]
        elif city.country == "CN":
            choices = [bare, with_country]
        else:
            choices = [bare] if city.geoname_id in in_world and bare not in reserved else []
            choices += [with_country] if city.geoname_id in in_country else []
        last = f"{city.name}, {city.admin1}, {city.country}"
        labels[city] = next((choice for choice in choices if choice not in taken), last)
        taken.add(labels[city])
    return labels


def _largest(cities: Collection[City], namesakes: list[str]) -> set[int]:
    """Return the GeoNames ids of the largest towns with the cities' names: one for each value of the columns ``namesakes``."""
    places = towns().filter(pl.col("name").is_in([city.name for city in cities]))
    places = places.sort("population", "geoname_id", descending=[True, False])
    return set(places.unique(namesakes, keep="first", maintain_order=True)["geoname_id"])
