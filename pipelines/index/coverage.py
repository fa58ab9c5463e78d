"""What share of a city's companies the register holds, and what that does to a count.

The register is a sample whose curators knew some cities better than others, so a bare count compares
attention, not cities. An independent list that both cities are on (unicorns, recorded worldwide by one
publisher) shows the share held; counts are divided by it, as Horvitz & Thompson (1952, JASA 47, 663–685) divide
by the probability of being sampled. The share is estimated from few companies, so every draw draws it anew.
"""

from dataclasses import dataclass

import numpy as np

#: How many recorded companies the common share is worth when a city's own is estimated.
PRIOR_WEIGHT = 10.0


@dataclass(frozen=True)
class Coverage:
    """Beta posterior of the share held, per city; cities without recordings have the prior alone."""

    held: np.ndarray
    missed: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        return self.held / (self.held + self.missed)

    def draw(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Shares (draw, city)."""
        return rng.beta(self.held, self.missed, size=(draws, len(self.held)))


def coverage(held: np.ndarray, recorded: np.ndarray, prior: np.ndarray) -> Coverage:
    """Estimate the share held from ``held`` of ``recorded`` companies per city (0 of 0 where none is recorded).

    ``prior`` marks the cities whose common share is the prior's mean: those of the scope, since the benchmark
    was curated under another rule. Without any recording every share is 1, and nothing is corrected.
    """
    if not recorded[prior].sum():
        return Coverage(np.full(len(held), 1e9), np.full(len(held), 1e-9))
    common = (held[prior].sum() + 0.5) / (recorded[prior].sum() + 1)
    return Coverage(held + PRIOR_WEIGHT * common, recorded - held + PRIOR_WEIGHT * (1 - common))
