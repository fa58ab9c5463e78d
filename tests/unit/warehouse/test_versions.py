"""What is made again: by content, down to the rows that landed."""

import ast
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import code, settings
from pipelines.errors import InputError
from pipelines.warehouse import database, fingerprint, landings, model, partitions, versions
from pipelines.warehouse.partitions import views
from tests.support.databases import lent
from tests.support.homes import move_paths
from tests.support.versions import contents

MODELS = [
    model.Model("core", "a", "select kind, size from staging.x where size > 0", "", (), ("staging.x",), None),
    model.Model("core", "b", "from staging.y", "", (), ("staging.y",), None),
    model.Model("core", "c", "from core.a, core.b", "", (), ("core.a", "core.b"), None),
]
KNOWN = model.Model(
    "core", "d", "from core.b", "", (model.Column("m", "A number.", (model.Check("in", "m", "core.b.m"),)),), (), None
)


def write(connection: duckdb.DuckDBPyConnection, table: str, **columns: list[object]) -> None:
    database.write(connection, table, pl.DataFrame(columns))


def remade(connection: duckdb.DuckDBPyConnection, models: list[model.Model] = MODELS) -> str:
    """Build what is out of date, and return which tables that was."""
    made = ""
    for one, version, rows in database.build_all(connection, models):
        if rows is not None:
            versions.note(connection, one.table, version)
            made += one.name
    return "".join(sorted(made))


@pytest.fixture
def build(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a build of toys that is up to date; they read no landing."""
    monkeypatch.setattr(landings, "files", lambda wanted=None: {})
    if not _made:
        with database.connect() as connection:
            write(connection, "staging.x", kind=["bear", "ball", "ball"], size=[2, 1, 0], source=["p. 1", "p. 2", "p. 3"])
            write(connection, "staging.y", m=[1])
            assert remade(connection) == "abc"
            assert remade(connection) == ""
        _made.append(settings.BUILD.read_bytes())
    settings.BUILD.write_bytes(_made[0])
    with database.connect() as connection:
        yield connection


#: The bytes of the build of toys, once it is made.
_made: list[bytes] = []


@pytest.mark.parametrize(
    ("changed", "made"),
    [
        ({"size": [3, 1, 0]}, "ac"),
        ({"source": ["p. 9", "p. 2", "p. 3"]}, "a"),
        ({"size": [2, 1, -1]}, "a"),
        ({"kind": ["ball", "bear", "ball"]}, "ac"),
        ({"kind": ["bear", "ball", None]}, "a"),
        ({"size": [2, 1, 1]}, "ac"),
        ({"size": [2.0, 1.0, 0.0]}, "ac"),
        ({"more": [1, 1, 1]}, "a"),
        ({"size": [None, 1, 2]}, "ac"),
        ({"kind": ["ball", "bear", "ball"], "size": [1, 2, 0], "source": ["p. 2", "p. 1", "p. 3"]}, ""),
    ],
)
def test_change_reaches_what_reads_it_as_far_as_contents_differ(
    build: duckdb.DuckDBPyConnection, changed: dict[str, list[object]], made: str
) -> None:
    before: dict[str, list[object]] = {"kind": ["bear", "ball", "ball"], "size": [2, 1, 0], "source": ["p. 1", "p. 2", "p. 3"]}
    write(build, "staging.x", **before | changed)
    assert remade(build) == made
    assert remade(build) == ""


def test_change_of_what_a_check_refers_to_makes_the_table_again(build: duckdb.DuckDBPyConnection) -> None:
    assert remade(build, [*MODELS, KNOWN]) == "d"
    write(build, "staging.y", m=[1, 2])
    assert remade(build, [*MODELS, KNOWN]) == "bcd"


def test_another_query_makes_its_table_again_and_what_reads_other_rows(build: duckdb.DuckDBPyConnection) -> None:
    first, *others = MODELS
    assert remade(build, [replace(first, sql=f"{first.sql} and size < 9"), *others]) == "a"
    assert remade(build, [replace(first, sql=f"{first.sql} and size < 2"), *others]) == "ac"


def test_another_engine_rebuilds_everything(build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> tuple[str, str]:
        return versions.of_models(build, MODELS)["core.b"].version, fingerprint.of_landed()

    monkeypatch.setattr(fingerprint, "_code", lambda: "code")
    here = found()
    monkeypatch.setenv("ENGINE", "spark")
    there = found()
    assert not {*here} & {*there}
    monkeypatch.setenv("SPARK_FILES", "s3://bucket/nextvalley")
    assert not {*there} & {*found()}


def test_table_without_a_version_is_made_again(build: duckdb.DuckDBPyConnection) -> None:
    """As one is that was replaced, and whose checks failed or whose process was killed."""
    database.build(build, MODELS[0])
    assert remade(build) == "a"
    ((one, _, rows),) = database.build_all(build, [replace(MODELS[0], sql="select kind, 5 as size from staging.x")])
    assert (one.name, rows) == ("a", 3)
    assert remade(build) == "a", "nobody said that it passed its checks"


def test_view_holds_something_else_when_what_it_reads_does(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = replace(MODELS[0], name="w", is_view=True)
    after = model.Model("core", "v", "from core.w", "", (), ("core.w",), None, is_view=True)
    last = model.Model("core", "z", "from core.v", "", (), ("core.v",), None)
    monkeypatch.setattr(partitions, "ROWS_IN_WORDS", 2)
    assert remade(build, [words, after, last]) == "vwz"
    assert views(build).keys() == {"core.w", "core.v"}
    write(build, "staging.x", kind=["bear"] * 3, size=[7, 1, 0], source=["p. 1", "p. 2", "p. 3"])
    assert remade(build, [last]) == "z", "the view has not been made again, and yet has other rows"
    assert remade(build, [words, after, last]) == "vw"
    assert remade(build, [words, after, last]) == ""


@pytest.mark.parametrize(
    ("some", "others"),
    [
        ("[1, 2] as a, [3] as b", "[1] as a, [2, 3] as b"),
        ("[]::int[] as a", "[null]::int[] as a"),
        ("[]::int[] as a", "null::int[] as a"),
        ("['x', 'y'] as a", "['x, y'] as a"),
        ("1 as a, null::int as b", "null::int as a, 1 as b"),
        ("1 as a, 2 as b", "2 as a, 1 as b"),
        ("'xy' as a, '' as b", "'x' as a, 'y' as b"),
        ("1::int as a", "1::bigint as a"),
        ("1.10::decimal(4, 2) as a", "1.10::decimal(5, 2) as a"),
    ],
)
def test_rows_that_differ_have_different_hashes(some: str, others: str) -> None:
    with lent() as connection:
        connection.execute("create schema staging")
        for name, values in (("some", some), ("others", others)):
            connection.execute(f"create table staging.{name} as select {values}")
        found = contents(connection, {"staging.some", "staging.others"})
    assert found["staging.some"] != found["staging.others"]


def test_version_stands_for_what_an_engine_left_in_files(build: duckdb.DuckDBPyConnection, home: Path) -> None:
    pl.DataFrame({"kind": ["bear"], "size": [1]}).write_parquet(home / "x.parquet")
    build.execute(f"create view staging.f as from read_parquet('{home / 'x.parquet'}')")
    assert contents(build, {"staging.f"}) == {"staging.f": versions.of_file(build, home / "x.parquet")}
    versions.note(build, "staging.f", "version")
    assert contents(build, {"staging.f"}) == {"staging.f": "version"}


def test_result_of_a_query_counts_not_the_table_that_it_reads(build: duckdb.DuckDBPyConnection) -> None:
    def wanted() -> versions.Wanted:
        return versions.wanted(build, ["core.n"], "code", ["staging.y"], ["select kind, size from staging.x"])

    write(build, "core.n", n=[1])
    assert not wanted().is_made
    versions.note(build, "core.n", wanted().version)
    assert wanted().is_made
    write(build, "staging.x", kind=["bear", "ball", "ball"], size=[2, 1, 0], source=["p. 8", "p. 2", "p. 3"])
    assert wanted().is_made
    write(build, "staging.x", kind=["bear", "ball", "ball"], size=[2, 1, 5], source=["p. 8", "p. 2", "p. 3"])
    assert not wanted().is_made
    assert not versions.wanted(build, ["core.n", "core.none"], "code", ["staging.y"]).is_made


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
    rows = {Path("m.py"): plain.replace("One row.", "One row per deal.").encode()}
    assert code.digest(rows, with_classes=False) == code.digest({Path("m.py"): plain.encode()}, with_classes=False)
    assert code.digest({Path("m.sql"): b"select 1"}) != code.digest({Path("m.sql"): b"select 1 -- one"})


def test_every_version_of_python_hashes_code_alike() -> None:
    of_another_version = "ffd8172b1edfd0d31b6f1975011d0151fa4f6fe92dcac2506484c505402c8f80"
    assert code.digest({Path("m.py"): b"def f(a, *, b=None):\n    return g(a)[:1]"}) == of_another_version
    assert code.digest({Path("m.py"): b"def f(a, *, b=None):\n    return g(a)"}) != of_another_version


def test_landings_differ_by_rows_and_columns_not_by_order(home: Path) -> None:
    with duckdb.connect() as connection:
        file = home / "t.parquet"

        def content(**columns: list[object]) -> str:
            pl.DataFrame(columns).write_parquet(file)
            return versions.of_file(connection, file)

        plain = content(a=[1, 2], b=["x", "y"])
        assert content(a=[2, 1], b=["y", "x"]) == plain
        assert content(a=[1, 2], c=["x", "y"]) != plain
        assert content(a=[1, 2], b=["x", "z"]) != plain


def test_code_of_a_release_is_all_that_makes_it() -> None:
    files = fingerprint._files()
    assert files[Path("requirements.lock")] == settings.REQUIREMENTS.read_bytes()
    assert files[Path("gazetteer.parquet")] == settings.GAZETTEER.read_bytes()


def test_code_has_one_fingerprint_wherever_the_home_is_when_it_is_first_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = fingerprint._code.__wrapped__
    few = dict(list(fingerprint._FILES.items())[-20:])
    monkeypatch.setattr(fingerprint, "_FILES", few)
    here = asked()
    move_paths(monkeypatch, tmp_path)
    assert asked() == here
    monkeypatch.setattr(fingerprint, "_FILES", few | {Path("code", "more.py"): b"x = 1"})
    assert asked() != here


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


def test_table_that_is_not_there_is_named_with_what_to_do(home: Path) -> None:
    with database.connect() as connection, pytest.raises(InputError, match=r"staging\.x: is not made yet"):
        versions.of_models(connection, MODELS)


def test_another_duckdb_makes_every_table_again(build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb, "__version__", "99.0")
    assert remade(build) == "abc"
