"""The index and the claims as assets."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg
import polars as pl
from duckdb import DuckDBPyConnection

from pipelines import beside
from pipelines.claims.scorecard import ClaimEvidence
from pipelines.index import METHOD_VERSION, gather, tables
from pipelines.index.compute import Result
from pipelines.index.tables.scores import Scores
from pipelines.index.tables.values import IndicatorValues
from pipelines.orchestration import progress, run_settings
from pipelines.orchestration.assets import claims, promises, python_tables
from pipelines.orchestration.assets.python_tables import check_spec, make, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve import scope
from pipelines.schema import TableSchema
from pipelines.warehouse import database, versions

_INPUTS = (*gather.LISTS, "core.indicators", "core.boundaries", "index.published_rankings", "index.ranking_contents")

#: Table that ``compute_index`` makes → what it is made from, by stage: values, scores, what tells more of them, and claims. One
#: table of each stage stands for the stage, since a graph with every input of every table has some four hundred edges.
COMPUTED: dict[type[TableSchema], tuple[str, ...]] = {
    IndicatorValues: _INPUTS,
    Scores: (IndicatorValues.table,),
    **{table: (Scores.table,) for table in tables.TABLES if table not in (IndicatorValues, Scores)},
    ClaimEvidence: (Scores.table, *claims.DEPS),
    **{table: (ClaimEvidence.table,) for table in claims.TABLES if table is not ClaimEvidence},
}

#: What is read as a whole; of what else the claims rest on, only the results of their queries count.
_READ = (*_INPUTS, claims.LISTED)


def wanted(connection: DuckDBPyConnection) -> versions.Wanted:
    """Return the version that the tables of ``COMPUTED`` would have if they were made now."""
    before = gather.compared_with(connection, scope.named())
    return python_tables.wanted(connection, COMPUTED, _READ, claims.QUERIES.values(), beside=before)


@dg.multi_asset(
    name="compute_index",
    specs=[spec(table, deps, METHOD_VERSION) for table, deps in COMPUTED.items()],
    check_specs=[check_spec(table) for table in COMPUTED],
    required_resource_keys={run_settings.KEY},
)
def compute_index(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
    with database.connect() as connection:
        now = wanted(connection)
        if now.is_made:
            yield from (promises.kept(context, table.table) for table in COMPUTED)
            return
        frames, headline = _computed(connection, progress.say(context))
        shown = _shown(frames, headline)
        for table in COMPUTED:
            yield from make(connection, table, frames[table.table], now.version, **shown.get(table.table, {}))


def _computed(connection: DuckDBPyConnection, say: Callable[[str], None]) -> tuple[dict[str, pl.DataFrame], int]:
    """Return every table of ``COMPUTED``, and the headline year."""
    # Another process imports what it needs while the scores are computed, and then tests the claims.
    with beside.another(claims.__name__, "scipy.stats") as another:
        result = Result.of(gather.inputs(connection, say))
        say(f"{len(result.members)} of {result.is_scope.sum()} cities are ranked, headline year {result.headline}")
        tested = another.begin(claims.tables, *claims.read(connection), claims.tested_on(result))
        before = gather.earlier(connection, result.inputs, say)
        return tables.of(result, Result.of(before) if before else None) | tested(), result.headline


def _shown(frames: dict[str, pl.DataFrame], headline: int) -> dict[str, dict[str, Any]]:
    """Return what the UI shows of a table besides its first rows."""
    ranking = (
        frames["index.scores"]
        .filter((pl.col("year") == headline) & (pl.col("measure") == "Readiness"))
        .drop_nulls("rank")
        .join(frames["index.distance"], on=["measure", "city"], how="left")
        .sort("rank")
        .select("rank", "city", "score", "score_low", "score_high", "times_less", "rank_low", "rank_high", "p_first")
    )
    verdicts = (
        frames["claims.evidence"]
        .filter("is_rule")
        .select("claim", "period", "dataset", "verdict", "estimate", "low", "high", "n")
    )
    return {"index.scores": {"ranking": markdown(ranking)}, "claims.evidence": {"verdicts": markdown(verdicts)}}


ASSETS = [compute_index]
