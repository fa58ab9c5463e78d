"""Where a city ends: named presets that merge cities into one area.

What belongs here: which cities a preset merges, and the evidence after merging. What does not: the presets themselves, which
are ``data/reference/boundaries.csv``. Evidence is summed before anything is divided or shrunk; a piece that compares two
cities (an investor from the company's own city) keeps what it says, so that such shares are lower bounds for an area.
"""

import polars as pl

#: The municipality as it is: what is published first.
PUBLISHED = "city"

#: Columns the index needs of the table of presets; without rows nothing is merged.
EMPTY = pl.DataFrame(schema={"preset": pl.String, "city": pl.String, "merged_into": pl.String})


def presets(table: pl.DataFrame, cities: set[str]) -> dict[str, dict[str, str]]:
    """Preset → city → area it counts for, the published one first; of the others those that change any of ``cities``.

    ``table`` has preset, city and merged_into; a city that a preset does not name stays as it is.
    """
    found: dict[str, dict[str, str]] = {PUBLISHED: {}}
    for (preset,), rows in table.sort("preset", "city").group_by("preset", maintain_order=True):
        areas = dict(rows.select("city", "merged_into").iter_rows())
        if cities & {*areas, *areas.values()}:
            found[str(preset)] = areas
    return found


def merge(evidence: pl.DataFrame, areas: dict[str, str]) -> pl.DataFrame:
    """``evidence`` with every city replaced by its area."""
    return evidence.with_columns(pl.col("city").replace(areas))
