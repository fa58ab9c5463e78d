"""Declare what the tables of the index have in common."""

import dataframely as dy

from pipelines.schema import TableSchema, refers_to

CITY = refers_to("core.cities.city")
INDICATOR = refers_to("core.indicators.indicator")

COUNTS = tuple(
    f"marts.list_counts.{column}" for column in ("quantity", "list", "country", "province", "city", "year", "year_to", "n")
)
PROFILES = tuple(
    f"marts.list_profiles.{column}" for column in ("completeness", "family", "covers", "first_year", "last_year", "is_report")
)
DEFINITIONS = tuple(f"core.indicators.{column}" for column in ("indicator", "pillar", "quantity", "per", "weight"))


def fraction(description: str, *, nullable: bool = False) -> dy.Float64:
    """Declare a column of numbers from 0 to 1."""
    return dy.Float64(nullable=nullable, min=0, max=1, description=description)


class IndexTable(TableSchema):
    """A table computed from the counts of all lists and the definitions of the indicators."""

    reads = (*COUNTS, *PROFILES, *DEFINITIONS, "core.audited_errors.wrong", "core.audited_errors.noise")
