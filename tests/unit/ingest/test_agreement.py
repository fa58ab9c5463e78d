"""Columns that moved are recognised by the rows of the landing before, and so are single values that changed."""

from collections.abc import Callable

import dataframely as dy
import polars as pl
import pytest

from pipelines.ingest import agreement
from pipelines.ingest.contract import ROW

COLUMNS = ["place", "founded", "urban", "rural", "name"]
ROWS = 40
BEFORE = pl.DataFrame({
    "place": [f"place {number}" for number in range(ROWS)],
    "founded": [1980 + number % 23 for number in range(ROWS)],
    "urban": [1_000 + 37 * number % 900 for number in range(ROWS)],
    "rural": [500 + 53 * number % 700 for number in range(ROWS)],
    "name": [f"name {7 * number % 19}" for number in range(ROWS)],
    "source_file": ["list.csv"] * ROWS,
    ROW: range(2, ROWS + 2),
})  # fmt: skip
Change = Callable[[pl.DataFrame], pl.DataFrame]


def moved(now: pl.DataFrame, key: list[str]) -> list[tuple[str | None, str]]:
    rows = agreement.pairs(BEFORE, now, key)
    return [(problem.column, problem.problem) for problem in agreement.moved(rows, COLUMNS)]


@pytest.mark.parametrize("key", [["place"], agreement.POSITION])
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            lambda rows: rows.with_columns(urban="rural", rural="urban"),
            [("urban", "it has changed places with column rural")],
        ),
        (lambda rows: rows.with_columns(pl.col("rural").shift(1)), [("rural", "its values stand one row too low")]),
        (lambda rows: rows.with_columns(pl.col("name").shift(-1)), [("name", "its values stand one row too high")]),
        (lambda rows: rows.with_columns(pl.col("founded") + 5), []),
        (lambda rows: rows, []),
    ],
    ids=["swapped", "low", "high", "other", "same"],
)
def test_column_that_moved_is_named(key: list[str], change: Change, found: list[tuple[str, str]]) -> None:
    assert moved(change(BEFORE), key) == found


def test_rows_in_another_order_have_not_moved() -> None:
    assert moved(BEFORE.reverse(), ["place"]) == []


def test_column_that_is_alike_in_most_rows_has_not_moved() -> None:
    constant = BEFORE.with_columns(rural=pl.lit(1))
    rows = agreement.pairs(constant, constant.with_columns(rural=pl.when(pl.col(ROW) < 5).then(2).otherwise(1)), ["place"])
    assert agreement.moved(rows, COLUMNS) == []


def test_flag_that_changes_in_many_rows_has_not_moved() -> None:
    """Most rows of a flag are like the row above, before and after."""
    flag = BEFORE.with_columns(name=pl.lit("cited"))
    long = pl.concat([flag.with_columns(place=pl.format("{} {}", "place", pl.lit(part))) for part in range(5)])
    verified = pl.when(pl.int_range(pl.len()) % 17 == 3).then(pl.lit("verified")).otherwise("name")
    rows = agreement.pairs(long, long.with_columns(name=verified), ["place"])
    assert (rows["name"] == "verified").sum() >= agreement.FEW_ROWS
    assert agreement.moved(rows, COLUMNS) == []


def set_cell(name: str, value: object) -> pl.DataFrame:
    return BEFORE.with_columns(pl.when(pl.col(ROW) == 7).then(pl.lit(value)).otherwise(name).alias(name))


@pytest.mark.parametrize(
    ("name", "value", "is_final", "example"),
    [
        ("founded", 1995, False, "row 7: 1985 became 1995"),
        ("urban", 11_850, False, "row 7: 1185 became 11850"),
        ("urban", None, False, "row 7: 1185 became None"),
        ("urban", 1_186, True, "row 7: 1185 became 1186"),
        ("name", "Name 16", False, "row 7: 'name 16' became 'Name 16'"),
    ],
)
def test_value_that_changed_is_named(name: str, value: object, is_final: bool, example: str) -> None:
    rows = agreement.pairs(BEFORE, set_cell(name, value), ["place"])
    (sentence,) = agreement.changes(rows, COLUMNS, is_final=is_final)
    assert sentence == f"column {name}: 1 of 40 rows have another value than before, such as {example}"


def test_figure_of_a_source_that_goes_on_may_grow() -> None:
    rows = agreement.pairs(BEFORE, set_cell("urban", 1_300), ["place"])
    assert list(agreement.changes(rows, COLUMNS, is_final=False)) == []


def test_file_of_another_subject_is_suspected() -> None:
    other = BEFORE.with_columns(place=pl.col("place") + " of elsewhere")
    for now, is_suspect in ((other, True), (BEFORE.head(30), False), (BEFORE, False)):
        rows = agreement.pairs(BEFORE, now, ["place"])
        assert bool(list(agreement.lost(BEFORE, now, rows, is_final=False))) == is_suspect


def test_row_that_is_gone_from_a_finished_source_is_named() -> None:
    now = set_cell("place", "place 500")
    (sentence,) = agreement.lost(BEFORE, now, agreement.pairs(BEFORE, now, ["place"]), is_final=True)
    assert sentence.startswith("only 39 of 40 rows that landed before are there")


def test_row_without_a_key_is_found_by_its_place_only_if_none_is_inserted() -> None:
    class Keyed(dy.Schema):
        place = dy.String(primary_key=True)
        name = dy.String()

    class Unkeyed(dy.Schema):
        place = dy.String()
        name = dy.String()

    assert agreement.identity(Keyed, BEFORE, is_final=False) == ["place"]
    assert agreement.identity(Unkeyed, BEFORE, is_final=True) == agreement.POSITION
    assert agreement.identity(Unkeyed, BEFORE, is_final=False) == ["place"], "places tell the rows apart"
    assert agreement.identity(Unkeyed, BEFORE.with_columns(place=pl.lit("one")), is_final=False) == []
