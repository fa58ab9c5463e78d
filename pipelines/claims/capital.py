"""Claim 1: the share of the country's deals that originate in Beijing, by every rule of attribution."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import polars as pl

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, Verdict, beside, no_data, verdict
from pipelines.claims.models import amounts, homes
from pipelines.index import draws

#: The inclusive rule is the claim's; the others are shown beside it.
RULES = ("office", "any", "lead", "fractional")

#: The share claimed, about 70%, and how far an interval may reach that says so.
CLAIMED, ABOUT = (0.65, 0.75), (0.60, 0.80)

#: What the deals that each rule credits to a city have there.
_INVESTOR = {
    "office": "an investor with an office in",
    "any": "an investor at home in",
    "lead": "their lead in",
    "fractional": "their investors, each counted in part, in",
}

#: What the claim's words mean by the rules that are shown beside.
_READINGS = {
    "any": "an investor at home there",
    "lead": "the lead investor at home there",
    "fractional": "all investors at home there, each counted in part",
}

#: What an undisclosed amount is taken to depend on.
COVARIATES = ["round", "year", "unit"]


def weighted(facts: Facts, window: Window, dataset: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return deals, and what is credited to each origin, with the number of deals that each stands for.

    A source knows some cities' deals better than others', and most deals have an investor at home: so a deal weighs one over the
    source's attention to its city (``index.attention``). One that knows some cities by the province only is taken as is.
    """
    year = pl.col("year").is_between(window.first, window.last)
    deals = facts.deals_of(dataset).filter(year).rename({"city": "destination"})
    of_source = year & (pl.col("dataset") == dataset) & (pl.col("company_country") == facts.country)
    origins = facts.deal_origin.filter(of_source).drop("dataset")
    cities = sorted(set(deals["destination"].drop_nulls()) & set(facts.index.inputs.posterior.layout.cities))
    attention = facts.attention("deals_received", dataset, cities) if deals["is_city"].all() else None
    if attention is not None:
        weight = 1 / np.median(attention, axis=0)
        weights = pl.DataFrame({"destination": cities, "weight": weight}, schema_overrides={"destination": pl.String})
        deals, origins = (frame.join(weights, on="destination") for frame in (deals, origins))
    else:
        deals, origins = (frame.with_columns(pl.lit(1.0).alias("weight")) for frame in (deals, origins))
    # Sorted, because a join may change the order of rows, and a sum of floats shows that in its last digit.
    return deals.sort("deal"), origins.sort("deal", "origin")


def origination(rule: str = "office") -> Callable[[Facts, Window, str], Finding]:
    """Test the share of deals credited to the city by the rule.

    Investors whose home no source gives have theirs imputed from those that have one; companies are resampled. The bounds, which
    take every such investor and every undated office either way, stand beside.
    """

    def test(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
        deals, origins = weighted(facts, window, dataset)
        known = origins.unique("deal", keep="first", maintain_order=True)
        # An investor without a home can have offices.
        if rule != "office":
            known = known.filter(pl.col("n_located") > 0)
        if known.height < LEAST:
            return no_data(known.height, f"{deals.height} deals, {known.height} with a located investor")
        if rule == "office" and dataset != REGISTER_DATASET and origins["any_rule"].min() == 1:
            return no_data(known.height, "the source has one place per investor and no other offices")
        here = origins.filter(pl.col("origin") == city)
        least, credited, most = _credited(deals, origins, here, facts.country, f"{rule}_rule")
        imputed = homes.impute(
            facts.deal_investors.filter(pl.col("dataset") == dataset),
            deals,
            facts.investor_offices.filter(pl.col("dataset") == dataset) if rule == "office" else None,
            homes.Place(city, f"{facts.country} (country)"),
            np.random.default_rng(SEED),
        )
        shares = resampled(credited, imputed, is_shared=rule in ("lead", "fractional"))
        low, high = (float(bound) for bound in draws.interval(shares))
        (lowest, _), (_, highest) = (draws.interval(resampled(frame)) for frame in (least, most))
        bounds = float(lowest), float(highest)
        estimate = float(np.median(shares))
        found = f"{estimate:.0%} of the {dataset}'s deals ({low:.0%}–{high:.0%}) have {_INVESTOR[rule]} {city}"
        detail = (
            f"{known.height} of {deals.height} deals have a located investor; other homes are imputed; "
            f"bounds {lowest:.0%}–{highest:.0%} for undated offices and unlocated investors elsewhere, or all there"
        )
        return Finding(judged(low, high, bounds), estimate, low, high, known.height, found, detail, bounds)

    return test


def judged(low: float, high: float, bounds: tuple[float, float] | None = None) -> Verdict:
    """Support the claim if the interval is about the share claimed and reaches it, contradict it if both ends lie on one side.

    So do the bounds then: a share that they leave possible is not contradicted.
    """
    least, most = CLAIMED
    lowest, highest = bounds or (low, high)
    is_about = low >= ABOUT[0] and high <= ABOUT[1]
    is_outside = max(high, highest) < least or min(low, lowest) > most
    return verdict(is_about and low <= most and high >= least, is_outside)


def _credited(
    deals: pl.DataFrame, origins: pl.DataFrame, here: pl.DataFrame, country: str, rule: str
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the deals with what is credited to the city at least, by its located investors alone, and at most.

    At least: undated offices are not open yet and every unlocated investor is elsewhere. At most: they are open, and every
    unlocated investor is in the city. An investor known by the country only may be in any city of it.
    """
    least = "office_rule_dated" if rule == "office_rule" else rule
    investors = origins.unique("deal").select("deal", pl.col("n_investors", "n_located").cast(pl.Float64))
    vague = origins.filter(pl.col("origin") == f"{country} (country)")["deal"].unique()
    frame = (
        deals.join(investors, on="deal", how="left", maintain_order="left")
        .join(
            here.select("deal", pl.col(rule).alias("credit"), pl.col(least).alias("least")),
            on="deal",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.col("credit", "least").fill_null(0),
            (1 - pl.col("n_located").fill_null(0) / pl.col("n_investors").fill_null(1)).alias("unlocated"),
            pl.col("deal").is_in(vague.to_list()).alias("is_vague"),
        )
    )
    part = 1 - pl.col("unlocated")
    if rule in ("any_rule", "office_rule"):
        may_be_here = (pl.col("unlocated") > 0) | pl.col("is_vague")
        lower, middle, upper = pl.col("least"), pl.col("credit"), pl.max_horizontal(may_be_here.cast(pl.Float64), "credit")
    else:
        # A deal is shared: unlocated investors take from what the located ones share, or give it to the city.
        lower = middle = pl.col("credit") * part
        upper = pl.when("is_vague").then(1.0).otherwise(pl.col("credit") * part + pl.col("unlocated"))
    least_frame, known, most = (
        frame.select("company", "weight", "unlocated", rule.alias("credited")) for rule in (lower, middle, upper)
    )
    return least_frame, known, most


def resampled(deals: pl.DataFrame, imputed: np.ndarray | None = None, is_shared: bool = False) -> np.ndarray:
    """Return the weighted share of ``deals`` (company, weight, unlocated, credited) with companies resampled (draw,).

    ``imputed`` (imputation, deal) is the part of the unlocated investors that is in the city: a deal is shared with them, or one
    of them is enough.
    """
    credit, weight = deals["credited"].to_numpy().astype(float), deals["weight"].to_numpy()
    if imputed is None:
        credits = credit[None]
    elif is_shared:
        credits = credit + deals["unlocated"].to_numpy() * imputed
    else:
        credits = np.maximum(credit, imputed > 0)
    _, company = np.unique(deals["company"].to_numpy(), return_inverse=True)
    total = np.bincount(company, weight)
    weights = _resamples(len(total))
    # Each imputation has its part of the resamples.
    parts = np.array_split(weights, len(credits))
    sums = [part @ np.bincount(company, row * weight) for part, row in zip(parts, credits, strict=True)]
    return np.asarray(np.concatenate(sums) / (weights @ total))


@lru_cache(maxsize=1)
def _resamples(companies: int) -> np.ndarray:
    """Return how often each company is drawn, (draw, company), kept for the rules that share out the same deals."""
    return draws.resample(draws.BOOTSTRAPS, companies, np.random.default_rng(SEED))


def amount_share(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
    """Test the share of the money of deals with a located investor, each split over those investors, amounts imputed."""
    deals, origins = weighted(facts, window, dataset)
    here = origins.filter(pl.col("origin") == city).select("deal", "fractional_rule")
    located = (
        deals.join(origins.filter(pl.col("n_located") > 0), on="deal", how="semi")
        .join(here, on="deal", how="left")
        .with_columns(pl.col("fractional_rule").fill_null(0.0))
        .sort("deal")
    )
    bounded = (located["usd_low"] > 0) & located["usd_high"].is_not_null()
    exact = int((located["usd_low"] == located["usd_high"]).sum())
    detail = (
        f"{located.height} deals: {exact} amounts exact, {located['usd_low'].is_null().sum()} undisclosed, the rest intervals"
    )
    if int(bounded.sum()) < LEAST:
        return no_data(located.height, detail)
    low, high = (located[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("usd_low", "usd_high"))
    imputed = amounts.impute(low, high, amounts.design(located, COVARIATES), np.random.default_rng(SEED))
    money = imputed * located["weight"].to_numpy()
    middle, least, most = amounts.share(money, located["fractional_rule"].to_numpy(), draws.LEVEL, located["company"].to_numpy())
    largest = float((money.max(1) / money.sum(1)).mean())
    detail += f"; {amounts.M} imputations; largest deal {largest:.0%} of all"
    found = f"{middle:.0%} of the money of the {dataset}'s deals ({least:.0%}–{most:.0%}) comes from investors at home in {city}"
    return Finding(judged(least, most), middle, least, most, located.height, found, detail)


_TABLES = "core.deals_by_source, core.deal_investors_by_source, core.investor_places, core.investor_offices"

TESTS = [
    *(
        ClaimTest(
            "1",
            f"{rule} rule",
            origination(rule),
            _TABLES,
            Facts.deal_datasets,
            beside if rule != "office" else lambda dataset: True,
            reading=_READINGS.get(rule),
        )
        for rule in RULES
    ),
    ClaimTest(
        *("1", "amount-weighted", amount_share, f"{_TABLES}, core.deal_reports", Facts.deal_datasets, beside),
        reading="the money of investors at home there",
    ),
]
