"""Offices of law, audit and search firms, and the advisers that listing documents name."""

import numpy as np

from pipelines.claims import services
from pipelines.claims.facts import Facts, Window
from tests.support.claims import NOW, facts, index_of


def test_services_separate_only_what_resampling_firms_separates() -> None:
    def offices(beijing: int, shanghai: int) -> Facts:
        places = ["Beijing"] * beijing + ["Shanghai"] * shanghai
        rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": city, "opened": 2000} for i, city in enumerate(places)]
        return facts(index_of(np.ones((2, 3))), service_offices=rows)

    law = services.offices("law")
    assert law(offices(60, 10), NOW).verdict == "supported"
    assert law(offices(10, 60), NOW).verdict == "contradicted"
    assert law(offices(21, 20), NOW).verdict == "not separable"
    assert law(offices(3, 2), NOW).verdict == "no data"


def test_undated_offices_do_not_tell_the_past() -> None:
    rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": "Beijing"} for i in range(30)]
    world = facts(index_of(np.ones((2, 3))), service_offices=rows)
    then = services.offices("law")(world, Window("baseline", 2009, 2012))
    assert (then.verdict, "have no opening year" in then.detail) == ("no data", True)


def test_an_office_opened_later_does_not_count() -> None:
    rows = [{"firm": f"F{i}", "kind": "law", "country": "CN", "city": "Beijing", "opened": 2020} for i in range(30)]
    assert services.offices("law")(facts(service_offices=rows), NOW).n == 0


def test_a_document_counts_once_for_each_city_it_names() -> None:
    row = {"dataset": "edgar_covers", "kind": "law", "country": "CN", "year": 2012}
    table = [row | {"document": f"D{one}", "firm": firm, "city": "Beijing"} for one in range(40) for firm in ("a", "b")]
    table += [row | {"document": f"D{one}", "firm": "c", "city": "Shanghai"} for one in range(10)]
    table += [row | {"document": f"D{one}", "firm": "d", "city": "New York", "country": "US"} for one in range(40)]
    found = services.named("law")(facts(listing_advisers=table), NOW, "edgar_covers")
    assert (found.verdict, found.n) == ("supported", 50)
    assert services.named("audit")(facts(listing_advisers=table), NOW, "edgar_covers").verdict == "no data"
