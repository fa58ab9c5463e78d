"""Numbers to words by fixed rules, so that no sentence claims more than the draws carry."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import polars as pl

#: Cities named in one sentence; more are only counted.
NAMED = 5

#: What a score of 0 stands for, or less than that (``index.scale``).
LEAST = 1_000


def headline(ranking: pl.DataFrame) -> str:
    """One sentence on who is first; ``ranking`` holds the rows of ``index.ranking`` of one score."""
    if ranking.is_empty():
        return "No city is known well enough for a rank."
    first = ranking.sort("rank", "city").row(0, named=True)
    oftenest = ranking.sort("p_first", descending=True).row(0, named=True)
    if oftenest["p_first"] > first["p_first"]:
        return (
            f"{first['city']} ranks first by the median score, but {oftenest['city']} is first with greater probability "
            f"({probability(oftenest['p_first'])} against {probability(first['p_first'])}): they are not separable."
        )
    how_sure = (
        f"first with probability {probability(first['p_first'])}, {over_other_ways(first)} over other ways to make the score"
    )
    rivals = ranking.filter(pl.col("can_be_first") & (pl.col("city") != first["city"])).sort("rank", "city")["city"].to_list()
    if not rivals:
        return f"{first['city']} leads ({how_sure}): no other city can be first."
    return f"{first['city']} has the best shot ({how_sure}) but is not separable from {listed(rivals)}."


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence; of many the first few, and how many more there are."""
    shown = [*names] if len(names) <= NAMED + 1 else [*names[:NAMED], f"{len(names) - NAMED} others"]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1]


def probability(value: float) -> str:
    """Return a probability with two decimals that is 0 or 1 only if no draw says otherwise."""
    if 0 < value < 0.005:
        return "<0.01"
    if 0.995 <= value < 1:
        return ">0.99"
    return f"{value:.2f}"


def over_other_ways(row: dict[str, Any]) -> str:
    """Return the range of the probability of the first rank over the ways to make the score."""
    low, high = probability(row["p_first_low"]), probability(row["p_first_high"])
    return low if low == high else f"{low}–{high}"


def of_benchmark(times_less: float) -> str:
    """Return how much of what the benchmark has ``times_less`` stands for: 1/9, 3/4, 1.4 times; two digits at most."""
    if times_less <= 0.95:
        return f"{1 / times_less:.1f} times"
    if times_less < 2.7:
        return str(Fraction(1 / times_less).limit_denominator(5))
    return f"1/{float(f'{times_less:.2g}'):.0f}" if times_less < LEAST else f"<1/{LEAST:,}"


def moved(row: dict[str, Any]) -> str:
    """Return what a list has changed, from a row of ``index.lists``."""
    said = f"{row['list']} ({row['quantity']}): {row['n']:,.0f} rows"
    if not row["scores_moved"]:
        return f"{said}, moved no city by half a point"
    most = "" if row["most_moved"] is None else f", most {row['most_moved']} by {row['most_moved_by']:+.1f}"
    return f"{said}, moved {row['scores_moved']:,} {'city' if row['scores_moved'] == 1 else 'cities'}{most}"
