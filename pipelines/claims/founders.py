"""Claims 4 and 6: second-time founders, and where returnees go."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import scipy

from pipelines.claims.facts import BEIJING, REGISTER_DATASET, SHANGHAI, Facts, Window
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, beyond, no_data, verdict
from pipelines.index import draws
from pipelines.index.draws import LEVEL

#: Years before the window from which companies count: ten with the window's own.
EARLIER = 6

#: The odds are higher in the city, as a logarithm.
IS_MORE = beyond(0.0)


@dataclass(frozen=True)
class _Histories:
    """The founders of a city: how many founded before, how many have a known history, and how many there are."""

    repeat: int
    known: int
    all: int

    def share(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw the share that founded before, (draw,), as if founders without a known history were like the others."""
        return _part(self.repeat, self.known, rng, size)

    def least(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw that share as if no founder without a known history founded before."""
        return _part(self.repeat, self.all, rng, size)

    def most(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw that share as if every one of them did."""
        return _part(self.repeat + self.all - self.known, self.all, rng, size)


def _part(some: int, of: int, rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw the share ``some`` / ``of`` under Jeffreys's prior, (draw,): a city without any still has an interval."""
    return rng.beta(some + 0.5, of - some + 0.5, size)


def repeat_founding(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claim 4: the city's number of repeat founders over that of the city with the next most companies founded.

    The number is that of companies founded by all lists, times the part of the founders with a known history that founded before.
    The rival is set by size, not by its rate: the highest of several noisy rates beats almost anyone. If most histories in
    either city are unknown, there is no verdict: the known ones come from biographies, which tend to mention earlier companies.
    They may do so more in one city than in the other, so the bounds, which take the unknown either way, have to say the same.
    """
    years = _ten_years(facts, window)
    founded = facts.founders.filter(pl.col("founded").is_between(years[0], years[-1]) & (pl.col("country") == facts.country))
    history = pl.col("n_earlier_ventures")
    counts = founded.group_by("city").agg((history > 0).sum(), history.count().alias("known"), pl.len().alias("all"))
    of_city = {name: _Histories(*row) for name, *row in counts.filter(pl.col("known") >= LEAST).iter_rows()}
    numbers = facts.quantity("founders", years, sorted(of_city))
    if numbers is None or BEIJING not in numbers or len(numbers) < 2:
        n = int(counts["known"].sum())
        return no_data(n, f"{n} founders with a known history; two cities with {LEAST} are needed", (years[0], years[-1]))
    rival = max((name for name in numbers if name != BEIJING), key=lambda name: float(np.median(numbers[name])))
    found = _compared(
        BEIJING, rival, of_city, numbers[BEIJING] / numbers[rival], f"companies founded {years[0]}–{years[-1]}, by all lists"
    )
    return replace(found, years=(years[0], years[-1]))


def _ten_years(facts: Facts, window: Window) -> range:
    """Return the ten years to the end of the window, or to the last one of which a list counts the companies founded."""
    here = (pl.col("started") == "founded") & (pl.col("country") == facts.country)
    counted = facts.company_starts.filter(here)["year"].to_list()
    last = min(window.last, max(counted, default=window.last))
    return range(last - (window.last - window.first) - EARLIER, last + 1)


def _compared(city: str, rival: str, of_city: dict[str, _Histories], times: np.ndarray, counted: str) -> Finding:
    """Return the finding on two cities, one of which has so many ``times`` (draw,) as many founders."""
    ours, theirs = of_city[city], of_city[rival]
    n, rng, size = ours.known + theirs.known, np.random.default_rng(SEED), max(len(times), draws.BOOTSTRAPS)
    times = np.resize(times, size)
    shares = ours.share(rng, size) / theirs.share(rng, size)
    fewest, most = ours.least(rng, size) / theirs.most(rng, size), ours.most(rng, size) / theirs.least(rng, size)
    bounds = float(draws.interval(times * fewest)[0]), float(draws.interval(times * most)[1])
    known = (
        f"histories are known of {ours.known} of {ours.all} founders in {city} and of {theirs.known} of {theirs.all} in {rival}"
    )
    either_way = f"with those unknown taken either way {bounds[0]:.1f} to {bounds[1]:.1f} times as many repeat founders"
    if any(2 * one.known < one.all for one in (ours, theirs)):
        return no_data(n, f"too few: {known}; {counted}; {either_way}")
    number = times * shares
    (low, high), (share_low, share_high) = (map(float, draws.interval(drawn)) for drawn in (number, shares))
    estimate = float(np.median(number))
    found = f"{city} has {estimate:.1f} times as many repeat founders as {rival} ({low:.1f}–{high:.1f})"
    detail = (
        f"{counted}; of those with a known history {ours.repeat} of {ours.known} founded before in {city}, {theirs.repeat} of "
        f"{theirs.known} in {rival}: a share {float(np.median(shares)):.2f} times as high ({share_low:.2f}–{share_high:.2f}); "
        f"{known}; {either_way}"
    )
    more, fewer, rarer = min(low, bounds[0]) > 1, max(high, bounds[1]) < 1, max(share_high, float(draws.interval(most)[1])) < 1
    decision = verdict(more and share_high >= 1, fewer or (rarer and low <= 1))
    return Finding(decision, estimate, low, high, n, found, detail, bounds)


def returnees(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claim 6: the log odds ratio of tech against finance returnees, a half added to each cell (Haldane–Anscombe).

    Only a list that looks at both kinds can tell. One of technology founders holds those bankers who left banking.
    """
    years = window.first - EARLIER, window.last
    known = facts.founders.filter(
        pl.col("founded").is_between(*years) & pl.col("is_returnee") & pl.col("field").is_in(["tech", "finance"])
    )
    cells = [
        known.filter((pl.col("city") == place) & (pl.col("field") == field)).height
        for place in (BEIJING, SHANGHAI)
        for field in ("tech", "finance")
    ]
    counted = f"Beijing {cells[0]} tech, {cells[1]} finance; Shanghai {cells[2]} tech, {cells[3]} finance"
    detail = f"companies founded {years[0]}–{years[1]}"
    if min(cells[0] + cells[1], cells[2] + cells[3]) < LEAST:
        return no_data(sum(cells), f"returnee founders: {counted}", years)
    if cells[1] + cells[3] < LEAST:
        found = f"the list holds technology founders, {cells[1] + cells[3]} of whom came from finance: {counted}"
        return Finding("not testable here", None, None, None, sum(cells), found, detail, years=years)
    adjusted = np.array(cells) + 0.5
    estimate = float(np.log(adjusted[0] * adjusted[3] / (adjusted[1] * adjusted[2])))
    reach = float(scipy.stats.norm.ppf(0.5 + LEVEL / 2) * np.sqrt((1 / adjusted).sum()))
    low, high = estimate - reach, estimate + reach
    found = f"the odds of tech against finance among returnees are {np.exp(estimate):.1f} times as high in Beijing: {counted}"
    return Finding(IS_MORE(low, high), estimate, low, high, sum(cells), found, detail, years=years)


TESTS = [
    ClaimTest("4", "repeat founders", repeat_founding, "core.founders, marts.list_counts, index.scores"),
    ClaimTest("6", "returnees", returnees, "core.founders", rule=IS_MORE),
]
