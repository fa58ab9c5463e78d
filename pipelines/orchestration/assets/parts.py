"""Let one part of a source, such as a quarter or a city, be fetched anew: a job for its table, with a partition for each part.

The landing assets have no partitions themselves. A build needs all parts of a table at once, and where only some assets have
partitions, the UI turns "Materialize all" into a backfill of many runs, which asks for partitions first.
"""

from typing import Any

import dagster as dg

from pipelines.ingest import sources
from pipelines.ingest.landing import Landed
from pipelines.ingest.source import Parts, Source, Table
from pipelines.ingest.table_files import part_of
from pipelines.orchestration.assets.outcomes import landing_key


def jobs() -> list[Any]:
    """Return a job for each table of a selected source that has parts, unless it is read as shipped: as one file."""
    fetched = [source for source in sources.selected() if not sources.is_read_as_shipped(source)]
    return [_job(source, table, table.parts) for source in fetched for table in source.tables if table.parts]


def _job(source: Source, table: Table, parts: Parts) -> Any:
    def config_of(part: str) -> dict[str, object]:
        return {"ops": {f"land_{source.name}": {"config": {"anew": [part]}}}}

    return dg.define_asset_job(
        f"land_{source.name}_by_{parts.kind}",
        selection=[landing_key(source, table)],
        config=dg.PartitionedConfig(_partitions(source, table, parts), run_config_for_partition_key_fn=config_of),
        description=f"Fetch one {parts.kind} of {source.title} anew, and land it with the others as they are.",
    )


def _partitions(source: Source, table: Table, parts: Parts) -> dg.PartitionsDefinition[str]:
    """Return the parts of fixed addresses; those of addresses that other pages list are known once they have been found."""
    if isinstance(table.addresses, tuple):
        return dg.StaticPartitionsDefinition([part for url in table.addresses if (part := parts.of(url))])
    return dg.DynamicPartitionsDefinition(name=_name(source, parts))


def _name(source: Source, parts: Parts) -> str:
    return f"{source.name}_{parts.kind}"


def remember(instance: dg.DagsterInstance, source: Source, table: Table, landed: Landed) -> None:
    """Make the parts of a landing known as partitions, also those set aside, if their addresses are not fixed."""
    if table.parts is None or isinstance(table.addresses, tuple):
        return
    urls = [snapshot.url for snapshot in landed.snapshots] + [left_out.source_file for left_out in landed.quarantined]
    found = {part for url in urls if (part := part_of(table, url))}
    instance.add_dynamic_partitions(_name(source, table.parts), sorted(found))
