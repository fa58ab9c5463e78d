"""The index and the claims as assets."""

from dataclasses import dataclass
from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.index import BASE_YEAR, BENCHMARK, FIRST_YEAR, LAST_YEAR, METHOD_VERSION, compute, scope
from pipelines.index.diagnostics import backtest, distance
from pipelines.index.evidence import availability, structure
from pipelines.index.measure.coverage import LEVEL, estimate
from pipelines.orchestration.assets import claims
from pipelines.orchestration.assets.models import MODELS, asset_key
from pipelines.orchestration.assets.python_tables import materialised, spec
from pipelines.orchestration.ui.metadata import markdown
from pipelines.warehouse import database
from pipelines.warehouse.docs import DOCS

RECORDED = "select city, measure, recorded, held from core.register_coverage order by all"

#: Draws and seed of the interval shown for the share held.
SHARE_DRAWS, SHARE_SEED = 4000, 10_000

#: Columns every evidence table has; the others are measures.
KEYS = ["dataset", "city", "year", "year_to", "company", "label", "source", "url", "source_file", "source_row"]

EVIDENCE_MODELS = [model for model in MODELS if model.table.startswith("marts.evidence_")]

#: What is worked out from all companies at once (``structure``), and the tables it is worked out from.
STRUCTURE = "marts.evidence_structure"
STRUCTURE_DEPS = {"marts.coinvestment": "co-investment graph", "core.companies": "sectors"}
STRUCTURE_SEED = 11_000
SECTORS = (
    "select city_founded as city, founded as year, sector from core.companies where is_in_register and sector is not null "
    "order by all"
)

#: Measure → evidence table it is a column of.
TABLE_OF = {column.name: model.table for model in EVIDENCE_MODELS for column in model.columns if column.name not in KEYS} | {
    column: STRUCTURE for column in DOCS[STRUCTURE][1] if column not in KEYS
}


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


def shares_held(cities: pl.DataFrame, recorded: pl.DataFrame, country: str) -> pl.DataFrame:
    """The share of its companies that the register is estimated to hold, per city with companies.

    ``cities`` has city and country, ``recorded`` city, measure, recorded and held; without any recorded the share is one
    and not estimated.
    """
    names = sorted(cities["city"])
    fit = estimate(names, (cities.sort("city")["country"] == country).to_numpy(), recorded)
    low, high = np.quantile(fit.draw(SHARE_DRAWS, np.random.default_rng(SHARE_SEED)), [0.05, 0.95], axis=0)
    listed = recorded.filter(pl.col("measure") == LEVEL).select("city", pl.col("recorded", "held").name.prefix("n_"))
    shares = pl.DataFrame({"city": names, "share": fit.share, "low": low, "high": high}, schema_overrides={"city": pl.String})
    return (
        shares.join(listed, on="city", how="left")
        .with_columns(
            pl.col("n_recorded", "n_held").fill_null(0),
            (~pl.col("city").is_in(recorded["city"].to_list())).alias("is_common"),
            pl.lit(not recorded.is_empty()).alias("is_estimated"),
        )
        .sort("city")
    )


@dataclass(frozen=True)
class Ground:
    """What the index of a country rests on, as conditions for SQL.

    ``datasets`` chooses among the rows of a source, ``evidence`` among those of evidence, ``cities`` those of ``core.cities``.
    """

    country: str
    datasets: str
    evidence: str
    cities: str

    @classmethod
    def of(cls, country: str) -> "Ground":
        if scope.basis(country) == scope.REGISTER:
            return cls(country, "dataset = 'register'", "dataset = 'register'", "is_in_register")
        # Other countries' cities are not compared with; the benchmark is.
        cities = f"(country = '{country}' or city = '{BENCHMARK}')"
        lists = "dataset <> 'register'"
        return cls(country, lists, f"{lists} and city in (select city from core.cities where {cities})", cities)


def _structure(connection: Any, ground: Ground) -> pl.DataFrame:
    """Evidence that no SQL expresses, for the cities compared. Sectors are the register's: lists have no classification."""
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    compared = database.query(connection, f"select city, country from core.cities where {ground.cities}")
    compared = compared.filter((pl.col("country") == ground.country) | (pl.col("city") == BENCHMARK))
    given = database.query(connection, f"select min(dataset) as dataset from marts.deal_sources where {ground.datasets}").item()
    graph = database.query(connection, f"select deal, year, city, n_investors from marts.coinvestment where {ground.datasets}")
    parts = {"marts.coinvestment": structure.centrality(graph, years)}
    if scope.basis(ground.country) == scope.REGISTER:
        parts["core.companies"] = structure.sectors(
            database.query(connection, SECTORS).join(compared, on="city", how="semi"),
            years,
            np.random.default_rng(STRUCTURE_SEED),
        )
    frames = [
        frame.with_columns(
            pl.format("{}, {} of {}", "city", pl.lit(STRUCTURE_DEPS[table]), "year").alias("label"), pl.lit(table).alias("source")
        )
        for table, frame in parts.items()
    ]
    null = pl.lit(None, pl.String)
    filled = {
        "dataset": pl.lit(given, pl.String),
        "year_to": pl.col("year"),
        "company": null,
        "url": null,
        "source_file": pl.col("source"),
        "source_row": null.cast(pl.Int32),
    }
    table = pl.concat(frames, how="diagonal").join(compared, on="city", how="semi").with_columns(**filled)
    missing = [name for name in DOCS[STRUCTURE][1] if name not in table.columns]
    return (
        table.with_columns(pl.lit(None, pl.Float64).alias(name) for name in missing)
        .select(DOCS[STRUCTURE][1].keys())
        .sort("city", "year", "label")
    )


@dg.multi_asset(
    name="gather_evidence",
    specs=[
        _spec("index.coverage", ["core.register_coverage", "core.cities", "core.companies"]),
        _spec(STRUCTURE, [*STRUCTURE_DEPS, "marts.deal_sources", "core.cities"]),
        _spec(
            "marts.evidence",
            [
                "index.coverage",
                STRUCTURE,
                *(one.table for one in EVIDENCE_MODELS),
                "core.indicators",
                "core.companies",
                "core.cities",
            ],
        ),
    ],
)
def gather_evidence() -> Any:
    with database.connect() as connection:
        frames = gather(connection, scope.country())
        for table, frame in frames.items():
            database.write(connection, table, frame)
    shares, found = frames["index.coverage"], frames["marts.evidence"]
    yield materialised("index.coverage", shares, compared=markdown(shares.filter(pl.col("n_recorded") > 0)))
    yield materialised(STRUCTURE, frames[STRUCTURE])
    by_measure = found.group_by("measure", "evidence_table").len().sort("measure")
    yield materialised("marts.evidence", found, measures=markdown(by_measure))


def gather(connection: Any, country: str) -> dict[str, pl.DataFrame]:
    """The evidence that the index of ``country`` rests on, by table; reads the warehouse and writes nothing."""
    ground = Ground.of(country)
    tables = {model.table: database.query(connection, f"from {model.table} where {ground.evidence}") for model in EVIDENCE_MODELS}
    tables[STRUCTURE] = _structure(connection, ground)
    indicators = database.query(connection, "from core.indicators")
    check_measures(indicators)
    companies = _companies(
        connection, ground, pl.concat([frame.select("company", "city").cast(pl.String) for frame in tables.values()])
    )
    cities = database.query(connection, "select city, country from core.cities")
    shares = shares_held(cities.join(companies, on="city", how="semi"), _recorded(connection, ground), country)
    stands_for = companies.join(shares, on="city").select("company", (1 / pl.col("share")).alias("weight"))
    return {STRUCTURE: tables[STRUCTURE], "index.coverage": shares, "marts.evidence": melt(tables, indicators, stands_for)}


def _recorded(connection: Any, ground: Ground) -> pl.DataFrame:
    """What independent recordings say of the register; a list is its own recording, so there is nothing to say of it."""
    recorded = database.query(connection, RECORDED)
    return recorded if scope.basis(ground.country) == scope.REGISTER else recorded.clear()


def _companies(connection: Any, ground: Ground, named: pl.DataFrame) -> pl.DataFrame:
    """Companies and the city whose share held is theirs (company, city): of lists, where that is one, any they are named in."""
    if scope.basis(ground.country) == scope.REGISTER:
        return database.query(connection, "select company, city from core.companies where is_in_register order by company")
    return named.select("company", "city").drop_nulls().group_by("company").agg(pl.col("city").min()).sort("company")


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
    "index.availability",
    "index.goalposts",
    "index.scores",
    "index.pairwise",
    "index.headline",
    "index.distance",
    "index.backtest",
    *compute.TABLES,
]


def inputs_of(connection: Any, country: str, evidence: pl.DataFrame) -> tuple[compute.Inputs, pl.DataFrame]:
    """What the index of ``country`` is computed from, and which indicators there is evidence for (``basis.availability``)."""
    ground = Ground.of(country)
    evidence = evidence.select("measure", "city", "company", "year", "year_to", "value")
    indicators = database.query(connection, "from core.indicators order by pillar, source_row")
    cities = database.query(connection, f"select city, country from core.cities where {ground.cities} order by city")
    at_home = set(cities.filter(pl.col("country") == country)["city"])
    years, base_year = (FIRST_YEAR, LAST_YEAR), BASE_YEAR
    if scope.basis(country) == scope.LISTS:
        years = _years_covered(evidence, at_home, country)
        base_year = min(BASE_YEAR, years[1])
    there = availability.availability(indicators, evidence, at_home, years, base_year)
    inputs = compute.Inputs(
        evidence=evidence,
        table_of=TABLE_OF,
        indicators=indicators.join(there.filter("is_available"), on="indicator", how="semi", maintain_order="left"),
        cities=cities,
        companies=_companies(connection, ground, evidence),
        recorded=_recorded(connection, ground),
        country=country,
        boundaries=database.query(connection, "select preset, city, merged_into from core.boundaries order by all"),
        years=years,
        base_year=base_year,
    )
    return inputs, there


def _years_covered(evidence: pl.DataFrame, at_home: set[str], country: str) -> tuple[int, int]:
    """The first and the last year that the lists cover; raises InputError where they hold too little of the country."""
    first = availability.first_covered_year(evidence)
    deals = evidence.filter((pl.col("measure") == "deals_received") & pl.col("city").is_in(list(at_home)))
    if first is None or deals.is_empty():
        problem = f"no worldwide list of deals that is loaded has a deal of a city in {country}"
        remedy = "Load one: SOURCES=all, or SOURCES=crunchbase_2015 or crunchbase_investments with csrankings, openalex and gawc"
        raise InputError("SCOPE", [Problem(country, problem, remedy)])
    return max(first, FIRST_YEAR), compute.latest_covered_year(evidence, at_home)


def check_ranked(result: compute.Result, country: str) -> None:
    """Raises InputError where no city of ``country`` has enough data to be ranked."""
    if not result.ranked[list(result.years).index(result.headline)].any():
        problem = f"no city of {country} has enough data to be ranked in {result.headline}"
        raise InputError("SCOPE", [Problem(country, problem, "Load more sources, or name another country")])


@dg.multi_asset(
    name="compute_index",
    specs=[
        *(_spec(table, INPUT_TABLES) for table in INDEX_TABLES),
        *(_spec(table, ["marts.evidence", *claims.DEPS]) for table in claims.TABLES),
    ],
)
def compute_index(context: dg.AssetExecutionContext) -> Any:
    with database.connect() as connection:
        inputs, there = inputs_of(connection, scope.country(), database.query(connection, "from marts.evidence"))
        result = compute.compute(inputs)
        check_ranked(result, inputs.country)
        known = backtest.history(inputs, result.headline)
        definitions = database.query(connection, "from core.indicators")
        context.log.info(f"index computed for {len(result.cities)} cities, headline year {result.headline}")
        frames = {
            "marts.indicator_values": result.indicator_values,
            "index.goalposts": result.goalposts,
            "index.scores": result.scores,
            "index.pairwise": result.pairwise,
            "index.availability": there,
            "index.headline": pl.DataFrame(
                {
                    "year": [result.headline],
                    "country": [inputs.country],
                    "basis": [scope.basis(inputs.country)],
                    "left_out": [", ".join(availability.left_out(definitions, there)) or None],
                    "rests_on_one": [", ".join(availability.resting_on_one(definitions, there)) or None],
                },
                {"year": pl.Int64} | dict.fromkeys(("country", "basis", "left_out", "rests_on_one"), pl.String),
            ),
            "index.distance": distance.table(result, distance.undated(inputs)),
            "index.backtest": backtest.table(known, backtest.forecasts(known)),
            **result.tables,
        }
        # The claims test the draws themselves, not their summaries, so they run where the draws are.
        frames |= claims.tables(connection, result, inputs.country)
        for table, frame in frames.items():
            database.write(connection, table, frame)
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
