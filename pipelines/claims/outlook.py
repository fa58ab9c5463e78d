"""Claims 13 to 15: whether parks alone do it, who has the best shot, and how far it is."""

import numpy as np
import polars as pl

from pipelines.claims.base import LEAST, LEVEL, REGISTER, SEED, Facts, Finding, Window, nothing, verdict
from pipelines.claims.models import leads, zones
from pipelines.index import BENCHMARK, compute
from pipelines.index import draws as uncertainty
from pipelines.index.score import compose

#: Pillars that say whether a city has more than its park.
CONDITIONS = ("P1", "P2", "P3", "P4")


def parks_alone(facts: Facts, window: Window, dataset: str = REGISTER) -> Finding:
    """Claim 13: what a decade of zone age adds to new backed companies where conditions are low, and how much more where high.

    Conditions are P1–P4 in the year before the window, all cities of the scope taking part, with a zone or without.
    """
    before = window.first - 1
    conditions = _conditions(facts, before)
    approved = facts.zones.group_by("city").agg(pl.col("approved_year").min())
    first = leads.first_deals(facts.deals_of(dataset), window.last).filter(pl.col("year") >= window.first)
    backed = first.group_by(pl.col("unit").alias("city")).agg(pl.len().alias("companies"))
    cities = (
        conditions.join(approved, on="city", how="left")
        .join(backed, on="city", how="left")
        .with_columns(
            pl.col("companies").fill_null(0).cast(pl.Float64),
            (before - pl.col("approved_year")).clip(lower_bound=0).fill_null(0).alias("age"),
        )
        .sort("city")
    )
    if cities.is_empty():
        return nothing(0, f"no city has {CONDITIONS[0]}–{CONDITIONS[-1]} in {before}")
    is_low = pl.col("conditions") <= pl.col("conditions").median()
    companies = [int(cities.filter(part)["companies"].sum()) for part in (is_low, ~is_low)]
    detail = (
        f"{sum(companies)} companies first backed {window.first}–{window.last} in {cities.height} cities, "
        f"{companies[0]} of them in the half with lower P1–P4 in {before}"
    )
    if min(companies) < LEAST:
        return nothing(cities.height, f"{detail}: too few to see what a park adds there")
    fit = zones.interaction(cities["companies"].to_numpy(), cities["age"].to_numpy(), cities["conditions"].to_numpy(), LEVEL)
    if fit is None:
        return nothing(cities.height, f"{detail}; zone age and conditions cannot be told apart")
    low, more = fit.at_low, fit.interaction
    detail += (
        f"; a decade of zone age multiplies them by {np.exp(low.estimate):.2f} ({np.exp(low.low):.2f}–{np.exp(low.high):.2f}) "
        "at the lower quartile of conditions; the interaction is the log of how much more at the upper one"
    )
    said = verdict(low.low <= 0 < more.low, low.low > 0 and more.low <= 0)
    return Finding(said, more.estimate, more.low, more.high, cities.height, detail)


def _conditions(facts: Facts, year: int) -> pl.DataFrame:
    """Geometric mean of the pillars P1–P4 per city (city, conditions), as Readiness is made, for every city of the scope."""
    values = (
        facts.index.indicator_values.filter((pl.col("year") == year) & (pl.col("city") != BENCHMARK))
        .join(facts.indicators.filter(pl.col("pillar").is_in(CONDITIONS)), on="indicator")
        .drop_nulls("normalised")
        .filter(pl.col("weight") > 0)
        .sort("city", "pillar", "indicator")
    )
    pillars = values.group_by("city", "pillar", maintain_order=True).agg(
        (pl.col("normalised") * pl.col("weight")).sum() / pl.col("weight").sum()
    )
    floored = pl.col("normalised").clip(lower_bound=compose.LEAST)
    return (
        pillars.group_by("city", maintain_order=True)
        .agg(floored.log().mean().exp().alias("conditions"), pl.len().alias("n"))
        .filter(pl.col("n") == len(CONDITIONS))
        .drop("n")
    )


def best_shot(facts: Facts, window: Window, dataset: str = REGISTER, city: str = "Beijing") -> Finding:
    """Claim 14: how often the city is first on Readiness under total uncertainty, in every year of the window."""
    result = facts.index
    shares = []
    for one in range(window.first, window.last + 1):
        year = list(result.years).index(one)
        members = np.flatnonzero(result.ranked[year])
        names = [result.cities[member] for member in members]
        if city not in names or len(names) < 2:
            return nothing(len(names), f"too few ranked cities in {one}")
        draws = result.draws["Readiness"][:, year, members]
        is_first = draws == draws.max(1, keepdims=True)
        shares.append(float((is_first / is_first.sum(1, keepdims=True))[:, names.index(city)].mean()))
    low, high = min(shares), max(shares)
    detail = f"in {window.last}; lowest and highest of the years {window.first}–{window.last}; {len(names)} ranked cities"
    return Finding(verdict(low >= 0.90, high < 0.50), shares[-1], low, high, len(names), detail)


def distance(facts: Facts, window: Window, dataset: str = REGISTER, city: str = "Beijing") -> Finding:
    """Claim 15: the city's Realised score as a share of the benchmark's, at the end of the window."""
    result = facts.index
    year = list(result.years).index(window.last)
    place, benchmark = result.cities.index(city), result.cities.index(BENCHMARK)
    if not result.ranked[year, place]:
        return nothing(0, f"{city} is not ranked in {window.last}")
    # On the plain scale: logarithms, as in the score, would make any two large cities look alike.
    ratios = np.exp(np.log(result.realised_counts[:, year, place] / result.realised_counts[:, year, benchmark]).mean(-1))
    low, high = (float(bound) for bound in uncertainty.interval(ratios))
    rates = dict(facts.coverage.select("city", "detection_rate").iter_rows())
    detail = (
        f"geometric mean over the Realised indicators of {city} over {BENCHMARK}, five years to {window.last}, counts "
        f"divided by the detection rate ({rates[city]:.0%} and {rates[BENCHMARK]:.0%})"
    )
    n = facts.companies.filter(pl.col("city").is_in([city, BENCHMARK])).height
    return Finding(verdict(high < 0.5, low >= 1.0), float(np.median(ratios)), low, high, n, detail)


def unicorns(facts: Facts, window: Window, dataset: str, city: str = "Beijing") -> Finding:
    """Claim 15 on a worldwide list of unicorns, the same for both places: the city's over the benchmark's, companies resampled.

    Where the place of a company is not known it may be either: bounds take those of the countries elsewhere, or there. Those
    that have left a list are not on it, so it says nothing of the past.
    """
    if window.name == "baseline":
        return nothing(0, "a list of those on it today")
    rows = facts.unicorns.filter(pl.col("dataset") == dataset)
    home = rows.filter(pl.col("city") == BENCHMARK)["country"].drop_nulls().mode().sort().to_list()[:1]
    places = [rows.filter(pl.col("city") == place).height for place in (city, BENCHMARK)]
    open_to = [rows.filter((pl.col("country") == one) & pl.col("city").is_null()).height for one in (facts.country, *home)]
    detail = f"{places[0]} on the list in {city}, {places[1]} in {BENCHMARK}, of {rows.height}; {sum(open_to)} of unknown city"
    if min(places) < LEAST:
        return nothing(sum(places), detail)
    parts = np.array([*places, *open_to, rows.height - sum(places) - sum(open_to)])
    ours, theirs, maybe_ours, maybe_theirs, _ = (
        np.random.default_rng(SEED).multinomial(rows.height, parts / rows.height, size=compute.BOOTSTRAPS).T
    )
    low, _ = uncertainty.interval(ours / (theirs + maybe_theirs))
    _, high = uncertainty.interval((ours + maybe_ours) / theirs)
    return Finding(
        verdict(bool(high < 0.5), bool(low >= 1.0)), places[0] / places[1], float(low), float(high), sum(places), detail
    )
