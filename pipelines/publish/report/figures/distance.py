"""The figure on the distance to the benchmark by pillar."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.texts import say
from pipelines.publish.wording import share_of_benchmark


def pillars(scores: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame) -> Figure:
    """Return the scores by pillar against the benchmark.

    Args:
        scores: pillar, city, score, low, high, benchmark_score, times_less, years_behind, how, is_realised.
        leading: city of those that the chart shows, by rank.
        benchmark: benchmark and base_year, in one row.
    """
    name, cities = benchmark["benchmark"][0], leading["city"].to_list()
    return Figure(
        _extremes(scores, cities[0], name),
        scores,
        [
            Column("pillar", "pillar"),
            Column("city", "city"),
            Column("score", "score", 1),
            Column("low", "90% from", 1),
            Column("high", "to", 1),
            Column("benchmark_score", name, 1),
            Column("times_less", "the Bay Area has … times as much", 1),
            Column("years_behind", "years behind", 1),
            Column("how", "years behind: how"),
        ],
        _pillar_bars(
            scores.filter(pl.col("city").is_in(cities)).select("pillar", "city", "score", "low", "high", "benchmark_score"),
            cities,
            name,
        ),
        say(
            "Bar: score. Line through it: its 90% interval. Upright mark: the {benchmark} in the same year. 100 is the "
            "{benchmark} in {year} (for universities, graduates and residents from other provinces: the city that has most); "
            "ten points less is half as much. Venture deals are numbers of deals, not money.",
            benchmark=name,
            year=benchmark["base_year"][0],
        ),
    )


def _pillar_bars(rows: pl.DataFrame, order: list[str], benchmark: str) -> Spec:
    encoding = {
        "y": nominal("city", sort=order, title=None, axis=vega.BARE),
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
    """Return in which pillars of Readiness the city comes closest to the benchmark, and is farthest away."""
    of_leader = scores.filter(~pl.col("is_realised") & (pl.col("city") == city)).drop_nulls("times_less").sort("times_less")
    if of_leader.is_empty():
        return say("How far {city} is in each pillar is not known.", city=city)
    nearest, farthest = of_leader.row(0, named=True), of_leader.row(-1, named=True)
    return say(
        "{city} comes closest in {nearest}, with {near_share} what the {benchmark} has, and is farthest away in {farthest}, with "
        "{far_share} it.",
        city=city,
        nearest=nearest["pillar"],
        near_share=share_of_benchmark(nearest["times_less"]),
        farthest=farthest["pillar"],
        far_share=share_of_benchmark(farthest["times_less"]),
        benchmark=benchmark,
    )
