"""Claims 13 to 15: whether parks alone do it, who has the best shot, and how far it is."""

import numpy as np
import polars as pl

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, no_data, verdict
from pipelines.claims.models import leads, zones
from pipelines.index import BENCHMARK, draws, scale
from pipelines.index.draws import LEVEL

#: Pillars that say whether a city has more than its park.
CONDITIONS = ("P1", "P2", "P3", "P4")


def parks_alone(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test claim 13: what a decade of zone age adds to new backed companies at low conditions, and how much more at high ones.

    Conditions are P1–P4 in the year before the window. All cities of the scope take part, with a zone or without.
    """
    before = window.first - 1
    cities = _cities(facts, window, dataset)
    if cities.is_empty():
        return no_data(0, f"no city has {CONDITIONS[0]}–{CONDITIONS[-1]} in {before}")
    is_low = pl.col("conditions") <= pl.col("conditions").median()
    low, high = (int(cities.filter(part)["companies"].sum()) for part in (is_low, ~is_low))
    detail = (
        f"{low + high} companies first backed {window.first}–{window.last} in {cities.height} cities, "
        f"{low} of them in the half with lower P1–P4 in {before}"
    )
    if min(low, high) < LEAST:
        return no_data(cities.height, f"{detail}: too few to see what a park adds there")
    fit = zones.interaction(cities["companies"].to_numpy(), cities["age"].to_numpy(), cities["conditions"].to_numpy(), LEVEL)
    if fit is None:
        return no_data(cities.height, f"{detail}; zone age and conditions cannot be told apart")
    at_low, more = fit.at_low, fit.interaction
    detail += (
        f"; a decade of zone age multiplies them by {np.exp(at_low.estimate):.2f} "
        f"({np.exp(at_low.low):.2f}–{np.exp(at_low.high):.2f}) at the lower quartile of conditions; the interaction is the log "
        "of how much more at the upper one"
    )
    decision = verdict(at_low.low <= 0 < more.low, at_low.low > 0 and more.low <= 0)
    return Finding(decision, more.estimate, more.low, more.high, cities.height, detail)


def _cities(facts: Facts, window: Window, dataset: str) -> pl.DataFrame:
    """Return the cities with their conditions and zone age before the window, and the companies first backed in it."""
    before = window.first - 1
    approved = facts.zones.group_by("city").agg(pl.col("approved_year").min())
    first = leads.first_deals(facts.deals_of(dataset), window.last).filter(pl.col("year") >= window.first)
    backed = first.group_by(pl.col("unit").alias("city")).agg(pl.len().alias("companies"))
    age = (before - pl.col("approved_year")).clip(lower_bound=0).fill_null(0)
    return (
        _conditions(facts, before)
        .join(approved, on="city", how="left")
        .join(backed, on="city", how="left")
        .with_columns(pl.col("companies").fill_null(0).cast(pl.Float64), age.alias("age"))
        .sort("city")
    )


def _conditions(facts: Facts, year: int) -> pl.DataFrame:
    """Return the mean score of the pillars P1–P4 per city of the scope (city, conditions)."""
    result = facts.index
    place = list(result.years).index(year)
    known = [pillar for pillar in CONDITIONS if pillar in result.pillar_draws]
    if len(known) < len(CONDITIONS):
        return pl.DataFrame(schema={"city": pl.String, "conditions": pl.Float64})
    scores = np.mean([np.median(result.pillar_draws[pillar][:, place], axis=0) for pillar in known], axis=0)
    cities = np.array(result.cities, dtype=object)[result.is_scope]
    return pl.DataFrame(
        {"city": cities, "conditions": scores[result.is_scope].astype(float)}, schema_overrides={"city": pl.String}
    )


def best_shot(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
    """Test claim 14: how often the city is first on Readiness given the published choices, in every year of the window."""
    result = facts.index
    shares = []
    for year in range(window.first, window.last + 1):
        index = list(result.years).index(year)
        members = np.flatnonzero(result.ranked[index])
        names = [result.cities[member] for member in members]
        if city not in names or len(names) < 2:
            return no_data(len(names), f"too few ranked cities in {year}")
        drawn = result.posterior_draws["Readiness"][:, index, members]
        is_first = drawn == drawn.max(1, keepdims=True)
        shares.append(float((is_first / is_first.sum(1, keepdims=True))[:, names.index(city)].mean()))
    low, high = min(shares), max(shares)
    detail = f"in {window.last}; lowest and highest of the years {window.first}–{window.last}; {len(names)} ranked cities"
    return Finding(verdict(low >= 0.90, high < 0.50), shares[-1], low, high, len(names), detail)


def distance(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
    """Test claim 15: the city's Realised score as a share of the benchmark's, at the end of the window."""
    result = facts.index
    year = list(result.years).index(window.last)
    place, benchmark = result.cities.index(city), result.cities.index(BENCHMARK)
    if not result.ranked[year, place]:
        return no_data(0, f"{city} is not ranked in {window.last}")
    # On the plain scale: logarithms, as in the score, would make any two large cities look alike.
    drawn = result.posterior_draws["Realised"][:, year].astype(float)
    ratios = 1 / scale.times_less(100 + drawn[:, place] - drawn[:, benchmark])
    low, high = (float(bound) for bound in draws.interval(ratios))
    detail = f"geometric mean over the Realised indicators of {city} over {BENCHMARK} in {window.last}, by all lists"
    n = facts.companies.filter(pl.col("city").is_in([city, BENCHMARK])).height
    return Finding(verdict(high < 0.5, low >= 1.0), float(np.median(ratios)), low, high, n, detail)


def unicorns(facts: Facts, window: Window, dataset: str, city: str = "Beijing") -> Finding:
    """Test claim 15 on a worldwide list of unicorns: the city's over the benchmark's, companies resampled.

    Companies whose city is not known may be in the city, or in the benchmark, of their country: the bounds take them all as
    elsewhere, or as there. Companies that have left a list are not on it, so it says nothing of the past.
    """
    if window.name == "baseline":
        return no_data(0, "a list of those on it today")
    rows = facts.unicorns.filter(pl.col("dataset") == dataset)
    home = rows.filter(pl.col("city") == BENCHMARK)["country"].drop_nulls().mode().sort().to_list()[:1]
    here, there = (rows.filter(pl.col("city") == place).height for place in (city, BENCHMARK))
    open_to = [
        rows.filter((pl.col("country") == country) & pl.col("city").is_null()).height for country in (facts.country, *home)
    ]
    detail = f"{here} on the list in {city}, {there} in {BENCHMARK}, of {rows.height}; {sum(open_to)} of unknown city"
    if min(here, there) < LEAST:
        return no_data(here + there, detail)
    parts = np.array([here, there, *open_to, rows.height - here - there - sum(open_to)])
    ours, theirs, maybe_ours, maybe_theirs, _ = (
        np.random.default_rng(SEED).multinomial(rows.height, parts / rows.height, size=draws.BOOTSTRAPS).T
    )
    low, _ = draws.interval(ours / (theirs + maybe_theirs))
    _, high = draws.interval((ours + maybe_ours) / theirs)
    decision = verdict(bool(high < 0.5), bool(low >= 1.0))
    return Finding(decision, here / there, float(low), float(high), here + there, detail)


_TABLES = "marts.evidence, index.scores"

TESTS = [
    ClaimTest("13", "zone age", parks_alone, "core.zones, core.deals_by_source, marts.indicator_values"),
    ClaimTest("14", "Readiness", best_shot, _TABLES),
    ClaimTest("15", "Realised", distance, _TABLES),
    ClaimTest("15", "unicorns", unicorns, "core.unicorns", lambda facts: sorted(facts.unicorns["dataset"].unique())),
]
