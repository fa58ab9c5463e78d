"""The ASEM index rebuilt under drawn choices, as COINr's sensitivity analysis of it does.

Four factors: most values winsorised (1–5), normaliser (min-max 1–100 or z-score 10 ± 2), weights of pillars and sub-indices
moved by up to ±25%, arithmetic or geometric mean. Every stage is built once for each setting of what it depends on; only
the weights differ in every run. Reads COINr's example data from the folder beside the recordings.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bench.coinr import imputation, treatment
from bench.coinr.aggregators import arithmetic, geometric, up
from bench.coinr.denominate import denominate
from bench.coinr.hierarchy import Hierarchy
from bench.coinr.normalisers import min_max, rank, z_score
from bench.coinr.screening import screen
from pipelines import settings

#: COINr's example data and results, beside the recordings.
GOLDEN = Path(os.environ.get("RECORDINGS", settings.SHIPPED.parent / "shared" / "raw")).parent / "golden" / "coinr"

#: Share of indicators a country needs.
LEAST_PRESENT = 0.90

WINSORISED = np.arange(1, 6)
NORMALISERS: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
    lambda values: min_max(values, low=1, high=100),
    lambda values: z_score(values, mean=10, sd=2),
)
AGGREGATORS = (arithmetic, geometric)

#: Reach of the noise on weights, and how many sets of them there are to choose from.
NOISE, WEIGHT_SETS = 0.25, 1000


@dataclass(frozen=True)
class Example:
    """Raw indicators (country, indicator), their denominators likewise, group of each country, and the metadata."""

    countries: list[str]
    raw: np.ndarray
    denominators: np.ndarray
    group: np.ndarray
    direction: np.ndarray
    hierarchy: Hierarchy


def read(folder: Path) -> Example:
    """Return COINr's example, countries in the order of their codes as in its results."""
    meta = pl.read_csv(folder / "asem_imeta.csv", null_values="NA").filter(pl.col("Level").is_not_null())
    data = pl.read_csv(folder / "asem_idata.csv", null_values="NA", infer_schema_length=None).sort("uCode")
    hierarchy = Hierarchy.of(list(meta.select("iCode", "Parent", "Weight").iter_rows()))
    indicators = meta.filter(pl.col("Type") == "Indicator")
    columns = [pl.col(name).cast(pl.Float64).fill_null(float("nan")) for name in indicators["iCode"]]
    below = [np.ones(len(data)) if name is None else data[name].to_numpy() for name in indicators["Denominator"]]
    return Example(
        countries=data["uCode"].to_list(),
        raw=data.select(columns).to_numpy(),
        denominators=np.column_stack(below),
        group=data["EurAsia_group"].to_numpy(),
        direction=indicators["Direction"].to_numpy().astype(float),
        hierarchy=hierarchy,
    )


def prepare(example: Example) -> np.ndarray:
    """Return indicators per denominator, gaps filled with the mean of the group, without countries of too little data."""
    values = imputation.by_group(denominate(example.raw, example.denominators), example.group)
    return values[screen(~np.isnan(values), LEAST_PRESENT)]


def weight_sets(hierarchy: Hierarchy, rng: np.random.Generator) -> list[np.ndarray]:
    """Return weights for each step up the hierarchy, (set, 1, member): those of the indicators as given, the others noisy."""
    given, *others = hierarchy.weights
    return [given, *(w * (1 + rng.uniform(-NOISE, NOISE, (WEIGHT_SETS, 1, len(w)))) for w in others)]


def rebuild(example: Example, points: np.ndarray, sets: list[np.ndarray]) -> np.ndarray:
    """Return the index of every country for each point (run, factor) of the unit cube: (run, country)."""
    winsorised, normaliser, weights, aggregator = (
        np.minimum((column * count).astype(int), count - 1)
        for column, count in zip(points.T, (len(WINSORISED), len(NORMALISERS), WEIGHT_SETS, len(AGGREGATORS)), strict=True)
    )
    treated = treatment.treat(prepare(example), WINSORISED[:, None, None]) * example.direction
    scores = np.empty((len(points), treated.shape[1]))
    for n, normalise in enumerate(NORMALISERS):
        scaled = normalise(treated)
        for a, mean in enumerate(AGGREGATORS):
            runs = np.flatnonzero((normaliser == n) & (aggregator == a))
            pillars = up(scaled, sets[0], example.hierarchy.parent[0], mean)[winsorised[runs]]
            for given, parent in zip(sets[1:], example.hierarchy.parent[1:], strict=True):
                pillars = up(pillars, given[weights[runs]], parent, mean)
            scores[runs] = pillars[..., 0]
    return scores


def ranks(scores: np.ndarray) -> np.ndarray:
    """Rank of each country in each run, 1 the highest."""
    return rank(-scores.T, ties="least").T
