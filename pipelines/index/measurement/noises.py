"""Move how unevenly lists look at cities: the standard deviations of attention."""

import numpy as np

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import NOISE_MEDIAN, NOISE_SPREAD, State, log_intensity


def _log_noise_prior(noise: np.ndarray) -> np.ndarray:
    return -0.5 * ((np.log(noise) - np.log(NOISE_MEDIAN)) / NOISE_SPREAD) ** 2


def given_attention(density: Density, state: State, rng: np.random.Generator) -> None:
    """Random-walk steps for the noises, attention as it is: they work where lists have much to say."""
    squares, cities = (state.attention**2).sum(0), len(state.attention)

    def target(noise: np.ndarray) -> np.ndarray:
        return _log_noise_prior(noise) - cities * np.log(noise) - 0.5 * squares / noise**2

    for _ in range(3):
        there = state.noise * np.exp(rng.normal(0, 2.4 / np.sqrt(2 * cities), state.noise.shape))
        accepted = np.log(rng.random(there.shape)) < target(there) - target(state.noise)
        state.noise = np.where(accepted & ~density.layout.is_exact_noise, there, state.noise)


def with_attention(density: Density, state: State, rng: np.random.Generator) -> None:
    """Stretch each noise together with the attention to the cities in which its lists have few rows.

    One source at a time, since several can touch the same cells; the cities with many rows say whether the new noise fits.
    """
    layout = density.layout
    log_rate = log_intensity(density, state)
    for source in np.flatnonzero(~layout.is_exact_noise):
        channels, few = layout.noise[:, source] > 0, density.is_seldom[:, source]
        stretch = float(np.exp(rng.normal(0, 0.2)))
        extra = (stretch - 1) * state.attention[few, source]
        part, counts, now = density.only(channels, few), state.counts[np.ix_(few, channels)], log_rate[np.ix_(few, channels)]
        change = (part.log_likelihood(now + extra[:, None], counts) - part.log_likelihood(now, counts)).sum()
        noise, many = state.noise[source], state.attention[~few, source]
        change += _log_noise_prior(noise * stretch) - _log_noise_prior(noise)
        change += -len(many) * np.log(stretch) - 0.5 * (many**2).sum() * (stretch**-2 - 1) / noise**2
        if np.log(rng.random()) < change:
            state.noise[source] = noise * stretch
            state.attention[few, source] *= stretch
            log_rate[np.ix_(few, channels)] += extra[:, None]


def of_regions(density: Density, state: State, rng: np.random.Generator) -> None:
    by_region = density.layout.by_region
    squares, regions = (state.regional**2).sum(1), state.regional.shape[1]

    def target(noise: np.ndarray) -> np.ndarray:
        return _log_noise_prior(noise) - regions * np.log(noise) - 0.5 * squares / noise**2

    there = state.regional_noise * np.exp(rng.normal(0, 2.4 / np.sqrt(2 * regions), by_region.shape))
    accepted = np.log(rng.random(by_region.shape)) < target(there) - target(state.regional_noise)
    state.regional_noise = np.where(accepted & by_region, there, state.regional_noise)
