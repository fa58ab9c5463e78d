"""Run the chains side by side, and keep their draws for as long as lists and code are the same."""

import hashlib
import os
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from pipelines import code
from pipelines.index.measurement import settled
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.sampler import Chain, average, pilot, sample
from pipelines.index.measurement.settled import Settled
from pipelines.index.measurement.state import SharedUnknowns, State, shared

#: Pilot chains, chains, and draws of each. Every sweep gives a draw: high and low ones alternate, so that means are known better
#: than from as many independent draws. With 250, chains of the default build may differ in a city or two, and are run again; with
#: 400 that is rare.
PILOTS, CHAINS, DRAWS = 2, 4, 400

#: Posteriors that are kept.
KEPT_FILES = 3


def lists_key(layout: Layout) -> str:
    """Return a hash of the lists as laid out, and of the code that samples them; it is the same on all machines."""
    files = {path: path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))}
    digest = hashlib.sha256(code.digest(files).encode())

    def take(values: np.ndarray) -> None:
        # The last digits of a logarithm depend on the processor.
        digest.update((np.round(values, 9) + 0.0 if values.dtype.kind == "f" else values).tobytes())

    for item in fields(layout):
        value = getattr(layout, item.name)
        if item.name == "totals":
            for totals in value:
                take(totals.total)
                take(totals.cells)
        elif item.name == "remainders":
            for remainder in value:
                digest.update(repr((remainder.channel, remainder.total)).encode() + remainder.cities.tobytes())
        elif item.name == "unnamed":
            for part in value:
                digest.update(repr((part.channel, part.least)).encode() + part.cities.tobytes())
        elif isinstance(value, np.ndarray):
            take(value)
        else:
            digest.update(repr(value).encode())
    return digest.hexdigest()


def content_key(layout: Layout, draws: int = DRAWS, known: Settled | None = None) -> str:
    """Return a hash of the lists, of the code that samples them, of how many draws each chain keeps, and of what is known."""
    values = b"".join(value.tobytes() for value in known.values.values()) if known else b""
    return hashlib.sha256(f"{lists_key(layout)} {draws}".encode() + values).hexdigest()[:16]


def posterior(layout: Layout, folder: Path, shipped: Path, progress: Callable[[str], None], draws: int = DRAWS) -> Posterior:
    """Return so many draws a chain: those in ``folder`` if lists and code are unchanged, else new ones, which are kept there.

    What pilots settle of the lists that ship is ``shipped`` too, so that a first refresh does without pilots, and those of other
    lists begin from it.
    """
    known = settled.read(shipped)
    path = folder / f"{content_key(layout, draws, known)}.npz"
    if kept := _kept(path):
        progress(
            f"{len(layout.lists)} lists of {len(layout.cities)} cities are as before: their draws are taken from {path.name}"
        )
        return Posterior(layout, kept)
    lists = f"{len(layout.lists)} lists of {len(layout.cities)} cities"
    long = "about half a minute" if known and known.lists == lists_key(layout) else "a minute or two"
    progress(f"sampling {CHAINS} chains of {draws} draws over {lists}: {long}, and only if lists or method changed")
    drawn = Posterior.of(layout, _chains(layout, draws, known, progress))
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial.npz")
    with partial.open("wb") as file:
        np.savez(file, **drawn.chains)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    for old in sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime)[:-KEPT_FILES]:
        old.unlink()
    return drawn


def _kept(path: Path) -> dict[str, np.ndarray]:
    """Return the draws of a file, or nothing if it is missing or damaged; a damaged one is removed."""
    try:
        with np.load(path) as kept:
            return {name: kept[name] for name in kept.files}
    except FileNotFoundError:
        return {}
    except (OSError, EOFError, ValueError, BadZipFile):
        path.unlink()
        return {}


def _chains(layout: Layout, draws: int, known: Settled | None, progress: Callable[[str], None]) -> list[Chain]:
    content = pickle.dumps(layout)
    held = known.values if known and known.lists == lists_key(layout) else settle(content, pickle.dumps(known))
    chains = []
    with _processes() as pool:
        for chain in pool.map(_chain, [content] * CHAINS, [held] * CHAINS, [draws] * CHAINS, range(200, 200 + CHAINS)):
            chains.append(chain)
            progress(f"{len(chains)} of {CHAINS} chains sampled")
    return chains


@lru_cache(maxsize=1)
def settle(content: bytes, known: bytes = pickle.dumps(None), pilots: int = PILOTS) -> SharedUnknowns:
    """Return what pilots agree on of a pickled layout, once, also for chains that are run again because they differ.

    They begin from what is ``known`` of other lists, pickled too.
    """
    with _processes() as pool:
        return shared(average(list(pool.map(_pilot, [content] * pilots, [known] * pilots, range(pilots)))))


def _processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


def _pilot(content: bytes, known: bytes, seed: int) -> State:
    return pilot(pickle.loads(content), seed, pickle.loads(known))


def _chain(content: bytes, held: SharedUnknowns, draws: int, seed: int) -> Chain:
    return sample(pickle.loads(content), held, draws, seed)
