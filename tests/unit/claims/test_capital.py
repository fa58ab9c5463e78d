"""Where the deals and the money originate: what supports the claim, contradicts it, or is too little to say."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.claims import capital, kinds
from pipelines.claims.facts import Facts
from pipelines.claims.models import homes
from tests.support.claims import NOW, attention_of, facts, financed


def origin_facts(beijing: int, elsewhere: int, **attention: float) -> Facts:
    """One deal a company; Beijing companies are financed from Beijing, the others from Shanghai."""
    places = ["Beijing"] * beijing + ["Shanghai"] * elsewhere
    return facts(attention_of(["Beijing", "Shanghai"], **attention), **financed((place, {"i": place}) for place in places))


@pytest.mark.parametrize(
    ("beijing", "elsewhere", "verdict"),
    [
        (140, 60, "supported"),
        (70, 30, "supported"),
        (21, 9, "not separable"),
        (20, 80, "contradicted"),
        (95, 5, "contradicted"),
        (5, 2, "no data"),
        (0, 0, "no data"),
    ],
)
def test_origination(beijing: int, elsewhere: int, verdict: str) -> None:
    found = capital.origination("office", origin_facts(beijing, elsewhere), NOW)
    assert found.verdict == verdict
    if verdict != "no data":
        assert found.estimate == pytest.approx(beijing / (beijing + elsewhere), abs=0.02)


def test_origination_weighs_a_deal_by_the_attention_to_its_city() -> None:
    found = capital.origination("office", origin_facts(80, 20, Beijing=2.0, Shanghai=0.5), NOW)
    assert found.estimate == pytest.approx(0.5, abs=0.02)


def test_origination_is_as_uncertain_as_the_attention() -> None:
    """The log odds of the share then vary by two attentions more: 1.645 · √(1/50 + 1/50 + 2 · .5²)."""
    found = capital.origination("office", origin_facts(50, 50, spread=0.5), NOW)
    low, high = (np.log(end / (1 - end)) for end in (found.low, found.high))
    assert (high - low) / 2 == pytest.approx(1.645 * np.sqrt(0.04 + 2 * 0.5**2), rel=0.1)


def test_undated_offices_stand_in_the_bounds() -> None:
    world = origin_facts(85, 15)
    undated = facts(
        world.index,
        deals=world.deals.to_dicts(),
        deal_origin=world.deal_origin.with_columns(pl.lit(0).cast(pl.Int64).alias("office_rule_dated")).to_dicts(),
    )
    assert "bounds 78%–91%" in capital.origination("office", world, NOW).detail
    found = capital.origination("office", undated, NOW)
    assert (found.verdict, "bounds 0%–91%" in found.detail) == ("not separable", True)
    assert found.bounds == (0.0, pytest.approx(0.91, abs=0.01))
    assert found.low is not None and found.low > capital.CLAIMED[1], "the interval alone would contradict the claim"


@pytest.mark.parametrize(
    ("interval", "bounds", "verdict"),
    [
        ((0.77, 0.85), (0.58, 0.92), "not separable"),
        ((0.77, 0.85), (0.76, 0.92), "contradicted"),
        ((0.35, 0.44), (0.29, 0.62), "contradicted"),
        ((0.35, 0.44), (0.29, 0.70), "not separable"),
        ((0.65, 0.75), (0.58, 0.78), "not separable"),
        ((0.65, 0.75), (0.62, 0.81), "not separable"),
        ((0.65, 0.75), (0.6, 0.8), "supported"),
        ((0.77, 0.85), None, "contradicted"),
    ],
)
def test_a_verdict_that_bounds_leave_open_is_none(
    interval: tuple[float, float], bounds: tuple[float, float] | None, verdict: str
) -> None:
    assert capital.judged(*interval, bounds) == verdict


def unlocated(known: dict[str, int], unknown: int) -> Facts:
    """Deals of Shanghai with one investor each: ``known`` by its home, and others without one; each investor has one deal."""
    homes = [*(home for home, count in known.items() for _ in range(count)), *[None] * unknown]
    return of_shanghai({f"I{number}": home} for number, home in enumerate(homes))


def of_shanghai(deals: Iterable[dict[str, str | None]], **row: Any) -> Facts:
    """Return deals of companies of Shanghai, by the investors of each with their homes."""
    return facts(attention_of(["Beijing", "Shanghai"]), **financed((("Shanghai", homes) for homes in deals), **row))


def test_homes_that_nobody_gives_are_imputed_from_those_given() -> None:
    found = capital.origination("any", unlocated({"Beijing": 280, "Shanghai": 120}, 400), NOW)
    assert (found.verdict, found.n) == ("not separable", 400)
    assert found.estimate == pytest.approx(0.7, abs=0.03)
    alone = capital.origination("any", unlocated({"Beijing": 280, "Shanghai": 120}, 0), NOW)
    assert found.high - found.low > (alone.high - alone.low) / np.sqrt(2), "a home imputed is no home known"
    assert "bounds 3" in found.detail, "all of them elsewhere would leave 35%"


def test_where_no_home_is_known_none_is_imputed() -> None:
    deals = pl.DataFrame({"deal": ["D1", "D2"], "unit": ["Beijing", "Shanghai"]})
    investors = pl.DataFrame({"deal": ["D1", "D2"], "investor": ["a", "b"], "home": [None, "CN (country)"]}).with_columns(
        is_counted=True
    )
    imputed = homes.impute(investors, deals, None, homes.Place("Beijing", "CN (country)"), np.random.default_rng(1))
    assert (imputed.shape, imputed.any()) == ((homes.M, 2), False)


@pytest.mark.slow
def test_share_with_imputed_homes_is_covered() -> None:
    """Investors with several deals sit in Beijing more often and are known more often, so those known alone are too many."""
    rng, covered, naive = np.random.default_rng(42), [], []
    for _ in range(60):
        many = rng.random(300) < 0.4
        here = rng.random(300) < np.where(many, 0.8, 0.4)
        known = rng.random(300) < np.where(many, 0.9, 0.4)
        rows = [(investor, deal) for investor in range(300) for deal in range(5 if many[investor] else 1)]
        homes = [("Beijing" if here[investor] else "Shanghai") if known[investor] else None for investor in range(300)]
        world = of_shanghai({f"I{investor}": homes[investor]} for investor, _ in rows)
        found = capital.origination("any", world, NOW)
        truth = np.mean([here[investor] for investor, _ in rows])
        covered.append(found.low <= truth <= found.high)
        naive.append(np.mean([here[investor] for investor, _ in rows if known[investor]]) - truth)
    assert np.mean(covered) >= 0.83, "nominal 0.90, less two standard errors of 60 worlds"
    assert np.mean(naive) > 0.03


def listed_deals(
    dataset: str, places: dict[str, int], investors: dict[str, str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Deals of 2011 of a source that has one place per company and investor; Beijing's are financed at home."""
    cities = [place for place, count in places.items() for _ in range(count)]
    return financed(
        ((place, {f"I{number}": (investors or {}).get(place, place)}) for number, place in enumerate(cities)), dataset
    )


def test_source_without_offices_cannot_test_the_office_rule() -> None:
    world = facts(**listed_deals("crunchbase", {"Beijing": 30, "Shanghai": 70}))
    found = capital.origination("office", world, NOW, "crunchbase")
    assert (found.verdict, "no other offices" in found.found) == ("no data", True)
    assert capital.origination("any", world, NOW, "crunchbase").verdict == "contradicted"


def test_an_investor_known_by_its_country_may_sit_in_the_city() -> None:
    vague = facts(**listed_deals("a", {"Beijing": 50, "Shanghai": 50}, {"Shanghai": "CN (country)"}))
    found = capital.origination("any", vague, NOW, "a")
    assert "–100% for" in found.detail


def test_money_is_weighed_by_what_each_deal_may_have_been() -> None:
    """Beijing's hundred deals are ten times as large; a third of all amounts is known by its order of magnitude only."""
    rng, tables = np.random.default_rng(40), listed_deals("a", {"Beijing": 100, "Shanghai": 100})
    true = np.exp(rng.normal(14, 0.5, 200)) * np.repeat([10, 1], 100)
    for position, (row, amount) in enumerate(zip(tables["deals"], true, strict=True)):
        row["round"] = "A"
        digits = 10 ** np.floor(np.log10(amount))
        row["usd_low"], row["usd_high"] = (digits, 10 * digits) if position % 3 == 0 else (amount, amount)
    found = capital.amount_share(facts(**tables), NOW, "a")
    assert found.low < true[:100].sum() / true.sum() < found.high < found.low + 0.1
    for position, row in enumerate(tables["deals"]):
        row["usd_low"], row["usd_high"] = ((None, None), (1e6, None), (0.0, 1e6))[position % 3]
    assert capital.amount_share(facts(**tables), NOW, "a").verdict == "no data", "none is bounded on both sides"


def test_money_of_a_kind_counts_only_its_investors() -> None:
    deals = [
        {"deal": f"D{number}", "company": f"C{number}", "country": "CN", "city": "Shanghai", "unit": "Shanghai", "year": 2011}
        for number in range(40)
    ]
    firm, state = {"kind": "vc", "owner_country": "CN"}, {"kind": "government", "owner_country": "CN"}
    investors = [{"deal": f"D{n}", "investor": f"vc {n}", "home": "Beijing" if n < 28 else "Shanghai"} | firm for n in range(40)]
    investors += [{"deal": f"D{n}", "investor": "a fund", "home": "Shanghai"} | state for n in range(20)]
    investors += [
        {"deal": f"D{n}", "investor": "abroad", "home": "Menlo Park", "kind": "vc", "owner_country": "US"} for n in range(20)
    ]
    offices = [{"investor": "abroad", "unit": "Beijing"}, {"investor": "a fund", "unit": "Shenzhen"}]
    offices += [{"dataset": "another list", "investor": "a fund", "unit": "Beijing"}]
    world = facts(attention_of(["Beijing", "Shanghai"]), deals=deals, deal_investors=investors, investor_offices=offices)
    found = {money: kinds.origination(money, world, NOW) for money in kinds.KINDS}
    shares = {money: finding.estimate for money, finding in found.items()}
    assert shares == {"independent": pytest.approx(0.7), "state": 0.0, "foreign": 1.0, "corporate": None}
    assert (found["independent"].n, found["state"].verdict, found["corporate"].verdict) == (40, "contradicted", "no data")


def followed(leads: list[str | None], followers: list[str | None]) -> Facts:
    """Deals of Shanghai, half of them led from each of two places; every deal has the same followers."""
    of_deals = [[leads[number % len(leads)], *followers] for number in range(40)]
    named = ({f"I{number} {place}": home for place, home in enumerate(homes)} for number, homes in enumerate(of_deals))
    return of_shanghai(named, usd_low=1e6, usd_high=1e6)


def test_deal_without_a_named_lead_is_shared_by_all_its_investors() -> None:
    investors = pl.DataFrame({"deal": ["A", "A", "B", "B"], "is_lead": [True, False, False, False]})
    assert capital.counted(investors, "lead")["is_counted"].to_list() == [True, False, True, True]


def test_followers_without_a_home_take_nothing_from_a_located_lead() -> None:
    found = capital.origination("lead", followed(["Beijing", "Shanghai"], [None] * 5), NOW)
    assert found.estimate == pytest.approx(0.5, abs=0.03)
    assert found.bounds == (found.low, found.high), "every lead is located"


def test_lead_without_a_home_may_be_anywhere_though_a_follower_is_located() -> None:
    found = capital.origination("lead", followed([None, "Shanghai"], ["Beijing"]), NOW)
    assert found.bounds == (0.0, pytest.approx(0.5, abs=0.15))


def test_bounds_of_the_money_take_unlocated_investors_either_way() -> None:
    found = capital.amount_share(followed(["Beijing", "Shanghai"], [None]), NOW)
    assert found.estimate == pytest.approx(0.5, abs=0.01), "by the located ones alone"
    assert found.bounds[0] < 0.25 < found.low < 0.75 < found.bounds[1]
    assert capital.amount_share(followed(["Shanghai"], [None, None]), NOW).verdict == "not separable", (
        "two thirds may be Beijing's"
    )


def test_bounds_of_a_kind_take_undated_offices_and_investors_of_no_known_home_either_way() -> None:
    keys = [{"deal": f"D{number}", "company": f"C{number}", "year": 2011} for number in range(40)]
    deals = [key | {"country": "CN", "city": "Shanghai", "unit": "Shanghai"} for key in keys]
    fund = {"investor": "fund", "home": "Shanghai", "kind": "vc", "owner_country": "CN"}

    def found(office: dict[str, Any], *others: dict[str, Any]) -> tuple[float | None, tuple[float, float] | None]:
        investors = [{"deal": key["deal"]} | investor for key in keys for investor in (fund, *others)]
        offices = [{"investor": "fund", "unit": "Beijing"} | office]
        index = attention_of(["Beijing", "Shanghai"])
        finding = kinds.origination(
            "independent", facts(index, deals=deals, deal_investors=investors, investor_offices=offices), NOW
        )
        return finding.estimate, finding.bounds

    assert found({"opened": 2010}) == (1, (1, 1))
    assert found({"is_dated": False}) == (1, (0, 1))
    assert found({"opened": 2012}) == found({"closed": 2010}) == (0, (0, 0))
    assert found({"opened": 2012}, {"investor": "stranger"}) == (0, (0, 1)), "it may be of any kind"
    assert found({"opened": 2012}, {"investor": "state", "kind": "government"}) == (0, (0, 0))
    vague = {"investor": "b", "kind": "pe", "owner_country": "CN", "home": "CN (country)"}
    assert found({"opened": 2012}, vague) == (0, (0, 1)), "it may be in Beijing"
