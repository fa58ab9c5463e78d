"""Test by permutation whether what a city has beyond its size goes together with what it gains beyond its share.

Cities swap their gains, which is fair only if those of all cities vary alike. Gains of large cities vary more, and some of these
have the largest surplus. So every gain is divided by its expected standard deviation: events before and after are samples, and
the log share of a city walks at random from year to year, by as much as samples leave unexplained.

The power is how often the same test finds the effect in simulated worlds that have it: yearly events, as many as there were, of
cities whose shares walk as far and whose surplus is what it was.
"""

from dataclasses import dataclass

import numpy as np
import scipy

#: Years of a target, after the origin, and of the share before it.
HORIZON = 5

#: Events that a share has before any is counted, so that none is impossible.
HALF = 0.5

#: Random permutations of the cities, and the significance level of the test.
PERMUTATIONS, SEED, SIGNIFICANCE = 4_999, 41_000, 0.05

#: The effect whose detection gives the power: the log share gains so much for every unit of surplus.
EFFECT = 0.5

#: Simulated worlds that the power is taken over, and permutations in each.
WORLDS, PERMUTATIONS_EACH = 1_000, 499

#: Variance of the change of a mean over ``HORIZON`` years, to that over the next, if each year adds a variance of one.
WALKED = (2 * HORIZON**2 + 1) / (3 * HORIZON)


def beyond_size(values: np.ndarray, log_share: np.ndarray) -> np.ndarray:
    """Return ``values`` (…, city) less what goes with size: a straight line in the log share."""
    size, apart = (each - each.mean(-1, keepdims=True) for each in (log_share, values))
    slope = (apart * size).sum(-1, keepdims=True) / np.maximum((size**2).sum(-1, keepdims=True), 1e-12)
    return np.asarray(apart - slope * size)


def standardised(events: np.ndarray, origins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what cities gained in standard deviations, less what goes with size, (…, origin, city), around the years at
    ``origins`` of ``events`` (…, year, city); and the variance by which log shares walk in a year, (…, 1, 1)."""
    years = np.arange(HORIZON) - HORIZON + 1
    before, after = (events[..., origins[:, None] + years + later, :].sum(-2) for later in (0, HORIZON))
    counted, known = (each.sum(-1, keepdims=True) for each in (after, before + HALF))
    share = (before + HALF) / known
    # Beyond what there had been if shares had stayed.
    gained = after - counted * share
    # The share before and after together, which variances go by: few are counted in one.
    both = before + after + HALF
    usual = counted * both / both.sum(-1, keepdims=True)
    # How many events a city gains as its log share grows, and the variance that sampling explains.
    slopes = usual * (1 - usual / counted)
    sampled = slopes * (1 + counted / known)
    # By the method of moments.
    left, walked = gained**2 - sampled, WALKED * slopes**2
    unexplained, walks = ((each / usual).sum((-1, -2), keepdims=True) for each in (left, walked))
    drift = np.maximum(unexplained / walks, 0.0)
    expected = np.sqrt(sampled + WALKED * drift * slopes**2)
    return beyond_size(gained / expected, np.log(share)), drift


@dataclass(frozen=True)
class Panel:
    """Events (year, city), the places of the origins among the years (origin,), and the surplus at each, (origin, city)."""

    events: np.ndarray
    origins: np.ndarray
    surplus: np.ndarray

    @property
    def p(self) -> float:
        """Return the share of permutations, with the one observed, in which surplus and gain go together as closely."""
        (p,) = self._tested(self.events[None], PERMUTATIONS)
        return float(p)

    @property
    def power(self) -> float:
        """Return how often the test finds the effect where it is there."""
        return float((self._tested(self.worlds(EFFECT), PERMUTATIONS_EACH) <= SIGNIFICANCE).mean())

    def worlds(self, effect: float) -> np.ndarray:
        """Return simulated events, (world, year, city), of cities whose log shares gain ``effect`` for every unit of surplus."""
        rng = np.random.default_rng(SEED)
        years = np.arange(len(self.events))
        # A year moves shares by the surplus at the origin before it, or at the nearest one.
        nearest = np.clip(np.searchsorted(self.origins, years - 1), 0, len(self.origins) - 1)
        steps = effect / HORIZON * self.surplus[nearest]
        drift = standardised(self.events, self.origins)[1].item()
        walk = (steps + np.sqrt(drift) * rng.standard_normal((WORLDS, *self.events.shape))).cumsum(1)
        # Shares over all years are what they were about half-way.
        usual = np.log(self.events.sum(0) + HALF) - walk[:, [len(years) // 2]]
        shares = scipy.special.softmax(usual + walk, axis=-1).astype(float)
        return rng.multinomial(np.rint(self.events.sum(1)).astype(int), shares)

    def _tested(self, events: np.ndarray, permutations: int) -> np.ndarray:
        """Return the p of each world of ``events`` (world, year, city)."""
        orders = np.random.default_rng(SEED).random((permutations, self.surplus.shape[1])).argsort(1)
        return np.array([p_of(self.surplus, gains, orders) for gains in standardised(events, self.origins)[0]])


def p_of(surplus: np.ndarray, gains: np.ndarray, orders: np.ndarray) -> float:
    """Return the share of ``orders`` (permutation, city), with the one observed, in which surplus and gains (origin, city) go
    together as closely: cities swap their gains, each with those of one other at all origins."""
    products = surplus.T @ gains
    permuted = products[np.arange(len(products)), orders].sum(1)
    return float((1 + (permuted >= np.trace(products) - 1e-12).sum()) / (1 + len(orders)))
