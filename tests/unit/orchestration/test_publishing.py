"""Nothing is published of a build that is out of date, or that a failed step left behind."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import catalogue, sources
from pipelines.ingest.landing import land
from pipelines.orchestration import failures, run_settings
from pipelines.orchestration.assets import release, schemas
from pipelines.orchestration.assets import sources as listed
from pipelines.warehouse import database, fingerprint, versions
from pipelines.warehouse.model import Model
from tests.support import published, shelf

TOYS = Model("staging", "toys", "select toy from landing.shop__toys", "", (), ("landing.shop__toys",), None)
NAMES = Model("core", "toys", "select upper(toy) as toy from staging.toys", "", (), ("staging.toys",), None)
PRICES = Model("core", "prices", "select 1 as price", "", (), (), None)


@pytest.fixture
def shop(home: Path, monkeypatch: pytest.MonkeyPatch) -> shelf.Shelf:
    """Return what the only source of a small project offers."""
    monkeypatch.setattr(sources, "ALL", (shelf.source(shelf.table()),))
    monkeypatch.setenv("SOURCES", "shop")
    return shelf.Shelf()


@pytest.fixture
def build(shop: shelf.Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the build of the project, up to date."""
    monkeypatch.setattr(release, "MODELS", [TOYS, NAMES, PRICES])
    monkeypatch.setattr(release, "_WANTED", {catalogue.TABLES: listed.wanted})
    monkeypatch.setattr(fingerprint, "_code", lambda: "code")  # which takes a second to hash
    take_up(shop)
    with database.connect() as connection:
        for model, version, _ in database.build_all(connection, release.MODELS):
            versions.note(connection, model.table, version)
        version = listed.wanted(connection).version
        for table in catalogue.TABLES:
            database.write(connection, table.table, table.empty())
            versions.note(connection, table.table, version)
        release.require_made(connection)
        yield connection


def take_up(shop: shelf.Shelf) -> None:
    """Land what the source offers now."""
    (source,) = sources.ALL
    assert land(source, source.tables[0], shop)


def stale(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables for which publishing is refused."""
    with pytest.raises(InputError, match="run make refresh") as refused:
        release.require_made(connection)
    return [problem.file for problem in refused.value.problems]


def test_landing_that_no_table_was_made_from_is_not_published(build: duckdb.DuckDBPyConnection, shop: shelf.Shelf) -> None:
    shop.files[shelf.URL] = shelf.GOOD.replace(b"bear", b"bird")
    take_up(shop)
    assert stale(build) == ["staging.toys", *(table.table for table in catalogue.TABLES)]


def test_landing_that_no_model_reads_is_not_claimed(
    build: duckdb.DuckDBPyConnection, shop: shelf.Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "MODELS", [PRICES])
    shop.files[shelf.URL] = shelf.GOOD.replace(b"bear", b"bird")
    take_up(shop)
    assert stale(build) == [table.table for table in catalogue.TABLES]


def test_table_that_a_failed_step_left_is_not_published(build: duckdb.DuckDBPyConnection) -> None:
    database.build(build, PRICES)
    assert stale(build) == ["core.prices"]


def test_table_of_another_query_is_not_published(build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = Model("core", "prices", "select 2 as price", "", (), (), None)
    monkeypatch.setattr(release, "MODELS", [TOYS, NAMES, changed])
    assert stale(build) == ["core.prices"]


def test_table_of_python_that_is_out_of_date_is_not_published(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "_code", lambda: "another")
    assert stale(build) == [table.table for table in catalogue.TABLES]


def test_every_table_that_is_published_is_asked_for() -> None:
    asked = [table.table for tables in release._WANTED for table in tables]
    assert sorted(asked) == sorted(table.table for table in schemas.BUILT)
    assert {*release.PUBLISHED} <= {*asked, *(model.table for model in release.MODELS)}


@pytest.mark.slow
def test_step_that_publishes_refuses_first(build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    build.execute("comment on table core.prices is null")
    build.close()
    monkeypatch.setattr(release.release, "publish", lambda *_: pytest.fail("it was published"))
    resources = {run_settings.KEY: run_settings.RunSettings()}
    done = dg.materialize([release.published], resources=resources, raise_on_error=False)
    assert failures.why(done.all_events).startswith("release: core.prices: has not passed its checks")


def test_step_that_publishes_shows_what_changed_since_the_release_before(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = published.TABLES["core.release_history"][0]
    before = present | {"made_at": datetime(2025, 12, 1), "value": 60.0}
    published.write(tmp_path / settings.PUBLISHED.name, core_release_history=[before, present])
    monkeypatch.setattr(release, "require_made", lambda _: None)
    monkeypatch.setattr(release, "_present_or_new", lambda _: tmp_path)
    done = dg.materialize([release.published], resources={run_settings.KEY: run_settings.RunSettings()})
    (made,) = done.get_asset_materialization_events()
    changed = made.materialization.metadata["changed since the release before"].value
    assert "| Readiness | Alba | 1 | 1 | 10 |" in str(changed)


def test_release_of_the_same_inputs_and_settings_is_not_made_twice(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(release.release, "publish", lambda *arguments: made.append(arguments[2]) or settings.RELEASE)
    monkeypatch.setattr(release.state, "input_fingerprint", lambda: made[-1] if made else None)
    with dg.build_asset_context() as context:
        for _ in range(2):
            assert release._present_or_new(context) == settings.RELEASE
        assert len(made) == 1
        monkeypatch.setenv("SCOPE", "US")
        release._present_or_new(context)
        monkeypatch.setattr(fingerprint, "_code", lambda: "another")
        release._present_or_new(context)
    assert len(set(made)) == 3
