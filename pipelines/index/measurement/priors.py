"""What is expected before a list is read: the priors of unknowns and settings."""

from dataclasses import dataclass

import numpy as np

#: Prior standard deviations (log) of a list's base level, so wide that a list may be of any length, of the mean of a group of
#: cities, and of what a group gains in common in five years.
BASE_SD, MEAN_SD, GROWTH_SD = 10.0, 5.0, 1.0

#: Correlation of common growth between quantities, and between groups of cities. Otherwise what nobody counts in a country would
#: be taken to stand still there, however fast all else grows.
GROWTH_IN_COMMON = 0.5

#: Prior mean and standard deviation of the elasticity of lists of what happens that are chosen by hand: they prefer large places.
#: Of their lists of what stands, and of all others, it is expected to be 1.
CHOSEN_ELASTICITY, CHOSEN_ELASTICITY_SD, ELASTICITY_SD = 1.2, 0.3, 0.15

#: Median and spread (log) of the priors of scales: of attention noises, of one that an audit has measured (its median is what the
#: audit found), of how a list's level drifts in a year, of how editions of a publication differ, and of how differently a family
#: of lists knows two groups of cities. Lists within a family differ by ``OWN`` times as much, families chosen by hand by
#: ``CHOSEN``.
NOISE, AUDITED_SPREAD = (0.3, 0.7), 0.2
DRIFT, EDITION, NATIONAL = (0.3, 0.5), (0.2, 0.3), (0.8, 0.5)
OWN, CHOSEN = 0.5, 2.0

#: How much more or less the cities of a group spread than those of the largest (standard deviation, log).
SPREAD_SD = 0.5


@dataclass(frozen=True)
class Settings:
    """The hyperparameters: covariance of the levels (quantity, quantity), of the steps of five years (flow, flow), the spread of
    each group's levels and steps (group, 2), the log of every scale (scale,), and the elasticities that are free
    (elasticity,)."""

    covariance: np.ndarray
    step_covariance: np.ndarray
    spread: np.ndarray
    log_scale: np.ndarray
    elasticity: np.ndarray


@dataclass(frozen=True)
class Wishart:
    """An inverse-Wishart prior of a covariance: ``worth`` observations with sum of squares ``scale``."""

    worth: int
    scale: np.ndarray

    @property
    def mode(self) -> np.ndarray:
        """Return the most likely covariance."""
        return self.scale / (self.worth + len(self.scale) + 1)


def level_prior(size: int) -> Wishart:
    """Return the prior of the covariance of levels: cities differ by factors of four, nearly always in all quantities alike."""
    worth = size + 8
    return Wishart(worth, 1.5**2 * (0.1 * np.eye(size) + 0.9) * (worth + size + 1))


def step_prior(size: int) -> Wishart:
    """Return the prior of the covariance of steps: in five years a log moves by .25 beyond what is common, half of it
    together."""
    worth = size + 12
    return Wishart(worth, 0.25**2 * (0.5 + 0.5 * np.eye(size)) * (worth + size + 1))


def growth_covariance(groups: int, flows: int) -> np.ndarray:
    """Return the prior covariance of common growth in five years, (group × flow, both ways)."""
    of_groups, of_flows = (GROWTH_IN_COMMON + (1 - GROWTH_IN_COMMON) * np.eye(size) for size in (groups, flows))
    return GROWTH_SD**2 * np.kron(of_groups, of_flows)
