"""What every asset that Python makes has in common: its declaration and what it says of itself when made."""

from typing import Any

import dagster as dg
import polars as pl

from pipelines.orchestration.assets.landing import OWNER
from pipelines.orchestration.assets.models import MODELS, asset_key
from pipelines.orchestration.ui import metadata as shown
from pipelines.warehouse.docs import DOCS

_EVIDENCE = tuple(
    f"{model.table}.{column.name}" for model in MODELS if model.table.startswith("marts.evidence_") for column in model.columns
)
_STRUCTURE = (
    *(f"marts.coinvestment.{column}" for column in ("deal", "year", "city", "n_investors")),
    *(f"core.companies.{column}" for column in ("founded", "city_founded", "sector")),
)
_EVIDENCE_READ = tuple(f"marts.evidence.{column}" for column in ("city", "company", "year", "year_to", "value"))
_DEFINITIONS = tuple(
    f"core.indicators.{column}"
    for column in ("indicator", "pillar", "kind", "denominator", "window", "transform", "weight", "floor", "ceiling")
)
_SHARES = ("core.register_coverage.recorded", "core.register_coverage.held")

#: Table → the columns its step reads that matter for what it says; a schema stands for the tables of it not named.
#: A column carried over comes from its namesakes among them, a computed one from all of them.
READS: dict[str, tuple[str, ...]] = {
    "core.sources": (),
    "core.files": (),
    "core.quarantine": (),
    "core.places": tuple(f"staging.place_mentions.{column}" for column in ("place_key", "country", "region", "place", "n")),
    "core.names": tuple(
        f"staging.name_mentions.{column}"
        for column in ("mention", "kind", "key", "name", "name_other", "country", "city", "founded")
    ),
    "index.coverage": ("core.cities.city", "core.register_coverage.measure", *_SHARES),
    "marts.evidence_structure": _STRUCTURE,
    "marts.evidence": (*_EVIDENCE, *(f"marts.evidence_structure.{column}" for column in DOCS["marts.evidence_structure"][1])),
    "marts.indicator_values": (*_EVIDENCE_READ, *_DEFINITIONS, *_SHARES),
    "index": (*_EVIDENCE_READ, *_DEFINITIONS, *_SHARES),
    "claims": (
        *_EVIDENCE_READ,
        *_DEFINITIONS,
        *("core.companies.company", "core.companies.sector", "core.deals.deal", "marts.deal_origin.origin"),
        *("core.founders.founding", "core.founder_schools.university", "core.service_offices.firm"),
        *("core.valuations.value_usd_bn", "core.zones.approved_year", "index.coverage.share"),
    ),
}


def spec(table: str, deps: list[dg.AssetKey], code_version: str | None = None) -> dg.AssetSpec:
    """The asset of ``table``, documented in ``DOCS``."""
    said = shown.summary(DOCS[table][0])
    return dg.AssetSpec(
        asset_key(table),
        deps=deps,
        description=said.pop("description"),
        group_name=table.split(".")[0],
        kinds={"duckdb", "python", "polars"},
        owners=[OWNER],
        code_version=code_version,
        metadata=said,
    )


def lineage(table: str) -> shown.Lineage:
    """Column → the (table, column) pairs it is carried over or computed from."""
    read = READS.get(table, READS.get(table.split(".")[0], ()))
    pairs = [(name.rpartition(".")[0], name.rpartition(".")[2]) for name in read]
    return {column: [pair for pair in pairs if pair[1] == column] or pairs for column in DOCS[table][1]}


def materialised(table: str, frame: pl.DataFrame, **metadata: Any) -> dg.MaterializeResult[None]:
    """What the UI shows of the table; an undocumented column is a KeyError."""
    docs = DOCS[table][1]
    described = [(name, str(kind), docs[name]) for name, kind in frame.schema.items()]
    said = shown.columns(described) | shown.rows(table, frame, frame.height) | metadata | shown.lineage(lineage(table))
    return dg.MaterializeResult(asset_key(table), metadata=said)
