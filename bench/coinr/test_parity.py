"""Agreement with COINr 1.1.14 on its ASEM example (51 countries, 49 indicators), stage by stage."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bench import asem
from bench.coinr import aggregators, imputation, normalisers, treatment
from bench.coinr.aggregators import Aggregator, arithmetic
from bench.coinr.denominate import denominate
from bench.coinr.normalisers import fraction_of_max, min_max, scaled
from bench.coinr.screening import screen

pytestmark = pytest.mark.recorded

EXACT: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-9}


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / f"asem_{name}.csv", null_values=["", "NA"], infer_schema_length=None)


@pytest.fixture(scope="module")
def example(coinr: Path) -> asem.Example:
    return asem.read(coinr)


@pytest.fixture(scope="module")
def stage(coinr: Path, example: asem.Example) -> Callable[..., np.ndarray]:
    """Reads one of COINr's tables: the columns asked for, the indicators by default; rows in the example's order."""

    def read(name: str, columns: tuple[str, ...] = example.hierarchy.codes[0]) -> np.ndarray:
        found = table(coinr, name)
        assert found["uCode"].to_list() == example.countries
        return found.select(pl.col(columns).cast(pl.Float64).fill_null(float("nan"))).to_numpy()

    return read


@pytest.fixture(scope="module")
def turned(stage: Callable[..., np.ndarray], example: asem.Example) -> np.ndarray:
    """Treated values, more is better.

    Ties are told apart by bits that fifteen printed digits drop: two values of one indicator get theirs back.
    """
    values = stage("stage_treated") * example.direction
    column = example.hierarchy.codes[0].index("TolMin")
    for country, towards in (("GRC", -np.inf), ("NOR", np.inf)):
        row = example.countries.index(country)
        values[row, column] = np.nextafter(values[row, column], towards)
    return values


def test_stages_up_to_treatment(stage: Callable[..., np.ndarray], example: asem.Example) -> None:
    np.testing.assert_array_equal(example.raw, stage("stage_raw"))
    denominated = denominate(example.raw, example.denominators)
    np.testing.assert_allclose(denominated, stage("stage_denominated"), **EXACT)
    imputed = imputation.by_group(denominated, example.group)
    np.testing.assert_allclose(imputed, stage("stage_imputed"), **EXACT)
    assert screen(~np.isnan(imputed), asem.LEAST_PRESENT).all()
    np.testing.assert_allclose(asem.prepare(example), stage("stage_screened"), **EXACT)
    np.testing.assert_allclose(treatment.treat(asem.prepare(example)), stage("stage_treated"), **EXACT)


def test_skew_and_kurtosis(coinr: Path, example: asem.Example) -> None:
    """Printed with three digits."""
    stats = table(coinr, "stats_raw")
    assert tuple(stats["iCode"]) == example.hierarchy.codes[0]
    for found, name in zip(treatment.skew_kurtosis(example.raw), ("Skew", "Kurt"), strict=True):
        np.testing.assert_allclose(found[0], stats[name].to_numpy(), rtol=5e-3, atol=1e-4)
    np.testing.assert_allclose((~np.isnan(example.raw)).mean(0), stats["Frc.Avail"].to_numpy(), rtol=5e-3)


@pytest.mark.parametrize(
    ("name", "normalise"),
    [
        ("stage_normalised", min_max),
        ("norm_minmax", min_max),
        ("norm_minmax_1_100", lambda values: min_max(values, low=1, high=100)),
        ("norm_zscore", normalisers.z_score),
        ("norm_rank", normalisers.rank),
        ("norm_prank", normalisers.percentile_rank),
        ("norm_borda", normalisers.borda),
        ("norm_dist2max", normalisers.distance_to_max),
        ("norm_fracmax", fraction_of_max),
        ("norm_scaled", lambda values: scaled(values, 0, 100)),
    ],
)
def test_normalisers(
    name: str, normalise: Callable[[np.ndarray], np.ndarray], stage: Callable[..., np.ndarray], turned: np.ndarray
) -> None:
    np.testing.assert_allclose(normalise(turned), stage(name), **EXACT)


@pytest.mark.parametrize(
    ("name", "normalised", "aggregate"),
    [
        ("stage_aggregated", "stage_normalised", arithmetic),
        ("agg_a_amean", "norm_minmax_1_100", arithmetic),
        ("agg_a_gmean", "norm_minmax_1_100", aggregators.geometric),
        ("agg_a_hmean", "norm_minmax_1_100", aggregators.harmonic),
    ],
)
def test_every_level_of_every_mean(
    name: str, normalised: str, aggregate: Aggregator, stage: Callable[..., np.ndarray], example: asem.Example
) -> None:
    levels = example.hierarchy.aggregate(stage(normalised), aggregate)
    for codes, found in zip(example.hierarchy.codes, levels, strict=True):
        np.testing.assert_allclose(found, stage(name, codes), **EXACT)


def test_copeland(stage: Callable[..., np.ndarray]) -> None:
    """COINr takes pairs of countries that tie, 24½ indicators each, for won or lost by the rounding error of its sums.

    Ours has them level. With its rounding (sums in extended precision, the lower triangle one less the upper) the
    scores are the same.
    """
    values, published = stage("stage_normalised"), stage("agg_copeland_flat_equal", ("copeland",))[:, 0]
    count = values.shape[1]
    shares = aggregators.outranking(values, np.ones(count))
    ties = np.isclose(shares, 0.5, atol=1e-9) & ~np.eye(len(values), dtype=bool)
    ours = aggregators.copeland(values, np.ones(count))
    apart = np.abs(ours - published)
    assert ties.sum() == 2 * 16
    assert (apart[~ties.any(1)] == 0).all()
    assert (apart <= ties.sum(1)).all()
    if np.finfo(np.longdouble).eps < np.finfo(float).eps:
        sums = np.cumsum(np.concatenate([[0], np.full(count, 1 / count)]), dtype=np.longdouble).astype(float)
        won = (values[:, None] > values[None]).sum(-1)
        level = (values[:, None] == values[None]).sum(-1)
        rounded = np.triu((sums[won].astype(np.longdouble) + sums[level] / 2).astype(float), 1)
        rounded += np.tril(1 - rounded.T, -1)
        np.fill_diagonal(rounded, 0.5)
        np.testing.assert_allclose(rounded, shares, **EXACT)
        assert (np.sign(rounded - 0.5).sum(1) == published).all()


def test_effective_weights(coinr: Path, example: asem.Example) -> None:
    effective = dict(table(coinr, "effective_weights").select("iCode", "EffWeight").iter_rows())
    for members, found in zip(example.hierarchy.codes, example.hierarchy.effective_weights(), strict=True):
        np.testing.assert_allclose(found, [effective[code] for code in members], **EXACT)


def test_ranks_of_the_sensitivity_run(coinr: Path, example: asem.Example) -> None:
    """Theirs are means and quantiles of 2,000 draws; each is off by its own sampling error."""
    theirs, sets = table(coinr, "sobol_n1000_rankstats"), asem.weight_sets(example.hierarchy, np.random.default_rng(50))
    ours = asem.ranks(asem.rebuild(example, np.random.default_rng(51).random((8000, 4)), sets))
    error = ours.std(0) * np.sqrt(1 / 2000 + 1 / 8000)
    apart = np.abs(ours.mean(0) - theirs["Mean"].to_numpy())
    assert (apart <= 4 * error + 1e-9).all()
    assert (np.abs(np.median(ours, axis=0) - theirs["Median"].to_numpy()) <= 1).all()
    for name, at in (("Q5", 0.05), ("Q95", 0.95)):
        assert (np.abs(np.quantile(ours, at, axis=0) - theirs[name].to_numpy()) <= 1).all()
