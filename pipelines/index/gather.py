"""Gather what the index rests on: the counts of all lists, sampled, and the evidence behind them."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dataframely as dy
import duckdb
import polars as pl
from duckdb import DuckDBPyConnection

from pipelines import code, settings
from pipelines.errors import InputError, Problem
from pipelines.index import BENCHMARK, METHOD_VERSION
from pipelines.index.compute import Inputs
from pipelines.index.headline import headline_of
from pipelines.index.measurement import prepare
from pipelines.index.measurement.fit import fit
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.measured import looking, measured_cities
from pipelines.index.measurement.noises import Audits
from pipelines.index.measurement.posterior import Posterior
from pipelines.resolve import scope
from pipelines.schema import TableSchema
from pipelines.warehouse import database

#: Tables that the layout of the lists is made from.
LISTS = ("marts.list_counts", "marts.list_profiles", "core.cities", "core.audited_errors")


class Headline(TableSchema):
    """One row: the year and the scope of the ranking, and what it lacks."""

    table = "index.headline"
    reads = ("marts.list_counts.year", "marts.list_counts.year_to", "core.indicators.quantity", "core.cities.country")

    year = dy.Int64(description="Year of the ranking: the last one that a list of deals covers in the scope.")
    period_begins = dy.Int64(description="First year of the period that it is in, whose years are measured together.")
    measured_to = dy.Int64(
        description="Last year measured: that year, or the middle of the last period, which all later years repeat. A forecast "
        "that was made in an earlier period is scored if its year is not later."
    )
    scope = dy.String(description="Country whose cities are ranked, or world.")
    n_lists = dy.Int64(min=1, description="Lists it rests on; all cities are measured together, whatever the scope.")
    n_cities = dy.Int64(min=1, description="Cities of the scope that have scores.")
    countries = dy.String(description="ISO 3166 codes of their countries, separated by commas, the one with most cities first.")
    n_ranked = dy.Int64(min=0, description="Of these, cities known well enough for a rank.")
    skill = dy.String(description="Whether the score has told the future, and how well that could be seen, in one sentence.")
    left_out = dy.String(nullable=True, description="Indicators that no list counts in the scope; null if none.")


def counts_of(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Return ``marts.list_counts`` by year; a total of several years stands in equal parts in each of them, and ``adds_up``."""
    counts = database.query(connection, "from marts.list_counts order by all")
    n_years = (pl.col("year_to") - pl.col("year") + 1).fill_null(1)
    years = pl.int_ranges("year", pl.col("year_to") + 1)
    adds_up = (n_years > 1).alias("adds_up")
    return counts.with_columns((pl.col("n") / n_years).round(6), years.alias("year"), adds_up).drop("year_to").explode("year")


def layout(connection: DuckDBPyConnection, counts: pl.DataFrame) -> Layout:
    """Return all lists as arrays over the measured cities."""
    profiles = database.query(connection, "from marts.list_profiles order by all")
    return prepare.layout_of(counts, profiles, cities_of(connection, counts), audits_of(connection))


def cities_of(connection: DuckDBPyConnection, counts: pl.DataFrame) -> pl.DataFrame:
    """Return the measured cities: those that a census counts, those that lists name often, the benchmark.

    Residents recorded city by city are not a census.
    """
    lists = database.query(connection, "select quantity, list, completeness, is_report from marts.list_profiles")
    kept = looking(counts.join(lists, on=["quantity", "list"]))
    is_census = (pl.col("quantity") == "population") & (pl.col("completeness") == "census") & pl.col("city").is_not_null()
    always = pl.col("city").is_in([*kept.filter(is_census)["city"].unique().to_list(), BENCHMARK])
    cities = measured_cities(kept, database.query(connection, "from core.cities order by city"), always)
    if BENCHMARK not in cities["city"]:
        remedy = f"Load a list that names it: the register has rows of {BENCHMARK}"
        raise InputError("index", [Problem("marts.list_counts", f"no list counts anything in {BENCHMARK}", remedy)])
    return cities


def headline_in(connection: DuckDBPyConnection, counts: pl.DataFrame, cities: pl.DataFrame, named: str) -> int:
    """Return the headline year of a scope; lists of a few places do not set it, since they tell nothing of the others."""
    some = database.query(
        connection,
        "select quantity, list from marts.list_profiles where completeness in ('selection', 'largest') and not is_report",
    )
    return headline_of(counts.join(some, on=["quantity", "list"], how="anti"), cities, named)


def audits_of(connection: DuckDBPyConnection) -> Audits:
    """Return what audits have found, by source and quantity."""
    rows = database.query(connection, "from core.audited_errors").to_dicts()
    names = "wrong", "noise"
    found = {name: {(row["dataset"], row["quantity"]): row[name] for row in rows if row[name] is not None} for name in names}
    return Audits(**found)


def draws_of(lists: Layout, progress: Callable[[str], None]) -> Posterior:
    """Return draws of the measurement model."""
    progress(f"measuring {len(lists.cities)} cities by {len(lists.lists)} lists")
    return Posterior.of(fit(lists, progress))


def require_known(indicators: pl.DataFrame) -> None:
    """Raise InputError unless the measurement model knows every quantity that ``core.indicators`` names."""
    known = {*prepare.FLOWS, *prepare.STOCKS}
    problems = [
        Problem(
            f"data/reference/indicators.csv, row {row['source_row']}, column {column}",
            f"{row[column]!r} is not a quantity of the measurement model",
            f"Correct the spelling; the quantities are {', '.join(sorted(known))}",
        )
        for row in indicators.iter_rows(named=True)
        for column in ("quantity", "per", "part_of")
        if row[column] is not None and row[column] not in known
    ]
    if problems:
        raise InputError("reference", problems)


def inputs(connection: DuckDBPyConnection, progress: Callable[[str], None]) -> Inputs:
    """Return what the index is computed from."""
    named = scope.named()
    cities = database.query(connection, "from core.cities order by city")
    counts = counts_of(connection)
    indicators = database.query(connection, "from core.indicators order by pillar, source_row")
    require_known(indicators)
    lists = layout(connection, counts)
    here = cities.filter(pl.col("city").is_in(lists.cities))
    if named != scope.WORLD and here.filter(pl.col("country") == named).is_empty():
        remedy = "Load worldwide lists (SOURCES=all), or name another country"
        raise InputError("SCOPE", [Problem(named, "no list that is loaded names a city of it often enough", remedy)])
    return Inputs(
        posterior=draws_of(lists, progress),
        indicators=indicators,
        cities=cities,
        boundaries=database.query(connection, "select preset, city, merged_into from core.boundaries order by all"),
        counts=counts,
        rankings=database.query(connection, "from index.published_rankings order by source_row"),
        contents=database.query(connection, "from index.ranking_contents order by source_row"),
        scope=named,
        headline=headline_in(connection, counts, cities, named),
    )


def method_hash(connection: DuckDBPyConnection) -> str:
    """Return a hash of what makes index and claims of the data: code, indicators, boundaries and audited errors."""
    rooms = (Path(__file__).parent, settings.CODE / "claims")
    files = {path: path.read_bytes() for room in rooms for path in sorted(room.rglob("*.py"))}
    digest = hashlib.sha256(f"{METHOD_VERSION} {code.digest(files, with_classes=False)}".encode())
    for table in ("core.indicators", "core.boundaries", "core.audited_errors"):
        digest.update(
            database.query(connection, f"select * exclude (source_file) from {table} order by all").write_csv().encode()
        )
    return digest.hexdigest()


def _columns(connection: DuckDBPyConnection, table: str) -> list[str]:
    return database.query(connection, f"from {table} limit 0").columns


def compared_with(connection: DuckDBPyConnection, named: str) -> str:
    """Return the hash of what the release now published holds if its scope is that ``named`` but its method another; else ""."""
    if not settings.PUBLISHED.exists():
        return ""
    sql = "select content_hash from core.release where scope = ? and method_hash <> ?"
    try:
        with duckdb.connect(settings.PUBLISHED, read_only=True) as published:
            rows = published.execute(sql, [named, method_hash(connection)]).fetchall()
    except duckdb.Error:
        return ""
    return str(rows[0][0]) if rows else ""


def earlier(connection: DuckDBPyConnection, present: Inputs, progress: Callable[[str], None]) -> Inputs | None:
    """Return ``present`` with the data of the release now published, so that its scores differ from that release's by the method.

    None if there is nothing to compare.
    """
    if not compared_with(connection, present.scope):
        return None
    try:
        with duckdb.connect(settings.PUBLISHED, read_only=True) as published:
            if any(_columns(published, table) != _columns(connection, table) for table in LISTS):
                return None  # Its lists say less, or other things, than the method reads.
            counts = counts_of(published)
            lists, cities = layout(published, counts), database.query(published, "from core.cities order by city")
            headline = headline_in(published, counts, cities, present.scope)
    except duckdb.Error:
        return None
    progress("the method has changed since the published release: its data are computed again")
    return replace(present, posterior=draws_of(lists, progress), cities=cities, counts=counts, headline=headline)
