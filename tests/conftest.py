"""A project home of its own for each test that needs one, so that no test touches the real ``data/``."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Set
from pathlib import Path

import pytest

from bench.engines import rebuild
from pipelines import settings
from pipelines.warehouse import database, engine

RECORDINGS = Path(os.environ.get("RECORDINGS", settings.ROOT.parent / "shared" / "raw"))


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Folder with recordings of upstream data; they stay outside the project."""
    if not RECORDINGS.is_dir():
        pytest.skip("no recordings: set RECORDINGS to their folder")
    return RECORDINGS


@pytest.fixture(scope="session")
def coinr(recordings: Path) -> Path:
    """Folder with COINr's own results on its ASEM example, beside the recordings."""
    folder = recordings.parent / "golden" / "coinr"
    if not folder.is_dir():
        pytest.skip("no COINr results beside the recordings")
    return folder


def make_home(folder: Path) -> Path:
    """Copy what is committed under ``data/``, and link the rest, into ``folder``."""
    for name in ("register", "reference"):
        shutil.copytree(settings.ROOT / "data" / name, folder / "data" / name)
    for name in ("sql", "pipelines", "dagster.yaml", "requirements.lock"):
        (folder / name).symlink_to(settings.ROOT / name)
    return folder


def move_paths(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Point every location of ``pipelines.settings`` below ``home``, and Dagster's storage with it."""
    root = settings.ROOT
    for name, value in vars(settings).copy().items():
        if isinstance(value, Path):
            monkeypatch.setattr(settings, name, home / value.relative_to(root))
    monkeypatch.setattr(database, "_lock", None)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    monkeypatch.chdir(home)


def built_in_parts(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, str], Counter[str]]:
    """Every model built again with as many parts as its data allow: how tables differ from the build, queries by model."""
    parts: Counter[str] = Counter()
    restricted = engine.restricted

    def counted(sql: str, tables: Set[str], condition: str) -> str:
        parts[sql] += 1
        return restricted(sql, tables, condition)

    monkeypatch.setattr(engine, "restricted", counted)
    monkeypatch.setattr(engine, "ROWS_AT_ONCE", 1)
    return {table: how for table, _, how in rebuild(engine.DuckDB(), settings.BUILD) if how}, parts


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh home with the committed register, nothing built yet."""
    made = make_home(tmp_path)
    move_paths(monkeypatch, made)
    yield made
    database.release()


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which one whole refresh has run; tests only read it."""
    made = make_home(tmp_path_factory.mktemp("released"))
    with pytest.MonkeyPatch.context() as monkeypatch:
        move_paths(monkeypatch, made)
        from pipelines.orchestration.refresh import refresh

        refresh()
        database.release()
        yield made
