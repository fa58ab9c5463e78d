"""The index and the claims as assets."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import polars as pl

from pipelines.index import METHOD_VERSION, compute, gather, tables
from pipelines.index.measure.coverage import CityCoverage
from pipelines.index.unlisted import LISTINGS, UnlistedCompanies, unlisted
from pipelines.orchestration.assets import claims
from pipelines.orchestration.assets.models import MODELS
from pipelines.orchestration.assets.python_tables import check_spec, make, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.resolve import scope
from pipelines.schema import TableSchema
from pipelines.warehouse import database, queries

#: Table that ``gather_evidence`` makes → what it is made from.
GATHERED: dict[type[TableSchema], tuple[str, ...]] = {
    CityCoverage: ("core.register_coverage", "core.cities", "core.companies"),
    gather.Evidence: (
        CityCoverage.table,
        gather.INDICATOR_EVIDENCE,
        "marts.coinvestment",
        "marts.deal_sources",
        "core.indicators",
        "core.companies",
        "core.cities",
    ),
}

(EVIDENCE_MODEL,) = (model for model in MODELS if model.table == gather.INDICATOR_EVIDENCE)

#: The periods that are compared.
PERIODS = "landing.reference__periods"

_INPUTS = (
    gather.Evidence.table,
    "core.register_coverage",
    "core.indicators",
    "core.cities",
    "core.companies",
    "core.boundaries",
)

#: Table that ``compute_index`` makes → what it is made from.
COMPUTED: dict[type[TableSchema], tuple[str, ...]] = {
    **dict.fromkeys(tables.TABLES, _INPUTS),
    **dict.fromkeys(claims.TABLES, (gather.Evidence.table, *claims.DEPS)),
}

Results = Iterator[dg.MaterializeResult[None]]


@dg.multi_asset(
    name="gather_evidence",
    specs=[spec(table, deps, METHOD_VERSION) for table, deps in GATHERED.items()],
    check_specs=[check_spec(table) for table in GATHERED],
)
def gather_evidence() -> Results:
    with database.connect() as connection:
        frames = gather.gather(connection, scope.country(), EVIDENCE_MODEL)
        coverage, evidence = frames[CityCoverage.table], frames[gather.Evidence.table]
        by_indicator = evidence.group_by("indicator").len().sort("indicator")
        shown = {
            CityCoverage: {"compared": markdown(coverage.filter(pl.col("n_recorded") > 0))},
            gather.Evidence: {"indicators": markdown(by_indicator)},
        }
        for table in GATHERED:
            yield from make(connection, table, frames[table.table], **shown.get(table, {}))


@dg.multi_asset(
    name="compute_index",
    specs=[spec(table, deps, METHOD_VERSION) for table, deps in COMPUTED.items()],
    check_specs=[check_spec(table) for table in COMPUTED],
)
def compute_index(context: dg.AssetExecutionContext) -> Results:
    with database.connect() as connection:
        evidence = database.query(connection, f"from {gather.Evidence.table}")
        inputs, availability = gather.inputs_of(connection, scope.country(), evidence)
        result = compute.compute(inputs)
        compute.check_ranked(result, inputs.country)
        context.log.info(f"index computed for {len(result.cities)} cities, headline year {result.headline}")
        frames = tables.tables(result, inputs, availability, database.query(connection, "from core.indicators"))
        # The claims test the draws themselves, not their summaries, so they run where the draws are.
        frames |= claims.tables(connection, result, inputs.country)
        shown = _shown(frames, result.headline)
        for table in COMPUTED:
            yield from make(connection, table, frames[table.table], **shown.get(table.table, {}))


@dg.multi_asset(
    name="estimate_unlisted",
    specs=[spec(UnlistedCompanies, (LISTINGS, PERIODS, "core.cities"), METHOD_VERSION)],
    check_specs=[check_spec(UnlistedCompanies)],
)
def estimate_unlisted() -> Results:
    with database.connect() as connection:
        listings = database.query(connection, f"from {LISTINGS} where country = {queries.quoted(scope.country())}")
        frame = unlisted(listings, database.query(connection, f"from {PERIODS} order by source_row"))
        yield from make(connection, UnlistedCompanies, frame, estimable=markdown(frame.filter("is_estimable")))


def _shown(frames: dict[str, pl.DataFrame], headline: int) -> dict[str, dict[str, Any]]:
    """Return what the UI shows of a table besides its first rows."""
    ranking = (
        frames["index.scores"]
        .filter((pl.col("year") == headline) & (pl.col("measure") == "Readiness"))
        .drop_nulls("rank")
        .sort("rank")
        .select("rank", "city", "score", "rank_low_total", "rank_high_total", "p_first")
    )
    verdicts = (
        frames["claims.evidence"]
        .filter("is_rule")
        .select("claim", "period", "dataset", "verdict", "estimate", "low", "high", "n")
    )
    return {"index.scores": {"ranking": markdown(ranking)}, "claims.evidence": {"verdicts": markdown(verdicts)}}


ASSETS = [gather_evidence, estimate_unlisted, compute_index]
