"""Figures on the distance to the benchmark: by pillar, and beside what lists count of both."""

from typing import Any

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.texts import say
from pipelines.publish.wording import list_name, listed, times


def pillars(scores: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame) -> Figure:
    """Return the scores by pillar against the benchmark.

    ``scores``: pillar, city, score, low, high, benchmark_score, times_less and years_behind with their ends, how, is_realised,
    and n_sources that count both city and benchmark in the last period, which begins in ``since``.
    """
    name, cities = benchmark["benchmark"][0], leading["city"].to_list()
    return Figure(
        # Where the benchmark is ranked too, it is not compared with itself.
        _extremes(scores, next((city for city in cities if city != name), name), name),
        scores,
        [
            Column("pillar", "pillar"),
            Column("city", "city"),
            Column("score", "score", 1),
            *interval(digits=1),
            Column("benchmark_score", name, 1),
            Column("times_less", "the Bay Area has … times as much", 1),
            *interval("times_less"),
            Column("years_behind", "years behind", 1),
            *interval("years", 1),
            Column("how", "years behind: how"),
        ],
        _pillar_bars(
            scores.filter(pl.col("city").is_in(cities)).select("pillar", "city", "score", "low", "high", "benchmark_score"),
            cities,
            name,
        ),
        say(
            "Bar: score. Line through it: its 90% interval. Upright mark: the {benchmark} in the same year, where both are "
            "compared. 100 is the {benchmark} in {year}, or the city that has most of what is not counted there; ten points less "
            "is half as much. Venture deals are numbers of deals, not money.",
            benchmark=name,
            year=benchmark["base_year"][0],
        ),
    )


def counted_beside(rows: pl.DataFrame) -> Figure:
    """Return what lists count of the leading city and of the benchmark, beside the estimate.

    ``rows``: pillar, name of the indicator, list, is_report, year_from, year_to, city, n, benchmark, benchmark_n, times and
    times_estimated (how many times as much the benchmark has), in the order of the indicators.
    """
    names = {"city": rows["city"][0], "benchmark": rows["benchmark"][0]}
    parts = [
        say(text, more=counts.filter(pl.col("times") > 1).height, number=counts.height, **names)
        for text, counts in ((_OF_LISTS, rows.filter(~pl.col("is_report"))), (_OF_REPORTS, rows.filter("is_report")))
        if counts.height
    ]
    estimated = rows.unique("name").drop_nulls("times_estimated")
    more = estimated.filter(pl.col("times_estimated") > 1).height
    parts.append(say(_ESTIMATED, more=more, number=estimated.height, **names))
    return Figure(
        " ".join(parts),
        rows,
        [
            Column("name", "counts"),
            Column("list", "list"),
            Column("year_from", "from year"),
            Column("year_to", "to year"),
            Column("n", names["city"], 0),
            Column("benchmark_n", names["benchmark"], 0),
            Column("times", "the Bay Area has … times as much", 2),
            Column("times_estimated", "estimated", 2),
        ],
        _beside(
            vega.each(rows, list_name, "list").select("name", "list", "n", "benchmark_n", "times", "times_estimated", "is_report")
        ),
        say(_HOW_COUNTED, **names),
    )


_OF_LISTS = "The {benchmark} is ahead of {city} in {more} of {number} counts by sources."
_OF_REPORTS = "By reports it is ahead in {more} of {number}."
_ESTIMATED = "By the estimate it is ahead in {more} of {number} indicators."
_HOW_COUNTED = (
    "Dot: how many times as much of the {benchmark} as of {city} one list counts, a ring if it is a report. Bar: the estimate, "
    "which allows for how closely each list looks at either country: where one list alone counts both, as it was seen to look "
    "where others count too. How sure it is stands above, by pillar."
)


#: Multiples on an axis.
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def _beside(rows: pl.DataFrame) -> Spec:
    scale, axis = {"type": "log", "nice": False, "padding": 12}, {"values": _TICKS, "format": "~g"}
    encoding = {
        "y": vega.down("name", rows["name"].unique(maintain_order=True).to_list(), labelLimit=200),
        "tooltip": [
            nominal("name", title="counts"),
            nominal("list"),
            quantitative("n", title="number it counts"),
            *vega.formatted(".2f", "times", "times_estimated"),
        ],
    }
    layers = [
        layer(
            "tick",
            {"x": quantitative("times_estimated", title="times as much", scale=scale, axis=axis)},
            color=vega.ORANGE,
            thickness=3,
            size=17,
            opacity=1,
        ),
        layer(
            "point",
            {
                "x": quantitative("times", title="times as much", scale=scale, axis=axis),
                "fill": {"condition": {"test": "datum.is_report", "value": "transparent"}, "value": vega.BLUE},
            },
            size=70,
            stroke=vega.BLUE,
            opacity=0.9,
        ),
    ]
    counts = vega.data(rows) | {"encoding": encoding, "layer": layers}
    return {"layer": [vega.reference_line("x", 1.0), counts], "width": "container", "height": 24 * rows["name"].n_unique()}


def _pillar_bars(rows: pl.DataFrame, order: list[str], benchmark: str) -> Spec:
    encoding = {
        "y": vega.down("city", order),
        "tooltip": [
            nominal("pillar"),
            nominal("city"),
            *vega.formatted(".1f", "score", "low", "high"),
            quantitative("benchmark_score", format=".1f", title=benchmark),
        ],
    }
    score = quantitative("score", title=None, axis={"values": [0, 50, 100]})
    layers = [
        layer("bar", {"x": score}, color=vega.BLUE, opacity=0.55, height={"band": 0.6}),
        layer("rule", {"x": quantitative("low"), "x2": {"field": "high"}}, color=vega.TEXT, size=1.5),
        layer("tick", {"x": quantitative("benchmark_score")}, color=vega.ORANGE, thickness=3, size=17, opacity=1),
    ]
    facet = nominal("pillar", sort=rows["pillar"].unique(maintain_order=True).to_list())
    return vega.faceted(rows, facet, encoding, layers, 3, least=190, margin=90, height=17 * len(order))


def _extremes(scores: pl.DataFrame, city: str, benchmark: str) -> str:
    """Return in which pillars of Readiness the city is ahead, level or behind as far as that is known, and by how many lists."""
    of_leader = scores.filter(~pl.col("is_realised") & (pl.col("city") == city)).drop_nulls("times_less")
    if of_leader.is_empty():
        return say("How far {city} is in each pillar is not known.", city=city)
    rows = of_leader.sort(pl.col("times_less").log().abs()).to_dicts()
    nearest, farthest = rows[0], max(rows, key=lambda row: row["times_less"])
    names = {"city": city, "benchmark": benchmark}
    parts = [say(_NEAREST, pillar=nearest["pillar"], **_multiple(nearest), **names)]
    if farthest is not nearest:
        parts.append(say(_FARTHEST, pillar=farthest["pillar"], **_multiple(farthest), **names))
    open_ones = [row["pillar"] for row in rows if row["times_less_low"] < 1 < row["times_less_high"]]
    if open_ones:
        parts.append(
            say(_NONE_KNOWN if len(open_ones) == len(rows) else _SOME_KNOWN, pillars=listed(open_ones), number=len(rows))
        )
    ahead = [row["pillar"] for row in rows if row["times_less_high"] <= 1]
    if ahead:
        parts.append(say("{city} is ahead in {pillars}.", pillars=listed(ahead), city=city))
    alone = [row["pillar"] for row in rows if row["n_sources"] == 1]
    if alone and rows[0]["since"]:
        parts.append(say(_ONE_SOURCE, pillars=listed(alone), year=rows[0]["since"]))
    return " ".join(parts)


def _multiple(row: dict[str, Any]) -> dict[str, str]:
    """Return how many times as much as the city the benchmark has in a pillar, with its interval."""
    ends = {"times": "times_less", "low": "times_less_low", "high": "times_less_high"}
    return {name: times(row[column]) for name, column in ends.items()}


_NEAREST = "{city} and the {benchmark} are closest in {pillar}, where the {benchmark} has {times} ({low}–{high}) times as much."
_FARTHEST = "{city} is farthest behind in {pillar}, where the {benchmark} has {times} ({low}–{high}) times as much."
_NONE_KNOWN = "In none of the {number} pillars that both have is it known which has more: every interval has 1 inside."
_SOME_KNOWN = "In {pillars} it is not known which has more."
_ONE_SOURCE = (
    "Of what lists count from {year} on, only one source counts both in {pillars}: a fall there may only mean that it collected "
    "less."
)
