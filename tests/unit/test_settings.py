"""Every variable of the environment is declared once and documented in the words of its declaration."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipelines import settings
from pipelines.errors import InputError
from pipelines.orchestration import unattended

ROOT = Path(__file__).parents[2]


def test_deployment_page_lists_every_variable_as_declared() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", page, re.MULTILINE))
    assert listed == {variable.name: variable.doc for variable in settings.VARIABLES}


def test_dagster_lists_every_variable() -> None:
    """``dg list envs`` reads this file."""
    listed = yaml.safe_load((ROOT / "pipelines" / "defs" / "settings" / "defs.yaml").read_text("utf-8"))
    assert listed["requirements"]["env"] == [variable.name for variable in settings.VARIABLES]


def test_container_takes_every_variable_that_means_something_in_it() -> None:
    """Its home is the folder that is mounted, its image has no other engine than DuckDB, and its runs may be in Postgres."""
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    absent = {settings.HOME_FOLDER, settings.ENGINE, settings.SPARK_REMOTE, settings.SPARK_FILES}
    expected = ["DAGSTER_PG_URL", *(str(variable) for variable in settings.VARIABLES if variable not in absent)]
    for service in compose["services"].values():
        names = [line.partition("=")[0] for line in service["environment"]]
        assert sorted(name for name in names if not name.endswith("_PROXY")) == sorted(expected)
        assert [line for line in service["environment"] if "=" in line] == ["SCHEDULES=on"]


def test_environment_is_read_in_settings_alone() -> None:
    files = [path for path in (ROOT / "pipelines").rglob("*.py") if path.name != "settings.py"]
    assert [path.name for path in files if re.search(r"environ\b|getenv", path.read_text("utf-8"))] == []


@pytest.mark.parametrize(("present", "value"), [(None, "shipped"), ("  ", "shipped"), (" all ", "all")])
def test_blank_variable_is_its_default(monkeypatch: pytest.MonkeyPatch, present: str | None, value: str) -> None:
    monkeypatch.delenv("SOURCES", raising=False)
    if present is not None:
        monkeypatch.setenv("SOURCES", present)
    assert settings.SOURCES.value() == value


@pytest.mark.parametrize(
    ("present", "status"),
    [("", "STOPPED"), ("off", "STOPPED"), ("on", "RUNNING"), ("On", "RUNNING"), ("yes", None), ("true", None)],
)
def test_schedules_are_on_or_off_and_nothing_else(monkeypatch: pytest.MonkeyPatch, present: str, status: str | None) -> None:
    monkeypatch.setenv("SCHEDULES", present)
    if status is not None:
        assert unattended.status() == status
        return
    with pytest.raises(InputError, match=f"^SCHEDULES: {present}: is neither on nor off. Write on, or leave it unset$"):
        unattended.status()


def test_dagster_is_configured_by_the_user_else_by_the_home_else_by_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", "the user's")
    settings.set_dagster_home()
    assert os.environ["DAGSTER_HOME"] == "the user's"
    monkeypatch.delenv("DAGSTER_HOME")
    settings.set_dagster_home()
    assert os.environ["DAGSTER_HOME"] == str(settings.SHIPPED)
    monkeypatch.delenv("DAGSTER_HOME")
    (tmp_path / "dagster.yaml").touch()
    settings.set_dagster_home()
    assert os.environ["DAGSTER_HOME"] == str(tmp_path)


def test_the_package_asks_for_one_thread_before_numpy_is_there() -> None:
    says = "import os, sys, pipelines; print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2", "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", says], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "1"]


@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="instructions are named for x86-64 alone")
def test_linear_algebra_is_told_a_size_of_the_cache_with_which_it_does_not_crash() -> None:
    says = "import os, pipelines, numpy; numpy.ones((60, 100)) @ numpy.ones((100, 400)); print(os.environ['OPENBLAS_L2_SIZE'])"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    run = subprocess.run(
        [sys.executable, "-c", says], env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["512"]
