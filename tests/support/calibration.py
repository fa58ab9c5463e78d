"""Fit worlds drawn from the measurement model, and count how often intervals hold the truth behind them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipelines.errors import InputError
from pipelines.index.draws import ranks
from tests.support import measurement
from tests.support.measurement import Truth

#: Cities of a world, and draws of its posterior.
CITIES, DRAWS = 36, 400

#: Names of the two groups of cities.
GROUPS = ("country of a third", "country of two thirds")


@dataclass(frozen=True)
class Found:
    """Of so many ``worlds`` and ``settled`` fits, the share of 90% intervals that hold the truth, by what is compared."""

    worlds: int
    settled: int
    covered: dict[str, float]

    def __str__(self) -> str:
        """Return a line for each comparison."""
        lines = [
            f"{self.settled} of {self.worlds} worlds settled",
            *(f"{share:.3f}  {name}" for name, share in self.covered.items()),
        ]
        return "\n".join(lines)


def run(worlds: int, cities: int = CITIES, first: int = 1_000, progress: Callable[[str], None] = lambda _: None) -> Found:
    """Fit so many worlds, and compare."""
    held: dict[str, list[np.ndarray]] = {}
    settled = 0
    for seed in range(first, first + worlds):
        layout, truth = measurement.world(cities, seed)
        try:
            drawn = measurement.fitted(layout, DRAWS).draws("latent").astype(float)
        except InputError:
            progress(f"world {seed} does not settle")
            continue
        settled += 1
        for name, inside in _inside(truth, drawn, np.random.default_rng(seed)).items():
            held.setdefault(name, []).append(inside.ravel())
    return Found(worlds, settled, {name: float(np.concatenate(parts).mean()) for name, parts in held.items()})


def _inside(truth: Truth, drawn: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return where intervals of one world hold the truth, by what is compared; ``drawn`` is (draw, city, column)."""
    layout, latent, found = truth.model.layout, truth.latent, {}
    deals = layout.columns.of("deals")
    for group, name in enumerate(GROUPS):
        members = np.flatnonzero(layout.group_of == group)
        one, other = rng.permutation(members)[: len(members) // 2 * 2].reshape(2, -1)
        found[f"log ratios between cities, {name}"] = _holds(drawn[:, one] - drawn[:, other], latent[one] - latent[other])
        for column in deals:
            inside = _holds(ranks(drawn[:, members, column]), ranks(latent[None, members, column])[0], rng)
            found[f"ranks, {name}"] = np.append(found.get(f"ranks, {name}", np.empty(0)), inside)
        pairs = zip(layout.columns.flows, map(layout.columns.of, layout.columns.flows), strict=True)
        for _, columns in pairs:
            grown = drawn[:, members][..., columns[-1]] - drawn[:, members][..., columns[0]]
            inside = _holds(grown, latent[members, columns[-1]] - latent[members, columns[0]])
            found[f"growth, {name}"] = np.append(found.get(f"growth, {name}", np.empty(0)), inside)
    centre = [np.stack([part[..., layout.group_of == group, :].mean(-2) for group in (0, 1)], -1) for part in (drawn, latent)]
    bridged = centre[0][..., 1] - centre[0][..., 0], centre[1][..., 1] - centre[1][..., 0]
    found["log ratios between the two countries"] = _holds(*bridged)
    return found


def _holds(drawn: np.ndarray, truth: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
    """Return where the 90% interval of draws holds the truth.

    Many draws have the true rank, a whole number: ``rng`` says how many of these count as below it, or intervals hold too much.
    """
    below = (drawn < truth).mean(0)
    if rng is not None:
        below = below + rng.random(truth.shape) * (drawn == truth).mean(0)
    return np.asarray((below >= 0.05) & (below <= 0.95))
