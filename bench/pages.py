"""Write what was measured into the pages: ``python -m bench.pages``, which ``make bench`` ends with.

Each part of a page of ``docs`` between ``<!-- bench:name -->`` and ``<!-- /bench:name -->`` is made from ``bench/results``; a
test fails if a page says anything else. What was not measured is a dash.
"""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import accuracy
from bench.compare.report import peers
from bench.scale import exponent
from bench.tables import table

PAGES = [Path(__file__).parents[1] / "docs" / name for name in ("performance.md", "scale.md", "matching.md", "method.md")]
RESULTS = Path(__file__).parent / "results"

#: Prices, a core-hour and a gigabyte for a month, in US dollars.
CORE_HOUR, GIGABYTE_MONTH = 0.05, 0.023
#: OpenAlex: works, authorships of each, and bytes of JSON; registries: firms, and gigabytes; deals of a large build.
WORKS, AUTHORSHIPS, JSON_BYTES, FIRMS, FIRM_GIGABYTES, DEALS = 250e6, 4, 1.6e12, 200e6, 100, 1e9
#: Measured once, on 25,000 made-up works of 4.2 kB: bytes of JSON that DuckDB reads in a core-second; and bytes of a landed deal.
JSON_RATE, LANDED_BYTES, BUILT_BYTES = 242e6, 68, 320

Results = dict[str, Any]


def _million(number: int) -> str:
    return f"{number / 1e6:g} million"


def _growth(points: dict[int, float]) -> str:
    return f"{exponent(list(points.items())):.2f}" if len(points) > 1 else "–"


def _sizes(scale: Results) -> dict[int, Results]:
    return {int(size): done for size, done in sorted(scale["sizes"].items(), key=lambda entry: int(entry[0]))}


def _largest(scale: Results) -> tuple[int, Results]:
    return max(_sizes(scale).items())


def machine(scale: Results) -> str:
    """Return on what, and how busy it was."""
    facts = _largest(scale)[1]["machine"]
    load = "; ".join(f"{_loads(done)} before {_million(size)}" for size, done in _sizes(scale).items())
    return (
        f"Measured on an {facts['cpu']} with {facts['cores']} cores, DuckDB {facts['duckdb']} and Python {facts['python']},\n"
        f"at a load of {load}. A run before makes up to 2 of it; the rest is other work,\n"
        "which lengthens seconds, and CPU seconds less."
    )


def _loads(done: Results) -> str:
    """Return the load before the ways of one size, the least and the most."""
    loads = [way["load_before"] for name, way in done.items() if name != "machine"]
    least, most = (f"{load:.1f}" for load in (min(loads), max(loads)))
    return least if least == most else f"{least} to {most}"


def models(scale: Results) -> str:
    """Return the table of every way at every size, but for those on servers."""
    sizes = _sizes(scale)
    ways = {
        "models": "models",
        "words": "deals and origins in words, at a release",
        "by_hand": "by hand",
        "limit": "limit by operations",
        "polars": "flows of the source alone, by polars streaming",
    }
    measures = {
        "seconds": ("seconds", "{:.1f}"),
        "cpu_seconds": ("CPU seconds", "{:.0f}"),
        "peak_gb": ("peak memory, GB", "{:.2f}"),
        "runs": ("runs", "{}"),
    }
    rows = []
    for way, name in ways.items():
        for measure, (unit, form) in measures.items():
            values = {size: done[way][measure] for size, done in sizes.items() if measure in done.get(way, {})}
            if values:
                cells = [form.format(values[size]) if size in values else "–" for size in sizes]
                rows.append([f"{name}, {unit}", *cells, _growth(values) if "seconds" in measure else ""])
    for measure, unit in (("seconds", "seconds"), ("cpu_seconds", "CPU seconds")):
        for name, above, below in (("models / by hand", "models", "by_hand"), ("limit / models", "limit", "models")):
            are_both = [measure in done.get(above, {}) and measure in done.get(below, {}) for done in sizes.values()]
            ratios = [
                f"{done[above][measure] / done[below][measure]:.2f}" if both else "–"
                for done, both in zip(sizes.values(), are_both, strict=True)
            ]
            if any(are_both):
                rows.append([f"{name}, {unit}", *ratios, ""])
    return table(["", *(f"{_million(size)} deals" for size in sizes), "growth exponent"], rows)


def engines(scale: Results) -> str:
    """Return what the models took in DuckDB and on servers, at each size at which a server built them."""
    ways = {
        "models": "DuckDB",
        "sail": "Sail in the process of the client",
        "cluster": "Sail, two workers",
        "spark": "Spark, two executors",
    }
    measures = {
        "seconds": ("seconds", "{:,.0f}"),
        "cpu_seconds": ("CPU seconds", "{:,.0f}"),
        "peak_gb": ("peak memory, GB", "{:.1f}"),
        "client_cpu_seconds": ("client's CPU seconds", "{:.0f}"),
        "client_peak_gb": ("client's peak memory, GB", "{:.1f}"),
        "shuffled_gb": ("shuffled, GB", "{:.2f}"),
        "fetched_gb": ("of that from the other process, GB", "{:.2f}"),
        "spilled_memory_gb": ("spilled, as held in memory, GB", "{:.2f}"),
        "spilled_disk_gb": ("spilled, as written to disk, GB", "{:.2f}"),
        "runs": ("runs", "{}"),
        "load_before": ("load before", "{:.1f}"),
    }
    served = {size: done for size, done in _sizes(scale).items() if {"sail", "cluster", "spark"} & done.keys()}
    columns = [(size, way, done[way]) for size, done in served.items() for way in ways if way in done]
    rows = [
        [name, *(form.format(done[measure]) if measure in done else _untold(way, measure) for _, way, done in columns)]
        for measure, (name, form) in measures.items()
    ]
    return table(["", *(f"{ways[way]}, {_million(size)}" for size, way, _ in columns)], rows)


def _untold(way: str, measure: str) -> str:
    """Return what stands for a measure that a way does not give: Sail shuffles and may spill, and says nothing of it."""
    is_told = measure.startswith("client") or way == "models"
    return "–" if is_told else "not told"


def costly(scale: Results) -> str:
    """Return the ten models that cost most at the largest size."""
    sizes = _sizes(scale)
    size, largest = _largest(scale)
    by_model = sorted(largest["models"]["by_model"].items(), key=lambda entry: -entry[1])[:10]
    rows = largest["models"]["rows"]
    cells = [
        [
            f"`{model}`",
            f"{rows[model]:,}" if model in rows else "–",  # a view has none
            *(f"{done['models']['by_model'][model]:.1f}" for done in sizes.values()),
        ]
        for model, _ in by_model
    ]
    return table(["model", f"rows at {_million(size)}", *(f"seconds at {_million(each)}" for each in sizes)], cells)


def operations(scale: Results) -> str:
    """Return the operations that cannot be left out, at each size at which they were timed."""
    timed = {size: done["limit"]["by_operation"] for size, done in _sizes(scale).items() if "limit" in done}
    rows = [[name, *(f"{seconds[name]:.1f}" for seconds in timed.values())] for name in timed[max(timed)]]
    return table(["operation", *(f"seconds at {_million(size)}" for size in timed)], rows)


def names(found: Results) -> str:
    """Return how the resolution of names grows."""
    sizes = found["names"]["sizes"]
    rows = [
        ["mentions", *(f"{size['mentions']:,}" for size in sizes), ""],
        ["CPU seconds", *(f"{size['cpu_seconds']:.0f}" for size in sizes), f"{found['names']['exponent']:.2f}"],
        ["peak memory", *(f"{size['peak_gb']:.2f} GB" for size in sizes), ""],
        ["bytes a mention", *(f"{size['peak_gb'] * 1e9 / size['mentions']:,.0f}" for size in sizes), ""],
        ["joined wrongly, of all joined", *(_wrong(size) for size in sizes), ""],
        *(
            [words, *(f"{size[count] / size['duplicates']:.1%}" for size in sizes), ""]
            for words, count in (("duplicates found", "duplicates_found"), ("duplicates that fit one company alone", "findable"))
        ),
    ]
    return table(["", *(f"{size['companies']:,} companies" for size in sizes), "growth exponent"], rows)


def names_on_servers(found: Results) -> str:
    """Return what names took in DuckDB and on a server, at each size at which a server compared them."""
    measures = {
        "cpu_seconds": ("CPU seconds", "{:,.0f}"),
        "peak_gb": ("peak memory, GB", "{:.1f}"),
        "client_cpu_seconds": ("client's CPU seconds", "{:,.0f}"),
        "client_peak_gb": ("client's peak memory, GB", "{:.1f}"),
    }
    ways = {"names": "DuckDB", "cluster": "Sail, two workers"}
    served = [size["companies"] for size in found["cluster"]["sizes"]]
    columns = sorted(
        ((size["companies"], way, size) for way in ways for size in found[way]["sizes"] if size["companies"] in served),
        key=lambda column: column[0],
    )
    rows = [
        [name, *(form.format(size[measure]) if measure in size else "–" for *_, size in columns)]
        for measure, (name, form) in measures.items()
    ]
    return table(["", *(f"{ways[way]}, {companies:,} companies" for companies, way, _ in columns)], rows)


def _wrong(size: Results) -> str:
    if "joined_wrongly" not in size:
        return "–"
    return f"{size['joined_wrongly'] / (size['joined_wrongly'] + size['duplicates_found']):.1%}"


def pairs(found: Results) -> str:
    """Return the pairs that each part of a name gives."""
    sizes = found["names"]["sizes"]
    keys = sorted(sizes[-1]["pairs_by_key"], key=lambda key: -sizes[-1]["pairs_by_key"][key])
    rows = [[key, *(f"{size['pairs_by_key'][key]:,}" for size in sizes)] for key in keys]
    return table(["part of a name", *(f"{size['companies']:,} companies" for size in sizes)], rows)


def places(found: Results) -> str:
    """Return how the resolution of places grows."""
    first, last = (found["places"]["sizes"][index] for index in (0, -1))
    return (
        "Places, the towns of the gazetteer in seven spellings: "
        f"{first['places']:,} distinct ones took {first['cpu_seconds']} CPU seconds, {last['places']:,} took\n"
        f"{last['cpu_seconds']} ({last['peak_gb']:.2f} GB; exponent {found['places']['exponent']:.2f})."
    )


def world(scale: Results, found: Results) -> str:
    """Return what was measured, and what the whole world would cost at these rates."""
    size, largest = _largest(scale)
    rate = size / largest["models"]["cpu_seconds"]
    on_spark, done = max((size, done) for size, done in _sizes(scale).items() if "spark" in done)
    slower = done["spark"]["cpu_seconds"] / done["models"]["cpu_seconds"]
    last, growth = found["names"]["sizes"][-1], found["names"]["exponent"]
    cost = f"{last['cpu_seconds']:.0f} CPU seconds, {last['peak_gb']:.1f} GB; time grows with exponent {growth}"
    measured = {
        f"models, {_million(size)} deals": f"{rate:,.0f} deals a core-second, with two investors each",
        f"models on Spark, {_million(on_spark)} deals": f"{slower:.1f} times the CPU seconds of DuckDB",
        f"names, {_million(last['companies'])} companies": f"{last['mentions']:,} mentions in {cost}",
        "JSON of works in DuckDB, 25,000 made-up ones of 4.2 kB": f"{JSON_RATE / 1e6:.0f} MB of JSON a core-second",
        "bytes of a deal": f"{LANDED_BYTES} landed, {BUILT_BYTES} in `core` and `marts`",
    }
    firms = FIRMS / last["companies"]
    jobs = [
        ("OpenAlex: read", f"{_million(int(WORKS))} works", "330 GB packed, 1.6 TB of JSON", JSON_BYTES / JSON_RATE),
        ("OpenAlex: models", "1 billion authorships", "5 million rows come back", WORKS * AUTHORSHIPS / (2 * rate)),
        ("registries: names", f"{_million(int(FIRMS))} firms", f"{FIRM_GIGABYTES} GB", last["cpu_seconds"] * firms**growth),
        ("deals: far more than there are", "1 billion", f"{LANDED_BYTES} GB landed, {BUILT_BYTES} GB built", DEALS / rate),
    ]
    served = found["cluster"]["sizes"][-1]
    alone, client = (
        f"{gigabytes:.1f} GB × {FIRMS / companies:.0f} = {gigabytes * FIRMS / companies / 1e3:.2f} TB"
        for gigabytes, companies in ((last["peak_gb"], last["companies"]), (served["client_peak_gb"], served["companies"]))
    )
    return (
        f"{table(['measured here', ''], measured.items())}\n\n{_costs(jobs, slower)}\n"
        f"Memory is the limit, not money: the names of {_million(int(FIRMS))} firms would take {alone} in one process,\n"
        f"and {client} in the client where a server compares them."
    )


def _costs(jobs: Sequence[tuple[str, str, str, float]], slower: float) -> str:
    """Return the jobs, each with its rows, bytes and core-seconds, and what they take and cost where all takes longer."""
    money = CORE_HOUR * slower / 3600
    rows = [[name, rows, size, f"{work / 3600:.1f}", f"${work * money:.2f}"] for name, rows, size, work in jobs]
    hours = sum(work for *_, work in jobs) / 3600
    there = hours * slower
    kept = 330 + FIRM_GIGABYTES + LANDED_BYTES + BUILT_BYTES
    return (
        table(["", "rows", "bytes", "core-hours here", "and money, as on Spark"], rows)
        + f"\n\nA build of everything therefore takes {hours:.0f} core-hours as measured, or {there:.0f} as on Spark.\n"
        f"That costs ${there * CORE_HOUR:.0f}, and takes {there / 64:.1f} hours on 64 cores if everything runs side by side.\n"
        f"Keeping 330 + {FIRM_GIGABYTES} + {LANDED_BYTES} + {BUILT_BYTES} GB costs ${kept * GIGABYTE_MONTH:.0f} a month."
    )


#: Part of a page → what makes it, and the results that it is made from.
PARTS: dict[str, tuple[Callable[..., str], tuple[str, ...]]] = {
    **{part.__name__: (part, ("scale",)) for part in (machine, models, engines, costly, operations)},
    **{part.__name__: (part, ("names",)) for part in (names, names_on_servers, pairs, places)},
    "world": (world, ("scale", "names")),
    "company_names": (accuracy.company_names, ("pairs",)),
    "febrl": (accuracy.febrl, ("febrl",)),
    "held_out": (accuracy.held_out, ("held_out",)),
    "unseen": (accuracy.unseen, ("unseen",)),
    "peers": (peers, ("compare",)),
}


def render(text: str) -> str:
    """Return the text of a page with every marked part made anew from the results."""

    def made(match: re.Match[str]) -> str:
        part, files = PARTS[match[1]]
        results = (json.loads((RESULTS / f"{name}.json").read_text("utf-8")) for name in files)
        return f"<!-- bench:{match[1]} -->\n{part(*results)}\n<!-- /bench:{match[1]} -->"

    return re.sub(r"<!-- bench:(\w+) -->\n.*?<!-- /bench:\1 -->", made, text, flags=re.DOTALL)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(render(page.read_text("utf-8")), "utf-8")
