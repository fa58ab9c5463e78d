"""What is made again: by content, down to the rows that landed."""

import ast
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import code, settings
from pipelines.warehouse import database, fingerprint, model, versions
from tests.support.homes import move_paths

GRAPH = {"a": {"landing.x"}, "b": {"landing.y"}, "c": {"a", "b"}, "d": {"c"}}
MAKERS = dict.fromkeys(GRAPH, "select 1")
LANDINGS = {"landing.x": "1", "landing.y": "1"}


def changed(**to: dict[str, str]) -> set[str]:
    """The tables of the toy graph that get another key."""
    before = versions.keys(GRAPH, MAKERS, LANDINGS)
    after = versions.keys(GRAPH, MAKERS | to.get("makers", {}), LANDINGS | to.get("landings", {}))
    return {table for table in GRAPH if before[table] != after[table]}


def test_change_reaches_only_what_is_made_from_it() -> None:
    assert changed() == set()
    assert changed(landings={"landing.y": "2"}) == {"b", "c", "d"}
    assert changed(makers={"a": "select 2"}) == {"a", "c", "d"}
    assert changed(makers={"d": "select 2"}) == {"d"}


def test_another_engine_rebuilds_everything(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, release = versions.keys(GRAPH, MAKERS, LANDINGS), fingerprint.of_landed()
    monkeypatch.setenv("ENGINE", "spark")
    elsewhere = versions.keys(GRAPH, MAKERS, LANDINGS)
    assert not before.items() & elsewhere.items()
    assert fingerprint.of_landed() != release
    monkeypatch.setenv("SPARK_FILES", "s3://bucket/nextvalley")
    assert not elsewhere.items() & versions.keys(GRAPH, MAKERS, LANDINGS).items()


def test_check_changes_the_version_and_a_comment_does_not(tmp_path: Path) -> None:
    def made(sql: str) -> str:
        file = tmp_path / "m.sql"
        file.write_text(sql)
        return versions.maker(model.read(file, "core"))

    plain = made("-- Rows.\nselect a  -- What it is. #not_null\nfrom core.t")
    assert made("-- Other words.\nselect\n    a  -- What else it is. #not_null\nfrom core.t -- so") == plain
    assert made("-- Rows.\nselect a  -- What it is. #unique\nfrom core.t") != plain
    assert made("-- Rows.\nselect a  -- What it is. #not_null\nfrom core.u") != plain


def test_only_code_that_does_something_else_makes_tables_out_of_date() -> None:
    def hashed(python: str) -> str:
        return code.digest({Path("m.py"): python.encode()})

    plain = 'class Rows:\n    """One row."""\n    def made(self):\n        """Return 1."""\n        return 1\n'
    assert hashed('"""Hold rows."""\n# So.\n' + plain.replace("Return 1.", "Return one.")) == hashed(plain)
    assert hashed(plain.replace('        """Return 1."""\n', "")) == hashed(plain)
    assert hashed(plain.replace("return 1", "return 2")) != hashed(plain)
    assert hashed(plain.replace("One row.", "One row per deal.")) != hashed(plain), "it is published"
    assert code.digest({Path("m.sql"): b"select 1"}) != code.digest({Path("m.sql"): b"select 1 -- one"})


def test_replaced_table_has_no_version(home: Path) -> None:
    with database.connect() as connection:
        database.write(connection, "core.t", pl.DataFrame({"a": [1]}))
        assert versions.stale(connection, {"core.t": "k", "core.u": "k"}) == {"core.t", "core.u"}
        versions.remember(connection, {"core.t": "k"}, {"core.t"})
        assert versions.stale(connection, {"core.t": "k"}) == set()
        assert versions.stale(connection, {"core.t": "other"}) == {"core.t"}
        database.write(connection, "core.t", pl.DataFrame({"a": [1]}))
        assert versions.stale(connection, {"core.t": "k"}) == {"core.t"}


def test_landings_differ_by_rows_and_columns_not_by_order(home: Path) -> None:
    with duckdb.connect() as connection:
        file = home / "t.parquet"

        def content(**columns: list[object]) -> str:
            pl.DataFrame(columns).write_parquet(file)
            return versions.content(connection, file)

        plain = content(a=[1, 2], b=["x", "y"])
        assert content(a=[2, 1], b=["y", "x"]) == plain
        assert content(a=[1, 2], c=["x", "y"]) != plain
        assert content(a=[1, 2], b=["x", "z"]) != plain


def test_code_of_a_release_is_all_that_makes_it() -> None:
    files = fingerprint._files()
    requirements, gazetteer = (Path(os.path.relpath(path, settings.CODE)) for path in (settings.REQUIREMENTS, settings.GAZETTEER))
    assert {requirements, gazetteer} <= files.keys()
    assert {path.suffix for path in files} >= {".py", ".sql", ".html", ".css", ".js"}
    assert files[requirements] == settings.REQUIREMENTS.read_bytes()


def test_code_has_one_fingerprint_wherever_the_home_is_when_it_is_first_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = fingerprint._code()
    move_paths(monkeypatch, tmp_path)
    fingerprint._code.cache_clear()
    assert fingerprint._code() == here


def test_one_thread_at_a_time_reads_code(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, most = list[int](), list[int]()

    def parse(_: bytes) -> ast.Module:
        reading.append(1)
        most.append(len(reading))
        time.sleep(0.005)
        reading.pop()
        return ast.Module([], [])

    monkeypatch.setattr(code.ast, "parse", parse)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(code.digest, [{Path("a.py"): b"made up %d" % number} for number in range(8)]))
    assert (max(most), len(most)) == (1, 8)
