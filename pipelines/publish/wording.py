"""Numbers to words by fixed rules, so that no sentence claims more than the draws carry."""

from collections.abc import Sequence
from typing import Any

import polars as pl

#: Cities named in one sentence; more are only counted.
NAMED = 5

#: Verdict of a claim as the file has it → in plain words.
VERDICTS = {
    "supported": "holds",
    "contradicted": "does not hold",
    "lists disagree": "lists disagree",
    "not separable": "undecided",
    "not testable here": "not testable here",
    "no data": "too few data",
}

#: What a score of 0 stands for, or less than that (``index.scale``).
LEAST = 1_000


def headline(ranking: pl.DataFrame) -> str:
    """Return who is likeliest to be first, in plain words; ``ranking`` holds the rows of ``index.ranking`` of one score."""
    if ranking.is_empty():
        return "No city is known well enough for a rank."
    first = ranking.sort("rank", "city").row(0, named=True)
    likeliest = ranking.sort("p_first", descending=True).row(0, named=True)
    if likeliest["p_first"] > first["p_first"]:
        return (
            f"{first['city']} ranks first by its median score, but {likeliest['city']} has the greater chance of being first "
            f"({chance(likeliest['p_first'])} against {chance(first['p_first'])})."
        )
    said = f"its chance of ranking first is {chance(first['p_first'])}"
    rivals = ranking.filter(pl.col("can_be_first") & (pl.col("city") != first["city"])).sort("rank", "city")
    if rivals.is_empty():
        return f"{first['city']} is ahead of every other city: {said}."
    names = rivals["city"].to_list()
    named = f"{names[0]} ({chance(rivals['p_first'][0])})" if len(names) == 1 else listed(names)
    return f"{first['city']} is the likeliest next Silicon Valley: {said}. Only {named} could be first instead."


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence; of many the first few, and how many more there are."""
    shown = [*names] if len(names) <= NAMED + 1 else [*names[:NAMED], f"{len(names) - NAMED} others"]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1]


def chance(probability: float) -> str:
    """Return a probability in per cent; draws, which are finite, never show that something is impossible or certain."""
    if probability < 0.01:
        return "<1%"
    return ">99%" if probability > 0.99 else f"{probability:.0%}"


def over_other_ways(row: dict[str, Any]) -> str:
    """Return the range of the probability of the first rank over the ways to make the score."""
    low, high = chance(row["p_first_low"]), chance(row["p_first_high"])
    return low if low == high else f"{low.removesuffix('%')}–{high}"


def amount(value: float) -> str:
    """Return an amount with as many decimals as a reader has use for."""
    if 0 < value < 1:
        return f"{value:.2g}" if value >= 0.001 else "<0.001"
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


def times(value: float) -> str:
    """Return a multiple with two digits: 0.56, 1.4, 16, 240; what a score of 0 stands for and less is more than 1,000."""
    if value >= LEAST:
        return f">{LEAST:,}"
    rounded = float(f"{value:.2g}")
    return f"{rounded:.0f}" if rounded >= 10 else f"{rounded:.2g}"


def times_less(row: dict[str, Any]) -> str:
    """Return how many times less than the benchmark a city has, with its interval."""
    return f"{times(row['times_less'])} ({times(row['times_less_low'])}–{times(row['times_less_high'])})"


def share_of_benchmark(times_less: float) -> str:
    """Return how much of what the benchmark has ``times_less`` stands for, in words: a sixth, half, as much, 1.8 times."""
    if times_less < 0.95:
        return f"{times(1 / times_less)} times"
    if times_less < 1.25:
        return "about as much as"
    whole = float(f"{times_less:.2g}")
    if whole < 1.75:
        return "two thirds of"
    if whole < 20.5:
        return f"{_FRACTIONS[round(whole) - 2]} of"
    return f"1/{whole:,.0f} of" if times_less < LEAST else f"less than 1/{LEAST:,} of"


#: One over two to one over twenty.
_FRACTIONS = (
    *("half", "a third", "a quarter", "a fifth", "a sixth", "a seventh", "an eighth", "a ninth", "a tenth", "an eleventh"),
    *("a twelfth", "a thirteenth", "a fourteenth", "a fifteenth", "a sixteenth", "a seventeenth", "an eighteenth"),
    *("a nineteenth", "a twentieth"),
)


def how_far(row: dict[str, Any], benchmark: str) -> str:
    """Return how far the city of a row is from the benchmark in the same year (``index.distance``), with its interval."""
    share, ends = share_of_benchmark(row["times_less"]), (times(row["times_less_low"]), times(row["times_less_high"]))
    said = f"{row['city']} has {share} what the {benchmark} has"
    if row["times_less"] < 0.95:
        return f"{said}."
    return f"{said}: {times(row['times_less'])} times less (90% interval: {ends[0]} to {ends[1]} times less)."


def moved(row: dict[str, Any]) -> str:
    """Return what a list has changed, from a row of ``index.lists``."""
    said = f"{row['list']} ({row['quantity']}): {row['n']:,.0f} rows"
    if not row["scores_moved"]:
        return f"{said}, moved no city by half a point"
    most = "" if row["most_moved"] is None else f", most {row['most_moved']} by {row['most_moved_by']:+.1f}"
    return f"{said}, moved {row['scores_moved']:,} {'city' if row['scores_moved'] == 1 else 'cities'}{most}"
