"""From indicator values to scores: transform, normalise, aggregate. Axes (draw, year, city, indicator)."""

import numpy as np

NORMALISERS = ("goalposts", "goalposts_uncapped", "min_max", "percentile_rank", "fraction_of_max")
AGGREGATORS = ("geometric", "arithmetic", "harmonic")

#: Scores run from 0 to 100. Means that multiply or divide see no score below this, so that one empty pillar
#: pulls a city far down without erasing what the others say.
LEAST = 1.0


def transform(values: np.ndarray, is_log: np.ndarray) -> np.ndarray:
    """log1p on the indicators marked in ``is_log`` (indicator,), the rest unchanged."""
    return np.where(is_log, np.log1p(np.where(is_log, values, 0.0)), values)


def normalise(
    values: np.ndarray, how: str, direction: np.ndarray, floor: np.ndarray, ceiling: np.ndarray, ranked: np.ndarray
) -> np.ndarray:
    """Bring transformed ``values`` to 0–100; NaN stays NaN.

    Args:
        how: one of ``NORMALISERS``; goalposts as in the Human Development Index (UNDP 2010), the others over
            the cities marked in ``ranked`` (OECD & JRC 2008, Handbook on Constructing Composite Indicators, ch. 5).
        direction: 1 or −1 per indicator.
        floor, ceiling: goalposts per indicator, on the transformed scale.
    """
    values = values * direction
    low, high = np.where(direction > 0, floor, -ceiling), np.where(direction > 0, ceiling, -floor)
    others = np.where(ranked[..., None], values, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        match how:
            case "goalposts":
                return 100 * np.clip((values - low) / (high - low), 0, 1)
            case "goalposts_uncapped":
                return 100 * np.maximum((values - low) / (high - low), 0)
            case "min_max":
                least, most = _nan_range(others)
                return 100 * np.where(most > least, (values - least) / (most - least), np.where(np.isnan(values), np.nan, 1.0))
            case "fraction_of_max":
                _, most = _nan_range(others)
                return 100 * np.maximum(np.where(most > 0, values / most, np.where(np.isnan(values), np.nan, 0.0)), 0)
            case "percentile_rank":
                return 100 * _percentile_rank(values, others)
    raise ValueError(f"unknown normaliser {how!r}")


def _nan_range(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    least = np.where(np.isnan(values), np.inf, values).min(-2, keepdims=True)
    most = np.where(np.isnan(values), -np.inf, values).max(-2, keepdims=True)
    return least, most


def _percentile_rank(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Share of the other cities below, ties counted half (Hazen); NaN where the value is."""
    below = np.zeros_like(values)
    for city in range(values.shape[-2]):
        other = others[..., city : city + 1, :]
        below += (other < values) + 0.5 * (other == values)
    count = (~np.isnan(others)).sum(-2, keepdims=True)
    return np.where(np.isnan(values), np.nan, below / np.maximum(count, 1))


def mean(values: np.ndarray, weights: np.ndarray, how: str) -> np.ndarray:
    """Weighted mean over the last axis, NaN left out with its weight; NaN if nothing is left.

    ``weights`` broadcasts against ``values``; ``how`` is one of ``AGGREGATORS``.
    """
    weights = np.where(np.isnan(values), 0.0, weights)
    total = weights.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = weights / np.where(total > 0, total, np.nan)[..., None]
    present = np.where(np.isnan(values), LEAST, values)
    match how:
        case "arithmetic":
            return (weights * present).sum(-1)
        case "geometric":
            return np.exp((weights * np.log(np.maximum(present, LEAST))).sum(-1))
        case "harmonic":
            return 1 / (weights / np.maximum(present, LEAST)).sum(-1)
    raise ValueError(f"unknown aggregator {how!r}")


def pillars(normalised: np.ndarray, weights: np.ndarray, pillar_of: np.ndarray, n_pillars: int) -> np.ndarray:
    """Arithmetic means within pillars: (draw, year, city, indicator) → (draw, year, city, pillar).

    ``weights`` has the shape (draw or 1, indicator); ``pillar_of`` gives each indicator's pillar number.
    """
    weights = weights[:, None, None, :]
    parts = [mean(normalised[..., pillar_of == one], weights[..., pillar_of == one], "arithmetic") for one in range(n_pillars)]
    return np.stack(parts, axis=-1)


def ranks(scores: np.ndarray) -> np.ndarray:
    """Rank over the last axis (city), 1 the highest, ties sharing the better rank; NaN for NaN."""
    above = (scores[..., None, :] > scores[..., :, None]).sum(-1)
    return np.where(np.isnan(scores), np.nan, above + 1)
