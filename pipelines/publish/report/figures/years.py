"""Figures on how ranks and scores developed."""

from itertools import pairwise

import polars as pl

from pipelines.index.measurement.layout import PERIODS
from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.texts import say
from pipelines.publish.wording import listed, same_in_all_years

#: Cities that the chart of scores shows.
_SHOWN = 3

#: Who ranked first, and how sure that is.
_EVERY_PERIOD = "{city} ranks first in each of the {all} periods measured from {first} to {last}"
_SOME_PERIODS = "{city} ranks first in {periods} of the {all} periods measured from {first} to {last}"
_NO_DOUBT = "; in all of them no other city could have been first."
_LITTLE_DOUBT = "; in {alone} of them no other city could have been first."
_DOUBT = "; though in each of them another city could have been first."


def rank_years(scores: pl.DataFrame, leading: pl.DataFrame, indicators: pl.DataFrame) -> Figure:
    """Return the ranks over the years.

    ``scores``: city, year, rank, rank_low, rank_high; the rank is null for the benchmark and in years without one.
    """
    ranked = scores.drop_nulls("rank").select(
        "city", "year", "rank", pl.col("rank_low").alias("low"), pl.col("rank_high").alias("high")
    )
    years = sorted(ranked["year"].unique())
    middles = _middles(years)
    told = ranked.filter(pl.col("year").is_in(middles))
    firsts = told.filter(pl.col("rank") == 1).group_by("city").len().sort("len", "city", descending=[True, False])
    contenders = told.filter(pl.col("low") == 1).group_by("year").len()
    alone = contenders.filter(pl.col("len") == 1).height
    sentence = _EVERY_PERIOD if firsts["len"][0] == len(middles) else _SOME_PERIODS
    doubt = _NO_DOUBT if alone == len(middles) else _LITTLE_DOUBT if alone else _DOUBT
    first, last = _period(middles[0]), _period(middles[-1])
    numbers = {"periods": firsts["len"][0], "all": len(middles), "first": first, "last": last}
    says = say(sentence, city=firsts["city"][0], **numbers) + say(doubt, alone=alone)
    shown = leading["city"].to_list()
    return Figure(
        says,
        ranked,
        [
            Column("city", "city"),
            Column("year", "year"),
            Column("rank", "rank", 0),
            Column("low", "best", 0),
            Column("high", "worst", 0),
        ],
        _rank_ribbons(ranked.filter(pl.col("city").is_in(shown)), shown),
        say(
            "Line: rank. Bar: its 90% interval. Only cities that are among the first forty in {year} are here. Periods of two to "
            "five years are measured: years between their middles are interpolated, and before the first and after the last they "
            "repeat.",
            year=years[-1],
        )
        + same_in_all_years(indicators.rows(named=True)),
    )


def _middles(years: list[int]) -> list[int]:
    """Return the year nearest to the middle of each period of the model; the other years are interpolated."""
    periods = [[year for year in years if start <= year < end] for start, end in pairwise(PERIODS)]
    return [
        min(inside, key=lambda year, middle=(start + PERIODS[place + 1] - 1) // 2: abs(year - middle))
        for place, (start, inside) in enumerate(zip(PERIODS, periods, strict=False))
        if inside
    ]


def _period(year: int) -> str:
    """Return the first and last year of the period of the model that a year is in."""
    return next(f"{start}–{end - 1}" for start, end in pairwise(PERIODS) if start <= year < end)


def _rank_ribbons(rows: pl.DataFrame, order: list[str]) -> Spec:
    scale = {"reverse": True, "type": "log", "nice": False, "padding": 6}
    axis = {"format": "d", "tickCount": 4, "grid": False}
    encoding = {
        "x": quantitative("year", title=None, axis=axis, scale={"nice": False, "zero": False, "padding": 6}),
        "tooltip": [nominal("city"), *map(quantitative, ("year", "rank", "low", "high"))],
    }
    low = quantitative("low", scale=scale, title=None, axis={"values": [1, 3, 10, 30, 100], "format": "d"})
    point = {"size": 18, "color": vega.BLUE}
    layers = [
        layer("rule", {"y": low, "y2": {"field": "high"}}, color=vega.BLUE, opacity=0.35, size=4),
        layer("line", {"y": quantitative("rank", scale=scale)}, color=vega.BLUE, size=2, point=point),
    ]
    return vega.faceted(rows, nominal("city", sort=order), encoding, layers, 4, least=130, margin=40, height=110)


def score_years(scores: pl.DataFrame, leading: pl.DataFrame, benchmark: pl.DataFrame, indicators: pl.DataFrame) -> Figure:
    """Return the scores of the first cities over the years, each for its own course.

    ``scores``: city, year, score, score_low, score_high.
    """
    scored = scores.drop_nulls("score")
    rows = scored.select("city", "year", "score", pl.col("score_low").alias("low"), pl.col("score_high").alias("high"))
    shown = leading["city"].to_list()[:_SHOWN]
    return Figure(
        _course(rows, shown),
        rows,
        [Column("city", "city"), Column("year", "year"), Column("score", "Readiness", 1), *interval(digits=1)],
        _score_lines(rows.filter(pl.col("city").is_in(shown)), shown),
        " ".join(filter(None, [say(_COURSE), _undated(indicators, benchmark["benchmark"][0])])),
    )


def _course(rows: pl.DataFrame, cities: list[str]) -> str:
    """Return from which score each city came in the first year that is measured, and to which in the last."""
    middles = _middles(sorted(rows["year"].unique()))
    measured = rows.filter(pl.col("year").is_in(middles)).sort("year")
    courses = {city: measured.filter(pl.col("city") == city)["score"] for city in cities}
    told = [
        say("{city} from {before} to {after}", city=city, before=f"{course[0]:.0f}", after=f"{course[-1]:.0f}")
        for city, course in courses.items()
        if len(course)
    ]
    return say("Readiness from {first} to {last}: {courses}.", first=middles[0], last=middles[-1], courses=listed(told))


_COURSE = (
    "Band: 90% interval; what is unknown of a city moves all of its years, so a change is known better than the bands look. Ten "
    "points more is twice as much. Every year is computed by the same method."
)


def _undated(indicators: pl.DataFrame, benchmark: str) -> str:
    """Return what stands the same in all years, and what follows for the lines; nothing where lists date everything."""
    readiness = indicators.filter(pl.col("measure") == "Readiness")
    names = readiness.filter(~pl.col("is_dated"))["name"].to_list()
    if not names:
        return ""
    return say(
        "Lists count {names} in one year or without one, so {number} of the {all} indicators stand the same in all years: the "
        "cities changed more than their lines, levels of early years are in part carried back from later ones and say "
        "nothing of the distance to the {benchmark}, which is not drawn.",
        names=listed([name.lower() for name in names]),
        number=len(names),
        all=readiness.height,
        benchmark=benchmark,
    )


def course() -> Spec:
    """Draw the scores that the page puts into the data ``course``, and a line at the year of the signal ``shown``."""
    encoding = {
        "x": quantitative("year", title=None, axis=vega.YEARS, scale={"nice": False, "zero": False}),
        "color": nominal("city", scale={"range": vega.COLOURS[:3]}, legend={"columns": 3} | vega.LINES),
        "tooltip": [nominal("city"), *map(quantitative, ("year", "rank", "score", "low", "high"))],
    }
    layers = _courses(nominal("city", scale={"range": vega.DASHES[:3]}))
    line = layer("rule", {"x": quantitative("at")}, color=vega.TEXT, strokeDash=[4, 3])
    year = {"data": {"values": [{}]}, "transform": [{"calculate": "shown", "as": "at"}]} | line
    return {
        "layer": [{"data": {"name": "course", "values": []}, "encoding": encoding, "layer": layers}, year],
        "params": [{"name": "shown", "value": 0}],
        "width": "container",
        "height": 220,
    }


def _score_lines(rows: pl.DataFrame, cities: list[str]) -> Spec:
    colour, dash = vega.named("city", cities, 2)
    encoding = {
        "x": quantitative("year", title=None, axis=vega.YEARS, scale={"nice": False}),
        "color": colour,
        "tooltip": [nominal("city"), quantitative("year"), *vega.formatted(".1f", "score", "low", "high")],
    }
    return vega.layered(rows, encoding, _courses(dash), 320)


def _courses(dash: Spec) -> list[Spec]:
    return vega.courses(quantitative("low", title="Readiness", scale={"zero": False}), "score", dash, point={"size": 22})
