"""Leading schools, schoolmates among founders, and lists of universities."""

import numpy as np
import pytest

from pipelines.claims import schools, scorecard
from pipelines.claims.facts import Facts, Window
from pipelines.claims.models import schoolmates
from pipelines.index import BENCHMARK, UNDATED
from tests.support.claims import NOW, facts, index_of

LATER = Window("current", 2014, 2017)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no more than a test needs."""
    monkeypatch.setattr(schoolmates, "DRAWS", 499)


def alumni(shock: float, known: float = 1.0, cycle: float = 0.0, seed: int = 5) -> Facts:
    """Founders of six schools, entry years 1980–2004, whose cohorts differ by ``shock`` or every tenth year of the school's."""
    rng = np.random.default_rng(seed)
    schools, firms = [], []
    for school in range(6):
        for year in range(1980, 2005):
            own = rng.gamma(1 / shock**2, shock**2) if shock else 1.0
            for _ in range(rng.poisson(1.5 * own * np.exp(cycle * (year % 10 == 3 + school)))):
                name = f"F{len(firms)}"
                told = year if rng.random() < known else None
                firms.append({"company": name, "country": "CN", "founded": year + int(rng.integers(3, 13))})
                schools.append({"founder": name, "company": name, "university": f"S{school}", "entry_year": told})
    return facts(companies=firms, founder_schools=schools)


def test_schoolmates_support_the_claim_if_the_placebo_is_null() -> None:
    found = schools.schoolmates(alumni(1.0, seed=6), LATER)
    assert (found.verdict, "consistent with schoolmates mattering" in found.found) == ("supported", True)
    assert schools.schoolmates(alumni(0.0), LATER).verdict == "not separable"


def test_a_placebo_that_clusters_as_well_contradicts() -> None:
    assert schools.schoolmates(alumni(0.0, cycle=2.0), LATER).verdict == "contradicted"


def test_few_known_entry_years_give_no_verdict() -> None:
    found = schools.schoolmates(alumni(1.0, known=0.3), LATER)
    assert (found.verdict, "entry years known for" in found.found) == ("no data", True)
    assert schools.schoolmates(alumni(1.0), Window("baseline", 1984, 1987)).verdict == "no data", (
        "companies founded later do not count"
    )
    assert schools.schoolmates(facts(), NOW).verdict == "no data"


@pytest.mark.slow
def test_classmates_of_a_company_and_serial_founders_count_once() -> None:
    world = alumni(0.0)
    attended = world.founder_schools.to_dicts()
    classmates = [row | {"founder": f"{row['founder']} {one}"} for row in attended for one in range(3)]
    more = [row | {"company": f"{row['company']} again", "founded": row["founded"] + 1} for row in world.companies.to_dicts()]
    again = [row | {"company": f"{row['company']} again"} for row in attended]
    several = facts(companies=world.companies.to_dicts(), founder_schools=classmates)
    assert schools.schoolmates(several, LATER).estimate == schools.schoolmates(world, LATER).estimate
    serial, later = (
        facts(companies=world.companies.to_dicts() + more, founder_schools=attended + again),
        Window("current", 2020, 2023),
    )
    assert schools.schoolmates(serial, later) == schools.schoolmates(world, later)


def test_a_list_of_universities_tells_only_of_its_time() -> None:
    row = {"dataset": "elite", "measure": "985", "country": "CN", "value": 1.0, "year_from": 2012, "year_to": 2012}
    table = [row | {"university": f"B{one}", "city": "Beijing"} for one in range(40)]
    table += [row | {"university": f"S{one}", "city": "Shanghai"} for one in range(10)]
    then = schools.listed("985", facts(school_lists=table), Window("baseline", 2009, 2012), "elite")
    assert (then.verdict, then.n) == ("supported", 50)
    assert schools.listed("985", facts(school_lists=table), Window("current", 2021, 2024), "elite").verdict == "no data"
    even = [one | {"university": f"{one['university']} {half}"} for one in table[40:] for half in range(4)]
    assert schools.listed("985", facts(school_lists=table[:40] + even), Window("baseline", 2009, 2012), "elite").verdict == (
        "not separable"
    )
    undated = [one | {"year_from": None, "year_to": None} for one in table]
    assert schools.listed("985", facts(school_lists=undated), Window("baseline", 2009, 2012), "elite").verdict == "no data"
    assert schools.listed("985", facts(school_lists=undated), Window("current", 2021, 2024), "elite").verdict == "supported"


def test_a_list_of_a_source_without_dates_is_of_the_year_of_its_edition() -> None:
    row = {"dataset": "list", "measure": "985", "country": "CN", "value": 1.0}
    table = [row | {"university": f"{city} {one}", "city": city} for city in ("Beijing", "Wuhan") for one in range(9)]
    dated = [one | {"year_from": 2024} for one in table]
    today, now = Window("current", UNDATED, UNDATED), Window("current", 2021, 2024)
    for is_complete in (True, False):
        found = [
            schools.listed("985", facts(school_lists=rows), window, "list", is_complete=is_complete).years
            for rows, window in ((dated, today), (table, today), (dated, now))
        ]
        assert found == [(2024, 2024), None, None]


@pytest.mark.parametrize(("ours", "verdict"), [(8, "supported"), (7, "not separable"), (6, "contradicted")])
def test_a_complete_list_is_decided_by_its_counts(ours: int, verdict: str) -> None:
    """Resampled, none of these leads would be certain."""
    row = {"dataset": "list", "measure": "985", "country": "CN", "value": 1.0}
    table = [
        row | {"university": f"{city} {one}", "city": city} for city, n in (("Beijing", ours), ("Wuhan", 7)) for one in range(n)
    ]
    table += [row | {"university": f"S {one}", "city": "Shanghai"} for one in range(3)]
    found = schools.listed("985", facts(school_lists=table), Window("current", 2021, 2024), "list", is_complete=True)
    assert (found.verdict, found.estimate, found.low, found.high) == (verdict, ours / (ours + 7), None, None)
    assert schools.listed("985", facts(school_lists=table), Window("current", 2021, 2024), "list").verdict == "not separable"
    whole = {test.measure for test in schools.TESTS if test.completeness == "enumeration"}
    assert whole == {"985", "211", "Double First-Class", "undergraduate institutions"}


def test_chosen_universities_are_judged_with_them_resampled() -> None:
    row = {"dataset": "list", "measure": "top10_works", "country": "CN"}
    table = [row | {"university": f"B{one}", "city": "Beijing", "value": 90.0} for one in range(20)]
    table += [row | {"university": f"S{one}", "city": "Shanghai", "value": 10.0} for one in range(20)]
    found = schools.listed("top10_works", facts(school_lists=table), Window("current", 2021, 2024), "list")
    assert (found.verdict, found.estimate) == ("supported", pytest.approx(0.9))
    assert found.low is not None and found.high is not None and 0.5 < found.low < 0.9 < found.high < 1


@pytest.mark.parametrize(("others", "verdict"), [(1, "contradicted"), (30, "not separable")])
def test_one_of_many_cities_is_easily_above(others: int, verdict: str) -> None:
    """Nineteen universities to eight, which is the other way round in 2% of resamples."""
    row = {"dataset": "list", "measure": "top10_works", "country": "CN", "value": 1.0, "year_from": 2010}
    cities = ["Beijing"] * 8 + ["C0"] * 19 + [f"C{number}" for number in range(1, others)]
    table = [row | {"university": f"U{number}", "city": city} for number, city in enumerate(cities)]
    assert schools.listed("top10_works", facts(school_lists=table), NOW, "list").verdict == verdict


def test_two_lists_decide_by_what_they_count_and_not_by_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorecard, "TESTS", [test for test in schools.TESTS if test.claim == "2"])
    deciding = {test.measure for test in schools.TESTS if test.claim == "2" and test.is_rule("any")}
    assert deciding == {"985", "top10_works"}
    row = {"dataset": "list", "country": "CN", "value": 1.0}
    few = [
        row | {"measure": "top10_works", "university": f"U{one}", "city": city}
        for one, city in enumerate(["Beijing", "Wuhan"] * 9)
    ]
    many = [row | {"measure": "undergraduate institutions", "university": f"I{one}", "city": "Beijing"} for one in range(300)]
    many += [row | {"measure": "undergraduate institutions", "university": "J", "city": "Wuhan"}]
    evidence, verdicts = scorecard.evaluate(facts(index_of(np.ones((4, 3))), school_lists=[*few, *many]))
    of_claim = evidence.filter(claim="2", period="current")
    assert of_claim.filter("is_headline")["measure"].to_list() == ["top10_works"]
    assert of_claim.filter(measure="undergraduate institutions")["verdict"].to_list() == ["supported"]
    assert verdicts.filter(claim="2", period="current")["verdict"].to_list() == ["not separable"]
    _, without = scorecard.evaluate(facts(index_of(np.ones((4, 3))), school_lists=many))
    assert set(without["verdict"]) == {"no data"}


def test_the_closest_of_cities_that_never_win_is_the_nearest() -> None:
    rng = np.random.default_rng(3)
    drawn = np.column_stack([rng.normal(centre, 0.1, 200) for centre in (90.0, 10.0, 70.0, 40.0)])
    found = schools.schools(facts(index_of(drawn, cities=("Beijing", "Altay", "Shanghai", BENCHMARK))), NOW)
    assert found.found.startswith("Beijing is above Shanghai, the closest of 3 ranked cities")
