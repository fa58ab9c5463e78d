"""Draw one small picture per table of results, for a glance in the Dagster UI; the page's charts are in ``publish.report``.

Drawing needs vl-convert, which comes with the extra ``ui``; without it there are no pictures.
"""

import base64
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import polars as pl

from pipelines.publish.report.vega import Spec, data, layer, nominal, quantitative

BLUE = "#0072b2"
VERDICTS = {
    "supported": "#009e73",
    "contradicted": "#d55e00",
    "lists disagree": "#e69f00",
    "not separable": "#bbbbbb",
    "not testable here": "#dddddd",
    "no data": "#eeeeee",
}

_CONFIG = {"view": {"stroke": None, "continuousWidth": 300, "continuousHeight": 300}}


def picture(table: str, frame: pl.DataFrame) -> str | None:
    """Return the table's picture as a base64 PNG; None without vl-convert, without a plot or without rows to draw."""
    draw = PLOTS.get(table)
    if draw is None or frame.is_empty() or find_spec("vl_convert") is None:
        return None
    # Imported here because only pictures need it, and it is not always installed.
    import vl_convert

    chart = draw(frame.with_columns(pl.selectors.float().fill_nan(None)))
    if not chart["data"]["values"]:
        return None
    return base64.b64encode(vl_convert.vegalite_to_png(chart | {"config": _CONFIG})).decode()


#: Cities that a picture shows.
SHOWN = 12


def _readiness(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("measure") == "Readiness")


def _first(rows: pl.DataFrame, by: str, *, descending: bool = False) -> list[str]:
    """Return the first cities by their mean of a column, the best first."""
    means = rows.group_by("city").agg(pl.col(by).mean()).sort(by, "city", descending=[descending, False], nulls_last=True)
    return means["city"].to_list()[:SHOWN]


def _intervals(rows: pl.DataFrame, label: str, estimate: str, title: str, **scale: str) -> Spec:
    """Draw a dot and a bar for each row, in the order of the rows; the ends of the bar may be called after the estimate."""
    low, high = (end if end in rows.columns else f"{estimate}_{end}" for end in ("low", "high"))
    first = quantitative(low, title=title, scale=scale, axis={"grid": False, "format": "~g"})
    layers = [
        layer("rule", {"x": first, "x2": {"field": high}}, size=3, color=BLUE, opacity=0.5),
        layer("point", {"x": quantitative(estimate)}, filled=True, size=70, color=BLUE, opacity=1),
    ]
    encoding = {"y": nominal(label, sort=rows[label].to_list(), title=None)}
    return data(rows.select(label, estimate, low, high)) | {"encoding": encoding, "layer": layers, "width": 380}


def _lines(rows: pl.DataFrame, y: Spec, colour: Spec) -> Spec:
    years = quantitative("year", title=None, axis={"format": "d"})
    return data(rows) | layer("line", {"x": years, "y": y, "color": colour}) | {"width": 380, "height": 200}


def _cells(rows: pl.DataFrame, x: Spec, y: Spec, colour: Spec, **options: Any) -> Spec:
    return data(rows) | layer("rect", {"x": x, "y": y, "color": colour}, **options)


def _bars(rows: pl.DataFrame, label: str, x: Spec, title: str | None = None) -> Spec:
    """Draw a bar for each row, in the order of the rows."""
    names = nominal(label, sort=rows[label].to_list(), title=title, axis={"labelLimit": 280})
    return data(rows) | layer("bar", {"x": x, "y": names}, color=BLUE)


def _share(field: str) -> Spec:
    return quantitative(field, title="share of draws", scale={"domain": [0, 1], "scheme": "blues"})


def _ranks(title: str) -> Spec:
    return {"field": "rank", "type": "ordinal", "title": title, "axis": {"labelAngle": 0}}


def _ranking(frame: pl.DataFrame) -> Spec:
    first = _readiness(frame).sort("rank", "city").head(SHOWN)
    return _intervals(first, "city", "rank", f"rank by Readiness, 90%; the first {SHOWN}")


def _scores(frame: pl.DataFrame) -> Spec:
    """Draw Readiness of the five cities that are first in the last year."""
    rows = _readiness(frame).drop_nulls("rank")
    first = rows.filter(pl.col("year") == pl.col("year").max()).sort("rank")["city"].to_list()[:5]
    drawn = rows.filter(pl.col("city").is_in(first)).select("city", "year", "score")
    return _lines(drawn, quantitative("score", title="Readiness"), nominal("city", sort=first, title=None))


def _pairwise(frame: pl.DataFrame) -> Spec:
    """Draw how often the row's city is above the column's."""
    rows = _readiness(frame)
    order = _first(rows, "p_above", descending=True)
    rows = rows.filter(pl.col("city").is_in(order) & pl.col("other").is_in(order))
    return _cells(rows, nominal("other", sort=order, title="… above"), nominal("city", sort=order, title=None), _share("p_above"))


def _distance(frame: pl.DataFrame) -> Spec:
    behind = _readiness(frame).sort("times_less", "city").head(SHOWN)
    return _intervals(behind, "city", "times_less", "times less than the benchmark by Readiness, 90%", type="log")


def _backtest(frame: pl.DataFrame) -> Spec:
    return _intervals(frame, "target", "skill", "skill over persistence, 90%; above 0: Readiness helped")


def _sensitivity(frame: pl.DataFrame) -> Spec:
    """Draw what the scores vary with, by the median city."""
    rows = _readiness(frame).group_by("factor").agg(pl.col("total").median()).sort("total", descending=True)
    return _bars(rows, "factor", quantitative("total", title="share of the variance of Readiness, median of the cities"))


def _alternatives(frame: pl.DataFrame) -> Spec:
    """Draw how likely each city is first by every way to make the score."""
    rows = frame.filter(pl.col("p_first") >= 0.005)
    order = _first(rows, "p_first", descending=True)
    ways = nominal("way", sort=frame["way"].unique(maintain_order=True).to_list(), title=None)
    return _cells(rows.filter(pl.col("city").is_in(order)), nominal("city", sort=order, title=None), ways, _share("p_first"))


def _pillars(frame: pl.DataFrame) -> Spec:
    share = quantitative("reliability", title="reliability, by which the pillar weighs", scale={"domain": [0, 1]})
    return _bars(frame.select("pillar", "reliability"), "pillar", share)


def _goalposts(frame: pl.DataFrame) -> Spec:
    """Draw how well the value that scores 100 is known: the ends of its interval as multiples of it."""
    low, high = (pl.col(end) / pl.col("value") for end in ("value_low", "value_high"))
    rows = frame.with_columns(low.alias("low"), high.alias("high"), estimate=pl.lit(1.0)).sort("high", descending=True)
    return _intervals(rows, "indicator", "estimate", "goalpost, 90%, as a multiple of its median")


#: What a list is called: by what it counts, too.
_LIST = pl.format("{}: {}", "quantity", "list").alias("name")


def _lists(frame: pl.DataFrame) -> Spec:
    """Draw how unevenly each list looks at cities."""
    rows = (
        frame.drop_nulls("attention_noise")
        .with_columns(_LIST)
        .sort("attention_noise", "name", descending=[True, False])
        .head(SHOWN)
        .select("name", "attention_noise")
    )
    return _bars(rows, "name", quantitative("attention_noise", title=f"attention noise; the {SHOWN} most uneven lists"))


def _list_influence(frame: pl.DataFrame) -> Spec:
    """Draw how many cities each list moves by half a point or more."""
    counts = _readiness(frame).group_by(_LIST).agg(pl.len().alias("cities"))
    rows = counts.sort("cities", "name", descending=[True, False]).head(SHOWN)
    return _bars(rows, "name", quantitative("cities", title="cities whose Readiness it moves by half a point or more"))


def _weight_flips(frame: pl.DataFrame) -> Spec:
    """Draw how much of the weight of the pillars has to move until each city draws level."""
    rows = _readiness(frame).filter(pl.col("level") == "pillars")
    moved = rows.group_by("other").agg(pl.col("moved").min()).sort("moved", nulls_last=True)
    share = quantitative("moved", title="share of the weight that moves")
    return _bars(moved, "other", share, title="draws level with the leader")


def _leave_one_out(frame: pl.DataFrame) -> Spec:
    rows = _readiness(frame)
    order = _first(rows, "rank")
    count = {"aggregate": "count", "type": "quantitative", "title": "indicators", "scale": {"scheme": "blues"}}
    shown = rows.filter(pl.col("city").is_in(order)).select("city", "rank")
    return _cells(shown, _ranks("rank without the indicator"), nominal("city", sort=order, title=None), count)


def _boundaries(frame: pl.DataFrame) -> Spec:
    ranked = _readiness(frame).filter(pl.col("rank") <= SHOWN).sort("score", descending=True)
    encoding = {
        "x": quantitative("score", title="Readiness"),
        "y": nominal("city", sort=ranked["city"].unique(maintain_order=True).to_list(), title=None),
        "color": nominal("preset", title=None),
        "shape": nominal("preset", title=None),
    }
    return data(ranked) | layer("point", encoding, filled=True, size=70, opacity=0.8) | {"width": 380}


def _snowball(frame: pl.DataFrame) -> Spec:
    alphas = frame.filter(pl.col("statistic") == "alpha").drop_nulls("low")
    named = alphas.with_columns((pl.col("dataset") + ", " + pl.col("panel")).alias("name"))
    return _intervals(named, "name", "estimate", "growth exponent, 90%; above 1: the lead feeds itself")


def _leads(frame: pl.DataFrame) -> Spec:
    """Draw the leader's lead over the largest other city, by source."""
    cities = frame.filter((pl.col("panel") == "all") & pl.col("is_city"))
    last = cities.filter(pl.col("year") == pl.col("year").max().over("dataset"))
    leaders = last.sort("stock", descending=True).group_by("dataset", maintain_order=True).first().select("dataset", "city")
    rows = cities.join(leaders, on=["dataset", "city"]).with_columns((pl.col("dataset") + ": " + pl.col("city")).alias("name"))
    lead = quantitative("log_lead", title="log lead over the largest other city")
    return _lines(rows.select("name", "year", "log_lead"), lead, nominal("name", title=None))


def _quotients(frame: pl.DataFrame) -> Spec:
    special = frame.filter((pl.col("dataset") == "register") & (pl.col("period") == "current") & pl.col("is_specialised"))
    named = special.sort("quotient", descending=True).with_columns((pl.col("unit") + ", " + pl.col("sector")).alias("name"))
    return _intervals(named, "name", "quotient", "location quotient, 90%; specialised cities of the register")


def _verdicts(frame: pl.DataFrame) -> Spec:
    claims = nominal("claim", sort={"field": "claim_order"}, title="claim", axis={"labelAngle": 0})
    verdicts = nominal("verdict", scale={"domain": list(VERDICTS), "range": list(VERDICTS.values())}, title=None)
    rows = frame.select("claim", "claim_order", "period", "verdict")
    return _cells(rows, claims, nominal("period", title=None), verdicts, stroke="white")


PLOTS: dict[str, Callable[[pl.DataFrame], Spec]] = {
    "index.ranking": _ranking,
    "index.scores": _scores,
    "index.pairwise": _pairwise,
    "index.distance": _distance,
    "index.backtest": _backtest,
    "index.sensitivity": _sensitivity,
    "index.alternatives": _alternatives,
    "index.pillars": _pillars,
    "index.goalposts": _goalposts,
    "index.lists": _lists,
    "index.list_influence": _list_influence,
    "index.weight_flips": _weight_flips,
    "index.leave_one_out": _leave_one_out,
    "index.boundaries": _boundaries,
    "index.snowball": _snowball,
    "index.leads": _leads,
    "index.quotients": _quotients,
    "claims.scorecard": _verdicts,
}
