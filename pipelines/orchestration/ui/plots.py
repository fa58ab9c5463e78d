"""One small picture per table of results, for a glance in the Dagster UI; the charts of the page are in ``publish/report``."""

import base64
import io
from collections.abc import Callable

import altair as alt
import polars as pl

BLUE = "#0072b2"


def picture(table: str, frame: pl.DataFrame) -> str | None:
    """The table's picture as a base64 PNG; None if it has none, or none of its rows are to be drawn."""
    draw = PLOTS.get(table)
    if draw is None or frame.is_empty():
        return None
    chart = draw(frame)
    if isinstance(chart.data, pl.DataFrame) and chart.data.is_empty():
        return None
    buffer = io.BytesIO()
    chart.configure_view(stroke=None).save(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


def _intervals(frame: pl.DataFrame, label: str, estimate: str, low: str, high: str, title: str) -> alt.LayerChart:
    """A dot and a bar for each row, in the order of the rows."""
    base = alt.Chart(frame).encode(y=alt.Y(f"{label}:N", sort=frame[label].to_list(), title=None))
    bars = base.mark_rule(size=3, color=BLUE, opacity=0.5).encode(x=alt.X(f"{low}:Q", title=title), x2=f"{high}:Q")
    return (bars + base.mark_point(filled=True, size=70, color=BLUE, opacity=1).encode(x=f"{estimate}:Q")).properties(width=380)


def _ranking(frame: pl.DataFrame) -> alt.LayerChart:
    first = frame.filter(pl.col("measure") == "Readiness").sort("rank")
    return _intervals(first, "city", "rank", "rank_low", "rank_high", "rank by Readiness, 90%")


def _scores(frame: pl.DataFrame) -> alt.Chart:
    """Readiness of the five cities that ended first."""
    lines = frame.filter((pl.col("measure") == "Readiness") & pl.col("rank").is_not_null())
    last = lines.filter(pl.col("year") == pl.col("year").max()).sort("rank")["city"].to_list()[:5]
    return (
        alt.Chart(lines.filter(pl.col("city").is_in(last)))
        .mark_line()
        .encode(
            x=alt.X("year:Q", title=None, axis=alt.Axis(format="d")),
            y=alt.Y("score:Q", title="Readiness"),
            color=alt.Color("city:N", sort=last, title=None),
        )
        .properties(width=380, height=200)
    )


def _pairwise(frame: pl.DataFrame) -> alt.Chart:
    """How often the row's city is above the column's."""
    pairs = frame.filter(pl.col("measure") == "Readiness")
    order = pairs.group_by("city").agg(pl.col("p_above").mean()).sort("p_above", descending=True)["city"].to_list()
    return (
        alt.Chart(pairs)
        .mark_rect()
        .encode(
            x=alt.X("other:N", sort=order, title="… above"),
            y=alt.Y("city:N", sort=order, title=None),
            color=alt.Color("p_above:Q", title="share of draws", scale=alt.Scale(domain=[0, 1], scheme="blues")),
        )
    )


def _coverage(frame: pl.DataFrame) -> alt.LayerChart:
    recorded = frame.filter(~pl.col("is_common")).sort("share", descending=True)
    return _intervals(recorded, "city", "share", "low", "high", "share of its companies that is held, 90%")


def _distance(frame: pl.DataFrame) -> alt.LayerChart:
    behind = frame.filter((pl.col("measure") == "Readiness") & pl.col("gap").is_not_null()).sort("gap")
    return _intervals(behind, "city", "gap", "gap_low", "gap_high", "points behind the benchmark by Readiness, 90%")


def _backtest(frame: pl.DataFrame) -> alt.LayerChart:
    return _intervals(frame, "target", "skill", "low", "high", "skill over persistence, 90%; above 0: Readiness helped")


def _rank_probabilities(frame: pl.DataFrame) -> alt.Chart:
    first = frame.filter(pl.col("measure") == "Readiness")
    order = (first.group_by("city").agg((pl.col("rank") * pl.col("probability")).sum().alias("mean")).sort("mean"))["city"]
    return (
        alt.Chart(first)
        .mark_rect()
        .encode(
            x=alt.X("rank:O", title="rank by Readiness", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("city:N", sort=order.to_list(), title=None),
            color=alt.Color("probability:Q", title="share of draws", scale=alt.Scale(domain=[0, 1], scheme="blues")),
        )
    )


def _sensitivity(frame: pl.DataFrame) -> alt.LayerChart:
    """What moves the rank of the leader."""
    moved = frame.filter((pl.col("measure") == "Readiness") & (pl.col("output") == "rank of the leader"))
    reach = moved.sort("total", descending=True).with_columns(
        (pl.col("total") - pl.col("total_reach")).alias("low"), (pl.col("total") + pl.col("total_reach")).alias("high")
    )
    return _intervals(reach, "factor", "total", "low", "high", "share in the variance of the leader's rank, 90%")


def _coherence(frame: pl.DataFrame) -> alt.Chart:
    members = frame.filter(pl.col("measure") != pl.col("member"))
    y = alt.Y("member:N", sort=members["member"].to_list(), title=None)
    x = alt.X("item_rest:Q", title="correlation with the rest of its pillar or score", scale=alt.Scale(domain=[-1, 1]))
    return alt.Chart(members).mark_bar(color=BLUE).encode(x=x, y=y).properties(width=300, height=alt.Step(11))


def _weight_flips(frame: pl.DataFrame) -> alt.Chart:
    """How much weight has to move until the second draws level; pillars only, since that is exact."""
    least = frame.filter((pl.col("measure") == "Readiness") & (pl.col("level") == "pillars"))
    moved = least.group_by("other").agg(pl.col("moved").min()).sort("moved", nulls_last=True)
    y = alt.Y("other:N", sort=moved["other"].to_list(), title="draws level with the leader")
    return alt.Chart(moved).mark_bar(color=BLUE).encode(x=alt.X("moved:Q", title="share of the weight that moves"), y=y)


def _leave_one_out(frame: pl.DataFrame) -> alt.Chart:
    left = frame.filter(pl.col("measure") == "Readiness")
    order = left.group_by("city").agg(pl.col("rank").mean()).sort("rank")["city"].to_list()
    x = alt.X("rank:O", title="rank without the indicator", axis=alt.Axis(labelAngle=0))
    color = alt.Color("count():Q", title="indicators", scale=alt.Scale(scheme="blues"))
    return alt.Chart(left).mark_rect().encode(x=x, y=alt.Y("city:N", sort=order, title=None), color=color)


def _boundaries(frame: pl.DataFrame) -> alt.Chart:
    placed = frame.filter((pl.col("measure") == "Readiness") & pl.col("rank").is_not_null()).sort("score", descending=True)
    return (
        alt.Chart(placed)
        .mark_point(filled=True, size=70, opacity=0.8)
        .encode(
            x=alt.X("score:Q", title="Readiness"),
            y=alt.Y("city:N", sort=placed["city"].unique(maintain_order=True).to_list(), title=None),
            color=alt.Color("preset:N", title=None),
            shape=alt.Shape("preset:N", title=None),
        )
        .properties(width=380)
    )


def _snowball(frame: pl.DataFrame) -> alt.LayerChart:
    alphas = frame.filter((pl.col("statistic") == "alpha") & pl.col("low").is_not_null())
    named = alphas.with_columns((pl.col("dataset") + ", " + pl.col("panel")).alias("of"))
    return _intervals(named, "of", "estimate", "low", "high", "growth exponent, 90%; above 1: the lead feeds itself")


def _leads(frame: pl.DataFrame) -> alt.Chart:
    """The leader's lead over the second, by source."""
    panel = frame.filter((pl.col("panel") == "all") & pl.col("is_city"))
    last = panel.filter(pl.col("year") == pl.col("year").max().over("dataset"))
    first = last.sort("stock", descending=True).group_by("dataset", maintain_order=True).first().select("dataset", "city")
    lines = panel.join(first, on=["dataset", "city"]).with_columns((pl.col("dataset") + ": " + pl.col("city")).alias("of"))
    return (
        alt.Chart(lines)
        .mark_line()
        .encode(
            x=alt.X("year:Q", title=None, axis=alt.Axis(format="d")),
            y=alt.Y("log_lead:Q", title="log lead over the second"),
            color=alt.Color("of:N", title=None),
        )
        .properties(width=380, height=200)
    )


def _quotients(frame: pl.DataFrame) -> alt.LayerChart:
    now = frame.filter((pl.col("dataset") == "register") & (pl.col("period") == "current") & pl.col("is_specialised"))
    named = now.sort("quotient", descending=True).with_columns((pl.col("unit") + ", " + pl.col("sector")).alias("of"))
    return _intervals(named, "of", "quotient", "low", "high", "location quotient, 90%; specialised cities of the register")


def _verdicts(frame: pl.DataFrame) -> alt.Chart:
    order = sorted(frame["claim"].unique(), key=lambda one: (int(one.rstrip("abcdefgh")), one))
    verdicts = ["supported", "contradicted", "not separable", "no data"]
    colours = alt.Scale(domain=verdicts, range=["#009e73", "#d55e00", "#bbbbbb", "#eeeeee"])
    return (
        alt.Chart(frame)
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("claim:N", sort=order, title="claim", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("period:N", sort=["baseline", "current"], title=None),
            color=alt.Color("verdict:N", scale=colours, title=None),
        )
    )


PLOTS: dict[str, Callable[[pl.DataFrame], alt.Chart | alt.LayerChart]] = {
    "index.ranking": _ranking,
    "index.scores": _scores,
    "index.pairwise": _pairwise,
    "index.coverage": _coverage,
    "index.distance": _distance,
    "index.backtest": _backtest,
    "index.rank_probabilities": _rank_probabilities,
    "index.sensitivity": _sensitivity,
    "index.coherence": _coherence,
    "index.weight_flips": _weight_flips,
    "index.leave_one_out": _leave_one_out,
    "index.boundaries": _boundaries,
    "index.snowball": _snowball,
    "index.leads": _leads,
    "index.quotients": _quotients,
    "claims.scorecard": _verdicts,
}
