"""Every variable of the environment is declared once and documented in the words of its declaration."""

import re
from pathlib import Path

import pytest
import yaml

from pipelines import settings

ROOT = Path(__file__).parents[2]


def test_deployment_page_lists_every_variable_as_declared() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", page, re.MULTILINE))
    assert listed == {variable.name: variable.doc for variable in settings.VARIABLES}


def test_dagster_lists_every_variable() -> None:
    """``dg list envs`` reads this file."""
    listed = yaml.safe_load((ROOT / "pipelines" / "defs" / "settings" / "defs.yaml").read_text("utf-8"))
    assert listed["requirements"]["env"] == [variable.name for variable in settings.VARIABLES]


def test_environment_is_read_in_settings_alone() -> None:
    files = [path for path in (ROOT / "pipelines").rglob("*.py") if path.name != "settings.py"]
    assert [path.name for path in files if re.search(r"environ\b|getenv", path.read_text("utf-8"))] == []


@pytest.mark.parametrize(("present", "value"), [(None, "shipped"), ("  ", "shipped"), (" all ", "all")])
def test_blank_variable_is_its_default(monkeypatch: pytest.MonkeyPatch, present: str | None, value: str) -> None:
    monkeypatch.delenv("SOURCES", raising=False)
    if present is not None:
        monkeypatch.setenv("SOURCES", present)
    assert settings.SOURCES.value() == value
