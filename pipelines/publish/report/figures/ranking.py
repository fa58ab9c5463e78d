"""Figures on how sure the ranking is: intervals of ranks, how often each city takes each rank, and other ways to rank."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.texts import say
from pipelines.publish.wording import at_least, listed

#: Cities that the chart of ranks shows.
_DRAWN = 20

_RANK_COLUMNS = [
    Column("rank", "rank"),
    Column("city", "city"),
    Column("score", "score", 1),
    *interval("score", 1),
    Column("rank_low", "best rank"),
    Column("rank_high", "worst rank"),
    Column("rank_set_low", "set from"),
    Column("rank_set_high", "set to"),
    Column("p_first", "chance of first", share=True),
    Column("p_first_low", "least by other ways", share=True),
    Column("p_first_high", "greatest", share=True),
    Column("p_top3", "chance of first three", share=True),
    Column("inferred", "indicators inferred"),
]


def ranks(ranking: pl.DataFrame) -> Figure:
    """Return the ranks with their intervals; ``ranking`` holds the first cities by rank, as ``index.scores`` has them."""
    first = ranking.filter(pl.col("rank_low") == 1)["city"].to_list()
    at_once = ranking.filter(pl.col("rank_set_low") == 1)["city"].to_list()
    says = (
        say(_FIRST if at_once == first else _FIRST_AT_ONCE, cities=listed(first), others=listed(at_once))
        if first
        else say("Who is first is open: many cities are level.")
    )
    behind = ranking.filter(pl.col("rank_low") > 1).select(pl.col("rank_high") - pl.col("rank_low") + 1).to_series()
    if behind.len():
        half = " Half of the next {all} cities could stand anywhere in a span of {width} ranks or more."
        width = int(behind.median())  # type: ignore[arg-type]
        says += say(half.replace("{width} ranks", "1 rank") if width == 1 else half, width=width, all=behind.len())
    return Figure(
        says,
        ranking,
        _RANK_COLUMNS,
        _rank_intervals(ranking.select("city", "rank", "rank_low", "rank_high", "is_inferred").head(_DRAWN)),
        "Dot: rank; hollow where half of the indicators or more are inferred, since no list counts them there. Line: its 90% "
        "interval, which covers what the lists leave open and the choices of the index: weights of pillars and of indicators, "
        "one indicator left out, where a city ends. “Set” in the table: rank sets that hold for all ranked cities at once "
        "with 90%, choices as published.",
    )


_FIRST = "By the 90% intervals, only {cities} could be first."
_FIRST_AT_ONCE = "By the 90% intervals, only {cities} could be first; with all cities judged at once, {others} could be."


def _rank_intervals(rows: pl.DataFrame) -> Spec:
    axis = vega.BARE | {"format": "d", "orient": "top", "title": "rank", "tickCount": 6}
    low = quantitative("rank_low", axis=axis, scale={"domainMin": 0.5, "nice": False, "zero": False})
    encoding = {
        "y": nominal("city", sort=rows["city"].to_list(), title=None),
        "tooltip": [nominal("city"), *map(quantitative, ("rank", "rank_low", "rank_high"))],
    }
    hollow = {"condition": {"test": "datum.is_inferred", "value": "var(--page)"}, "value": vega.TEXT}
    marks = [
        layer("rule", {"x": low, "x2": {"field": "rank_high"}}, size=4, color=vega.BLUE, opacity=0.5),
        layer("point", {"x": quantitative("rank"), "fill": hollow}, size=55, opacity=1, color=vega.TEXT),
    ]
    return vega.layered(rows, encoding, marks, 18 * rows.height)


def alternatives(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return who is first by other ways to make the score of the pillars.

    ``rows``: way, is_published, city, p_first of the cities with a chance, the published way first.
    """
    with_chance = set(rows.filter(pl.col("p_first") >= 0.005)["city"])
    cities = [city for city in leading["city"].to_list() if city in with_chance]
    ways = rows["way"].unique(maintain_order=True).to_list()
    encoding = {
        "x": vega.across("city", cities),
        "y": vega.down("way", ways, labelLimit=260),
        "tooltip": [nominal("way"), nominal("city"), *vega.formatted(".1%", "p_first")],
    }
    drawn = rows.filter(pl.col("city").is_in(cities)).select("way", "city", "p_first")
    return Figure(
        _likeliest(rows),
        rows,
        [
            Column("way", "way"),
            Column("is_published", "published"),
            Column("city", "city"),
            Column("p_first", "probability of the first rank", 3),
        ],
        vega.layered(drawn, encoding, vega.cells("p_first", 1.0), 26 * len(ways)),
        "Each line is a way to make one score of the pillars, the published one first: a mean of scores, of their logarithms, of "
        "the ratios to the benchmark or of ranks, or the weakest pillar alone; pillars weigh by reliability or all the same.",
    )


def _likeliest(rows: pl.DataFrame) -> str:
    """Return who is the likeliest first by how many of the ways; ``rows``: way, city, p_first."""
    best = rows.sort("p_first", descending=True).group_by("way", maintain_order=True).first()
    leaders = best.group_by("city").agg(pl.col("way").len().alias("ways"), pl.col("p_first").min().alias("least"))
    ordered = leaders.sort("ways", "city", descending=[True, False])
    first, rivals = ordered.row(0, named=True), ordered["city"].to_list()[1:]
    numbers = {"city": first["city"], "all": best.height}
    if rivals:
        by_some = "{city} is the likeliest first by {ways} of {all} ways to make the score; by the others it is {rivals}."
        return say(by_some, ways=first["ways"], rivals=listed(rivals), **numbers)
    by_each = "{city} is the likeliest first by each of {all} ways to make the score, with a chance of {chance}."
    return say(by_each, chance=at_least(first["least"]), **numbers)
