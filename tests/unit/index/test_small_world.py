"""What is made of one small world is as written down in ``tests/expected``: tables of the index, the layout of lists."""

from dataclasses import fields

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK, compute, tables
from pipelines.index.compute import Result
from pipelines.index.diagnostics import backtest, permutation, sensitivity
from pipelines.index.measurement import measured, prepare
from pipelines.index.measurement.noises import Audits
from tests.support import counts_world, expected, world


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no more than a test needs."""
    for module, name, value in (
        (compute, "DRAWS", 100), (sensitivity, "SAMPLE", 64), (backtest, "BOOTSTRAPS", 100), (permutation, "PERMUTATIONS", 199),
        (permutation, "WORLDS", 100), (permutation, "PERMUTATIONS_EACH", 99),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


def test_tables_of_a_small_world() -> None:
    result = Result.of(world.inputs())
    made = tables.of(result, result)
    # The seal of the forecasts depends on their last digits.
    made["index.forecasts"] = made["index.forecasts"].drop("forecast")
    # What a list moves is found in single precision, which processors round otherwise.
    expected.compare("index", dict(sorted(made.items())), tolerance=1e-3)


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
