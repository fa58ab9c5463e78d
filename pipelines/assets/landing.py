"""Landing: one multi-asset per source, one asset per table."""

from collections.abc import Iterator

import dagster as dg

from pipelines import sources
from pipelines.errors import InputError, Problem
from pipelines.origin import origin_of
from pipelines.source import Landed, Source, Table, land, note_failure

OWNER = "team:nextvalley"

#: Files of one landing listed in the UI.
FILES_SHOWN = 50


def landing_key(source: str, table: str) -> dg.AssetKey:
    return dg.AssetKey(["landing", f"{source}__{table}"])


def keys(source: Source) -> list[dg.AssetKey]:
    """The landing assets of one source."""
    return [landing_key(source.name, table.name) for table in source.tables]


def _spec(source: Source, table: Table) -> dg.AssetSpec:
    return dg.AssetSpec(
        landing_key(source.name, table.name),
        description=table.title,
        group_name="landing",
        kinds={"python", "parquet"},
        owners=[OWNER],
        tags={"licence_class": source.licence_class},
        skippable=True,
        metadata={
            "publisher": source.publisher,
            "licence": source.licence,
            "citation": source.citation,
            "landing page": source.landing_page,
            "licence class": source.licence_class,
            "cadence": source.cadence,
            "rows expected": f"{table.rows[0]}–{table.rows[1]}",
        },
    )


def _row_count_check(source: Source, table: Table) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        "rows_within_expected_range",
        asset=landing_key(source.name, table.name),
        description=f"Between {table.rows[0]} and {table.rows[1]} rows.",
    )


def landing_assets(source: Source) -> dg.AssetsDefinition:
    """Fetch, archive, parse and land every table of one source; one that fails keeps its last good landing."""

    @dg.multi_asset(
        name=f"land_{source.name}",
        specs=[_spec(source, table) for table in source.tables],
        check_specs=[_row_count_check(source, table) for table in source.tables],
        can_subset=True,
    )
    def land_source(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        problems: list[Problem] = []
        with origin_of(source) as origin:
            for table in source.tables:
                if landing_key(source.name, table.name) not in context.selected_asset_keys:
                    continue
                try:
                    landed = land(source, table, origin)
                except InputError as error:
                    problems += error.problems
                    note_failure(source, table, error)
                    continue
                if landed is None:
                    context.log.info(f"{source.name}: no recording of {table.name}")
                    continue
                if landed.warning:
                    context.log.warning(f"{source.name}, {table.name}: {landed.warning}")
                yield _landed(source, table, landed)
        if problems:
            raise InputError(source.name, problems)

    return land_source


def _landed(source: Source, table: Table, landed: Landed) -> dg.MaterializeResult[None]:
    files = [f"- {one.url} · {one.size:,} bytes · {one.via} {one.retrieved_at} · `{one.sha256[:12]}`" for one in landed.snapshots]
    return dg.MaterializeResult(
        landing_key(source.name, table.name),
        metadata={
            "dagster/row_count": landed.rows,
            "bytes": sum(one.size for one in landed.snapshots),
            "retrieved_at": max(one.retrieved_at for one in landed.snapshots),
            "parsed again": landed.is_new,
            "files": dg.MetadataValue.md("\n".join(files[:FILES_SHOWN])),
        },
        check_results=[
            dg.AssetCheckResult(
                asset_key=landing_key(source.name, table.name),
                check_name="rows_within_expected_range",
                passed=landed.warning is None,
                severity=dg.AssetCheckSeverity.WARN,
                description=landed.warning or f"{landed.rows} rows",
            )
        ],
    )


ASSETS = [landing_assets(source) for source in sources.ALL]
