"""Claims 2 and 5: who has the tech schools, and whether founders come from the same school and year."""

from functools import partial
from math import isclose

import numpy as np
import polars as pl

from pipelines.claims.facts import ALL_LISTS, BEIJING, REGISTER_DATASET, Facts, Window, sources
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Completeness, Finding, no_data, verdict, wilson
from pipelines.claims.models import schoolmates as cohorts
from pipelines.index import UNDATED, draws

#: Lists that decide, by what they count: the universities that were to be the best in research, and cited works since that
#: programme ended. Institutions of every kind, programmes with schools of music and sports, and one subject alone stand beside.
_DECIDING = ("985", "top10_works")

#: Wins over every other city that support the claim; so few over one of them contradict it, divided by the number of others where
#: each is a test of its own, since one of many is easily above by chance.
WINS, LOSSES = 0.95, 0.05


def schools(facts: Facts, window: Window, dataset: str = ALL_LISTS) -> Finding:
    """Test claim 2: the city's pairwise wins on the schools pillar, at the end of the window."""
    result = facts.index
    year = list(result.years).index(window.last)
    members = np.flatnonzero(result.ranked[year])
    names = [result.cities[member] for member in members]
    if BEIJING not in names or len(names) < 2:
        return no_data(len(names), "too few ranked cities")
    drawn = result.draws["P1"][year][:, members]
    lowest, closest = _lowest_win(drawn, names, BEIJING)
    low, high = wilson(round(lowest * len(drawn)), len(drawn))
    found = (
        f"Beijing is above {closest}, the closest of {len(names)} ranked cities, on the schools pillar in {lowest:.0%} of draws"
    )
    is_undated = window.name == "baseline" and isclose(facts.undated_weight("P1"), 1)
    detail = "by all lists, none of which has dates" if is_undated else f"in {window.last}, by all lists"
    decision = verdict(lowest >= WINS, lowest <= LOSSES)
    return Finding(
        *(decision, lowest, low, high, len(names), found, detail),
        range_is="precision of the simulation",
        years=(None, None) if is_undated else None,
    )


def _lowest_win(drawn: np.ndarray, names: list[str], city: str) -> tuple[float, str]:
    """Return how often the city is above the other one that it is least often above, and that city; of several, the nearest."""
    own = names.index(city)
    wins, gaps = draws.wins_of(drawn, own), draws.median(drawn[:, [own]] - drawn)
    _, _, closest = min((wins[index], gaps[index], index) for index in range(len(names)) if index != own)
    return float(wins[closest]), names[closest]


def listed(measure: str, facts: Facts, window: Window, dataset: str, is_complete: bool = False) -> Finding:
    """Test claim 2 on a list of universities: whether the city has more of what it counts than each other city.

    A complete list has no margin of error, so its counts decide. A list of chosen universities supports the
    claim only if the city also leads when they are resampled. For a complete list that result is reported beside the verdict: it
    shows whether the lead rests on a few universities.
    """
    rows = _in_force(facts, window, dataset, measure)
    if rows.height < LEAST:
        return no_data(rows.height, f"{rows.height} universities on a list of the time")
    table = rows.pivot("city", index="university", values="value", aggregate_function="sum").fill_null(0).sort("university")
    names = sorted(table.columns[1:])
    if BEIJING not in names or len(names) < 2:
        return no_data(table.height, "no university of Beijing")
    values = table.select(names).to_numpy().astype(float)
    drawn = draws.resample(draws.BOOTSTRAPS, len(values), np.random.default_rng(SEED)) @ values
    lowest, closest = _lowest_win(drawn, names, BEIJING)
    totals = dict(zip(names, values.sum(0), strict=True))
    largest = sorted(names, key=lambda name: (-totals[name], name))
    rival = next(name for name in largest if name != BEIJING) if is_complete else closest
    estimate = float(_part(np.array(totals[BEIJING]), np.array(totals[rival])))
    editions = rows["year_from"].drop_nulls().unique().sort().to_list()
    found = f"{_COUNTED.get(measure, f'universities of the {measure} programme')}: "
    found += ", ".join(f"{name} {totals[name]:,.0f}" for name in largest[:3])
    # A list of a source without dates is of the year of its edition.
    years = (editions[-1], editions[-1]) if editions and window.last == UNDATED else None
    detail = (
        f"{f'list of {editions[-1]}' if editions else 'a list without date'}; the statistic is Beijing's part of what it and "
        f"{rival} have; with {len(values)} universities resampled Beijing is above {closest}, the closest, in {lowest:.0%}"
    )
    if is_complete:
        detail += "; that is not a margin of error, and says whether a few of them decide"
        return Finding(verdict(estimate > 0.5, estimate < 0.5), estimate, None, None, len(values), found, detail, years=years)
    low, high = draws.interval(_part(drawn[:, names.index(BEIJING)], drawn[:, names.index(rival)]))
    decision = verdict(lowest >= WINS, lowest <= LOSSES / (len(names) - 1))
    return Finding(decision, estimate, float(low), float(high), len(values), found, detail, years=years)


def _part(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return our part of both; a half of nothing."""
    both = ours + theirs
    return np.where(both > 0, ours / np.maximum(both, np.finfo(float).tiny), 0.5)


def _in_force(facts: Facts, window: Window, dataset: str, measure: str) -> pl.DataFrame:
    """Return the rows of a list that was in force at the end of the window; one without dates says nothing of the past."""
    rows = facts.school_lists.filter(dataset=dataset, measure=measure, country=facts.country)
    was_in_force = (pl.col("year_from") <= window.last) & (pl.col("year_to").fill_null(window.last) >= window.last)
    is_in_force = pl.col("year_to").is_null()
    kept = rows.filter(was_in_force.fill_null(False) if window.name == "baseline" else is_in_force)
    return kept.drop_nulls("city").sort("university", "city")


def schoolmates(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claim 5: pairs of founders from one school and entry year over their number by chance.

    Cohorts ten years apart are shown beside it. A founder counts with the first company. If most entry years are unknown
    there is no verdict: those that are known come from biographies, which tend to mention classmates.
    """
    first = _first_companies(facts, window)
    attended = first.group_by("founder", "university").agg(pl.col("entry_year").count() > 0)
    n = int(attended["entry_year"].sum())
    years = first.select(pl.col("founded").min()).item(), window.last
    known = f"entry years known for {n} of {attended.height} founder–school pairs of companies founded by {window.last}"
    cells = (
        first.drop_nulls("entry_year").unique(["company", "university", "entry_year"]).sort("university", "entry_year", "company")
    )
    school, entered, company = (cells[name].to_numpy() for name in ("university", "entry_year", "company"))
    rng = np.random.default_rng(SEED)
    cohort, placebo = (cohorts.clustering(school, entered, company, apart, rng) for apart in (0, cohorts.PLACEBO))
    if cohort is None or placebo is None:
        return no_data(n, f"{known}; no two founders to compare", years)
    found = f"{cohort.observed} pairs of founders share school and year where {cohort.expected:.1f} are expected by chance"
    detail = (
        f"entries from {cohorts.RESUMED}, p = {cohort.p:.3f}; {cohorts.PLACEBO} years apart {placebo.observed} where "
        f"{placebo.expected:.1f}, p = {placebo.p:.3f}; {known}"
    )
    if 2 * n < attended.height or min(cohort.expected, placebo.expected) < LEAST:
        return no_data(n, f"too few: {found}; {detail}", years)
    decision = verdict(cohort.p < 0.01 and placebo.p >= 0.05, placebo.p < 0.01 and placebo.ratio >= cohort.low)
    caveat = ", which is consistent with schoolmates mattering and no proof" if decision == "supported" else ""
    return Finding(decision, cohort.ratio, cohort.low, cohort.high, n, found + caveat, detail, years=years)


def _first_companies(facts: Facts, window: Window) -> pl.DataFrame:
    """Return the schools of founders, each founder with the first company founded by the end of the window."""
    companies = facts.companies.filter(pl.col("founded") <= window.last, country=facts.country)
    return (
        facts.founder_schools.join(companies.select("company", "founded"), on="company")
        .sort("founder", "founded", "company", "university", "entry_year")
        .filter(pl.col("company") == pl.col("company").first().over("founder"))
    )


def _datasets(measure: str, facts: Facts) -> list[str]:
    # Without a list that decides there is still a finding, of no data.
    none = [REGISTER_DATASET] if measure in _DECIDING else []
    return sources(facts.school_lists.filter(measure=measure)) or none


#: Lists that leave nothing out of what they count → the table they come from.
_ENUMERATIONS = {
    "985": "core.elite_universities",
    "211": "core.elite_universities",
    "Double First-Class": "core.elite_universities",
    "undergraduate institutions": "core.institutions",
}

#: Measures of chosen universities.
_SAMPLES = ("cs_faculty", "top10_works")

#: What a measure counts, in words.
_COUNTED = {
    "undergraduate institutions": "institutions of every kind that award bachelor's degrees",
    "cs_faculty": "computer science faculty",
    "top10_works": "works of listed universities in the world's most cited tenth",
}


def _listed(measure: str, table: str, completeness: Completeness) -> ClaimTest:
    test = partial(listed, measure, is_complete=completeness == "enumeration")
    return ClaimTest("2", measure, test, table, partial(_datasets, measure), measure not in _DECIDING, completeness)


_TABLES = "core.universities, core.founder_schools, index.scores"

TESTS = [
    *(_listed(measure, table, "enumeration") for measure, table in _ENUMERATIONS.items()),
    ClaimTest("2", "schools pillar", schools, _TABLES, lambda facts: [ALL_LISTS], is_beside=True, completeness="all lists"),
    *(_listed(measure, "core.research", "sample") for measure in _SAMPLES),
    ClaimTest("5", "cohorts", schoolmates, "core.founder_schools, core.companies"),
]
