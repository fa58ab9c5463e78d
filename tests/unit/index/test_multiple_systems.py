"""How many no list holds: published tables, tables whose answer is known exactly, and simulated lists."""

from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.index import multiple_systems
from pipelines.index.multiple_systems import Overlaps

NAMES = ("A", "B", "C")


def published(recordings: Path, name: str) -> Overlaps:
    """Return a published table: a column for each list, then how many are on these lists and no other."""
    table = pl.read_csv(recordings.parent / "golden" / "capture_recapture" / f"{name}.csv")
    return Overlaps.of(table.columns[:-1], table[:, :-1].to_numpy().astype(int), table[:, -1].to_numpy())


def overlaps_of(unlisted: float, odds: dict[str, float], together: dict[str, float] | None = None) -> Overlaps:
    """Return exactly what is expected: on no list ``unlisted``, times the odds of each list, times the odds of each pair."""
    on = np.array(list(product((0, 1), repeat=len(odds)))[1:])
    names = list(odds)
    expected = unlisted * np.prod(np.where(on == 1, list(odds.values()), 1.0), axis=1)
    for (first, second), ratio in (together or {}).items():
        expected[on[:, [names.index(first), names.index(second)]].all(1)] *= ratio
    return Overlaps.of(names, on, expected)


def test_published_number_lies_on_the_path_of_the_united_kingdom(recordings: Path) -> None:
    overlaps = published(recordings, "UKdat_5")
    estimate = multiple_systems.estimate(overlaps)
    assert 11_313 in [round(overlaps.listed + step.unlisted) for step in estimate.path]
    assert overlaps.listed + estimate.low < 10_000 < 13_000 < overlaps.listed + estimate.high


@pytest.mark.parametrize("name", ["UKdat", "Ned_5", "NewOrl_5", "Western"])
def test_published_tables_are_estimated_with_an_interval(recordings: Path, name: str) -> None:
    estimate = multiple_systems.estimate(published(recordings, name))
    assert 0 < estimate.low < estimate.unlisted < estimate.high < np.inf


def test_table_without_a_finite_estimate_is_not_estimated(recordings: Path) -> None:
    estimate = multiple_systems.estimate(published(recordings, "Artificial_3"))
    assert (estimate.unlisted, estimate.low, estimate.high) == (None, None, None)
    assert estimate.reason == "no finite estimate: the lists overlap too little for A × B, which fits best"


def test_independent_lists_give_the_number_exactly() -> None:
    estimate = multiple_systems.estimate(overlaps_of(240, {"A": 1.0, "B": 0.5, "C": 0.25}))
    assert estimate.unlisted == pytest.approx(240, rel=1e-6)
    assert estimate.chosen is not None and estimate.chosen.model == ()


def test_lists_that_copy_each_other_are_found_out() -> None:
    overlaps = overlaps_of(500, {"A": 0.4, "B": 0.3, "C": 0.2}, {"AB": 6.0})
    estimate = multiple_systems.estimate(overlaps)
    assert estimate.chosen is not None and overlaps.wording(estimate.chosen.model) == "A × B"
    assert estimate.unlisted == pytest.approx(500, rel=1e-6)
    assert multiple_systems.fit(overlaps, ()).unlisted < 350


def test_criterion_of_a_model_that_fits_exactly_is_twice_its_terms() -> None:
    overlaps = overlaps_of(100, {"A": 0.5, "B": 0.4, "C": 0.3})
    assert multiple_systems.fit(overlaps, ()).criterion == pytest.approx(2 * 4)
    assert multiple_systems.fit(overlaps, [(0, 1), (0, 2), (1, 2)]).criterion == pytest.approx(2 * 7)


def test_exclusive_lists_are_fitted_without_their_overlap() -> None:
    overlaps = overlaps_of(100, {"A": 0.5, "B": 0.4, "C": 0.3}, {"AB": 0.0})
    fitted = multiple_systems.fit(overlaps, [(0, 1)])
    assert fitted.unlisted == pytest.approx(100, rel=1e-6)


def test_list_that_shares_nothing_leaves_no_finite_estimate() -> None:
    overlaps = overlaps_of(100, {"A": 0.5, "B": 0.4, "C": 0.3}, {"AC": 0.0, "BC": 0.0})
    assert multiple_systems.fit(overlaps, [(0, 2), (1, 2), (0, 1)]).unlisted == np.inf


def test_interval_is_open_where_a_like_model_has_no_estimate() -> None:
    on = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]])
    estimate = multiple_systems.estimate(Overlaps.of(NAMES, on, np.array([15, 14, 17, 1, 5])))
    assert estimate.unlisted == pytest.approx(540)
    assert estimate.low == pytest.approx(31, abs=1)
    assert estimate.high == np.inf


@pytest.mark.parametrize(
    ("on", "counts", "reason"),
    [
        ([[1, 0, 0], [0, 1, 0], [1, 1, 0]], [5, 5, 9], "fewer than 3 lists"),
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [5, 5, 5, 4], "fewer than 5 companies on two lists or more"),
        ([[0, 0, 0]], [3], "fewer than 3 lists"),
    ],
)
def test_too_little_to_tell_is_said(on: list[list[int]], counts: list[int], reason: str) -> None:
    estimate = multiple_systems.estimate(Overlaps.of(NAMES, np.array(on), np.array(counts)))
    assert (estimate.unlisted, estimate.reason) == (None, reason)


def test_too_many_lists_are_refused() -> None:
    names = [str(number) for number in range(9)]
    estimate = multiple_systems.estimate(
        Overlaps.of(names, np.vstack([np.eye(9, dtype=int), np.ones((1, 9), int)]), np.full(10, 9))
    )
    assert estimate.reason == "more than 8 lists"


@pytest.mark.slow
@pytest.mark.parametrize("copied", [0.0, 0.5], ids=["independent", "copied"])
def test_interval_covers_the_number_no_list_holds(copied: float) -> None:
    """Of 1,000 companies three lists hold 5%, 25% and 15%; half of the first may be copied by the second."""
    rng = np.random.default_rng(16)
    covered = []
    for _ in range(100):
        on = (rng.random((1000, 3)) < (0.05, 0.25, 0.15)).astype(int)
        on[:, 1] |= on[:, 0] & (rng.random(1000) < copied)
        estimate = multiple_systems.estimate(Overlaps.of(NAMES, on[on.any(1)], np.ones(int(on.any(1).sum()))))
        if estimate.low is not None and estimate.high is not None:
            covered.append(estimate.low <= (~on.any(1)).sum() <= estimate.high)
    assert len(covered) >= 80
    assert np.mean(covered) >= 0.90
