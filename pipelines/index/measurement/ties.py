"""Tie the cities together of which a list knows only the sum.

A sum says how much they have in all and nothing of how it is shared. The curvature of such cities is that of each alone plus a
matrix of low rank, T⁻ᵀ(I + W Wᵀ)T⁻¹ with a column of W for each sum, whose root and inverse cost little (Woodbury).
"""

from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.curvature import FARTHEST, Curvature
from pipelines.index.measurement.density import Density


@dataclass(frozen=True)
class Ties:
    """``weight`` (city, unknown, sum) is W, its sums numbered within their cluster; ``root`` and ``inverse`` (cluster, sum, sum).

    (I + W Wᵀ)⁻¹ᐟ² is I − W root Wᵀ, and (I + W Wᵀ)⁻¹ is I − W inverse Wᵀ. ``pulled`` is T W. Lists of which only sums are known
    have no attention of their own, so all of it is about the unknowns that hang together in every way, ``common``;
    ``places`` are these of the tied ``cities``, and ``within`` (cluster, city) is 1 where a city is in a cluster.
    """

    cities: np.ndarray
    cluster_of: np.ndarray
    places: tuple[np.ndarray, np.ndarray]
    within: np.ndarray
    weight: np.ndarray
    pulled: np.ndarray
    root: np.ndarray
    inverse: np.ndarray

    @classmethod
    def of(cls, density: Density, curvature: Curvature, design: np.ndarray, information: np.ndarray) -> "Ties":
        """Return the ties where the cities alone have the ``curvature`` T⁻ᵀ T⁻¹.

        ``design`` (unknown, channel) says how log intensities follow the unknowns; ``information`` (cell,) of a summed cell is
        what it would have if it were counted.
        """
        city, channel, of = density.summed
        part = information[density.number[city, channel]]
        whole = np.bincount(of, part)
        cities, row = np.unique(city, return_inverse=True)
        _, cluster_of = np.unique(density.cluster_of[cities], return_inverse=True)
        # The sums of a cluster are numbered from 0.
        cluster = np.zeros(len(whole), dtype=int)
        cluster[of] = cluster_of[row]
        order = np.argsort(cluster, kind="stable")
        number = np.empty(len(whole), dtype=int)
        number[order] = np.arange(len(whole)) - np.searchsorted(cluster[order], cluster[order])
        toward = np.zeros((number.max() + 1, len(density.layout.cities), len(design)))
        toward[number[of], city] = (part / np.sqrt(whole[of]))[:, None] * design[:, channel].T
        places = cities[:, None], curvature.common
        weight = np.stack([curvature.back(of_sum)[places] for of_sum in toward], axis=-1).astype(np.float32)
        gram = np.zeros((cluster_of.max() + 1, weight.shape[2], weight.shape[2]))
        np.add.at(gram, cluster_of, (weight.transpose(0, 2, 1) @ weight).astype(float))
        value, vector = np.linalg.eigh(gram)
        value = np.maximum(value, 1e-9)
        back = vector.transpose(0, 2, 1)
        root = (vector * ((1 - (1 + value) ** -0.5) / value)[:, None]) @ back
        within = np.eye(len(gram))[cluster_of].T
        inverse = (vector / (1 + value)[:, None]) @ back
        return cls(cities, cluster_of, places, within, weight, curvature.turn[cities] @ weight, root, inverse)

    def rooted(self, vectors: np.ndarray) -> np.ndarray:
        """Return (I + W Wᵀ)⁻¹ᐟ² times the vectors of all cities, (city, unknown)."""
        result = vectors.copy()
        result[self.places] -= self._held(vectors, self.weight, self.root)
        return result

    def taken(self, slopes: np.ndarray) -> np.ndarray:
        """Return what (I + W Wᵀ)⁻¹ takes from the inverse curvature times ``slopes`` (city, unknown), (tied city, common)."""
        return self._held(slopes, self.pulled, self.inverse)

    def _held(self, vectors: np.ndarray, weight: np.ndarray, middle: np.ndarray) -> np.ndarray:
        own = np.clip(vectors[self.places], -FARTHEST, FARTHEST).astype(np.float32)
        sums = self.within @ np.matmul(weight.transpose(0, 2, 1), own[..., None])[..., 0]
        moved = np.matmul(middle, sums[..., None]).astype(np.float32)[self.cluster_of]
        return np.asarray(np.matmul(weight, moved)[..., 0])
