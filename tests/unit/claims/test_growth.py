"""The snowball, the lead and whether it can be overtaken."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from pipelines.claims import growth, overtaking
from pipelines.claims.facts import Facts
from pipelines.claims.models import growth as growth_model
from tests.support.claims import NOW, attention_of, facts


def backed(cities: Iterable[str], counts: Iterable[float], year: int, **row: Any) -> list[dict[str, Any]]:
    """Return so many first deals of a year in each of the cities."""
    names = [(city, f"{city}{year}{number}") for city, n in zip(cities, counts, strict=True) for number in range(int(n))]
    return [row | {"deal": name, "company": name, "country": "CN", "unit": city, "year": year} for city, name in names]


@pytest.fixture
def two_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fit growth with two of the four numbers that are added to stocks."""
    monkeypatch.setattr(growth_model, "STARTS", growth_model.STARTS[::3])


def urn(alpha: float, rng: np.random.Generator) -> Facts:
    """Forty cities, most of them small, from which a dozen companies a year choose by stock to the power α."""
    cities = ["Beijing", "Shanghai", *(f"C{i}" for i in range(38))]
    stock = np.array([16.0, 8.0, 4.0, 2.0, *[0.0] * 36])
    deals = backed(cities, stock, 1994)
    for year in range(1995, 2014):
        pull = (stock + 0.5) ** alpha
        arrivals = np.bincount(rng.choice(40, size=12, p=pull / pull.sum()), minlength=40)
        deals += backed(cities, arrivals, year)
        stock += arrivals
    companies = [{"company": city, "country": "CN", "city_founded": city, "city": city, "founded": 1990} for city in cities]
    return facts(deals=deals, companies=companies)


@pytest.mark.slow
def test_lead_does_not_find_catching_up_in_proportional_growth() -> None:
    rng = np.random.default_rng(2)
    found = [growth.lead(urn(1.0, rng), NOW) for _ in range(12)]
    assert np.mean([one.high is not None and one.high < 1 for one in found]) <= 0.2


@pytest.mark.usefixtures("two_starts")
def test_lead_finds_a_planted_catch_up(monkeypatch: pytest.MonkeyPatch) -> None:
    world = urn(0.3, np.random.default_rng(3))
    found = growth.lead(world, NOW)
    assert found.verdict == "contradicted"
    assert found.high < 1
    assert found.years is not None and found.years[0] is not None and found.years[0] < NOW.first
    panel = growth.panel
    monkeypatch.setattr(growth, "panel", lambda facts, last, dataset, is_steady: panel(facts, last, dataset, False))
    assert growth.lead(world, NOW, is_steady=True).verdict == "not separable", "its investors do not see everything"
    assert growth.lead(facts(deals=urn(1.0, np.random.default_rng(4)).deals.head(20).to_dicts()), NOW).verdict == "no data"


def watched(rng: np.random.Generator) -> Facts:
    """Proportional growth of forty cities, of which a list sees more the larger a city is (to the power 0.1)."""
    stock = np.maximum(rng.poisson(np.exp(rng.normal(1.2, 1.3, 40))), 1).astype(float)
    order = np.argsort(-stock)
    cities = np.array(["Beijing", "Shanghai", *(f"C{number}" for number in range(38))])
    stock, deals = stock[order], list[dict[str, Any]]()
    seen = stock.astype(int)
    for year in range(1999, 2014):
        deals += backed(cities, seen, year, dataset="list")
        arrivals = rng.multinomial(int(stock.sum() * 0.2), stock / stock.sum())
        seen = rng.binomial(arrivals, np.clip(0.5 * (stock / 20) ** 0.1, 0, 1))
        stock += arrivals
    return facts(deals=deals)


@pytest.mark.slow
def test_attention_that_grows_with_size_is_not_called_compounding() -> None:
    rng = np.random.default_rng(45)
    found = [growth.lead(watched(rng), NOW, "list") for _ in range(12)]
    assert np.mean([finding.estimate is not None and finding.estimate > 1 for finding in found]) >= 0.5
    by_exponent = [finding.low is not None and finding.low > 1 + growth.MARGIN for finding in found]
    assert not any(by_exponent)


def race(beijing: int, shanghai: int, **held: Any) -> Facts:
    """Yearly numbers of new backed companies, steady for twenty years, two other cities beside."""
    yearly = {"Beijing": beijing, "Shanghai": shanghai, "C1": 3, "C2": 2}
    deals = [deal for year in range(1994, 2014) for deal in backed(yearly, yearly.values(), year)]
    firms = [{"company": city, "country": "CN", "city_founded": city, "founded": 1990} for city in yearly]
    return facts(attention_of(yearly, **held), deals=deals, companies=firms)


@pytest.mark.slow
def test_overtaking() -> None:
    wide, close, behind = (overtaking.overtaking(race(*yearly), NOW) for yearly in ((15, 5), (10, 10), (5, 15)))
    assert (wide.verdict, wide.estimate) == ("supported", pytest.approx(0, abs=0.01))
    assert wide.years == behind.years == (1996, NOW.last), "the whole panel, not the period alone"
    assert close.verdict == "contradicted"
    assert (behind.verdict, behind.n, behind.estimate) == ("contradicted", 500, 1), "who is behind has been caught up with"
    assert overtaking.overtaking(facts(), NOW).verdict == "no data"


@pytest.mark.slow
def test_a_lead_that_may_be_attention_is_no_safe_lead() -> None:
    assert overtaking.overtaking(race(15, 10), NOW).verdict == "supported"
    assert overtaking.overtaking(race(15, 10, Shanghai=0.5), NOW).verdict == "contradicted", "half as well known, twice as many"
    assert overtaking.overtaking(race(15, 10, Shanghai=0.68), NOW).verdict == "contradicted"


@pytest.mark.slow
@pytest.mark.parametrize(("shanghai", "ahead"), [(10, 0.125), (13, 0.343)])
def test_a_city_that_may_be_ahead_already_counts_against_the_lead(shanghai: int, ahead: float) -> None:
    """Beijing's lead over Shanghai, in standard errors, is ln(15/10)/.35 = 1.15, or ln(15/13)/.35 = 0.4."""
    found = overtaking.overtaking(race(15, shanghai, spread=0.25), NOW)
    match = re.search(r"ahead already in ([\d.]+) of draws", found.detail)
    assert match and abs(float(match[1]) - ahead) < 0.05
    assert found.estimate is not None and float(match[1]) <= found.estimate < float(match[1]) + 0.05
    assert found.verdict == "not separable"


@pytest.mark.usefixtures("two_starts")
def test_a_source_that_begins_late_is_no_witness_of_catching_up() -> None:
    """Proportional growth of which a source sees half, and from the eighth year only."""
    rng, stock, deals = np.random.default_rng(41), np.array([90, 60, 36, 24, 15, 9, 6, 3.0]), []
    cities = ["Beijing", "Shanghai", "C2", "C3", "C4", "C5", "C6", "C7"]
    for year in range(1994, 2014):
        arrivals = np.bincount(rng.choice(8, size=300, p=stock / stock.sum()), minlength=8)
        seen = rng.binomial(arrivals, 0.1 if year < 2004 else 0.5) if year >= 2002 else 0 * arrivals
        deals += backed(cities, seen, year, dataset="late")
        stock += arrivals
    assert growth.lead(facts(deals=deals), NOW, "late").verdict != "contradicted"


@pytest.mark.usefixtures("two_starts")
def test_cities_of_the_scope_take_part_whatever_country_their_companies_are_in_now() -> None:
    world = race(15, 5)
    abroad = {"country": "CN", "country_founded": "US", "unit_country": "US"}
    left = {"country": "SG", "country_founded": "CN", "unit_country": "CN"}
    rows = [row | {"unit": "Boston"} | abroad if row["unit"] == "C1" else row | left for row in world.deals.to_dicts()]
    firms = [
        row | ({"city_founded": "Boston"} | abroad if row["company"] == "C1" else left) for row in world.companies.to_dicts()
    ]
    fitted = growth.panel(facts(deals=rows, companies=firms), NOW.last, "register", False)
    assert fitted[0].units == ["Beijing", "C2", "Shanghai"]


@pytest.mark.slow
def test_too_few_futures_do_not_show_that_a_lead_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of twenty may still be one in ten."""
    world = race(15, 5)
    for futures, verdict in ((20, "not separable"), (100, "supported")):
        monkeypatch.setattr(overtaking, "FUTURES", futures)
        found = overtaking.overtaking(world, NOW)
        assert (found.verdict, found.high) == (verdict, 0)


def test_a_lead_that_a_twentieth_of_draws_leaves_open_is_not_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overtaking, "FUTURES", 10**9)
    chances = np.where(np.arange(1000) < 80, 0.5, 0.0)
    verdicts = [overtaking._judged([chance], True, 9, "", "").verdict for chance in (chances, chances / 5)]
    assert verdicts == ["not separable", "supported"]


def test_the_error_of_a_simulation_is_that_of_its_draws_and_of_its_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred draws the 95% point is the 91st to the 99th, and of few futures it is uncertain in itself."""
    chances = np.linspace(0, 1, 101)
    monkeypatch.setattr(overtaking, "FUTURES", 10**9)
    ends = overtaking._with_error(chances)
    assert ends == pytest.approx((0.05 - 0.0357, 0.5 + 1.645 * chances.std() / np.sqrt(101), 0.95 + 0.0357), abs=2e-4)
    monkeypatch.setattr(overtaking, "FUTURES", 50)
    assert overtaking._with_error(chances)[2] > ends[2]
