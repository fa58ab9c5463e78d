"""How much each list moves what the cities have: what it would be without it, by one Newton step (infinitesimal jackknife).

Given what cities share, leaving out the observations U of a list with information W and slope r moves a city's unknowns by
(H − U W Uᵀ)⁻¹ U r, where H is their curvature with all lists; Woodbury's identity makes it cheap (Giordano et al. 2019, AISTATS).
A list that knows provinces only has no attention to cities that could give way, so for it the step is one of all unknowns.
"""

import numpy as np
from scipy import sparse

from pipelines.index.measurement.curvature import Block
from pipelines.index.measurement.fit import Fit, without


def without_each(fit: Fit) -> np.ndarray:
    """Return the change of the latent values when each list is left out, (list, city, column)."""
    model, layout = fit.model, fit.model.layout
    of_list = model.list_of[model.first]
    change = np.zeros((len(layout.lists), len(layout.cities), layout.columns.count))
    for block in fit.curvature.blocks:
        rows = fit.rows[:, block.places.ravel()]
        counted = np.unique(rows.tocoo().row)
        for place in np.unique(of_list[counted[~model.is_wide[counted]]]):
            if not layout.by_region[place]:
                own = np.flatnonzero((of_list == place) & ~model.is_wide)
                cities, moved = _without(fit, block, rows[own], own)
                change[place][cities] = moved[:, : layout.columns.count]
    for place in np.flatnonzero(layout.by_region):
        moved = without(fit, of_list == place)
        change[place] = moved[model.apart] + moved[model.mean][layout.group_of][:, layout.columns.quantity_of]
    return change


def _without(fit: Fit, block: Block, rows: sparse.csr_matrix, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the cities of a block that a list counts, and the change of their unknowns, (city, unknown)."""
    size = block.places.shape[1]
    entries = rows.tocoo()
    city_of = np.full(len(own), -1)
    city_of[entries.row] = entries.col // size
    seen = np.flatnonzero(city_of >= 0)
    cities, row = np.unique(city_of[seen], return_inverse=True)
    order = np.argsort(row, kind="stable")
    number = np.empty(len(seen), dtype=int)
    number[order] = np.arange(len(seen)) - np.searchsorted(row[order], row[order])
    follows = np.zeros((len(cities), size, number.max() + 1))
    slope, weight = np.zeros(follows[:, 0].shape), np.zeros(follows[:, 0].shape)
    slope[row, number], weight[row, number] = fit.slope[own[seen]], fit.weight[own[seen]]
    place = np.full((len(own), 2), -1)
    place[seen] = np.column_stack([row, number])
    follows[place[entries.row, 0], entries.col % size, place[entries.row, 1]] = entries.data
    toward = block.inverse[cities] @ follows
    middle = np.eye(follows.shape[2]) - weight[:, :, None] * (follows.transpose(0, 2, 1) @ toward)
    pull = np.linalg.solve(middle, slope[..., None])
    first = block.places[cities, 0]
    return np.searchsorted(fit.model.apart[:, 0], first), -(toward @ pull)[..., 0]
