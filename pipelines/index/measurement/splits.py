"""Split counts that are sums over cities into cells, as likely as the present intensities make each split."""

import numpy as np

from pipelines.index.measurement.layout import Layout, Totals
from pipelines.index.measurement.state import State


def split(layout: Layout, log_intensity: np.ndarray, state: State, rng: np.random.Generator) -> None:
    """Draw the cells of every total: parts of a sum of Poisson counts are multinomial."""
    for totals in layout.totals:
        parts = rng.multinomial(np.rint(totals.total).astype(int), _shares(totals, log_intensity))
        _put(totals, parts, state)


def expect(layout: Layout, log_intensity: np.ndarray, state: State) -> None:
    """Set the cells of every total to what is expected of them."""
    for totals in layout.totals:
        _put(totals, totals.total[:, None] * _shares(totals, log_intensity), state)


def _shares(totals: Totals, log_intensity: np.ndarray) -> np.ndarray:
    """Return the share of each cell in its total, (group, member)."""
    logs = np.where(totals.is_cell, log_intensity[totals.cells[..., 0], totals.cells[..., 1]], -np.inf)
    share = np.exp(logs - logs.max(-1, keepdims=True))
    return np.asarray(share / share.sum(-1, keepdims=True))


def _put(totals: Totals, parts: np.ndarray, state: State) -> None:
    cells = totals.cells[totals.is_cell]
    state.counts[cells[:, 0], cells[:, 1]] = parts[totals.is_cell]
