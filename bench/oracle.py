"""Sample a small world by the No-U-Turn sampler of NumPyro too, and compare.

    python -m bench.oracle            # in an environment that has numpyro too

The model is stated a second time, in NumPyro's terms (Hoffman & Gelman 2014, JMLR 15, 1593–1623). First everything that chains
hold is at the values a pilot settled: means and standard deviations must agree within the Monte Carlo error of both. Then
elasticities and noises are free in NumPyro, and what chains add for them to first order is compared with that.
"""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, init_to_median
from pipelines.index.measurement.convergence import effective_size
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.state import (
    LEVEL_SD,
    MEAN_SD,
    NOISE_MEDIAN,
    NOISE_SPREAD,
    OWN_NATIONAL_SD,
    State,
    elasticity_mean,
    elasticity_sd,
    growth_root,
    national_sd,
    period_sd,
    shared,
)

from pipelines.index.measurement import sampler
from pipelines.index.measurement.layout import Layout
from tests.support import measurement

#: Cities of the small world, draws of each sampler, and the unknowns that are compared.
CITIES, DRAWS = 16, 3000
COMPARED = ("latent", "attention", "level", "means", "growth", "national", "own_national")


def model(layout: Layout, density: Density, held: State, *, is_open: bool) -> None:
    """State the measurement model of lists that name cities; unless ``is_open``, elasticities and noises are those ``held``."""
    columns, groups, lists = layout.columns, layout.groups, len(layout.lists)
    quantities, steps = len(columns.quantities), columns.periods - 1
    means = numpyro.sample("means", dist.Normal(jnp.asarray(density.centre), MEAN_SD).expand([groups, quantities]).to_event(2))
    tides = numpyro.sample("tides", dist.Normal(0.0, 1.0).expand([steps, groups * len(columns.flows)]).to_event(2))
    in_turn = (tides @ growth_root(groups, len(columns.flows)).T).reshape(steps, groups, -1)
    growth = numpyro.deterministic("growth", in_turn.swapaxes(0, 1))
    roots = [jnp.linalg.cholesky(matrix) for matrix in (held.covariance, held.step_covariance)]
    cities = len(layout.cities)
    levels = numpyro.sample("levels", dist.Normal(0.0, 1.0).expand([cities, quantities]).to_event(2))
    moves = numpyro.sample("moves", dist.Normal(0.0, 1.0).expand([cities, steps, len(columns.flows)]).to_event(3))
    unit = held.spread[layout.group_of]
    levels = means[layout.group_of] + unit[:, :1] * (levels @ roots[0].T)
    moves = growth[layout.group_of] + unit[:, 1, None, None] * (moves @ roots[1].T)
    parameters = jnp.concatenate([levels, moves.reshape(cities, -1)], axis=1)
    latent = numpyro.deterministic("latent", parameters @ columns.walk().T)
    elasticity, noise = jnp.asarray(held.elasticity), jnp.asarray(held.noise)
    if is_open:
        prior = dist.Normal(jnp.asarray(elasticity_mean(layout)), jnp.asarray(elasticity_sd(layout)))
        steep = numpyro.sample("steep", prior.to_event(1))
        log_noise = dist.Normal(jnp.log(NOISE_MEDIAN), NOISE_SPREAD).expand([len(held.noise)]).to_event(1)
        elasticity = jnp.where(layout.sets_scale, 1.0, steep[layout.series_of])
        noise = jnp.exp(numpyro.sample("log_noise", log_noise))
    elasticity, noise = numpyro.deterministic("elasticity", elasticity), numpyro.deterministic("noise", noise)
    strength = numpyro.sample("strength", dist.Normal(0.0, 1.0).expand([cities, layout.noise.shape[1]]).to_event(2))
    attention = numpyro.deterministic("attention", strength * noise)
    free = numpyro.sample("base", dist.Normal(jnp.asarray(density.anchored), LEVEL_SD).to_event(1))
    base = jnp.where(layout.anchor, density.anchored, free)
    deviation = numpyro.sample("deviation", dist.Normal(0.0, jnp.asarray(period_sd(layout))).to_event(1))
    level = numpyro.deterministic("level", base[layout.list_of] + deviation)
    families = len(layout.families)
    national = numpyro.sample(
        "national", dist.Normal(0.0, jnp.asarray(national_sd(layout))[:, None]).expand([families, groups]).to_event(2)
    )
    own = numpyro.sample("own", dist.Normal(0.0, OWN_NATIONAL_SD).expand([lists, groups]).to_event(2))
    own = numpyro.deterministic("own_national", (own * (layout.family_of >= 0)[:, None])[layout.series_of])
    by_list = own + jnp.vstack([national, jnp.zeros(groups)])[layout.family_of]
    rate = layout.exposure + level + attention @ layout.noise.T + by_list[layout.list_of][:, layout.group_of].T
    together = (growth.reshape(groups, -1) @ columns.walk()[:, quantities:].T)[layout.group_of][:, layout.column_of]
    apart = latent[:, layout.column_of] - density.reference[layout.column_of] - together
    rate += together + elasticity[layout.list_of] * apart
    mean = density.worth * ((1 - layout.wrong) * jnp.exp(rate) + density.misplaced)
    city, channel = np.nonzero(layout.covers)
    counts = dist.NegativeBinomial2(mean[city, channel], jnp.asarray((density.worth * density.size)[city, channel]))
    numpyro.sample("counts", counts, obs=jnp.asarray(np.round((density.worth * layout.counts)[city, channel])))


def compare(layout: Layout, settled: State, *, is_open: bool) -> None:
    """Print, for each unknown, how far means differ in their Monte Carlo errors, and the ratio of standard deviations."""
    chain = sampler.sample(layout, shared(settled), DRAWS, 5, widen=is_open)
    # From anywhere it may climb to where a list falls as what it counts rises, and no step leads back.
    nuts = MCMC(NUTS(model, init_strategy=init_to_median), num_warmup=1000, num_samples=DRAWS, progress_bar=False)
    nuts.run(jax.random.PRNGKey(0), layout, Density.of(layout), settled, is_open=is_open)
    drawn = nuts.get_samples()
    print(f"elasticities and noises {'free' if is_open else 'held'}; divergences: {nuts.get_extra_fields()['diverging'].sum()}")
    for name in (*COMPARED, *(("elasticity", "noise") if is_open else ())):
        pair = [np.asarray(draws, dtype=float).reshape(1, DRAWS, -1) for draws in (chain.draws[name], drawn[name])]
        moves = pair[1].std(1)[0] > 1e-9
        means, sds = ([getattr(draws, what)(1)[0, moves] for draws in pair] for what in ("mean", "std"))
        errors = [sd / np.sqrt(effective_size(draws)[moves]) for sd, draws in zip(sds, pair, strict=True)]
        apart, ratio = (means[0] - means[1]) / np.hypot(*errors), sds[0] / sds[1]
        print(
            f"{name:13} {moves.sum():4} unknowns; means differ by {np.sqrt((apart**2).mean()):.2f} Monte Carlo errors, "
            f"{np.abs(apart).max():.1f} at most, or {np.abs((means[0] - means[1]) / sds[1]).max():.2f} standard deviations; "
            f"these are {np.median(ratio):.2f} of NumPyro's, {ratio.min():.2f} to {ratio.max():.2f}"
        )


def main() -> None:
    """Print both comparisons."""
    numpyro.enable_x64()
    layout, _ = measurement.world(CITIES, 5, [item for item in measurement.LISTS if not item.by_region])
    settled = measurement.settled(layout, 5, (20, 6))
    for is_open in (False, True):
        compare(layout, settled, is_open=is_open)


if __name__ == "__main__":
    main()
