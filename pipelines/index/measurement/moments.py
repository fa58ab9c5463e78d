"""What is uncertain of unknowns and log intensities under the normal approximation, exactly: parts of its covariance.

Of a city's unknowns the covariance is the inverse of its own curvature, plus what the uncertain border adds as the city follows
it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pipelines.index.measurement.curvature import THREADS, Block, Curvature


@dataclass(frozen=True)
class Turned:
    """Rows by their city's unknowns, padded (row, entry), and by the border once the city follows it, (row, active)."""

    city: np.ndarray
    place: np.ndarray
    value: np.ndarray
    border: np.ndarray

    @classmethod
    def of(cls, rows: sparse.csr_matrix, block: Block) -> "Turned":
        """Turn ``rows`` (row, unknown), each of which follows one city of the block."""
        own = rows[:, block.places.ravel()].tocsr()
        entries, size, number = own.tocoo(), block.places.shape[1], np.diff(own.indptr)
        entry = np.arange(own.nnz) - np.repeat(own.indptr[:-1], number)
        place, value = np.zeros((rows.shape[0], max(number.max(initial=1), 1)), dtype=int), np.zeros(0)
        value = np.zeros(place.shape, rows.dtype)
        place[entries.row, entry], value[entries.row, entry] = entries.col % size, entries.data
        city = np.zeros(rows.shape[0], dtype=int)
        city[entries.row] = entries.col // size
        border = own @ block.reply.astype(rows.dtype)
        inside = block.active < rows.shape[1]
        border[:, inside] -= rows[:, block.active[inside]].toarray()
        return cls(city, place, value, border)

    def times(self, other: "Turned", inverse: np.ndarray, border: np.ndarray) -> np.ndarray:
        """Return the covariance of each row with that of ``other``, (row,)."""
        own = inverse[self.city[:, None, None], self.place[:, :, None], other.place[:, None, :]]
        return np.einsum("ri,rij,rj->r", self.value, own, other.value) + ((self.border @ border) * other.border).sum(1)


@dataclass(frozen=True)
class Moments:
    """``variance`` (unknown,); the covariance of what each city has ``apart``, (city, column, column); the variance of the log
    intensity of each observation, ``of_rows`` (obs,), and ``bent`` (obs,), its covariance with what an elasticity multiplies."""

    variance: np.ndarray
    apart: np.ndarray
    of_rows: np.ndarray
    bent: np.ndarray

    @classmethod
    def of(cls, curvature: Curvature, rows: sparse.csr_matrix, far: sparse.csr_matrix) -> "Moments":
        """Compute them; ``rows`` and ``far`` (obs, unknown) say how observations, and what elasticities multiply, follow
        unknowns."""
        model, single = curvature.model, np.float32
        columns, shared = model.layout.columns.count, model.shared
        whole = curvature.border.astype(single)
        variance, apart = np.ones(model.unknowns), np.empty((len(model.layout.cities), columns, columns), single)
        variance[:shared] = np.diag(curvature.border)[:shared]
        of_rows, bent = np.zeros(rows.shape[0]), np.zeros(rows.shape[0])
        rows, far = rows.astype(single), far.astype(single)

        def fill(cities: np.ndarray, own: np.ndarray, block: Block) -> None:
            border = whole[np.ix_(block.active, block.active)]
            reply = block.reply.astype(single).reshape(*block.places.shape, -1)
            across, inverse = reply @ border, block.inverse.astype(single)
            variance[block.places] = np.diagonal(inverse, axis1=1, axis2=2) + (across * reply).sum(2)
            apart[cities] = inverse[:, :columns, :columns] + across[:, :columns] @ reply[:, :columns].transpose(0, 2, 1)
            left, told = Turned.of(rows[own], block), own[np.diff(far[own].indptr) > 0]
            of_rows[own] = left.times(left, inverse, border)
            if len(told):
                bent[told] = Turned.of(rows[told], block).times(Turned.of(far[told], block), inverse, border)

        parts = zip((cities for cities, _ in model.blocks), model.rows_of_blocks, curvature.blocks, strict=True)
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda part: fill(*part), parts))
        # Of a sum over cities what each has apart counts; what they share is left out, since little of it is open.
        of_rows[model.is_wide] = rows[model.is_wide].power(2)[:, shared:] @ variance[shared:]
        return cls(np.maximum(variance, 1e-9), apart.astype(float), np.maximum(of_rows, 0.0), bent)
