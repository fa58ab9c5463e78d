"""How the models grow: the whole path from landing to marts on made-up deals, in the schemas of a real source.

``python -m bench.scale 1000000 4000000`` lands so many deals of the form of ``crunchbase_2015`` (two investors a deal, a
tenth as many companies, few companies and investors with much and many with little, names of cities in two spellings,
one place in twenty missing, three amounts in ten undisclosed, one round in fifty reported twice), builds every model from
there to the flows, shares and origins of deals with ``MEMORY`` on two threads, and prints seconds, CPU seconds, rows a
second, peak memory and the exponent of growth. Tables that only say in words what others hold as numbers are left views, as
in any large build; ``words`` is what writing the deals and their origins out costs, which a release does. Beside the models
stands what ``bench/by_hand.sql`` takes for the same tables under the same limits, whose contents must be those of the models,
and what the operations of ``bench/limit.sql`` take, without which no program could make them. At the smallest size the models are
also run on Sail, in one process and with two workers, and their flows made by polars; ``--ways spark`` runs them on Apache Spark.
A short way is run three times and the median kept. Places and names are given as the generator knows them: what resolving them
costs is measured by ``bench.names``. Results go to ``bench/results/scale.json`` with the facts of the machine, beside those of
other sizes and ways; ``bench.pages`` writes them into the pages.
"""

import argparse
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from bench import contents, servers
from bench.made_up_deals import MEMORY, THREADS, generate
from bench.processes import Clock, ServerClock
from pipelines import settings
from pipelines.warehouse import model
from pipelines.warehouse.engines.duckdb import SETTINGS, DuckDB
from pipelines.warehouse.engines.spark import Spark
from pipelines.warehouse.partitions import views

RESULTS = Path(__file__).parent / "results" / "scale.json"
BY_HAND, LIMIT = (Path(__file__).parent / name for name in ("by_hand.sql", "limit.sql"))
#: What a release writes out in words besides: deals, their investors and their origins.
WORDS = ("core.deal_reports", "core.deals", "core.deals_by_source", "core.deal_investors_by_source", "marts.deal_origin")
#: How often a way is measured that takes no more than so many seconds.
RUNS, REPEATED = 3, 180
TARGETS = ("core.companies", "core.investors", "core.deals", "marts.deal_flows", "marts.place_shares", "marts.origination")


def path_to(targets: tuple[str, ...]) -> list[model.Model]:
    """Return the models that lead to ``targets``, in the order of their building."""
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


def by_models(folder: Path, engine: DuckDB, way: str, server: int | None = None) -> dict[str, Any]:
    """Build the path by the models, in ``server`` if there is one: seconds by model, rows, peak memory in GB."""
    seconds, rows = {}, {}
    with connect(folder, f"{way}.duckdb") as connection:
        land(connection, engine, folder)
        clock = ServerClock(server) if server else Clock()
        for target in path_to(TARGETS):
            started = time.perf_counter()
            engine.build(connection, target)
            seconds[target.table] = round(time.perf_counter() - started, 2)
            if target.is_view and target.table in views(connection):
                continue
            ((rows[target.table],),) = connection.execute(f"select count(*) from {target.table}").fetchall()
            line = f"  {target.table:30} {rows[target.table]:>12,} rows {seconds[target.table]:8.1f} s"
            print(f"{line} {clock.read()['peak_gb']:6.2f} GB", file=sys.stderr, flush=True)
        return {**clock.read(), "by_model": seconds, "rows": rows}


def in_words(folder: Path) -> dict[str, Any]:
    """Write the tables that a release has in words, from what the models left: seconds, peak memory in GB."""
    with connect(folder, "models.duckdb") as connection:
        for target in path_to(WORDS):  # views that nothing on the path to the targets reads are not there yet
            if target.table in WORDS or target.table == "staging.investors_without_city":
                DuckDB().build(connection, target)
        connection.execute(f"attach '{(folder / 'words.duckdb').as_posix()}' as words")
        clock = Clock()
        for table in WORDS:
            connection.execute(f"create table words.{table.replace('.', '_')} as from {table}")
        return clock.read()


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

    with sail() as remote:
        return on_server(folder, "sail", remote)


def on_cluster(folder: Path) -> dict[str, Any]:
    """Build the path by the models on a Sail cluster in a process of its own."""
    with servers.sail_cluster(folder / "cluster.scratch") as (remote, server):
        return on_server(folder, "cluster", remote, server)


def on_spark(folder: Path) -> dict[str, Any]:
    """Build the path by the models on the Apache Spark that ``bench/spark.sh`` has started."""
    return on_server(folder, "spark", os.environ["SPARK_REMOTE"], int(os.environ["SPARK_SERVER"]))


def on_server(folder: Path, way: str, remote: str, server: int | None = None) -> dict[str, Any]:
    """Build the path by the models on a server; what each table took is kept of DuckDB alone."""
    with closing(Spark(remote, (folder / f"{way}.exchange").as_posix())) as spark:
        done = by_models(folder, spark, way, server)
    return {measure: value for measure, value in done.items() if measure not in ("by_model", "rows")}


def by_polars(folder: Path) -> dict[str, Any]:
    """Make the flows by polars' streaming engine: seconds, peak memory in GB."""
    from bench import polars_flows

    clock = Clock()
    polars_flows.flows(folder).sink_parquet(folder / "polars.parquet", engine="streaming")
    return clock.read()


WAYS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "models": lambda folder: by_models(folder, DuckDB(), "models"),
    "words": in_words,
    "by_hand": by_hand,
    "limit": by_operations,
    "sail": on_sail,
    "cluster": on_cluster,
    "spark": on_spark,
    "polars": by_polars,
}


def exponent(points: list[tuple[int, float]]) -> float:
    """Return the exponent of seconds ~ deals ** exponent, from the smallest to the largest size."""
    (n, a), (m, b) = min(points), max(points)
    return round(math.log(b / a) / math.log(m / n), 2)


def machine() -> dict[str, Any]:
    models = (
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    )
    return {
        "cpu": next(models, ""),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "load_before": os.getloadavg()[0],
    }


def measure(folder: Path, deals: int, way: str) -> dict[str, Any]:
    """Return the run of a way whose seconds are the median of three, or its only run if it takes long."""
    runs = [run(folder, deals, way)]
    while runs[0]["seconds"] <= REPEATED and len(runs) < RUNS:
        runs.append(run(folder, deals, way))
    done = sorted(runs, key=lambda each: each["seconds"])[len(runs) // 2] | {"runs": len(runs)}
    print(
        f"{deals:>12,} deals {way:8} {done['seconds']:8.1f} s {deals / done['seconds']:>10,.0f} deals/s {done['peak_gb']:5.2f} GB"
    )
    return done


def run(folder: Path, deals: int, way: str) -> dict[str, Any]:
    """Run one way in a process of its own, so that its memory is its own."""
    remove(folder, way)
    load = os.getloadavg()[0]
    arguments, variables = ["bench.scale", str(deals), "--only", way, folder.as_posix()], None
    command, scratch = [sys.executable, "-m", *arguments], folder / f"{way}.scratch"
    if way == "spark":
        command, variables = servers.beside_spark(arguments, scratch)
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=variables)
    done: dict[str, Any] = json.loads(finished.stdout) | {"load_before": load}
    return done | (servers.event_sums(scratch / "events") if way == "spark" else {})


def remove(folder: Path, way: str) -> None:
    """Remove what a run of the way left, so that none finds anything there."""
    for left in folder.glob(f"{way}.*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def compare(folder: Path, deals: int, ways: list[str]) -> dict[str, Any]:
    """Measure the ways one after another; exits where one of them gives other tables than the models."""
    generate(folder, deals)
    done: dict[str, Any] = {"machine": machine()}
    differ: list[str] = []
    for way in ways:
        done[way] = measure(folder, deals, way)
        if way in ("by_hand", "sail", "cluster", "spark"):
            differ += contents.differing(folder / "models.duckdb", folder / f"{way}.duckdb", TARGETS)
        if way == "polars":
            differ += contents.flows_differing(folder / "models.duckdb", folder / "polars.parquet")
        if way != "models":  # which the others are compared with
            remove(folder, way)
    if differ:
        sys.exit(f"Not what the models give: {', '.join(differ)}")
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("deals", type=int, nargs="+")
    parser.add_argument(
        "--ways", nargs="+", choices=WAYS, help="by default all but spark at the smallest size, and those in DuckDB at others"
    )
    parser.add_argument("--only", nargs=2, help=argparse.SUPPRESS)  # one way, in this folder
    arguments = parser.parse_args()
    if arguments.only:
        way, folder = arguments.only
        print(json.dumps(WAYS[way](Path(folder))))
        return
    sizes: dict[str, Any] = json.loads(RESULTS.read_text("utf-8"))["sizes"] if RESULTS.exists() else {}
    for deals in sorted(arguments.deals):
        smallest = [way for way in WAYS if way != "spark"]
        ways = arguments.ways or (smallest if deals == min(arguments.deals) else ["models", "words", "by_hand", "limit"])
        with tempfile.TemporaryDirectory(dir=settings.DATA) as name:
            sizes[str(deals)] = sizes.get(str(deals), {}) | compare(Path(name), deals, ways)
        seconds = {way: sizes[str(deals)][way]["seconds"] for way in ways}
        for way in {"by_hand", "limit"} & {*ways} if "models" in ways else ():
            print(f"{deals:>12,} deals: models / {way} {seconds['models'] / seconds[way]:.2f}")
        results = {"memory_limit": MEMORY, "threads": THREADS, "sizes": sizes}
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    for way in ("models", "by_hand"):
        points = [(deals, sizes[str(deals)][way]["seconds"]) for deals in arguments.deals if way in sizes[str(deals)]]
        if len(points) > 1:
            print(f"growth exponent of {way}: {exponent(points)}")


if __name__ == "__main__":
    main()
