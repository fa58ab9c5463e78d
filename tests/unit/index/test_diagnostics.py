"""Sensitivity and the smallest changes that turn the ranking: by hand and on indices with known answers."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK, compute, draws
from pipelines.index.compute import Result
from pipelines.index.diagnostics import robustness, sensitivity
from tests.support import index as small

#: Ada leads by schools, Bex by deals: level on neither, so that weights decide.
HAVE = {BENCHMARK: (80.0, 40.0, 8.0, 30.0, 400.0), "Ada": (20.0, 10.0, 2.0, 80.0, 100.0), "Bex": (40.0, 20.0, 4.0, 20.0, 200.0)}
BOUNDARIES = pl.DataFrame({"preset": ["metro"], "city": ["Bex"], "merged_into": ["Ada"]})


@cache
def result(draws: int = 40, spread: float = 0.05) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compute, "DRAWS", 60)
        return Result.of(small.inputs(small.posterior([*HAVE], small.logs_of(HAVE, draws, spread))))


@pytest.mark.parametrize("unknown", ["founders", "schools"])
def test_what_a_city_has_no_score_of_is_left_out_with_its_weight(unknown: str) -> None:
    """Weights of the others differ, within the pillar and between pillars."""
    table = small.indicators([*small.INDICATORS, ("founders", "P2", "Readiness", "founders", None, "benchmark", 2.0)])
    whole = Result.of(small.inputs(small.posterior([*HAVE], small.logs_of(HAVE, 40, 0.05)), table))
    points = whole.points.copy()
    points[:, whole.cities.index("Ada"), whole.definitions.names.index(unknown)] = np.nan
    found = robustness.leave_one_out(replace(whole, points=points)).filter(measure="Readiness", left_out=unknown)
    changes = dict(found.select("city", "score_change").iter_rows())
    assert changes["Ada"] == pytest.approx(0, abs=1e-4)
    assert abs(changes["Bex"]) > 0.1


def test_smallest_change_of_weights_by_hand() -> None:
    """Ahead by 2 on one member, behind by 1 on the other: level at a third of the weight on the first, a sixth moves."""
    found = robustness.flip(np.array([0.5, 0.5]), np.array([2.0, -1.0]))
    assert found.tolist() == pytest.approx([1 / 3, 2 / 3])
    assert np.isnan(robustness.flip(np.array([0.5, 0.5]), np.array([2.0, 1.0]))).all()


def test_rounding_leaves_no_weight_beyond_its_ends() -> None:
    rng = np.random.default_rng(0)
    found = [robustness.flip(rng.dirichlet(np.ones(4)), rng.integers(-9, 10, 4).astype(float)) for _ in range(100)]
    weights = np.concatenate(found)
    assert np.isfinite(weights).sum() > 200
    assert np.nanmin(weights) >= 0
    assert np.nanmax(weights) <= 1


def test_weight_moves_between_the_most_opposed_pillars() -> None:
    found = robustness.flip(np.full(4, 0.25), np.array([4.0, 1.0, -1.0, -3.0]))
    # The lead is 1/4; moving weight from 4 to −3 closes it by 7 for every unit: 1/28.
    assert found.tolist() == pytest.approx([0.25 - 1 / 28, 0.25, 0.25, 0.25 + 1 / 28])


def test_weight_flips_bring_cities_level() -> None:
    """Schools 100 and 80, deals 80 and 90 points; densities are equal, so the deals pillar has 3/4 of its ten points."""
    found = robustness.weight_flips(result(40, 0.0)).filter(measure="Readiness")
    pillars = found.filter(level="pillars").sort("member")
    assert pillars.select("city", "other").unique().rows() == [("Ada", "Bex")]
    at_flip = pillars["weight_at_flip"].to_numpy()
    assert at_flip.sum() == pytest.approx(1)
    assert 20 * at_flip[0] == pytest.approx(7.5 * at_flip[1]), "ahead by 20 on schools, behind by 7.5 on capital"
    indicators = found.filter(level="indicators")
    ahead = dict(zip(["schools", "deals", "founder_density"], [20.0, -10.0, 0.0], strict=True))
    assert sum(ahead[row["member"]] * row["weight_at_flip"] for row in indicators.iter_rows(named=True)) == pytest.approx(
        0, abs=1e-4
    )
    assert indicators["moved"].max() <= pillars["moved"].max() + 1e-9, "more freedom needs no greater change"


def test_leaving_one_out_takes_its_pillar_along_if_it_is_alone() -> None:
    found = robustness.leave_one_out(result(40, 0.0)).filter(measure="Readiness")
    without = {(row["left_out"], row["city"]): row for row in found.iter_rows(named=True)}
    assert without["schools", "Bex"]["leader"] == "Bex"
    assert without["schools", "Bex"]["score"] == pytest.approx(0.75 * 90 + 0.25 * 100)
    assert (without["schools", "Bex"]["rank"], without["schools", "Bex"]["rank_change"]) == (1, -1)
    assert without["schools", "Ada"]["rank_change"] == 1
    # Equal weights of pillars: nothing is uncertain, so both are fully reliable.
    assert without["deals", "Ada"]["score"] == pytest.approx((100 + 100) / 2)
    assert without["deals", "Ada"]["score_change"] == pytest.approx(100 - (100 + 0.75 * 80 + 25) / 2)


def test_what_a_city_changes_by_is_from_the_published_score_and_rank() -> None:
    uncertain = result(40, 0.6)
    found = robustness.leave_one_out(uncertain).filter(measure="Readiness")
    published = uncertain.medians("Readiness")
    ranks = dict(zip(uncertain.ranked_cities, draws.ranks(published[None])[0], strict=True))
    scores = dict(zip(uncertain.ranked_cities, published, strict=True))
    for row in found.iter_rows(named=True):
        assert row["rank"] - row["rank_change"] == ranks[row["city"]]
        assert row["score"] - row["score_change"] == pytest.approx(scores[row["city"]], abs=1e-3)


def test_alternatives_name_who_is_first_under_each_way() -> None:
    found = result(40, 0.0).first_by
    first = {way: result(40, 0.0).ranked_cities[int(shares.argmax())] for way, shares in found.items()}
    assert all(shares.sum() == pytest.approx(1) for shares in found.values())
    # 100 and 85 points against 80 and 92.5: whichever mean; the weakest pillar of Ada is the better one too.
    assert set(first.values()) == {"Ada"}
    table = robustness.alternatives(result(40, 0.0))
    assert table.filter("is_published")["way"].unique().to_list() == ["mean of scores, by reliability"]


def shares(of: Result) -> dict[str, tuple[float, float]]:
    found = sensitivity.sensitivity(of).filter(measure="Readiness", city="Ada")
    return {row["factor"]: (row["first_order"], row["total"]) for row in found.iter_rows(named=True)}


def test_sensitivity_is_all_due_to_what_alone_varies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cities of the scope that agree on every indicator but for the draws: choices change nothing."""
    monkeypatch.setattr(compute, "DRAWS", 20)
    alike = {BENCHMARK: HAVE[BENCHMARK], "Ada": HAVE["Ada"], "Bex": HAVE["Ada"]}
    logs = small.logs_of(alike, 200)
    # What varies is how much of everything Ada has; a density, which divides by the population, keeps the same distance too.
    logs[:, 1, :4] += np.random.default_rng(4).normal(0, 0.3, (200, 1))
    found = shares(Result.of(small.inputs(small.posterior([*alike], logs))))
    assert found["data"] == (pytest.approx(1, abs=0.1), pytest.approx(1, abs=0.1))
    for factor in ("pillar weights", "indicator weights", "indicator left out", "boundary"):
        assert found[factor][1] < 0.02, factor


def test_sensitivity_finds_the_weights_where_data_are_certain() -> None:
    found = shares(result(40, 0.0))
    assert found["data"] == (pytest.approx(0, abs=1e-6), pytest.approx(0, abs=1e-6))
    assert found["pillar weights"][1] > 0.5
    assert sum(first for first, _ in found.values()) < 1.1


def test_what_is_due_to_one_factor_alone_is_no_more_than_with_others() -> None:
    """Ada stands far above the rest, and a product with its distance would be mostly noise."""
    far = {
        city: values if city in (BENCHMARK, "Ada") else tuple(value / 500 for value in values) for city, values in HAVE.items()
    }
    far |= dict.fromkeys(("Cob", "Dun", "Eve"), far["Bex"])
    found = shares(Result.of(small.inputs(small.posterior([*far], small.logs_of(far, 200, 0.3)))))
    assert all(first <= total + 0.01 for first, total in found.values())


@pytest.mark.parametrize("weight", [0.1, 0.5, 2.0, 10.0, 50.0])
def test_shares_of_a_factor_are_exact_whether_it_is_large_or_small(weight: float) -> None:
    """A sum and a product, of which the variances are known: w u + v + u v, each factor of mean 0 and variance 1."""
    points = np.random.default_rng(6).standard_normal((2, 2, 2000, 20))
    (u, v), (other_u, other_v) = points

    def at(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return weight * u + v + u * v

    first, total = sensitivity.shares(at(u, v), at(other_u, other_v), at(other_u, v))
    variance = weight**2 + 2
    # The error of a share is that of the smaller part of the variance, never of the whole.
    error = 8 * np.sqrt(min(weight**2 + 1, 2) / variance / 2000)
    np.testing.assert_allclose(first, weight**2 / variance, atol=error)
    np.testing.assert_allclose(total, (weight**2 + 1) / variance, atol=error)


def test_points_fill_every_coordinate_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    of, seen, at = result(), [], sensitivity.Choices.at
    monkeypatch.setattr(sensitivity.Choices, "at", lambda points, *rest: seen.append(points) or at(points, *rest))
    sensitivity.sensitivity(of)
    places = (seen[0] * sensitivity.SAMPLE).astype(int)
    assert (np.sort(places, axis=0) == np.arange(sensitivity.SAMPLE)[:, None]).all()


def test_boundaries_that_take_in_rivals_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "DRAWS", 20)
    three = HAVE | {"Cob": (5.0, 2.0, 0.5, 10.0, 100.0)}
    inputs = small.inputs(small.posterior([*three], small.logs_of(three, 20)))
    assert shares(Result.of(inputs))["boundary"][1] == pytest.approx(0, abs=1e-6)
    assert shares(Result.of(replace(inputs, boundaries=BOUNDARIES)))["boundary"][1] > 0.2
