"""Tell which cities are merged into areas by the presets of ``data/reference/boundaries.csv``.

Evidence is summed before anything is divided or shrunk. Evidence that compares two cities, such as an investor from the
company's own city, keeps its value, so such shares are lower bounds for an area.
"""

from collections.abc import Mapping

import polars as pl

#: The municipality as it is: what is published first.
PUBLISHED = "city"


def presets(table: pl.DataFrame, cities: set[str]) -> dict[str, dict[str, str]]:
    """Return preset → city → area, the published preset first, then those that change any of ``cities``.

    ``table`` has preset, city and merged_into; an area with the name of a city takes that city in too, and a city that a preset
    does not name stays as it is, as one that is not among ``cities``.
    """
    chosen: dict[str, dict[str, str]] = {PUBLISHED: {}}
    for (preset,), rows in table.sort("preset", "city").group_by("preset", maintain_order=True):
        areas = dict(rows.select("city", "merged_into").iter_rows())
        if cities & {*areas, *areas.values()}:
            areas |= {area: area for area in areas.values()}
            chosen[str(preset)] = {city: area for city, area in areas.items() if city in cities}
    return chosen


def ends(areas: Mapping[str, dict[str, str]]) -> list[dict[str, str]]:
    """Return where cities may end, of the ``presets``: all but those that make several cities one under another name.

    Such an area is another place than any of them, so that its score is none of theirs.
    """
    return [merged for merged in areas.values() if all(merged.get(area) == area for area in merged.values())]
