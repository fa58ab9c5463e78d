"""Claim 1 by kind of investor: whether state, corporate, independent and foreign money comes from Beijing alike."""

from functools import partial

import polars as pl

from pipelines.claims import capital
from pipelines.claims.facts import BEIJING, REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, ClaimTest, Finding, no_data
from pipelines.index import draws

#: Kind of money → the kinds of investors that have it; foreign is whoever belongs to another country.
KINDS = {
    "state": ("government",),
    "corporate": ("corporate",),
    "independent": ("vc", "pe", "accelerator", "hedge_fund", "bank"),
    "foreign": (),
}


def origination(money: str, facts: Facts, window: Window, dataset: str = REGISTER_DATASET) -> Finding:
    """Test the share of the deals with an investor of the kind in which one of them has an office in the city.

    Only investors whose home is known count; companies are resampled. The bounds take investors that may be of the kind, and
    undated offices, either way.
    """
    deals, _, weights = capital.weighted(facts, window, dataset)
    of_deal = _investors(facts, deals, dataset, BEIJING, money).group_by("deal").agg(pl.all().any())
    credits = deals.join(of_deal, on="deal").sort("deal").with_columns(pl.col("credited", "least", "most").cast(pl.Float64))
    known = credits.filter("is_of_kind")
    if known.height < LEAST:
        return no_data(known.height, f"{known.height} deals with {money} money of a known home")
    estimate, low, high = (float(end) for end in draws.summary(capital.resampled(known, weights)))
    lowest, highest = bounds = capital.bounded(credits, weights)
    found = (
        f"{estimate:.0%} of the {dataset}'s deals with {money} money ({low:.0%}–{high:.0%}) have such an investor with an "
        f"office in Beijing"
    )
    detail = f"bounds {lowest:.0%}–{highest:.0%} for undated offices and investors without a known home elsewhere, or there"
    return Finding(capital.judged(low, high, bounds), estimate, low, high, known.height, found, detail, bounds)


def _investors(facts: Facts, deals: pl.DataFrame, dataset: str, city: str, money: str) -> pl.DataFrame:
    """Return a row for each deal and investor of the kind, or of no known home, with what the investor means for the deal.

    ``credited``: it has an office in the city in that year; ``least``: one with a date; ``most``: it may have one.
    """
    offices = facts.investor_offices.filter(dataset=dataset, unit=city).drop("dataset", "unit")
    year, home, kind = pl.col("year"), pl.col("home"), pl.col("kind")
    is_foreign = pl.col("owner_country") != facts.country
    of_kind = is_foreign if money == "foreign" else ~is_foreign & kind.is_in(KINDS[money])
    is_at_home = (home == city).fill_null(False)
    is_open = (
        pl.col("is_dated").is_not_null() & (pl.col("opened").fill_null(year) <= year) & (pl.col("closed").fill_null(year) >= year)
    )
    may_be_of_kind = home.is_null() & (pl.lit(money == "foreign") | kind.is_null() | kind.is_in(KINDS[money]))
    return (
        facts.deal_investors.filter(dataset=dataset)
        .join(deals.select("deal", "year"), on="deal")
        .join(offices, on="investor", how="left", maintain_order="left")
        .with_columns(is_of_kind=(of_kind & home.is_not_null()).fill_null(False), may_be_of_kind=may_be_of_kind)
        .filter(pl.col("is_of_kind") | pl.col("may_be_of_kind"))
        .with_columns(
            credited=pl.col("is_of_kind") & (is_at_home | is_open),
            least=pl.col("is_of_kind") & (is_at_home | (is_open & pl.col("is_dated"))),
        )
        .with_columns(
            most=pl.col("credited") | pl.col("may_be_of_kind") | (home == f"{facts.country} (country)").fill_null(False)
        )
        .select("deal", "is_of_kind", "credited", "least", "most")
    )


_TABLES = "core.deal_investors_by_source, core.investors"

TESTS = [
    ClaimTest("1", f"{money} money", partial(origination, money), _TABLES, Facts.deal_datasets, is_beside=True) for money in KINDS
]
