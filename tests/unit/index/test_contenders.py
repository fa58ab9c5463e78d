"""Which cities can still be among the first, and what the leader scores without the winner's curse."""

import polars as pl
import pytest

from pipelines.index import BENCHMARK, compute
from pipelines.index.compute import Result
from pipelines.index.tables import contenders
from tests.support import index as small

#: Deals, founders, exits, schools and population of cities; each later one has half as much.
HAVE = {
    city: tuple(value / 2**place for value in (640.0, 320.0, 160.0, 80.0, 1600.0))
    for place, city in enumerate(["Ada", "Bex", "Cob", "Dun", BENCHMARK])
}


def result(monkeypatch: pytest.MonkeyPatch, spread: float, **changed: float) -> Result:
    monkeypatch.setattr(compute, "DRAWS", 200)
    have = {city: tuple(value * changed.get(city, 1.0) for value in values) for city, values in HAVE.items()}
    return Result.of(small.inputs(small.posterior([*have], small.logs_of(have, 400, spread))))


def named(frame: pl.DataFrame, places: int) -> set[str]:
    return set(frame.filter(measure="Realised", places=places)["city"])


def test_cities_that_are_apart_can_be_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    found = result(monkeypatch, 0.05)
    frame = contenders.contenders(found)
    assert named(frame, 1) == {"Ada"}
    assert named(frame, 3) == {"Ada", "Bex", "Cob"}
    assert named(frame, 5) == {"Ada", "Bex", "Cob", "Dun"}, "the benchmark is not ranked"
    (leader,) = contenders.leaders(found).filter(measure="Realised").iter_rows(named=True)
    assert leader["city"] == "Ada"
    assert leader["corrected"] == pytest.approx(leader["score"], abs=0.1)
    assert leader["corrected_low"] < leader["score"] < leader["corrected_high"]


def test_of_two_that_are_level_both_can_be_first_and_the_leader_has_been_lucky(monkeypatch: pytest.MonkeyPatch) -> None:
    found = result(monkeypatch, 0.3, Bex=1.9)
    assert named(contenders.contenders(found), 1) == {"Ada", "Bex"}
    (leader,) = contenders.leaders(found).filter(measure="Realised").iter_rows(named=True)
    assert leader["corrected"] < leader["score"] - 0.5
