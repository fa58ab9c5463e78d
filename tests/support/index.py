"""A small index: draws of the measurement model made by hand, and what is computed from them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.index import BENCHMARK
from pipelines.index.compute import Inputs
from pipelines.index.measurement.layout import CENTRES, UNIT, Columns, Layout
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.priors import Settings

#: Quantities of a small index: flows, then stocks.
FLOWS, STOCKS = ("deals", "founders", "exits"), ("schools", "population")

#: Its indicators: (indicator, pillar, score, quantity, per, goalpost, weight).
INDICATORS = (
    ("schools", "P1", "Readiness", "schools", None, "leader", 1.0),
    ("deals", "P2", "Readiness", "deals", None, "benchmark", 3.0),
    ("founder_density", "P2", "Readiness", "founders", "population", "benchmark", 1.0),
    ("exits", "P6", "Realised", "exits", None, "benchmark", 1.0),
)


#: Columns of ``marts.list_counts`` that are read.
COUNTS = {
    "quantity": pl.String, "list": pl.String, "dataset": pl.String, "city": pl.String, "year": pl.Int64, "n": pl.Float64,
}  # fmt: skip
#: Columns of ``index.published_rankings`` and ``index.ranking_contents`` that are read.
RANKINGS = {
    "ranking": pl.String, "edition": pl.String, "year": pl.Int64, "scope": pl.String, "city": pl.String, "area": pl.String,
    "rank": pl.Int64,
}  # fmt: skip
#: No presets: nothing is merged.
EMPTY = pl.DataFrame(schema={"preset": pl.String, "city": pl.String, "merged_into": pl.String})
CONTENTS = {"ranking": pl.String, "indicator": pl.String, "weight": pl.Float64, "per": pl.String}


def indicators(rows: Sequence[tuple[object, ...]] = INDICATORS) -> pl.DataFrame:
    """Return a table of indicators as ``core.indicators`` has it."""
    names = ["indicator", "pillar", "measure", "quantity", "per", "goalpost", "weight"]
    return pl.DataFrame(rows, names, orient="row").with_columns(
        pl.col("indicator").alias("name"),
        pl.lit("things").alias("unit"),
        pl.lit(None, pl.String).alias("part_of"),
        pl.int_range(pl.len()).alias("source_row"),
    )


def steps_of(columns: Columns) -> np.ndarray:
    """Return how many times five years the middle of each column lies after that of the last period, (column,); 0 of stocks."""
    return np.where(columns.year_of > 0, (columns.year_of - CENTRES[columns.periods - 1]) / UNIT, 0.0)


def posterior(
    cities: Sequence[str],
    logs: np.ndarray,
    flows: tuple[str, ...] = FLOWS,
    stocks: tuple[str, ...] = STOCKS,
    growth: float = 0.0,
    attention: np.ndarray | None = None,
) -> Posterior:
    """Return a posterior with ``logs`` (draw, city, quantity), flows growing by ``growth`` in five years up to the last period.

    One list per quantity, the register, whose log ``attention`` (draw, city) is the same for every quantity.
    """
    columns = Columns(flows, stocks)
    quantities, draws, count = len(columns.quantities), len(logs), len(cities)
    latent = logs[:, :, columns.quantity_of] + growth * steps_of(columns)
    places = columns.quantity_of
    layout = Layout(
        cities=list(cities),
        group_of=np.zeros(count, dtype=int),
        columns=columns,
        lists=[f"{name}/register" for name in columns.quantities],
        datasets=["register"] * quantities,
        quantity_of=np.arange(quantities),
        list_of=places,
        column_of=np.arange(columns.count),
        exposure=np.zeros(columns.count),
        counts=np.rint(np.exp(np.clip(latent.mean(0), -5, 10))),
        covers=np.ones((count, columns.count), dtype=bool),
        noise=np.eye(quantities)[places],
        noise_names=[f"{name}/register" for name in columns.quantities],
        own_noise=np.arange(quantities),
        wrong=np.zeros(columns.count),
        is_exact=np.zeros(quantities, dtype=bool),
        series_of=np.arange(quantities),
        is_stock=np.array([name in stocks for name in columns.quantities]),
        is_in_sum=np.zeros(quantities, dtype=bool),
        anchor=np.ones(quantities, dtype=bool),
        is_chosen=np.zeros(quantities, dtype=bool),
        region_of=np.zeros(count, dtype=int),
        by_region=np.zeros(quantities, dtype=bool),
        family_of=np.full(quantities, -1),
        families=[],
        family_noise=np.empty(0, dtype=int),
    )
    return Posterior(
        layout,
        {
            "latent": latent.astype(np.float32),
            "grown": np.zeros((draws, 1, columns.count), np.float32),
            "attention": np.repeat(
                (np.zeros((draws, count)) if attention is None else attention)[..., None], quantities, axis=-1
            ),
            "national": np.zeros((draws, quantities, 1), np.float32),
            "noise": np.full((draws, quantities), 0.3, np.float32),
            "elasticity": np.ones((draws, quantities), np.float32),
        },
        Settings(
            covariance=4 * np.eye(quantities),
            step_covariance=0.1 * np.eye(len(flows)),
            spread=np.ones((1, 2)),
            log_scale=np.log(np.full(quantities + 3, 0.3)),
            elasticity=np.empty(0),
        ),
    )


def uncounted(drawn: Posterior, cities: Sequence[str], *quantities: str, is_group: bool = True) -> Posterior:
    """Return ``drawn`` where no list counts these quantities in these cities, which are a group of their own."""
    layout, inside = drawn.layout, np.isin(drawn.layout.cities, cities)
    is_left_out = np.isin(np.array(layout.columns.quantities)[layout.quantity_of[layout.list_of]], quantities)
    group_of = inside.astype(int) if is_group else layout.group_of
    groups = group_of.max() + 1
    of_groups = {"grown": drawn.values["grown"][:, :1].repeat(groups, axis=1)}
    of_groups["national"] = drawn.values["national"][:, :, :1].repeat(groups, axis=2)
    settings = replace(drawn.settings, spread=drawn.settings.spread[:1].repeat(groups, axis=0))
    layout = replace(layout, covers=layout.covers & ~np.outer(inside, is_left_out), group_of=group_of)
    return replace(drawn, layout=layout, values=drawn.values | of_groups, settings=settings)


def inputs(drawn: Posterior, table: pl.DataFrame | None = None, boundaries: pl.DataFrame = EMPTY, headline: int = 2020) -> Inputs:
    """Return what an index of China is computed from; every city but the benchmark is Chinese."""
    cities = drawn.layout.cities
    country = ["US" if city == BENCHMARK else "CN" for city in cities]
    counts = pl.DataFrame(schema=COUNTS)
    return Inputs(
        posterior=drawn,
        indicators=indicators() if table is None else table,
        cities=pl.DataFrame({"city": cities, "country": country}),
        boundaries=boundaries,
        counts=counts,
        rankings=pl.DataFrame(schema=RANKINGS),
        contents=pl.DataFrame(schema=CONTENTS),
        scope="CN",
        headline=headline,
    )


def logs_of(values: Mapping[str, Sequence[float]], draws: int = 1, spread: float = 0.0) -> np.ndarray:
    """Return logs (draw, city, quantity) of ``values``, city → how much it has of each quantity, drawn around them."""
    centre = np.log(np.array([*values.values()], dtype=float))
    return centre + np.random.default_rng(0).normal(0, spread, (draws, *centre.shape))
