"""Claim 3: who has the law, audit and executive-search firms."""

from dataclasses import replace
from functools import partial

import polars as pl
import scipy

from pipelines.claims.facts import BEIJING, REGISTER_DATASET, SHANGHAI, Facts, Window, sources
from pipelines.claims.finding import LEAST, ClaimTest, Finding, exact, no_data, verdict

#: Error of one comparison of two cities.
ALPHA = 0.05


def first(units: pl.DataFrame, city: str, counted: str) -> Finding:
    """Test whether more ``units`` (unit, city, is_whole) are in the city than in any other, by pairs of cities.

    Units in both cities or in neither say nothing, nor do those of which not all cities are known. Of those in one of the two,
    half would be in each by chance (McNemar's exact test). To be first the city has to be ahead of every other one, each at
    ``ALPHA``, which together err no more often (intersection–union test; Berger 1982, Technometrics 24, 295–300); to be behind
    one of them, at ``ALPHA`` over their number. Where no unit is in only one of two cities, nobody knows which of them is first.
    """
    members = {name: set(rows["unit"]) for (name,), rows in units.filter("is_whole").group_by("city")}
    ours = members.pop(city, set())
    apart = {name: (len(ours - theirs), len(theirs - ours)) for name, theirs in sorted(members.items())}
    n, single = units.filter("is_whole")["unit"].n_unique(), units.filter(~pl.col("is_whole")).height
    not_known = ""
    if single:
        counted = f"{counted} with two recorded offices or more"
        not_known = f"; {single} others have one recorded office, and it is not known whether they have more"
    if n < LEAST:
        return no_data(n, f"{n} {counted}{not_known}")
    if not apart:
        return no_data(n, f"no other city can be compared with {city} by {counted}{not_known}")
    if alike := [name for name, pair in apart.items() if not sum(pair)]:
        return no_data(n, f"of {n} {counted} none is in only one of {city} and {alike[0]}{not_known}")
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
        f"{not_known}"
    )
    return Finding(decision, here / (here + there), low, high, n, found, detail)


def plenty(units: pl.DataFrame, city: str, counted: str) -> Finding:
    """Test whether most ``units`` (unit, city, is_whole) are in the city and most in the other, by the smaller of the two parts.

    Those of which not all cities are known may be in both.
    """
    n = units["unit"].n_unique()
    of_cities = [units.filter(pl.col("city") == name) for name in (city, SHANGHAI)]
    here, there = (rows["unit"].n_unique() for rows in of_cities)
    open_to = [units.filter(~pl.col("is_whole") & (pl.col("city") != name)).height for name in (city, SHANGHAI)]
    fewer = min(here, there)
    (low, _), (_, high) = exact(fewer, n), exact(min(here + open_to[0], there + open_to[1]), n)
    found = f"{here} of {n} {counted} are in {city} and {there} in Shanghai"
    detail = "the statistic is the smaller part of the two"
    if single := units.filter(~pl.col("is_whole")).height:
        detail += f"; the interval takes {single} with one recorded office either way"
    return Finding(verdict(low > 0.5, high < 0.5), fewer / n, low, high, n, found, detail)


#: Kind of firm → how a sentence names it, and the rule by which the city has them.
_FIRMS = {"law": ("listing-law", first), "audit": ("major audit", plenty), "search": ("executive-search", first)}


def offices(kind: str, facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test the firms of this kind by the cities in which the register lists an office of theirs.

    An office that is recorded shows that the firm is there. That it is nowhere else is not recorded: many firms were found by one
    address on a document. So where the register has two offices of a firm or more, it is taken to have them all, and else not.
    """
    has_opened = pl.col("opened").is_null() | (pl.col("opened") <= window.last)
    stands = pl.col("closed").is_null() | (pl.col("closed") > window.last)
    is_whole = pl.col("city").n_unique().over("firm") > 1
    name, rule = _FIRMS[kind]
    of_kind = facts.service_offices.filter(kind=kind, country=facts.country)
    rows = of_kind.with_columns(is_whole=is_whole).filter(has_opened & stands)
    if rows["firm"].n_unique() < LEAST:
        return no_data(rows["firm"].n_unique(), f"{rows['firm'].n_unique()} firms")
    undated = int(rows["opened"].is_null().sum())
    if window.last < facts.index.headline and undated > rows.height / 2:
        why = f"{undated} of {rows.height} offices have no opening year: today's offices say nothing of the past"
        return no_data(rows["firm"].n_unique(), why)
    found = rule(rows.select(pl.col("firm").alias("unit"), "city", "is_whole"), BEIJING, f"{name} firms")
    throughout = f"{undated} of {rows.height} offices have no opening year and count throughout"
    return replace(found, detail="; ".join(filter(None, (found.detail, throughout))))


def named(kind: str, facts: Facts, window: Window, dataset: str) -> Finding:
    """Test the listing documents that name a firm of this kind, by the cities of the offices named."""
    (name, rule), dated = _FIRMS[kind], pl.col("year").is_between(window.first, window.last)
    here = facts.listing_advisers.filter(dated, dataset=dataset, kind=kind, country=facts.country).drop_nulls("city")
    documents = here["document"].n_unique()
    if documents < LEAST:
        return no_data(documents, f"{documents} listing documents name an office of {name} firms there")
    units = here.select(pl.col("document").alias("unit"), "city", is_whole=True).unique()
    return rule(units, BEIJING, f"listing documents that name an office of {name} firms")


def _datasets(facts: Facts) -> list[str]:
    return sources(facts.listing_advisers)


TESTS = [
    ClaimTest("3a", "offices", partial(offices, "law"), "core.service_offices"),
    ClaimTest("3a", "named on listings", partial(named, "law"), "core.listing_advisers", _datasets),
    ClaimTest("3b", "offices", partial(offices, "audit"), "core.service_offices"),
    ClaimTest("3b", "named on listings", partial(named, "audit"), "core.listing_advisers", _datasets),
    ClaimTest("3c", "offices", partial(offices, "search"), "core.service_offices"),
]
