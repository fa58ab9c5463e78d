"""Location quotients with the uncertainty that small counts deserve.

    O[c, s] ~ Poisson(a[c] b[s] θ[c, s]),  θ ~ Gamma with mean 1 and standard deviation τ

O are companies, or deals, of a city and a sector. The quotient is that of the rates behind the counts: what is expected
comes from margins that are counts themselves, so treating them as known would make intervals too short. A group of sectors is
one of them: where a city makes much hardware of one kind it makes more of the others, and a θ of each kind by itself would make
the interval of their sum too short.
"""

from dataclasses import dataclass

import numpy as np
import scipy

from pipelines.index import draws

#: Fewer observed companies than this are never called a specialisation.
LEAST_OBSERVED = 5

#: Values of τ that are drawn from, and the shape of their gamma prior, which keeps off zero, where few companies would put it
#: and make intervals too short (Chung, Rabe-Hesketh, Dorie, Gelman & Liu 2013, Psychometrika 78, 685–709).
_SPREADS = np.geomspace(0.05, 3.0, 25)
_PRIOR = 2

#: Sweeps kept and thrown away, and sweeps between two draws of τ, which take most of the time.
_SWEEPS, _BURN_IN, _EVERY = 2000, 200, 5

#: Prior shape of the margins: Jeffreys' for a Poisson rate.
_MARGIN = 0.5


@dataclass(frozen=True)
class Quotients:
    """Counts observed and expected from the margins (city, group), and draws of the location quotient (draw, city, group)."""

    observed: np.ndarray
    expected: np.ndarray
    draws: np.ndarray

    def columns(self) -> dict[str, np.ndarray]:
        """Return what sums them up, (city, group) each."""
        low, high = draws.interval(self.draws)
        above_one = (self.draws > 1).mean(0)
        return {
            "observed": self.observed,
            "expected": self.expected,
            # Each on its own in memory, on which the last digits of a sum depend.
            "quotient": np.moveaxis(self.draws, 0, -1).copy().mean(-1),
            "low": low,
            "high": high,
            "p_above_one": above_one,
            "is_specialised": (above_one >= 0.95) & (self.observed >= LEAST_OBSERVED),
        }


def quotients(counts: np.ndarray, groups: list[list[int]], rng: np.random.Generator) -> Quotients:
    """Return the location quotients of groups of sectors from ``counts`` (city, sector) without empty rows or columns.

    No sector is in two of the groups.

    Gibbs sampling of the model above (Clayton & Kaldor 1987, Biometrics 43, 671–681, with the margins and the prior's spread
    unknown): every conditional is a gamma distribution, that of τ given the margins negative binomial, on a grid.
    """
    counts = np.asarray(counts, dtype=float)
    others = np.delete(counts, [sector for group in groups for sector in group], axis=1)
    counts = np.column_stack([*(counts[:, group].sum(1) for group in groups), others])
    precision = 1 / _SPREADS**2
    k = precision[:, None, None]
    # What of the likelihood does not hang on the margins. The grid is even in log τ, so its density is multiplied by τ.
    fixed = (scipy.special.gammaln(counts + k) - scipy.special.gammaln(k)).sum((1, 2))
    fixed += counts.size * precision * np.log(precision)
    fixed += np.log(_SPREADS) + scipy.stats.gamma(_PRIOR).logpdf(_SPREADS)
    shape = k + counts
    rows, columns = counts.sum(1, keepdims=True), counts.sum(0, keepdims=True)
    row, column = rows / counts.sum(), columns
    drawn = np.empty((_SWEEPS, len(counts), len(groups)))
    for sweep in range(-_BURN_IN, _SWEEPS):
        expected = row * column
        if sweep % _EVERY == 0:
            logs = k + expected
            logs = np.log(logs, out=logs)
            logs *= shape
            likelihood = fixed - logs.sum((1, 2))
            chances = np.exp(likelihood - likelihood.max())
            spread = rng.choice(precision, p=chances / chances.sum())
        theta = rng.standard_gamma(spread + counts) / (spread + expected)
        row = rng.standard_gamma(rows + _MARGIN) / (column * theta).sum(1, keepdims=True)
        column = rng.standard_gamma(columns + _MARGIN) / (row * theta).sum(0, keepdims=True)
        if sweep >= 0:
            rate = row * column * theta
            grouped = rate[:, : len(groups)]
            drawn[sweep] = grouped * rate.sum() / (rate.sum(1, keepdims=True) * grouped.sum(0))
    observed = counts[:, : len(groups)]
    return Quotients(observed, rows * observed.sum(0) / counts.sum(), drawn)
