"""Offices of law, audit and search firms, and the advisers that listing documents name."""

import numpy as np
import pytest

from pipelines.claims import services
from pipelines.claims.facts import Facts, Window
from tests.support.claims import NOW, facts, index_of


def offices(kind: str, both: int, beijing: int, shanghai: int, nowhere: int = 0) -> Facts:
    """Firms with an office in both cities, in one of them only, or in a third city."""
    places = [("Beijing", "Shanghai")] * both + [("Beijing",)] * beijing + [("Shanghai",)] * shanghai + [("Wuhan",)] * nowhere
    row = {"kind": kind, "country": "CN", "opened": 2000}
    rows = [row | {"firm": f"F{number}", "city": city} for number, cities in enumerate(places) for city in cities]
    return facts(index_of(np.ones((2, 3))), service_offices=rows)


@pytest.mark.parametrize(
    ("both", "beijing", "shanghai", "verdict"),
    [
        (0, 40, 10, "supported"),
        (60, 9, 1, "supported"),
        (60, 1, 9, "contradicted"),
        (60, 12, 6, "not separable"),
        (23, 1, 1, "not separable"),
        (3, 2, 1, "no data"),
    ],
)
def test_firms_in_both_cities_say_nothing(both: int, beijing: int, shanghai: int, verdict: str) -> None:
    assert services.offices("law")(offices("law", both, beijing, shanghai), NOW).verdict == verdict


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
        found.append(services.offices("law")(facts(index_of(np.ones((2, 3))), service_offices=rows), NOW).verdict)
    assert np.mean([verdict == "supported" for verdict in found]) <= 0.05
    assert np.mean([verdict == "contradicted" for verdict in found]) <= 0.07, "nominal 0.05, plus two standard errors"


def test_auditors_are_plenty_where_most_firms_are() -> None:
    audit = services.offices("audit", services.plenty)
    assert audit(offices("audit", 20, 2, 2, 2), NOW).verdict == "supported"
    assert audit(offices("audit", 3, 20, 2, 2), NOW).verdict == "contradicted", "few in Shanghai"
    assert audit(offices("audit", 12, 2, 2, 8), NOW).verdict == "not separable"


def test_most_auditors_are_most_by_the_exact_test() -> None:
    """17 of 25 or more are in 5.4% of samples where half are, 18 or more in 2.2%."""
    audit = services.offices("audit", services.plenty)
    seventeen = audit(offices("audit", 17, 0, 0, 8), NOW)
    assert (seventeen.verdict, seventeen.low) == ("not separable", pytest.approx(0.496, abs=5e-4))
    assert audit(offices("audit", 18, 0, 0, 7), NOW).verdict == "supported"


def test_undated_offices_do_not_tell_the_past() -> None:
    rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": "Beijing"} for i in range(30)]
    world = facts(index_of(np.ones((2, 3))), service_offices=rows)
    then = services.offices("law")(world, Window("baseline", 2009, 2012))
    assert (then.verdict, "have no opening year" in then.found) == ("no data", True)


def test_an_office_opened_later_does_not_count() -> None:
    rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": "Beijing", "opened": 2020} for i in range(30)]
    assert services.offices("law")(facts(service_offices=rows), NOW).n == 0


def test_a_document_counts_once_for_each_city_it_names() -> None:
    row = {"dataset": "edgar_covers", "kind": "law", "country": "CN", "year": 2012}
    table = [row | {"document": f"D{one}", "firm": firm, "city": "Beijing"} for one in range(40) for firm in ("a", "b")]
    table += [row | {"document": f"D{one}", "firm": "c", "city": "Shanghai"} for one in range(10)]
    table += [row | {"document": f"D{one}", "firm": "d", "city": "New York", "country": "US"} for one in range(40)]
    found = services.named("law")(facts(listing_advisers=table), NOW, "edgar_covers")
    assert (found.verdict, found.n) == ("supported", 40)
    assert services.named("audit")(facts(listing_advisers=table), NOW, "edgar_covers").verdict == "no data"
