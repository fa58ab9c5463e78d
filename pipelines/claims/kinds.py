"""Claim 1 by kind of investor: whether state, corporate, independent and foreign money comes from Beijing alike."""

from collections.abc import Callable

import numpy as np
import polars as pl

from pipelines.claims import capital
from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, ClaimTest, Finding, beside, no_data
from pipelines.index import draws

#: Kind of money → the kinds of investors that have it; foreign is whoever has its home in another country.
KINDS = {
    "state": ("government",),
    "corporate": ("corporate",),
    "independent": ("vc", "pe", "accelerator", "hedge_fund", "bank"),
    "foreign": (),
}


def origination(money: str) -> Callable[[Facts, Window, str], Finding]:
    """Test the share of the deals with an investor of the kind in which one of them has an office in the city.

    Only investors whose home is known count; companies are resampled.
    """

    def test(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
        deals, _ = capital.weighted(facts, window, dataset)
        of_source = pl.col("dataset") == dataset
        offices = facts.investor_offices.filter(of_source & (pl.col("unit") == city))["investor"].to_list()
        is_foreign = pl.col("country") != facts.country
        of_kind = is_foreign if money == "foreign" else ~is_foreign & pl.col("kind").is_in(KINDS[money])
        is_here = (pl.col("home") == city) | pl.col("investor").is_in(offices)
        investors = facts.deal_investors.filter(of_source & of_kind & pl.col("home").is_not_null())
        here = investors.group_by("deal").agg(is_here.any().cast(pl.Float64).alias("credited"))
        credited = deals.join(here, on="deal").sort("deal")
        if credited.height < LEAST:
            return no_data(credited.height, f"{credited.height} deals with {money} money of a known home")
        shares = capital.resampled(credited)
        low, high = (float(bound) for bound in draws.interval(shares))
        estimate = float(np.average(credited["credited"].to_numpy(), weights=credited["weight"].to_numpy()))
        found = (
            f"{estimate:.0%} of the {dataset}'s deals with {money} money ({low:.0%}–{high:.0%}) have such an investor with an "
            f"office in {city}"
        )
        return Finding(capital.judged(low, high), estimate, low, high, credited.height, found)

    return test


TESTS = [
    ClaimTest(
        "1", f"{money} money", origination(money), "core.deal_investors_by_source, core.investors", Facts.deal_datasets, beside
    )
    for money in KINDS
]
