"""Claims 2 and 5: who has the tech schools, and whether founders come from the same school and year."""

from collections.abc import Callable

import numpy as np
import polars as pl

from pipelines.claims.base import LEAST, REGISTER, SEED, Facts, Finding, Window, nothing, verdict, wilson
from pipelines.claims.models import schoolmates as peers
from pipelines.index import compute
from pipelines.index import draws as uncertainty


def schools(facts: Facts, window: Window, dataset: str = REGISTER, city: str = "Beijing") -> Finding:
    """Claim 2: pairwise wins of the city on the schools pillar, at the end of the window."""
    result = facts.index
    year = list(result.years).index(window.last)
    members = np.flatnonzero(result.ranked[year])
    names = [result.cities[one] for one in members]
    if city not in names or len(names) < 2:
        return nothing(len(names), "too few ranked cities")
    draws = result.pillar_draws["P1"][:, year, members]
    worst, closest = _lowest_win(draws, names, city)
    low, high = wilson(round(worst * len(draws)), len(draws))
    return Finding(
        verdict(worst >= 0.95, worst <= 0.05),
        worst,
        low,
        high,
        len(names),
        f"lowest pairwise win, against {closest}, of {len(names)} ranked cities in {window.last}; "
        "the interval is that of the simulation",
    )


def _lowest_win(draws: np.ndarray, names: list[str], city: str) -> tuple[float, str]:
    wins = uncertainty.wins(draws)[names.index(city)]
    others = np.array([index for index, name in enumerate(names) if name != city])
    closest = others[wins[others].argmin()]
    return float(wins[closest]), names[closest]


def listed(measure: str) -> Callable[[Facts, Window, str], Finding]:
    """Claim 2 on a list of universities: the same wins, universities resampled: do a few of them decide?"""

    def claim(facts: Facts, window: Window, dataset: str, city: str = "Beijing") -> Finding:
        there = facts.school_lists.filter(
            (pl.col("dataset") == dataset) & (pl.col("measure") == measure) & (pl.col("country") == facts.country)
        )
        # A list without dates says nothing of the past.
        is_then = (pl.col("year_from") <= window.last) & (pl.col("year_to").fill_null(window.last) >= window.last)
        stands = is_then.fill_null(False) if window.name == "baseline" else pl.col("year_to").is_null()
        rows = there.filter(stands).drop_nulls("city").sort("university", "city")
        if rows.height < LEAST:
            return nothing(rows.height, f"{rows.height} universities on a list of the time")
        table = rows.pivot("city", index="university", values="value", aggregate_function="sum").fill_null(0).sort("university")
        names = sorted(table.columns[1:])
        if city not in names or len(names) < 2:
            return nothing(table.height, f"no university of {city}")
        values = table.select(names).to_numpy().astype(float)
        weights = uncertainty.resample(compute.BOOTSTRAPS, len(values), np.random.default_rng(SEED))
        worst, closest = _lowest_win(weights @ values, names, city)
        low, high = wilson(round(worst * compute.BOOTSTRAPS), compute.BOOTSTRAPS)
        order = (-values.sum(0)).argsort(kind="stable")
        top = ", ".join(f"{names[one]} {values[:, one].sum():,.0f}" for one in order[:3])
        dated = rows["year_from"].drop_nulls().unique().sort().to_list()
        detail = (
            f"{top}; lowest pairwise win, against {closest}, {len(values)} universities resampled; "
            f"{measure}{f', list of {dated[-1]}' if dated else ', a list without date'}"
        )
        return Finding(verdict(worst >= 0.95, worst <= 0.05), worst, low, high, len(values), detail)

    return claim


def schoolmates(facts: Facts, window: Window, dataset: str = REGISTER) -> Finding:
    """Claim 5: pairs of founders from one school and entry year over their number by chance; cohorts ten years apart beside.

    A founder counts with the first company. Where most entry years are unknown there is no verdict: those known are
    known from life stories, which tell of classmates.
    """
    companies = facts.companies.filter((pl.col("country") == facts.country) & (pl.col("founded") <= window.last))
    first = (
        facts.founder_schools.join(companies.select("company", "founded"), on="company")
        .sort("founder", "founded", "company", "university", "entry_year")
        .filter(pl.col("company") == pl.col("company").first().over("founder"))
    )
    attended = first.group_by("founder", "university").agg(pl.col("entry_year").count() > 0)
    n = int(attended["entry_year"].sum())
    known = f"entry years known for {n} of {attended.height} founder–school pairs of companies founded by {window.last}"
    cells = (
        first.drop_nulls("entry_year").unique(["company", "university", "entry_year"]).sort("university", "entry_year", "company")
    )
    school, entered, company = (cells[name].to_numpy() for name in ("university", "entry_year", "company"))
    rng = np.random.default_rng(SEED)
    cohort, placebo = (peers.clustering(school, entered, company, apart, rng) for apart in (0, peers.PLACEBO))
    if cohort is None or placebo is None:
        return nothing(n, f"{known}; no two founders to compare")
    detail = (
        f"{cohort.observed} pairs of one year where {cohort.expected:.1f} are expected, p = {cohort.p:.3f}; "
        f"{peers.PLACEBO} years apart {placebo.observed} where {placebo.expected:.1f}, p = {placebo.p:.3f}; {known}"
    )
    if 2 * n < attended.height or min(cohort.expected, placebo.expected) < LEAST:
        return nothing(n, f"too few: {detail}")
    given = verdict(cohort.p < 0.01 and placebo.p >= 0.05, placebo.p < 0.01 and placebo.ratio >= cohort.low)
    said = "consistent with schoolmates mattering: " if given == "supported" else ""
    return Finding(given, cohort.ratio, cohort.low, cohort.high, n, said + detail)
