"""Where each rule of a claim begins: the fewest observations, the ends of a window, and numbers that stand on a threshold."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.claims import (
    agreement,
    capital,
    founders,
    growth,
    kinds,
    outlook,
    overtaking,
    parks,
    schools,
    scorecard,
    sectors,
    services,
    specialisation,
)
from pipelines.claims.facts import Facts, Window
from pipelines.claims.finding import Finding
from pipelines.claims.models.growth import Growth
from pipelines.claims.models.leads import FlowPanel
from pipelines.claims.models.schoolmates import Clustering
from pipelines.index import BENCHMARK, UNDATED
from tests.support.claims import NOW, facts, financed, index_of

Rows = list[dict[str, Any]]


def numbered(count: int, name: str, **row: Any) -> Rows:
    return [row | {name: f"{name} {number}"} for number in range(count)]


def law(count: int) -> Finding:
    offices = numbered(count, "firm", kind="law", country="CN", city="Beijing", opened=2000)
    branches = [row | {"city": ("Shanghai", "Wuhan")[number % 2]} for number, row in enumerate(offices)]
    return services.offices("law", facts(service_offices=offices + branches), NOW)


def documents(count: int) -> Finding:
    row = {"dataset": "list", "kind": "law", "country": "CN", "year": NOW.last}
    rows = numbered(count, "document", firm="a", city="Beijing", **row)
    rows += numbered(40, "document", firm="a", city="Beijing", **row | {"year": NOW.last + 1})
    return services.named("law", facts(listing_advisers=[*rows, rows[0] | {"city": "Shanghai"}]), NOW, "list")


def repeated(count: int) -> Finding:
    row = {"country": "CN", "founded": NOW.last, "n_earlier_ventures": 1}
    rows = [row | {"city": "Beijing"}] * 30 + [row | {"city": "Shanghai"}] * count
    return founders.repeat_founding(facts(founders=rows), NOW)


def returned(count: int) -> Finding:
    row = {"country": "CN", "founded": NOW.first - 6, "is_returnee": True, "city": "Shanghai", "field": "finance"}
    ours = row | {"city": "Beijing", "field": "tech"}
    return founders.returnees(facts(founders=[row] * count + [ours] * 10 + [row | {"founded": NOW.first - 7}] * 9), NOW)


def valued(count: int) -> Finding:
    rows = numbered(count, "company", city="Hangzhou", year=NOW.last + 1, value_usd_bn=2.0)
    return sectors.hangzhou(facts(valuations=[*rows, rows[0] | {"company": "late", "year": NOW.last + 2}]), NOW)


def listed(count: int) -> Finding:
    row = {"dataset": "list", "measure": "985", "country": "CN", "value": 1.0, "year_from": NOW.first}
    rows = numbered(count, "university", city="Beijing", **row)
    return schools.listed("985", facts(school_lists=[*rows[1:], rows[0] | {"city": "Shanghai"}]), NOW, "list")


def unicorns(count: int) -> Finding:
    there = numbered(30, "company", dataset="list", city=BENCHMARK, country="US")
    here = numbered(count, "company", dataset="list", city="Beijing", country="CN")
    return outlook.unicorns(facts(unicorns=[*here, *there]), NOW, "list")


def deals(count: int) -> dict[str, Rows]:
    """Return the tables of so many deals, each with one investor."""
    return financed([("Beijing", {"i": "Beijing"})] * count, year=NOW.last, usd_low=2.0, usd_high=2.0, round="A")


def credited(count: int) -> Finding:
    return capital.origination("any", facts(**deals(count)), NOW)


def money(count: int) -> Finding:
    tables = deals(20)
    for number, row in enumerate(tables["deals"]):
        row["usd_low"] = row["usd_high"] = 2.0 + number if number < count else None
    return capital.amount_share(facts(**tables), NOW)


def independent(count: int) -> Finding:
    return kinds.origination("independent", facts(**deals(count)), NOW)


@pytest.mark.parametrize(
    "found", [law, documents, repeated, returned, valued, listed, unicorns, credited, money, independent],
    ids=lambda found: found.__name__,
)  # fmt: skip
def test_ten_observations_are_enough_and_nine_are_not(found: Any) -> None:
    assert found(10).verdict != "no data"
    few = found(9)
    assert (few.verdict, few.estimate, few.low, few.high) == ("no data", None, None, None)
    assert few.found


def test_a_city_that_nobody_can_be_compared_with_says_nothing() -> None:
    rows = numbered(12, "document", dataset="list", kind="law", country="CN", year=NOW.last, firm="a", city="Beijing")
    found = services.named("law", facts(listing_advisers=rows), NOW, "list")
    assert (found.verdict, found.n) == ("no data", 12)
    assert found.found == (
        "no other city can be compared with Beijing by listing documents that name an office of listing-law firms"
    )


@pytest.mark.parametrize(("undated", "verdict"), [(6, "not separable"), (7, "no data")])
def test_the_past_is_told_if_half_of_the_offices_have_a_year(undated: int, verdict: str) -> None:
    dated = numbered(12, "firm", kind="law", country="CN", city="Beijing", opened=2000)
    dated[11]["city"] = "Shanghai"
    branches = [row | {"city": ("Wuhan", "Xi'an", "Dalian")[number % 3]} for number, row in enumerate(dated)]
    for row in dated[:undated] + branches[:undated]:
        row["opened"] = None
    world = facts(index_of(np.ones((2, 3))), service_offices=dated + branches)
    then = services.offices("law", world, Window("baseline", 2009, world.index.headline - 1))
    assert then.verdict == ("supported" if verdict != "no data" else "no data")
    now = services.offices("law", world, Window("current", 2010, world.index.headline))
    assert now.verdict != "no data", "undated offices are there today"


def test_an_office_of_the_last_year_of_the_window_counts() -> None:
    rows = numbered(30, "firm", kind="law", country="CN", city="Beijing", opened=NOW.last)
    branches = [row | {"city": "Shanghai"} for row in rows[1:]]
    found = services.offices("law", facts(service_offices=[*rows, *branches, rows[0] | {"city": "Wuhan"}]), NOW)
    assert (found.n, "30 of 30 listing-law firms" in found.found) == (30, True)


@pytest.mark.parametrize(
    ("cohort", "placebo", "ratio", "verdict"),
    [
        (0.009, 0.05, 1.0, "supported"),
        (0.01, 0.05, 1.0, "not separable"),
        (0.009, 0.049, 1.0, "not separable"),
        (0.5, 0.009, 1.5, "contradicted"),
        (0.5, 0.01, 1.5, "not separable"),
        (0.5, 0.009, 1.49, "not separable"),
    ],
)
def test_schoolmates_matter_where_the_placebo_shows_nothing(
    cohort: float, placebo: float, ratio: float, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interval of the cohorts begins at 1.5."""
    by_distance = {0: Clustering(2.0, 1.5, 2.5, cohort, 40, 20.0), 10: Clustering(ratio, 0.5, 2.0, placebo, 20, 20.0)}
    monkeypatch.setattr(schools.cohorts, "clustering", lambda school, entered, company, apart, rng: by_distance[apart])
    companies = numbered(12, "company", country="CN", founded=2010)
    attended = [
        {"founder": f"f{number}", "company": row["company"], "university": "u", "entry_year": 1990 if number % 2 else None}
        for number, row in enumerate(companies)
    ]
    found = schools.schoolmates(facts(companies=companies, founder_schools=attended), NOW)
    assert found.verdict == verdict
    assert (found.estimate, found.low, found.high, found.n) == (2.0, 1.5, 2.5, 6), "half of the years are known: enough"
    assert ("no proof" in found.found) is (verdict == "supported")
    known = [row for row in attended if row["founder"] != "f1"]
    assert schools.schoolmates(facts(companies=companies, founder_schools=known), NOW).verdict == "no data"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.60, 0.80, "supported"), (0.59, 0.70, "not separable"), (0.65, 0.81, "not separable"), (0.60, 0.65, "supported"),
        (0.75, 0.80, "supported"), (0.60, 0.64, "contradicted"), (0.76, 0.80, "contradicted"), (0.3, 0.65, "not separable"),
    ],
)  # fmt: skip
def test_about_seventy_per_cent(low: float, high: float, verdict: str) -> None:
    assert capital.judged(low, high) == verdict


@pytest.mark.parametrize(
    ("hardware", "internet", "verdict"),
    [
        (0.95, 0.05, "supported"), (0.94, 0.05, "not separable"), (0.95, 0.06, "not separable"), (0.05, 0.5, "contradicted"),
        (0.06, 0.94, "not separable"), (0.5, 0.95, "contradicted"),
    ],
)  # fmt: skip
def test_shenzhen_needs_more_hardware_and_less_internet(
    hardware: float, internet: float, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"unit": "Shenzhen", "observed": 9, "total": 20, "expected": 3.0, "quotient": 2.0, "low": 1.0, "high": 3.0}
    chances = {"hardware": hardware, "internet without Tencent": internet}
    rows = pl.DataFrame([row | {"sector": sector, "p_above_one": p} for sector, p in chances.items()])
    monkeypatch.setattr(specialisation, "of_places", lambda *_: rows)
    assert sectors.shenzhen(facts(), NOW).verdict == verdict


def test_city_without_a_rank_has_no_distance() -> None:
    result = index_of(np.ones((9, 3)))
    ranked = result.ranked.copy()
    ranked[[list(result.years).index(year) for year in (2012, NOW.last)], result.cities.index("Beijing")] = False
    world = facts(replace(result, ranked=ranked))
    assert outlook.distance(world, NOW) == Finding("no data", None, None, None, 0, "Beijing is not ranked in 2013")
    assert outlook.best_shot(world, NOW).found == "too few ranked cities in 2013"
    assert schools.schools(world, NOW).found == "too few ranked cities"


def test_window_of_a_list_without_dates_has_no_years() -> None:
    world = facts(unicorns=[{"dataset": "list", "city": "Beijing", "country": "CN"}])
    assert world.window("current", "list") == Window("current", UNDATED, UNDATED)
    assert world.window("current", "list").years == (None, None)
    assert world.window("baseline", "list") == Window("baseline", 2009, 2012)
    assert world.window("current", "register") == Window("current", 2010, 2013)
    assert world.last_covered("register") == 2013


@pytest.mark.parametrize(("month", "last"), [(9, 2014), (10, 2016), (None, 2016)])
def test_a_source_covers_a_year_with_a_deal_of_its_last_quarter(month: int | None, last: int) -> None:
    rows = [{"dataset": "list", "country": "CN", "year": year, "month": 12} for year in (2010, 2014)]
    rows += [
        {"dataset": "list", "country": "CN", "year": 2016, "month": month},
        {"dataset": "list", "country": "US", "year": 2018},
    ]
    world = facts(deals=rows, listing_advisers=[{"dataset": "list", "year": 2019}, {"dataset": "other", "year": 2020}])
    assert world.last_covered("list") == last
    assert world.window("current", "list") == Window("current", max(last - 2, 2013), last)
    assert world.last_covered("other") == 2020, "listing documents count where a source has no deals"
    assert world.deal_datasets() == ["list"]


def test_draws_of_a_quantity_are_sums_over_years_and_coverage_is_of_one_list() -> None:
    world: Facts = facts()
    drawn = world.quantity("founders", range(2011, 2013), ["Beijing", "Nowhere"])
    assert [*drawn] == ["Beijing"]
    assert drawn["Beijing"].tolist() == pytest.approx([2.0] * 400)
    assert world.quantity("murals", range(2011, 2013), ["Beijing"]) is None
    attention = world.coverage("founders", "register", ["Shanghai", "Beijing"], 2012)
    assert attention.shape == (400, 2)
    assert world.coverage("founders", "register", ["Shanghai", "Nowhere"], 2012) is None
    assert world.coverage("founders", "press", ["Shanghai"], 2012) is None


@pytest.mark.parametrize(("gap", "verdict"), [(0.99, "supported"), (1.0, "supported"), (1.01, "lists disagree")])
def test_estimates_disagree_beyond_what_their_intervals_allow(gap: float, verdict: str) -> None:
    """Of two intervals one wide, estimates one apart are as far as chance puts them: √(1 + 1) / √2."""
    row = {"verdict": "supported", "measure": "m", "completeness": "sample", "estimate": 0.0, "low": -0.5, "high": 0.5, "n": 20}
    row |= {"dataset": "a", "found": "much", "first_year": 2009, "last_year": 2012, "expected": None}
    other = row | {"verdict": "not separable", "estimate": gap, "low": gap - 0.5, "high": gap + 0.5, "n": 10, "dataset": "b"}
    other |= {"found": "little", "last_year": None}
    decided, found, deciding = agreement.combined([other, row])
    assert (decided, deciding["dataset"]) == (verdict, "a")
    assert found == ("much" if verdict == "supported" else "a (m, 2009–2012): much; but b (m): little")


def test_country_that_the_claims_are_not_about_has_no_data_on_any() -> None:
    evidence, verdicts = scorecard.untested(["1", "3a"], "they are about China")
    assert verdicts.rows() == [
        (claim, period, "no data", "they are about China") for period in ("baseline", "current") for claim in ("1", "3a")
    ]
    assert (evidence.schema, verdicts.schema) == (scorecard.ClaimEvidence.types(), scorecard.ClaimVerdict.types())
    assert set(evidence.select("n", "is_rule", "is_headline", "dataset").rows()) == {(0, True, True, "register")}


def test_list_without_a_university_of_the_city_says_so() -> None:
    row = {"dataset": "list", "measure": "985", "country": "CN", "value": 1.0, "year_from": NOW.first, "city": "Shanghai"}
    found = schools.listed("985", facts(school_lists=numbered(10, "university", **row)), NOW, "list")
    assert (found.verdict, found.n, found.found) == ("no data", 10, "no university of Beijing")


def led(
    fits: list[Growth], trend: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch, dataset: str = "register"
) -> Finding:
    """Return the finding on claim 7 where Beijing leads Shanghai, the growth is fitted so, and the lead has this trend."""
    new = np.array([[4.0, 2.0]] * 6)
    flows = FlowPanel(np.arange(2008, 2014), ["Beijing", "Shanghai"], np.array([True, True]), new, new.cumsum(0) - new)
    monkeypatch.setattr(growth, "panel", lambda *_: (flows, fits))
    monkeypatch.setattr(growth.leads, "trend", lambda *_: trend)
    return growth.lead(facts(), NOW, dataset)


LEVEL, RISES, FALLS = (0.0, -0.1, 0.1), (0.1, 0.01, 0.2), (-0.1, -0.2, -0.01)


@pytest.mark.parametrize(
    ("low", "high", "trend", "dataset", "verdict"),
    [
        (1.06, 1.5, LEVEL, "register", "supported"),
        (1.05, 1.5, LEVEL, "register", "not separable"),
        (0.7, 1.45, RISES, "register", "supported"),
        (0.7, 1.46, RISES, "register", "not separable"),
        (0.7, 1.4, LEVEL, "register", "not separable"),
        (1.01, 1.4, RISES, "register", "not separable"),
        (0.7, 1.0, RISES, "register", "supported"),
        (1.0, 1.4, RISES, "register", "supported"),
        (0.5, 0.99, LEVEL, "register", "contradicted"),
        (0.5, 1.0, LEVEL, "register", "not separable"),
        (0.5, 0.99, LEVEL, "list", "not separable"),
        (0.5, 1.9, FALLS, "list", "contradicted"),
        (0.5, 1.9, (0.0, -0.1, 0.0), "list", "not separable"),
        (0.7, 1.4, (0.1, 0.0, 0.2), "register", "not separable"),
    ],
)
def test_a_lead_feeds_itself_beyond_what_a_closer_look_shows(
    low: float, high: float, trend: tuple[float, float, float], dataset: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = led([Growth(1.0, low, high, 0.1, 1.0, 36)] * 2, trend, monkeypatch, dataset)
    assert found.verdict == verdict
    assert (found.estimate, found.low, found.high, found.n) == (1.0, low, high, 36)
    looks_closer = "; a list that looks ever more closely at larger cities would show "
    ends = looks_closer + ("less" if verdict == "supported" else "as much") if low > 1 else " a year"
    assert found.found.endswith(ends)


@pytest.mark.parametrize(
    ("first", "second", "trend", "verdict"),
    [
        ((1.06, 1.3), (1.4, 1.9), LEVEL, "supported"),
        ((1.06, 1.3), (0.9, 1.2), LEVEL, "not separable"),
        ((1.06, 1.7), (0.9, 1.2), RISES, "not separable"),
        ((0.5, 0.9), (0.6, 0.99), LEVEL, "contradicted"),
        ((0.5, 0.9), (0.6, 1.01), LEVEL, "not separable"),
    ],
)
def test_a_lead_feeds_itself_if_it_does_whatever_is_added_to_stocks(
    first: tuple[float, float],
    second: tuple[float, float],
    trend: tuple[float, float, float],
    verdict: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the third case each supports the claim, by a rule of its own, and both together are too wide for either."""
    found = led([Growth(sum(ends) / 2, *ends, 0.1, 1.0, 36) for ends in (first, second)], trend, monkeypatch)
    assert found.verdict == verdict
    assert (found.estimate, found.low, found.high) == (sum(first) / 2, min(first[0], second[0]), max(first[1], second[1]))
    assert ("the verdict depends on what is added" in found.found) == (verdict == "not separable")
    least, most = sorted(sum(ends) / 2 for ends in (first, second))
    assert f"α is {least:.2f} to {most:.2f} with 0.25 to 2 added to every stock" in found.detail


def test_a_city_without_a_measured_rival_cannot_be_overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    new = np.array([[4.0, 2.0]] * 6)
    flows = FlowPanel(np.arange(2008, 2014), ["Beijing", "Lhasa"], np.array([True, True]), new, new.cumsum(0) - new)
    monkeypatch.setattr(growth, "panel", lambda *_: (flows, [Growth(1.0, 0.5, 1.5, 0.1, 1.0, 36)]))
    assert overtaking.overtaking(facts(), NOW).verdict == "no data"


def test_place_that_is_alone_has_no_quotient() -> None:
    rows = numbered(12, "company", country="CN", city="Beijing", sector="gaming", founded=2000)
    rows += numbered(12, "firm", country="CN", city="Beijing", sector="media", founded=2000)
    rows = [row | {"company": row.get("company", row.get("firm"))} for row in rows]
    assert specialisation.of_places(facts(companies=rows), NOW, "register").is_empty()
    two = [row | {"city": "Shanghai", "company": f"{row['company']}'s"} for row in rows]
    assert set(specialisation.of_places(facts(companies=rows + two), NOW, "register")["unit"]) == {"Beijing", "Shanghai"}


def test_groups_that_share_a_sector_are_counted_apart() -> None:
    """Where Tencent is not on a list, its games are of both groups."""
    kinds = ("gaming", "media", "semiconductors")
    rows = [
        {"company": f"{city}{kind}{number}", "country": "CN", "city": city, "sector": kind, "founded": 2000}
        for city, counts in (("Beijing", (6, 12, 2)), ("Shanghai", (4, 8, 8)))
        for kind, count in zip(kinds, counts, strict=True)
        for number in range(count)
    ]
    found = specialisation.of_places(facts(companies=rows), NOW, "register").filter(unit="Beijing")
    expected = dict(found.select("sector", "expected").iter_rows())
    assert expected == pytest.approx({"gaming": 5, "internet without Tencent": 15, "semiconductors": 5})


def test_city_takes_part_from_the_year_of_its_first_company() -> None:
    row = {"country": "CN", "company": "x", "founded": 2010}
    rows = [row | {"city_founded": "Beijing"}, row | {"city_founded": "Wuhan", "founded": 2011}, row | {"city_founded": None}]
    rows.append(row | {"city_founded": "Boston", "country": "US"})
    assert growth.cities_known(facts(companies=rows), 2010) == ["Beijing"]


def test_city_with_one_company_around_an_approval_is_compared() -> None:
    cities = ("Beijing", BENCHMARK, "Shanghai", "Wuhan", "Dalian")
    readiness = np.tile([80.0, 100.0, 60.0, 50.0, 40.0], (4, 1))
    started = {"dataset": "list", "started": "founded", "country": "CN"}
    counts = {("Beijing", 2001): 3.0, ("Beijing", 2006): 5.0, ("Shanghai", 2003): 2.0, ("Shanghai", 2005): 2.0}
    counts |= {("Wuhan", 2004): 1.0, ("Dalian", 1990): 7.0}
    world = facts(
        index_of(readiness, ("P1",), cities),
        residents=[{"city": city, "population": 1000} for city in cities if city != BENCHMARK],
        zones=[{"city": city, "approved_year": 2005} for city in ("Beijing", "Shanghai")],
        company_starts=[started | {"city": city, "year": year, "n": n} for (city, year), n in counts.items()],
    )
    table = parks.events(world, 2013, "list", "founded")
    columns = ("city", "is_approved", "before", "after", "older")
    assert table.select(columns).rows() == [("Beijing", True, 3, 5, 0), ("Shanghai", True, 2, 2, 0), ("Wuhan", False, 1, 0, 0)]
    # The quartiles of the two cities with a park, 65 and 75, are 0 and 1.
    assert table["conditions"].to_list() == pytest.approx([1.5, -0.5, -1.5])


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.51, 0.6, "supported"), (0.5, 0.6, "not separable"), (0.1, 0.24, "contradicted"), (0.1, 0.25, "not separable")],
)
def test_hangzhou_is_one_firm_beyond_half_of_its_value(
    low: float, high: float, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sectors.draws, "interval", lambda _: (low, high))
    rows = numbered(10, "company", city="Hangzhou", year=NOW.last, value_usd_bn=1.0)
    rows[0]["value_usd_bn"] = 9.5 if high > 0.5 else 1.0
    assert sectors.hangzhou(facts(valuations=rows), NOW).verdict == verdict


@pytest.mark.parametrize(("value", "verdict"), [(50.5, "supported"), (50.0, "not separable"), (49.5, "contradicted")])
def test_published_part_is_most_beyond_half(value: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sectors, "FIGURE_ERROR", 0.0)
    row = {"city": "Dalian", "metric": "japan_share_outsourcing", "year": NOW.last, "value": value}
    world = facts(published=[row | {"source": source} for source in ("Bureau", "Gazette")])
    assert sectors.published(sectors.JAPAN, world, NOW).verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.51, 0.9, "supported"), (0.5, 0.9, "not separable"), (0.1, 0.49, "contradicted"), (0.1, 0.5, "not separable")],
)
def test_offices_are_plenty_beyond_half(low: float, high: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "exact", lambda *_: (low, high))
    units = pl.DataFrame({"unit": ["a", "b"], "city": ["Beijing", "Shanghai"], "is_whole": [True, True]})
    assert services.plenty(units, "Beijing", "firms").verdict == verdict
