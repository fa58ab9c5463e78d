"""Hold the curvature of every city.

Latent values, and the attention that a family of lists shares, hang together in every way. The attention of a single list hangs
together with those of them that the list tells of, and with no other list's. So it is taken out first, and what remains is a
small matrix for each city (block elimination; Golub & Van Loan 2013, Matrix Computations, §4.5).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import sparse

from pipelines.index.measurement.density import Density

#: Numbers beyond this are cut, so that no proposal overflows in single precision.
FARTHEST = 1e30


@dataclass(frozen=True)
class Curvature:
    """The curvature of all cities, T⁻ᵀ T⁻¹; vectors are (city, unknown).

    ``common`` are the unknowns that hang together in every way, ``single`` the attention of single lists, (unknown,) both.
    ``width`` (city, single) is 1 over the curvature of the latter, and ``lean`` (city × unknown, both ways) that between both
    times ``width``; ``leant`` is its transpose. What then remains of the common ones' has the root T of its inverse in
    ``turn``, its transpose in ``turned`` and the inverse in ``inverse``, (city, common, common).
    """

    common: np.ndarray
    single: np.ndarray
    width: np.ndarray
    lean: sparse.csr_matrix
    leant: sparse.csr_matrix
    turn: np.ndarray
    turned: np.ndarray
    inverse: np.ndarray

    @classmethod
    def of(cls, density: Density, cells: sparse.csr_matrix, weight: np.ndarray, precision: np.ndarray) -> Self:
        """Add up what lists and priors tell of every city.

        ``cells`` (cell, city × unknown) says how log intensities follow the unknowns, ``weight`` (cell,) is their Fisher
        information, and ``precision`` (group, column, column) that of the prior of the latent values.
        """
        layout, columns, cities = density.layout, precision.shape[1], len(density.layout.cities)
        unknowns = cells.shape[1] // cities
        single = columns + np.unique(layout.own_noise[layout.own_noise >= 0])
        common = np.setdiff1d(np.arange(unknowns), single)
        is_single, place = np.isin(np.arange(unknowns), single), np.zeros(unknowns, dtype=int)
        place[common], place[single] = np.arange(len(common)), np.arange(len(single))
        told = (cells.T @ cells.multiply(weight[:, None])).tocoo()
        told.eliminate_zeros()
        city, row, column = told.row // unknowns, told.row % unknowns, told.col % unknowns
        own = is_single[row] & is_single[column]
        width = np.ones((cities, len(single)))
        width[city[own], place[row[own]]] = 1 / (1 + told.data[own])
        between = ~is_single[row] & is_single[column]
        pulled = np.zeros((cities, len(common), len(single)))
        pulled[city[between], place[row[between]], place[column[between]]] = told.data[between]
        apart = ~is_single[row] & ~is_single[column]
        remains = np.zeros((cities, len(common), len(common)))
        remains[city[apart], place[row[apart]], place[column[apart]]] = told.data[apart]
        remains[:, :columns, :columns] += precision[layout.group_of]
        shared = np.arange(columns, len(common))
        remains[:, shared, shared] += 1
        remains -= (pulled * width[:, None]) @ pulled.transpose(0, 2, 1)
        turned = np.linalg.inv(np.linalg.cholesky(remains)).astype(np.float32)
        turn = np.ascontiguousarray(turned.transpose(0, 2, 1))
        leans = told.data[between] * width[city[between], place[column[between]]]
        lean = sparse.csr_matrix((leans, (told.row[between], told.col[between])), shape=told.shape)
        return cls(common, single, width, lean, lean.T.tocsr(), turn, turned, turn @ turned)

    def forth(self, vectors: np.ndarray) -> np.ndarray:
        """Turn round coordinates into unknowns."""
        return self.outward(self.each(vectors, self.turn, np.sqrt(self.width)))

    def back(self, slopes: np.ndarray) -> np.ndarray:
        """Turn slopes by the unknowns into those by round coordinates: the transpose of ``forth``."""
        return self.each(self.inward(slopes), self.turned, np.sqrt(self.width))

    def halves(self, slopes: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Return ``back`` of each column of ``slopes`` (city × unknown, column) at the single unknowns, (city × single, column).

        Of the common ones return what ``turned`` has yet to multiply, (city × common, column).
        """
        cities, unknowns = len(self.width), len(self.common) + len(self.single)
        start = np.arange(cities)[:, None] * unknowns
        inward = (slopes - self.lean @ slopes).tocsr()
        single = sparse.diags(np.sqrt(self.width).ravel()) @ inward[(start + self.single).ravel()]
        return single.tocsr(), inward[(start + self.common).ravel()]

    def inward(self, slopes: np.ndarray) -> np.ndarray:
        """Return the slopes by the common unknowns as the single ones follow them."""
        return slopes - (self.lean @ slopes.ravel()).reshape(slopes.shape)

    def outward(self, vectors: np.ndarray) -> np.ndarray:
        """Let the single unknowns follow the common ones: the transpose of ``inward``."""
        return vectors - (self.leant @ vectors.ravel()).reshape(vectors.shape)

    def each(self, vectors: np.ndarray, matrices: np.ndarray, factor: np.ndarray) -> np.ndarray:
        """Multiply what is common of each city with its matrix, in single precision, and what is single with its ``factor``."""
        result = np.empty_like(vectors)
        own = np.clip(vectors[:, self.common], -FARTHEST, FARTHEST).astype(np.float32)
        result[:, self.common] = np.matmul(matrices, own[..., None])[..., 0]
        result[:, self.single] = vectors[:, self.single] * factor
        return result
