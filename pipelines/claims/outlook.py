"""Claims 14 and 15: who has the best shot, and how far it is."""

from math import isclose

import numpy as np
import polars as pl

from pipelines.claims.facts import ALL_LISTS, BEIJING, Facts, Window, sources
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, no_data, verdict, wilson
from pipelines.index import BENCHMARK, draws, scale
from pipelines.index.values import years_of


def best_shot(facts: Facts, window: Window, dataset: str = ALL_LISTS) -> Finding:
    """Test claim 14: how often the city is first on Readiness given the published choices, in the last year of the window."""
    result = facts.index
    year = min(window.last, int(result.years[-1]))
    first, last = years_of(year)
    index = list(result.years).index(year)
    members = np.flatnonzero(result.ranked[index])
    names = [result.cities[member] for member in members]
    if BEIJING not in names or len(names) < 2:
        return no_data(len(names), f"too few ranked cities in {year}")
    drawn = result.posterior_draws["Readiness"][index][:, members]
    share = float(draws.first(drawn)[names.index(BEIJING)])
    low, high = wilson(round(share * len(drawn)), len(drawn))
    found = f"Beijing is first on Readiness in {share:.1%} of draws in {year}"
    detail = f"by all lists and the published choices; {len(names)} ranked cities"
    undated = facts.undated_weight("Readiness") if window.name == "baseline" else 0.0
    if undated:
        dated = draws.first(_of_dated_pillars(facts, index, members))[names.index(BEIJING)]
        detail += (
            f"; {undated:.0%} of the weight of Readiness is of lists of another year or without one; by the other pillars alone "
            f"in {dated:.1%}"
        )
    if carried := facts.carried_weight("Readiness", year):
        detail += f"; {carried:.0%} of the weight of Readiness is of lists that end before {first}"
    decision = verdict(low >= 0.90, high < 0.50)
    return Finding(
        *(decision, share, low, high, len(names), found, detail),
        range_is="precision of the simulation",
        years=(first, last),
        is_partly_undated=undated > 0,
    )


def _of_dated_pillars(facts: Facts, year: int, members: np.ndarray) -> np.ndarray:
    """Return draws (draw, city) of the mean of those pillars of Readiness that have an indicator with dates."""
    result, definitions = facts.index, facts.index.definitions
    pillars = [pillar for pillar in definitions.scores["Readiness"] if not isclose(facts.undated_weight(pillar), 1)]
    weights = result.reliability[[definitions.pillars.index(pillar) for pillar in pillars]]
    drawn = [result.posterior_draws[pillar][year][:, members] for pillar in pillars]
    return np.asarray(np.average(drawn, axis=0, weights=weights))


def distance(facts: Facts, window: Window, dataset: str = ALL_LISTS) -> Finding:
    """Test claim 15: the city's Realised score as a share of the benchmark's, at the end of the window."""
    result = facts.index
    year = list(result.years).index(window.last)
    place = result.cities.index(BEIJING)
    if not result.ranked[year, place]:
        return no_data(0, f"Beijing is not ranked in {window.last}")
    # On the plain scale: logarithms, as in the score, would make any two large cities look alike.
    drawn = result.posterior_draws["Realised"][year].astype(float)
    ratios = 1 / scale.times_less(100 + drawn[:, place] - drawn[:, result.benchmark])
    low, high = (float(bound) for bound in draws.interval(ratios))
    share = float(np.median(ratios))
    found = f"Beijing has {share:.0%} of what {BENCHMARK} has ({low:.0%}–{high:.0%}) in {window.last}"
    n = result.definitions.table.filter(measure="Realised").height
    detail = "geometric mean over the Realised indicators, which n counts, by all lists and the published choices"
    return Finding(verdict(high < 0.5, low >= 1.0), share, low, high, n, found, detail)


def unicorns(facts: Facts, window: Window, dataset: str) -> Finding:
    """Test claim 15 on a worldwide list of unicorns: the city's over the benchmark's, companies resampled.

    Companies whose city is not known may be in the city, or in the benchmark, of their country: the bounds take them all as
    elsewhere, or as there. Companies that have left a list are not on it, so it says nothing of the past.
    """
    if window.name == "baseline":
        return no_data(0, "a list of those on it today")
    rows = facts.unicorns.filter(dataset=dataset)
    home = rows.filter(city=BENCHMARK)["country"].drop_nulls().mode().sort().to_list()[:1]
    here, there = (rows.filter(city=place).height for place in (BEIJING, BENCHMARK))
    open_to = [rows.filter(pl.col("city").is_null(), country=country).height for country in (facts.country, *home)]
    found = f"{here} unicorns of {rows.height} are in Beijing, {there} in {BENCHMARK}"
    if min(here, there) < LEAST:
        return no_data(here + there, found)
    parts = np.array([here, there, *open_to, rows.height - here - there - sum(open_to)])
    ours, theirs, maybe_ours, maybe_theirs, _ = (
        np.random.default_rng(SEED).multinomial(rows.height, parts / rows.height, size=draws.BOOTSTRAPS).T
    )
    low, _ = draws.interval(ours / (theirs + maybe_theirs))
    _, high = draws.interval((ours + maybe_ours) / theirs)
    decision = verdict(bool(high < 0.5), bool(low >= 1.0))
    detail = f"the interval takes the {sum(open_to)} of unknown city either way"
    return Finding(decision, here / there, float(low), float(high), here + there, found, detail)


_TABLES = "marts.evidence, index.scores"

TESTS = [
    ClaimTest("14", "Readiness", best_shot, _TABLES, lambda facts: [ALL_LISTS], completeness="all lists"),
    ClaimTest("15", "Realised", distance, _TABLES, lambda facts: [ALL_LISTS], completeness="all lists"),
    ClaimTest("15", "unicorns", unicorns, "core.unicorns", lambda facts: sources(facts.unicorns)),
]
