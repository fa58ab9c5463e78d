"""Find a starting point: latent values from the first list that counts a city, levels from the overlap of the lists."""

from itertools import pairwise

import numpy as np

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.state import NOISE_MEDIAN, State, Wishart, elasticity_mean, level_prior, noise_prior, step_prior

#: Added to counts before their logarithm is taken.
_HALF = 0.3

#: How far cities spread at first in each group but the largest. They are there because lists name them, so they lie closer
#: together than all cities of a country. From 1, pilots took 230 sweeps to come as far as this, with covariances that were too
#: narrow meanwhile; from here, 90.
_SPREAD = 0.35


def start(density: Density, rng: np.random.Generator) -> State:
    """Return a dispersed starting point."""
    layout = density.layout
    columns = layout.columns
    cities = len(layout.cities)
    latent, level, elasticity = _aligned(density)
    summed = layout.is_summed
    intensity = np.where(layout.covers, np.exp(latent[:, layout.column_of] + layout.exposure), 0.0).sum(0)
    totals = _channel_totals(layout)
    level[summed] = (np.log((totals + _HALF) / np.maximum(intensity, 1e-9)) + density.reference[layout.column_of])[summed]
    base = np.array([level[layout.base_of == series].mean() for series in layout.series_of])
    anchored = ~layout.has_level[layout.series_of]
    base[anchored] = density.anchored[anchored]
    parameters = latent @ density.inverse_walk.T
    means = np.stack([parameters[layout.group_of == group].mean(0) for group in range(layout.groups)])
    quantities = len(columns.quantities)
    return State(
        latent=latent + rng.normal(0, 0.1, latent.shape),
        attention=np.zeros((cities, layout.noise.shape[1])),
        noise=noise_prior(layout)[0],
        level=level,
        base=base,
        elasticity=elasticity,
        means=means[:, :quantities],
        covariance=_mean(level_prior(quantities)),
        growth=means[:, quantities:].reshape(layout.groups, columns.periods - 1, len(columns.flows)),
        step_covariance=_mean(step_prior(len(columns.flows))),
        spread=np.where(layout.is_spread_free[:, None], _SPREAD, np.ones(2)),
        regional=np.zeros((len(layout.lists), int(layout.region_of.max()) + 1)),
        regional_noise=np.full(len(layout.lists), NOISE_MEDIAN),
        national=np.zeros((len(layout.families), layout.groups)),
        own_national=np.zeros((len(layout.lists), layout.groups)),
    )


def _mean(prior: Wishart) -> np.ndarray:
    return prior.scale / (prior.worth - len(prior.scale) - 1)


def _channel_totals(layout: Layout) -> np.ndarray:
    """Return the sum of the counts of each channel, totals over periods split evenly."""
    sums = np.where(layout.covers, layout.counts, 0.0).sum(0)
    for totals in layout.totals:
        channels = np.unique(totals.cells[totals.is_cell][:, 1])
        sums[channels] += totals.total.sum() / len(channels)
    return sums


def _aligned(density: Density) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return latent values (city, column), and level (channel,) and elasticity (list,) of the lists, read one after another.

    Elasticities are those expected before a list is read: from counts, most would seem flatter than they are, since what the
    first list says of a city is itself uncertain.
    """
    layout = density.layout
    latent = np.full((len(layout.cities), layout.columns.count), np.nan)
    level = density.reference[layout.column_of].copy()
    elasticity = np.where(layout.sets_scale, 1.0, elasticity_mean(layout)[layout.series_of])
    order = np.argsort(~layout.anchor, kind="stable")
    for place in order:
        channels = np.flatnonzero((layout.list_of == place) & ~layout.is_summed)
        # Of the unnamed it is known what they have at most, not what they have.
        looks = layout.covers & (density.least == 0)
        logs = np.where(looks, np.log(layout.counts + _HALF) - layout.exposure, np.nan)[:, channels]
        centred = (latent - density.reference)[:, layout.column_of[channels]]
        weight = np.where(np.isnan(logs) | np.isnan(centred), 0.0, np.minimum(layout.counts[:, channels], 50.0))
        for index, channel in enumerate(channels):
            column, part = layout.column_of[channel], weight[:, index] > 0
            if part.any() and not layout.anchor[place]:
                gap = logs[part, index] - elasticity[place] * centred[part, index]
                level[channel] = np.average(gap, weights=weight[part, index])
            read = density.reference[column] + (logs[:, index] - level[channel]) / elasticity[place]
            latent[:, column] = np.where(np.isnan(latent[:, column]), read, latent[:, column])
    return _filled(layout, latent), level, elasticity


def _filled(layout: Layout, latent: np.ndarray) -> np.ndarray:
    """Fill columns that no list counts in a city: from the nearest period, else from the least of the other cities."""
    for quantity in layout.columns.quantities:
        columns = layout.columns.of(quantity)
        for near, far in [*pairwise(columns), *pairwise(columns[::-1])]:
            latent[:, far] = np.where(np.isnan(latent[:, far]), latent[:, near], latent[:, far])
        known = latent[:, columns]
        least = np.nanquantile(known, 0.25) if not np.isnan(known).all() else 0.0
        latent[:, columns] = np.where(np.isnan(known), least, known)
    return latent
