"""Sum up draws: intervals, ranks, and how often one city is above another."""

import numpy as np

#: Two-sided level of every interval.
LEVEL = 0.90

#: Quantiles at its low end, in the middle and at its high end.
QUANTILES = ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2)

#: Sets of resampled units.
BOOTSTRAPS = 500


def resample(draws: int, companies: int, rng: np.random.Generator) -> np.ndarray:
    """Return bootstrap weights (draw, company): how often each company is drawn; Efron (1979)."""
    return rng.multinomial(companies, np.full(companies, 1 / companies), size=draws).astype(float)


def wins(scores: np.ndarray) -> np.ndarray:
    """Return the win matrix (city, city) of scores (draw, city): share of draws in which row beats column, ties half."""
    rows = np.ascontiguousarray(scores.T)
    above = np.stack([np.count_nonzero(row > rows, axis=1) for row in rows])
    # Neither is above in the draws that are left.
    return np.asarray(0.5 + (above - above.T) / (2 * len(scores)))


def wins_of(scores: np.ndarray, place: int) -> np.ndarray:
    """Return the share of draws in which the city at ``place`` beats each city, ties half, (city,); its row of ``wins``."""
    own = scores[:, [place]]
    return np.asarray((own > scores).mean(0) + 0.5 * (own == scores).mean(0))


def summary(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the median over the first axis, and both ends of the equal-tailed percentile interval."""
    rising, (low, _, high) = _rising(draws), QUANTILES
    return _middle(rising), _quantile(rising, low), _quantile(rising, high)


def interval(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both ends of the equal-tailed percentile interval over the first axis."""
    _, low, high = summary(draws)
    return low, high


def median(draws: np.ndarray) -> np.ndarray:
    """Return the median over the first axis."""
    return _middle(_rising(draws))


# NumPy's median and quantile give the same numbers and take eight times as long: they do not sort draws that lie side by side.


def _rising(draws: np.ndarray) -> np.ndarray:
    """Return the draws of each unit in rising order on the last axis; NaN comes last."""
    rising = np.array(np.moveaxis(draws, 0, -1), order="C")
    rising.sort(axis=-1)
    return rising


def _middle(rising: np.ndarray) -> np.ndarray:
    count = rising.shape[-1]
    return _known(rising, rising[..., (count - 1) // 2 : count // 2 + 1].mean(-1))


def _quantile(rising: np.ndarray, share: float) -> np.ndarray:
    """Return the quantile at ``share``, on the straight line between the two draws beside it."""
    place = np.float64((rising.shape[-1] - 1) * share)
    before = int(place)
    part = place - before
    low, high = rising[..., before], rising[..., min(before + 1, rising.shape[-1] - 1)]
    # From the nearer end, so that rounding takes neither end beyond the other.
    value = low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)
    return _known(rising, value)


def _known(rising: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return ``value``, NaN where a draw is."""
    return np.where(np.isnan(rising[..., -1]), np.nan, value) if rising.dtype.kind == "f" else np.asarray(value)


def ranks(scores: np.ndarray) -> np.ndarray:
    """Return ranks over the last axis (city): 1 is the highest; cities that an area merges share a rank, and the area has one."""
    order = np.argsort(-scores, axis=-1)
    ordered = np.take_along_axis(scores, order, axis=-1)
    is_lower = np.ones(scores.shape, dtype=bool)
    is_lower[..., 1:] = ordered[..., 1:] < ordered[..., :-1]
    # Half as wide as usual, which sorts twice as fast.
    result = np.empty(scores.shape, dtype=np.int32)
    np.put_along_axis(result, order, np.cumsum(is_lower, axis=-1, dtype=np.int32), axis=-1)
    return result


def first(scores: np.ndarray) -> np.ndarray:
    """Return the share of draws in which each city is the first by ``scores`` (draw, city), (city,); a tie is shared."""
    best = np.fmax.reduce(scores, axis=1, keepdims=True)
    draw, city = np.divmod(np.flatnonzero((scores == best) | np.isnan(best)), scores.shape[1])
    shared = 1 / np.bincount(draw, minlength=len(scores))
    return np.bincount(city, shared[draw], minlength=scores.shape[1]) / len(scores)
