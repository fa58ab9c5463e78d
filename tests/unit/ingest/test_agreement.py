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
        (lambda rows: rows.with_columns(urban="rural", rural="urban"), [("urban", "it has changed places with column rural")]),
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
    assert sentence.startswith("only 39 of the 40 rows of the previous landing are present")


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


def two_figures(size: int, *, others: int = 0, swapped: bool = False) -> pl.DataFrame:
    """Return rows with two figures, in each other's column if ``swapped``, the first of which is another one in some rows."""
    a, b = ("b", "a") if swapped else ("a", "b")
    rows = pl.DataFrame({"key": range(size), a: range(100, 100 + size), b: range(500, 500 + size), ROW: range(size)})
    return rows.with_columns(a=pl.when(pl.col("key") < others).then(9_999).otherwise("a"))


@pytest.mark.parametrize(("size", "others", "has_moved"), [(10, 0, True), (9, 0, False), (20, 2, True), (20, 3, False)])
def test_columns_have_changed_places_if_nine_tenths_of_ten_rows_fit(size: int, others: int, has_moved: bool) -> None:
    rows = agreement.pairs(two_figures(size), two_figures(size, others=others, swapped=True), ["key"])
    assert [problem.problem for problem in agreement.moved(rows, ["a", "b"])] == [
        "it has changed places with column b"
    ] * has_moved


@pytest.mark.parametrize(("repeated", "key"), [(1, ["a"]), (2, ["a", "b"])])
def test_first_columns_that_tell_nineteen_of_twenty_rows_apart_are_a_key(repeated: int, key: list[str]) -> None:
    rows = pl.DataFrame({"a": [0] * repeated + list(range(20 - repeated)), "b": range(20), "c": range(20)})
    assert agreement.telling(rows, ["a", "b", "c"]) == key
    assert agreement.telling(rows, ["a", "b"]) == key[:1] * (repeated == 1), "the last column tells nothing of the others"


@pytest.mark.parametrize(
    ("before", "now", "is_named"),
    [
        *((10.0, 20.0, False), (10.0, 20.5, True), (10.0, 5.0, False), (10.0, 4.9, True)),
        *((1500, 2200, True), (1499, 2200, False), (1500, 2201, False), (2000, 2001, True), (30, 31, False)),
    ],
)
def test_figure_may_double_or_halve_and_a_year_may_not_change(before: float, now: float, is_named: bool) -> None:
    frames = [pl.DataFrame({"key": ["a"], "figure": [value], ROW: [2]}) for value in (before, now)]
    rows = agreement.pairs(*frames, ["key"])
    assert len(list(agreement.changes(rows, ["figure", "unknown"], is_final=False))) == is_named
    assert len(list(agreement.changes(rows, ["figure"], is_final=True))) == 1


@pytest.mark.parametrize(("before", "kept", "is_suspect"), [(20, 18, False), (20, 17, True), (10, 8, True), (9, 0, False)])
def test_source_that_goes_on_keeps_nine_tenths_of_its_rows(before: int, kept: int, is_suspect: bool) -> None:
    now = two_figures(before).with_columns(key=pl.when(pl.col("key") < kept).then("key").otherwise(pl.col("key") + 100))
    rows = agreement.pairs(two_figures(before), now, ["key"])
    assert len(list(agreement.lost(two_figures(before), now, rows, is_final=False))) == is_suspect


def test_repeated_keys_find_no_row_again() -> None:
    twice = pl.concat([two_figures(3), two_figures(1)])
    assert agreement.pairs(two_figures(3), twice, ["key"])["key"].to_list() == [1, 2]
    assert agreement.pairs(twice, two_figures(3), ["key"])["key"].to_list() == [1, 2]
