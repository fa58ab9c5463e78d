"""Claim 1: the share of the country's deals that originate in Beijing, by every rule of attribution."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import polars as pl

from pipelines.claims.facts import BEIJING, REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, Verdict, no_data, verdict
from pipelines.claims.models import amounts, homes
from pipelines.index import draws

#: The share claimed, about 70%, and how far an interval may reach that says so.
CLAIMED, ABOUT = (0.65, 0.75), (0.60, 0.80)

#: What the deals that each rule credits to a city have there. The inclusive rule is the claim's; the others are shown beside it.
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


@dataclass(frozen=True)
class Weights:
    """How many deals each deal in one of ``cities`` stands for, as drawn, (draw, city); all cities are one if they are None."""

    cities: list[str] | None
    drawn: np.ndarray

    def places(self, deals: pl.DataFrame) -> np.ndarray:
        """Return the place of the city of each deal, (deal,)."""
        if self.cities is None:
            return np.zeros(deals.height, dtype=int)
        return np.searchsorted(self.cities, deals["destination"].to_numpy())

    def spaced(self, draws: int) -> np.ndarray:
        """Return so many of the draws, (draw, city)."""
        return self.drawn[np.linspace(0, len(self.drawn) - 1, draws).round().astype(int)]


def weighted(facts: Facts, window: Window, dataset: str) -> tuple[pl.DataFrame, pl.DataFrame, Weights]:
    """Return deals, what is credited to each origin, and how many deals each of them stands for.

    A source knows some cities' deals better than others', and most deals have an investor at home: so a deal weighs one over the
    share that the source holds of its city. One that knows some cities by the province only is taken as is.
    """
    year = pl.col("year").is_between(window.first, window.last)
    deals = facts.deals_of(dataset).filter(year).rename({"city": "destination"})
    origins = facts.deal_origin.filter(year, dataset=dataset, company_country=facts.country).drop("dataset")
    cities = sorted(set(deals["destination"].drop_nulls()) & set(facts.index.inputs.posterior.layout.cities))
    middle = (window.first + window.last) // 2
    coverage = facts.coverage("deals_received", dataset, cities, middle) if cities and deals["is_city"].all() else None
    weights = Weights(None, np.ones((1, 1)))
    if coverage is not None:
        deals, origins = (frame.filter(pl.col("destination").is_in(cities)) for frame in (deals, origins))
        weights = Weights(cities, coverage.mean(1, keepdims=True) / coverage)
    # Sorted, because a sum of floats shows the order of rows in its last digit.
    return deals.sort("deal"), origins.sort("deal", "origin"), weights


def origination(rule: str, facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test the share of deals credited to the city by the rule.

    Investors whose home the list does not give have theirs imputed from those that have one; companies are resampled. The bounds,
    which take every such investor and every undated office either way, stand beside.
    """
    deals, origins, weights = weighted(facts, window, dataset)
    known = origins.unique("deal", keep="first", maintain_order=True)
    # An investor without a home can have offices.
    if rule != "office":
        known = known.filter(pl.col("n_located") > 0)
    if known.height < LEAST:
        return no_data(known.height, f"{deals.height} deals, {known.height} with a located investor")
    if rule == "office" and dataset != REGISTER_DATASET and origins["any_rule"].min() == 1:
        return no_data(known.height, "the source has one place per investor and no other offices")
    place = homes.Place(BEIJING, f"{facts.country} (country)")
    investors = counted(facts.deal_investors.filter(dataset=dataset), rule)
    is_shared = rule in ("lead", "fractional")
    credits = _shared(deals, investors, place) if is_shared else _credited(deals, origins, place, rule)
    offices = facts.investor_offices.filter(dataset=dataset) if rule == "office" else None
    imputed = homes.impute(investors, deals, offices, place, np.random.default_rng(SEED))
    shares = resampled(credits, weights, "credited", imputed, is_shared=is_shared)
    low, high = (float(bound) for bound in draws.interval(shares))
    lowest, highest = bounds = bounded(credits, weights)
    estimate = float(np.median(shares))
    found = f"{estimate:.0%} of the {dataset}'s deals ({low:.0%}–{high:.0%}) have {_INVESTOR[rule]} Beijing"
    detail = (
        f"{known.height} of {deals.height} deals have a located investor; other homes are imputed; "
        f"bounds {lowest:.0%}–{highest:.0%} for undated offices and unlocated investors elsewhere, or all there"
    )
    return Finding(judged(low, high, bounds), estimate, low, high, known.height, found, detail, bounds)


def judged(low: float, high: float, bounds: tuple[float, float] | None = None) -> Verdict:
    """Support the claim if the interval is about the share claimed and reaches it, contradict it if both ends lie on one side.

    So do the bounds then: homes that are imputed may be known better in the city than elsewhere, or less well.
    """
    least, most = CLAIMED
    lowest, highest = bounds or (low, high)
    is_about = min(low, lowest) >= ABOUT[0] and max(high, highest) <= ABOUT[1]
    is_outside = max(high, highest) < least or min(low, lowest) > most
    return verdict(is_about and low <= most and high >= least, is_outside)


def counted(investors: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Return investors with whether the rule shares a deal out over them: the lead rule over the leads, where any is named."""
    is_counted = pl.col("is_lead") | ~pl.col("is_lead").any().over("deal") if rule == "lead" else pl.lit(True)
    return investors.with_columns(is_counted.alias("is_counted"))


def _credited(deals: pl.DataFrame, origins: pl.DataFrame, place: homes.Place, rule: str) -> pl.DataFrame:
    """Return the deals with what is credited to the city at least, by its located investors alone, and at most.

    At least: undated offices are not open yet and every unlocated investor is elsewhere. At most: they are open, and every
    unlocated investor is in the city. An investor known by the country only may be in any city of it.
    """
    credit, least = f"{rule}_rule", "office_rule_dated" if rule == "office" else f"{rule}_rule"
    here = origins.filter(origin=place.city)
    investors = origins.unique("deal").select("deal", is_located=pl.col("n_located") == pl.col("n_investors"))
    vague = origins.filter(origin=place.country)["deal"].unique()
    may_be_here = ~pl.col("is_located").fill_null(False) | pl.col("deal").is_in(vague.to_list())
    return (
        deals.join(investors, on="deal", how="left", maintain_order="left")
        .join(here.select("deal", credited=credit, least=least), on="deal", how="left", maintain_order="left")
        .with_columns(pl.col("credited", "least").fill_null(0).cast(pl.Float64))
        .with_columns(most=pl.max_horizontal(may_be_here.cast(pl.Float64), "credited"))
    )


def _shared(deals: pl.DataFrame, investors: pl.DataFrame, place: homes.Place) -> pl.DataFrame:
    """Return the same of deals shared out over the investors that count, and the part whose home in the country is not known.

    The city has the parts of those at home there. The others are elsewhere at least, and there at most.
    """
    home = pl.col("home")
    parts = (
        investors.filter("is_counted")
        .group_by("deal")
        .agg(credited=(home == place.city).fill_null(False).mean(), unlocated=(home.is_null() | (home == place.country)).mean())
    )
    return (
        deals.join(parts, on="deal", how="left", maintain_order="left")
        .with_columns(pl.col("credited").fill_null(0), pl.col("unlocated").fill_null(1))
        .with_columns(least="credited", most=pl.min_horizontal(1.0, pl.col("credited") + pl.col("unlocated")))
    )


def bounded(deals: pl.DataFrame, weights: Weights) -> tuple[float, float]:
    """Return the lower end of the interval of the least share, and the upper end of that of the most."""
    lowest, _ = draws.interval(resampled(deals, weights, "least"))
    _, highest = draws.interval(resampled(deals, weights, "most"))
    return float(lowest), float(highest)


def resampled(
    deals: pl.DataFrame, weights: Weights, credited: str = "credited", imputed: np.ndarray | None = None, is_shared: bool = False
) -> np.ndarray:
    """Return the share of ``deals`` (company, destination, unlocated, ``credited``), companies resampled and weighed, (draw,).

    ``imputed`` (imputation, deal) is the part of the unlocated investors that is in the city: a deal is shared with them, or one
    of them is enough.
    """
    credit = deals[credited].to_numpy().astype(float)
    if imputed is None:
        credits = credit[None]
    elif is_shared:
        credits = credit + deals["unlocated"].to_numpy() * imputed
    else:
        credits = np.maximum(credit, imputed > 0)
    _, company = np.unique(deals["company"].to_numpy(), return_inverse=True)
    # A company that moves has deals in several cities.
    (companies, places), of = np.unique([company, weights.places(deals)], axis=1, return_inverse=True)
    counts = _resamples(company.max() + 1)[:, companies] * weights.spaced(draws.BOOTSTRAPS)[:, places]
    # Each imputation has its part of the resamples.
    parts = np.array_split(counts, len(credits))
    sums = [part @ np.bincount(of, row) for part, row in zip(parts, credits, strict=True)]
    return np.asarray(np.concatenate(sums) / (counts @ np.bincount(of)))


@lru_cache(maxsize=1)
def _resamples(companies: int) -> np.ndarray:
    """Return how often each company is drawn, (draw, company), kept for the rules that share out the same deals."""
    return draws.resample(draws.BOOTSTRAPS, companies, np.random.default_rng(SEED))


def amount_share(facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test the share of the money of deals with a located investor, each split over those investors, amounts imputed.

    The bounds are of the money of all deals, unlocated investors taken either way.
    """
    deals, origins, weights = weighted(facts, window, dataset)
    investors = counted(facts.deal_investors.filter(dataset=dataset), "fractional")
    credits = _shared(deals, investors, homes.Place(BEIJING, f"{facts.country} (country)"))
    located = origins.filter(pl.col("n_located") > 0)
    here = located.filter(origin=BEIJING).select("deal", "fractional_rule")
    credits = credits.join(here, on="deal", how="left", maintain_order="left").with_columns(
        pl.col("fractional_rule").fill_null(0)
    )
    is_located = credits["deal"].is_in(located["deal"].unique().to_list()).to_numpy()
    of_located = credits.filter(is_located)
    is_exact, is_undisclosed = of_located["usd_low"] == of_located["usd_high"], of_located["usd_low"].is_null()
    detail = f"{of_located.height} deals: {is_exact.sum()} amounts exact, {is_undisclosed.sum()} undisclosed, the rest intervals"
    if of_located.filter(pl.col("usd_low") > 0, pl.col("usd_high").is_not_null()).height < LEAST:
        return no_data(of_located.height, detail)
    low, high = (credits[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("usd_low", "usd_high"))
    imputed = amounts.impute(low, high, amounts.design(credits, COVARIATES), np.random.default_rng(SEED))
    money, company = imputed * weights.spaced(len(imputed))[:, weights.places(credits)], credits["company"].to_numpy()
    part = of_located["fractional_rule"].to_numpy()
    middle, least, most = amounts.share(money[:, is_located], part, company[is_located])
    _, lowest, _ = amounts.share(money, credits["least"].to_numpy(), company)
    _, _, highest = amounts.share(money, credits["most"].to_numpy(), company)
    largest = float((money[:, is_located].max(1) / money[:, is_located].sum(1)).mean())
    detail += f"; {amounts.M} imputations; largest deal {largest:.0%} of all; "
    detail += f"bounds {lowest:.0%}–{highest:.0%} for unlocated investors elsewhere, or all there"
    found = f"{middle:.0%} of the money of the {dataset}'s deals ({least:.0%}–{most:.0%}) comes from investors at home in Beijing"
    bounds = lowest, highest
    return Finding(judged(least, most, bounds), middle, least, most, of_located.height, found, detail, bounds)


_TABLES = "core.deals_by_source, core.deal_investors_by_source, core.investor_places, core.investor_offices"


def _test(measure: str, function: Callable[[Facts, Window, str], Finding], tables: str, reading: str | None) -> ClaimTest:
    return ClaimTest("1", measure, function, tables, Facts.deal_datasets, is_beside=reading is not None, reading=reading)


TESTS = [
    *(_test(f"{rule} rule", partial(origination, rule), _TABLES, _READINGS.get(rule)) for rule in _INVESTOR),
    _test("amount-weighted", amount_share, f"{_TABLES}, core.deal_reports", "the money of investors at home there"),
]
