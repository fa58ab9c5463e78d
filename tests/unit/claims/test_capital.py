"""Where the deals and the money originate: what supports the claim, contradicts it, or is too little to say."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.claims import capital
from pipelines.claims.facts import Facts
from tests.support.claims import NOW, attention_of, facts


def origin_facts(beijing: int, elsewhere: int, **attention: float) -> Facts:
    """One deal a company; Beijing companies are financed from Beijing, the others from Shanghai."""
    places = ["Beijing"] * beijing + ["Shanghai"] * elsewhere
    deals = [
        {"deal": f"D{i}", "company": f"C{i}", "country": "CN", "city": place, "year": 2011} for i, place in enumerate(places)
    ]
    rules = {f"{rule}_rule": 1 for rule in ("any", "office", "lead", "fractional")} | {"office_rule_dated": 1}
    split = {"n_investors": 1, "n_located": 1} | rules
    split |= {"company_country": "CN", "year": 2011}
    origin = [
        split | {"deal": one["deal"], "company": one["company"], "destination": one["city"], "origin": one["city"]}
        for one in deals
    ]
    return facts(attention_of(["Beijing", "Shanghai"], **attention), deals=deals, deal_origin=origin)


@pytest.mark.parametrize(
    ("beijing", "elsewhere", "verdict"),
    [(70, 30, "supported"), (20, 80, "contradicted"), (95, 5, "contradicted"), (5, 2, "no data")],
)
def test_origination(beijing: int, elsewhere: int, verdict: str) -> None:
    found = capital.origination()(origin_facts(beijing, elsewhere), NOW)
    assert found.verdict == verdict
    if verdict != "no data":
        assert found.estimate == pytest.approx(beijing / 100)


def test_origination_weighs_a_deal_by_the_attention_to_its_city() -> None:
    found = capital.origination()(origin_facts(80, 20, Beijing=2.0, Shanghai=0.5), NOW)
    assert found.estimate == pytest.approx(0.5)


def test_origination_is_undecided_if_it_depends_on_the_unknown() -> None:
    world = origin_facts(85, 15)
    undated = facts(
        world.index,
        deals=world.deals.to_dicts(),
        deal_origin=world.deal_origin.with_columns(pl.lit(0).cast(pl.Int64).alias("office_rule_dated")).to_dicts(),
    )
    assert capital.origination()(world, NOW).verdict == "contradicted"
    between = capital.origination()(undated, NOW)
    assert (between.verdict, between.low) == ("not separable", 0), "outside 65–75% either way, but on its two sides"
    some = world.deal_origin.with_columns(
        (pl.col("deal").str.slice(1).cast(pl.Int64) < 70).cast(pl.Int64).alias("office_rule_dated")
    )
    mixed = facts(world.index, deals=world.deals.to_dicts(), deal_origin=some.to_dicts())
    found = capital.origination()(mixed, NOW)
    assert found.verdict == "not separable"
    assert found.low is not None
    assert found.low < 0.70 < 0.85 == pytest.approx(found.estimate)


def listed_deals(
    dataset: str, places: dict[str, int], investors: dict[str, str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Deals of 2011 of a source that has one place per company and investor; Beijing's are financed at home."""
    deals, origin = [], []
    for place, count in places.items():
        for one in range(count):
            name = f"{dataset} {place} {one}"
            deals.append({"dataset": dataset, "deal": name, "company": name, "country": "CN", "unit": place, "year": 2011})
            row = {"dataset": dataset, "deal": name, "company": name, "company_country": "CN", "year": 2011, "n_investors": 1}
            row |= {f"{rule}_rule": 1 for rule in ("any", "office", "lead", "fractional")} | {"office_rule_dated": 1}
            origin.append(row | {"n_located": 1, "origin": (investors or {}).get(place, place)})
    return {"deals": deals, "deal_origin": origin}


def test_source_without_offices_cannot_test_the_office_rule() -> None:
    world = facts(**listed_deals("crunchbase", {"Beijing": 30, "Shanghai": 70}))
    found = capital.origination("office")(world, NOW, "crunchbase")
    assert (found.verdict, "no other offices" in found.detail) == ("no data", True)
    assert capital.origination("any")(world, NOW, "crunchbase").verdict == "contradicted"


def test_an_investor_known_by_its_country_may_sit_in_the_city() -> None:
    known = capital.origination("any")(facts(**listed_deals("a", {"Beijing": 50, "Shanghai": 50})), NOW, "a")
    vague = facts(**listed_deals("a", {"Beijing": 50, "Shanghai": 50}, {"Shanghai": "CN (country)"}))
    found = capital.origination("any")(vague, NOW, "a")
    assert (known.verdict, found.verdict) == ("contradicted", "not separable")
    assert found.high == 1


def test_money_is_weighed_by_what_each_deal_may_have_been() -> None:
    """Beijing's hundred deals are ten times as large; a third of all amounts is known by its order of magnitude only."""
    rng, tables = np.random.default_rng(40), listed_deals("a", {"Beijing": 100, "Shanghai": 100})
    true = np.exp(rng.normal(14, 0.5, 200)) * np.repeat([10, 1], 100)
    for position, (row, amount) in enumerate(zip(tables["deals"], true, strict=True)):
        row["round"] = "A"
        digits = 10 ** np.floor(np.log10(amount))
        row["usd_low"], row["usd_high"] = (digits, 10 * digits) if position % 3 == 0 else (amount, amount)
    found = capital.amount_share(facts(**tables), NOW, "a")
    assert found.low is not None and found.high is not None
    assert found.low < true[:100].sum() / true.sum() < found.high < found.low + 0.1
    for row in tables["deals"]:
        row["usd_low"] = row["usd_high"] = None
    assert capital.amount_share(facts(**tables), NOW, "a").verdict == "no data"
