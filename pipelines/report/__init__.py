"""The page of a release: one self-contained file that shows what the published DuckDB file says, and nothing else."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pipelines.index import BENCHMARK
from pipelines.index.words import headline
from pipelines.report import charts

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

PILLARS = ("P1", "P2", "P3", "P4", "P5")


def render(file: Path) -> str:
    """The page for the published file at ``file``."""
    with duckdb.connect(file, read_only=True) as connection:

        def query(sql: str) -> pl.DataFrame:
            return pl.DataFrame(connection.sql(sql))

        ranking = query("from index.ranking order by measure, rank")
        readiness = ranking.filter(pl.col("measure") == "Readiness")
        scores = query("from index.scores")
        year = int(readiness["year"][0])
        cities = readiness["city"].to_list()
        covered = (pl.col("measure") == "Readiness") & pl.col("score").is_not_null() & (pl.col("year") <= year)
        lines = scores.filter(covered)
        return _TEMPLATES.get_template("page.html").render(
            headline=headline(readiness, query("from index.pairwise where measure = 'Readiness'")),
            year=year,
            benchmark=BENCHMARK,
            ranking=readiness.to_dicts(),
            realised=dict(ranking.filter(pl.col("measure") == "Realised").select("city", "score").iter_rows()),
            ranks=charts.rank_intervals(readiness),
            ribbons=charts.scores_over_years(lines.filter(pl.col("city").is_in([*cities[:3], BENCHMARK])), BENCHMARK),
            pillars=_pillars(scores.filter(pl.col("year") == year), [BENCHMARK, *cities]),
            pillar_names=dict(query("select distinct pillar, pillar_name from core.indicators order by pillar").iter_rows()),
            claims=_claims(query("from claims.scorecard")),
            sources=query("from core.sources where n_rows > 0 or status like 'failed%' order by table_name").to_dicts(),
            register=_basis(connection),
            release=query("from core.release").row(0, named=True),
        )


def _pillars(scores: pl.DataFrame, cities: list[str]) -> list[dict[str, Any]]:
    """City → its pillar scores, the benchmark first."""
    found = {(row["city"], row["measure"]): row["score"] for row in scores.iter_rows(named=True)}
    return [{"city": city, "scores": [found.get((city, pillar)) for pillar in PILLARS]} for city in cities]


def _claims(card: pl.DataFrame) -> list[dict[str, Any]]:
    """One entry per claim with its two periods, in the order of their numbers."""
    rows = {(row["claim"], row["period"]): row for row in card.iter_rows(named=True)}
    order = sorted({claim for claim, _ in rows}, key=lambda claim: (int(claim.rstrip("abc")), claim))
    return [rows[claim, "now"] | {"periods": [rows[claim, "then"], rows[claim, "now"]]} for claim in order]


def _basis(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """How many rows of each register table were recorded with their source at hand."""
    tables = ("companies", "deals", "founders", "investors", "investor_offices", "universities", "service_offices", "zones")
    rows = []
    for table in tables:
        sql = f"select count(basis) as n, count(*) filter (basis = 'seen') as seen from core.{table}"
        rows.append({"table": table.replace("_", " ")} | pl.DataFrame(connection.sql(sql)).row(0, named=True))
    return rows
