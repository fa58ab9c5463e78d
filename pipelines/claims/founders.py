"""Claims 4 and 6: second-time founders, and where returnees go."""

import numpy as np
import polars as pl
import scipy

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, beyond, no_data, verdict
from pipelines.index import draws
from pipelines.index.draws import LEVEL

#: Years before the window from which companies count: ten with the window's own.
EARLIER = 6

#: The odds are higher in the city, as a logarithm.
IS_MORE = beyond(0.0)


def repeat_founding(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
    """Test claim 4: the city's number of repeat founders over that of the city with the next most founders.

    The number is that of founders by all lists, times the part of those with a known history that founded before. The rival is
    set by size, not by its rate: the highest of several noisy rates beats almost anyone.
    """
    first = window.first - EARLIER
    known = facts.founders.filter(
        pl.col("founded").is_between(first, window.last)
        & (pl.col("country") == facts.country)
        & pl.col("n_earlier_ventures").is_not_null()
    )
    counts = known.group_by("city").agg(pl.len().alias("n"), (pl.col("n_earlier_ventures") > 0).sum().alias("k"))
    enough = {row["city"]: (row["k"], row["n"]) for row in counts.iter_rows(named=True) if row["n"] >= LEAST}
    numbers = facts.quantity("founders", range(first, window.last + 1), sorted(enough))
    if numbers is None or city not in numbers or len(numbers) < 2:
        return no_data(known.height, f"{known.height} founders with a known history; two cities with {LEAST} are needed")
    rival = max((name for name in numbers if name != city), key=lambda name: float(np.median(numbers[name])))
    rng = np.random.default_rng(SEED)
    (k, n), (rk, rn) = enough[city], enough[rival]
    # Jeffreys's prior, so that a rival without repeat founders still has an interval.
    size = max(len(numbers[city]), draws.BOOTSTRAPS)
    shares = rng.beta(k + 0.5, n - k + 0.5, size) / rng.beta(rk + 0.5, rn - rk + 0.5, size)
    number = np.resize(numbers[city] / numbers[rival], size) * shares
    (low, high), (share_low, share_high) = (map(float, draws.interval(drawn)) for drawn in (number, shares))
    estimate = float(np.median(number))
    found = f"{city} has {estimate:.1f} times as many repeat founders as {rival} ({low:.1f}–{high:.1f})"
    detail = (
        f"founders by all lists, {first}–{window.last}; of those with a known history {k} of {n} founded before in {city}, "
        f"{rk} of {rn} in {rival}: a share {float(np.median(shares)):.2f} times as high ({share_low:.2f}–{share_high:.2f}); "
        "founders without a known history are taken to be like them"
    )
    decision = verdict(low > 1 and share_high >= 1, high < 1 or (share_high < 1 and low <= 1))
    return Finding(decision, estimate, low, high, n + rn, found, detail)


def returnees(
    facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing", rival: str = "Shanghai"
) -> Finding:
    """Test claim 6: the log odds ratio of tech against finance returnees, a half added to each cell (Haldane–Anscombe).

    Only a list that looks at both kinds can tell. One of technology founders holds those bankers who left banking.
    """
    first = window.first - EARLIER
    known = facts.founders.filter(
        pl.col("founded").is_between(first, window.last) & pl.col("is_returnee") & pl.col("field").is_in(["tech", "finance"])
    )
    cells = [
        known.filter((pl.col("city") == place) & (pl.col("field") == field)).height
        for place in (city, rival)
        for field in ("tech", "finance")
    ]
    counted = f"{city} {cells[0]} tech, {cells[1]} finance; {rival} {cells[2]} tech, {cells[3]} finance"
    detail = f"companies founded {first}–{window.last}"
    if min(cells[0] + cells[1], cells[2] + cells[3]) < LEAST:
        return no_data(sum(cells), f"returnee founders: {counted}")
    if cells[1] + cells[3] < LEAST:
        found = f"the list holds technology founders, {cells[1] + cells[3]} of whom came from finance: {counted}"
        return Finding("not testable here", None, None, None, sum(cells), found, detail)
    adjusted = np.array(cells) + 0.5
    estimate = float(np.log(adjusted[0] * adjusted[3] / (adjusted[1] * adjusted[2])))
    reach = float(scipy.stats.norm.ppf(0.5 + LEVEL / 2) * np.sqrt((1 / adjusted).sum()))
    low, high = estimate - reach, estimate + reach
    found = f"the odds of tech against finance among returnees are {np.exp(estimate):.1f} times as high in {city}: {counted}"
    return Finding(IS_MORE(low, high), estimate, low, high, sum(cells), found, detail)


TESTS = [
    ClaimTest("4", "repeat founders", repeat_founding, "core.founders, index.scores"),
    ClaimTest("6", "returnees", returnees, "core.founders", rule=IS_MORE),
]
