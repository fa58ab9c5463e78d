"""A check that is executed without making its table looks at the table as it is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest import sources
from pipelines.ingest.landing import land, landing_path, note_failure
from pipelines.orchestration import failures, run_settings
from pipelines.orchestration.assets import landing, models, outcomes, promises
from pipelines.orchestration.assets.sources import _no_source_failed
from pipelines.warehouse import database
from pipelines.warehouse.model import Check, Column, Model
from tests.support import shelf

PRICES = Model(
    "core", "prices", "select 1 as price", "", (Column("price", "", (Check("check", "price", "price > 0"),)),), (), None
)
SOURCE = shelf.source(shelf.table())
(TABLE,) = SOURCE.tables


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def execute(instance: dg.DagsterInstance, assets: dg.AssetsDefinition, *names: str) -> dg.ExecuteInProcessResult:
    """Execute the checks of these names alone, as the UI does."""
    keys = [check.key for check in assets.check_specs if check.name in names]
    resources = {run_settings.KEY: run_settings.RunSettings()}
    selection = dg.AssetSelection.checks(*keys)
    return dg.materialize([assets], instance=instance, selection=selection, resources=resources, raise_on_error=False)


def said(run: dg.ExecuteInProcessResult) -> dict[str, tuple[bool, str]]:
    """Return what a run that makes nothing says of each check."""
    assert run.get_asset_materialization_events() == []
    return {check.check_name: (check.passed, check.description or "") for check in run.get_asset_check_evaluations()}


@pytest.mark.parametrize(("price", "passes"), [(1, True), (-1, False)])
def test_check_of_a_model_looks_at_the_present_table(instance: dg.DagsterInstance, price: int, passes: bool) -> None:
    with database.connect() as connection:
        connection.execute(f"create table core.prices as select {price} as price")
    run = execute(instance, models.models_asset("build", [PRICES]), promises.NAME)
    assert said(run)[promises.NAME][0] == passes
    with database.connect() as connection:
        assert connection.execute("select price from core.prices").fetchall() == [(price,)], "it stays as it is"


def test_check_of_a_table_that_is_not_made_says_what_to_do(instance: dg.DagsterInstance) -> None:
    run = execute(instance, models.models_asset("build", [PRICES]), promises.NAME)
    assert not run.success
    assert failures.why(run.all_events).startswith("build: core.prices: is not made yet. Run make refresh, or the job build")


def test_check_of_a_landing_looks_at_the_present_file(instance: dg.DagsterInstance) -> None:
    assert land(SOURCE, TABLE, shelf.Shelf())
    written = landing_path(SOURCE.name, TABLE.name).stat().st_mtime_ns
    assets = landing.landing_assets(SOURCE)
    assert said(execute(instance, assets, outcomes.AS_EXPECTED)) == {outcomes.AS_EXPECTED: (True, "2 rows, and nothing is odd")}
    note_failure(SOURCE, TABLE, InputError(SOURCE.name, [Problem("toys.csv", "it is a web page", "Look at it")]))
    both = said(execute(instance, assets, outcomes.LANDED, outcomes.AS_EXPECTED))
    assert both[outcomes.LANDED] == (
        False, "shop: toys.csv: it is a web page. Look at it. Until then its last good landing stays in use.",
    )  # fmt: skip
    assert both[outcomes.AS_EXPECTED][0]
    assert landing_path(SOURCE.name, TABLE.name).stat().st_mtime_ns == written


def test_check_of_a_landing_says_what_is_odd(instance: dg.DagsterInstance) -> None:
    tolerant = shelf.source(shelf.table(tolerates=0.5))
    assert land(tolerant, tolerant.tables[0], shelf.Shelf({shelf.URL: shelf.GOOD + b"owl,-1\n"}))
    (found,) = said(execute(instance, landing.landing_assets(tolerant), outcomes.AS_EXPECTED)).values()
    assert not found[0]
    assert "1 of 3 rows are in quarantine, such as row 4 of toys.csv: " in found[1], "the address is in the table"


def test_check_of_a_landing_names_a_doubtful_cell_that_is_used(instance: dg.DagsterInstance) -> None:
    roomy = shelf.source(shelf.table(rows=(2, 99)))
    many = "".join(f"toy {number},1\n" for number in range(50)).encode()
    assert land(roomy, roomy.tables[0], shelf.Shelf({shelf.URL: shelf.GOOD + many + "JosÃ©,1\n".encode()}))
    (found,) = said(execute(instance, landing.landing_assets(roomy), outcomes.AS_EXPECTED)).values()
    assert not found[0]
    assert "doubtful cells, used as they are: 1, such as row 54 of toys.csv, column toy: 'JosÃ©' was read in" in found[1]


@pytest.mark.parametrize("is_curated", [True, False])
def test_only_a_curated_source_that_fails_keeps_a_run_from_building(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, is_curated: bool
) -> None:
    source = replace(SOURCE, is_curated=is_curated)
    monkeypatch.setattr(sources, "ALL", (source,))
    monkeypatch.setenv("SOURCES", source.name)
    error = InputError(source.name, [Problem("toys.csv", "it is a web page", "Look at it")])
    monkeypatch.setattr(landing, "_attempts", lambda *_: [(TABLE, error)])

    @dg.asset(deps=landing.keys(source))
    def after() -> None: ...

    resources = {run_settings.KEY: run_settings.RunSettings()}
    run = dg.materialize([landing.landing_assets(source), after], instance=instance, resources=resources, raise_on_error=False)
    assert run.success != is_curated


@pytest.mark.parametrize(("named", "has_recording", "is_odd"), [("shop", 0, True), ("shop", 1, False), ("all", 0, False)])
def test_only_a_named_source_without_any_recording_is_odd(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, named: str, has_recording: bool, is_odd: bool
) -> None:
    source = shelf.source(TABLE, shelf.table(name="games"))
    monkeypatch.setattr(sources, "ALL", (source,))
    monkeypatch.setenv("SOURCES", named)
    error = InputError(source.name, [Problem("toys.csv", "it is a web page", "Look at it")])
    results = [error, None] if has_recording else [None, None]
    monkeypatch.setattr(landing, "_attempts", lambda *_: zip(source.tables, results, strict=True))
    resources = {run_settings.KEY: run_settings.RunSettings()}
    run = dg.materialize([landing.landing_assets(source)], instance=instance, resources=resources, raise_on_error=False)
    odd = "shop__toys: SOURCES names shop, but no recording of any of its tables was found, so it is left out. Correct its lines"
    assert [remark.startswith(odd) for remark in failures.remarks(run.all_events)] == [True] * is_odd


def test_failed_source_is_named_with_its_error() -> None:
    listed = pl.DataFrame(
        {"table_name": ["landing.a__t", "landing.b__t"], "status": ["landed", "failed: b: gone. Ask for it again."]}
    )
    result = _no_source_failed(listed)
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert result.description == "landing.b__t: failed: b: gone. Ask for it again."
    assert _no_source_failed(listed.head(1)).passed


def test_check_of_what_never_landed_fails(instance: dg.DagsterInstance) -> None:
    found = said(execute(instance, landing.landing_assets(SOURCE), outcomes.LANDED, outcomes.AS_EXPECTED))
    nothing = (False, "no landing was tried, or there was nothing to land")
    assert found == {outcomes.LANDED: nothing, outcomes.AS_EXPECTED: nothing}
    assert not settings.LANDING.exists()
