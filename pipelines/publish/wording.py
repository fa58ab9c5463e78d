"""Numbers to words by fixed rules, so that no sentence claims more than the draws carry."""

import polars as pl

#: "Leads" is said only of a city that is above each other one in this share of all draws.
LEADS = 0.95


def headline(ranking: pl.DataFrame, pairwise: pl.DataFrame) -> str:
    """One sentence on who is first.

    ``ranking`` has rank, city and p_first of one score; ``pairwise`` city, other and p_above of the same.
    """
    first = ranking.sort("rank", "city").row(0, named=True)
    against = pairwise.filter(pl.col("city") == first["city"])
    oftenest = ranking.sort("p_first", descending=True).row(0, named=True)
    if oftenest["p_first"] > first["p_first"]:
        return (
            f"{first['city']} ranks first by the published choices, but {oftenest['city']} is first in more of all draws "
            f"({oftenest['p_first']:.0%} against {first['p_first']:.0%}): they are not separable."
        )
    close = against.filter(pl.col("p_above") < LEADS).sort("p_above")["other"].to_list()
    if not close:
        return f"{first['city']} leads: it is first in {first['p_first']:.0%} of all draws and separable from every other city."
    others = ", ".join(close[:-1]) + (" and " if len(close) > 1 else "") + close[-1]
    return f"{first['city']} has the best shot (first in {first['p_first']:.0%} of all draws) but is not separable from {others}."
