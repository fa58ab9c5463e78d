"""A refresh that would change nothing is told by hashes, without the network."""

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.errors import FetchFailed, InputError, Problem, Refused
from pipelines.ingest import fetchers, sources
from pipelines.ingest.landing import land
from pipelines.warehouse import fingerprint
from tests.support import shelf

WRONG = Problem("content", "is no table", "Look")
TABLES = (shelf.table(), shelf.table(name="games", addresses=(shelf.OTHER,)))


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> shelf.Shelf:
    """Return what the only source offers, which is known without the network."""
    offered, toys = shelf.Shelf(), shelf.source(*TABLES)
    monkeypatch.setattr(sources, "selected", lambda: (toys,))
    monkeypatch.setattr(fetchers, "is_live", lambda source: False)
    monkeypatch.setattr(fetchers, "origin_of", lambda source: nullcontext(offered))
    monkeypatch.setattr(fingerprint, "_code", lambda: "code")
    return offered


@pytest.mark.usefixtures("home")
def test_landed_sources_are_as_they_are_now(offered: shelf.Shelf) -> None:
    (toys,) = sources.selected()
    offered.files[shelf.OTHER] = shelf.GOOD
    for table in TABLES:
        land(toys, table, offered)
    assert fingerprint.present() == fingerprint.of_landed()
    offered.files[shelf.OTHER] = shelf.GOOD.replace(b"bear", b"bird")
    assert fingerprint.present() != fingerprint.of_landed()
    land(toys, TABLES[1], offered)
    assert fingerprint.present() == fingerprint.of_landed()


def test_inputs_scope_and_code_are_in_the_fingerprint(offered: shelf.Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [fingerprint.present()]
    offered.files[shelf.OTHER] = shelf.GOOD
    seen.append(fingerprint.present())
    monkeypatch.setenv("SCOPE", "world")
    seen.append(fingerprint.present())
    monkeypatch.setattr(fingerprint, "_code", lambda: "other code")
    seen.append(fingerprint.present())
    assert len({*seen}) == 4
    assert fingerprint.present() == seen[-1]


def test_every_file_of_the_package_is_in_the_fingerprint() -> None:
    package = [Path(folder, name) for folder, _, names in os.walk(settings.CODE) for name in names if "__pycache__" not in folder]
    named = {settings.CODE / path.relative_to("code") for path in fingerprint._FILES if path.parts[0] == "code"}
    assert {path for path in package if not path.name.startswith(".")} - named == set()
    suffixes = {".csv", ".css", ".html", ".js", ".lock", ".py", ".sql", ".svg", ".txt"}
    assert {path.suffix for path in fingerprint._FILES} >= suffixes


def place(monkeypatch: pytest.MonkeyPatch, code: Path, shipped: Path, home: Path) -> None:
    """Put a package with its caches, what ships with it, and a home into these folders."""
    files = [code / name for name in ("texts.csv", "deep/a.py", ".DS_Store", "__pycache__/a.pyc", "__pycache__/b.pyc.1402")]
    files += [shipped / "sql" / "core" / "a.sql", shipped / "requirements.lock", shipped / "data" / "register" / "deals.csv"]
    for file in (*files, home / "places.parquet"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1" if file.suffix == ".py" else file.name)
    paths = {
        "CODE": code,
        "SQL": shipped / "sql",
        "REQUIREMENTS": shipped / "requirements.lock",
    }
    for name, path in (paths | {"GAZETTEER": home / "places.parquet"}).items():
        monkeypatch.setattr(settings, name, path)


def test_files_are_named_by_their_role_wherever_package_and_home_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for code, shipped, home in (("a/pipelines", "a", "a/data"), ("b/pipelines", "b/pipelines/shipped", "elsewhere/far/away")):
        place(monkeypatch, tmp_path / code, tmp_path / shipped, tmp_path / home)
        found.append(fingerprint._files())
    assert [path.as_posix() for path in found[0]] == [
        "code/deep/a.py", "code/texts.csv", "gazetteer.parquet", "requirements.lock", "sql/core/a.sql",
    ]  # fmt: skip
    assert [*found[0].items()] == [*found[1].items()]


@pytest.mark.parametrize("error", [FetchFailed("is away", "Wait"), Refused(WRONG), InputError("toys", [WRONG])])
def test_source_that_cannot_be_read_now_tells_nothing(
    error: Exception, offered: shelf.Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(*_: object) -> None:
        raise error

    monkeypatch.setattr(offered, "fetch", fetch)
    assert fingerprint.present() is None


def test_source_on_the_network_is_not_asked(offered: shelf.Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetchers, "is_live", lambda source: True)
    assert fingerprint.present() is None
    assert offered.asked == []
