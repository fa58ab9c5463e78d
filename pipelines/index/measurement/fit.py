"""Fit the measurement model: a normal approximation of its unknowns, and the settings that the lists ask for. No chains.

Given the settings, expected Newton steps find the normal distribution nearest to the posterior (Opper & Archambeau 2009, Neural
Computation 21, 786–792; van Niekerk & Rue 2021): slope and curvature are not those at the mode but averages over it, or small
counts would leave a bias. The settings follow by Fisher scoring of the marginal likelihood: each scale moves until what it
spreads is on average as large as it says. Both go on until neither moves. The same lists give the same numbers from any start.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.stats import norm

from pipelines.errors import InputError, Problem
from pipelines.index.measurement.curvature import Curvature
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.model import Model
from pipelines.index.measurement.moments import Moments
from pipelines.index.measurement.priors import Settings, level_prior, step_prior
from pipelines.index.measurement.scoring import Pace, change_of, scored

#: Steps at most, and from which change on (in standard deviations) there is no more.
MOST_STEPS, LEAST_CHANGE = 100, 0.1

#: The furthest that a log moves in one step. From steps in which no unknown moves further than ``NEAR`` standard deviations
#: averages take the place of the mode, and after ``FIRST`` steps settings move too.
FARTHEST, NEAR, FIRST = 2.0, 1.0, 4


@dataclass(frozen=True)
class Fit:
    """The normal approximation at its ``mean`` (unknown,), with the ``settings``, and what it was made from.

    ``rows`` and ``weight`` as in ``Curvature.of``; ``spread`` (setting,) the standard deviation of the log of each scale.
    """

    model: Model
    settings: Settings
    mean: np.ndarray
    curvature: Curvature
    rows: sparse.csr_matrix
    slope: np.ndarray
    weight: np.ndarray
    share: np.ndarray
    scale_sd: np.ndarray
    elasticity_covariance: np.ndarray
    told: "Told"
    steps: int

    def apart(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Return draws around the mean, (unknown, draw), in single precision."""
        half, single = (count + 1) // 2, np.float32
        normal = [rng.standard_normal((size, half), dtype=single) for size in (len(self.weight), self.model.unknowns)]
        drawn = _perturbed(self.model, self.settings, replace(self, curvature=self.curvature.as_single()), *normal)
        # Each with its mirror image, so that medians are those of the normal.
        return np.hstack([drawn, -drawn])[:, :count]


def _perturbed(model: Model, settings: Settings, found: Fit, of_rows: np.ndarray, of_prior: np.ndarray) -> np.ndarray:
    """Return draws (unknown, draw) from the normal with the curvature of what was ``found``, made of standard normal numbers.

    They solve randomly perturbed normal equations (Papandreou & Yuille 2010, NIPS 23, 1858–1866).
    """
    kind, shared = of_rows.dtype, model.shared
    push = of_prior.copy()
    push[:shared] = np.linalg.cholesky(model.shared_precision).astype(kind) @ of_prior[:shared]
    roots = np.linalg.cholesky(model.city_precision(settings)).astype(kind)
    for group in range(model.layout.groups):
        places = model.apart[model.layout.group_of == group]
        push[places] = roots[group] @ of_prior[places]
    weighted = (sparse.diags(np.sqrt(found.weight)) @ found.rows).astype(kind)
    return found.curvature.solve(push + weighted.T @ of_rows)


def start(model: Model, rng: np.random.Generator | None = None) -> Settings:
    """Return the settings that are expected before any list is read, or with ``rng`` others around them."""
    columns, groups = model.layout.columns, model.layout.groups
    drawn = rng.standard_normal if rng else np.zeros
    level, step = level_prior(len(columns.quantities)), step_prior(len(columns.flows))
    return Settings(
        level.mode * np.exp(0.5 * drawn(1)),
        step.mode * np.exp(0.5 * drawn(1)),
        np.where(model.layout.is_spread_free[:, None], np.exp(0.3 * drawn((groups, 2))), 1.0),
        model.scale_mean + 0.5 * model.scale_sd * drawn(len(model.scale_mean)),
        model.elasticity_mean + 0.5 * model.elasticity_sd * drawn(len(model.elasticity_mean)),
    )


def fit(layout: Layout, progress: Callable[[str], None] = lambda _: None, begin: Settings | None = None) -> Fit:
    """Return the fit of all lists; raise InputError if it does not settle."""
    model = Model(layout)
    settings = begin or start(model)
    mean, told = model.prior_mean.copy(), Told.nothing(model)
    pace, length, last = Pace.begin(settings), np.ones(len(layout.cities)), np.zeros(model.unknowns)
    for step in range(MOST_STEPS):
        found = _newton(model, settings, mean, told, is_first=step == 0)
        sd, wanted = found.curvature.deviations, found.mean - mean
        if step > 0:
            length = _lengths(model, length, wanted, last, sd)
            wanted = _shortened(model, wanted, length)
        moved, last = np.abs(wanted[model.apart]) / sd[model.apart], wanted
        mean = mean + wanted
        if step == 0 or moved.max() > NEAR:
            continue
        moments = Moments.of(found.curvature, found.rows, model.far)
        told = Told.of(found, moments)
        if step < FIRST:
            continue
        before = settings
        rise, scale_sd = scored(model, settings, mean, moments)
        steeper, reply, elasticity_sd = _steeper(model, settings, found, told, mean)
        scored_step = replace(rise, elasticity=steeper)
        pace = pace.after(scored_step, step)
        settings = pace.moved(settings)
        follow = -reply @ (settings.elasticity - before.elasticity)
        change = max(change_of(each, scale_sd, np.sqrt(np.diag(elasticity_sd))) for each in (pace.rise, scored_step))
        if moved.max() < LEAST_CHANGE and change < LEAST_CHANGE:
            progress(f"settled in {step + 1} steps")
            known = {"scale_sd": scale_sd, "elasticity_covariance": elasticity_sd}
            return replace(found, settings=before, mean=mean, steps=step + 1, **known)
        mean = _rescaled(model, mean + follow, settings.log_scale - before.log_scale)
        if step % 5 == 4:
            progress(f"step {step + 1}: unknowns move by {moved.max():.2f} standard deviations, settings by {change:.2f}")
    raise _unsettled(layout.cities[int(moved.max(1).argmax())])


def _unsettled(worst: str) -> InputError:
    said = f"the measurement did not settle in {MOST_STEPS} steps; lists disagree most about {worst}"
    remedy = "Leave out the list that was added last (SOURCES), or correct its counts"
    return InputError("index", [Problem("marts.list_counts", said, remedy)])


@dataclass(frozen=True)
class Told:
    """What is uncertain of log intensities: their ``variance`` (cell,), that of observations (obs,), and ``bent`` (obs,), by how
    much the slope by an elasticity is less on average than at the mean, since what is uncertain of a city flattens lists."""

    variance: np.ndarray
    of_sums: np.ndarray
    bent: np.ndarray

    @classmethod
    def nothing(cls, model: Model) -> "Told":
        """Return what is taken at first: the mode."""
        return cls(np.zeros(len(model.city)), np.zeros(len(model.counts)), np.zeros(len(model.counts)))

    @classmethod
    def of(cls, found: "Fit", moments: Moments) -> "Told":
        """Take it from the ``moments`` of what was ``found``."""
        model = found.model
        steep = model.elasticities(found.settings.elasticity)[model.list_of]
        variance = steep**2 * moments.apart[model.city, model.column, model.column]
        return cls(variance, moments.of_rows, found.weight * moments.bent)


def at_other_settings(fit: Fit, points: int, rng: np.random.Generator) -> list[Fit]:
    """Return fits where scales are others, as likely as they are uncertain: a Latin hypercube of ``points`` (McKay et al. 1979).

    What a scale spreads stays where it is at first, and takes one step from there.
    """
    levels = norm.ppf((np.arange(points) + 0.5) / points)
    levels /= levels.std()
    drawn = np.stack([rng.permutation(levels) for _ in fit.scale_sd], axis=1) * fit.scale_sd
    found = []
    for apart in drawn:
        settings = replace(fit.settings, log_scale=fit.settings.log_scale + apart)
        other = _newton(fit.model, settings, _rescaled(fit.model, fit.mean, apart), fit.told)
        found.append(replace(other, elasticity_covariance=fit.elasticity_covariance))
    return found


def _rescaled(model: Model, mean: np.ndarray, rise: np.ndarray) -> np.ndarray:
    """Return the unknowns where scales rise (log): what each spreads stays, and only how much is expected of it changes."""
    mean, scaled = mean.copy(), model.scale_of >= 0
    mean[scaled] *= np.exp(-rise)[model.scale_of[scaled]]
    return mean


def without(fit: Fit, left_out: np.ndarray) -> np.ndarray:
    """Return how the unknowns move, (unknown,), where observations are ``left_out`` (obs,): one step, less that with all of
    them."""
    with_all, less = (_newton(fit.model, fit.settings, fit.mean, fit.told, worth=worth) for worth in (None, ~left_out))
    return less.mean - with_all.mean


def _newton(
    model: Model, settings: Settings, mean: np.ndarray, told: Told, *, is_first: bool = False, worth: np.ndarray | None = None
) -> Fit:
    """Return one expected Newton step from ``mean``; the first one regresses the logs of counts.

    ``worth`` (obs,) is as how much each observation counts, if not as 1.
    """
    design, share, centre = _centred(model, settings, mean, told)
    rows = sparse.csr_matrix((share, (model.obs_of, np.arange(len(share)))), shape=model.whole.shape) @ design
    if is_first:
        weight = np.clip(model.counts, 0.5, 50.0)
        slope = weight * (np.log(np.maximum(model.counts, 0.3) + 0.3 * model.least) - centre)
    else:
        slope, weight = model.expected(centre, told.of_sums)
    if worth is not None:
        slope, weight = slope * worth, weight * worth
    curvature = Curvature.of(model, model.city_precision(settings), rows, weight)
    step = curvature.solve(rows.T @ slope - _pull(model, settings, mean))
    return Fit(model, settings, mean + step, curvature, rows, slope, weight, share, np.empty(0), np.empty(0), told, 0)


def _centred(model: Model, settings: Settings, mean: np.ndarray, told: Told) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """Return how log intensities follow the unknowns, the share of each cell in its observation, and the observations' logs."""
    design, offset = model.linear(settings)
    share, centre = model.gathered(offset + design @ mean, told.variance)
    return design, share, centre - np.where(model.is_wide, told.of_sums / 2, 0.0)


def _lengths(model: Model, length: np.ndarray, wanted: np.ndarray, last: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Return how much of a step each city takes, (city,): half as much where it turns back, more where it goes on."""
    now, then = (wanted / sd)[model.apart], (last / sd)[model.apart]
    turns = (now * then).sum(1) < -0.5 * (now**2).sum(1)
    length = np.where(turns, length / 2, np.minimum(1.0, 1.5 * length))
    return np.minimum(length, FARTHEST / np.maximum(np.abs(wanted[model.apart]).max(1), 1e-9))


def _shortened(model: Model, step: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Return a step (unknown,) of which each city takes so much of its own."""
    step = step.copy()
    for cities, places in model.blocks:
        step[places] *= np.minimum(length, 1.0)[cities, None]
    return step


def _steeper(
    model: Model, settings: Settings, found: Fit, told: Told, mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a step of the elasticities, how the unknowns fall as they rise (unknown, elasticity), and their covariance.

    The slopes are those at the ``mean``, one step after what was ``found``: before, they still tell what that step has answered.
    """
    far = model.apart_at(mean)
    _, share, centre = _centred(model, settings, mean, told)
    weight = model.expected(centre, told.of_sums)[0][model.obs_of] * share
    slope = model.by_elasticity.T @ (weight * far - told.bent[model.obs_of])
    slope -= (settings.elasticity - model.elasticity_mean) / model.elasticity_sd**2
    reply, known = _of_elasticity(model, found, far)
    covariance = np.linalg.inv(known + np.diag(model.elasticity_sd**-2.0))
    return covariance @ slope, reply, covariance


def followed(fit: Fit) -> np.ndarray:
    """Return how the unknowns fall as an elasticity rises, (unknown, elasticity)."""
    return _of_elasticity(fit.model, fit, fit.model.apart_at(fit.mean))[0]


def _of_elasticity(model: Model, found: Fit, far: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how the unknowns fall as an elasticity rises, (unknown, elasticity), and what is known of elasticities then."""
    steep = (
        sparse.csr_matrix((found.share * far, (model.obs_of, np.arange(len(far)))), shape=model.whole.shape) @ model.by_elasticity
    )
    weighted = steep.multiply(found.weight[:, None]).tocsr()
    toward = (found.rows.T @ weighted).toarray()
    reply = found.curvature.solve(toward)
    return reply, (steep.T @ weighted).toarray() - toward.T @ reply


def _pull(model: Model, settings: Settings, mean: np.ndarray) -> np.ndarray:
    """Return the slope of the prior at ``mean``."""
    apart = mean - model.prior_mean
    pull = apart.copy()
    pull[: model.shared] = model.shared_precision @ apart[: model.shared]
    precision = model.city_precision(settings)[model.layout.group_of]
    pull[model.apart] = np.einsum("cij,cj->ci", precision, apart[model.apart])
    return pull
