"""Estimate whether a park adds anything where the rest is missing, from companies before and after the year of its approval.

Cities that were given a park early were larger and had more firms than others, so old parks and many companies go together
without any effect. An event study compares each city with itself. Of the companies founded in some years around an approval, the
part founded after it is

    logit(part) = a[g] + b₁ K + b₂ D + b₃ D·K + c · controls

for the cities approved in year g (D = 1) and, over the same years, those without a park until their end (D = 0). Companies of
each city are compared with its own, so whatever stays the same drops out (Poisson with a fixed effect for each city, which is
a binomial given its sum). K are the conditions, 0 at their lower quartile and 1 at their upper one; b₂ is the log of what a park
multiplies where conditions are low, b₃ of how much more where they are high.
"""

from dataclasses import dataclass

import numpy as np
import scipy

from pipelines.index.draws import LEVEL


@dataclass(frozen=True)
class Effect:
    """An estimate on the log scale, with its interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Parks:
    """What a park adds at low conditions, and how much more it adds at high ones."""

    at_low: Effect
    interaction: Effect


@dataclass(frozen=True)
class Events:
    """Cities around the approval of a park, one element for each city and year of approval compared.

    ``before`` and ``after`` are its companies, ``is_approved`` those that got the park, ``controls`` (row, control).
    """

    city: np.ndarray
    approved: np.ndarray
    is_approved: np.ndarray
    before: np.ndarray
    after: np.ndarray
    conditions: np.ndarray
    controls: np.ndarray


def event_study(events: Events) -> Parks | None:
    """Fit the equation above; return None if the cities do not tell the effects apart.

    A city without a park is compared with several approvals, and its companies come in waves: errors are those of cities left out
    one at a time (one-step jackknife, CR3; Cameron & Miller 2015, J. Human Resources 50, 317–372), with Student's t.
    """
    if not len(events.city):
        return None
    starts = [events.approved == year for year in np.unique(events.approved)]
    given = events.is_approved.astype(float)
    centred = events.controls - events.controls.mean(0)
    centred = centred[:, np.ptp(centred, axis=0) > 0]
    design = np.column_stack([*starts, centred, events.conditions, given, given * events.conditions]).astype(float)
    totals = (events.before + events.after).astype(float)
    _, cluster = np.unique(events.city, return_inverse=True)
    freedom = cluster.max() + 1 - design.shape[1]
    if freedom < 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    coefficients = _logit(design, events.after.astype(float), totals)
    if coefficients is None:
        return None
    changes = _changes(design, events.after - totals * _part(design @ coefficients), totals, coefficients, cluster)
    count, squares = len(changes), changes**2
    # A few large cities decide most: Student's t takes as many cities as they are worth.
    worth = np.minimum(squares.sum(0) ** 2 / np.maximum((squares**2).sum(0), 1e-300), freedom)
    reach = scipy.stats.t.ppf(0.5 + LEVEL / 2, np.maximum(worth - 1, 1)) * np.sqrt((count - 1) / count * squares.sum(0))
    at_low, more = (
        Effect(*(float(coefficients[term] + side * reach[term]) for side in (0, -1, 1)))
        for term in (design.shape[1] - 2, design.shape[1] - 1)
    )
    return Parks(at_low, more)


def _part(linear: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(linear, -30, 30))))


def _information(design: np.ndarray, totals: np.ndarray, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the weight of each row and the information of the coefficients."""
    part = _part(design @ coefficients)
    weight = totals * part * (1 - part)
    return weight, design.T @ (weight[:, None] * design) + 1e-9 * np.eye(design.shape[1])


def _logit(design: np.ndarray, after: np.ndarray, totals: np.ndarray) -> np.ndarray | None:
    """Return the coefficients by Newton's method; None if the likelihood has no maximum."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(100):
        _, information = _information(design, totals, coefficients)
        step = np.linalg.solve(information, design.T @ (after - totals * _part(design @ coefficients)))
        coefficients = coefficients + step / max(1.0, np.abs(step).max())
        if np.abs(step).max() < 1e-8:
            return coefficients
    return None


def _changes(
    design: np.ndarray, residual: np.ndarray, totals: np.ndarray, coefficients: np.ndarray, cluster: np.ndarray
) -> np.ndarray:
    """Return what leaving out each cluster changes in each coefficient, (cluster, coefficient)."""
    weight, information = _information(design, totals, coefficients)
    inverse = np.linalg.inv(information)
    changes = []
    for number in range(cluster.max() + 1):
        rows = np.flatnonzero(cluster == number)
        own = design[rows]
        leverage = (weight[rows][:, None] * own) @ inverse @ own.T
        # A city that alone decides a coefficient has a leverage of one: the least norm leaves it where it is.
        changes.append(inverse @ own.T @ np.linalg.lstsq(np.eye(len(rows)) - leverage, residual[rows], rcond=1e-8)[0])
    return np.array(changes)
