"""The best shot, the distance left, and unicorns of other lists."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.claims import outlook, schools, scorecard
from pipelines.claims.facts import Facts, Window
from pipelines.index import BENCHMARK
from tests.support.claims import NOW, facts, index_of


@pytest.mark.parametrize(("share", "verdict"), [(0.97, "supported"), (0.70, "not separable"), (0.30, "contradicted")])
def test_best_shot_counts_first_places_among_ranked_cities(share: float, verdict: str) -> None:
    wins = np.arange(1000) < share * 1000
    readiness = np.column_stack([np.where(wins, 2.0, 0.0), np.full(1000, 9.0), np.ones(1000)])
    found = outlook.best_shot(facts(index_of(readiness, ("P1",))), NOW)
    assert (found.verdict, found.estimate) == (verdict, pytest.approx(share))
    assert schools.schools(facts(index_of(readiness, ("P1",))), NOW).estimate == pytest.approx(share)


def test_a_tie_for_the_first_place_is_shared() -> None:
    found = outlook.best_shot(facts(index_of(np.ones((100, 3)))), NOW)
    assert found.estimate == pytest.approx(0.5)


@pytest.mark.parametrize(("ahead", "verdict"), [(2013, "supported"), (2012, "contradicted")])
def test_best_shot_is_judged_in_the_last_year(ahead: int, verdict: str) -> None:
    """Other years say nothing."""
    result = index_of(np.tile([1.0, 9.0, 2.0], (100, 1)))
    drawn = [year.copy() for year in result.posterior_draws["Readiness"]]
    drawn[list(result.years).index(ahead)][:, 0] = 3.0
    found = outlook.best_shot(facts(replace(result, posterior_draws={"Readiness": drawn})), NOW)
    assert (found.verdict, "of draws in 2013" in found.found) == (verdict, True)
    assert found.years == (2012, 2013)


def test_the_past_by_lists_without_dates_is_marked() -> None:
    """Half of the weight of Readiness is the schools'; by the other pillar another city is first in a tenth of draws."""
    result = index_of(np.tile([3.0, 9.0, 2.0], (100, 1)), ("P1", "P2"))
    layout = result.inputs.posterior.layout
    other = result.posterior_draws["P2"][0].copy()
    other[:10, 0] = 1.0
    drawn = result.posterior_draws | {"P2": [other] * len(result.years)}
    known = facts(replace(result, posterior_draws=drawn))
    then, now = (outlook.best_shot(known, window) for window in (Window("baseline", 2009, 2012), NOW))
    assert (then.verdict, then.is_partly_undated, now.is_partly_undated) == ("supported", True, False)
    assert then.detail.endswith(
        "50% of the weight of Readiness is of lists of another year or without one; by the other pillars alone in 90.0%"
    )
    layout.covers[:, layout.column_of == layout.columns.of("deals")[3]] = False
    assert "; 38% of the weight of Readiness is of lists that end before 2012" in outlook.best_shot(known, NOW).detail
    assert schools.schools(known, Window("baseline", 2009, 2012)).years == (None, None)
    assert schools.schools(known, NOW).years is None


@pytest.mark.parametrize(
    ("wins", "verdict"), [(95, "supported"), (94, "not separable"), (6, "not separable"), (5, "contradicted")]
)
def test_schools_are_decided_by_19_draws_in_20(wins: int, verdict: str) -> None:
    drawn = np.column_stack([2.0 * (np.arange(100) < wins), np.full(100, 9.0), np.ones(100)])
    assert schools.schools(facts(index_of(drawn)), NOW).verdict == verdict


def test_few_draws_do_not_show_who_is_first() -> None:
    wins = np.arange(20) < 19
    found = outlook.best_shot(facts(index_of(np.column_stack([wins * 2.0, np.full(20, 9.0), np.ones(20)]))), NOW)
    assert (found.estimate, found.verdict, found.range_is) == (0.95, "not separable", "precision of the simulation")


@pytest.mark.parametrize(
    ("ratio", "verdict"), [(0.2, "supported"), (0.5, "not separable"), (0.9, "not separable"), (3.0, "contradicted")]
)
def test_distance(ratio: float, verdict: str) -> None:
    spread = np.exp(np.random.default_rng(1).normal(0, 0.2, 1000))
    # Ten points less is half as much.
    scores = np.column_stack([100 + 10 * np.log2(ratio * spread), np.full(1000, 100.0), np.full(1000, 90.0)])
    index = index_of(scores)
    found = outlook.distance(facts(index), NOW)
    assert found.n == index.definitions.table["measure"].to_list().count("Realised")
    assert found.verdict == verdict
    assert found.estimate == pytest.approx(ratio, rel=0.05)


def test_index_is_tested_by_all_lists_in_the_years_of_the_register() -> None:
    known = facts(index_of(np.ones((9, 3))))
    of_index = [test for test in scorecard.TESTS if test.completeness == "all lists"]
    assert {test.claim: test.datasets(known) for test in of_index} == {claim: ["all lists"] for claim in ("2", "14", "15")}
    assert known.window("current", "all lists") == known.window("current", "register")


TODAY = Window("current", 2021, 2024)


def unicorns(here: int, there: int, unknown: int = 0) -> Facts:
    """Return unicorns of Beijing and of the benchmark, those of an unknown city of China, and a hundred of London."""
    counts = [("Beijing", "CN", here), (BENCHMARK, "US", there), (None, "CN", unknown), ("London", "GB", 100)]
    return facts(
        unicorns=[{"dataset": "list", "city": city, "country": country} for city, country, n in counts for _ in range(n)]
    )


def test_unicorns_of_unknown_city_may_be_in_any_city() -> None:
    assert outlook.unicorns(unicorns(40, 150), TODAY, "list").verdict == "supported"
    assert outlook.unicorns(unicorns(40, 150, unknown=60), TODAY, "list").verdict == "not separable"
    assert outlook.unicorns(unicorns(40, 150), Window("baseline", 2009, 2012), "list").verdict == "no data"


def test_city_with_at_least_as_many_unicorns_contradicts() -> None:
    level = outlook.unicorns(unicorns(57, 40), TODAY, "list")
    assert (level.low, level.verdict) == (1.0, "contradicted")
    assert outlook.unicorns(unicorns(50, 40), TODAY, "list").verdict == "not separable"
