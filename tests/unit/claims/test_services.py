"""Offices of law, audit and search firms, and the advisers that listing documents name."""

from collections.abc import Iterable
from functools import partial

import numpy as np
import pytest

from pipelines.claims import services
from pipelines.claims.facts import Facts, Window
from tests.support.claims import NOW, facts, index_of


def offices(kind: str, both: int, beijing: int, shanghai: int, nowhere: int = 0, single: Iterable[str] = ()) -> Facts:
    """Firms with an office in both cities, in one of them and a third city, or in third cities only."""
    places = [("Beijing", "Shanghai")] * both + [("Wuhan", "Xi'an")] * nowhere
    for city, count in (("Beijing", beijing), ("Shanghai", shanghai)):
        places += [(city, ("Wuhan", "Xi'an")[number % 2]) for number in range(count)]
    row = {"kind": kind, "country": "CN", "opened": 2000}
    rows = [row | {"firm": f"F{number}", "city": city} for number, cities in enumerate(places) for city in cities]
    rows += [row | {"firm": f"single {number}", "city": city} for number, city in enumerate(single)]
    return facts(index_of(np.ones((2, 3))), service_offices=rows)


@pytest.mark.parametrize(
    ("both", "beijing", "shanghai", "verdict"),
    [
        (0, 40, 10, "supported"),
        (60, 9, 1, "supported"),
        (60, 1, 9, "contradicted"),
        (60, 8, 2, "not separable"),
        (60, 2, 9, "not separable"),
        (23, 1, 1, "not separable"),
        (3, 2, 1, "no data"),
    ],
)
def test_firms_in_both_cities_say_nothing(both: int, beijing: int, shanghai: int, verdict: str) -> None:
    assert services.offices("law", offices("law", both, beijing, shanghai), NOW).verdict == verdict


def test_a_firm_of_which_one_office_is_known_does_not_show_that_it_has_no_other() -> None:
    law = partial(services.offices, "law")
    found = law(offices("law", 20, 0, 0, single=["Beijing"] * 20), NOW)
    assert (found.verdict, found.n) == ("no data", 20)
    assert found.found == (
        "of 20 listing-law firms with two recorded offices or more none is in only one of Beijing and Shanghai; 20 others have "
        "one recorded office, and it is not known whether they have more"
    )
    alone = law(offices("law", 60, 12, 6), NOW)
    beside = law(offices("law", 60, 12, 6, single=["Shanghai"] * 30), NOW)
    assert (beside.verdict, beside.estimate, beside.n) == (alone.verdict, alone.estimate, alone.n)
    assert law(offices("law", 9, 0, 0, single=["Beijing"] * 20), NOW).n == 9


def test_a_firm_of_which_one_office_is_known_may_be_in_both_cities() -> None:
    audit = partial(services.offices, "audit")
    few = audit(offices("audit", 5, 0, 0, 20), NOW)
    assert (few.verdict, few.estimate) == ("contradicted", 0.2)
    open_to = audit(offices("audit", 3, 0, 0, 2, single=["Beijing", "Shanghai"] * 2 + ["Wuhan"] * 16), NOW)
    assert (open_to.verdict, open_to.estimate, open_to.low) == ("not separable", 0.2, few.low)
    assert open_to.high == pytest.approx(services.exact(23, 25)[1])
    assert "the interval takes 20 with one recorded office either way" in open_to.detail


def test_firms_are_whole_by_all_their_offices_whenever_they_opened() -> None:
    world = offices("law", 20, 3, 0).service_offices.to_dicts()
    late = [row | {"opened": 2020} if row["city"] in ("Wuhan", "Xi'an") else row for row in world]
    assert services.offices("law", facts(service_offices=late), NOW).n == 23


def test_firms_count_until_they_close() -> None:
    audit = partial(services.offices, "audit")
    world = offices("audit", 20, 10, 0).service_offices.to_dicts()
    gone = [row | {"closed": NOW.last if row["firm"] in ("F0", "F20") else NOW.last + 1} for row in world]
    assert (audit(facts(service_offices=world), NOW).n, audit(facts(service_offices=gone), NOW).n) == (30, 28)


@pytest.mark.slow
def test_a_city_is_called_first_in_few_worlds_where_it_is_not() -> None:
    """Each firm is in three cities as often as not, so none is first."""
    rng, found = np.random.default_rng(43), []
    for _ in range(300):
        rows = [
            {"firm": f"F{firm}", "kind": "law", "country": "CN", "city": city, "opened": 2000}
            for firm in range(60)
            for city in ("Beijing", "Shanghai", "Shenzhen")
            if rng.random() < 0.5
        ]
        found.append(services.offices("law", facts(index_of(np.ones((2, 3))), service_offices=rows), NOW).verdict)
    assert np.mean([verdict == "supported" for verdict in found]) <= 0.05
    assert np.mean([verdict == "contradicted" for verdict in found]) <= 0.07, "nominal 0.05, plus two standard errors"


def test_auditors_are_plenty_where_most_firms_are() -> None:
    audit = partial(services.offices, "audit")
    assert audit(offices("audit", 20, 2, 2, 2), NOW).verdict == "supported"
    assert audit(offices("audit", 3, 20, 2, 2), NOW).verdict == "contradicted", "few in Shanghai"
    assert audit(offices("audit", 12, 2, 2, 8), NOW).verdict == "not separable"


def test_most_auditors_are_most_by_the_exact_test() -> None:
    """17 of 25 or more are in 5.4% of samples where half are, 18 or more in 2.2%."""
    audit = partial(services.offices, "audit")
    seventeen = audit(offices("audit", 17, 0, 0, 8), NOW)
    assert (seventeen.verdict, seventeen.low) == ("not separable", pytest.approx(0.496, abs=5e-4))
    assert audit(offices("audit", 18, 0, 0, 7), NOW).verdict == "supported"


def test_undated_offices_do_not_tell_the_past() -> None:
    rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": "Beijing"} for i in range(30)]
    world = facts(index_of(np.ones((2, 3))), service_offices=rows)
    then = services.offices("law", world, Window("baseline", 2009, 2012))
    assert (then.verdict, "have no opening year" in then.found) == ("no data", True)


def test_an_office_opened_later_does_not_count() -> None:
    rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": "Beijing", "opened": 2020} for i in range(30)]
    rows += [row | {"city": "Shanghai"} for row in rows]
    assert services.offices("law", facts(service_offices=rows), NOW).n == 0


def test_a_document_counts_once_for_each_city_it_names() -> None:
    row = {"dataset": "edgar_covers", "kind": "law", "country": "CN", "year": 2012}
    table = [row | {"document": f"D{one}", "firm": firm, "city": "Beijing"} for one in range(40) for firm in ("a", "b")]
    table += [row | {"document": f"D{one}", "firm": "c", "city": "Shanghai"} for one in range(10)]
    table += [row | {"document": f"D{one}", "firm": "d", "city": "New York", "country": "US"} for one in range(40)]
    table += [row | {"document": f"no city {one}", "firm": "e"} for one in range(20)]
    found = services.named("law", facts(listing_advisers=table), NOW, "edgar_covers")
    assert (found.verdict, found.n) == ("supported", 40)
    assert services.named("audit", facts(listing_advisers=table), NOW, "edgar_covers").verdict == "no data"
