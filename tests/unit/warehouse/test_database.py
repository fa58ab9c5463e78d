"""The build file shows what has landed of the chosen sources, and everything else empty."""

import shutil
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import sources
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_path, table_name
from pipelines.ingest.sources import register
from pipelines.warehouse import database, lock, model, versions
from tests.support.versions import contents

ZONES = next(table for table in register.SOURCE.tables if table.name == "zones")


@pytest.fixture
def landed(home: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Land one table of the register, and a source that is not chosen; return the number of rows of the first."""
    monkeypatch.setattr(sources, "ALL", [source for source in sources.ALL if source.name in ("register", "amac")])
    made = land(register.SOURCE, ZONES, Project())
    assert made is not None
    sources.ALL[0].tables[0].empty().clear(1).write_parquet(landing_path("amac", "managers"), mkdir=True)
    return made.rows


def test_every_landing_is_there_and_those_not_chosen_are_empty(landed: int) -> None:
    with database.connect() as connection:
        names = [table_name(source, table) for source in sources.ALL for table in source.tables]
        counts = {name: database.query(connection, f"from {name}").height for name in names}
        hashes = contents(connection, set(names))
        assert connection.execute("select current_setting('disabled_optimizers')").fetchall() == [("partial_aggregate_pushdown",)]
        assert {kind for (kind,) in connection.execute("select distinct schema_name from duckdb_schemas()").fetchall()} >= {
            "landing",
            *model.SCHEMAS,
        }
    assert {name: count for name, count in counts.items() if count} == {"landing.register__zones": landed}
    assert lock._held is not None
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("select 1")
    assert hashes.keys() == counts.keys()
    with duckdb.connect() as other:
        assert hashes["landing.register__zones"] == versions.of_file(other, landing_path("register", "zones"))
        assert hashes["landing.amac__managers"] != versions.of_file(other, landing_path("amac", "managers"))


def test_statements_are_written_together() -> None:
    with duckdb.connect() as connection:
        with database.at_once(connection):
            connection.execute("create table t as select 1 as a")
            assert connection.cursor().execute("select count(*) from duckdb_tables()").fetchall() == [(0,)], "not yet"
        connection.begin()
        connection.rollback()
        assert connection.execute("from t").fetchall() == [(1,)]


def test_model_is_built_and_its_types_are_told(landed: int) -> None:
    sql = "select zone, approved_year + 1 as next from landing.register__zones where approved_year > 2000"
    with database.connect() as connection:
        for _ in range(2):
            rows = database.build(connection, model.Model("core", "z", sql, "", (), ("landing.register__zones",), None))
            assert rows == database.query(connection, "from core.z").height > 1
        database.write(connection, "core.w", pl.DataFrame({"a": [1, 2]}))
        types = database.columns(connection)
    assert types["core"] == {"z": {"zone": "VARCHAR", "next": "INTEGER"}, "w": {"a": "BIGINT"}}
    assert types["landing"]["register__zones"]["approved_year"] == "INTEGER"


TABLE = "-- One row per thing.\nselect\n    thing,  -- Thing.\n    place  -- Place.\nfrom branches\n"


@pytest.mark.parametrize(
    ("query", "row", "says"),
    [
        (
            "select\n    'b' as thing,\n    town as place\nfrom core.given",
            3,
            'Referenced column "town" not found in FROM clause',
        ),
        ("select\n    'b' as thing, place\nfrom core.lost", 3, "Table with name lost does not exist"),
    ],
    ids=["column", "table"],
)
def test_file_of_a_model_that_reads_what_is_not_there_is_named(
    query: str, row: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(settings.SQL / "release", tmp_path / "sql" / "release")
    monkeypatch.setattr(settings, "SQL", tmp_path / "sql")
    folder = tmp_path / "sql" / "core" / "things"
    folder.mkdir(parents=True)
    for name, text in {"_table": TABLE, "a": "select 'a' as thing, place from core.given", "b": query}.items():
        (folder / f"{name}.sql").write_text(text, "utf-8")
    with duckdb.connect() as connection:
        connection.execute("create schema core; create table core.given (place varchar)")
        with pytest.raises(InputError) as refused:
            database.build(connection, model.read(folder, "core"))
    (problem,) = refused.value.problems
    assert (problem.file, problem.row, problem.remedy) == ("sql/core/things/b.sql", row, "Correct the query")
    assert problem.problem.startswith(says)


def test_error_of_a_model_whose_files_are_fine_stays_as_it_is() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        with pytest.raises(duckdb.BinderException):
            database.build(connection, model.Model("core", "z", "select lost from (select 1 as n)", "", (), (), None))


def chain() -> list[model.Model]:
    """Return two models that read nothing, and one that reads both."""
    return [
        model.Model("core", "a", "select 1 as n", "", (), (), None),
        model.Model("core", "b", "select 2 as n", "", (), (), None),
        model.Model("core", "c", "from core.a union all from core.b", "", (), ("core.a", "core.b"), None),
    ]


def test_models_are_built_after_those_that_they_read() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        built = list(database.build_all(connection, list(reversed(chain()))))
        assert sorted((one.name, rows) for one, _, rows in built) == [("a", 1), ("b", 1), ("c", 2)]
        assert built[-1][0].name == "c"
        again = [(one.name, rows) for one, _, rows in database.build_all(connection, chain()[2:])]
        assert again == [("c", 2)], "what it reads was built before"


def test_models_are_built_after_those_that_their_checks_refer_to() -> None:
    known = model.Check("in", "n", "core.c.n")
    one = model.Model("core", "d", "select 1 as n", "", (model.Column("n", "A number.", (known,)),), (), None)
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        built = [each.name for each, *_ in database.build_all(connection, [one, *chain()])]
        assert built[-1] == "d"
        assert connection.execute(f"select count(*) from ({known.failing('core.d')})").fetchall() == [(0,)]


def test_nothing_is_built_on_a_model_that_was_refused() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        for one, *_ in database.build_all(connection, chain()):
            if one.name == "b":
                break
        assert "c" not in database.columns(connection)["core"]


@pytest.mark.parametrize(("large", "together"), [((), 2), (("a",), 1), (("b",), 1)])
def test_two_models_are_built_at_a_time_unless_one_reads_a_large_table(
    large: tuple[str, ...], together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[str] = []
    most = [0]

    def build(_: duckdb.DuckDBPyConnection, one: model.Model) -> int:
        running.append(one.name)
        until = time.monotonic() + 2
        # The first waits for the second, as far as there is one.
        while len(running) < together and one.name in ("a", "b") and time.monotonic() < until:
            time.sleep(0.001)
        most[0] = max(most[0], len(running))
        time.sleep(0.01)
        running.remove(one.name)
        return 0

    monkeypatch.setattr(database, "build", build)
    monkeypatch.setattr(database, "is_large", lambda _, one: one.name in large)
    with duckdb.connect() as connection:
        connection.execute("create schema core; create table core.a as select 1 as n; create table core.b as select 2 as n")
        assert len(list(database.build_all(connection, chain()))) == 3
    assert most == [together]


def test_code_of_tables_is_python_and_queries_that_are_no_models(tmp_path: Path) -> None:
    code, sql = tmp_path / "code", tmp_path / "sql"
    models = [sql / "core" / name for name in ("t.sql", "f/_table.sql", "f/x.sql")]
    for file in (code / "a.py", code / "deep" / "b.py", code / "c.txt", sql / "report" / "ranks.sql", *models):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    (lock := tmp_path / "lock").write_text("")
    (places := tmp_path / "places").write_text("")

    def changes(file: Path, text: str = "a = 1") -> bool:
        made = versions._python_code.__wrapped__
        before = made(code, sql, lock, places)
        file.write_text(text)
        return made(code, sql, lock, places) != before

    assert changes(code / "a.py")
    assert changes(code / "deep" / "b.py")
    assert changes(sql / "report" / "ranks.sql")
    assert changes(lock)
    assert changes(tmp_path / "places")
    assert not changes(code / "a.py", "a = 1  # so")
    for other in (code / "c.txt", *models):
        assert not changes(other)


def test_code_of_tables_is_that_of_the_folders_meant_now_wherever_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = []
    for code, sql, text in (("b/code", "b/sql", "a = 1"), ("c/code", "a/sql", "a = 1"), ("d/code", "d/sql", "a = 2")):
        files = {
            "CODE": f"{code}/a.py",
            "SQL": f"{sql}/report/ranks.sql",
            "REQUIREMENTS": f"{code}/lock",
            "GAZETTEER": f"{code}/places",
        }
        for name, file in files.items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            monkeypatch.setattr(settings, name, {"CODE": path.parent, "SQL": path.parent.parent}.get(name, path))
        hashes.append(versions.python_code())
    assert hashes[0] == hashes[1] != hashes[2]
