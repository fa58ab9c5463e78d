"""Find a starting point: latent values from the first list that counts a city, levels from the overlap of the lists."""

import numpy as np

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.state import EXACT_NOISE, NOISE_MEDIAN, State

#: Added to counts before their logarithm is taken.
_HALF = 0.3


def start(density: Density, rng: np.random.Generator) -> State:
    """Return a dispersed starting point."""
    layout = density.layout
    columns = layout.columns
    cities, lists = len(layout.cities), len(layout.lists)
    latent, offset = _aligned(layout)
    level = offset + density.reference[layout.column_of]
    summed = layout.is_summed
    intensity = np.where(layout.covers, np.exp(latent[:, layout.column_of] + layout.exposure), 0.0).sum(0)
    totals = _channel_totals(layout)
    level[summed] = (np.log((totals + _HALF) / np.maximum(intensity, 1e-9)) + density.reference[layout.column_of])[summed]
    base = np.array([level[layout.list_of == place].mean() for place in range(lists)])
    base[layout.anchor] = density.anchored[layout.anchor]
    parameters = latent @ density.inverse_walk.T
    means = np.stack([parameters[layout.group_of == group].mean(0) for group in range(layout.groups)])
    quantities = len(columns.quantities)
    return State(
        latent=latent + rng.normal(0, 0.1, latent.shape),
        attention=np.zeros((cities, layout.noise.shape[1])),
        noise=np.where(layout.is_exact_noise, EXACT_NOISE, NOISE_MEDIAN),
        level=level,
        base=base,
        elasticity=np.ones(lists),
        means=means[:, :quantities],
        covariance=np.eye(quantities) * 2.0,
        growth=means[:, quantities:].reshape(layout.groups, columns.periods - 1, len(columns.flows)),
        step_covariance=np.eye(len(columns.flows)) * 0.1,
        regional=np.zeros((lists, int(layout.region_of.max()) + 1)),
        regional_noise=np.full(lists, NOISE_MEDIAN),
        national=np.zeros((len(layout.families), layout.groups)),
        counts=layout.counts.copy(),
    )


def _channel_totals(layout: Layout) -> np.ndarray:
    """Return the sum of the counts of each channel, totals over periods split evenly."""
    sums = np.where(layout.covers, layout.counts, 0.0).sum(0)
    for totals in layout.totals:
        channels = np.unique(totals.cells[totals.is_cell][:, 1])
        sums[channels] += totals.total.sum() / len(channels)
    return sums


def _aligned(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return latent values (city, column) and what each channel is above them (channel,), list after list."""
    latent = np.full((len(layout.cities), layout.columns.count), np.nan)
    offset = np.zeros(len(layout.list_of))
    summed = layout.is_summed
    order = np.argsort(~layout.anchor[layout.list_of], kind="stable")
    for channel in order[~summed[order]]:
        logs = np.where(layout.covers[:, channel], np.log(layout.counts[:, channel] + _HALF) - layout.exposure[channel], np.nan)
        column = layout.column_of[channel]
        both = ~np.isnan(latent[:, column]) & ~np.isnan(logs)
        if both.any():
            weight = np.minimum(np.exp(latent[both, column]), layout.counts[both, channel] + _HALF)
            offset[channel] = np.average((logs - latent[:, column])[both], weights=weight)
        latent[:, column] = np.where(np.isnan(latent[:, column]), logs - offset[channel], latent[:, column])
    return _filled(layout, latent), offset


def _filled(layout: Layout, latent: np.ndarray) -> np.ndarray:
    """Fill columns that no list counts in a city: from the nearest period, else from the least of the other cities."""
    for quantity in layout.columns.quantities:
        columns = layout.columns.of(quantity)
        for near, far in [*zip(columns[:-1], columns[1:], strict=True), *zip(columns[:0:-1], columns[-2::-1], strict=True)]:
            latent[:, far] = np.where(np.isnan(latent[:, far]), latent[:, near], latent[:, far])
        known = latent[:, columns]
        least = np.nanquantile(known, 0.25) if not np.isnan(known).all() else 0.0
        latent[:, columns] = np.where(np.isnan(known), least, known)
    return latent
