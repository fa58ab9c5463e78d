"""Claim 8: whether the lead can be caught up with."""

from dataclasses import replace

import numpy as np
import scipy

from pipelines.claims import growth
from pipelines.claims.facts import BEIJING, REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import SEED, ClaimTest, Finding, RangeIs, verdict, wilson
from pipelines.claims.models import growth as model
from pipelines.claims.models import leads
from pipelines.index import draws
from pipelines.index.draws import LEVEL

#: Years ahead in which a lead may be lost, and futures simulated, each compared with every draw of the coverage.
AHEAD, FUTURES = 5, 4000


def overtaking(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claim 8: how often another city's stock of backed companies is above the city's, or passes it within five years.

    The growth model runs on from today's gap, each future under parameters of its own. Today's stocks are uncertain too: they are
    divided by the share that the source holds of each city, as drawn, and the interval is that of the probability over those.
    Draws in which another city is ahead already count against the claim: a lead that is not there is not hard to catch up with.
    A source of which these shares are not measured is taken to hold the same of all cities, and the interval is the
    simulation's. It covers the interval by each of ``STARTS``. A verdict has to be beyond the error of the simulation.
    """
    fitted = growth.panel(facts, window.last, dataset, False)
    if fitted is None or BEIJING not in fitted[0].cities():
        return growth.too_few(facts, window, dataset)
    flows, fits = fitted
    compared, coverage = _compared(facts, flows, dataset, BEIJING, window.last)
    if len(compared) < 2:
        return growth.too_few(facts, window, dataset)
    places, years = [flows.units.index(name) for name in compared], (int(flows.years[0]), window.last)
    today, n = flows.after[-1, places], int(flows.after[-1].sum())
    alike, rng = np.ones((1, len(compared))), np.random.default_rng(SEED)
    shares, gaps = alike if coverage is None else coverage, flows.after[-1] / today[0]
    by_start = [model.simulate(flows.new, flows.stock, fit, AHEAD, FUTURES, rng) for fit in fits]
    every = [np.maximum((ahead / ahead[:, :, places[:1]]).max(1), gaps) for ahead in by_start]
    ratios = [ratio[:, places[1:]] for ratio in every]
    passed = [_passed(ratio, shares) for ratio in ratios]
    chances = [float(chance.mean()) for chance in passed]
    found = (
        f"Beijing had {today[0]:.0f} funded companies in {window.last} and {compared[1]} {today[1]:.0f}, as listed; another city "
        f"is ahead or passes it by {window.last + AHEAD} with probability {chances[0]:.2f}"
    )
    detail = "the source is taken to hold the same share of all cities"
    if coverage is not None:
        detail = (
            f"stocks divided by the share that the source holds of them; {_passed(ratios[0], alike).mean():.3f} if it held the "
            f"same of all; another city is ahead already in {_passed(gaps[None, places[1:]], shares).mean():.3f} of draws"
        )
    detail += _bound_by_provinces(flows, every[0], places[1:])
    gained = by_start[0][:, -1, places] - today
    more = _passed(gained[:, 1:] / np.maximum(gained[:, :1], 0.5), shares).mean()
    detail += f"; P(another has more new companies over the five years) {more:.2f}; {growth.by_start('the probability', chances)}"
    return replace(_judged(passed, coverage is not None, n, found, detail), years=years)


def _compared(facts: Facts, flows: leads.FlowPanel, dataset: str, city: str, year: int) -> tuple[list[str], np.ndarray | None]:
    """Return the city and its rivals by size, and what share the source holds of each, (draw, city); None if not measured."""
    measured = set(facts.index.inputs.posterior.layout.cities)
    is_measured = facts.coverage("backed_companies", dataset, [city], year) is not None
    compared = [city, *(name for name in flows.cities() if name != city and (not is_measured or name in measured))]
    return compared, facts.coverage("backed_companies", dataset, compared, year) if is_measured else None


def _judged(passed: list[np.ndarray], is_measured: bool, n: int, found: str, detail: str) -> Finding:
    """Return the finding on the chances by each of ``STARTS``, (draw,), the usual one first."""
    lows, highs = zip(*(_interval(chance, is_measured) for chance in passed), strict=True)
    least, mean, most = zip(*map(_with_error, passed), strict=True)
    decision = verdict(max(mean) < 0.05 and max(most) < 0.25, min(least) > 0.25)
    detail += f"; with the error of the simulation the mean is at most {max(mean):.3f}, and the interval ends at {max(most):.3f}"
    range_is: RangeIs = "90% interval" if is_measured else "precision of the simulation"
    return Finding(decision, float(passed[0].mean()), min(lows), max(highs), n, found, detail, range_is=range_is)


def _interval(passed: np.ndarray, is_measured: bool) -> tuple[float, float]:
    """Return the interval of a chance over the draws of coverage, or how exactly it was simulated."""
    if not is_measured:
        return wilson(round(float(passed.mean()) * FUTURES), FUTURES)
    low, high = draws.interval(passed)
    return float(low), float(high)


def _with_error(passed: np.ndarray) -> tuple[float, float, float]:
    """Return lower end, mean and upper end of a chance over the draws of coverage, each at the end of its simulation error.

    The ends are those of the exact interval of a quantile (independent draws), and of Wilson's for the futures.
    """
    beyond, part = float(scipy.stats.norm.ppf(0.5 + LEVEL / 2)), (1 - LEVEL) / 2
    reach = beyond * np.sqrt(part * (1 - part) / len(passed))
    low, high = np.quantile(passed, [max(part - reach, 0), min(1 - part + reach, 1)])
    mean = min(float(passed.mean() + beyond * passed.std() / np.sqrt(len(passed))), 1.0)
    of_futures = [wilson(round(end * FUTURES), FUTURES) for end in (low, mean, high)]
    return of_futures[0][0], of_futures[1][1], of_futures[2][1]


def _bound_by_provinces(flows: leads.FlowPanel, ratios: np.ndarray, rivals: list[int]) -> str:
    """Say how likely the city is overtaken if each province known only as such were one city, since no city exceeds its own.

    ``ratios`` (future, unit) are the counts over the city's.
    """
    provinces = np.flatnonzero(~flows.is_city)
    if not len(provinces):
        return ""
    passed = (ratios[:, [*provinces.tolist(), *rivals]] > 1).any(1)
    return f"; {float(passed.mean()):.3f} if every province known only as such were one city"


def _passed(ratios: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return, for each draw of ``shares`` (draw, city), the part of futures in which a rival is above the first city.

    ``ratios`` (future, rival) are the rivals' counts over the first city's, as observed.
    """
    above = np.zeros((len(shares), len(ratios)), dtype=bool)
    for rival in range(ratios.shape[1]):
        needed = shares[:, rival + 1] / shares[:, 0]
        # Most rivals are too small to be ahead under any draw.
        if ratios[:, rival].max() > needed.min():
            above |= ratios[:, rival] > needed[:, None]
    return above.mean(1)


TESTS = [
    ClaimTest(
        "8", "stock of backed companies", overtaking, "core.deals_by_source, index.attention, index.lists", Facts.deal_datasets
    )
]
