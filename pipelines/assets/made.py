"""What every asset that Python makes has in common: its declaration and what it says of itself when made."""

from typing import Any

import dagster as dg
import polars as pl

from pipelines.assets.landing import OWNER
from pipelines.assets.models import asset_key
from pipelines.docs import DOCS


def spec(table: str, deps: list[dg.AssetKey], code_version: str | None = None) -> dg.AssetSpec:
    """The asset of ``table``, documented in ``DOCS``."""
    return dg.AssetSpec(
        asset_key(table),
        deps=deps,
        description=DOCS[table][0],
        group_name=table.split(".")[0],
        kinds={"duckdb", "python", "polars"},
        owners=[OWNER],
        code_version=code_version,
    )


def materialised(table: str, frame: pl.DataFrame, **metadata: Any) -> dg.MaterializeResult[None]:
    """Row count, and columns with their documentation; an undocumented column is a KeyError."""
    docs = DOCS[table][1]
    columns = [dg.TableColumn(name, str(kind).lower(), docs[name]) for name, kind in frame.schema.items()]
    shown: dict[str, Any] = {"dagster/row_count": frame.height, "dagster/column_schema": dg.TableSchema(columns)}
    return dg.MaterializeResult(asset_key(table), metadata=shown | metadata)


def markdown(frame: pl.DataFrame) -> dg.MetadataValue[str]:
    """A frame as a Markdown table, for the UI."""
    rows = [f"| {' | '.join(frame.columns)} |", f"|{' --- |' * frame.width}"]
    for row in frame.iter_rows():
        rows.append("| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    return dg.MetadataValue.md("\n".join(rows))
