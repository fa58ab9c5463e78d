"""Claims 4 and 6: second-time founders, and where returnees go."""

import numpy as np
import polars as pl
import scipy

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, ClaimTest, Finding, no_data, verdict
from pipelines.index.draws import LEVEL

#: Years before the window from which companies count for claim 6: ten with the window's own.
EARLIER = 6


def repeat_founding(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
    """Test claim 4: the rate ratio of repeat founders against the city with the next most founders.

    The rival is set by size, not by its rate: the highest of several noisy rates beats almost anyone.
    """
    known = facts.founders.filter(
        pl.col("founded").is_between(window.first, window.last)
        & (pl.col("country") == facts.country)
        & pl.col("n_earlier_ventures").is_not_null()
    )
    counts = known.group_by("city").agg(pl.len().alias("n"), (pl.col("n_earlier_ventures") > 0).sum().alias("k"))
    enough = {row["city"]: (row["k"], row["n"]) for row in counts.iter_rows(named=True) if row["n"] >= LEAST}
    rivals = {name: pair for name, pair in enough.items() if name != city}
    if city not in enough or not rivals:
        return no_data(known.height, f"{known.height} founders with a known history; two cities with {LEAST} are needed")
    rival = max(sorted(rivals), key=lambda name: rivals[name][1])
    (k, n), (rk, rn) = enough[city], rivals[rival]
    # Walter's half-corrected log ratio, so that a rival without repeat founders still has an interval.
    estimate = np.log((k + 0.5) / (n + 0.5)) - np.log((rk + 0.5) / (rn + 0.5))
    error = np.sqrt(1 / (k + 0.5) - 1 / (n + 0.5) + 1 / (rk + 0.5) - 1 / (rn + 0.5))
    reach = scipy.stats.norm.ppf(0.5 + LEVEL / 2) * error
    low, high = float(np.exp(estimate - reach)), float(np.exp(estimate + reach))
    detail = f"{city} {k} of {n} founders against {rival} {rk} of {rn}"
    return Finding(verdict(low > 1, high < 1), float(np.exp(estimate)), low, high, n + rn, detail)


def returnees(
    facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing", rival: str = "Shanghai"
) -> Finding:
    """Test claim 6: the log odds ratio of tech against finance returnees, a half added to each cell (Haldane–Anscombe)."""
    first = window.first - EARLIER
    known = facts.founders.filter(
        pl.col("founded").is_between(first, window.last) & pl.col("is_returnee") & pl.col("field").is_in(["tech", "finance"])
    )
    cells = [
        known.filter((pl.col("city") == place) & (pl.col("field") == field)).height
        for place in (city, rival)
        for field in ("tech", "finance")
    ]
    detail = (
        f"{city} {cells[0]} tech, {cells[1]} finance; {rival} {cells[2]} tech, {cells[3]} finance; "
        f"companies founded {first}–{window.last}"
    )
    if min(cells[0] + cells[1], cells[2] + cells[3]) < LEAST:
        return no_data(sum(cells), detail)
    adjusted = np.array(cells) + 0.5
    estimate = float(np.log(adjusted[0] * adjusted[3] / (adjusted[1] * adjusted[2])))
    reach = float(scipy.stats.norm.ppf(0.5 + LEVEL / 2) * np.sqrt((1 / adjusted).sum()))
    low, high = estimate - reach, estimate + reach
    return Finding(verdict(low > 0, high < 0), estimate, low, high, sum(cells), detail)


TESTS = [
    ClaimTest("4", "repeat founders", repeat_founding, "core.founders"),
    ClaimTest("6", "returnees", returnees, "core.founders"),
]
