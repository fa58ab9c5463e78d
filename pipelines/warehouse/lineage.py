"""Tell where each column of a model comes from."""

import sqlglot.lineage
from sqlglot import exp

from pipelines.warehouse.model import Model

#: Schema → table → column → type.
Types = dict[str, dict[str, dict[str, str]]]


def lineage(model: Model, types: Types) -> dict[str, list[tuple[str, str]]]:
    """Return, for each column of the model, the (table, column) pairs it is computed from; ``types`` has all tables."""
    # sqlglot reads all that it is given, so it is given the tables of the query alone.
    tables: Types = {}
    for folder, _, name in (table.partition(".") for table in model.depends):
        tables.setdefault(folder, {})[name] = types[folder][name]
    # Trimming would copy the query once for each column, which takes four times as long and changes no result.
    nodes = sqlglot.lineage.lineage(None, model.sql, schema=tables, dialect="duckdb", trim_selects=False)
    return {column.name: _sources(nodes[column.name]) for column in model.columns}


def _sources(root: sqlglot.lineage.Node) -> list[tuple[str, str]]:
    tables = ((node, node.source) for node in root.walk() if isinstance(node.source, exp.Table))
    return sorted({(f"{table.db}.{table.name}", node.name.split(".")[-1]) for node, table in tables if table.db})
