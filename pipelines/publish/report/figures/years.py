"""Figures on how ranks and scores developed, and how far each pillar is from the benchmark."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure, listed
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative

#: Cities that the chart of scores shows beside the benchmark.
_SHOWN = 3


def _with_runs(rows: pl.DataFrame) -> pl.DataFrame:
    """Number the runs of each city's years: a run ends where a year is missing or the number of indicators changes."""
    breaks = (pl.col("year").diff() > 1).fill_null(False) | (pl.col("n_indicators").diff() != 0).fill_null(False)
    run = breaks.over("city").cast(pl.Int64).cum_sum().over("city").alias("run")
    return rows.sort("city", "year").with_columns(run)


def rank_years(scores: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return the ranks over the years.

    Args:
        scores: city, year, rank, rank_low, rank_high, n_ranked (cities with a rank in the year), n_indicators.
        leading: city of those that the chart shows, by rank.
    """
    ranked = scores.drop_nulls("rank").rename({"rank_low": "low", "rank_high": "high"})
    rows = _with_runs(ranked.select("city", "year", "rank", "low", "high", "n_ranked", "n_indicators"))
    years = rows["year"].unique().to_list()
    firsts = rows.filter(pl.col("rank") == 1).group_by("city").len().sort("len", "city", descending=[True, False])
    contenders = rows.filter(pl.col("low") == 1).group_by("year").len()
    alone = contenders.filter(pl.col("len") == 1).height
    says = (
        f"{firsts['city'][0]} ranks first in {firsts['len'][0]} of the {len(years)} years from {min(years)} to {max(years)}; "
        f"in {alone} of them no other interval includes first place."
    )
    shown = leading["city"].to_list()
    return Figure(
        says,
        rows,
        [
            Column("city", "city"),
            Column("year", "year"),
            Column("rank", "rank", 0),
            Column("low", "best", 0),
            Column("high", "worst", 0),
            Column("n_ranked", "cities with a rank"),
            Column("n_indicators", "indicators"),
        ],
        _rank_ribbons(rows.filter(pl.col("city").is_in(shown)).drop("n_indicators"), shown),
        "Bar: 90% of all draws. Tick: the last rank of that year; a good rank is easier among fewer cities. A line breaks where "
        "the city's data change: in a year without enough of them, or with another number of indicators.",
    )


def _rank_ribbons(rows: pl.DataFrame, order: list[str]) -> Spec:
    last = int(rows["n_ranked"].max())  # type: ignore[arg-type]
    scale = {"domain": [last + 0.5, 0.5], "nice": False}
    axis = {"format": "d", "tickCount": 4, "grid": False}
    encoding = {
        "x": quantitative("year", title=None, axis=axis, scale={"nice": False, "zero": False, "padding": 6}),
        "tooltip": [
            nominal("city"),
            *map(quantitative, ("year", "rank", "low", "high")),
            quantitative("n_ranked", title="cities with a rank"),
        ],
    }
    low = quantitative("low", scale=scale, title=None, axis={"values": [1, 3, 5, 7, 9, 11], "format": "d"})
    point = {"size": 18, "color": vega.BLUE}
    layers = [
        layer(
            "tick", {"y": quantitative("n_ranked", scale=scale, title=None)},
            color=vega.QUIET, thickness=1, size=5, orient="horizontal",
        ),
        layer("rule", {"y": low, "y2": {"field": "high"}}, color=vega.BLUE, opacity=0.35, size=4),
        layer("line", {"y": quantitative("rank"), "detail": nominal("run")}, color=vega.BLUE, size=2, point=point),
    ]  # fmt: skip
    return vega.faceted(rows, nominal("city", sort=order), encoding, layers, 4, least=130, margin=40, height=110)


def score_years(scores: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame) -> Figure:
    """Return the scores over the years of the first cities and the benchmark.

    Args:
        scores: city, year, score, score_low, score_high, n_indicators.
        leading: city, by rank.
        benchmark: benchmark, in one row.
    """
    name = benchmark["benchmark"][0]
    scored = scores.drop_nulls("score").rename({"score_low": "low", "score_high": "high"})
    rows = _with_runs(scored.select("city", "year", "score", "low", "high", "n_indicators"))
    shown = [city for city in leading["city"].to_list() if city != name][:_SHOWN]
    last = rows.filter(pl.col("year") == pl.col("year").max())
    score_of = dict(last.select("city", "score").iter_rows())
    says = f"In {last['year'][0]}, {shown[0]} scores {score_of[shown[0]]:.0f}" + (
        f" and the {name} {score_of[name]:.0f}." if name in score_of else "."
    )
    return Figure(
        says,
        rows,
        [
            Column("city", "city"),
            Column("year", "year"),
            Column("score", "Readiness", 1),
            Column("low", "90% from", 1),
            Column("high", "to", 1),
            Column("n_indicators", "indicators"),
        ],
        _score_lines(rows.filter(pl.col("city").is_in([*shown, name])).drop("n_indicators"), shown, name),
        "Band: 90% of resampled companies. Gaps: years without enough data, or with another number of indicators. Every year is "
        "computed by the same method. Offices without an opening year count in every year, which flatters the services pillar in "
        "the early years.",
    )


def _score_lines(rows: pl.DataFrame, cities: list[str], benchmark: str) -> Spec:
    everyone = [*cities, benchmark]
    colours = {"domain": everyone, "range": [*vega.COLOURS[: len(cities)], vega.GREY]}
    dashes = {"domain": everyone, "range": [*vega.DASHES[: len(cities)], vega.DASHES[-1]]}
    legend = {"columns": 2, "symbolType": "stroke", "symbolSize": 500}
    axis = {"format": "d", "tickCount": 6, "grid": False}
    encoding = {
        "x": quantitative("year", title=None, axis=axis, scale={"nice": False}),
        "color": nominal("city", sort=everyone, scale=colours, legend=legend),
        "detail": nominal("run"),
        "tooltip": [nominal("city"), quantitative("year"), *vega.formatted(".1f", "score", "low", "high")],
    }
    low = quantitative("low", title="Readiness", scale={"domain": [0, 100]})
    dash = nominal("city", sort=everyone, scale=dashes)
    layers = [
        layer("area", {"y": low, "y2": {"field": "high"}}, opacity=0.15),
        layer("line", {"y": quantitative("score"), "strokeDash": dash}, size=2.5, point={"size": 22}),
    ]
    return vega.layered(rows, encoding, layers, 300)


def pillars(scores: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame) -> Figure:
    """Return the scores by pillar against the benchmark.

    Args:
        scores: pillar, city, score, low, high, benchmark_score, gap, years_behind, how, is_realised.
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
            Column("gap", "gap", 1),
            Column("years_behind", "years behind", 1),
            Column("how", "years behind: how"),
        ],
        _pillar_bars(
            scores.filter(pl.col("city").is_in(cities)).select("pillar", "city", "score", "low", "high", "benchmark_score"),
            cities,
            name,
        ),
        f"Bar: score. Line through it: 90% of resampled companies. Upright mark: the {name} in the same year. 100 is the "
        f"goalpost: for most indicators the value of the {name} in {benchmark['base_year'][0]}.",
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
    score = quantitative("score", title=None, scale={"domain": [0, 100]}, axis={"tickCount": 3})
    layers = [
        layer("bar", {"x": score}, color=vega.BLUE, opacity=0.55, height={"band": 0.6}),
        layer("rule", {"x": quantitative("low"), "x2": {"field": "high"}}, color=vega.TEXT, size=1.5),
        layer("tick", {"x": quantitative("benchmark_score")}, color=vega.ORANGE, thickness=3, size=17, opacity=1),
    ]
    facet = nominal("pillar", sort=rows["pillar"].unique(maintain_order=True).to_list())
    return vega.faceted(rows, facet, encoding, layers, 3, least=190, margin=90, height=17 * len(order))
