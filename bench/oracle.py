"""Sample a small world by the No-U-Turn sampler of NumPyro too, and compare.

    python -m bench.oracle            # in an environment that has numpyro too

The likelihood is stated a second time, in NumPyro's terms (Hoffman & Gelman 2014, JMLR 15, 1593–1623); unknowns have their priors
at the settings that were fitted. Means and standard deviations of what cities have must agree: the fit's are those of the normal
nearest to the posterior, so where counts are small they differ by more than the Monte Carlo error.
"""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import MCMC, NUTS, init_to_value

from pipelines.index.measurement.fit import Fit, fit
from pipelines.index.measurement.model import Model
from tests.support import measurement
from tests.support.measurement import Truth

#: Cities of the small worlds, their seeds, and draws of each sampler.
CITIES, SEEDS, WARM_UP, DRAWS = 16, (5, 6, 7), 1_000, 3_000


def stated(model: Model, root: np.ndarray, design: np.ndarray, offset: np.ndarray) -> None:
    """State what is counted, given ``unknowns`` that are ``root`` times standard normal numbers around their prior mean."""
    normal = numpyro.sample("normal", dist.Normal(0.0, 1.0).expand([model.unknowns]).to_event(1))
    unknowns = numpyro.deterministic("unknowns", model.prior_mean + root @ normal)
    cells = jnp.exp(offset + design @ unknowns)
    mean = jax.ops.segment_sum(cells, jnp.asarray(model.obs_of), len(model.counts))
    mean = (1 - model.wrong) * mean + model.misplaced
    counts = dist.NegativeBinomial2(model.worth * mean, model.worth * model.size)
    numpyro.sample("counts", counts, obs=jnp.asarray(np.round(model.worth * model.counts)))


def root_of(found: Fit) -> np.ndarray:
    """Return a root of the prior covariance of all unknowns at the fitted settings."""
    model = found.model
    root = np.eye(model.unknowns)
    root[: model.shared, : model.shared] = np.linalg.cholesky(np.linalg.inv(model.shared_precision))
    own = np.linalg.cholesky(np.linalg.inv(model.city_precision(found.settings)))[model.layout.group_of]
    for places, part in zip(model.apart, own, strict=True):
        root[np.ix_(places, places)] = part
    return root


def compare(seed: int) -> None:
    """Print, for one world, how far means differ in standard deviations, and the ratio of standard deviations."""
    layout, _ = measurement.world(CITIES, seed, [item for item in measurement.LISTS if not item.by_region])
    found = fit(layout)
    model, root = found.model, root_of(found)
    design, offset = model.linear(found.settings)
    at = np.linalg.solve(root, found.mean - model.prior_mean)
    kernel = NUTS(stated, init_strategy=init_to_value(values={"normal": jnp.asarray(at)}))
    nuts = MCMC(kernel, num_warmup=WARM_UP, num_samples=DRAWS, progress_bar=False)
    nuts.run(jax.random.PRNGKey(seed), model, jnp.asarray(root), jnp.asarray(design.toarray()), jnp.asarray(offset))
    sampled = [Truth(model, found.settings, drawn).latent for drawn in np.asarray(nuts.get_samples()["unknowns"])]
    around = found.apart(DRAWS, np.random.default_rng(seed)).T.astype(float)
    normal = [Truth(model, found.settings, found.mean + drawn).latent for drawn in around]
    # Of cities against the mean of their country, the first comparison of an index.
    for name, apart in (("levels", False), ("against the country", True)):
        pair = [_apart(np.array(draws), layout.group_of) if apart else np.array(draws) for draws in (normal, sampled)]
        means, sds = ([getattr(draws, what)(0) for draws in pair] for what in ("mean", "std"))
        moved, ratio = (means[0] - means[1]) / sds[1], sds[0] / sds[1]
        print(
            f"world {seed}, {name:19}: means differ by {moved.mean():+.3f} standard deviations, {np.sqrt((moved**2).mean()):.3f} "
            f"root mean square, {np.abs(moved).max():.2f} at most; standard deviations are {np.median(ratio):.3f} of NumPyro's, "
            f"{ratio.min():.2f} to {ratio.max():.2f}; divergences: {nuts.get_extra_fields()['diverging'].sum()}",
            flush=True,
        )


def _apart(draws: np.ndarray, group_of: np.ndarray) -> np.ndarray:
    """Return ``draws`` (draw, city, column) less the mean of each city's country."""
    means = np.stack([draws[:, group_of == group].mean(1) for group in range(group_of.max() + 1)], axis=1)
    return draws - means[:, group_of]


def main() -> None:
    """Print the comparisons."""
    numpyro.enable_x64()
    for seed in SEEDS:
        compare(seed)


if __name__ == "__main__":
    main()
