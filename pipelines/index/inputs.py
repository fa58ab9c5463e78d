"""Read what the index of a country is computed from."""

import polars as pl
from duckdb import DuckDBPyConnection

from pipelines.errors import InputError, Problem
from pipelines.index import BASE_YEAR, FIRST_YEAR, LAST_YEAR, compute, scope
from pipelines.index.evidence import availability
from pipelines.index.evidence.gather import Ground, companies_of, recorded_of
from pipelines.warehouse import database


def inputs_of(connection: DuckDBPyConnection, country: str, evidence: pl.DataFrame) -> tuple[compute.Inputs, pl.DataFrame]:
    """Return what the index of ``country`` is computed from, and which indicators there is evidence for (``availability``)."""
    ground = Ground.of(country)
    evidence = evidence.select("indicator", "city", "company", "year", "year_to", "value")
    indicators = database.query(connection, "from core.indicators order by pillar, source_row")
    cities = database.query(connection, f"select city, country from core.cities where {ground.cities} order by city")
    at_home = set(cities.filter(pl.col("country") == country)["city"])
    years, base_year = (FIRST_YEAR, LAST_YEAR), BASE_YEAR
    if scope.basis(country) == scope.LISTS:
        years = _years_covered(evidence, at_home, country)
        base_year = min(BASE_YEAR, years[1])
    there = availability.availability(indicators, evidence, at_home, years, base_year)
    inputs = compute.Inputs(
        evidence=evidence,
        indicators=indicators.join(there.filter("is_available"), on="indicator", how="semi", maintain_order="left"),
        cities=cities,
        companies=companies_of(connection, ground, evidence),
        recorded=recorded_of(connection, ground),
        country=country,
        boundaries=database.query(connection, "select preset, city, merged_into from core.boundaries order by all"),
        years=years,
        base_year=base_year,
    )
    return inputs, there


def _years_covered(evidence: pl.DataFrame, at_home: set[str], country: str) -> tuple[int, int]:
    """Return the first and the last year that the lists cover; raise InputError where they hold too little of the country."""
    first = availability.first_covered_year(evidence)
    deals = evidence.filter((pl.col("indicator") == "deals_received") & pl.col("city").is_in(list(at_home)))
    if first is None or deals.is_empty():
        problem = f"no worldwide list of deals that is loaded has a deal of a city in {country}"
        remedy = "Load one: SOURCES=all, or SOURCES=crunchbase_2015 or crunchbase_investments with csrankings, openalex and gawc"
        raise InputError("SCOPE", [Problem(country, problem, remedy)])
    return max(first, FIRST_YEAR), compute.latest_covered_year(evidence, at_home)


def check_ranked(result: compute.Result, country: str) -> None:
    """Raise InputError where no city of ``country`` has enough data to be ranked."""
    if not result.ranked[list(result.years).index(result.headline)].any():
        problem = f"no city of {country} has enough data to be ranked in {result.headline}"
        raise InputError("SCOPE", [Problem(country, problem, "Load more sources, or name another country")])
