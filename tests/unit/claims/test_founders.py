"""Repeat founders and returnees of two cities."""

from typing import Any

import pytest

from pipelines.claims import founders
from pipelines.claims.facts import Facts
from tests.support.claims import NOW, facts


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
    table = founding("Beijing", *ours) + founding("Shanghai", *theirs)
    assert founders.repeat_founding(facts(founders=table), NOW).verdict == verdict


def test_the_rival_is_set_by_size_not_by_its_rate() -> None:
    table = founding("Beijing", 30, 30) + founding("Shanghai", 20, 30) + founding("Hangzhou", 10, 1)
    assert "against Shanghai 20 of 50" in founders.repeat_founding(facts(founders=table), NOW).detail


def test_returnees() -> None:
    def world(a: int, b: int, c: int, d: int) -> Facts:
        cells = [("Beijing", "tech", a), ("Beijing", "finance", b), ("Shanghai", "tech", c), ("Shanghai", "finance", d)]
        row = {"country": "CN", "founded": 2011, "is_returnee": True}
        return facts(founders=[row | {"city": city, "field": field} for city, field, n in cells for _ in range(n)])

    assert founders.returnees(world(30, 2, 10, 20), NOW).verdict == "supported"
    assert founders.returnees(world(10, 20, 30, 2), NOW).verdict == "contradicted"
    assert founders.returnees(world(10, 5, 10, 5), NOW).verdict == "not separable"
    assert founders.returnees(world(10, 5, 3, 1), NOW).verdict == "no data"
