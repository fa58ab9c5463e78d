"""Compare what two ways of building made, as far as counts and sums of columns tell.

To compare is not what is measured, so it may take all memory that DuckDB finds, and spills into the folder.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

NUMBERS = ("INTEGER", "BIGINT", "HUGEINT", "DOUBLE")


def differing(ours: Path, theirs: Path, tables: Sequence[str]) -> list[str]:
    """Return the columns of ``tables`` whose contents in the database ``theirs`` are not those in ``ours``."""
    queries = {table: f"from {table}" for table in tables}
    return _differing(_sums(ours, queries), _sums(theirs, queries))


def flows_differing(ours: Path, flows: Path) -> list[str]:
    """Return the same of the flows that polars made of one source."""
    with duckdb.connect() as connection:
        (names,) = zip(*connection.execute("select name from parquet_schema(?)", [flows.as_posix()]).fetchall(), strict=True)
    columns = ", ".join(names[1:])  # the first is the root of the schema
    queries = (f"select {columns} from {rows}" for rows in ("marts.deal_flows where dataset <> 'all'", f"'{flows.as_posix()}'"))
    return _differing(*(_sums(ours, {"flows": query}) for query in queries))


def _differing(ours: dict[str, tuple[Any, ...]], theirs: dict[str, tuple[Any, ...]]) -> list[str]:
    return [name for name in ours if not _is_same(ours[name], theirs[name])]


def _sums(file: Path, queries: dict[str, str]) -> dict[str, tuple[Any, ...]]:
    """Return, by query and column, how many rows and values it has, and their sum, or that of their hashes."""
    sums = {}
    with duckdb.connect(file, config={"temp_directory": f"{file}.tmp", "file_search_path": file.parent.as_posix()}) as connection:
        for query, sql in queries.items():
            for name, kind, *_ in connection.execute(f"describe {sql}").fetchall():
                value = name if kind in NUMBERS else f"hash({name})"
                summed = f"select count(*), count({name}), sum({value}) from ({sql})"
                (sums[f"{query}.{name}"],) = connection.execute(summed).fetchall()
    return sums


def _is_same(first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    if isinstance(first[2], float) and isinstance(second[2], float):
        return first[:2] == second[:2] and math.isclose(first[2], second[2], rel_tol=1e-9)
    return first == second
