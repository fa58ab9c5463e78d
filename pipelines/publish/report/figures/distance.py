"""Figures on the distance to the benchmark: how many times less, how many years behind, and in which pillar."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.wording import listed, of_benchmark


def distance(rows: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame) -> Figure:
    """Return how far each city is from the benchmark by Readiness.

    Args:
        rows: city, year, score, benchmark_score, times_less, times_less_low, times_less_high, years_behind, years_low,
            years_high, record_from, how, by rank.
        leading: city of those that the chart shows, by rank.
        benchmark: benchmark, in one row.
    """
    name, first = benchmark["benchmark"][0], rows.row(0, named=True)
    part = of_benchmark(first["times_less"])
    much = f"{part} of what" if "/" in part else "about what" if part == "1" else f"{part} what"
    says = f"By Readiness {first['city']} has {much} the {name} has in {first['year']}"
    behind = {
        "within the record": f", where the {name} stood {first['years_behind'] or 0:.0f} years before.",
        "beyond the record": f"; the {name} has had more since {first['record_from']} at least.",
        "level or ahead": f", so it is level with the {name} or ahead.",
    }
    cities = leading["city"].to_list()
    drawn = rows.filter(pl.col("city").is_in(cities)).select("city", "times_less", "times_less_low", "times_less_high")
    return Figure(
        says + behind[first["how"]],
        rows.drop("year"),
        [
            Column("city", "city"),
            Column("score", "score", 1),
            Column("benchmark_score", name, 1),
            Column("times_less", "times less", 1),
            Column("times_less_low", "90% from", 1),
            Column("times_less_high", "to", 1),
            Column("years_behind", "years behind", 1),
            Column("years_low", "90% from", 1),
            Column("years_high", "to", 1),
            Column("how", "years behind: how"),
        ],
        _times_less(drawn, cities),
        f"How many times less the city has than the {name} in the same year, with 90% intervals; left of the line it has more. "
        f"Years behind, in the table: how long ago the {name} stood where the city stands. Dash: beyond the record, which begins "
        f"in {first['record_from']}.",
    )


def _times_less(rows: pl.DataFrame, cities: list[str]) -> Spec:
    scale = {"type": "log", "nice": False, "padding": 12}
    low = quantitative(
        "times_less_low", title="times less than the benchmark", scale=scale, axis={"tickCount": 5, "format": "~g"}
    )
    encoding = {
        "y": nominal("city", sort=cities, title=None, axis=vega.BARE),
        "tooltip": [nominal("city"), *vega.formatted(".1f", "times_less", "times_less_low", "times_less_high")],
    }
    marks = [
        layer("rule", {"x": low, "x2": {"field": "times_less_high"}}, size=4, color=vega.BLUE, opacity=0.5),
        layer("point", {"x": quantitative("times_less")}, size=60, filled=True, opacity=1, color=vega.BLUE),
    ]
    points = vega.data(rows) | {"encoding": encoding, "layer": marks}
    return {"layer": [vega.reference_line("x", 1.0), points], "width": "container", "height": 22 * len(cities)}


def pillars(scores: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame) -> Figure:
    """Return the scores by pillar against the benchmark.

    Args:
        scores: pillar, city, score, low, high, benchmark_score, times_less, years_behind, how, is_realised.
        leading: city of those that the chart shows, by rank.
        benchmark: benchmark and base_year, in one row.
    """
    name, cities = benchmark["benchmark"][0], leading["city"].to_list()
    of_readiness = scores.filter(~pl.col("is_realised"))
    best = of_readiness.sort("score", descending=True).group_by("pillar").first()
    leads = best.filter(pl.col("city") == cities[0])["pillar"].to_list()
    behind = set(best.filter(pl.col("score").round(0) < pl.col("benchmark_score").round(0))["pillar"])
    says = f"{cities[0]} scores highest in {len(leads)} of {best.height} pillars."
    if behind:
        in_order = of_readiness["pillar"].unique(maintain_order=True).to_list()
        says += f" No city reaches the {name} in {listed([pillar for pillar in in_order if pillar in behind])}."
    return Figure(
        says,
        scores,
        [
            Column("pillar", "pillar"),
            Column("city", "city"),
            Column("score", "score", 1),
            Column("low", "90% from", 1),
            Column("high", "to", 1),
            Column("benchmark_score", name, 1),
            Column("times_less", "times less", 1),
            Column("years_behind", "years behind", 1),
            Column("how", "years behind: how"),
        ],
        _pillar_bars(
            scores.filter(pl.col("city").is_in(cities)).select("pillar", "city", "score", "low", "high", "benchmark_score"),
            cities,
            name,
        ),
        f"Bar: score. Line through it: its 90% interval. Upright mark: the {name} in the same year. 100 is the {name} in "
        f"{benchmark['base_year'][0]} (for universities and graduates: the city that has most); ten points less is half as much.",
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
