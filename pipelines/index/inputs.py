"""Declare what the index is computed from."""

from dataclasses import dataclass, field

import polars as pl

from pipelines.index import BASE_YEAR, FIRST_YEAR, LAST_YEAR
from pipelines.index.evidence import boundaries


@dataclass(frozen=True)
class Inputs:
    """What the index is computed from.

    ``evidence`` has the columns indicator, city, company, year, year_to and value; ``indicators`` is the indicator table;
    ``cities`` has city and country, ``companies`` company and city, ``recorded`` city, measure, recorded and detected
    (``coverage.estimate``), ``boundaries`` preset, city and merged_into; ``country`` is the scope; ``years`` are the first
    and the last year with scores, ``base_year`` is the year in which the benchmark sets the goalposts.
    """

    evidence: pl.DataFrame
    indicators: pl.DataFrame
    cities: pl.DataFrame
    companies: pl.DataFrame
    recorded: pl.DataFrame
    country: str
    boundaries: pl.DataFrame = field(default_factory=lambda: boundaries.EMPTY)
    years: tuple[int, int] = (FIRST_YEAR, LAST_YEAR)
    base_year: int = BASE_YEAR

    @property
    def at_home(self) -> set[str]:
        """Return the cities of the scope."""
        return set(self.cities.filter(pl.col("country") == self.country)["city"])
