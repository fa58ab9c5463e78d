"""Remember: what each release said, when each fact was learned, and what was forecast.

A macro cannot attach another file, so each release carries what those before it said.
"""

import dataframely as dy
import duckdb
import polars as pl

from pipelines.publish.release_before import Kept, attached, kept, take_over
from pipelines.schema import TableSchema, one_of
from pipelines.warehouse import queries

#: How a number may come to change.
NEWS, LATE, CORRECTION = "news", "late data", "correction"


class ReleaseHistory(TableSchema):
    """One row per release and number people follow, this release and those before it; what changed(since) compares."""

    table = "core.release_history"

    content_hash = dy.String(primary_key=True, description="Hash of the release's contents.")
    made_at = dy.Datetime(
        time_unit="us", primary_key=True, description="When these contents were released, for the first time or again, UTC."
    )
    method_version = dy.String(description="Version of the index method.")
    country = dy.String(primary_key=True, description="Scope of the ranking: a country, ISO alpha-2, or world.")
    measure = dy.String(primary_key=True, description="Readiness or Realised; claim, baseline or claim, current.")
    subject = dy.String(primary_key=True, description="City, or number of the claim.")
    rank = dy.Int32(nullable=True, min=1, description="Rank of the city in the release's headline year; null for a claim.")
    value = dy.Float64(nullable=True, description="Score of the city, or the claim's statistic.")
    verdict = dy.String(nullable=True, description="Verdict on the claim; null for a city.")
    news = dy.Float64(
        nullable=True,
        description="Part of the value's change since the release before that is due to what happened after that release's "
        "headline year; null if there is nothing to compare, and for a claim if data and method changed together.",
    )
    late_data = dy.Float64(nullable=True, description="Part due to what had happened by then and was learned later.")
    correction = dy.Float64(nullable=True, description="Part due to facts that were corrected or dropped.")
    method = dy.Float64(
        nullable=True,
        description="Part due to the method: what the data of the release before say by this one's, less what they said.",
    )


class FactHistory(TableSchema):
    """One row per fact that a list counts or once counted: when it was true, when it was learned, and when it was dropped."""

    table = "core.fact_history"

    indicator = dy.String(description="Indicator that it is evidence of.")
    dataset = dy.String(description="Source.")
    subject = dy.String(description="Company, or what else the fact is about.")
    label = dy.String(description="The fact, as marts.evidence has it.")
    city = dy.String(nullable=True, description="City that it counts for.")
    year = dy.Int32(nullable=True, description="Year in which it was true, the first of several; null if undated.")
    value = dy.Float64(description="What it counts.")
    learned_at = dy.Datetime(time_unit="us", description="When the first release with it was made, UTC.")
    dropped_at = dy.Datetime(
        time_unit="us", nullable=True, description="When the first release without it was made; null: it stands."
    )
    kind = dy.String(
        nullable=True,
        check=one_of(NEWS, LATE, CORRECTION),
        description="What it was when learned. news: of a year after the earlier release's headline year; late data: of a year "
        "up to it, or undated; correction: of something whose other facts were dropped then. Null in the first release.",
    )


class ForecastHistory(TableSchema):
    """One row per number ever forecast, by this release and those before it."""

    table = "core.forecast_history"

    made_at = dy.Datetime(time_unit="us", description="When the first release with it was made, UTC.")
    country = dy.String(description="Scope of the ranking.")
    forecast = dy.String(primary_key=True, description="Hash of the set it belongs to (index.forecasts).")
    measure = dy.String(primary_key=True, description="Readiness or Realised, or an indicator.")
    what = dy.String(check=one_of("rank", "share"), description="rank or share.")
    city = dy.String(primary_key=True, description="City.")
    made_in = dy.Int64(description="Headline year when it was made.")
    year = dy.Int64(primary_key=True, description="Year that it is about.")
    now = dy.Float64(description="Rank or share when it was made.")
    value = dy.Float64(description="Rank or share, as forecast.")
    low = dy.Float64(description="Lower end of its 90% interval.")
    high = dy.Float64(description="Upper end of that interval.")


class ForecastScores(TableSchema):
    """One row per set of forecasts, measure and year: how it fared, once this release measures the year by a newer period.

    Until then is_due is false and there are no scores.
    """

    table = "core.forecast_scores"

    forecast = dy.String(primary_key=True, description="Hash of the set.")
    made_at = dy.Datetime(time_unit="us", description="When it was made, UTC.")
    made_in = dy.Int64(description="Headline year when it was made.")
    measure = dy.String(primary_key=True, description="Readiness or Realised, or an indicator.")
    what = dy.String(description="rank or share.")
    year = dy.Int64(primary_key=True, description="Year that it is about.")
    is_due = dy.Bool(
        description="Whether the forecast can be scored by now: its year is measured, and in a later period than that of the "
        "forecast (measured_to and period_begins of index.headline)."
    )
    n_cities = dy.Int64(min=0, description="Cities forecast.")
    error = dy.Float64(nullable=True, min=0, description="Mean error of the ranks or shares; null until due.")
    error_persistence = dy.Float64(nullable=True, min=0, description="The same for leaving them as they were.")
    covered = dy.Float64(nullable=True, min=0, max=1, description="Share of cities within their 90% interval.")
    interval_score = dy.Float64(
        nullable=True, min=0, description="Mean width of the intervals, and twenty times what misses them (Winkler 1972)."
    )


#: Tables that publishing makes after the release is known, with their query; no part of the content hash.
MADE: dict[type[TableSchema], str] = {
    FactHistory: "facts",
    ReleaseHistory: "history",
    ForecastHistory: "forecasts",
    ForecastScores: "forecast_scores",
}

#: What is read of the release before; each is empty if it has no such table.
EARLIER = (
    kept("earlier_facts", FactHistory),
    kept("earlier_forecasts", ForecastHistory),
    kept("earlier_history", ReleaseHistory, queries.read("release/earlier_history")),
    Kept(
        "earlier_counts",
        "from earlier.marts.list_counts",
        pl.DataFrame(schema={"quantity": pl.String, "dataset": pl.String, "city": pl.String, "year": pl.Int32, "n": pl.Float64}),
    ),
    Kept(
        "earlier_headline",
        "select h.year, r.scope, r.method_hash from earlier.index.headline as h, earlier.core.release as r",
        pl.DataFrame(schema={"year": pl.Int64, "scope": pl.String, "method_hash": pl.String}),
    ),
)


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the tables of ``MADE`` to the attached file ``published``."""
    with attached(connection):
        for rows in EARLIER:
            take_over(connection, rows)
    connection.execute(f"create or replace temp table numbers_now as {queries.read('release/numbers')}")
    connection.execute(f"create or replace temp table numbers_before as {queries.read('release/numbers_before')}")
    for table, query in MADE.items():
        if table is ReleaseHistory:
            connection.execute(f"create or replace temp table changes as {queries.read('release/changes')}")
        connection.execute(f"create table published.{table.table} as from ({queries.read(f'release/{query}')}) order by all")
    _add_earlier_releases(connection)


def _add_earlier_releases(connection: duckdb.DuckDBPyConnection) -> None:
    """Add what earlier releases said to ``core.release_history``; leave this release out if its contents are the same."""
    latest = "select max_by(content_hash, made_at) from earlier_history where country = $country"
    ((country,),) = connection.execute("select scope from published.index.headline").fetchall()
    ((last,),) = connection.execute(latest, {"country": country}).fetchall()
    connection.execute("delete from published.core.release_history where content_hash = ?", [last])
    connection.execute("insert into published.core.release_history by name from earlier_history")
