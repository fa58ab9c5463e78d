"""Tie the cities together of which a list knows only the sum.

A sum says how much they have in all and nothing of how it is shared. The curvature of such cities is that of each alone plus a
matrix of low rank, T⁻ᵀ(I + W Wᵀ)T⁻¹ with a column of W for each sum, whose root and inverse cost little (Woodbury).
"""

from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.curvature import Curvature
from pipelines.index.measurement.density import Density


@dataclass(frozen=True)
class Ties:
    """``weight`` (city, unknown, sum) is W, its sums numbered within their cluster; ``root`` and ``inverse`` (cluster, sum, sum).

    (I + W Wᵀ)⁻¹ᐟ² is I − W root Wᵀ, and (I + W Wᵀ)⁻¹ is I − W inverse Wᵀ.
    """

    cities: np.ndarray
    cluster_of: np.ndarray
    weight: np.ndarray
    root: np.ndarray
    inverse: np.ndarray

    @classmethod
    def of(cls, density: Density, curvature: Curvature, design: np.ndarray, information: np.ndarray) -> "Ties":
        """Return the ties where the cities alone have the ``curvature`` T⁻ᵀ T⁻¹.

        ``design`` (unknown, channel) says how log intensities follow the unknowns; ``information`` (city, channel) of a summed
        cell is what it would have if it were counted.
        """
        city, channel, of = density.summed
        part = information[city, channel]
        whole = np.bincount(of, part)
        cities, row = np.unique(city, return_inverse=True)
        _, cluster_of = np.unique(density.cluster_of[cities], return_inverse=True)
        # The sums of a cluster are numbered from 0.
        cluster = np.zeros(len(whole), dtype=int)
        cluster[of] = cluster_of[row]
        order = np.argsort(cluster, kind="stable")
        number = np.empty(len(whole), dtype=int)
        number[order] = np.arange(len(whole)) - np.searchsorted(cluster[order], cluster[order])
        toward = np.zeros((number.max() + 1, len(information), len(design)))
        toward[number[of], city] = (part / np.sqrt(whole[of]))[:, None] * design[:, channel].T
        weight = np.stack([curvature.back(of_sum)[cities] for of_sum in toward], axis=-1).astype(np.float32)
        gram = np.zeros((cluster_of.max() + 1, weight.shape[2], weight.shape[2]))
        np.add.at(gram, cluster_of, (weight.transpose(0, 2, 1) @ weight).astype(float))
        value, vector = np.linalg.eigh(gram)
        value = np.maximum(value, 1e-9)
        back = vector.transpose(0, 2, 1)
        root = (vector * ((1 - (1 + value) ** -0.5) / value)[:, None]) @ back
        return cls(cities, cluster_of, weight, root, (vector / (1 + value)[:, None]) @ back)

    def less(self, vectors: np.ndarray, middle: np.ndarray) -> np.ndarray:
        """Return (I − W M Wᵀ) times the vectors of all cities, (city, unknown); ``middle`` is M (cluster, sum, sum)."""
        result = vectors.copy()
        back = self.weight.transpose(0, 2, 1)
        sums = np.zeros(middle.shape[:2])
        np.add.at(sums, self.cluster_of, np.matmul(back, vectors[self.cities].astype(np.float32)[..., None])[..., 0])
        moved = np.matmul(middle, sums[..., None])[self.cluster_of].astype(np.float32)
        result[self.cities] -= np.matmul(self.weight, moved)[..., 0]
        return result
