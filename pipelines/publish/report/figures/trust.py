"""Figures on how far to trust the index: whether it would have told the future, and what its scores vary with."""

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import nominal
from pipelines.publish.texts import say
from pipelines.publish.wording import listed

#: Forecasts compared with leaving shares as they were: name → skill and its interval in ``index.backtest``.
_FORECASTS = {"Readiness": ("skill", "low", "high"), "log trend": ("trend_skill", "trend_low", "trend_high")}

#: What the test on the past says in one sentence.
_BETTER = (
    "Tested on the past in {cities} cities, a simpler score from the register alone forecast {better} better than the assumption "
    "that nothing changes."
)
_NO_BETTER = (
    "Tested on the past in {cities} cities, a simpler score from the register alone forecast {others} no better than the "
    "assumption that nothing changes."
)
_WORSE = (
    "Tested on the past in {cities} cities, a simpler score from the register alone forecast {others} worse than the assumption "
    "that nothing changes."
)
_MIXED = (
    "Tested on the past in {cities} cities, a simpler score from the register alone forecast {better} better than the assumption "
    "that nothing changes, but {others} no better."
)

#: What the figure says of each target.
_REGISTER_BETTER = "Readiness by the register alone forecast {targets} better than the assumption that nothing changes."
_REGISTER_UNCLEAR = (
    "For {targets} it is not clear whether Readiness by the register alone forecasts better than the assumption that nothing "
    "changes."
)
_REGISTER_WORSE = "Readiness by the register alone forecast {targets} worse than the assumption that nothing changes."


def in_short(rows: pl.DataFrame) -> str:
    """Return in one sentence whether Readiness has told the future; ``rows`` is ``index.backtest``."""
    tested = rows.drop_nulls("skill") if "skill" in rows.columns else rows
    if tested.is_empty():
        return say("There is not yet enough past to test it as a forecast.")
    better, others = _targets(tested.filter(pl.col("low") > 0)), _targets(tested.filter(pl.col("low") <= 0))
    cities = tested["n_cities"].max()
    if not others:
        return say(_BETTER, better=listed(better), cities=cities)
    if better:
        return say(_MIXED, better=listed(better), others=listed(others), cities=cities)
    return say(_WORSE if (tested["high"] < 0).all() else _NO_BETTER, others=listed(others), cities=cities)


def _targets(rows: pl.DataFrame) -> list[str]:
    """Return what was forecast, each once: a target is a quantity, and the list that counts it, which may say what of it."""
    parts = (target.partition(", ") for target in rows["target"])
    counted = (of_list.partition(": ")[2].replace(", ", " and ") or quantity.replace("_", " ") for quantity, _, of_list in parts)
    return [say(text) for text in dict.fromkeys(counted)]


def backtest(rows: pl.DataFrame) -> Figure:
    """Return the skill of forecasts; ``rows`` is ``index.backtest``."""
    tested = rows.drop_nulls("skill")
    better, worse = pl.col("low") > 0, pl.col("high") < 0
    verdicts = {_REGISTER_BETTER: better, _REGISTER_UNCLEAR: ~better & ~worse, _REGISTER_WORSE: worse}
    named = ((sentence, _targets(tested.filter(which))) for sentence, which in verdicts.items())
    sentences = [say(sentence, targets=listed(targets)) for sentence, targets in named if targets]
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
    said = rows.with_columns(vega.each(say, "factor"))
    shown = said.filter(pl.col("city").is_in(cities)).select("city", "factor", "first_order", "total")
    factors = said.group_by("factor").agg(pl.col("total").mean()).sort("total", descending=True)["factor"].to_list()
    encoding = {
        "x": nominal("factor", sort=factors, axis=vega.BARE | {"orient": "top", "labelAngle": -30, "title": None}),
        "y": nominal("city", sort=cities, title=None, axis=vega.BARE),
        "tooltip": [nominal("city"), nominal("factor"), *vega.formatted(".1%", "first_order", "total")],
    }
    largest, second = of_leader[0], of_leader[1]
    return Figure(
        say(
            "{city}'s score hangs most on {first} ({share} of its variance), then on {second} ({other}).",
            city=cities[0],
            first=say(_FACTORS[largest["factor"]]),
            share=f"{largest['total']:.0%}",
            second=say(_FACTORS[second["factor"]]),
            other=f"{second['total']:.0%}",
        ),
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
