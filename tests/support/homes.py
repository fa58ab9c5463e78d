"""Make homes for tests: folders with the committed data in which a refresh can run without touching the real ``data/``."""

import shutil
from pathlib import Path

import pytest

from pipelines import settings


def make_home(folder: Path) -> Path:
    """Copy what is committed under ``data/`` into ``folder``, link the rest, and return the folder."""
    for name in ("register", "reference"):
        shutil.copytree(settings.SHIPPED / "data" / name, folder / "data" / name)
    for name in ("sql", "pipelines", "dagster.yaml", "requirements.lock"):
        (folder / name).symlink_to(settings.SHIPPED / name)
    return folder


def move_paths(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Point every path of ``pipelines.settings``, and Dagster's storage, below ``home``."""
    from pipelines.warehouse import database

    root = settings.SHIPPED
    for name, value in vars(settings).copy().items():
        if isinstance(value, Path):
            monkeypatch.setattr(settings, name, home / value.relative_to(root))
    monkeypatch.setattr(database, "_lock", None)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    monkeypatch.chdir(home)
