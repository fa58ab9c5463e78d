"""Claim 3: who has the law, audit and executive-search firms."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import scipy

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, ClaimTest, Finding, beyond, exact, no_data, verdict

#: Error of one comparison of two cities.
ALPHA = 0.05

#: Most firms are in the city; and it is first, of which the interval against the closest city cannot tell the opposite.
IS_MOST, IS_FIRST = beyond(0.5), beyond(0.5, below=0.0)


def first(units: pl.DataFrame, city: str, counted: str) -> Finding:
    """Test whether more ``units`` (unit, city) are in the city than in any other, comparing the same units in two cities.

    Units in both cities or in neither say nothing. Of those in one of the two, half would be in each by chance (McNemar's exact
    test). To be first the city has to be ahead of every other one, each at ``ALPHA``, which together err no more often
    (intersection–union test; Berger 1982, Technometrics 24, 295–300); to be behind one of them, at ``ALPHA`` over their number.
    """
    members = {name: set(rows["unit"]) for (name,), rows in units.group_by("city")}
    ours = members.pop(city, set())
    apart = {name: (len(ours - theirs), len(theirs - ours)) for name, theirs in members.items()}
    apart = {name: pair for name, pair in sorted(apart.items()) if sum(pair)}
    n = units["unit"].n_unique()
    if not apart:
        return no_data(n, f"no other city can be compared with {city} by {counted}")
    ahead = {name: scipy.stats.binomtest(a, a + b, alternative="greater").pvalue for name, (a, b) in apart.items()}
    behind = min(scipy.stats.binomtest(b, a + b, alternative="greater").pvalue for a, b in apart.values())
    rival = max(ahead, key=lambda name: (ahead[name], len(members[name])))
    here, there = apart[rival]
    low, high = exact(here, here + there)
    found = (
        f"{len(ours)} of {n} {counted} are in {city} and {len(members[rival])} in {rival}; "
        f"of those in one of the two only, {here} in {city} and {there} in {rival}"
    )
    decision = verdict(ahead[rival] <= ALPHA, behind <= ALPHA / len(apart))
    detail = (
        f"p = {ahead[rival]:.3f} against {rival}, the closest of {len(apart)} cities; the statistic is {city}'s part of those"
    )
    return Finding(decision, here / (here + there), low, high, n, found, detail)


def plenty(units: pl.DataFrame, city: str, counted: str, other: str = "Shanghai") -> Finding:
    """Test whether most ``units`` (unit, city) are in the city and most in the other one too, by the smaller of the two parts."""
    n = units["unit"].n_unique()
    counts = {name: units.filter(pl.col("city") == name)["unit"].n_unique() for name in (city, other)}
    fewer = min(counts.values())
    low, high = exact(fewer, n)
    found = f"{counts[city]} of {n} {counted} are in {city} and {counts[other]} in {other}"
    detail = "the statistic is the smaller part of the two"
    return Finding(IS_MOST(low, high), fewer / n, low, high, n, found, detail)


Rule = Callable[[pl.DataFrame, str, str], Finding]


def offices(kind: str, rule: Rule = first) -> Callable[[Facts, Window, str], Finding]:
    """Test the firms of this kind by the cities in which the register lists an office of theirs."""

    def test(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
        is_open = pl.col("opened").is_null() | (pl.col("opened") <= window.last)
        rows = facts.service_offices.filter((pl.col("kind") == kind) & (pl.col("country") == facts.country) & is_open)
        if rows["firm"].n_unique() < LEAST:
            return no_data(rows["firm"].n_unique(), f"{rows['firm'].n_unique()} firms")
        undated = int(rows["opened"].is_null().sum())
        if window.last < facts.index.headline and undated > rows.height / 2:
            why = f"{undated} of {rows.height} offices have no opening year: today's offices say nothing of the past"
            return no_data(rows["firm"].n_unique(), why)
        found = rule(rows.select(pl.col("firm").alias("unit"), "city"), city, f"{_FIRMS[kind]} firms")
        return replace(
            found, detail=f"{found.detail}; {undated} of {rows.height} offices have no opening year and count throughout"
        )

    return test


def named(kind: str, rule: Rule = first) -> Callable[[Facts, Window, str], Finding]:
    """Test the listing documents that name a firm of this kind, by the cities of the offices named."""

    def test(facts: Facts, window: Window, dataset: str, city: str = "Beijing") -> Finding:
        dated = pl.col("year").is_between(window.first, window.last)
        rows = facts.listing_advisers.filter((pl.col("dataset") == dataset) & (pl.col("kind") == kind) & dated)
        here = rows.filter(pl.col("country") == facts.country).drop_nulls("city")
        documents = here["document"].n_unique()
        if documents < LEAST:
            return no_data(documents, f"{documents} listing documents name an office of {_FIRMS[kind]} firms there")
        units = here.select(pl.col("document").alias("unit"), "city").unique()
        return rule(units, city, f"listing documents that name an office of {_FIRMS[kind]} firms")

    return test


def _listing_datasets(facts: Facts) -> list[str]:
    return sorted(facts.listing_advisers["dataset"].unique())


#: Kind of firm → how a sentence names it.
_FIRMS = {"law": "listing-law", "audit": "major audit", "search": "executive-search"}

TESTS = [
    ClaimTest("3a", "offices", offices("law"), "core.service_offices", rule=IS_FIRST),
    ClaimTest("3a", "named on listings", named("law"), "core.listing_advisers", _listing_datasets),
    ClaimTest("3b", "offices", offices("audit", plenty), "core.service_offices", rule=IS_MOST),
    ClaimTest("3b", "named on listings", named("audit", plenty), "core.listing_advisers", _listing_datasets),
    ClaimTest("3c", "offices", offices("search"), "core.service_offices", rule=IS_FIRST),
]
