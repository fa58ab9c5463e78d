"""Estimate the share of a city's companies that the register contains, the detection rate.

The register is a sample whose curators knew some cities better than others, so a bare count compares
attention, not cities. Independent recordings show the detection rate; counts are divided by it, as Horvitz &
Thompson (1952, JASA 47, 663–685) divide by the probability of being sampled.

Recordings disagree about that rate by more than chance: a list of unicorns and a list of early deals meet
different curators. So the rates are fitted to all of them together, by random effects on the log scale,

    log rate[city, recording] = a[recording] + b[city] + e,   b ~ Normal(0, σ²),  e ~ Normal(0, τ²)

and each draw takes a new b and a new e: what is counted is one more list, known as unevenly as the others.
"""

from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl
from scipy.special import logsumexp

from pipelines.index.table import CITY, RECORDED
from pipelines.schema import TableSchema

#: The recording that sets the level: a worldwide list that the benchmark and the scope's cities are all on.
LEVEL = "unicorns"

#: Draws and seed of the interval that is published.
RATE_DRAWS, RATE_SEED = 4000, 10_000

#: Spread of the benchmark's own effect: as good as no prior, since it was curated under another rule.
_APART = 3.0

_SPREADS = np.geomspace(0.02, 1.5, 20)


class CityCoverage(TableSchema):
    """One row per city with companies: its detection rate, the estimated share of its companies that the sources contain."""

    table = "index.coverage"
    reads = ("core.cities.city", "core.register_coverage.measure", *RECORDED)

    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    detection_rate = dy.Float64(
        min=0, max=1, description="Central estimate, fitted to all recordings together, at the level of the unicorn list."
    )
    detection_rate_low = dy.Float64(min=0, max=1, description="Lower end of its 90% interval.")
    detection_rate_high = dy.Float64(min=0, max=1, description="Upper end of that interval.")
    n_recorded = dy.Int32(min=0, description="Unicorns of the city on the independent list.")
    n_detected = dy.Int32(min=0, description="Of these, companies of the register.")
    is_pooled = dy.Bool(description="No recording names the city: its rate is the average of the other cities.")
    is_estimated = dy.Bool(description="False for worldwide lists: their rate is not estimated but taken as 1.")


@dataclass(frozen=True)
class DetectionRates:
    """Posterior of the log detection rate of each city: a mixture over (σ, τ) of normals.

    ``weights`` (g,), ``means`` (g, city), ``roots`` (g, city, factor) with root · rootᵀ the covariance, ``noise`` (g,).
    """

    weights: np.ndarray
    means: np.ndarray
    roots: np.ndarray
    noise: np.ndarray

    @property
    def rate(self) -> np.ndarray:
        """Return the central rate of each city: the exponential of the posterior mean of its logarithm."""
        return np.minimum(np.exp(self.weights @ self.means), 1.0)

    def draw(self, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Return rates (draw, city)."""
        chosen = rng.choice(len(self.weights), size=draws, p=self.weights)
        _, cities, factors = self.roots.shape
        effects = np.einsum("dij,dj->di", self.roots[chosen], rng.normal(size=(draws, factors)))
        uneven = rng.normal(size=(draws, cities)) * self.noise[chosen, None]
        return np.minimum(np.exp(self.means[chosen] + effects + uneven), 1.0)


def estimate(cities: list[str], in_scope: np.ndarray, recorded: pl.DataFrame) -> DetectionRates:
    """Fit the detection rates of ``cities`` to ``recorded`` (city, measure, recorded, detected).

    ``in_scope`` (city,) marks those that share a prior. Without any recording every rate is 1: nothing is
    corrected. σ and τ are averaged over a grid that is even on the log scale, a and b follow in closed form
    from generalised least squares (Gelman et al. 2013, Bayesian Data Analysis, ch. 15).
    """
    table = recorded.filter(pl.col("city").is_in(cities) & (pl.col("recorded") > 0)).sort("measure", "city")
    measures = [LEVEL, *sorted(set(table["measure"]) - {LEVEL})]
    if table.filter(pl.col("measure") == LEVEL).is_empty():
        return DetectionRates(np.ones(1), np.zeros((1, len(cities))), np.zeros((1, len(cities), 0)), np.zeros(1))
    detected, total = table["detected"].to_numpy() + 0.5, table["recorded"].to_numpy() + 1.0
    observed, error = np.log(detected / total), 1 / detected - 1 / total

    # The unknowns are a per recording, which has no prior, and b per city.
    count, design = len(measures), _design(table, measures, cities)
    pick = np.hstack([np.tile(np.eye(count)[0], (len(cities), 1)), np.eye(len(cities))])

    evidence, means, roots, noise = [], [], [], []
    for sigma in _SPREADS:
        prior = np.concatenate([np.full(count, 1e-6), np.where(in_scope, 1 / sigma**2, 1 / _APART**2)])
        for tau in _SPREADS:
            variance = error + tau**2
            precision = design.T @ (design / variance[:, None]) + np.diag(prior)
            covariance = np.linalg.inv(precision)
            centre = covariance @ (design.T @ (observed / variance))
            residual = observed - design @ centre
            evidence.append(
                -0.5 * (residual**2 / variance).sum()
                - 0.5 * np.log(variance).sum()
                - 0.5 * (prior * centre**2).sum()
                + 0.5 * np.log(prior).sum()
                - 0.5 * np.linalg.slogdet(precision)[1]
            )
            spread = pick @ covariance @ pick.T
            means.append(pick @ centre)
            roots.append(np.linalg.cholesky(spread + 1e-12 * np.eye(len(cities))))
            noise.append(tau)
    weights = np.exp(np.array(evidence) - logsumexp(evidence))
    return DetectionRates(weights, np.array(means), np.array(roots), np.array(noise))


def _design(table: pl.DataFrame, measures: list[str], cities: list[str]) -> np.ndarray:
    """Return indicators (row, measure or city) of the recording and the city of each row."""
    rows = np.arange(table.height)
    design = np.zeros((table.height, len(measures) + len(cities)))
    design[rows, [measures.index(measure) for measure in table["measure"]]] = 1
    design[rows, [len(measures) + cities.index(city) for city in table["city"]]] = 1
    return design


def detection_rates(cities: pl.DataFrame, recorded: pl.DataFrame, country: str) -> pl.DataFrame:
    """Return ``CityCoverage``, one row per city.

    ``cities`` has city and country, ``recorded`` city, measure, recorded and detected; without any recording the rate is one
    and not estimated.
    """
    names = sorted(cities["city"])
    fit = estimate(names, (cities.sort("city")["country"] == country).to_numpy(), recorded)
    low, high = np.quantile(fit.draw(RATE_DRAWS, np.random.default_rng(RATE_SEED)), [0.05, 0.95], axis=0)
    listed = recorded.filter(pl.col("measure") == LEVEL).select("city", pl.col("recorded", "detected").name.prefix("n_"))
    columns = {"city": names, "detection_rate": fit.rate, "detection_rate_low": low, "detection_rate_high": high}
    return (
        pl.DataFrame(columns, schema_overrides={"city": pl.String})
        .join(listed, on="city", how="left")
        .with_columns(
            pl.col("n_recorded", "n_detected").fill_null(0),
            (~pl.col("city").is_in(recorded["city"].to_list())).alias("is_pooled"),
            pl.lit(not recorded.is_empty()).alias("is_estimated"),
        )
        .sort("city")
    )
