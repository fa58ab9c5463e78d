"""Rebuild every model as if its tables were large, in parts and as views, and compare with the build."""

from collections import Counter
from collections.abc import Set

import pytest

from pipelines import settings
from pipelines.warehouse import partitions
from pipelines.warehouse.engines.duckdb import DuckDB
from tools.engines import rebuild


def built_in_parts(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, str], Counter[str]]:
    """Return how each rebuilt table differs from the build (empty if none does), and the number of queries by model."""
    parts: Counter[str] = Counter()
    restricted = partitions.restricted

    def counted(sql: str, tables: Set[str], condition: str) -> str:
        parts[sql] += 1
        return restricted(sql, tables, condition)

    monkeypatch.setattr(partitions, "restricted", counted)
    monkeypatch.setattr(partitions, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(partitions, "ROWS_IN_WORDS", 0)
    differences = {table: difference for table, _, difference in rebuild(DuckDB(), settings.BUILD) if difference}
    return differences, parts
