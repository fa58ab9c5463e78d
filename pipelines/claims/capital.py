"""Claim 1: the share of the country's deals that originate in Beijing, by every rule of attribution."""

from collections.abc import Callable

import numpy as np
import polars as pl

from pipelines.claims.base import LEAST, LEVEL, REGISTER, SEED, Facts, Finding, Verdict, Window, nothing, verdict
from pipelines.claims.models import amounts
from pipelines.index import compute, draws

#: The inclusive rule is the claim's; the others are shown beside it.
RULES = ("office", "any", "lead", "fractional")

#: The share claimed, give or take.
ABOUT_70 = (0.65, 0.75)

#: What an undisclosed amount is taken to depend on.
COVARIATES = ["round", "year", "unit"]


def _weighted(facts: Facts, window: Window, dataset: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Deals, and what is credited to each origin, with what each stands for.

    In the register a deal stands for as many as its company does (``index.coverage``): it knows some cities' deals better
    than others', and most deals have an investor at home. The detection rates of other sources are not known.
    """
    year = pl.col("year").is_between(window.first, window.last)
    deals = facts.deals_of(dataset).filter(year).rename({"city": "destination"})
    origins = facts.deal_origin.filter(year & (pl.col("dataset") == dataset) & (pl.col("company_country") == facts.country)).drop(
        "dataset"
    )
    if dataset == REGISTER:
        stands_for = facts.coverage.select(pl.col("city").alias("destination"), (1 / pl.col("detection_rate")).alias("weight"))
        deals, origins = (one.join(stands_for, on="destination") for one in (deals, origins))
    else:
        deals, origins = (one.with_columns(pl.lit(1.0).alias("weight")) for one in (deals, origins))
    # Sorted: a join may turn rows about, and a sum of floats shows it in its last digit.
    return deals.sort("deal"), origins.sort("deal", "origin")


def origination(rule: str = "office") -> Callable[[Facts, Window, str], Finding]:
    """Share of deals credited to the city by the rule, companies resampled, for every way of taking what is not known."""

    def claim(facts: Facts, window: Window, dataset: str = REGISTER, city: str = "Beijing") -> Finding:
        deals, origins = _weighted(facts, window, dataset)
        everyone = origins.unique("deal", keep="first", maintain_order=True)
        # An investor without a home can have offices.
        located = {one: everyone if one == "office" else everyone.filter(pl.col("n_located") > 0) for one in RULES}
        known = located[rule]
        if known.height < LEAST:
            return nothing(known.height, f"{deals.height} deals, {known.height} with a located investor")
        here = origins.filter(pl.col("origin") == city)
        shares = {
            one: float((here[f"{one}_rule"] * here["weight"]).sum()) / float(located[one]["weight"].sum())
            for one in RULES
            if located[one].height
        }
        said = ", ".join(f"{one} {share:.0%}" for one, share in shares.items())
        if rule == "office" and dataset != REGISTER and origins["any_rule"].min() == 1:
            return nothing(known.height, f"the source has one place per investor and no other offices; {said}")
        ways = [_cluster_share(one) for one in _ways(deals, known, origins, here, facts.country, f"{rule}_rule")]
        low, high = ways[0][0], ways[-1][1]
        detail = (
            f"{said}; {rule}: bounds {low:.0%}–{high:.0%} for undated offices and unlocated investors, "
            f"{ways[1][0]:.0%}–{ways[1][1]:.0%} without; {known.height} of {deals.height} deals have a located investor"
        )
        return Finding(_about(ways), shares[rule], low, high, known.height, detail)

    return claim


def _about(ways: list[tuple[float, float]]) -> Verdict:
    """About 70% whichever way, or on one side of it whichever way; between two sides anything may be true."""
    least, most = ABOUT_70
    return verdict(
        all(low <= most and high >= least for low, high in ways),
        all(high < least for _, high in ways) or all(low > most for low, _ in ways),
    )


def _ways(
    deals: pl.DataFrame, located: pl.DataFrame, origins: pl.DataFrame, here: pl.DataFrame, country: str, rule: str
) -> list[pl.DataFrame]:
    """Deals with what is credited: undated offices shut and every unlocated investor elsewhere; as known; open and here.

    An investor known by the country only may sit in any city of it.
    """
    least = "office_rule_dated" if rule == "office_rule" else rule
    investors = origins.unique("deal").select("deal", pl.col("n_investors", "n_located").cast(pl.Float64))
    vague = origins.filter(pl.col("origin") == f"{country} (country)")["deal"].unique()
    open_to = (
        deals.join(investors, on="deal", how="left")
        .join(here.select("deal", pl.col(rule).alias("credit"), pl.col(least).alias("least")), on="deal", how="left")
        .with_columns(
            pl.col("credit", "least").fill_null(0),
            (1 - pl.col("n_located").fill_null(0) / pl.col("n_investors").fill_null(1)).alias("unlocated"),
            pl.col("deal").is_in(vague.to_list()).alias("is_vague"),
        )
    )
    may_be = (pl.col("unlocated") > 0) | pl.col("is_vague")
    part = 1 - pl.col("unlocated")
    if rule in ("any_rule", "office_rule"):
        most, lower = pl.max_horizontal(may_be.cast(pl.Float64), "credit"), pl.col("least")
    else:
        # Shares of a deal: what is not located is taken from what the located ones share, or given to the city.
        most, lower = (
            pl.when("is_vague").then(1.0).otherwise(pl.col("credit") * part + pl.col("unlocated")),
            pl.col("credit") * part,
        )
    columns = ("deal", "company", "weight")
    return [
        open_to.select(*columns, lower.alias("credited")),
        open_to.filter(pl.col("deal").is_in(located["deal"].to_list())).select(*columns, pl.col("credit").alias("credited")),
        open_to.select(*columns, most.alias("credited")),
    ]


def _cluster_share(deals: pl.DataFrame) -> tuple[float, float]:
    """Interval of the weighted share of ``deals`` (company, weight, credited), companies resampled with their deals."""
    sums = (
        deals.sort("company", "deal")
        .group_by("company", maintain_order=True)
        .agg(pl.col("weight").sum().alias("n"), (pl.col("credited") * pl.col("weight")).sum().alias("k"))
    )
    weights = draws.resample(compute.BOOTSTRAPS, sums.height, np.random.default_rng(SEED))
    low, high = draws.interval((weights @ sums["k"].to_numpy()) / (weights @ sums["n"].to_numpy()))
    return float(low), float(high)


def amount_share(facts: Facts, window: Window, dataset: str = REGISTER, city: str = "Beijing") -> Finding:
    """Share of the money of deals with a located investor, each split over its located investors, amounts imputed."""
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
        return nothing(located.height, detail)
    low, high = (located[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("usd_low", "usd_high"))
    drawn = amounts.impute(low, high, amounts.design(located, COVARIATES), np.random.default_rng(SEED))
    stand_for = drawn * located["weight"].to_numpy()
    middle, least, most = amounts.share(stand_for, located["fractional_rule"].to_numpy(), LEVEL, located["company"].to_numpy())
    largest = float((stand_for.max(1) / stand_for.sum(1)).mean())
    return Finding(
        _about([(least, most)]),
        middle,
        least,
        most,
        located.height,
        f"{detail}; {amounts.M} imputations; largest deal {largest:.0%} of all",
    )
