"""The unknowns of the measurement model, and their priors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout

#: Prior standard deviation (log) of a list's level. So wide that a list may be of any length: were a short one unlikely, it would
#: be taken as a sign that its country has little.
LEVEL_SD = 10.0

#: What a list holds more or less in one period (standard deviation, log). Between the first two periods Crunchbase's deals in the
#: United States rose eighteenfold, those of the two reports that counted in both by 25% and 41%.
PERIOD_SD = 1.0

#: The same of editions of one publication, which count alike. Within a period, while what they count grew, the totals of China of
#: two publications of unicorns scattered by .15 and .19.
EDITION_SD = 0.2

#: Prior standard deviations (log): of growth from period to period in common, of a mean, of an elasticity around 1.
GROWTH_SD, MEAN_SD, ELASTICITY_SD = 1.0, 5.0, 0.2

#: Correlation of the growth of two quantities, and of two groups of cities. Otherwise what nobody counts in a country would be
#: taken to stand still there, however fast all else grows.
GROWTH_IN_COMMON = 0.5

#: Prior mean of the elasticity of a list of what happens that is chosen by hand, which prefers large places: others follow exits,
#: founders and unicorns on average so much less steeply than the register. Such lists differ more from each other than others do.
CHOSEN_ELASTICITY, CHOSEN_ELASTICITY_SD = 1.2, 0.3

#: Median of the prior of an attention noise, and its spread (log): most lists differ by a few tenths.
NOISE_MEDIAN, NOISE_SPREAD = 0.3, 0.7

#: Spread (log) of the prior of an attention noise that an audit has measured.
AUDITED_SPREAD = 0.2

#: How much better or worse a family of lists knows one group of cities than another, and how far its lists differ in it.
NATIONAL_SD, OWN_NATIONAL_SD = 1.0, 0.5

#: The same of a family whose lists are chosen by hand: how much of each country it follows was a decision.
CHOSEN_NATIONAL_SD = 2.0

#: How much more or less the cities of a group spread than those of the largest (standard deviation, log).
SPREAD_SD = 0.5


@dataclass(frozen=True)
class Wishart:
    """An inverse-Wishart prior of a covariance: ``worth`` observations with sum of squares ``scale``."""

    worth: int
    scale: np.ndarray


def level_prior(size: int) -> Wishart:
    """Return the prior of the covariance of levels: cities differ by factors of four, nearly always in all quantities alike.

    Were more of the variance expected to belong to one quantity alone, those whose scale no list sets would be stretched until
    that much does.
    """
    worth = size + 8
    return Wishart(worth, 1.5**2 * (0.1 * np.eye(size) + 0.9) * (worth - size - 1))


def step_prior(size: int) -> Wishart:
    """Return the prior of the covariance of steps: in a period a log moves by .3 beyond what is common, half of it together."""
    worth = size + 12
    return Wishart(worth, 0.2**2 * (0.5 + 0.5 * np.eye(size)) * worth)


def growth_root(groups: int, flows: int) -> np.ndarray:
    """Return the root of the prior covariance of the growth of one period, (group × flow, both ways)."""
    of_groups, of_flows = (
        np.linalg.cholesky(GROWTH_IN_COMMON + (1 - GROWTH_IN_COMMON) * np.eye(size)) for size in (groups, flows)
    )
    return GROWTH_SD * np.kron(of_groups, of_flows)


def elasticity_mean(layout: Layout) -> np.ndarray:
    """Return the prior mean of the elasticity of each list, (list,)."""
    happens = layout.quantity_of < len(layout.columns.flows)
    return np.where(layout.is_chosen & happens, CHOSEN_ELASTICITY, 1.0)


def elasticity_sd(layout: Layout) -> np.ndarray:
    """Return its prior standard deviation, (list,)."""
    return np.where(layout.is_chosen, CHOSEN_ELASTICITY_SD, ELASTICITY_SD)


def noise_prior(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Return the median of the prior of each attention noise and its spread (log), (source of noise,) each."""
    known = np.array([layout.known_noise.get(source, np.nan) for source in range(layout.noise.shape[1])])
    is_known = ~np.isnan(known)
    return np.where(is_known, known, NOISE_MEDIAN), np.where(is_known, AUDITED_SPREAD, NOISE_SPREAD)


def national_sd(layout: Layout) -> np.ndarray:
    """Return how much better or worse each family of lists may know one group of cities than another, (family,)."""
    chosen = layout.family_of[layout.is_chosen]
    return np.where(np.isin(np.arange(len(layout.families)), chosen), CHOSEN_NATIONAL_SD, NATIONAL_SD)


def period_sd(layout: Layout) -> np.ndarray:
    """Return how far the levels of each list scatter, (channel,): those of editions of a publication little, and those of several
    censuses that share a unit not at all."""
    is_edition = np.bincount(layout.series_of)[layout.series_of] > 1
    is_unit = layout.anchor & layout.is_exact & (np.bincount(layout.quantity_of, layout.anchor)[layout.quantity_of] > 1)
    return np.where(is_unit, 1e-3, np.where(is_edition, EDITION_SD, PERIOD_SD))[layout.list_of]


@dataclass
class State:
    """One draw of every unknown.

    ``latent`` (city, column); ``attention`` (city, source of noise) and ``noise`` (source,) its standard deviations;
    ``level`` (channel,), ``base`` (list,) what its levels scatter around, or those of its publication, whose
    first edition has it; ``elasticity`` (list,), the same for editions of a publication; ``means`` (group, quantity)
    with ``covariance``; ``growth`` (group, step, flow) with ``step_covariance``; ``spread`` (group, 2), how much wider the levels
    and steps of a group lie apart; ``regional`` (list, region) and ``regional_noise`` (list,) for lists whose attention is a
    region's; ``national`` (family, group), attention to a group, and ``own_national`` (list, group), what a list adds to its
    family's, the same for editions of a publication.
    """

    latent: np.ndarray
    attention: np.ndarray
    noise: np.ndarray
    level: np.ndarray
    base: np.ndarray
    elasticity: np.ndarray
    means: np.ndarray
    covariance: np.ndarray
    growth: np.ndarray
    step_covariance: np.ndarray
    spread: np.ndarray
    regional: np.ndarray
    regional_noise: np.ndarray
    national: np.ndarray
    own_national: np.ndarray


#: Unknowns that all cities share, by name.
SharedUnknowns = Mapping[str, np.ndarray]


def shared(state: State) -> SharedUnknowns:
    """Return what cities share at ``state``, but for what is zero there as it is at every start."""
    of_cities = {"latent", "attention"}
    return {name: value for name, value in vars(state).items() if name not in of_cities and value.any()}


def of_places(density: Density, state: State) -> np.ndarray:
    """Return the attention of each list to the group of cities, and to the region, that each city is in, (list, city)."""
    layout = density.layout
    # Exact lists have no family, −1: the row of zeros that comes last.
    national = state.own_national + np.vstack([state.national, np.zeros(layout.groups)])[layout.family_of]
    regional = np.where(layout.by_region[:, None], state.regional, 0.0)
    return np.asarray(national[:, layout.group_of] + regional[:, layout.region_of])


def grown(density: Density, state: State) -> np.ndarray:
    """Return what the cities of a group have grown in common since the middle period, (group, column): a log."""
    growth = state.growth.reshape(len(state.growth), -1)
    return np.asarray(growth @ density.walk[:, len(density.walk) - growth.shape[1] :].T)


def log_intensity(density: Density, state: State) -> np.ndarray:
    """Return log λ, (city, channel)."""
    layout, together = density.layout, grown(density, state)[density.layout.group_of]
    apart = (state.latent - density.reference - together) @ (density.in_column * state.elasticity[layout.list_of])
    stretched = apart + together @ density.in_column
    seen = state.attention @ layout.noise.T
    return layout.exposure + state.level + stretched + seen + of_places(density, state)[layout.list_of].T
