"""How the models grow: the whole path from landing to marts on made-up deals, in the schemas of a real source.

``python -m bench.scale 1000000 4000000`` lands so many deals of the form of ``crunchbase_2015`` (two investors a deal, a
tenth as many companies, few companies and investors with much and many with little, names of cities in two spellings,
one place in twenty missing, three amounts in ten undisclosed, one round in fifty reported twice), builds every model from
there to the flows, shares and origins of deals with ``MEMORY`` on two threads, and prints seconds, CPU seconds, rows a
second, peak memory and the exponent of growth. Tables that only say in words what others hold as numbers are left views, as
in any large build; ``words`` is what writing the deals and their origins out costs, which a release does. Beside the models
stands what ``bench/by_hand.sql`` takes for the same tables under the same limits, whose contents must be those of the models,
and what the operations of ``bench/limit.sql`` take, without which no program could make them. The smallest size is also run on
Sail, and its flows by polars. Places and names are given as the generator knows them: what resolving them costs is
measured by ``bench.names``. Results go to ``bench/results/scale.json`` with the facts of the machine, beside those of other
sizes; ``bench.pages`` writes them into the pages.
"""

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from bench.made_up_deals import MEMORY, THREADS, generate
from pipelines import settings
from pipelines.warehouse import model
from pipelines.warehouse.engines.duckdb import SETTINGS, DuckDB
from pipelines.warehouse.engines.spark import Spark
from pipelines.warehouse.partitions import views

RESULTS = Path(__file__).parent / "results" / "scale.json"
BY_HAND, LIMIT = (Path(__file__).parent / name for name in ("by_hand.sql", "limit.sql"))
NUMBERS = ("INTEGER", "BIGINT", "HUGEINT", "DOUBLE")
#: What a release writes out in words besides: deals, their investors and their origins.
WORDS = ("core.deal_reports", "core.deals", "core.deals_by_source", "core.deal_investors_by_source", "marts.deal_origin")
TARGETS = ("core.companies", "core.investors", "core.deals", "marts.deal_flows", "marts.place_shares", "marts.origination")


def path_to(targets: tuple[str, ...]) -> list[model.Model]:
    """The models that lead to ``targets``, in the order of their building."""
    models = {entry.table: entry for entry in model.read_all(settings.SQL)}
    needed: set[str] = set()
    ahead = list(targets)
    while ahead:
        table = ahead.pop()
        if table not in needed and table in models:
            needed.add(table)
            ahead += models[table].depends
    return [entry for table, entry in models.items() if table in needed]


def land(connection: duckdb.DuckDBPyConnection, engine: DuckDB, folder: Path) -> None:
    """The landings of ``folder``, and the tables that Python makes."""
    for schema in ("landing", "staging", "core", "marts"):
        connection.execute(f"create schema if not exists {schema}")
    for landed in folder.glob("*__*.parquet"):
        engine.land(connection, f"landing.{landed.stem}", landed)
    for name in ("names", "places", "source_profiles"):
        engine.land(connection, f"core.{name}", folder / f"{name}.parquet")


def connect(folder: Path, file: str) -> duckdb.DuckDBPyConnection:
    """A database in ``folder`` under the limits of the benchmark; names of files without a folder are looked up there."""
    config: dict[str, str | bool | int | float | list[str]] = {
        **SETTINGS,
        "threads": THREADS,
        "memory_limit": MEMORY,
        "temp_directory": (folder / f"{file}.tmp").as_posix(),
        "file_search_path": folder.as_posix(),
    }
    return duckdb.connect(folder / file, config=config)


def by_models(folder: Path, engine: DuckDB) -> dict[str, Any]:
    """Build the path by the models: seconds by model, rows, peak memory in GB."""
    seconds, rows = {}, {}
    with connect(folder, f"{type(engine).__name__}.duckdb") as connection:
        land(connection, engine, folder)
        clock = Clock()
        for target in path_to(TARGETS):
            started = time.perf_counter()
            engine.build(connection, target)
            seconds[target.table] = round(time.perf_counter() - started, 2)
            if target.table in views(connection):
                continue
            ((rows[target.table],),) = connection.execute(f"select count(*) from {target.table}").fetchall()
            line = f"  {target.table:30} {rows[target.table]:>12,} rows {seconds[target.table]:8.1f} s {peak():6.2f} GB"
            print(line, file=sys.stderr, flush=True)
        return {**clock.read(), "by_model": seconds, "rows": rows}


class Clock:
    """Seconds and CPU seconds since it was made."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        """Return both, and the peak memory in GB."""
        return {
            "seconds": round(time.perf_counter() - self._began, 1),
            "cpu_seconds": round(time.process_time() - self._cpu, 1),
            "peak_gb": peak(),
        }


def in_words(folder: Path) -> dict[str, Any]:
    """Write the tables that a release has in words, from what the models left: seconds, rows, peak memory in GB."""
    rows, seconds = {}, {}
    with connect(folder, "DuckDB.duckdb") as connection:
        for target in path_to(WORDS):  # views that nothing on the path to the targets reads are not there yet
            if target.table in WORDS or target.table == "staging.investors_without_city":
                DuckDB().build(connection, target)
        connection.execute(f"attach '{(folder / 'words.duckdb').as_posix()}' as words")
        clock = Clock()
        for table in WORDS:
            started = time.perf_counter()
            name = table.replace(".", "_")
            connection.execute(f"create table words.{name} as from {table}")
            ((rows[table],),) = connection.execute(f"select count(*) from words.{name}").fetchall()
            seconds[table] = round(time.perf_counter() - started, 1)
        return {**clock.read(), "by_model": seconds, "rows": rows}


def by_hand(folder: Path) -> dict[str, Any]:
    """Run the script: seconds, peak memory in GB."""
    with connect(folder, "by_hand.duckdb") as connection:
        clock = Clock()
        connection.execute(BY_HAND.read_text("utf-8"))
        return clock.read()


def by_operations(folder: Path) -> dict[str, Any]:
    """Run the operations that cannot be left out: seconds together and each."""
    seconds = {}
    with connect(folder, "limit.duckdb") as connection:
        clock = Clock()
        for operation in LIMIT.read_text("utf-8").split("\n-- ")[1:]:
            name, _, sql = operation.partition("\n")
            if sql.strip():
                started = time.perf_counter()
                connection.execute(sql).fetchall()
                seconds[name] = round(time.perf_counter() - started, 2)
        return {**clock.read(), "by_operation": seconds}


def on_sail(folder: Path) -> dict[str, Any]:
    """Build the path by the models on a Sail server in this process."""
    from tools.engines import sail

    with sail() as remote, closing(Spark(remote, (folder / "exchange").as_posix())) as spark:
        return by_models(folder, spark)


def by_polars(folder: Path) -> dict[str, Any]:
    """Make the flows by polars' streaming engine: seconds, peak memory in GB."""
    from bench import polars_flows

    clock = Clock()
    polars_flows.flows(folder).sink_parquet(folder / "flows.parquet", engine="streaming")
    return clock.read()


WAYS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "models": lambda folder: by_models(folder, DuckDB()),
    "words": in_words,
    "by_hand": by_hand,
    "limit": by_operations,
    "sail": on_sail,
    "polars": by_polars,
}


def differing(folder: Path, other: str) -> list[str]:
    """Columns of the targets in the database ``other`` whose contents, as far as counts and sums tell, are not the models'."""
    tables = {table: f"from {table}" for table in TARGETS}
    ours, theirs = _sums(folder, "DuckDB.duckdb", tables), _sums(folder, other, tables)
    return [name for name in ours if not _is_same(ours[name], theirs[name])]


def flows_differing(folder: Path) -> list[str]:
    """The same of the flows that polars made."""
    with duckdb.connect() as connection:
        (names,) = zip(
            *connection.execute("select name from parquet_schema(?)", [f"{folder}/flows.parquet"]).fetchall(), strict=True
        )
    columns = ", ".join(names[1:])  # the first is the root of the schema
    queries = (f"select {columns} from marts.deal_flows where dataset <> 'all'", f"select {columns} from 'flows.parquet'")
    ours, theirs = (_sums(folder, "DuckDB.duckdb", {"flows": query}) for query in queries)
    return [name for name in ours if not _is_same(ours[name], theirs[name])]


def _sums(folder: Path, file: str, queries: dict[str, str]) -> dict[str, tuple[Any, ...]]:
    """Return, by query and column, how many rows and values it has, and their sum, or that of their hashes."""
    sums = {}
    with connect(folder, file) as connection:
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


def peak() -> float:
    """The most memory this process has held, GB; of this program alone, which ``ru_maxrss`` is not after a fork."""
    (line,) = (entry for entry in Path("/proc/self/status").read_text().splitlines() if entry.startswith("VmHWM"))
    return round(int(line.split()[1]) * 1024 / 1e9, 2)


def exponent(points: list[tuple[int, float]]) -> float:
    """Of seconds ~ deals ** exponent, from the smallest to the largest size."""
    (n, a), (m, b) = min(points), max(points)
    return round(math.log(b / a) / math.log(m / n), 2)


def machine() -> dict[str, Any]:
    cpu = next(
        (
            entry.split(":")[1].strip()
            for entry in Path("/proc/cpuinfo").read_text().splitlines()
            if entry.startswith("model name")
        ),
        "",
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "load_before": os.getloadavg()[0],
    }


def measure(folder: Path, deals: int, way: str) -> dict[str, Any]:
    """One way in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.scale", str(deals), "--only", way, folder.as_posix()]
    done: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(
        f"{deals:>12,} deals {way:8} {done['seconds']:8.1f} s {deals / done['seconds']:>10,.0f} deals/s {done['peak_gb']:5.2f} GB"
    )
    return done


def compare(folder: Path, deals: int, ways: list[str]) -> dict[str, Any]:
    """Measure the ways one after another; exits where one of them gives other tables than the models."""
    generate(folder, deals)
    done: dict[str, Any] = {"machine": machine()} | {way: measure(folder, deals, way) for way in ways}
    differ = []
    for way, file in (("by_hand", "by_hand.duckdb"), ("sail", "Spark.duckdb")):
        differ += differing(folder, file) if way in ways else []
    differ += flows_differing(folder) if "polars" in ways else []
    if differ:
        sys.exit(f"Not what the models give: {', '.join(differ)}")
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("deals", type=int, nargs="+")
    parser.add_argument(
        "--ways", nargs="+", choices=WAYS, help="by default all at the smallest size, and those in DuckDB at others"
    )
    parser.add_argument("--only", nargs=2, help=argparse.SUPPRESS)  # one way, in this folder
    arguments = parser.parse_args()
    if arguments.only:
        way, folder = arguments.only
        print(json.dumps(WAYS[way](Path(folder))))
        return
    sizes: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))["sizes"] if RESULTS.exists() else {}
    for deals in sorted(arguments.deals):
        ways = arguments.ways or (list(WAYS) if deals == min(arguments.deals) else ["models", "words", "by_hand", "limit"])
        with tempfile.TemporaryDirectory(dir=settings.DATA) as name:
            done = sizes[str(deals)] = compare(Path(name), deals, ways)
        for way in {"by_hand", "limit"} & {*ways} if "models" in ways else ():
            print(f"{deals:>12,} deals: models / {way} {done['models']['seconds'] / done[way]['seconds']:.2f}")
        results = {"memory_limit": MEMORY, "threads": THREADS, "sizes": sizes}
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    for way in ("models", "by_hand"):
        points = [(deals, sizes[str(deals)][way]["seconds"]) for deals in arguments.deals if way in sizes[str(deals)]]
        if len(points) > 1:
            print(f"growth exponent of {way}: {exponent(points)}")


if __name__ == "__main__":
    main()
