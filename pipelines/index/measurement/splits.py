"""Split counts that are sums over cities or periods into cells, as likely as the present intensities make each split."""

import numpy as np

from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.state import State


def split(layout: Layout, log_intensity: np.ndarray, state: State, rng: np.random.Generator) -> None:
    """Draw the cells of every total: parts of a sum of Poisson counts are multinomial."""
    for totals in layout.totals:
        is_cell = totals.is_cell
        city, channel = totals.cells[..., 0], totals.cells[..., 1]
        logs = np.where(is_cell, log_intensity[city, channel], -np.inf)
        share = np.exp(logs - logs.max(-1, keepdims=True))
        share /= share.sum(-1, keepdims=True)
        parts = rng.multinomial(np.rint(totals.total).astype(int), share)
        state.counts[city[is_cell], channel[is_cell]] = parts[is_cell]
