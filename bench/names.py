"""How the resolution of names and places grows: made-up companies with dirt and duplicates, and places as sources write them.

``python -m bench.names 500000 2000000`` makes so many companies and resolves them with ``resolve.names``. One source lists
them all, another three in ten of them: shouted, with another legal ending, a letter left out, without city or year. Names are
one or two coined words of syllables and often a generic word, so that some firms share a name and more share a word; one firm
in 400 bears the same name as all others of these. It prints seconds by step, peak memory, the pairs that each blocking key
gives, how many of the duplicates were found, and the exponent of growth; then does the same for a tenth as many distinct
places, the gazetteer's towns in seven spellings, with ``resolve.places``. Results go to ``bench/results/names.json`` with
the facts of the machine.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bench.scale import exponent, machine, peak
from pipelines import settings
from pipelines.ingest.readers.text import read_csv
from pipelines.ingest.sources import reference
from pipelines.resolve.names.clustering import Partition
from pipelines.resolve.names.exact import join_same_names
from pipelines.resolve.names.linkage import block
from pipelines.resolve.names.links import links
from pipelines.resolve.names.mentions import bearers_of_names, read_mentions
from pipelines.resolve.names.probabilistic import comparison_rows, join_alike
from pipelines.resolve.names.weights import CROWD
from pipelines.resolve.places import resolve
from pipelines.resolve.places.gazetteer import towns

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

_MENTIONS = """
with company as (
    select range as i, hash(range, 'a') as a, hash(range, 'b') as b, hash(range, 'c') as c from range($n)
), named as (
    select i, a, b, c, list_transform(range(6), lambda k:
        ['ba','co','di','fu','ge','hi','ja','ka','le','mo','nu','pa','qui','ro','sa','te','vi','wo','xe','zy'][
            ((a >> (k * 5)::int) % 20)::int + 1]) as s,
        case when b % 10 < 5
            then ' ' || ['Tech', 'Labs', 'Systems', 'Health', 'Media', 'Capital', 'Energy', 'Games'][(b % 8)::int + 1]
            else '' end as generic
    from company
), written as (
    select *, case when a % 400 = 0 then 'Summit Advisers' else
        upper(s[1][1]) || s[1][2:] || s[2] || s[3] || case when c % 3 = 0 then '' else s[4] end
        || case when c % 2 = 0 then '' else ' ' || upper(s[5][1]) || s[5][2:] || s[6] end end as core
    from named
), listed as (
    select 'one' as source, i, core || generic as name, false as is_dirty from written
    union all
    select 'two', i, case c % 5
        when 0 then upper(core || generic)
        when 1 then core || generic || ', Inc.'
        when 2 then left(core, 5) || substr(core, 7) || generic
        when 3 then core
        else core || generic end, true
    from written
    where b % 10 < 3
)
select source || '/company:' || l.i as mention, 'company' as kind, l.source, l.i::varchar as key, l.name,
    null::varchar as name_other, ['US', 'CN', 'GB', 'IN'][(c.a % 4)::int + 1] as country,
    case when l.is_dirty and c.b % 7 = 0 then null else 'City ' || floor(400 * pow((c.c % 1000) / 1000, 2)) end as city,
    case when l.is_dirty and c.c % 4 = 0 then null else 1995 + (c.b % 20)::int end as founded,
    case l.source when 'one' then 1 else 2 end as rank
from listed as l
inner join company as c using (i)
"""


def mentions(companies: int) -> pl.DataFrame:
    """``MENTION_SCHEMA`` of so many companies, the same for the same number; the key says which company is meant."""
    with duckdb.connect() as connection:
        return pl.DataFrame(connection.sql(_MENTIONS.replace("$n", str(companies))))


def pairs_by_key(rows: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Blocking key → the parts that 2 to ``CROWD`` entities share, and the pairs they give."""
    with duckdb.connect() as connection:
        block(connection, rows)
        counted = connection.execute(
            "select mark, count(*), sum(n * (n - 1) // 2)::bigint "
            f"from (select mark, part, count(*) as n from parts group by mark, part having n between 2 and {CROWD}) group by mark"
        ).fetchall()
    return {KEYS[mark]: {"parts": parts, "pairs": pairs} for mark, parts, pairs in sorted(counted)}


def run_names(companies: int) -> dict[str, Any]:
    """Resolve the names of so many companies: seconds by step, pairs by blocking key, peak memory in GB."""
    frame = mentions(companies)
    seconds: dict[str, float] = {}
    began = time.perf_counter()

    def done(step: str) -> None:
        seconds[step] = round(time.perf_counter() - began - sum(seconds.values()), 1)
        print(f"  {step:20} {seconds[step]:8.1f} s {peak():6.2f} GB", file=sys.stderr, flush=True)

    records = read_mentions(frame)
    done("read")
    bearers = bearers_of_names(records)
    partition = Partition(records, {})
    join_same_names(partition, bearers)
    done("same name")
    pairs = pairs_by_key(comparison_rows(partition))
    done("count pairs")
    join_alike(partition)
    done("alike")
    found = links(partition)
    done("name")
    total = sum(taken for step, taken in seconds.items() if step != "count pairs")
    meant = pl.col("mention").str.split(":").list.last()
    two = found.filter(pl.col("mention").str.starts_with("two")).with_columns(meant=meant)
    right = two.join(found.filter(pl.col("mention").str.starts_with("one")).with_columns(meant=meant), on=["meant", "entity"])
    return {
        "companies": companies,
        "mentions": frame.height,
        "seconds": round(total, 1),
        "by_step": seconds,
        "pairs_by_key": pairs,
        "duplicates": two.height,
        "duplicates_found": right.height,
        "peak_gb": peak(),
    }


def run_places(wanted: int) -> dict[str, Any]:
    """Resolve so many distinct places as sources might write them: seconds, how many lead to a city."""
    ways = [
        pl.col("name"),
        pl.col("name").str.to_uppercase(),
        pl.col("name").str.to_lowercase(),
        pl.col("name") + ", " + pl.col("country"),
        "Greater " + pl.col("name"),
        pl.col("name") + " City",
        pl.col("name").str.replace_all("[aeiou]", ""),
    ]
    written = pl.concat([towns().select("country", place=way) for way in ways]).unique(maintain_order=True).head(wanted)
    frame = written.with_columns(
        region=pl.lit(None, pl.String), is_strict=False, source_file=pl.lit(""), source_row=pl.lit(1), column=pl.lit("place")
    )
    curated = {
        name: read_csv((settings.REFERENCE / f"{name}.csv").read_bytes(), reference.FILES.contracts[name][0])
        for name in ("place_aliases", "areas", "provinces", "prefectures", "districts")
    }
    began = time.perf_counter()
    found = resolve.resolve_all(frame, **curated)
    total = time.perf_counter() - began
    return {
        "places": frame.height,
        "seconds": round(total, 1),
        "with_city": found.filter(pl.col("level") == "city").height,
        "peak_gb": peak(),
    }


WAYS: dict[str, Callable[[int], dict[str, Any]]] = {"names": run_names, "places": run_places}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("companies", type=int, nargs="+")
    parser.add_argument("--only", choices=WAYS, help=argparse.SUPPRESS)  # one measurement in a process of its own
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(WAYS[arguments.only](arguments.companies[0])))
        return
    results: dict[str, Any] = {"machine": machine()}
    for way, share in (("names", 1), ("places", PLACES_SHARE)):
        done = []
        for number in sorted(arguments.companies):
            command = [sys.executable, "-m", "bench.names", str(number // share), "--only", way]
            done.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))
            print(json.dumps(done[-1], indent=2))
        growth = exponent([(number, one["seconds"]) for number, one in zip(sorted(arguments.companies), done, strict=True)])
        print(f"growth exponent of {way}: {growth}")
        results[way] = {"sizes": done, "exponent": growth}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
