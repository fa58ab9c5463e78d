"""A person who opens the Dagster UI cold understands it: every asset says what it is, whose, how fresh, and from where."""

import base64
import re
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines.definitions import assemble, defs
from pipelines.errors import InputError
from pipelines.ingest import sources
from pipelines.ingest.source import Source, Table
from pipelines.orchestration.assets import landing, models, promises, python_tables, schemas
from pipelines.orchestration.assets.models import MODELS
from pipelines.orchestration.assets.promises import asset_key
from pipelines.orchestration.sensors import PUBLISHES
from pipelines.orchestration.ui import metadata, plots
from pipelines.resolve.places.table import Places
from pipelines.schema import TableSchema
from pipelines.warehouse import database

GRAPH = defs.resolve_asset_graph()
SPECS = {spec.key: spec for spec in defs.resolve_all_asset_specs()}
TABLES = {key.path[0] + "." + key.path[1]: spec for key, spec in SPECS.items()}
GROUPS = {"landing", "staging", "core", "marts", "index", "claims", "release"}
BY_CADENCE = [(source, table) for source in sources.ALL for table in source.tables]


def test_every_table_of_the_release_is_an_asset() -> None:
    assert {model.table for model in MODELS} | {table.table for table in schemas.BUILT} <= set(TABLES)


def faults_of(table: str) -> list[str]:
    """Return what an asset fails to say of itself."""
    asset, description = TABLES[table], TABLES[table].description or " "
    is_model = table in {model.table for model in MODELS}
    is_kept = {
        "group": asset.group_name == table.split(".")[0] in GROUPS,
        "kinds": 1 <= len(asset.kinds) <= 3 and ("sql" in asset.kinds) == is_model,
        "owner": asset.owners == ["team:nextvalley"],
        # One sentence, as far as one can tell: no full stop before a capital.
        "sentence": description[0].isupper() and description.endswith(".") and not re.search(r"[a-z)]\. [A-Z]|\n", description),
    }
    return [name for name, is_so in is_kept.items() if not is_so]


def test_every_asset_says_what_it_is() -> None:
    assert {table: faults_of(table) for table in TABLES if faults_of(table)} == {}


#: Days after which a landing is worth a look and stale, a day of grace included; what was published once never is.
DAYS = {
    "when edited": (2, 3), "daily": (2, 3), "weekly": (8, 15), "monthly": (32, 63), "quarterly": (93, 185),
    "yearly": (367, 733), "once": (None, 3660),
}  # fmt: skip
CHECKS = {"newest_attempt_landed", "looks_as_expected"}


def landing_faults(source: Source, table: Table) -> list[str]:
    """Return what the landing asset of a table lacks."""
    key = landing.landing_key(source, table)
    asset, policy = SPECS[key], SPECS[key].freshness_policy
    fail = policy.fail_window.to_timedelta().days  # type: ignore[union-attr]
    warn = policy.warn_window.to_timedelta().days if policy.warn_window else None  # type: ignore[union-attr]
    columns = asset.metadata["dagster/column_schema"].columns
    is_kept = {
        "freshness": (warn, fail) == DAYS[source.cadence],
        "licence": asset.tags["licence_class"] == source.licence_class,
        "columns": [column.name for column in columns] == table.contract.column_names(),
        "documentation": all(column.description for column in columns),
        "checks": {check.name for check in GRAPH.asset_check_keys if check.asset_key == key} == CHECKS,
    }
    return [name for name, is_so in is_kept.items() if not is_so]


def test_every_landing_has_freshness_columns_and_checks() -> None:
    faults = {f"{source.name}, {table.name}": landing_faults(source, table) for source, table in BY_CADENCE}
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(("setting", "status"), [("", "STOPPED"), ("on", "RUNNING")])
def test_schedules_run_from_the_start_if_the_setting_says_so(monkeypatch: pytest.MonkeyPatch, setting: str, status: str) -> None:
    monkeypatch.setenv("SCHEDULES", setting)
    monkeypatch.setenv("SOURCES", "register")
    schedules = {one.name: one.default_status.value for one in assemble().schedules or []}  # type: ignore[union-attr]
    assert schedules == dict.fromkeys(("land_reference", "land_register", "land_inbox", "tidy_nightly"), status)


def test_sensors_are_running_and_all_is_described() -> None:
    sensors = {one.name: one.default_status.value for one in defs.sensors or []}
    names = (
        "build_after_landing_success",
        "build_after_landing_failure",
        "land_again",
        "close_dead_runs",
        "alert_on_failure",
        "alert_on_staleness",
    )
    assert sensors == dict.fromkeys(names, "RUNNING") | {"land_changed_inbox": "STOPPED", "land_new_sources": "STOPPED"}
    # What is materialized in the graph runs in a job that no list of jobs has, and has to be built too.
    assert [one._monitored_jobs for one in defs.sensors or [] if isinstance(one, dg.RunStatusSensorDefinition)][:2] == [[], []]
    (step,) = (step for step in GRAPH.assets_defs if dg.AssetKey(["release", "nextvalley"]) in step.keys)
    assert step.node_def.name == PUBLISHES
    assert all(one.description for one in [*(defs.schedules or []), *(defs.sensors or []), *(defs.jobs or [])])  # type: ignore[union-attr]


# Lineage


def known_columns() -> dict[str, set[str]]:
    found = {model.table: {column.name for column in model.columns} for model in MODELS}
    return found | {table.table: set(table.column_names()) for table in schemas.BUILT}


def upstream(table: str) -> set[str]:
    """Every table that ``table`` is made from, directly or not."""
    found: set[dg.AssetKey] = set()
    ahead = {asset_key(table)}
    while ahead:
        ahead = {parent for key in ahead for parent in GRAPH.get(key).parent_keys} - found
        found |= ahead
    return {".".join(key.path) for key in found}


def lineage_faults(table: type[TableSchema], columns: dict[str, set[str]]) -> list[str]:
    """Return the columns that the lineage or a reference of a table names and that do not exist upstream of it."""
    lineage, above = python_tables.lineage(table), upstream(table.table)
    faults = [] if list(lineage) == table.column_names() and all(lineage.values()) == bool(table.reads) else ["columns"]
    (step,) = (step.keys for step in GRAPH.assets_defs if asset_key(table.table) in step.keys)
    read = {pair for pairs in lineage.values() for pair in pairs}
    faults += [f"{name}.{column}" for name, column in read if name not in above or column not in columns[name]]
    for target in table.references().values():
        name, _, column = target.rpartition(".")
        if column not in columns[name] or (name not in above and asset_key(name) not in step):
            faults.append(target)
    return faults


def test_lineage_of_python_tables_leads_to_columns_upstream() -> None:
    columns = known_columns()
    faults = {table.table: lineage_faults(table, columns) for table in schemas.BUILT}
    assert {name: found for name, found in faults.items() if found} == {}


def test_carried_column_comes_from_its_namesake() -> None:
    lineage = python_tables.lineage(Places)
    assert lineage["region"] == [("staging.place_mentions", "region")]
    assert ("staging.place_mentions", "place") in lineage["city"]
    assert len(lineage["city"]) > 1


def test_lineage_of_a_query_is_found_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = next(model for model in MODELS if model.table == "core.periods")
    types = {"landing": {"reference__periods": {"period": "VARCHAR", "first_year": "INTEGER", "last_year": "INTEGER"}}}
    schema = types | {folder: {} for folder, _, _ in (table.partition(".") for table in model.depends) if folder not in types}
    found = models._lineage(model, schema)
    monkeypatch.setattr("pipelines.warehouse.lineage.lineage", None)
    assert models._lineage(model, schema) == found
    assert found["period"] == [["landing.reference__periods", "period"]]


def test_lineage_is_shown_as_text_too() -> None:
    said = metadata.lineage({"total": [("core.deals", f"c{number}") for number in range(10)], "city": [("core.deals", "city")]})
    text = said["column lineage"].value
    assert "| city | core.deals.city |" in text
    assert "core.deals.c7 and 2 more |" in text
    deps = said["dagster/column_lineage"].deps_by_column["total"]  # type: ignore[union-attr]
    assert len(deps) == 10
    assert deps[0] == dg.TableColumnDep(asset_key("core.deals"), "c0")


def test_broken_declaration_is_a_failed_blocking_check(home: Path) -> None:
    check = dg.AssetCheckKey(asset_key("core.places"), promises.NAME)
    assert GRAPH.get(check).blocking
    assert "place_key is unique" in (GRAPH.get(check).description or "")
    row = {"place_key": "CN||X", "level": "planet", "reason": "made up", "n": 1}
    with database.connect() as connection:
        made = python_tables.make(connection, Places, pl.DataFrame([row], Places.types()), "version")
        (result,) = next(made).check_results or ()
        assert not result.passed
        assert "'planet' breaks “level is one of city, province, country, none”" in (result.description or "")
        with pytest.raises(InputError, match="'planet' breaks"):
            next(made)


# What a run shows


def test_preview_is_short_and_keeps_the_table_whole() -> None:
    frame = pl.DataFrame({"text": ["a|b\nc", "x" * 100, None, "d", "e", "f"], "n": [1.23456, 2.0, 3.0, None, 5.0, 6.0]})
    said = metadata.rows("core.anything", frame, 600)
    lines = said["preview"].value.splitlines()  # type: ignore[union-attr]
    assert said["dagster/row_count"] == 600
    assert lines[0] == "| text | n |"
    assert lines[2].startswith("| a\\|b c | ")
    assert max(len(line) for line in lines) < 60
    assert len(lines) == 2 + metadata.PREVIEW_ROWS
    assert "plot" not in said


def rows(**columns: object) -> pl.DataFrame:
    """Two rows, told apart by lists; anything else is the same in both."""
    return pl.DataFrame({name: value if isinstance(value, list) else [value] * 2 for name, value in columns.items()})


A_B = {"city": ["A", "B"], "measure": "Readiness", "year": 2020, "rank": [1, 2]}
REACH = {"low": [0.5, -1.0], "high": [2.0, 1.0]}
DRAWN: dict[str, pl.DataFrame] = {
    "index.ranking": rows(**A_B, rank_low=1, rank_high=2),
    "index.scores": rows(**A_B, score=[80.0, 70.0]),
    "index.pairwise": rows(city=["A", "B"], other=["B", "A"], measure="Readiness", p_above=[0.9, 0.1]),
    "index.distance": rows(**A_B, times_less=[1.5, 9.0], times_less_low=1.0, times_less_high=20.0),
    "index.backtest": rows(target=["deals", "exits"], skill=[0.1, None], **REACH),
    "index.sensitivity": rows(**A_B, factor=["data", "boundary"], total=[0.4, 0.2]),
    "index.alternatives": rows(city=["A", "B"], way="mean of ranks", p_first=[0.8, 0.2]),
    "index.pillars": rows(pillar=["P1", "P2"], reliability=[0.9, 0.4]),
    "index.goalposts": rows(indicator=["a", "b"], value=[8.0, 2.0], value_low=1.0, value_high=20.0),
    "index.lists": rows(quantity="exits", list=["register", "other"], attention_noise=[0.2, None]),
    "index.list_influence": rows(**A_B, quantity="exits", list="register"),
    "index.convergence": rows(**A_B, r_hat=[1.01, 1.0], effective=[300.0, 400.0]),
    "index.weight_flips": rows(measure="Readiness", level="pillars", other=["B", "C"], moved=[0.1, None]),
    "index.leave_one_out": rows(**A_B, left_out="a"),
    "index.boundaries": rows(**A_B, preset=["city", "metro"], score=[80.0, 70.0]),
    "index.snowball": rows(dataset=["a", "b"], panel="all", statistic="alpha", estimate=[1.0, 0.5], **REACH),
    "index.leads": rows(dataset="a", panel="all", is_city=True, year=[2019, 2020], city="A", stock=[3, 5], log_lead=[0.1, 0.3]),
    "index.quotients": rows(
        dataset="register", period="current", is_specialised=True, unit=["A", "B"], sector="games", quotient=[1.5, 1.2], **REACH
    ),
    "claims.scorecard": rows(
        claim=["1", "12a"], claim_order=[1, 14], period=["baseline", "current"], verdict=["supported", "no data"]
    ),
}


@pytest.mark.parametrize("table", sorted(plots.PLOTS))
def test_results_have_a_picture(table: str) -> None:
    said = metadata.rows(table, DRAWN[table], 2)
    encoded = said["plot"].value.partition("base64,")[2].rstrip(")")  # type: ignore[union-attr]
    png = base64.b64decode(encoded)
    assert png.startswith(b"\x89PNG")
    other = DRAWN[table].with_columns(pl.lit("another").alias(name) for name in ("measure", "panel", "statistic", "period"))
    assert plots.picture(table, DRAWN[table].clear()) is None
    assert plots.picture(table, other) is None or table in (
        "index.backtest",
        "index.alternatives",
        "index.pillars",
        "index.goalposts",
        "index.lists",
        "index.convergence",
        "claims.scorecard",
    )


def test_pictures_of_a_release_are_small(published: duckdb.DuckDBPyConnection) -> None:
    """They are kept with every run."""
    for schema, name in published.execute("select schema_name, table_name from duckdb_tables()").fetchall():
        if f"{schema}.{name}" in plots.PLOTS:
            picture = plots.picture(f"{schema}.{name}", pl.DataFrame(published.sql(f"from {schema}.{name}")))
            assert picture is None or len(picture) < 150_000, name
