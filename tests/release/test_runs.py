"""Runs started in the Dagster UI: what their config may set, and which parts they fetch anew."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.execution.plan.resume_retry import ReexecutionStrategy
from dagster._daemon.auto_run_reexecution.auto_run_reexecution import get_reexecution_strategy

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.archive import Snapshot
from pipelines.ingest.fetchers import Live
from pipelines.ingest.landing import Landed
from pipelines.ingest.request import Reply, Request
from pipelines.ingest.source import Source
from pipelines.ingest.table_files import Quarantined
from pipelines.orchestration import run_settings
from pipelines.orchestration.assets import landing, outcomes, parts
from pipelines.orchestration.code_location import assemble
from tests.support.homes import ROOT
from tests.unit.ingest.sources import test_hurun

RESOURCES = {run_settings.KEY: run_settings.RunSettings()}


def named(name: str) -> Source:
    return next(source for source in sources.ALL if source.name == name)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:
        yield instance


def test_config_of_a_run_sets_for_it_alone_what_the_environment_says(
    home: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    monkeypatch.setenv("SCOPE", "US")
    monkeypatch.delenv("NEXTVALLEY_CONTACT", raising=False)
    seen: list[tuple[str, ...]] = []

    @dg.asset(required_resource_keys={run_settings.KEY})
    def look() -> None:
        seen.append((settings.SOURCES.value(), settings.SCOPE.value(), settings.CONTACT.value()))

    config = {"sources": "register,gawc", "contact": "someone@example.org"}
    for run_config in ({}, {"resources": {run_settings.KEY: {"config": config}}}, {}):
        dg.materialize([look], instance=instance, resources=RESOURCES, run_config=run_config)
    assert seen == [("register", "US", ""), ("register,gawc", "US", "someone@example.org"), ("register", "US", "")]


def test_killed_run_is_tried_again_from_its_first_step(home: Path, instance: dg.DagsterInstance) -> None:
    """Also one of "Materialize all", which no job of the project is."""

    @dg.asset(required_resource_keys={run_settings.KEY})
    def look() -> None: ...

    run = instance.get_run_by_id(dg.materialize([look], instance=instance, resources=RESOURCES).run_id)
    assert run is not None
    assert get_reexecution_strategy(run, instance) == ReexecutionStrategy.ALL_STEPS


def test_every_step_takes_the_settings() -> None:
    steps = {assets.op.name: assets.required_resource_keys for assets in assemble().assets or []}  # type: ignore[union-attr]
    assert {name for name, keys in steps.items() if run_settings.KEY not in keys} == set()


def test_source_that_nobody_named_is_skipped_with_a_message(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], instance: dg.DagsterInstance
) -> None:
    (home / "recordings").mkdir()
    monkeypatch.setenv("REPLAY", str(home / "recordings"))
    asked: list[str] = []
    monkeypatch.setattr(landing, "land", lambda _, table, *__: asked.append(table.name))
    assets = [landing.landing_assets(named("itjuzi"))]
    run = dg.materialize(assets, instance=instance, resources=RESOURCES)
    assert run.success and not run.get_asset_materialization_events()
    assert asked == []
    message = capsys.readouterr().err
    assert "itjuzi is skipped, since SOURCES does not name it. Its licence: " in message
    (config,) = re.findall(r"in the config of the run: (resources: .*\}\}\})", message)
    dg.materialize(assets, instance=instance, resources=RESOURCES, run_config=yaml.safe_load(config))
    assert asked == ["events", "event_investors", "investor_firms"]


# A run that goes on to build


@dg.asset(deps=[*landing.keys(named("itjuzi")), *landing.keys(named("gawc")), *landing.keys(named("amac"))])
def release() -> None:
    """Stand for the build."""


def sign_in_page(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let gawc be a web page, and amac have no recording; nobody names itjuzi."""
    recordings = home / "recordings" / "gawc_2020"
    recordings.mkdir(parents=True)
    (recordings / "da31_gnc2020.xlsx").write_text("<html>Sign in</html>")
    monkeypatch.setenv("REPLAY", str(recordings.parent))
    monkeypatch.setenv("SOURCES", "gawc,amac")


def test_failed_and_skipped_sources_do_not_keep_a_run_from_building(
    home: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    sign_in_page(home, monkeypatch)
    assets = [landing.landing_assets(named(name)) for name in ("itjuzi", "gawc", "amac")]
    run = dg.materialize([*assets, release], instance=instance, resources=RESOURCES)
    assert run.success
    made = {event.asset_key.path[-1]: event.materialization for event in run.get_asset_materialization_events()}  # type: ignore[union-attr]
    assert "release" in made
    why = {name: made[name].metadata["not landed in this run"].value for name in made if name != "release"}
    assert "since SOURCES does not name it" in str(why["itjuzi__events"])
    assert "is a web page, not data" in str(why["gawc__connectivity"])
    assert why["amac__managers"] == "amac: no recording of managers"
    assert {made[name].metadata["dagster/row_count"].value for name in why} == {0}
    red = {check.asset_key.path[-1]: check.check_name for check in run.get_asset_check_evaluations() if not check.passed}
    assert red == {"gawc__connectivity": outcomes.LANDED, "amac__managers": outcomes.AS_EXPECTED}


def test_failed_source_is_red_and_says_what_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    sign_in_page(home, monkeypatch)
    run = dg.materialize([landing.landing_assets(named("gawc"))], instance=instance, resources=RESOURCES, raise_on_error=False)
    assert not run.success
    checks = {check.check_name: check for check in run.get_asset_check_evaluations()}
    failed = checks[outcomes.LANDED]
    assert not failed.passed
    description = failed.description or ""
    assert description.startswith("gawc: https://")
    assert "is a web page, not data" in description
    assert "Open its address in a browser" in description
    assert description.endswith("Until then nothing of it has landed, so it is left out.")


# Parts


def test_jobs_of_parts_belong_to_selected_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES", "all")
    assert [job.name for job in parts.jobs()] == [
        "land_financedatabase_by_exchange", "land_form_d_by_quarter", "land_hurun_by_edition", "land_wikidata_by_city",
    ]  # fmt: skip
    monkeypatch.setenv("SOURCES", "hurun")
    assert [job.name for job in parts.jobs()] == ["land_hurun_by_edition"]
    monkeypatch.setenv("SOURCES", "shipped")
    assert parts.jobs() == []


def test_one_edition_is_fetched_anew_by_its_partition(
    home: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    monkeypatch.setenv("SOURCES", "hurun")
    asked: list[str] = []

    def fetch(_: Live, request: Request, __: object) -> Reply:
        asked.append(request.url)
        year = int(named("hurun").tables[0].parts.of(request.url))  # type: ignore[union-attr, arg-type]
        changes = [{"hs_Rank_Unicorn_ID": year * 1000 + n, "hs_Rank_Unicorn_Year": year} for n in range(400)]
        return Reply(200, {}, test_hurun.edition(*[test_hurun.UNICORN | change for change in changes]))

    monkeypatch.setattr(Live, "fetch", fetch)
    job = assemble().resolve_job_def("land_hurun_by_edition")
    assert job.partitions_def is not None
    assert job.partitions_def.get_partition_keys() == ["2023", "2024", "2025", "2026"]
    assert job.execute_in_process(instance=instance, partition_key="2024").success
    assert len(asked) == 4, "the other editions were missing"
    asked.clear()
    assert job.execute_in_process(instance=instance, partition_key="2024").success
    assert asked == [url for url in named("hurun").tables[0].addresses if "E9W1YX99" in url]


def test_quarters_become_partitions_when_they_are_found(instance: dg.DagsterInstance) -> None:
    form_d = named("form_d")
    folder = "https://www.sec.gov/files/structureddata/data/form-d-data-sets"
    landed = Snapshot("form_d", "offerings", f"{folder}/2025q4_d.zip", "live", 200, {}, "", 0, "2026-01-02")
    set_aside = Quarantined(f"{folder}/2014Q1_d_0.zip", None, None, None, "The file is set aside.")
    parts.remember(instance, form_d, form_d.tables[0], Landed([landed], 1, True, quarantined=[set_aside]))
    assert sorted(instance.get_dynamic_partitions("form_d_quarter")) == ["2014q1", "2025q4"]


# The command line of Dagster


def test_dg_lists_settings_and_takes_definitions_of_a_user(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "pipelines", tmp_path / "pipelines", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    environment = settings.environment(PYTHONPATH=str(tmp_path), VIRTUAL_ENV=sys.prefix)

    def dg_says(*arguments: str) -> str:
        command = [str(Path(sys.executable).parent / "dg"), *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = dg_says("list", "envs")
    assert {variable.name for variable in settings.VARIABLES} <= set(re.findall(r"[A-Z_]{5,}", listed))
    dg_says("scaffold", "defs", "dagster.asset", "my_asset.py")
    assert "@dg.asset" in (tmp_path / "pipelines" / "defs" / "my_asset.py").read_text()
    assert "settings" in dg_says("list", "component-tree")
