"""Claim 1: the share of the country's deals that originate in Beijing, by every rule of attribution."""

from collections.abc import Callable

import numpy as np
import polars as pl

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, Verdict, beside, no_data, verdict
from pipelines.claims.models import amounts
from pipelines.index import draws

#: The inclusive rule is the claim's; the others are shown beside it.
RULES = ("office", "any", "lead", "fractional")

#: The share claimed, about 70%.
CLAIMED = (0.65, 0.75)

#: What an undisclosed amount is taken to depend on.
COVARIATES = ["round", "year", "unit"]


def _weighted(facts: Facts, window: Window, dataset: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return deals, and what is credited to each origin, with the number of deals that each stands for.

    The register knows some cities' deals better than others', and most deals have an investor at home: there a deal weighs one
    over the attention to its city (``index.attention``). Other sources are taken as they are.
    """
    year = pl.col("year").is_between(window.first, window.last)
    deals = facts.deals_of(dataset).filter(year).rename({"city": "destination"})
    of_source = year & (pl.col("dataset") == dataset) & (pl.col("company_country") == facts.country)
    origins = facts.deal_origin.filter(of_source).drop("dataset")
    if dataset == REGISTER_DATASET:
        cities = sorted(set(deals["destination"].drop_nulls()) & set(facts.index.inputs.posterior.layout.cities))
        attention = facts.attention("deals_received", cities)
        weight = np.ones(len(cities)) if attention is None else 1 / np.median(attention, axis=0)
        weights = pl.DataFrame({"destination": cities, "weight": weight}, schema_overrides={"destination": pl.String})
        deals, origins = (frame.join(weights, on="destination") for frame in (deals, origins))
    else:
        deals, origins = (frame.with_columns(pl.lit(1.0).alias("weight")) for frame in (deals, origins))
    # Sorted, because a join may change the order of rows, and a sum of floats shows that in its last digit.
    return deals.sort("deal"), origins.sort("deal", "origin")


def origination(rule: str = "office") -> Callable[[Facts, Window, str], Finding]:
    """Test the share of deals credited to the city by the rule; companies are resampled, unknown places taken either way."""

    def test(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
        deals, origins = _weighted(facts, window, dataset)
        everyone = origins.unique("deal", keep="first", maintain_order=True)
        # An investor without a home can have offices.
        located = {name: everyone if name == "office" else everyone.filter(pl.col("n_located") > 0) for name in RULES}
        known = located[rule]
        if known.height < LEAST:
            return no_data(known.height, f"{deals.height} deals, {known.height} with a located investor")
        here = origins.filter(pl.col("origin") == city)
        shares = {
            name: float((here[f"{name}_rule"] * here["weight"]).sum()) / float(located[name]["weight"].sum())
            for name in RULES
            if located[name].height
        }
        by_rule = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
        if rule == "office" and dataset != REGISTER_DATASET and origins["any_rule"].min() == 1:
            return no_data(known.height, f"the source has one place per investor and no other offices; {by_rule}")
        credited = _credited(deals, known, origins, here, facts.country, f"{rule}_rule")
        intervals = [_cluster_share(frame) for frame in credited]
        low, high = intervals[0][0], intervals[-1][1]
        detail = (
            f"{by_rule}; {rule}: bounds {low:.0%}–{high:.0%} for undated offices and unlocated investors, "
            f"{intervals[1][0]:.0%}–{intervals[1][1]:.0%} without; {known.height} of {deals.height} deals have a located investor"
        )
        return Finding(_verdict(intervals), shares[rule], low, high, known.height, detail)

    return test


def _verdict(intervals: list[tuple[float, float]]) -> Verdict:
    """Support the claim if every interval reaches the share claimed, contradict it if all are on one side of it."""
    least, most = CLAIMED
    return verdict(
        all(low <= most and high >= least for low, high in intervals),
        all(high < least for _, high in intervals) or all(low > most for low, _ in intervals),
    )


def _credited(
    deals: pl.DataFrame, located: pl.DataFrame, origins: pl.DataFrame, here: pl.DataFrame, country: str, rule: str
) -> list[pl.DataFrame]:
    """Return the deals with what is credited to the city at least, as known, and at most.

    At least: undated offices are not open yet and every unlocated investor is elsewhere. At most: they are open, and every
    unlocated investor is in the city. An investor known by the country only may be in any city of it.
    """
    least = "office_rule_dated" if rule == "office_rule" else rule
    investors = origins.unique("deal").select("deal", pl.col("n_investors", "n_located").cast(pl.Float64))
    vague = origins.filter(pl.col("origin") == f"{country} (country)")["deal"].unique()
    frame = (
        deals.join(investors, on="deal", how="left")
        .join(here.select("deal", pl.col(rule).alias("credit"), pl.col(least).alias("least")), on="deal", how="left")
        .with_columns(
            pl.col("credit", "least").fill_null(0),
            (1 - pl.col("n_located").fill_null(0) / pl.col("n_investors").fill_null(1)).alias("unlocated"),
            pl.col("deal").is_in(vague.to_list()).alias("is_vague"),
        )
    )
    part = 1 - pl.col("unlocated")
    if rule in ("any_rule", "office_rule"):
        may_be_here = (pl.col("unlocated") > 0) | pl.col("is_vague")
        lower, upper = pl.col("least"), pl.max_horizontal(may_be_here.cast(pl.Float64), "credit")
    else:
        # A deal is shared: unlocated investors take from what the located ones share, or give it to the city.
        lower = pl.col("credit") * part
        upper = pl.when("is_vague").then(1.0).otherwise(pl.col("credit") * part + pl.col("unlocated"))
    columns = ("deal", "company", "weight")
    return [
        frame.select(*columns, lower.alias("credited")),
        frame.filter(pl.col("deal").is_in(located["deal"].to_list())).select(*columns, pl.col("credit").alias("credited")),
        frame.select(*columns, upper.alias("credited")),
    ]


def _cluster_share(deals: pl.DataFrame) -> tuple[float, float]:
    """Return the interval of the weighted share of ``deals`` (company, weight, credited); companies are resampled."""
    sums = (
        deals.sort("company", "deal")
        .group_by("company", maintain_order=True)
        .agg(pl.col("weight").sum().alias("n"), (pl.col("credited") * pl.col("weight")).sum().alias("k"))
    )
    weights = draws.resample(draws.BOOTSTRAPS, sums.height, np.random.default_rng(SEED))
    low, high = draws.interval((weights @ sums["k"].to_numpy()) / (weights @ sums["n"].to_numpy()))
    return float(low), float(high)


def amount_share(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
    """Test the share of the money of deals with a located investor, each split over those investors, amounts imputed."""
    deals, origins = _weighted(facts, window, dataset)
    here = origins.filter(pl.col("origin") == city).select("deal", "fractional_rule")
    located = (
        deals.join(origins.filter(pl.col("n_located") > 0), on="deal", how="semi")
        .join(here, on="deal", how="left")
        .with_columns(pl.col("fractional_rule").fill_null(0.0))
        .sort("deal")
    )
    bounded = (located["usd_low"] > 0) & located["usd_high"].is_not_null()
    exact = int((located["usd_low"] == located["usd_high"]).fill_null(False).sum())
    detail = (
        f"{located.height} deals: {exact} amounts exact, {located['usd_low'].is_null().sum()} undisclosed, the rest intervals"
    )
    if int(bounded.fill_null(False).sum()) < LEAST:
        return no_data(located.height, detail)
    low, high = (located[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("usd_low", "usd_high"))
    imputed = amounts.impute(low, high, amounts.design(located, COVARIATES), np.random.default_rng(SEED))
    weighted = imputed * located["weight"].to_numpy()
    middle, least, most = amounts.share(
        weighted, located["fractional_rule"].to_numpy(), draws.LEVEL, located["company"].to_numpy()
    )
    largest = float((weighted.max(1) / weighted.sum(1)).mean())
    detail += f"; {amounts.M} imputations; largest deal {largest:.0%} of all"
    return Finding(_verdict([(least, most)]), middle, least, most, located.height, detail)


_TABLES = "core.deals_by_source, core.deal_investors, core.investor_places, core.investor_offices"

TESTS = [
    *(
        ClaimTest(
            "1",
            f"{rule} rule",
            origination(rule),
            _TABLES,
            Facts.deal_datasets,
            beside if rule != "office" else lambda dataset: True,
        )
        for rule in RULES
    ),
    ClaimTest("1", "amount-weighted", amount_share, f"{_TABLES}, core.deal_reports", Facts.deal_datasets, beside),
]
