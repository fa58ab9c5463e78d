"""Describe a table for the Dagster UI: its columns, where they come from, a few rows, and a small picture."""

from collections.abc import Iterable

import dagster as dg
import polars as pl

from pipelines.orchestration.ui import plots

#: Rows and letters of a preview: it is kept with every run.
PREVIEW_ROWS, PREVIEW_LETTERS = 5, 40

#: Columns named in one line of the lineage before the rest is only counted.
LINEAGE_NAMED = 8

#: Column → the (table, column) pairs it is computed from.
Lineage = dict[str, list[tuple[str, str]]]


def summary(doc: str) -> dict[str, str]:
    """Return the first sentence of a documentation as description, and what follows it as a note."""
    first, _, more = doc.partition(". ")
    return {"description": f"{first}.", "note": more} if more else {"description": doc}


def columns(described: Iterable[tuple[str, str, str]]) -> dict[str, dg.TableSchema]:
    """Return the column schema from name, type and documentation of each column."""
    return {
        "dagster/column_schema": dg.TableSchema(
            [dg.TableColumn(name, kind.split("(")[0].lower(), doc) for name, kind, doc in described]
        )
    }


def lineage(columns: Lineage) -> dict[str, dg.TableColumnLineage | dg.MetadataValue[str]]:
    """Return the column lineage, also as Markdown because the open-source UI does not show it; nothing where there is none."""
    if not any(columns.values()):
        return {}
    deps = {
        name: [dg.TableColumnDep(dg.AssetKey(table.split(".")), column) for table, column in pairs]
        for name, pairs in columns.items()
    }
    lines = ["| column | from |", "| --- | --- |"]
    for name, pairs in columns.items():
        named = ", ".join(f"{table}.{column}" for table, column in pairs[:LINEAGE_NAMED])
        more = len(pairs) - LINEAGE_NAMED
        lines.append(f"| {name} | {named}{f' and {more} more' if more > 0 else ''} |")
    return {"dagster/column_lineage": dg.TableColumnLineage(deps), "column lineage": dg.MetadataValue.md("\n".join(lines))}


def rows(table: str, frame: pl.DataFrame, height: int) -> dict[str, int | dg.MetadataValue[str]]:
    """Return the row count, the first few rows and the table's picture; ``frame`` need only hold what is shown."""
    text = pl.all().cast(pl.String).str.slice(0, PREVIEW_LETTERS)
    shown: dict[str, int | dg.MetadataValue[str]] = {
        "dagster/row_count": height,
        "preview": markdown(frame.head(PREVIEW_ROWS).select(text)),
    }
    picture = plots.picture(table, frame)
    return shown | ({"plot": dg.MetadataValue.md(f"![{table}](data:image/png;base64,{picture})")} if picture else {})


def markdown(frame: pl.DataFrame) -> dg.MetadataValue[str]:
    """Return a frame as a Markdown table."""
    lines = [f"| {' | '.join(frame.columns)} |", f"|{' --- |' * frame.width}"]
    for row in frame.iter_rows():
        lines.append("| " + " | ".join(_cell(value) for value in row) + " |")
    return dg.MetadataValue.md("\n".join(lines))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.2f}"
    return str(value).replace("|", "\\|").replace("\n", " ")
