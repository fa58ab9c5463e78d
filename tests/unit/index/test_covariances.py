"""What a covariance gains or loses as one of its quantities leans on the others or is stretched."""

import numpy as np
import pytest
from scipy import stats

from pipelines.index.measurement import covariances


@pytest.fixture
def covariance() -> np.ndarray:
    return stats.wishart.rvs(9, np.eye(4), random_state=5) / 9


ROW, QUANTITY = np.array([0.3, -0.2, 1.4, 0.1]), 2


def test_a_covariance_is_turned_on_both_sides(covariance: np.ndarray) -> None:
    turn = np.eye(4)
    turn[QUANTITY] = ROW
    assert covariances._turned(covariance, ROW, QUANTITY) == pytest.approx(turn @ covariance @ turn.T)


def test_the_rise_is_that_of_the_prior_and_of_the_rows(covariance: np.ndarray) -> None:
    worth, scale, rows = 11, np.diag([1.0, 2.0, 0.5, 1.5]), np.random.default_rng(1).normal(0, 1, (7, 4))

    def density(covariance: np.ndarray) -> float:
        return float(
            stats.invwishart.logpdf(covariance, worth, scale) + stats.multivariate_normal.logpdf(rows, cov=covariance).sum()
        )

    known, times = scale + rows.T @ rows, worth + len(scale) + 1 + len(rows)
    rise = covariances._rise(np.linalg.inv(covariance), known, times, ROW, QUANTITY)
    assert rise == pytest.approx(density(covariances._turned(covariance, ROW, QUANTITY)) - density(covariance))
