"""Declare what the tables of the index have in common."""

from pipelines.schema import TableSchema, refers_to

CITY = refers_to("core.cities.city")
INDICATOR = refers_to("core.indicators.indicator")

EVIDENCE = tuple(f"marts.evidence.{column}" for column in ("city", "company", "year", "year_to", "value"))
DEFINITIONS = tuple(
    f"core.indicators.{column}"
    for column in ("indicator", "pillar", "kind", "denominator", "window", "transform", "weight", "floor", "ceiling")
)
RECORDED = ("core.register_coverage.recorded", "core.register_coverage.detected")


class IndexTable(TableSchema):
    """A table computed from the evidence, the definitions of the indicators and what is recorded of the register."""

    reads = (*EVIDENCE, *DEFINITIONS, *RECORDED)
