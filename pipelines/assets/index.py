"""The index and the claims as assets."""

from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from pipelines import warehouse
from pipelines.assets import claims
from pipelines.assets.made import materialised, spec
from pipelines.assets.models import MODELS, asset_key
from pipelines.assets.shown import markdown
from pipelines.docs import DOCS
from pipelines.errors import InputError, Problem
from pipelines.index import LAST_YEAR, METHOD_VERSION, backtest, distance, run
from pipelines.index.coverage import LEVEL, estimate

SCOPE = "CN"

RECORDED = "select city, measure, recorded, held from core.register_coverage order by all"

#: Draws and seed of the interval shown for the share held.
SHARE_DRAWS, SHARE_SEED = 4000, 10_000

#: Columns every evidence table has; the others are measures.
KEYS = ["city", "year", "year_to", "company", "label", "source", "url", "source_file", "source_row"]

EVIDENCE_MODELS = [model for model in MODELS if model.table.startswith("marts.evidence_")]

#: Measure → evidence table it is a column of.
TABLE_OF = {column.name: model.table for model in EVIDENCE_MODELS for column in model.columns if column.name not in KEYS}


def _spec(table: str, deps: list[str]) -> dg.AssetSpec:
    return spec(table, [asset_key(one) for one in deps], METHOD_VERSION)


def check_measures(indicators: pl.DataFrame) -> None:
    """Raises InputError for an indicator whose column, denominator or alternative no evidence table has."""
    problems = [
        Problem(
            "data/reference/indicators.csv",
            f"{row[column]!r} is not a column of any marts.evidence_* model",
            "Correct the name, or add the column to one of sql/marts/evidence_*.sql",
            row["source_row"],
            column,
        )
        for row in indicators.iter_rows(named=True)
        for column in ("indicator", "denominator", "alternative")
        if row[column] is not None and row[column] not in TABLE_OF
    ]
    if problems:
        raise InputError("reference", problems)


def melt(tables: dict[str, pl.DataFrame], indicators: pl.DataFrame, stands_for: pl.DataFrame) -> pl.DataFrame:
    """Every evidence table as one long frame, one row per piece of evidence and measure.

    The years in whose window a piece counts, and how many companies its company stands for (``stands_for``:
    company, weight), are worked out here once, for readers and macros.
    """
    windows = dict.fromkeys(TABLE_OF, 1)
    counted = []
    for row in indicators.iter_rows(named=True):
        for column in (row["indicator"], row["alternative"]):
            if column is not None:
                windows[column] = row["window"]
        if row["denominator"] and TABLE_OF[row["denominator"]] == TABLE_OF[row["indicator"]]:
            windows[row["denominator"]] = row["window"]
        if row["kind"] in ("count", "rate"):
            counted += [row["indicator"], row["alternative"]]
    parts = [
        frame.unpivot(
            [name for name in frame.columns if name not in KEYS], index=KEYS, variable_name="measure", value_name="value"
        )
        .drop_nulls("value")
        .with_columns(pl.col("value").cast(pl.Float64), pl.lit(table).alias("evidence_table"))
        for table, frame in tables.items()
    ]
    window = pl.col("measure").replace_strict(windows, return_dtype=pl.Int64)
    last = pl.col("year_to").fill_null(LAST_YEAR).cast(pl.Int64) + window - 1
    return (
        pl.concat(parts, how="vertical_relaxed")
        .join(stands_for, on="company", how="left")
        .with_columns(
            pl.col("year").cast(pl.Int64).alias("counts_from"),
            pl.min_horizontal(last, pl.lit(LAST_YEAR)).alias("counts_to"),
            pl.when(pl.col("measure").is_in(counted)).then(pl.col("weight")).fill_null(1.0).alias("weight"),
        )
        .select(DOCS["marts.evidence"][1].keys())
        .sort("measure", "city", "year", "label", "source_file", "source_row")
    )


def shares_held(cities: pl.DataFrame, recorded: pl.DataFrame) -> pl.DataFrame:
    """The share of its companies that the register is estimated to hold, per city with companies.

    ``cities`` has city and country, ``recorded`` city, measure, recorded and held.
    """
    names = sorted(cities["city"])
    fit = estimate(names, (cities.sort("city")["country"] == SCOPE).to_numpy(), recorded)
    low, high = np.quantile(fit.draw(SHARE_DRAWS, np.random.default_rng(SHARE_SEED)), [0.05, 0.95], axis=0)
    listed = recorded.filter(pl.col("measure") == LEVEL).select("city", pl.col("recorded", "held").name.prefix("n_"))
    shares = pl.DataFrame({"city": names, "share": fit.share, "low": low, "high": high})
    return (
        shares.join(listed, on="city", how="left")
        .with_columns(
            pl.col("n_recorded", "n_held").fill_null(0), (~pl.col("city").is_in(recorded["city"].to_list())).alias("is_common")
        )
        .sort("city")
    )


@dg.multi_asset(
    name="gather_evidence",
    specs=[
        _spec("index.coverage", ["core.register_coverage", "core.cities", "core.companies"]),
        _spec("marts.evidence", ["index.coverage", *(one.table for one in EVIDENCE_MODELS), "core.indicators", "core.companies"]),
    ],
)
def gather_evidence() -> Any:
    with warehouse.connect() as connection:
        shares = shares_held(
            warehouse.query(
                connection,
                "select distinct c.city, c.country from core.cities c join core.companies m on m.city = c.city "
                "where m.is_in_register",
            ),
            warehouse.query(connection, RECORDED),
        )
        warehouse.write(connection, "index.coverage", shares)
        yield materialised("index.coverage", shares, compared=markdown(shares.filter(pl.col("n_recorded") > 0)))
        tables = {model.table: warehouse.query(connection, f"from {model.table}") for model in EVIDENCE_MODELS}
        indicators = warehouse.query(connection, "from core.indicators")
        check_measures(indicators)
        stands_for = warehouse.query(
            connection,
            "select c.company, 1 / s.share as weight from core.companies c join index.coverage s on s.city = c.city "
            "where c.is_in_register",
        )
        frame = melt(tables, indicators, stands_for)
        warehouse.write(connection, "marts.evidence", frame)
        by_measure = frame.group_by("measure", "evidence_table").len().sort("measure")
        yield materialised("marts.evidence", frame, measures=markdown(by_measure))


INPUT_TABLES = [
    "marts.evidence",
    "core.register_coverage",
    "core.indicators",
    "core.cities",
    "core.companies",
    "core.boundaries",
]
INDEX_TABLES = [
    "marts.indicator_values",
    "index.goalposts",
    "index.scores",
    "index.pairwise",
    "index.headline",
    "index.distance",
    "index.backtest",
    *run.TABLES,
]


def read_inputs(connection: Any) -> run.Inputs:
    return run.Inputs(
        evidence=warehouse.query(connection, "select measure, city, company, year, year_to, value from marts.evidence"),
        table_of=TABLE_OF,
        indicators=warehouse.query(connection, "from core.indicators order by pillar, source_row"),
        cities=warehouse.query(connection, "select city, country from core.cities where is_in_register order by city"),
        companies=warehouse.query(connection, "select company, city from core.companies where is_in_register order by company"),
        recorded=warehouse.query(connection, RECORDED),
        country=SCOPE,
        boundaries=warehouse.query(connection, "select preset, city, merged_into from core.boundaries order by all"),
    )


@dg.multi_asset(
    name="compute_index",
    specs=[
        *(_spec(table, INPUT_TABLES) for table in INDEX_TABLES),
        *(_spec(table, ["marts.evidence", *claims.DEPS]) for table in claims.TABLES),
    ],
)
def compute_index(context: dg.AssetExecutionContext) -> Any:
    with warehouse.connect() as connection:
        inputs = read_inputs(connection)
        result = run.compute(inputs)
        known = backtest.history(inputs, result.headline)
        context.log.info(f"index computed for {len(result.cities)} cities, headline year {result.headline}")
        frames = {
            "marts.indicator_values": result.indicator_values,
            "index.goalposts": result.goalposts,
            "index.scores": result.scores,
            "index.pairwise": result.pairwise,
            "index.headline": pl.DataFrame({"year": [result.headline], "country": [SCOPE]}),
            "index.distance": distance.table(result, distance.undated(inputs)),
            "index.backtest": backtest.table(known, backtest.forecasts(known)),
            **result.tables,
        }
        # The claims test the draws themselves, not their summaries, so they run where the draws are.
        frames |= claims.tables(connection, result, SCOPE)
        for table, frame in frames.items():
            warehouse.write(connection, table, frame)
            shown: dict[str, Any] = {}
            if table == "index.scores":
                first = frame.filter((pl.col("year") == result.headline) & (pl.col("measure") == "Readiness"))
                shown["ranking"] = markdown(
                    first.drop_nulls("rank")
                    .sort("rank")
                    .select("rank", "city", "score", "rank_low_total", "rank_high_total", "p_first")
                )
            if table == "claims.evidence":
                shown["verdicts"] = markdown(
                    frame.filter("is_rule").select("claim", "period", "dataset", "verdict", "estimate", "low", "high", "n")
                )
            yield materialised(table, frame, **shown)


ASSETS = [gather_evidence, compute_index]
