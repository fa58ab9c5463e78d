"""Figures on how far to trust the index: whether it would have told the future, and what its scores vary with."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import nominal
from pipelines.publish.wording import listed

#: Forecasts compared with leaving shares as they were: name → skill and its interval in ``index.backtest``.
_FORECASTS = {"Readiness": ("skill", "low", "high"), "log trend": ("trend_skill", "trend_low", "trend_high")}


def in_short(rows: pl.DataFrame) -> str:
    """Return in one sentence whether Readiness has told the future; ``rows`` is ``index.backtest``."""
    tested = rows.drop_nulls("skill") if "skill" in rows.columns else rows
    if tested.is_empty():
        return "There is not yet enough past to test it as a forecast."
    better = tested.filter(pl.col("low") > 0)["target"].to_list()
    others = tested.filter(pl.col("low") <= 0)["target"].to_list()
    parts = [f"it forecast {listed(better)} five years ahead better than the assumption that nothing changes"] if better else []
    parts += [f"it forecast {listed(others)} no better than the assumption that nothing changes"] if others else []
    return f"Tested on the past, {', but '.join(parts)}."


def backtest(rows: pl.DataFrame) -> Figure:
    """Return the skill of forecasts; ``rows`` is ``index.backtest``."""
    tested = rows.drop_nulls("skill")
    better, worse = pl.col("low") > 0, pl.col("high") < 0
    verdicts = {
        "Readiness forecast {} five years ahead better than the assumption that nothing changes.": better,
        "For {} it is not clear whether Readiness forecasts better than the assumption that nothing changes.": ~better & ~worse,
        "Readiness forecast {} worse than the assumption that nothing changes.": worse,
    }
    named = ((sentence, tested.filter(which)["target"].to_list()) for sentence, which in verdicts.items())
    sentences = [sentence.format(listed(targets)) for sentence, targets in named if targets]
    both = pl.concat(
        tested.select(
            "target",
            pl.lit(name).alias("forecast"),
            *(pl.col(column).alias(end) for column, end in zip(columns, ("estimate", "low", "high"), strict=True)),
            "n",
        )
        for name, columns in _FORECASTS.items()
    ).drop_nulls("estimate")
    return Figure(
        " ".join(sentences) or "There is not yet enough past to test forecasts on.",
        rows,
        [
            Column("target", "target"),
            Column("first_origin", "first origin"),
            Column("last_origin", "last origin"),
            Column("n", "forecasts"),
            Column("skill", "skill"),
            Column("low", "90% from"),
            Column("high", "to"),
            Column("trend_skill", "skill of the trend"),
            Column("trend_low", "90% from"),
            Column("trend_high", "to"),
        ],
        vega.forest(both, "target", "skill against persistence", 0.0, by="forecast", step=20) if both.height else None,
        "Right of the line: better than the assumption that each city's share stays as it was; 1 would be perfect. Each "
        "forecast used only rows dated before it.",
    )


def sensitivity(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return what the scores vary with.

    Args:
        rows: city, factor, first_order, total of one score in the headline year, by rank of the city.
        leading: city of those that the chart shows, by rank.
    """
    cities = leading["city"].to_list()
    of_leader = rows.filter(pl.col("city") == cities[0]).sort("total", descending=True).to_dicts()
    shown = rows.filter(pl.col("city").is_in(cities)).select("city", "factor", "first_order", "total")
    factors = rows.group_by("factor").agg(pl.col("total").mean()).sort("total", descending=True)["factor"].to_list()
    encoding = {
        "x": nominal("factor", sort=factors, axis=vega.BARE | {"orient": "top", "labelAngle": -30, "title": None}),
        "y": nominal("city", sort=cities, title=None, axis=vega.BARE),
        "tooltip": [nominal("city"), nominal("factor"), *vega.formatted(".1%", "first_order", "total")],
    }
    largest, second = of_leader[0], of_leader[1]
    return Figure(
        f"{cities[0]}'s score hangs most on {_FACTORS[largest['factor']]} ({largest['total']:.0%} of its variance), then "
        f"on {_FACTORS[second['factor']]} ({second['total']:.0%}).",
        rows,
        [
            Column("city", "city"),
            Column("factor", "factor"),
            Column("first_order", "alone", share=True),
            Column("total", "with the others", share=True),
        ],
        vega.layered(shown, encoding, vega.cells("total", 1.0), 24 * len(cities)),
        "Share of the variance of a city's Readiness, against the mean of all cities, that goes when the factor is fixed: alone "
        "and with its interactions, so a line may add up to more than 100%. Data: what the lists leave open. The others are "
        "choices of the index. Estimated by sampling, so a share is off by a few points.",
    )


#: Factors of the sensitivity as a sentence names them.
_FACTORS = {
    "data": "what the lists leave open",
    "pillar weights": "the weights of the pillars",
    "indicator weights": "the weights of the indicators",
    "indicator left out": "which indicator is left out",
    "boundary": "where a city ends",
}
