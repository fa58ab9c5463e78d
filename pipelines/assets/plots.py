"""One small picture per table of results, for a glance in the Dagster UI; the charts of the page are in ``pipelines/report``."""

import base64
import io
from collections.abc import Callable

import altair as alt
import polars as pl

BLUE = "#0072b2"


def picture(table: str, frame: pl.DataFrame) -> str | None:
    """The table's picture as a base64 PNG; None if it has none, or no rows to draw."""
    draw = PLOTS.get(table)
    if draw is None or frame.is_empty():
        return None
    buffer = io.BytesIO()
    draw(frame).configure_view(stroke=None).save(buffer, format="png")
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
    last = lines.filter(pl.col("year") == lines["year"].max()).sort("rank")["city"].to_list()[:5]
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


def _verdicts(frame: pl.DataFrame) -> alt.Chart:
    order = sorted(frame["claim"].unique(), key=lambda one: (int(one.rstrip("abcdefgh")), one))
    verdicts = ["supported", "contradicted", "not separable", "no data"]
    colours = alt.Scale(domain=verdicts, range=["#009e73", "#d55e00", "#bbbbbb", "#eeeeee"])
    return (
        alt.Chart(frame)
        .mark_rect(stroke="white")
        .encode(
            x=alt.X("claim:N", sort=order, title="claim", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("period:N", sort=["then", "now"], title=None),
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
    "claims.verdicts": _verdicts,
}
