"""Figures on how far to trust the index: whether it would have told the future, and what its scores vary with."""

import polars as pl

from pipelines.index.diagnostics.backtest import SIGNIFICANT
from pipelines.publish.report import vega
from pipelines.publish.report.figures.figure import Figure
from pipelines.publish.report.tables import Column, interval
from pipelines.publish.report.vega import nominal
from pipelines.publish.texts import say
from pipelines.publish.wording import listed

#: Forecasts compared with leaving shares as they were: name → skill and its interval in ``index.backtest``.
_FORECASTS = {"Readiness": ("skill", "low", "high"), "log trend": ("trend_skill", "trend_low", "trend_high")}

#: Whether Readiness and gains went together.
_TOGETHER = (
    "Tested as of {span} in {cities} cities: those with more of a simpler score, by the register alone, than goes with their "
    "size gained share in {targets} in five years ({p})."
)
_APART = (
    "Tested as of {span} in {cities} cities: a simpler score, by the register alone, did not demonstrably tell which gain share "
    "in {targets} in five years ({p})."
)
_NOR = "It did not demonstrably tell which would gain share in {targets} ({p})."

#: How forecasts fared, in one sentence.
_BETTER = "A forecast from a simpler score, tested on earlier years, was better than the assumption that nothing changes."
_MIXED = (
    "A forecast from a simpler score, tested on earlier years, was better than the assumption that nothing changes for {better}, "
    "but no better for {others}."
)
_NO_BETTER = "A forecast from a simpler score, tested on earlier years, was no better than the assumption that nothing changes."
_WORSE = "A forecast from a simpler score, tested on earlier years, was worse than the assumption that nothing changes."
_NO_BET = (
    "A forecast from a simpler score, tested on earlier years, has a skill of exactly 0: cities with more of that score had "
    "gained less until then, so the forecast was the assumption that nothing changes."
)

#: The same of each target.
_REGISTER_BETTER = "Readiness by the register alone forecast {targets} better than the assumption that nothing changes."
_REGISTER_UNCLEAR = (
    "For {targets} it is not clear whether Readiness by the register alone forecasts better than the assumption that nothing "
    "changes."
)
_REGISTER_WORSE = "Readiness by the register alone forecast {targets} worse than the assumption that nothing changes."
_REGISTER_NO_BET = (
    "For {targets} the skill is exactly 0: in earlier years more Readiness by the register alone went with smaller gains, so a "
    "forecast made at the time assumes that nothing changes."
)


def in_short(rows: pl.DataFrame) -> str:
    """Return in one sentence whether Readiness has told the future (details in the check); ``rows`` is ``index.backtest``."""
    if rows.is_empty():
        return say("There is not yet enough past to test it as a forecast.")
    better, others = _targets(rows.filter(pl.col("low") > 0)), _targets(rows.filter(pl.col("low") <= 0))
    if not others:
        return say(_BETTER)
    if better:
        return say(_MIXED, better=listed(better), others=listed(others))
    if (rows["tilt_most"] <= 0).all():
        return say(_NO_BET)
    return say(_WORSE if (rows["high"] < 0).all() else _NO_BETTER)


def _association(tested: pl.DataFrame) -> str:
    """Return whether Readiness and gains went together, for what, in which years, and how surely."""
    found, others = tested.filter(pl.col("p") <= SIGNIFICANT), tested.filter(pl.col("p") > SIGNIFICANT)
    of_all = (pl.min("first_origin"), pl.max("last_origin"), pl.max("n_origins"), pl.max("n_cities"))
    first, last, origins, cities = tested.select(*of_all).row(0)
    span = f"{first}–{last}" if origins > 2 else listed([str(year) for year in dict.fromkeys((first, last))])
    values = {"cities": cities, "span": span}
    if found.is_empty():
        return say(_APART, targets=listed(_targets(others)), p=_p(others["p"].min(), len(others), "≥"), **values)
    together = say(_TOGETHER, targets=listed(_targets(found)), p=_p(found["p"].max(), len(found), "≤"), **values)
    if others.is_empty():
        return together
    nor = say(_NOR, targets=listed(_targets(others)), p=_p(others["p"].min(), len(others), "≥"))
    return f"{together} {nor}"


def _p(value: object, count: int, sign: str) -> str:
    """Return a p-value, or the bound of several."""
    return f"p {'=' if count == 1 else sign} {float(str(value)):.3f}"


def _targets(rows: pl.DataFrame) -> list[str]:
    """Return what was forecast, each once."""
    return [*dict.fromkeys(_target(target) for target in rows["target"])]


def _target(target: str) -> str:
    """Return what was forecast: what the list of the target counts if its name says so, else the quantity."""
    quantity, _, of_list = target.partition(", ")
    return say(of_list.partition(": ")[2].replace(", ", " and ") or quantity.replace("_", " "))


def _of_each(tested: pl.DataFrame) -> str:
    """Return whether Readiness and gains went together, and how the forecasts of each target fared."""
    better, worse, no_bet = pl.col("low") > 0, pl.col("high") < 0, pl.col("tilt_most") <= 0
    verdicts = {
        _REGISTER_BETTER: better,
        _REGISTER_UNCLEAR: ~better & ~worse & ~no_bet,
        _REGISTER_WORSE: worse,
        _REGISTER_NO_BET: no_bet,
    }
    named = ((sentence, _targets(tested.filter(which))) for sentence, which in verdicts.items())
    return " ".join([_association(tested), *(say(sentence, targets=listed(targets)) for sentence, targets in named if targets)])


def backtest(rows: pl.DataFrame) -> Figure:
    """Return the skill of forecasts; ``rows`` is ``index.backtest``."""
    named = vega.each(rows, _target, "target")
    both = pl.concat(
        named.select(
            "target",
            pl.lit(say(name)).alias("forecast"),
            *(pl.col(column).alias(end) for column, end in zip(columns, ("estimate", "low", "high"), strict=True)),
            "n",
        )
        for name, columns in _FORECASTS.items()
    )
    return Figure(
        _of_each(rows),
        named,
        [
            Column("target", "target"),
            Column("first_origin", "first origin"),
            Column("last_origin", "last origin"),
            Column("n_origins", "origins"),
            Column("n", "forecasts"),
            Column("p", "p", digits=3),
            Column("tilt_least", "least γ"),
            Column("tilt_most", "greatest γ"),
            Column("skill", "skill"),
            *interval(),
            Column("trend_skill", "skill of the trend"),
            *interval("trend"),
        ],
        vega.forest(both, "target", "skill against persistence", 0.0, by="forecast", step=20),
        "Right of the line: better than the assumption that each city's share stays as it was; 1 would be perfect. Each "
        "forecast used only rows dated before it. γ is how far earlier years taught it to bet on Readiness; below 0 it counts as "
        "0, no bet. p: how often chance alone lets Readiness and gains go together as closely.",
    )


def sensitivity(rows: pl.DataFrame, leading: pl.DataFrame) -> Figure:
    """Return what the scores vary with.

    ``rows``: city, factor, first_order, total of one score in the headline year, by rank of the city.
    """
    cities = leading["city"].to_list()
    largest, second, *_ = rows.filter(pl.col("city") == cities[0]).sort("total", descending=True).to_dicts()
    said = vega.each(rows, say, "factor")
    shown = said.filter(pl.col("city").is_in(cities)).select("city", "factor", "first_order", "total")
    factors = said.group_by("factor").agg(pl.col("total").mean()).sort("total", descending=True)["factor"].to_list()
    encoding = {
        "x": vega.across("factor", factors, -30),
        "y": vega.down("city", cities),
        "tooltip": [nominal("city"), nominal("factor"), *vega.formatted(".1%", "first_order", "total")],
    }
    return Figure(
        say(
            "{city}'s score hangs most on {first} (alone {share} of its variance), then on {second} ({other}).",
            city=cities[0],
            first=say(_FACTORS[largest["factor"]]),
            share=f"{largest['first_order']:.0%}",
            second=say(_FACTORS[second["factor"]]),
            other=f"{second['first_order']:.0%}",
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
