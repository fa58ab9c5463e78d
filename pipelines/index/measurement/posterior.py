"""Hold the draws of the measurement model: what every city has, year by year, and how each list looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from pipelines.index.measurement.fit import Fit, at_other_settings, followed
from pipelines.index.measurement.layout import CENTRES, Layout
from pipelines.index.measurement.priors import CHOSEN, OWN, Settings

#: How many independent draws are taken, at how many settings, and their seed.
DRAWS, POINTS, SEED = 1_000, 8, 18_000


@dataclass(frozen=True)
class Posterior:
    """Independent draws by name of the unknown, (draw, …), and the ``settings`` they were drawn at.

    ``latent`` (city, column) is the log of what a city has; ``grown`` (group, column) what its group has gained in common since
    the middle period; ``attention`` (city, source of noise); ``national`` (list, group), how a list knows a country;
    ``elasticity`` (list,); ``noise`` (source,).
    """

    layout: Layout
    values: Mapping[str, np.ndarray]
    settings: Settings
    fit: Fit | None = None

    @classmethod
    def of(cls, fit: Fit, draws: int = DRAWS, seed: int = SEED) -> Self:
        """Draw from a fit, at ``POINTS`` other scales as likely as they are uncertain, and with what is open of elasticities."""
        rng = np.random.default_rng(seed)
        fits = at_other_settings(fit, POINTS, rng)
        share = np.diff(np.linspace(0, draws, len(fits) + 1).astype(int))
        parts = [_drawn(each, int(count), rng) for each, count in zip(fits, share, strict=True)]
        values = {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}
        # In memory one value after the other: the index takes the draws of one at a time.
        return cls(fit.model.layout, {name: np.moveaxis(value, -1, 0) for name, value in values.items()}, fit.settings, fit)

    def at(self, latent: np.ndarray) -> "Posterior":
        """Return one draw in which the cities have ``latent`` (city, column)."""
        return Posterior(self.layout, {"latent": latent[None].astype(np.float32)}, self.settings)

    def draws(self, name: str) -> np.ndarray:
        """Return the draws of an unknown, (draw, …)."""
        return self.values[name]

    @property
    def count(self) -> int:
        """Return how many draws there are."""
        return len(self.values["latent"])

    def log_intensity(self, quantity: str, year: int) -> np.ndarray:
        """Return the log of how much of a flow a city has a year, or how much of a stock, (draw, city).

        Between the middles of two periods the log moves on a straight line; before the first and after the last it stands.
        """
        return self._between(self.draws("latent"), self.layout.columns.of(quantity), year)

    def grown(self, quantity: str, year: int) -> np.ndarray:
        """Return what the cities of each city's group have grown in common in a quantity, (draw, city): the log of what they
        had in a year over what they had in the middle period. A list follows it one for one."""
        return self._between(self.grown_by_column, self.layout.columns.of(quantity), year)[:, self.layout.group_of]

    @property
    def grown_by_column(self) -> np.ndarray:
        """Return the same of the middle of each period, (draw, group, column): 0 of a stock."""
        return self.draws("grown")

    def _between(self, values: np.ndarray, columns: np.ndarray, year: int) -> np.ndarray:
        """Return the values in a year, (draw, place), from those in the middle of each period, (draw, place, column)."""
        if len(columns) == 1:
            return values[:, :, columns[0]]
        weights = np.array([np.interp(year, CENTRES, row) for row in np.eye(len(CENTRES))], dtype=values.dtype)
        # One or two of the periods count, and a product of matrices would read all of them.
        counting = np.flatnonzero(weights)
        return np.asarray(sum(values[:, :, columns[period]] * weights[period] for period in counting))

    def prior_spread(self, quantity: str) -> float:
        """Return how much cities differ in a quantity by the covariance that was learned: a standard deviation of the log."""
        place = self.layout.columns.quantities.index(quantity)
        return float(np.sqrt(self.settings.covariance[place, place]))

    def attention(self, name: str) -> np.ndarray:
        """Return the log of how much of a city a list holds against what it holds of others as large, (draw, city).

        ``name`` is that of the list, with its quantity. What its family has in common is in it.
        """
        layout = self.layout
        place = layout.lists.index(name)
        channel = int(np.flatnonzero(layout.list_of == place)[0])
        seen = self.draws("attention")[:, :, layout.noise[channel] > 0].sum(2)
        return np.asarray(seen + self.draws("national")[:, place][:, layout.group_of])

    def coverage(self, name: str, year: int) -> np.ndarray:
        """Return the log of the share that a list holds of what a city has in a year, up to a factor of all cities, (draw, city).

        It is the list's attention, and what its elasticity adds or takes where there is more.
        """
        quantity, _, _ = name.partition("/")
        steeper = self.draws("elasticity")[:, [self.layout.lists.index(name)]] - 1
        apart = self.log_intensity(quantity, year) - self.grown(quantity, year)
        return np.asarray(self.attention(name) + steeper * apart)


def _drawn(fit: Fit, draws: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return draws of a fit by name of the unknown, (…, draw)."""
    model, layout, single = fit.model, fit.model.layout, np.float32
    unknowns = fit.apart(draws, rng) + fit.mean[:, None].astype(single)
    steeper = np.linalg.cholesky(fit.elasticity_covariance) @ rng.standard_normal((len(fit.settings.elasticity), draws))
    unknowns -= (followed(fit) @ steeper).astype(single)
    columns = layout.columns
    flow = columns.quantity_of.clip(max=len(columns.flows) - 1)
    grown = np.einsum("ks,sgkd->gkd", columns.passed.astype(single), unknowns[model.growth][:, :, flow], optimize=True)
    latent = unknowns[model.apart] + (unknowns[model.mean][:, columns.quantity_of] + grown)[layout.group_of]
    scale, sources = np.exp(fit.settings.log_scale).astype(single), layout.noise.shape[1]
    own = np.vstack([unknowns, np.zeros((1, draws), single)])
    return {
        "latent": latent,
        "grown": grown,
        "attention": own[model.attention] * scale[:sources, None],
        "national": _national(fit, own) * scale[model.national],
        "noise": np.repeat(scale[:sources, None], draws, axis=1),
        "elasticity": model.elasticities((fit.settings.elasticity[:, None] + steeper).T).T.astype(single),
    }


def _national(fit: Fit, own: np.ndarray) -> np.ndarray:
    """Return how lists know countries in units of the scale of that, (list, group, draw), from unknowns and a last row of
    zeros."""
    model, layout = fit.model, fit.model.layout
    chosen = np.isin(np.arange(len(layout.families)), layout.family_of[layout.is_chosen])
    by_family = own[model.by_family] * np.where(chosen, CHOSEN, 1.0).astype(np.float32)[:, None, None]
    by_family = np.concatenate([by_family, np.zeros((1, *by_family.shape[1:]), np.float32)])[layout.family_of]
    places = model.by_series[layout.series_of]
    return OWN * own[places] + np.where((places >= 0)[..., None], by_family, np.float32(0))
