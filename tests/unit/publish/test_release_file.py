"""The tables of a release are copied whole, and those that are empty say what would fill them."""

from pathlib import Path

import duckdb
import pytest

from pipelines.publish import release_file


def copied(file: Path, alone_from: int, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, list[int]]]:
    """Copy two tables and a view, those of ``alone_from`` rows by themselves; return the hash and what was copied."""
    monkeypatch.setattr(release_file, "ROWS_IN_WORDS", alone_from)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as published")
        for schema in release_file.PUBLIC:
            connection.execute(f"create schema {schema}")
        connection.execute("create table core.few as select 3 - range as n from range(3)")
        connection.execute("create table marts.many as select range as n from range(10)")
        connection.execute("create view marts.seen as from core.few")
        for table in ("core.sources", "core.files"):
            connection.execute(f"create table {table} as select now() as retrieved_at, random() as n")
        tables = ["core.few", "core.files", "core.sources", "marts.many", "marts.seen", "staging.hidden"]
        content = release_file._copy_tables(connection, tables)
        rows = {
            table: [n for (n,) in connection.execute(f"from published.{table}").fetchall()]
            for table in ("core.few", "marts.many", "marts.seen")
        }
        assert connection.execute("select count(*) from duckdb_tables() where database_name = 'published'").fetchall() == [(5,)]
    return content, rows


@pytest.mark.parametrize("alone_from", [1, 5, 100])
def test_contents_are_the_same_whatever_is_copied_at_a_time(
    alone_from: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, rows = copied(tmp_path / "a.duckdb", alone_from, monkeypatch)
    assert rows == {"core.few": [1, 2, 3], "marts.many": [*range(10)], "marts.seen": [1, 2, 3]}
    assert content == copied(tmp_path / "b.duckdb", 100, monkeypatch)[0]


def test_empty_table_is_filled_by_the_sources_of_what_is_empty_above_it() -> None:
    def doc(*inputs: str, sources: tuple[str, ...] = ()) -> release_file.TableDoc:
        return release_file.TableDoc("", {}, inputs, sources)

    docs = {
        "core.deals": doc("landing.reference__rounds", "landing.itjuzi__events", "core.full", "core.firms"),
        "core.full": doc("landing.gawc__connectivity"),
        "core.firms": doc("core.names", "landing.amac__managers"),
        "core.names": doc("landing.register__names", sources=("hurun", "register")),
    }
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        for table in docs:
            connection.execute(f"create table {table} as select 1 as n where {table == 'core.full'}")
        found = {table: release_file._fillers(connection, docs, table) for table in ("core.deals", "core.firms", "core.names")}
    assert found == {"core.deals": {"itjuzi", "amac", "hurun"}, "core.firms": {"amac", "hurun"}, "core.names": {"hurun"}}
