"""Impute amounts that are known as intervals only, or not at all, and combine what is computed from the imputations.

    ln amount ~ Normal(X β, σ²),  observed between its bounds

Undisclosed amounts are taken to be like disclosed ones of the same kind of round, year and place; whether they are smaller or
larger, no source can tell.
"""

import numpy as np
import polars as pl
import scipy

from pipelines.index.draws import LEVEL

#: Imputations.
M = 20

#: Sweeps before the first imputation, and between one and the next.
_BURN_IN, _BETWEEN = 100, 10

#: Prior standard deviation of an effect, as a logarithm: a factor of a hundred is not surprising.
_EFFECT = 5.0

#: Amounts of alike deals vary by this at least (log): where all that are known are the same, nothing would else hold the effects.
_LEAST_SPREAD = 0.01

#: Categories with fewer deals are taken together.
_RARE = 10


def design(deals: pl.DataFrame, covariates: list[str]) -> np.ndarray:
    """Return the intercept and indicators of each covariate's categories (deal, effect); rare ones, and nulls, are the base."""
    columns = [np.ones(deals.height)]
    for name in covariates:
        sizes = deals[name].drop_nulls().value_counts(name="deals").filter(pl.col("deals") >= _RARE).sort(name)
        columns += [(deals[name] == value).fill_null(False).to_numpy().astype(float) for value in sizes[name]]
    return np.column_stack(columns)


def impute(low: np.ndarray, high: np.ndarray, effects: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``M`` proper imputations (draw, deal) of amounts between ``low`` and ``high`` (deal,).

    NaN in ``low`` is undisclosed, in ``high`` open; equal ends are a point and come back as they are. Data augmentation
    (Tanner & Wong 1987, JASA 82, 528–540): amounts given parameters, parameters given amounts, in turn. At least one
    amount must be bounded on both sides.
    """
    bottom = np.log(np.where(low > 0, low, np.nan))
    bottom, top = np.where(np.isnan(bottom), -np.inf, bottom), np.where(np.isnan(high), np.inf, np.log(high))
    known = bottom == top
    bounded = np.isfinite(bottom) & np.isfinite(top)
    logs = np.where(bounded, (np.maximum(bottom, -1e9) + np.minimum(top, 1e9)) / 2, np.nan)
    logs = np.where(bounded, logs, np.clip(np.nanmean(logs), bottom, top))
    hidden = np.flatnonzero(~known)
    gram = effects.T @ effects
    prior = np.diag(np.r_[0.0, np.full(effects.shape[1] - 1, _EFFECT**-2)])
    spread, draws = max(float(logs.std()), 0.1), []
    for sweep in range(_BURN_IN + M * _BETWEEN):
        precision = gram / spread**2 + prior
        root = np.linalg.cholesky(precision)
        centre = np.linalg.solve(precision, effects.T @ logs / spread**2)
        beta = centre + np.linalg.solve(root.T, rng.normal(size=len(centre)))
        mean = effects @ beta
        spread = max(float(np.sqrt(((logs - mean) ** 2).sum() / rng.chisquare(len(logs) - 1))), _LEAST_SPREAD)
        logs[hidden] = mean[hidden] + spread * _truncated(
            (bottom[hidden] - mean[hidden]) / spread, (top[hidden] - mean[hidden]) / spread, rng
        )
        if sweep >= _BURN_IN and (sweep - _BURN_IN) % _BETWEEN == _BETWEEN - 1:
            draws.append(np.where(known, high, np.exp(logs)))
    return np.array(draws)


def _truncated(low: np.ndarray, high: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw standard normals between bounds, by the inverse of the distribution's logarithm, which is exact far in the tail."""
    # On the left of zero, where that logarithm is exact.
    flip = low > 0
    left, right = np.where(flip, -high, low), np.where(flip, -low, high)
    uniform = rng.uniform(size=len(low))
    with np.errstate(divide="ignore"):
        where = np.logaddexp(np.log1p(-uniform) + scipy.special.log_ndtr(left), np.log(uniform) + scipy.special.log_ndtr(right))
    drawn = np.clip(scipy.special.ndtri_exp(where), left, right)
    return np.where(flip, -drawn, drawn)


def rubin(estimates: np.ndarray, variances: np.ndarray) -> tuple[float, float, float]:
    """Return one estimate and its interval from one per imputation (Rubin 1987, Multiple Imputation for Nonresponse, ch. 3).

    ``variances`` are those that would remain if every amount were known. Without any spread between imputations the
    interval is that of a normal.
    """
    count = len(estimates)
    within, between = float(variances.mean()), (1 + 1 / count) * float(estimates.var(ddof=1))
    freedom = (count - 1) * (1 + within / between) ** 2 if between > 0 else np.inf
    reach = float(scipy.stats.t.ppf(0.5 + LEVEL / 2, freedom)) * float(np.sqrt(within + between))
    middle = float(estimates.mean())
    return middle, middle - reach, middle + reach


def share(amounts: np.ndarray, part: np.ndarray, company: np.ndarray | None = None) -> tuple[float, float, float]:
    """Return the share of ``amounts`` (draw, deal) that ``part`` (deal,; from 0 to 1) takes, combined on the logit scale.

    Without ``company`` it is the share of these very deals; with it, that of deals like them: companies (deal,) are sampled
    with all their deals, their variance by linearisation (Woodruff 1971, JASA 66, 411–414).
    """
    sums = amounts.sum(1)
    shares = (amounts * part).sum(1) / sums
    if shares.min() <= 0 or shares.max() >= 1:
        return float(shares.mean()), float(shares.min()), float(shares.max())
    variances = np.zeros(len(shares))
    if company is not None:
        _, of = np.unique(company, return_inverse=True)
        for draw, drawn_share in enumerate(shares):
            scores = np.bincount(of, amounts[draw] * (part - drawn_share)) / sums[draw]
            variances[draw] = len(scores) / max(len(scores) - 1, 1) * (scores**2).sum()
    slope = shares * (1 - shares)
    middle, low, high = (float(1 / (1 + np.exp(-logit))) for logit in rubin(np.log(shares / (1 - shares)), variances / slope**2))
    return middle, low, high
