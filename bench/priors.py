"""Fit from ten starting points, and with half and twice each prior that remains: what becomes of the headline.

    .venv/bin/python -m bench.priors [DATABASE]

Reads a database that ``make refresh`` made, and writes ``bench/results/priors.json``. Takes some seven minutes.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np

from pipelines import settings
from pipelines.index import BENCHMARK, draws, gather
from pipelines.index.compute import Inputs, Result
from pipelines.index.measurement import fit as fitting
from pipelines.index.measurement import model, observed, priors, scoring
from pipelines.index.measurement.model import Model
from pipelines.index.measurement.posterior import Posterior

RESULTS = Path(__file__).parent / "results" / "priors.json"

#: Starting points.
STARTS = 10

#: Prior → what it says, in a table.
CHANGED = {
    "NATIONAL": "how differently a family of lists knows two countries (median)",
    "NOISE": "how unevenly a list looks at cities (median)",
    "DRIFT": "how a list's level drifts in a year (median)",
    "EDITION": "how editions of a publication differ (median)",
    "GROWTH_SD": "what a country gains in common in five years",
    "CHOSEN_ELASTICITY_SD": "how steeply the register follows large places",
    "SPREAD_SD": "how much more or less a group of cities spreads",
    "OWN": "how lists of a family differ in a country",
    "CHOSEN": "how much more families chosen by hand do",
    "SIZE": "size of the negative binomial",
}


@contextmanager
def changed(name: str, times: float) -> Iterator[None]:
    """Multiply a prior for a while; of a pair the first counts."""
    owners = [module for module in (priors, model, observed, scoring, sys.modules[Posterior.__module__]) if hasattr(module, name)]
    before = getattr(owners[0], name)
    after = (before[0] * times, before[1]) if isinstance(before, tuple) else before * times
    for module in owners:
        setattr(module, name, after)
    try:
        yield
    finally:
        for module in owners:
            setattr(module, name, before)


def headline(result: Result) -> dict[str, object]:
    """Return who is first, how sure that is, and how far the benchmark is from the leading city."""
    scores = np.asarray(result.posterior_draws["Readiness"][result.place], dtype=float)
    members = result.members
    centre = draws.median(scores[:, members])
    first = members[int(centre.argmax())]
    apart = 2 ** (np.percentile(scores[:, result.cities.index(BENCHMARK)] - scores[:, first], (50, 5, 95)) / 10)
    share = draws.first(scores[:, members])[int(centre.argmax())]
    names = [result.cities[member] for member in members[np.argsort(-centre)][:5]]
    return {"first five": names, "chance of first": float(share), "times": [round(float(value), 2) for value in apart]}


def computed(inputs: Inputs, begin: fitting.Settings | None = None) -> Result:
    """Return the result of a fit from a starting point."""
    return Result.of(replace(inputs, posterior=Posterior.of(fitting.fit(inputs.posterior.layout, begin=begin))))


def main(database: Path) -> None:
    """Print and keep what each start and each prior gives."""
    with duckdb.connect(str(database), read_only=True) as connection:
        inputs = gather.inputs(connection, print)
    published = Result.of(inputs)
    found: dict[str, object] = {"published": headline(published)}
    print(found)
    farthest = dict.fromkeys(published.definitions.scores, 0.0)
    for seed in range(1, STARTS + 1):
        begin = fitting.start(Model(inputs.posterior.layout), np.random.default_rng(seed))
        other = computed(inputs, begin)
        for score in farthest:
            apart = [draws.median(np.asarray(each.posterior_draws[score][each.place])) for each in (published, other)]
            farthest[score] = max(farthest[score], float(np.nanmax(np.abs(apart[0] - apart[1])[published.is_scope])))
        print(seed, farthest, flush=True)
    found["starts"] = {"starting points": STARTS, "farthest score": {name: round(value, 2) for name, value in farthest.items()}}
    rows = []
    for name, meaning in CHANGED.items():
        for times in (0.5, 2.0):
            with changed(name, times):
                rows.append({"prior": meaning, "times": times} | {"found": headline(computed(inputs))})
            print(name, rows[-1], flush=True)
    found["priors"] = rows
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else settings.PUBLISHED)
