"""Compare cities with the benchmark like for like: over the indicators that both have, by what each weighs in a score.

The benchmark has no score of an indicator whose goalpost is another city, and a city none of what no list counts in its group of
cities. A mean over more indicators for one of the two would credit it with what is never compared.
"""

from collections.abc import Iterator

import numpy as np

from pipelines.index.choices import Choices
from pipelines.index.compute import Result


def alike(result: Result, measure: str) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield places of cities, and those of the indicators of a score or pillar that each of them shares with the benchmark.

    A pillar is compared as a whole or not at all, since a part would bear its name.
    """
    has, counted = ~result.values.has_none[result.kept], result.effective(measure) > 0
    if measure in result.definitions.pillars and not has[result.benchmark, counted].all():
        return
    shared = has & has[result.benchmark] & counted
    patterns, group = np.unique(shared, axis=0, return_inverse=True)
    for number, both in enumerate(patterns):
        if both.any():
            yield np.flatnonzero(group == number), np.flatnonzero(both)


def gap(result: Result, measure: str, points: np.ndarray, choices: Choices) -> np.ndarray:
    """Return how many points each city is behind the benchmark in a score, (draw, city), from ``points`` (draw, city, indicator).

    NaN where the two share no indicator.
    """
    behind = np.full(points.shape[:2], np.nan)
    weights = choices.effective(result.definitions, measure)
    for cities, both in alike(result, measure):
        behind[:, cities] = mean(points[:, [result.benchmark]] - points[:, cities], weights, both)
    return behind


def mean(points: np.ndarray, weights: np.ndarray, both: np.ndarray) -> np.ndarray:
    """Return the mean of ``points`` (draw, …, indicator) at the indicators ``both``, by ``weights`` (draw, indicator).

    One row of weights may stand for all draws. A single indicator is kept in draws that leave it out, as in a score.
    """
    given = weights[:, both].astype(float) if len(both) > 1 else np.ones((len(weights), 1))
    given /= given.sum(1, keepdims=True)
    given = given.reshape(len(given), *[1] * (points.ndim - 2), len(both))
    return np.asarray((points[..., both] * given).sum(-1))
