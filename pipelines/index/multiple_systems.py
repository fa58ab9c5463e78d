"""Estimate how many no list holds, from how incomplete lists overlap: multiple-systems estimation.

The number in each combination of lists is Poisson, and the logarithm of its mean is a sum of terms for the lists and for pairs
of lists that depend on each other: Fienberg (1972), Biometrika 59, 591–603. Pairs are chosen step by step by Akaike's criterion,
as in Bales, Hesketh & Silverman (2015), Significance 12(3), 16–21. Where a pair of the model shares nothing, its term is minus
infinity, so that its combinations are left out; and what a model has no finite estimate for is not estimated: Chan, Silverman &
Vincent (2021), Journal of the American Statistical Association 116, 1297–1306.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Self

import numpy as np
import scipy

from pipelines.index.draws import LEVEL

#: Two lists cannot tell whether they depend on each other; of more than this, the combinations are too many.
FEWEST_LISTS, MOST_LISTS = 3, 8

#: Fewest companies on two lists or more, below which the criterion and the interval mean little.
LEAST_SHARED = 5

#: Difference of the criterion within which models fit alike: Burnham & Anderson (2002), Model Selection, p. 70.
ALIKE = 2.0

#: Times the listed number beyond which the upper end of an interval is taken as open.
_OPEN = 1e4

Pair = tuple[int, int]


@dataclass(frozen=True)
class Overlaps:
    """How many are on which lists: ``combinations`` (combination, list) are all but "on none", ``counts`` (combination,)."""

    lists: tuple[str, ...]
    combinations: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, lists: Sequence[str], on: np.ndarray, counts: np.ndarray) -> Self:
        """Return the overlaps of rows ``on`` (row, list) of zeros and ones, each counted ``counts`` (row,) times.

        A list that holds nothing is left out.
        """
        used = np.flatnonzero((on * counts[:, None]).sum(0) > 0)
        cells = np.array(list(product((0, 1), repeat=len(used))), dtype=int).reshape(1 << len(used), len(used))
        place = on[:, used] @ (1 << np.arange(len(used))[::-1])
        total = np.bincount(place, counts, minlength=len(cells)).astype(float)
        return cls(tuple(np.array(lists, dtype=object)[used]), cells[1:], total[1:])

    @property
    def listed(self) -> int:
        """Return how many are on any list."""
        return round(self.counts.sum())

    @property
    def shared(self) -> int:
        """Return how many are on two lists or more."""
        return round(self.counts[self.combinations.sum(1) > 1].sum())

    def on_both(self, pair: Pair) -> np.ndarray:
        """Return which combinations (combination,) contain both lists of a pair."""
        return np.all(self.combinations[:, list(pair)], axis=1)

    def wording(self, model: Sequence[Pair]) -> str:
        """Name the pairs of lists that a model lets depend on each other."""
        return ", ".join(f"{self.lists[first]} × {self.lists[second]}" for first, second in model) or "independent lists"


@dataclass(frozen=True)
class Fit:
    """A model fitted to overlaps: Akaike's criterion, and how many are on no list; infinite without a finite estimate."""

    model: tuple[Pair, ...]
    criterion: float
    unlisted: float


@dataclass(frozen=True)
class Estimate:
    """How many are on no list, with its interval; None, and the reason, where the lists cannot tell.

    ``path`` are the models of each step, in order; ``chosen`` is the best of them. An upper end is infinite where a model that
    fits alike has no finite estimate.
    """

    unlisted: float | None
    low: float | None
    high: float | None
    chosen: Fit | None
    path: tuple[Fit, ...]
    reason: str | None


@dataclass(frozen=True)
class _Design:
    """The terms of a model (row, term) in the combinations that it allows, with their counts; the first term is common."""

    terms: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, overlaps: Overlaps, model: Sequence[Pair]) -> Self:
        apart = [pair for pair in model if not overlaps.counts[overlaps.on_both(pair)].any()]
        allowed = ~np.any([overlaps.on_both(pair) for pair in apart], axis=0) if apart else np.ones(len(overlaps.counts), bool)
        pairs = [overlaps.on_both(pair) for pair in model if pair not in apart]
        columns = np.column_stack([np.ones(len(overlaps.counts)), overlaps.combinations, *pairs])
        return cls(columns[allowed].astype(float), overlaps.counts[allowed])

    def is_finite(self) -> bool:
        """Return whether a finite maximum-likelihood estimate exists.

        It does if the terms differ, and if positive means in all combinations can have the totals of the counts: Fienberg &
        Rinaldo (2012), Annals of Statistics 40, 996–1023. The linear programme seeks the largest of the smallest such means.
        """
        if np.linalg.matrix_rank(self.terms) < self.terms.shape[1]:
            return False
        totals = np.column_stack([self.terms.T, self.terms.sum(0)])
        goal = np.append(np.zeros(len(self.counts)), -1.0)
        solution = scipy.optimize.linprog(
            goal, A_eq=totals, b_eq=self.terms.T @ self.counts, bounds=[*[(0, None)] * len(self.counts), (0, 1)]
        )
        return bool(solution.status == 0 and -solution.fun > 1e-5)

    def with_unlisted(self, unlisted: float) -> Self:
        """Return the design with the combination "on none" as if its number were known."""
        none = np.eye(1, self.terms.shape[1])
        return type(self)(np.vstack([none, self.terms]), np.append(unlisted, self.counts))

    def solve(self) -> tuple[np.ndarray, float]:
        """Return coefficients (term,) of the largest likelihood, and its logarithm up to what the counts alone decide.

        Newton's method with steps halved until the likelihood rises. Without a finite estimate the likelihood still comes close
        to its limit.
        """
        chosen = np.linalg.lstsq(self.terms, np.log(self.counts + 0.5), rcond=None)[0]
        likelihood = self._likelihood(chosen)
        for _ in range(100):
            mean = np.exp(self.terms @ chosen)
            slope = self.terms.T @ (self.counts - mean)
            if np.abs(slope).max() < 1e-8 * (1 + self.counts.sum()):
                break
            step = np.linalg.lstsq(self.terms.T @ (self.terms * mean[:, None]), slope, rcond=None)[0]
            while (reached := self._likelihood(chosen + step)) < likelihood and np.abs(step).max() > 1e-12:
                step /= 2
            chosen, likelihood = chosen + step, reached
        return chosen, likelihood

    def _likelihood(self, coefficients: np.ndarray) -> float:
        logarithm = self.terms @ coefficients
        return float(
            (self.counts * logarithm - np.exp(np.minimum(logarithm, 500.0))).sum()
            - scipy.special.xlogy(self.counts, self.counts).sum()
            + self.counts.sum()
        )


def fit(overlaps: Overlaps, model: Sequence[Pair]) -> Fit:
    """Fit the model in which the pairs of ``model`` depend on each other."""
    design = _Design.of(overlaps, model)
    coefficients, likelihood = design.solve()
    terms = 1 + len(overlaps.lists) + len(model)
    unlisted = float(np.exp(coefficients[0])) if design.is_finite() else np.inf
    # Models that fit equally must not be told apart by the last digits of a sum.
    return Fit(tuple(sorted(model)), round(2 * terms - 2 * likelihood, 6), unlisted)


def search(overlaps: Overlaps) -> tuple[tuple[Fit, ...], list[Fit]]:
    """Add the pair that lowers the criterion most, as long as one does; return the steps, and every model seen on the way.

    A model without a finite estimate is seen, but not built upon.
    """
    pairs = list(combinations(range(len(overlaps.lists)), 2))
    path = [fit(overlaps, ())]
    seen = list(path)
    while True:
        wider = [fit(overlaps, (*path[-1].model, pair)) for pair in pairs if pair not in path[-1].model]
        seen += wider
        best = min((step for step in wider if np.isfinite(step.unlisted)), key=lambda step: step.criterion, default=None)
        if best is None or best.criterion >= path[-1].criterion:
            return tuple(path), seen
        path.append(best)


def profile(overlaps: Overlaps, fitted: Fit) -> tuple[float, float]:
    """Return the interval of the number on no list by profile likelihood: Cormack (1992), Biometrics 48, 567–576."""
    design = _Design.of(overlaps, fitted.model)
    highest, reach = design.solve()[1], scipy.special.chdtri(1, 1 - LEVEL)

    def excess(unlisted: float) -> float:
        return 2 * (highest - design.with_unlisted(unlisted).solve()[1]) - reach

    centre, limit = fitted.unlisted, _OPEN * (1 + overlaps.listed)
    low = scipy.optimize.brentq(excess, 0.0, centre, xtol=1e-3) if excess(0.0) > 0 else 0.0
    end = 2 * centre + 1
    while excess(end) < 0:
        if (end := 2 * end) > limit:
            return low, np.inf
    return low, float(scipy.optimize.brentq(excess, centre, end, xtol=1e-3))


def estimate(overlaps: Overlaps) -> Estimate:
    """Estimate how many are on no list; the interval is that of all models seen that fit about as well as the one chosen."""
    if reason := _too_little(overlaps):
        return Estimate(None, None, None, None, (), reason)
    path, seen = search(overlaps)
    chosen = path[-1]
    best = min(seen, key=lambda step: step.criterion)
    if not np.isfinite(best.unlisted):
        reason = f"no finite estimate: the lists overlap too little for {overlaps.wording(best.model)}, which fits best"
        return Estimate(None, None, None, None, path, reason)
    alike = {step.model: step for step in seen if step.criterion <= chosen.criterion + ALIKE}
    ends = [profile(overlaps, step) if np.isfinite(step.unlisted) else (np.inf, np.inf) for step in alike.values()]
    return Estimate(chosen.unlisted, min(low for low, _ in ends), max(high for _, high in ends), chosen, path, None)


def _too_little(overlaps: Overlaps) -> str | None:
    """Return why the lists cannot tell how many they lack; None if they can."""
    if len(overlaps.lists) < FEWEST_LISTS:
        return f"fewer than {FEWEST_LISTS} lists"
    if len(overlaps.lists) > MOST_LISTS:
        return f"more than {MOST_LISTS} lists"
    if overlaps.shared < LEAST_SHARED:
        return f"fewer than {LEAST_SHARED} companies on two lists or more"
    return None
