"""What is made of one small world is as written down in ``tests/expected``: tables of the index, draws of the model."""

import copy
from dataclasses import fields

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK, compute, tables
from pipelines.index.compute import Result
from pipelines.index.diagnostics import backtest, permutation, sensitivity
from pipelines.index.measurement import covariances, measured, prepare, sampler
from pipelines.index.measurement.cities import Cities
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.noises import Audits
from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.starting import start
from pipelines.index.measurement.state import State, log_intensity, period_sd, shared
from pipelines.index.measurement.together import Together
from pipelines.index.tables import lists
from tests.support import counts_world, expected, world


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no more than a test needs."""
    for module, name, value in (
        (compute, "DRAWS", 100), (sensitivity, "SAMPLE", 64), (backtest, "BOOTSTRAPS", 100), (permutation, "PERMUTATIONS", 199),
        (permutation, "WORLDS", 100), (permutation, "PERMUTATIONS_EACH", 99),
        (lists, "LARGEST_R_HAT", 2.0), (lists, "LEAST_EFFECTIVE", 10),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


def test_tables_of_a_small_world() -> None:
    result = Result.of(world.inputs())
    made = tables.of(result, result)
    # The seal of the forecasts depends on their last digits.
    made["index.forecasts"] = made["index.forecasts"].drop("forecast")
    # What a list moves is found in single precision, which processors round otherwise.
    expected.compare("index", dict(sorted(made.items())), tolerance=1e-3)


_curve = Together.curve


def _curved(together: Together, state: State, weight: np.ndarray | None = None) -> float:
    """Take the curvature, and of all its roots the one that is lower triangular: the others depend on the processor."""
    _curve(together, state, weight)
    together.root = np.linalg.cholesky(together.root @ together.root.T)
    together.inverse = np.linalg.inv(together.root)
    return together._centre(state)


def test_moves_of_a_small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few steps of each kind from the truth: enough to pass through every move, too few to tell anything."""
    for name, value in (("CLIMBS", 2), ("ROUND", 2), ("ROUNDS", 2), ("WARM_UP", 4), ("SCATTER", 0.3)):
        monkeypatch.setattr(sampler, name, value)
    monkeypatch.setattr(Together, "curve", _curved)
    # With short steps some moves are accepted.
    monkeypatch.setattr(sampler, "Together", lambda shared, cities, length=1.0: Together(shared, cities, min(0.04, length)))
    lists, truth = world.layout()
    density, rng = Density.of(lists), np.random.default_rng(7)
    cities, state = Cities(density), copy.deepcopy(truth)
    held, together = Together(Shared(density, sampler.HELD), cities), Together(Shared(density), cities, length=0.03)
    cities.climb(state)
    held.climb(state)
    climbed = {f"climbed {name}": value for name, value in world.unknowns(state).items()}
    together.curve(state)
    accepted = []
    for _ in range(3):
        accepted += [cities.move(state, rng, together.middle(state)), together.move(state, rng)]
        together.adapt(accepted[-1] == 1)
        covariances.move(density, state, rng)
    chain = sampler.sample(lists, shared(truth), 2, 6)
    plain = sampler.sample(lists, shared(truth), 1, 6, widen=False)
    of_density = {name: getattr(density, name) for name in ("size", "misplaced", "reference", "rows", "cluster_of")}
    here = log_intensity(density, truth)[density.cells]
    told = dict(zip(("value", "slope", "information"), (*density.terms(here), density.information(here)), strict=True))
    terms = {name: density.spread(values) for name, values in told.items()}
    expected.compare(
        "moves",
        {
            "density": expected.arrays(of_density | terms | {"period_sd": period_sd(lists)}),
            "start": expected.arrays(world.unknowns(start(density, np.random.default_rng(1)))),
            "shared": expected.arrays({"vector": together.shared.take(truth), "root": held.root, "curved": together.root}),
            "moved": expected.arrays(climbed | world.unknowns(state) | {"accepted": accepted, "length": together.length}),
            "pilot": expected.arrays(world.unknowns(sampler.pilot(lists, 5))),
            "chain": expected.arrays(chain.draws | {"accepted": chain.accepted}),
            "not widened": expected.arrays(plain.draws),
        },
        # Cities move in single precision.
        tolerance=1e-3,
    )


def test_layout_of_a_small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists of every kind, over cities of two countries that are large enough to be groups of their own."""
    monkeypatch.setattr(prepare, "LEAST_CITIES", 3)
    for name, value in (("LEAST_LISTS", 3), ("MOST_OF_COUNTRY", 4)):
        monkeypatch.setattr(measured, name, value)
    counts, cities = counts_world.counts(), counts_world.cities()
    chosen = measured.measured_cities(counts, cities, pl.col("city").is_in([BENCHMARK, "Reno"]))
    found = prepare.layout_of(counts, counts_world.profiles(), chosen, Audits(counts_world.WRONG))
    named = {
        item.name: getattr(found, item.name) for item in fields(found) if item.name not in ("columns", "totals", "remainders")
    }
    texts = {name: ", ".join(value) for name, value in named.items() if isinstance(value, list)}
    arrays = {name: value for name, value in named.items() if isinstance(value, np.ndarray)}
    totals = {f"{name} {place}": getattr(part, name) for place, part in enumerate(found.totals) for name in ("total", "cells")}
    arrays |= {f"remainder {place}": part.cities for place, part in enumerate(found.remainders)}
    expected.compare(
        "layout",
        {
            "measured": chosen,
            "names": pl.DataFrame({"name": [*texts], "value": [*texts.values()]}),
            "arrays": expected.arrays(arrays | totals | {"walk": found.columns.walk()}),
            "counts": pl.DataFrame(found.counts, [str(number) for number in range(found.counts.shape[1])], orient="row"),
        },
    )


def test_lists_are_as_likely_alone_as_among_the_others() -> None:
    lists, truth = world.layout()
    density = Density.of(lists)
    intensity = log_intensity(density, truth)[density.cells]
    whole = density.log_likelihood(intensity)
    for own, alone in density.by_quantity:
        assert alone.log_likelihood(intensity[own]) == pytest.approx(whole[own])
