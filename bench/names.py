"""Measure how the resolution of names and places grows: ``python -m bench.names 500000 2000000``.

The command makes as many companies as each number says and resolves their names. One source lists all of them, another
three in ten: in capitals, with another legal ending, a letter left out, without city or year. Names are one or two coined
words of syllables and often a generic word, so that some firms share a name and more share a word; one firm in 400 bears the
same name as the others of these. The command prints CPU seconds, peak memory, the pairs of each blocking key, how
many of the duplicates were found and how many could be, how many mentions joined another company, and the exponent of growth.
It then does the same for a tenth as many distinct places: the gazetteer's towns in seven spellings. ``--ways cluster`` has
a Sail cluster of two workers compare the names. Results go to ``bench/results/names.json`` with the facts of the machine, beside
those of other ways.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl

from bench import servers
from bench.processes import ServerClock, peak
from bench.scale import exponent, machine
from pipelines import settings
from pipelines.ingest.sources import reference
from pipelines.resolve.names import NO_OVERRIDES, resolve
from pipelines.resolve.names.clustering import Partition
from pipelines.resolve.names.joins import join_alike, join_near_names, join_same_names
from pipelines.resolve.names.linkage import database
from pipelines.resolve.names.links import links
from pipelines.resolve.names.mentions import read_mentions
from pipelines.resolve.names.weights import CROWD
from pipelines.resolve.places.gazetteer import towns
from pipelines.resolve.places.resolve import REFERENCE, resolve_all
from pipelines.warehouse.engines.spark import Spark

RESULTS = Path(__file__).parent / "results" / "names.json"

#: Companies for one distinct spelling of a place; 200,000 of those are what the gazetteer's towns give in seven spellings.
PLACES_SHARE = 10

#: What a part of a name is, by the mark it begins with.
KEYS = {
    "=": "the whole name, or all but generic words",
    "1": "the first word",
    "2": "two Chinese letters",
    "a": "initials",
    "-": "all but one letter",
}


def mentions(companies: int) -> pl.DataFrame:
    """Return ``MENTION_SCHEMA`` of so many companies, the same for the same number; the key says which company is meant."""
    with duckdb.connect() as connection:
        connection.execute(f"set variable companies = {companies}")
        return pl.DataFrame(connection.sql(Path(__file__).with_suffix(".sql").read_text("utf-8")))


def findable(companies: int) -> int:
    """Return how many of the duplicates fit one company alone: more cannot be found without a guess."""
    with duckdb.connect() as connection:
        connection.register("mentions", mentions(companies))
        alone, left = connection.sql(Path(__file__).with_name("names_limit.sql").read_text("utf-8")).fetchall()[0]
    return alone + left


def pairs_by_key(partition: Partition) -> dict[str, int]:
    """Return, by blocking key, the pairs that parts give which 2 to ``CROWD`` entities share."""
    with database(partition, "name_rows", "name_blocks") as lent:
        parts = "(select mark, part from parts union all select mark, part from crowded)"
        shared = f"select mark, count(*) as n from {parts} group by mark, part having count(*) between 2 and {CROWD}"
        pairs = f"select mark, sum(n * (n - 1) // 2)::int from ({shared}) group by mark order by mark"
        return {KEYS[mark]: count for mark, count in lent.query(pairs).iter_rows()}


def joined(links: pl.DataFrame) -> dict[str, int]:
    """Return how many mentions the second source has, and how many share an entity with the company meant, and with another."""
    by_source = links.with_columns(meant=pl.col("mention").str.split(":").list.last())
    first, second = (by_source.filter(pl.col("mention").str.starts_with(source)) for source in ("one", "two"))
    shared = second.join(first, on="entity").select(is_meant=pl.col("meant") == pl.col("meant_right"))["is_meant"]
    return {"duplicates": second.height, "duplicates_found": int(shared.sum()), "joined_wrongly": int((~shared).sum())}


def run_names(companies: int) -> dict[str, Any]:
    """Resolve the names of so many companies; return seconds, pairs by blocking key, peak memory in GB."""
    frame = mentions(companies)
    ends = [(time.perf_counter(), time.process_time())]
    seconds: dict[str, float] = {}
    cpu_seconds: dict[str, float] = {}

    def done(step: str) -> None:
        ends.append((time.perf_counter(), time.process_time()))
        seconds[step], cpu_seconds[step] = (round(end - start, 1) for start, end in zip(*ends[-2:], strict=True))
        print(f"  {step:20} {seconds[step]:8.1f} s {cpu_seconds[step]:8.1f} CPU s {peak():6.2f} GB", file=sys.stderr, flush=True)

    records = read_mentions(frame)
    done("read")
    partition = Partition(records, {})
    join_same_names(partition)
    done("same name")
    pairs = pairs_by_key(partition)
    done("count pairs")
    join_alike(partition)
    done("alike")
    join_near_names(partition)
    done("near")
    result = joined(links(partition))
    done("name")
    return {
        "companies": companies,
        "mentions": frame.height,
        "seconds": round(sum(seconds.values()) - seconds["count pairs"], 1),
        "cpu_seconds": round(sum(cpu_seconds.values()) - cpu_seconds["count pairs"], 1),
        "pairs_by_key": pairs,
        **result,
        "peak_gb": peak(),
    }


def run_cluster(companies: int) -> dict[str, Any]:
    """Resolve the names of so many companies where Sail compares them; return seconds and memory of the server and of this."""
    frame = mentions(companies)
    with (
        TemporaryDirectory(dir=settings.DATA) as folder,
        servers.sail_cluster(Path(folder) / "scratch") as (remote, server),
        closing(Spark(remote, folder)) as spark,
    ):
        clock = ServerClock(server)
        found = resolve(frame, NO_OVERRIDES, spark.lend)
        return {"companies": companies, "mentions": frame.height, **clock.read(), **joined(found)}


def run_places(wanted: int) -> dict[str, Any]:
    """Resolve so many distinct places as sources might write them; return seconds, and how many lead to a city."""
    name = pl.col("name")
    ways = [
        name,
        name.str.to_uppercase(),
        name.str.to_lowercase(),
        name + ", " + pl.col("country"),
        "Greater " + name,
        name + " City",
        name.str.replace_all("[aeiou]", ""),
    ]
    written = pl.concat([towns().select("country", place=way) for way in ways]).unique(maintain_order=True).head(wanted)
    frame = written.with_columns(
        region=pl.lit(None, pl.String), is_strict=False, source_file=pl.lit(""), source_row=pl.lit(1), column=pl.lit("place")
    )
    curated = {table: reference.FILES.read(table) for table in REFERENCE}
    began, cpu_began = time.perf_counter(), time.process_time()
    resolved = resolve_all(frame, **curated)
    return {
        "places": frame.height,
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - cpu_began, 1),
        "with_city": resolved.filter(pl.col("level") == "city").height,
        "peak_gb": peak(),
    }


#: What is measured, and how many companies there are to one of what is resolved.
WAYS: dict[str, tuple[Callable[[int], dict[str, Any]], int]] = {
    "names": (run_names, 1),
    "cluster": (run_cluster, 1),
    "places": (run_places, PLACES_SHARE),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("companies", type=int, nargs="+")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=["names", "places"], help="names and places by default")
    parser.add_argument("--only", choices=WAYS, help=argparse.SUPPRESS)  # one measurement in a process of its own
    arguments = parser.parse_args()
    if arguments.only:
        measure, _ = WAYS[arguments.only]
        print(json.dumps(measure(arguments.companies[0])))
        return
    results: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for way in arguments.ways:
        facts, done = machine(), []
        _, share = WAYS[way]
        for number in sorted(arguments.companies):
            command = [sys.executable, "-m", "bench.names", str(number // share), "--only", way]
            done.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))
            if way == "names":
                done[-1]["findable"] = findable(number)
            print(json.dumps(done[-1], indent=2))
        results[way] = {"machine": facts, "sizes": done}
        if len(done) > 1:
            growth = exponent(list(zip(sorted(arguments.companies), (size["cpu_seconds"] for size in done), strict=True)))
            print(f"growth exponent of {way}: {growth}")
            results[way]["exponent"] = growth
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
