"""Move what the cities share: levels, elasticities and noises of lists, means, growth and covariances of quantities."""

import numpy as np

from pipelines.index.measurement import covariances, noises, scalars, shifts
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import State


def move(density: Density, state: State, rng: np.random.Generator) -> None:
    """Move every shared unknown once."""
    settle(density, state, rng)
    scalars.elasticities(density, state, rng)
    noises.given_attention(density, state, rng)
    noises.with_attention(density, state, rng)
    noises.of_regions(density, state, rng)
    covariances.covariances(density, state, rng)
    covariances.stretch_steps(density, state, rng)
    covariances.reshape_levels(density, state, rng)
    covariances.scale_against_elasticity(density, state, rng)


def settle(density: Density, state: State, rng: np.random.Generator) -> None:
    """Move what a starting point has to settle first, and what a chain moves once the rest is settled: levels and means.

    Covariances wait at the start: at modes, which lie closer together than draws, they would shrink to nothing.
    """
    scalars.levels(density, state, rng)
    scalars.regional(density, state, rng)
    scalars.national(density, state, rng)
    scalars.own_national(density, state, rng)
    shifts.bases(density, state, rng)
    shifts.level_against_attention(density, state, rng)
    shifts.national_against_others(density, state, rng)
    shifts.own_national_against_others(density, state, rng)
    shifts.latent_against_level(density, state, rng)
    scalars.groups_against_levels(density, state, rng)
    scalars.columns_of_groups(density, state, rng)
    shifts.groups_against_nations(density, state, rng)
    covariances.means(density, state, rng)
