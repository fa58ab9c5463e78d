"""Hold the curvature of every city, without the attention to it that no list tells of.

Most lists look at few cities. Of a city that a list does not look at nothing is known of that list's attention but its prior, a
standard normal that hangs together with nothing. So cities of which about as many unknowns are told of stand together, and
their matrices hold these alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from pipelines.index.measurement.density import Density

#: Sizes of matrices are multiples of this beyond the latent values, so that few of them differ.
STEP = 8

#: Numbers beyond this are cut, so that no proposal overflows in single precision.
FARTHEST = 1e30


@dataclass(frozen=True)
class Part:
    """Cities of which about as many unknowns are told of: ``cities`` (city, 1) and their unknowns ``told`` (city, unknown).

    The curvature of these is T⁻ᵀ T⁻¹; ``turn`` is T, ``back`` its transpose, ``inverse`` is T Tᵀ (city, unknown, unknown).
    """

    cities: np.ndarray
    told: np.ndarray
    turn: np.ndarray
    back: np.ndarray
    inverse: np.ndarray

    @classmethod
    def of(cls, cities: np.ndarray, told: np.ndarray, curvature: np.ndarray) -> Self:
        """Turn the curvature (city, unknown, unknown) into its roots."""
        back = np.linalg.inv(np.linalg.cholesky(curvature)).astype(np.float32)
        turn = np.ascontiguousarray(back.transpose(0, 2, 1))
        return cls(cities[:, None], told, turn, back, turn @ back)


@dataclass(frozen=True)
class Curvature:
    """The curvature of all cities in parts; vectors are (city, unknown)."""

    parts: Sequence[Part]

    @classmethod
    def of(cls, density: Density, design: np.ndarray, weight: np.ndarray, precision: np.ndarray) -> Self:
        """Add up what lists and priors tell of every city.

        ``design`` (unknown, channel) says how log intensities follow the unknowns, ``weight`` (city, channel) is their Fisher
        information, and ``precision`` (group, column, column) that of the prior of the latent values.
        """
        columns = precision.shape[1]
        is_told = density.layout.covers.astype(float) @ density.layout.noise > 0
        # The latent values come first, then the attention that lists tell of.
        order = np.argsort(~is_told, axis=1, kind="stable") + columns
        order = np.hstack([np.tile(np.arange(columns), (len(order), 1)), order])
        size = np.minimum(columns + -(-is_told.sum(1) // STEP) * STEP, len(design))
        parts = []
        for length in np.unique(size):
            cities = np.flatnonzero(size == length)
            told = order[cities, :length]
            own = np.tile(np.eye(length), (len(cities), 1, 1))
            own[:, :columns, :columns] = precision[density.layout.group_of[cities]]
            for place in np.array_split(np.arange(len(cities)), max(len(cities) // 100, 1)):
                lists = design[told[place]]
                own[place] += (lists * weight[cities[place], None]) @ lists.transpose(0, 2, 1)
            parts.append(Part.of(cities, told, own))
        return cls(parts)

    def forth(self, vectors: np.ndarray) -> np.ndarray:
        """Turn round coordinates into unknowns."""
        return self._times(vectors, [part.turn for part in self.parts])

    def back(self, slopes: np.ndarray) -> np.ndarray:
        """Turn slopes by the unknowns into those by round coordinates: the transpose of ``forth``."""
        return self._times(slopes, [part.back for part in self.parts])

    def solve(self, slopes: np.ndarray) -> np.ndarray:
        """Multiply by the inverse."""
        return self._times(slopes, [part.inverse for part in self.parts])

    def _times(self, vectors: np.ndarray, matrices: list[np.ndarray]) -> np.ndarray:
        """Multiply the matrix of each city with its vector, in single precision."""
        result = vectors.copy()
        for part, matrix in zip(self.parts, matrices, strict=True):
            own = np.clip(vectors[part.cities, part.told], -FARTHEST, FARTHEST).astype(np.float32)
            result[part.cities, part.told] = np.matmul(matrix, own[..., None])[..., 0]
        return result

    def inverse(self, size: int) -> np.ndarray:
        """Return the inverse written out over all ``size`` unknowns, (city, unknown, unknown)."""
        written = np.tile(np.eye(size), (sum(len(part.cities) for part in self.parts), 1, 1))
        for part in self.parts:
            turn = part.turn.astype(float)
            written[part.cities[..., None], part.told[..., None], part.told[:, None]] = turn @ turn.transpose(0, 2, 1)
        return written

    def by_city(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return, of every city in turn, the unknowns told of and the transpose of T among them."""
        every = {
            int(city): (told, back)
            for part in self.parts
            for city, told, back in zip(part.cities[:, 0], part.told, part.back, strict=True)
        }
        return [every[city] for city in range(len(every))]
