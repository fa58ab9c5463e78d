"""A few draws in place of many, for homes whose index is not what the tests are about: it takes a third as long."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from pipelines import settings
from pipelines.index import compute, gather
from pipelines.index.measurement import run, sampler, settled
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.starting import start

#: Pairs of draws of a chain, and how far (standard deviation, log) a latent value lies from where a rough fit has it.
PAIRS, APART = 25, 0.3

#: Draws of the choices of such an index.
CHOICES = 250


def write_few(released: Path, folder: Path) -> None:
    """Write a few of the draws of a released home to ``folder``, by the name under which a refresh of the same lists looks."""
    # A copy, because a process opens a file in one way only, and a test may have it open in another.
    file = shutil.copyfile(released / "data" / "nextvalley.duckdb", folder / "released.duckdb")
    with duckdb.connect(file, read_only=True) as connection:
        lists = gather.layout(connection, gather.counts_of(connection))
    file.unlink()
    name = f"{run.content_key(lists, known=settled.read(settings.SETTLED))}.npz"
    with np.load(released / "data" / "posterior" / name) as kept:
        draws = {known: kept[known].reshape(-1, *kept[known].shape[2:]) for known in kept.files}
    middle = {known: values.mean(0, dtype=float) for known, values in draws.items()}
    latent = draws["latent"][:: len(draws["latent"]) // PAIRS][:PAIRS]
    np.savez(folder / name, **_chains(middle, latent - middle["latent"]))  # type: ignore[arg-type]


def use_rough(replace: Callable[..., object]) -> None:
    """Compute an index of rough draws and few choices; ``replace`` is ``setattr``, or the same of a monkeypatch."""
    replace(gather, "draws_of", rough)
    replace(compute, "DRAWS", CHOICES)


def rough(layout: Layout, progress: Callable[[str], None], draws: int = run.DRAWS) -> Posterior:
    """Return draws around the sampler's starting point, in place of those that take it minutes; as ``gather.draws_of``."""
    rng = np.random.default_rng(0)
    state = start(Density.of(layout), rng)
    middle = {name: np.asarray(getattr(state, name)) for name in sampler.KEPT}
    return Posterior(layout, _chains(middle, APART * rng.standard_normal((PAIRS, *state.latent.shape)))).by_column()


def _chains(middle: dict[str, np.ndarray], apart: np.ndarray) -> dict[str, np.ndarray]:
    """Return equal chains in which latent values lie ``apart`` (draw, city, column) from the middle, then on its other side.

    Such chains agree, and their draws are worth more than as many independent ones, so what comes of them is published.
    """
    chain = {name: np.repeat(value[None], 2 * PAIRS, axis=0) for name, value in middle.items()}
    chain["latent"] += np.stack([apart, -apart], axis=1).reshape(chain["latent"].shape)
    return {name: np.stack([values] * run.CHAINS).astype(np.float32) for name, values in chain.items()}
