"""Moves turn a normal target exactly, and are their own way back."""

import numpy as np
import pytest

from pipelines.index.measurement import dynamics


def test_a_normal_target_is_turned_by_the_whole_angle() -> None:
    apart, velocity, angle = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, -1.0]), np.array([0.2, 0.6, 1.0])
    there, last = dynamics.travel(apart, velocity, angle, lambda apart: np.zeros_like(apart), steps=4)
    assert there == pytest.approx(np.cos(4 * angle) * apart + np.sin(4 * angle) * velocity)
    assert last == pytest.approx(np.cos(4 * angle) * velocity - np.sin(4 * angle) * apart)


def test_the_way_back_ends_where_the_move_began() -> None:
    rng = np.random.default_rng(3)
    apart, velocity = rng.normal(0, 1, 5), rng.normal(0, 1, 5)

    def push(apart: np.ndarray) -> np.ndarray:
        return np.asarray(0.3 * apart**3 + np.sin(apart) + 0.5)

    there, last = dynamics.travel(apart, velocity, 0.4, push)
    back, first = dynamics.travel(there, -last, 0.4, push)
    assert back == pytest.approx(apart)
    assert first == pytest.approx(-velocity)
    assert np.abs(there - apart).max() > 0.3


@pytest.mark.parametrize(("angle", "largest"), [(0.02, 2e-4), (0.01, 5e-5)])
def test_the_energy_stays_the_better_the_shorter_the_steps(angle: float, largest: float) -> None:
    """The target is exp(−x²/2 − x⁴/8); the error is of second order."""

    def energy(apart: np.ndarray, velocity: np.ndarray) -> float:
        return float((apart**2 / 2 + apart**4 / 8 + velocity**2 / 2).sum())

    apart, velocity = np.array([1.2, -0.4]), np.array([0.5, 1.5])
    there, last = dynamics.travel(apart, velocity, angle, lambda apart: apart**3 / 2, steps=round(1.6 / angle))
    assert abs(energy(there, last) - energy(apart, velocity)) < largest
