"""Repeat founders and returnees of two cities."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipelines.claims import founders
from pipelines.claims.facts import Facts
from pipelines.index import BENCHMARK
from pipelines.index.compute import Result
from tests.support import index as small
from tests.support.claims import NOW, attention_of, facts


def founding(city: str, repeat: int, first: int) -> list[dict[str, Any]]:
    row = {"country": "CN", "city": city, "founded": 2011}
    return [row | {"n_earlier_ventures": 1}] * repeat + [row | {"n_earlier_ventures": 0}] * first


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ((60, 40), (10, 90), "supported"),
        ((10, 90), (60, 40), "contradicted"),
        ((6, 10), (5, 10), "not separable"),
        ((6, 10), (2, 3), "no data"),
    ],
)
def test_repeat_founding(ours: tuple[int, int], theirs: tuple[int, int], verdict: str) -> None:
    """All lists hold as many founders of both cities, so the number is the share."""
    table = founding("Beijing", *ours) + founding("Shanghai", *theirs)
    assert founders.repeat_founding(facts(founders=table), NOW).verdict == verdict


def measured(**log_founders: float) -> Result:
    """Return an index whose lists agree on the log number of founders of each city."""
    cities = ["Beijing", BENCHMARK, "Shanghai", "Hangzhou"]
    logs = np.array([log_founders.get(city, 0.0) for city in cities])[:, None]
    posterior = small.posterior(cities, np.tile(logs, (200, 1, 1)), ("founders",), ())
    return replace(attention_of(cities), inputs=small.inputs(posterior, headline=2013))


def test_the_number_counts_and_not_the_share_alone() -> None:
    even = founding("Beijing", 60, 60) + founding("Shanghai", 60, 60)
    many = founders.repeat_founding(facts(measured(Beijing=1.0), founders=even), NOW)
    assert (many.verdict, many.estimate) == ("supported", pytest.approx(np.e, rel=0.05))
    assert founders.repeat_founding(facts(measured(Beijing=-1.0), founders=even), NOW).verdict == "contradicted"
    rarer = founding("Beijing", 30, 90) + founding("Shanghai", 60, 60)
    mixed = founders.repeat_founding(facts(measured(Beijing=1.5), founders=rarer), NOW)
    assert (mixed.verdict, mixed.low is not None and mixed.low > 1) == ("not separable", True), "more of them, but a lower share"


def test_the_rival_is_set_by_size_not_by_its_rate() -> None:
    table = founding("Beijing", 30, 30) + founding("Shanghai", 20, 30) + founding("Hangzhou", 10, 1)
    found = founders.repeat_founding(facts(measured(Shanghai=0.5), founders=table), NOW)
    assert "as Shanghai" in found.found


@pytest.mark.parametrize(("unknown", "verdict"), [(40, "supported"), (60, "no data")])
def test_most_histories_have_to_be_known_in_both_cities(unknown: int, verdict: str) -> None:
    """Half of the rival's founders are enough, and fewer are not, however many are known in all."""
    untold = [row | {"n_earlier_ventures": None} for row in founding("Shanghai", 0, unknown)]
    table = founding("Beijing", 300, 100) + founding("Shanghai", 5, 45) + untold
    found = founders.repeat_founding(facts(measured(Beijing=1.0), founders=table), NOW)
    assert found.verdict == verdict
    assert "with those unknown taken either way" in found.found + found.detail


def test_histories_that_are_told_of_repeat_founders_first_do_not_support_a_claim() -> None:
    """As many in both cities founded before, three in ten; in Beijing it is known of all of these, and of half of the others."""
    table = founding("Beijing", 120, 140) + [row | {"n_earlier_ventures": None} for row in founding("Beijing", 0, 140)]
    found = founders.repeat_founding(facts(founders=table + founding("Shanghai", 60, 140)), NOW)
    assert found.low is not None and found.low > 1
    assert (found.verdict, found.bounds is not None and found.bounds[0] < 1) == ("not separable", True)


def test_histories_that_are_not_known_keep_a_claim_possible() -> None:
    untold = [row | {"n_earlier_ventures": None} for row in founding("Beijing", 0, 90)]
    table = founding("Beijing", 5, 95) + founding("Shanghai", 30, 70)
    assert founders.repeat_founding(facts(founders=table), NOW).verdict == "contradicted"
    open_to = founders.repeat_founding(facts(founders=table + untold), NOW)
    assert (open_to.verdict, open_to.high is not None and open_to.high < 1) == ("not separable", True)
    least, most = (np.log(some / 191 / (30.5 / 101)) for some in (5.5, 95.5))
    assert np.log(open_to.bounds) == pytest.approx(
        (least - 1.645 * np.sqrt(1 / 5.5 + 1 / 30.5), most + 1.645 * np.sqrt(1 / 95.5 - 1 / 191 + 1 / 30.5 - 1 / 101)), abs=0.15
    ), "what is sampled counts too"


def test_foundings_that_no_list_counts_are_left_out() -> None:
    """The ten years end with the last year of which a list counts the companies founded."""
    table = [row | {"founded": 2002} for row in founding("Beijing", 30, 30) + founding("Shanghai", 20, 40)]
    table += [row | {"founded": 2013} for row in founding("Beijing", 10, 500) + founding("Shanghai", 60, 10)]
    counted = [{"started": "founded", "country": "CN", "city": "Beijing", "year": 2011, "n": 1.0}]
    counted += [counted[0] | {"started": "listed", "year": 2013}, counted[0] | {"country": "US", "year": 2013}]
    found = founders.repeat_founding(facts(founders=table, company_starts=counted), NOW)
    assert "companies founded 2002–2011, by all lists; of those with a known history 30 of 60 founded before" in found.detail
    assert found.years == (2002, 2011)


def test_returnees() -> None:
    def world(a: int, b: int, c: int, d: int) -> Facts:
        cells = [("Beijing", "tech", a), ("Beijing", "finance", b), ("Shanghai", "tech", c), ("Shanghai", "finance", d)]
        row = {"country": "CN", "founded": 2011, "is_returnee": True}
        stayed = [row | {"is_returnee": False, "city": "Beijing", "field": "finance"}] * 50
        return facts(founders=[row | {"city": city, "field": field} for city, field, n in cells for _ in range(n)] + stayed)

    assert founders.returnees(world(30, 2, 10, 20), NOW).verdict == "supported"
    assert founders.returnees(world(10, 20, 30, 2), NOW).verdict == "contradicted"
    assert founders.returnees(world(10, 5, 10, 5), NOW).verdict == "not separable"
    few = founders.returnees(world(10, 5, 3, 1), NOW)
    assert (few.verdict, few.years) == ("no data", (NOW.first - founders.EARLIER, NOW.last))
    narrow = founders.returnees(world(30, 2, 25, 1), NOW)
    assert (narrow.verdict, narrow.estimate) == ("not testable here", None), "a list of technology founders"
