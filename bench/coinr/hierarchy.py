"""Indicators, pillars, index: a tree whose branches are equally long, aggregated one level at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bench.coinr.aggregators import Aggregator, up


@dataclass(frozen=True)
class Hierarchy:
    """Indicators, their parents and so on to the index.

    ``codes`` names the members of each level, the indicators first; ``parent`` (place in the next level) and ``weights``
    have an array for each level but the last.
    """

    codes: tuple[tuple[str, ...], ...]
    parent: tuple[np.ndarray, ...]
    weights: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str | None, float]]) -> Self:
        """Build it from (code, parent, weight) of every indicator and aggregate, in any order; the index has no parent."""
        parent_of = {code: parent for code, parent, _ in rows}
        weight_of = {code: weight for code, _, weight in rows}
        aggregates = {parent for parent in parent_of.values() if parent is not None}
        level = [code for code in parent_of if code not in aggregates]
        codes, parents, weights = [tuple(level)], [], []
        while any(parent_of[code] is not None for code in level):
            above = [parent_of[code] for code in level]
            following = [code for code in parent_of if code in above]
            parents.append(np.array([following.index(parent) for parent in above if parent is not None]))
            weights.append(np.array([weight_of[code] for code in level]))
            codes.append(tuple(following))
            level = following
        return cls(tuple(codes), tuple(parents), tuple(weights))

    def aggregate(self, values: np.ndarray, aggregator: Aggregator) -> list[np.ndarray]:
        """Return every level from the indicators (…, indicator) to the index (…, 1)."""
        levels = [values]
        for weights, parent in zip(self.weights, self.parent, strict=True):
            levels.append(up(levels[-1], weights, parent, aggregator))
        return levels

    def effective_weights(self) -> list[np.ndarray]:
        """Return the weight of each member in the index, level by level; each level sums to one."""
        found = [np.ones(1)]
        for weights, parent in zip(reversed(self.weights), reversed(self.parent), strict=True):
            found.append(weights / np.bincount(parent, weights)[parent] * found[-1][parent])
        return found[::-1]
