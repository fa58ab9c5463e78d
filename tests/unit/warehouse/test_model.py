"""A SQL file documents, checks and orders itself."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.ingest.contract import ROW
from pipelines.ingest.sources import ALL
from pipelines.warehouse import database, model
from pipelines.warehouse.docs import DOCS
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
    checks = [check for column in toy.columns for check in column.checks]
    assert checks == [
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


def test_undocumented_column_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "toy.sql"
    path.write_text("-- Row.\nselect a from core.other\n")
    with pytest.raises(ValueError, match="column a has no documentation"):
        model.read(path, "core")


def test_a_model_has_one_part(tmp_path: Path) -> None:
    path = tmp_path / "x.sql"
    path.write_text("-- One row per year and city.\nselect\n    year,  -- Year. #part\n    city  -- City.\nfrom core.x\n")
    assert model.read(path, "marts").part == "year"
    path.write_text(path.read_text().replace("City.", "City. #part"))
    with pytest.raises(ValueError, match="year and city are both marked #part; leave the mark on one of them"):
        model.read(path, "marts")


@pytest.mark.parametrize(
    ("check", "failing"),
    [
        (Check("unique", "a"), [1, 1]),
        (Check("not_null", "a"), [None]),
        (Check("check", "b", "b > 0"), [3]),
        (Check("in", "a", "main.known.a"), [3]),
    ],
)
def test_checks_return_the_rows_that_fail(check: Check, failing: list[int | None]) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as from (values (1, 1), (1, 2), (null, 4), (3, -1)) v(a, b)")
        connection.execute("create table known as from (values (1)) v(a)")
        assert [row[0] for row in connection.execute(check.failing("main.t")).fetchall()] == failing


def test_every_model_is_documented_and_follows_what_it_reads() -> None:
    models = model.read_all(settings.SQL)
    landing = {f"landing.{source.name}__{table.name}" for source in ALL for table in source.tables}
    seen = landing | set(DOCS)
    for one in models:
        assert set(one.depends) <= seen, one.table
        assert all(column.doc for column in one.columns), one.table
        seen.add(one.table)


def test_lineage_reaches_through_subqueries(toy: model.Model) -> None:
    schema = {"core": {"other": {"a": "int", "b": "int"}, "third": {"d": "int"}}}
    assert toy.lineage(schema) == {
        "a": [("core.other", "a")],
        "twice": [("core.other", "b")],
        "window": [("core.third", "d")],
    }


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
        outcome = database.examine(connection, toy, Check("unique", "a"))
    assert outcome.failing == 2
    assert [str(problem) for problem in outcome.problems] == [
        "f.csv, row 5, column a: 1 occurs more than once. Keep one row per key",
        "f.csv, row 9, column a: 1 occurs more than once. Keep one row per key",
    ]
