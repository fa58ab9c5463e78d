"""Gather what the index of a country rests on: the pieces of evidence in one long frame, and the coverage of each city."""

from collections.abc import Sequence
from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl
from duckdb import DuckDBPyConnection

from pipelines.errors import InputError, Problem
from pipelines.index import BENCHMARK, FIRST_YEAR, LAST_YEAR, scope
from pipelines.index.evidence import structure
from pipelines.index.evidence.structure import EvidenceStructure
from pipelines.index.measure.coverage import CityCoverage, shares_held
from pipelines.index.table import CITY
from pipelines.schema import TableSchema, refers_to
from pipelines.warehouse import database
from pipelines.warehouse.model import Model

RECORDED = "select city, measure, recorded, held from core.register_coverage order by all"
SECTORS = (
    "select city_founded as city, founded as year, sector from core.companies where is_in_register and sector is not null "
    "order by all"
)
STRUCTURE_SEED = 11_000

#: Columns every evidence table has; the others are measures.
KEYS = ["dataset", "city", "year", "year_to", "company", "label", "source", "url", "source_file", "source_row"]


class Evidence(TableSchema):
    """One row per piece of evidence and measure: what an indicator's number is the sum of. All of the basis of this release."""

    table = "marts.evidence"
    reads = ("marts.evidence_*.*",)

    measure = dy.String(description="Indicator, or denominator of one.")
    dataset = dy.String(description="Source: the register, or the worldwide lists that the index of another country rests on.")
    city = dy.String(metadata=CITY, description="City it counts for.")
    year = dy.Int32(description="Year it happened, or from which it stands.")
    year_to = dy.Int32(nullable=True, description="Last year it stands; null if open.")
    counts_from = dy.Int64(description="First year in whose window it counts.")
    counts_to = dy.Int64(description="Last year in whose window it counts.")
    company = dy.String(
        nullable=True,
        metadata=refers_to("core.companies.company"),
        description="Company it goes with when companies are resampled; null if none.",
    )
    label = dy.String(description="What a reader sees.")
    value = dy.Float64(description="How much it counts.")
    weight = dy.Float64(
        min=1, description="How many companies its company stands for: one over the share of its city's that is held."
    )
    evidence_table = dy.String(description="Table of marts it stands in.")
    source = dy.String(description="Where the fact was published.")
    url = dy.String(nullable=True, description="Address of the page, where known.")
    source_file = dy.String(description="File the row stands in.")
    source_row = dy.Int32(nullable=True, description="Row of that file; the header is row 1.")


def models_of(models: Sequence[Model]) -> list[Model]:
    """Return the models of evidence."""
    return [model for model in models if model.table.startswith("marts.evidence_")]


def table_of(models: Sequence[Model]) -> dict[str, str]:
    """Return the evidence table of every measure."""
    tables = {model.table: [column.name for column in model.columns] for model in models_of(models)}
    tables[EvidenceStructure.table] = EvidenceStructure.column_names()
    return {column: table for table, columns in tables.items() for column in columns if column not in KEYS}


def check_measures(indicators: pl.DataFrame, tables: dict[str, str]) -> None:
    """Raise InputError for an indicator whose column, denominator or alternative no evidence table has."""
    problems = [
        Problem(
            "data/reference/indicators.csv",
            f"{row[column]!r} is not a column of any marts.evidence_* model",
            "Correct the name, or add the column to one of sql/marts/evidence_*.sql",
            row["source_row"],
            column,
        )
        for row in indicators.iter_rows(named=True)
        for column in ("indicator", "denominator", "alternative")
        if row[column] is not None and row[column] not in tables
    ]
    if problems:
        raise InputError("reference", problems)


def melt(
    tables: dict[str, pl.DataFrame], indicators: pl.DataFrame, stands_for: pl.DataFrame, table_of: dict[str, str]
) -> pl.DataFrame:
    """Return every evidence table as one long frame, one row per piece of evidence and measure.

    The years in whose window a piece counts, and how many companies its company stands for (``stands_for``:
    company, weight), are worked out here once, for readers and macros.
    """
    windows = dict.fromkeys(table_of, 1)
    counted = []
    for row in indicators.iter_rows(named=True):
        for column in (row["indicator"], row["alternative"]):
            if column is not None:
                windows[column] = row["window"]
        if row["denominator"] and table_of[row["denominator"]] == table_of[row["indicator"]]:
            windows[row["denominator"]] = row["window"]
        if row["kind"] in ("count", "rate"):
            counted += [row["indicator"], row["alternative"]]
    parts = [
        frame.unpivot(
            [name for name in frame.columns if name not in KEYS], index=KEYS, variable_name="measure", value_name="value"
        )
        .drop_nulls("value")
        .with_columns(pl.col("value").cast(pl.Float64), pl.lit(table).alias("evidence_table"))
        for table, frame in tables.items()
    ]
    window = pl.col("measure").replace_strict(windows, return_dtype=pl.Int64)
    last = pl.col("year_to").fill_null(LAST_YEAR).cast(pl.Int64) + window - 1
    return (
        pl.concat(parts, how="vertical_relaxed")
        .join(stands_for, on="company", how="left")
        .with_columns(
            pl.col("year").cast(pl.Int64).alias("counts_from"),
            pl.min_horizontal(last, pl.lit(LAST_YEAR)).alias("counts_to"),
            pl.when(pl.col("measure").is_in(counted)).then(pl.col("weight")).fill_null(1.0).alias("weight"),
        )
        .select(Evidence.column_names())
        .sort("measure", "city", "year", "label", "source_file", "source_row")
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
    """Evidence that no SQL expresses, for the cities compared. Sectors are the register's: lists have no classification."""
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    compared = database.query(connection, f"select city, country from core.cities where {ground.cities}")
    compared = compared.filter((pl.col("country") == ground.country) | (pl.col("city") == BENCHMARK))
    given = database.query(connection, f"select min(dataset) as dataset from marts.deal_sources where {ground.datasets}").item()
    graph = database.query(connection, f"select deal, year, city, n_investors from marts.coinvestment where {ground.datasets}")
    parts = {"marts.coinvestment": structure.centrality(graph, years)}
    if scope.basis(ground.country) == scope.REGISTER:
        parts["core.companies"] = structure.sectors(
            database.query(connection, SECTORS).join(compared, on="city", how="semi"),
            years,
            np.random.default_rng(STRUCTURE_SEED),
        )
    frames = [
        frame.with_columns(
            pl.format("{}, {} of {}", "city", pl.lit(structure.WORKED_OUT_FROM[table]), "year").alias("label"),
            pl.lit(table).alias("source"),
        )
        for table, frame in parts.items()
    ]
    null = pl.lit(None, pl.String)
    filled = {
        "dataset": pl.lit(given, pl.String),
        "year_to": pl.col("year"),
        "company": null,
        "url": null,
        "source_file": pl.col("source"),
        "source_row": null.cast(pl.Int32),
    }
    table = pl.concat(frames, how="diagonal").join(compared, on="city", how="semi").with_columns(**filled)
    missing = [name for name in EvidenceStructure.column_names() if name not in table.columns]
    table = table.with_columns(pl.lit(None, pl.Float64).alias(name) for name in missing)
    return table.select(EvidenceStructure.column_names()).sort("city", "year", "label")


def gather(connection: DuckDBPyConnection, country: str, models: Sequence[Model]) -> dict[str, pl.DataFrame]:
    """Return the evidence that the index of ``country`` rests on, by table; read the warehouse and write nothing."""
    ground = Ground.of(country)
    tables = {
        model.table: database.query(connection, f"from {model.table} where {ground.evidence}") for model in models_of(models)
    }
    tables[EvidenceStructure.table] = _structure(connection, ground)
    indicators = database.query(connection, "from core.indicators")
    measures = table_of(models)
    check_measures(indicators, measures)
    companies = companies_of(
        connection, ground, pl.concat([frame.select("company", "city").cast(pl.String) for frame in tables.values()])
    )
    cities = database.query(connection, "select city, country from core.cities")
    shares = shares_held(cities.join(companies, on="city", how="semi"), recorded_of(connection, ground), country)
    stands_for = companies.join(shares, on="city").select("company", (1 / pl.col("share")).alias("weight"))
    return {
        EvidenceStructure.table: tables[EvidenceStructure.table],
        CityCoverage.table: shares,
        Evidence.table: melt(tables, indicators, stands_for, measures),
    }


def recorded_of(connection: DuckDBPyConnection, ground: Ground) -> pl.DataFrame:
    """Return what independent recordings say of the register; a list is its own recording, so there is nothing to say of it."""
    recorded = database.query(connection, RECORDED)
    return recorded if scope.basis(ground.country) == scope.REGISTER else recorded.clear()


def companies_of(connection: DuckDBPyConnection, ground: Ground, named: pl.DataFrame) -> pl.DataFrame:
    """Return companies and the city whose share held is theirs (company, city): of lists, the first they are named in."""
    if scope.basis(ground.country) == scope.REGISTER:
        return database.query(connection, "select company, city from core.companies where is_in_register order by company")
    return named.select("company", "city").drop_nulls().group_by("company").agg(pl.col("city").min()).sort("company")
