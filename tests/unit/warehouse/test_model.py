"""A SQL file documents, checks and orders itself."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest.contract import ROW
from pipelines.ingest.landing import table_name
from pipelines.ingest.sources import ALL
from pipelines.orchestration.assets import schemas
from pipelines.warehouse import checks, database, model, syntax
from pipelines.warehouse.lineage import lineage
from pipelines.warehouse.model import Check

SQL = """-- One row per thing.
-- Second line.
with inner_one as (select a, b from core.other)

select
    a,  -- The key. #unique #not_null
    b * 2 as twice,  -- Twice b. #check twice >= 0
    -- a remark of its own
    c.d as "window"  -- Quoted. #in core.third.d
from inner_one
left join core.third as c on c.d = inner_one.a
"""


@pytest.fixture
def toy(tmp_path: Path) -> model.Model:
    path = tmp_path / "core" / "toy.sql"
    path.parent.mkdir()
    path.write_text(SQL)
    return model.read(path, "core")


def test_reads_docs_checks_and_dependencies(toy: model.Model) -> None:
    assert toy.table == "core.toy"
    assert toy.doc == "One row per thing. Second line."
    assert toy.depends == ("core.other", "core.third")
    assert [(column.name, column.doc) for column in toy.columns] == [
        ("a", "The key."),
        ("twice", "Twice b."),
        ("window", "Quoted."),
    ]
    assert toy.checks == [
        Check("unique", "a"),
        Check("not_null", "a"),
        Check("check", "twice", "twice >= 0"),
        Check("in", "window", "core.third.d"),
    ]


def test_layout_and_comments_are_no_change(toy: model.Model, tmp_path: Path) -> None:
    path = tmp_path / "core" / "toy.sql"
    path.write_text(SQL.replace("Twice b", "Double b").replace("    a,", "  a ,"))
    assert model.read(path, "core").code_version == toy.code_version
    path.write_text(SQL.replace("b * 2", "b * 3"))
    assert model.read(path, "core").code_version != toy.code_version


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("-- Row.\nselect a from core.other\n", "column a has no documentation"),
        ("select\n    a  -- The key.\nfrom core.other\n", r"toy\.sql: begin with `-- One row per …`"),
        ("-- Row.\n", r"toy\.sql: a model is one SELECT: there are 0 statements; write one SELECT"),
        (
            "-- Row.\nselect a from t; select a from t",
            r"toy\.sql: a model is one SELECT: there are 2 statements; write one SELECT",
        ),
    ],
    ids=["undocumented column", "no comment above", "no query", "two queries"],
)
def test_model_that_is_not_one_documented_query_is_an_error(sql: str, error: str, tmp_path: Path) -> None:
    path = tmp_path / "toy.sql"
    path.write_text(sql)
    with pytest.raises(ValueError, match=error):
        model.read(path, "core")


@pytest.mark.parametrize("name", ["_table", "right"])
def test_model_in_another_encoding_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = branch_folder(tmp_path / "sql", _table=TABLE, right="select a, b from landing.r") / f"{name}.sql"
    path.write_bytes(b"-- One row.\n" + path.read_text().encode("utf-16"))
    monkeypatch.setattr(settings, "SQL", tmp_path / "sql")
    with pytest.raises(InputError, match=rf"sql: sql/core/toys/{name}\.sql: byte 0xff in row 2 is not UTF-8\. Save it as UTF-8$"):
        model.of_project()


def test_union_has_the_columns_of_its_first_query() -> None:
    assert syntax.parse("select a, b from t union all select c, d from u union all select e, f from v").columns == ("a", "b")


@pytest.mark.parametrize("mark", ["part", "order"])
def test_a_model_is_divided_or_ordered_by_one_column(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "x.sql"
    path.write_text(f"-- One row per year and city.\nselect\n    year,  -- Year. #{mark}\n    city  -- City.\nfrom core.x\n")
    read = model.read(path, "marts")
    assert (read.part, read.order) == (("year", None) if mark == "part" else (None, "year"))
    path.write_text(path.read_text().replace("City.", f"City. #{mark}"))
    with pytest.raises(ValueError, match=f"year and city are both marked #{mark}; leave the mark on one of them"):
        model.read(path, "marts")


def test_mark_of_a_table_in_words_is_no_part_of_its_documentation(tmp_path: Path) -> None:
    path = tmp_path / "x.sql"
    path.write_text("-- One row per deal.\n-- In words. #view\nselect a  -- It.\nfrom core.x\n")
    made = model.read(path, "marts")
    assert (made.is_view, made.doc) == (True, "One row per deal. In words.")
    path.write_text("-- One row per deal.\n-- In numbers.\nselect a  -- It.\nfrom core.x\n")
    assert not model.read(path, "marts").is_view


TABLE = "-- One row per thing.\nselect\n    a,  -- The key. #unique #not_null\n    b  -- A word.\nfrom branches\n"


def branch_folder(root: Path, **branches: str) -> Path:
    folder = root / "core" / "toys"
    folder.mkdir(parents=True)
    for name, sql in branches.items():
        (folder / f"{name}.sql").write_text(sql)
    return folder


def test_branch_folder_is_the_union_of_its_files(tmp_path: Path) -> None:
    branch_folder(
        tmp_path,
        _table=TABLE.replace("from branches", "from every").replace("\nselect", "\nwith every as (from branches)\nselect"),
        right="with t as (from landing.r) select a from t  -- the last line is a comment",
        left="select b, a from landing.l union all select 'z' as b, 9 as a",
    )
    (toys,) = model.read_all(tmp_path)
    assert (toys.table, toys.doc, toys.depends) == ("core.toys", "One row per thing.", ("landing.l", "landing.r"))
    assert [(column.name, column.doc, column.checks) for column in toys.columns] == [
        ("a", "The key.", (Check("unique", "a"), Check("not_null", "a"))),
        ("b", "A word.", ()),
    ]
    with duckdb.connect() as connection:
        connection.execute("create schema landing; create table landing.r as select 1 as a")
        connection.execute("create table landing.l as select 2 as a, 'y' as b")
        assert connection.execute(toys.sql).fetchall() == [(2, "y"), (9, "z"), (1, None)]
    schema = {"landing": {"l": {"a": "int", "b": "varchar"}, "r": {"a": "int"}}}
    assert lineage(toys, schema) == {"a": [("landing.l", "a"), ("landing.r", "a")], "b": [("landing.l", "b")]}


def test_new_branch_changes_the_code_version_layout_does_not(tmp_path: Path) -> None:
    folder = branch_folder(tmp_path, _table=TABLE, left="select a, b from landing.l")
    before = model.read(folder, "core").code_version
    (folder / "left.sql").write_text("-- A remark.\nselect a,\n    b\nfrom landing.l")
    assert model.read(folder, "core").code_version == before
    (folder / "new.sql").write_text("select a, b from landing.n")
    assert model.read(folder, "core").code_version != before


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select b from t", "z.sql: column a is missing; in the table it is never empty. Add it"),
        ("select a, b, c from t", "z.sql: column c is one too many; _table.sql does not read it. Remove it, or read it there"),
        ("select a, b, 1 as b from t", "z.sql: column b is there twice. Remove one of the two"),
        ("with x as (from t) select a, b from x", "z.sql: the WITH part x has the name of one in left.sql. Rename it"),
        (
            "with branches as (from t) select a, b from branches",
            "z.sql: the WITH part branches has the name of one in the union of the branches",
        ),
        ("create table t (a int)", "z.sql: a model is one SELECT"),
    ],
)
def test_branch_that_differs_is_named_with_its_column(sql: str, message: str, tmp_path: Path) -> None:
    same = "with x as (from t) select a, b from x"
    folder = branch_folder(tmp_path, _table=TABLE, left=same, right=same.replace("x", "y"), z=sql)
    with pytest.raises(ValueError) as raised:
        model.read(folder, "core")
    assert message in str(raised.value)


def test_incomplete_branch_folder_is_an_error(tmp_path: Path) -> None:
    folder = branch_folder(tmp_path, left="select a, b from t")
    with pytest.raises(ValueError, match=r"toys: _table\.sql is missing"):
        model.read_all(tmp_path)
    (folder / "_table.sql").write_text(TABLE.replace("branches", "core.other"))
    with pytest.raises(ValueError, match=r"_table\.sql: no table `branches` is read"):
        model.read_all(tmp_path)
    (folder / "_table.sql").write_text(TABLE)
    (tmp_path / "core" / "toys.sql").write_text(TABLE)
    with pytest.raises(ValueError, match=r"toys\.sql: the branch folder toys makes the same table"):
        model.read_all(tmp_path)
    (tmp_path / "core" / "toys.sql").unlink()
    (folder / "left.sql").unlink()
    with pytest.raises(ValueError, match="toys: there is no branch beside"):
        model.read_all(tmp_path)


@pytest.mark.parametrize(
    ("check", "failing"),
    [
        (Check("unique", "a"), [1, 1]),
        (Check("unique", "a, c"), [1, 1]),
        (Check("unique", "a, b"), []),
        (Check("not_null", "a"), [None]),
        (Check("check", "b", "b > 0"), [3]),
        (Check("in", "a", "main.known.a"), [3]),
    ],
)
def test_checks_return_the_rows_that_fail(check: Check, failing: list[int | None]) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as from (values (1, 1, 5), (1, 2, 5), (null, 4, 5), (3, -1, 5)) v(a, b, c)")
        connection.execute("create table known as from (values (1)) v(a)")
        assert [row[0] for row in connection.execute(check.failing("main.t")).fetchall()] == failing


def test_unique_may_take_further_columns(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    pairs_sql = "-- Pairs.\nselect\n    a,  -- First. #not_null #unique with b, c\n    b  -- Second.\nfrom core.x\n"
    (tmp_path / "core" / "pairs.sql").write_text(pairs_sql)
    (pairs,) = model.read_all(tmp_path)
    assert pairs.columns[0].checks == (Check("not_null", "a"), Check("unique", "a, b, c"))


def test_model_follows_the_tables_that_its_checks_refer_to(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "toys.sql").write_text(
        "-- Toys.\nselect\n    shop  -- Shop. #in core.shops.shop #not_null\nfrom landing.t"
    )
    (tmp_path / "core" / "shops.sql").write_text("-- Shops.\nselect\n    shop  -- Shop. #in core.towns.shop\nfrom landing.s")
    (tmp_path / "core" / "towns.sql").write_text(
        "-- Towns.\nselect\n    shop  -- Shop. #check shop <> 'core.toys.'\nfrom landing.t"
    )
    ordered = model.read_all(tmp_path)
    assert [made.name for made in ordered] == ["towns", "shops", "toys"]
    assert [made.referred for made in ordered] == [set(), {"core.towns"}, {"core.shops"}]


def test_every_model_is_documented_and_follows_what_it_reads() -> None:
    models = model.read_all(settings.SQL)
    landing = {table_name(source, table) for source in ALL for table in source.tables}
    seen = landing | {table.table for table in schemas.ALL}
    for one in models:
        assert set(one.depends) <= seen, one.table
        assert all(column.doc for column in one.columns), one.table
        seen.add(one.table)


def test_lineage_reaches_through_subqueries(toy: model.Model) -> None:
    schema = {"core": {"other": {"a": "int", "b": "int"}, "third": {"d": "int"}}}
    assert lineage(toy, schema) == {
        "a": [("core.other", "a")],
        "twice": [("core.other", "b")],
        "window": [("core.third", "d")],
    }


def test_lineage_leaves_out_what_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "numbered.sql"
    path.write_text(
        "-- Rows.\nselect\n    o.a,  -- Key.\n    o.b + r.range as n  -- Number.\nfrom core.other as o cross join range(3) as r"
    )
    schema = {"core": {"other": {"a": "int", "b": "int"}}}
    assert lineage(model.read(path, "core"), schema) == {"a": [("core.other", "a")], "n": [("core.other", "b")]}


def test_models_use_only_the_portable_subset() -> None:
    banned = (
        "asof",
        "pivot",
        "columns(",
        "by name",
        "qualify",
        "percentile_cont",
        "arg_max",
        "jaro_winkler",
        " recursive",
        "using (",
    )
    for one in model.read_all(settings.SQL):
        lowered = one.sql.lower()
        assert not [word for word in banned if word in lowered], one.table


def test_examine_words_the_failing_row_with_its_place(toy: model.Model) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        frame = pl.DataFrame({"a": [1, 1], "twice": [1, 1], "window": [1, 1], "source_file": ["f.csv"] * 2, ROW: [5, 9]})
        database.write(connection, "core.toy", frame)
        outcome = checks.examine(connection, toy.table, Check("unique", "a"))
    assert outcome.failing == 2
    assert [str(problem) for problem in outcome.problems] == [
        "f.csv, row 5, column a: 1 occurs more than once. Keep one row per key",
        "f.csv, row 9, column a: 1 occurs more than once. Keep one row per key",
    ]
