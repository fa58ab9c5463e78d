"""``make expected`` changes the lines alone that another result has changed."""

from pathlib import Path

import polars as pl
import pytest

from tests.support import expected, notes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder of expected results, which are to be written anew."""
    monkeypatch.setattr(expected, "FOLDER", tmp_path)
    monkeypatch.setenv(expected.REWRITE, "1")
    return tmp_path


def rewritten(folder: Path, *values: float) -> str:
    expected.compare("world", {"table": pl.DataFrame({"value": values})})
    return (folder / "world.csv").read_text("utf-8")


def test_line_that_says_the_same_is_kept(folder: Path) -> None:
    first = rewritten(folder, 1.0, 2.0)
    assert first == "table,value\ntable,1\ntable,2\n"
    assert rewritten(folder, 1.000001, 2.0) == first
    assert rewritten(folder, 1.000001, 3.0) == "table,value\ntable,1\ntable,3\n"
    assert rewritten(folder, 1.0) == "table,value\ntable,1\n"
    assert rewritten(folder, 1.0, 2.0) == first


def test_notes_are_written_by_the_name_of_the_test(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "_found", {"notes": [["b", "2"], ["a", "2"], ["b", "1"], ["a", "1"]]})
    notes.write("notes")
    assert (folder / "notes.csv").read_text("utf-8") == "a,2\na,1\nb,2\nb,1\n"
