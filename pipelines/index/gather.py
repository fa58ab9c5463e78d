"""Gather what the index of a country rests on: the pieces of evidence, and the detection rate of each city."""

import re
from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl
from duckdb import DuckDBPyConnection

from pipelines.errors import InputError, Problem
from pipelines.index import BASE_YEAR, BENCHMARK, FIRST_YEAR, LAST_YEAR, UNDATED
from pipelines.index.evidence import availability, structure
from pipelines.index.inputs import Inputs
from pipelines.index.measure.coverage import CityCoverage, detection_rates
from pipelines.index.table import CITY
from pipelines.resolve import scope
from pipelines.schema import TableSchema, refers_to
from pipelines.warehouse import database
from pipelines.warehouse.model import Model

#: The SQL model with the evidence of every country.
INDICATOR_EVIDENCE = "marts.indicator_evidence"

RECORDED = "select city, measure, recorded, detected from core.register_coverage order by all"
SECTORS = "select city_founded as city, founded as year, sector from core.companies where is_in_register order by all"
STRUCTURE_SEED = 11_000


class Evidence(TableSchema):
    """One row per piece of evidence and indicator: what the indicators of this release are sums of."""

    table = "marts.evidence"
    reads = ("marts.indicator_evidence.*", *structure.READS)

    indicator = dy.String(description="Indicator, denominator of one, or alternative measure of one (core.indicators).")
    dataset = dy.String(description="Source: the register, or the worldwide lists that the index of another country rests on.")
    city = dy.String(metadata=CITY, description="City it counts for.")
    year = dy.Int32(description="Year it happened, or from which it stands; 1900 where that is not known.")
    is_dated = dy.Bool(description="Is that year known.")
    year_to = dy.Int32(nullable=True, description="Last year it stands; null if open.")
    counts_from = dy.Int64(description="First year in whose window it counts.")
    counts_to = dy.Int64(description="Last year in whose window it counts.")
    company = dy.String(
        nullable=True,
        metadata=refers_to("core.companies.company"),
        description="Company it is resampled with; null if it is not resampled.",
    )
    label = dy.String(description="Description for readers.")
    value = dy.Float64(description="How much it counts.")
    weight = dy.Float64(min=1, description="Companies its company stands for: one over the detection rate of its city.")
    source = dy.String(description="Where the fact was published.")
    url = dy.String(nullable=True, description="Address of the page, where known.")
    source_file = dy.String(description="File of the row.")
    source_row = dy.Int32(nullable=True, description="Row of that file; the header is row 1.")


def check_named(indicators: pl.DataFrame, model: Model) -> None:
    """Raise InputError for an indicator, denominator or alternative that no branch of the model emits."""
    emitted = {*re.findall(r"'(\w+)'", model.sql), *structure.INDICATORS}
    problems = [
        Problem(
            "data/reference/indicators.csv",
            f"no file of sql/marts/indicator_evidence emits {row[column]!r}",
            f"Correct the name, or add sql/marts/indicator_evidence/{row[column]}.sql",
            row["source_row"],
            column,
        )
        for row in indicators.iter_rows(named=True)
        for column in ("indicator", "denominator", "alternative")
        if row[column] is not None and row[column] not in emitted
    ]
    if problems:
        raise InputError("reference", problems)


def weigh(evidence: pl.DataFrame, indicators: pl.DataFrame, companies: pl.DataFrame) -> pl.DataFrame:
    """Return ``Evidence``: each piece with the years in whose window it counts and the companies that its company stands for.

    ``companies`` has company and weight. The weight enters counts and rates; in shares and ratios it cancels.
    """
    windows = pl.concat(
        indicators.select(pl.col(name).alias("indicator"), pl.col(window).cast(pl.Int64).alias("window"))
        for name, window in (("indicator", "window"), ("alternative", "window"), ("denominator", "denominator_window"))
    )
    counted = indicators.filter(pl.col("kind").is_in(["count", "rate"])).select(pl.concat_list("indicator", "alternative"))
    is_counted = pl.col("indicator").is_in(counted.to_series().explode().drop_nulls().to_list())
    last = pl.col("year_to").fill_null(LAST_YEAR).cast(pl.Int64) + pl.col("window").fill_null(1) - 1
    return (
        evidence.join(windows.drop_nulls().unique("indicator", keep="first"), on="indicator", how="left")
        .join(companies, on="company", how="left")
        .with_columns(
            pl.col("year").is_not_null().alias("is_dated"),
            pl.col("year").fill_null(UNDATED),
            pl.col("year").fill_null(UNDATED).cast(pl.Int64).alias("counts_from"),
            pl.min_horizontal(last, pl.lit(LAST_YEAR)).alias("counts_to"),
            pl.when(is_counted).then("weight").fill_null(1.0).alias("weight"),
        )
        .select(Evidence.column_names())
        .sort("indicator", "city", "year", "label", "source_file", "source_row")
    )


@dataclass(frozen=True)
class Ground:
    """What the index of a country rests on, as conditions for SQL.

    ``datasets`` chooses among the rows of a source, ``evidence`` among those of evidence, ``cities`` those of ``core.cities``.
    """

    country: str
    datasets: str
    evidence: str
    cities: str

    @classmethod
    def of(cls, country: str) -> "Ground":
        if scope.basis(country) == scope.REGISTER:
            return cls(country, "dataset = 'register'", "dataset = 'register'", "is_in_register")
        # Other countries' cities are not compared with; the benchmark is.
        cities = f"(country = '{country}' or city = '{BENCHMARK}')"
        lists = "dataset <> 'register'"
        return cls(country, lists, f"{lists} and city in (select city from core.cities where {cities})", cities)


def _structure(connection: DuckDBPyConnection, ground: Ground) -> pl.DataFrame:
    """Return evidence that no SQL expresses, for the cities compared. Only the register classifies companies by sector."""
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    compared = database.query(connection, f"select city, country from core.cities where {ground.cities}")
    compared = compared.filter((pl.col("country") == ground.country) | (pl.col("city") == BENCHMARK))
    dataset = database.query(connection, f"select min(dataset) from marts.deal_sources where {ground.datasets}").item()
    graph = database.query(connection, f"select deal, year, city, n_investors from marts.coinvestment where {ground.datasets}")
    parts = [structure.centrality(graph, years)]
    if scope.basis(ground.country) == scope.REGISTER:
        companies = database.query(connection, SECTORS).drop_nulls("sector").join(compared, on="city", how="semi")
        parts.append(structure.sectors(companies, years, np.random.default_rng(STRUCTURE_SEED)))
    return pl.concat(parts).join(compared, on="city", how="semi").with_columns(pl.lit(dataset, pl.String).alias("dataset"))


def gather(connection: DuckDBPyConnection, country: str, model: Model) -> dict[str, pl.DataFrame]:
    """Return the evidence that the index of ``country`` rests on, and the detection rates, by table.

    ``model`` is that of ``INDICATOR_EVIDENCE``.
    """
    ground = Ground.of(country)
    indicators = database.query(connection, "from core.indicators")
    check_named(indicators, model)
    evidence = database.query(connection, f"from {INDICATOR_EVIDENCE} where {ground.evidence}")
    evidence = pl.concat([evidence, _structure(connection, ground)], how="diagonal_relaxed")
    companies = companies_of(connection, ground, evidence)
    cities = database.query(connection, "select city, country from core.cities")
    rates = detection_rates(cities.join(companies, on="city", how="semi"), recorded_of(connection, ground), country)
    weights = companies.join(rates, on="city").select("company", (1 / pl.col("detection_rate")).alias("weight"))
    return {CityCoverage.table: rates, Evidence.table: weigh(evidence, indicators, weights)}


def recorded_of(connection: DuckDBPyConnection, ground: Ground) -> pl.DataFrame:
    """Return what independent recordings say of the register; a list is its own recording, so there is nothing to say of it."""
    recorded = database.query(connection, RECORDED)
    return recorded if scope.basis(ground.country) == scope.REGISTER else recorded.clear()


def companies_of(connection: DuckDBPyConnection, ground: Ground, named: pl.DataFrame) -> pl.DataFrame:
    """Return companies and the city whose detection rate applies to them (company, city): in lists, the first by name."""
    if scope.basis(ground.country) == scope.REGISTER:
        return database.query(connection, "select company, city from core.companies where is_in_register order by company")
    return named.select("company", "city").drop_nulls().group_by("company").agg(pl.col("city").min()).sort("company")


def inputs_of(connection: DuckDBPyConnection, country: str, evidence: pl.DataFrame) -> tuple[Inputs, pl.DataFrame]:
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
    inputs = Inputs(
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
    return max(first, FIRST_YEAR), availability.latest_covered_year(evidence, at_home)
