"""Prepare the work, and do it as the project does."""

import json
from collections.abc import Callable, Set
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from bench import made_up_deals, names, scale
from bench.compare.clock import Work, run
from pipelines.index import draws, rank_sets
from pipelines.resolve.names import NO_OVERRIDES, resolve
from pipelines.warehouse.engines.duckdb import SETTINGS, DuckDB
from pipelines.warehouse.model import Model
from tests.support.normal import normal_draws

#: Companies to match, units to rank and draws of each, cities and draws of their scores, and deals to build from.
COMPANIES, UNITS, SAMPLES, CITIES, SCORES, DEALS = 50_000, 100, 10_000, 358, 20_000, 200_000
LEVEL = 0.90


def prepare(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    """Write the input of every task, the same each time; return the facts of the machine."""
    ready()
    names.mentions(COMPANIES).write_parquet(folder / "mentions.parquet")
    rng = np.random.default_rng(1)
    np.savez(folder / "units.npz", mean=np.sort(rng.normal(size=UNITS)), error=rng.uniform(0.05, 0.3, UNITS))
    np.save(folder / "scores.npy", rng.normal(size=(SCORES, CITIES)).round(2))
    landed = folder / "landed"
    landed.mkdir()
    made_up_deals.generate(landed, DEALS)
    _write_project(folder / "dbt", landed)
    return {"machine": scale.machine()}


def dbt_model(model: Model, tables: Set[str]) -> str:
    """Return the query of a model as dbt reads it: those of ``tables`` that it waits for, and the query untouched."""
    schema, table = model.table.split(".")
    config = f"{{{{ config(materialized='table', schema='{schema}', alias='{table}') }}}}"
    waits = [f"-- depends_on: {{{{ ref('{_dbt_name(needed)}') }}}}" for needed in model.depends if needed in tables]
    return "\n".join([config, *waits, "{% raw %}", model.sql, "{% endraw %}", ""])


def _dbt_name(table: str) -> str:
    return table.replace(".", "__")


def _write_project(project: Path, landed: Path) -> None:
    """Write the models on the path to the targets as a dbt project, with the landings in its database."""
    (project / "models").mkdir(parents=True)
    path = scale.path_to(scale.TARGETS)
    tables = {model.table for model in path}
    for model in path:
        (project / "models" / f"{_dbt_name(model.table)}.sql").write_text(dbt_model(model, tables))
    (project / "macros").mkdir()
    schema = "{% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}"
    (project / "macros" / "schema.sql").write_text(schema)
    (project / "dbt_project.yml").write_text(json.dumps({"name": "nextvalley", "profile": "peer", "version": "1.0.0"}))
    limits = {
        **SETTINGS,
        "threads": made_up_deals.THREADS,
        "memory_limit": made_up_deals.MEMORY,
        "file_search_path": landed.as_posix(),
    }
    target = {"type": "duckdb", "path": (project / "build.duckdb").as_posix(), "threads": 1, "settings": limits}
    (project / "profiles.yml").write_text(json.dumps({"peer": {"target": "dev", "outputs": {"dev": target}}}))
    with duckdb.connect(project / "landed.duckdb") as connection:
        scale.land(connection, DuckDB(), landed)


def match_names(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    mentions = pl.read_parquet(folder / "mentions.parquet")
    ready()
    return names.joined(resolve(mentions, NO_OVERRIDES))


def rank_units(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    units = np.load(folder / "units.npz")
    ready()
    drawn = normal_draws(units["mean"], np.diag(units["error"] ** 2), SAMPLES)
    best, worst = rank_sets.simultaneous(units["mean"], drawn, LEVEL)
    return {"mean_width": round(float((worst - best + 1).mean()), 2)}


def rank_draws(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    scores = np.load(folder / "scores.npy")
    ready()
    return {"sum_of_ranks": int(draws.ranks(scores).sum())}


def build_models(folder: Path, ready: Callable[[], None]) -> dict[str, Any]:
    (folder / "landed" / "models.duckdb").unlink(missing_ok=True)
    ready()
    rows = scale.by_models(folder / "landed", DuckDB(), "models")["rows"]
    return {"rows": sum(rows.values())}


TASKS: dict[str, Work] = {
    "prepare": prepare,
    "names": match_names,
    "rank sets": rank_units,
    "ranks": rank_draws,
    "models": build_models,
}

if __name__ == "__main__":
    run(TASKS)
