"""The published file that commands are tried on."""

from pathlib import Path

import pytest

from pipelines import settings
from pipelines.cli.console import console


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the published file, which the test writes; the console is 80 letters wide."""
    monkeypatch.setattr(settings, "PUBLISHED", tmp_path / "published.duckdb")
    monkeypatch.setattr(console, "_width", 80)
    return tmp_path / "published.duckdb"
