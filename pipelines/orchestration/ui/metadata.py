"""What the Dagster UI shows of a table: its columns, where they come from, a few rows, and a small picture."""

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
    """The first sentence of a documentation as description; what follows it as a note."""
    first, _, more = doc.partition(". ")
    return {"description": f"{first}.", "note": more} if more else {"description": doc}


def columns(described: Iterable[tuple[str, str, str]]) -> dict[str, dg.TableSchema]:
    """The column schema from (name, type, documentation)."""
    return {
        "dagster/column_schema": dg.TableSchema(
            [dg.TableColumn(name, kind.split("(")[0].lower(), doc) for name, kind, doc in described]
        )
    }


def lineage(found: Lineage) -> dict[str, dg.TableColumnLineage | dg.MetadataValue[str]]:
    """Column lineage, also as Markdown since the open-source UI does not show it; nothing for a table made from no other."""
    if not any(found.values()):
        return {}
    deps = {
        name: [dg.TableColumnDep(dg.AssetKey(table.split(".")), column) for table, column in pairs]
        for name, pairs in found.items()
    }
    lines = ["| column | from |", "| --- | --- |"]
    for name, pairs in found.items():
        named = ", ".join(f"{table}.{column}" for table, column in pairs[:LINEAGE_NAMED])
        more = len(pairs) - LINEAGE_NAMED
        lines.append(f"| {name} | {named}{f' and {more} more' if more > 0 else ''} |")
    return {"dagster/column_lineage": dg.TableColumnLineage(deps), "column lineage": dg.MetadataValue.md("\n".join(lines))}


def rows(table: str, frame: pl.DataFrame, height: int) -> dict[str, int | dg.MetadataValue[str]]:
    """Row count, the first few rows, and the table's picture if it has one; ``frame`` may hold no more than is shown."""
    text = pl.all().cast(pl.String).str.slice(0, PREVIEW_LETTERS)
    shown: dict[str, int | dg.MetadataValue[str]] = {
        "dagster/row_count": height,
        "preview": markdown(frame.head(PREVIEW_ROWS).select(text)),
    }
    picture = plots.picture(table, frame)
    return shown | ({"plot": dg.MetadataValue.md(f"![{table}](data:image/png;base64,{picture})")} if picture else {})


def markdown(frame: pl.DataFrame) -> dg.MetadataValue[str]:
    """A frame as a Markdown table, for the UI."""
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
