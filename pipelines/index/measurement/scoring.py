"""Follow the settings by Fisher scoring: each scale moves until what it spreads is on average as large as it says.

The slope of the log marginal likelihood by a setting is that of the expected log density of what it spreads (Fisher's identity);
the information is that of what is known of it.
"""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.index.measurement.model import Model
from pipelines.index.measurement.moments import Moments
from pipelines.index.measurement.priors import SPREAD_SD, Settings, Wishart, level_prior, step_prior

#: The furthest that a setting moves in one step (log), what counts as a standard deviation of a covariance (log), how much longer
#: a step becomes that goes on, and how long at most.
FARTHEST, LEAST_LOG, GOES_ON, LONGEST = 0.5, 0.3, 1.6, 8.0

#: From which step on steps become shorter, and by how much each.
CALM, CALMER = 20, 0.92


@dataclass(frozen=True)
class Pace:
    """The last step of the settings, as logs, and how much of a scored step each takes.

    A setting that turns back takes half as much of its next step, one that goes on more (Riedmiller & Braun 1993): scoring takes
    each apart from the others, so that some overshoot and others creep.
    """

    rise: Settings
    length: Settings

    @classmethod
    def begin(cls, settings: Settings) -> "Pace":
        """Return the pace before the first step."""
        still = Settings(*(np.zeros_like(part) for part in vars(settings).values()))
        ones = {"covariance": np.ones(1), "step_covariance": np.ones(1)}
        return cls(still, replace(Settings(*(np.ones_like(part) for part in vars(settings).values())), **ones))

    def after(self, rise: Settings, step: int) -> "Pace":
        """Return the pace after a scored step, ``rise``, the number ``step``: late ones are shorter, so that all come to rest."""
        most = LONGEST * CALMER ** max(0, step - CALM)
        steps, lengths = {}, {}
        for name, scored in vars(rise).items():
            last, length = getattr(self.rise, name), getattr(self.length, name)
            along = np.atleast_1d(scored * last if len(length) == len(scored) else (scored * last).sum())
            # Of an elasticity a scored step is a whole one.
            longest = min(1.0, most) if name == "elasticity" else most
            lengths[name] = np.clip(
                length * np.where(along < 0, 0.5, np.where(along > 0, GOES_ON, 1.0)), min(0.05, longest), longest
            )
            steps[name] = _held(lengths[name] * scored, is_matrix=name.endswith("covariance"))
        return Pace(Settings(**steps), Settings(**lengths))

    def moved(self, settings: Settings) -> Settings:
        """Return the settings one step further."""
        rise = self.rise
        return Settings(
            _turned(settings.covariance, rise.covariance),
            _turned(settings.step_covariance, rise.step_covariance),
            settings.spread * np.exp(rise.spread),
            settings.log_scale + rise.log_scale,
            settings.elasticity + rise.elasticity,
        )


def _held(step: np.ndarray, *, is_matrix: bool) -> np.ndarray:
    """Return a step that goes no further than ``FARTHEST``, that of a covariance (size, size) in no direction."""
    if is_matrix:
        return step * min(1.0, FARTHEST / max(np.abs(np.linalg.eigvalsh(step)).max(), 1e-12))
    return np.clip(step, -FARTHEST, FARTHEST)


def _turned(covariance: np.ndarray, rise: np.ndarray) -> np.ndarray:
    """Return a covariance after a step that is ``rise`` (size, size) in units where it is the identity, as a logarithm."""
    root = np.linalg.cholesky(covariance)
    values, vectors = np.linalg.eigh(rise)
    return root @ (vectors * np.exp(values)) @ vectors.T @ root.T


def change_of(rise: Settings, scale_sd: np.ndarray, elasticity_sd: np.ndarray) -> float:
    """Return how far settings moved: the most of standard deviations, of covariances and spreads of the logs in ``LEAST_LOG``."""
    parts = [rise.log_scale / scale_sd, rise.elasticity / elasticity_sd]
    parts += [np.diag(rise.covariance) / LEAST_LOG, np.diag(rise.step_covariance) / LEAST_LOG, rise.spread.ravel() / LEAST_LOG]
    return float(np.abs(np.concatenate(parts)).max())


def scored(model: Model, settings: Settings, mean: np.ndarray, moments: Moments) -> tuple[Settings, np.ndarray]:
    """Return one step of Fisher scoring of the settings, as logs, and the standard deviation of the log of each scale."""
    scale_of, own = model.scale_of[model.scale_of >= 0], model.scale_of >= 0
    variance, size = moments.variance[own], len(settings.log_scale)
    slope = np.bincount(scale_of, mean[own] ** 2 + variance - 1, size)
    slope -= (settings.log_scale - model.scale_mean) / model.scale_sd**2
    told = np.bincount(scale_of, 2 * np.clip(1 - variance, 0, 1) ** 2, size) + model.scale_sd**-2.0
    columns, group_of = model.layout.columns, model.layout.group_of
    quantities, flows = len(columns.quantities), len(columns.flows)
    back = np.linalg.inv(columns.walk())
    centre, left = mean[model.apart] @ back.T, back @ moments.apart @ back.T
    unit = np.sqrt(columns.step_length)
    step = [slice(quantities + place * flows, quantities + (place + 1) * flows) for place in range(columns.steps)]
    rows = (
        ("covariance", centre[:, :quantities], left[:, :quantities, :quantities], group_of, level_prior(quantities)),
        (
            "step_covariance",
            np.concatenate([centre[:, part] / length for part, length in zip(step, unit, strict=True)]),
            np.concatenate([left[:, part, part] / length**2 for part, length in zip(step, unit, strict=True)]),
            np.tile(group_of, columns.steps),
            step_prior(flows),
        ),
    )
    changed, spread = {}, np.zeros_like(settings.spread)
    for end, (name, middle, around, groups, prior) in enumerate(rows):
        apart = settings.spread[groups, end, None]
        square = (middle / apart)[:, :, None] * (middle / apart)[:, None]
        around = around / apart[..., None] ** 2
        changed[name], rise = _scored_covariance(getattr(settings, name), square + around, around, prior, groups)
        spread[:, end] = np.where(model.layout.is_spread_free, _risen(rise, settings.spread[:, end]), 0.0)
    return replace(settings, spread=spread, log_scale=slope / told, **changed), told**-0.5


def _risen(rise: tuple[np.ndarray, np.ndarray], spread: np.ndarray) -> np.ndarray:
    slope, told = rise
    return (slope - np.log(spread) / SPREAD_SD**2) / (told + SPREAD_SD**-2)


def _scored_covariance(
    covariance: np.ndarray, square: np.ndarray, left: np.ndarray, prior: Wishart, groups: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return a step of scoring of a covariance, as ``_turned`` takes it, and slope and information of the log of each group's
    spread.

    ``square`` (row, size, size) are expected squares of what it spreads, ``left`` of this what is not known.
    """
    size, rows = len(covariance), len(square)
    root = np.linalg.cholesky(covariance)
    inverse = np.linalg.inv(root)
    # In units where the covariance is the identity.
    square, left = (inverse @ part @ inverse.T for part in (square, left))
    scale = inverse @ prior.scale @ inverse.T
    worth = prior.worth + size + 1
    known = np.eye(size) - left
    told = np.einsum("nij,nkl->ikjl", known, known, optimize=True).reshape(size**2, size**2)
    told += worth * np.eye(size**2)
    slope = square.sum(0) - rows * np.eye(size) + scale - worth * np.eye(size)
    step = np.linalg.solve(told, slope.ravel()).reshape(size, size)
    rise = np.bincount(groups, np.trace(square, axis1=1, axis2=2) - size), np.bincount(groups, 2 * (known**2).sum((1, 2)))
    return (step + step.T) / 2, rise
