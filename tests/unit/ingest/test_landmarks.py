"""A first landing is compared with a few rows that are known."""

import dataframely as dy
import polars as pl
import pytest

from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.landmarks import agree, disagreements, key_of, mark


class Cities(dy.Schema):
    """One row per city."""

    city = columns.text("City.", primary_key=True)
    country = columns.text("Country.")
    founded = columns.year("Year.", 1000)
    people = columns.integer("Residents.", 0)
    latitude = columns.number("Degrees.", -90, 90)


ROWS = pl.DataFrame({
    "city": [f"city {number}" for number in range(30)],
    "country": [f"country {number % 7}" for number in range(30)],
    "founded": [1600 + 11 * number for number in range(30)],
    "people": [10 ** (1 + number % 6) for number in range(30)],
    "latitude": [number - 10.5 for number in range(30)],
    ROW: range(2, 32),
})  # fmt: skip
KNOWN = {
    key_of([row["city"]]): {
        name: mark(row[name], Cities.columns()[name]) for name in ("country", "founded", "people", "latitude")
    }
    for row in ROWS.gather_every(2).iter_rows(named=True)
}


def odd(rows: pl.DataFrame) -> set[str]:
    return {
        sentence.split(":")[0].removeprefix("column ")
        for sentence in disagreements(rows, Cities, ["city"], KNOWN, are_expected=True)
    }


def test_rows_that_are_known_agree_also_when_they_grow() -> None:
    assert odd(ROWS) == set()
    assert odd(ROWS.reverse()) == set()
    assert odd(ROWS.with_columns(pl.col("people") * 2)) == set()


@pytest.mark.parametrize("column", ["country", "founded", "people", "latitude"])
def test_column_that_stands_a_row_too_low_disagrees(column: str) -> None:
    assert odd(ROWS.with_columns(pl.col(column).shift(1).fill_null(strategy="backward"))) == {column}


def test_sentence_names_a_row() -> None:
    rows = ROWS.with_columns(country=pl.lit("Nowhere"))
    (sentence,) = disagreements(rows, Cities, ["city"], KNOWN, are_expected=True)
    assert sentence == "column country: 15 of 15 rows that are known have another value, such as 'Nowhere' in row 2"


def test_table_with_few_of_them_is_not_compared() -> None:
    assert odd(ROWS.head(4).with_columns(country=pl.lit("Nowhere"))) == set()
    assert list(disagreements(ROWS, Cities, ["renamed"], KNOWN, are_expected=True)) == []


@pytest.mark.parametrize("are_expected", [True, False])
def test_file_of_something_else_has_none_of_them(are_expected: bool) -> None:
    other = ROWS.with_columns(pl.col("city") + " elsewhere")
    sentences = list(disagreements(other, Cities, ["city"], KNOWN, are_expected=are_expected))
    assert sentences == (["none of the 15 known rows is present: is this a different file?"] if are_expected else [])


def test_marks_tell_no_figure_exactly() -> None:
    people = Cities.columns()["people"]
    assert mark(1_000_000, people) == "~20"
    assert agree("~20", "~21") and not agree("~20", "~23")
    assert mark(None, people) != mark(0, people)
    assert not agree("~20", mark(None, people))


@pytest.mark.parametrize(("met", "others", "is_named"), [(5, 1, True), (4, 4, False), (10, 1, False), (10, 2, True)])
def test_column_is_named_if_more_than_a_tenth_of_five_landmarks_differ(met: int, others: int, is_named: bool) -> None:
    rows = ROWS.gather_every(2).head(met).with_columns(
        country=pl.when(pl.int_range(pl.len()) < others).then(pl.lit("Nowhere")).otherwise("country")
    )  # fmt: skip
    assert odd(rows) == ({"country"} if is_named else set())


@pytest.mark.parametrize(
    ("low", "high", "grows"),
    [(0, None, True), (None, 361, True), (0, 360, False), (699, 2200, True), (700, 2200, False), (700, None, False)],
)
def test_figures_that_may_grow_are_kept_to_a_factor_of_two(low: int | None, high: int | None, grows: bool) -> None:
    column = columns.integer("Figure.", low, high)
    assert mark(1023, column).startswith("~") == grows
    if grows:
        assert (mark(1023, column), mark(-1023, column), mark(0, column)) == ("~10", "~10", "~0")
    else:
        assert len(mark(1023, column)) == 4
    assert not mark(True, column).startswith("~")
    assert len(key_of(["a", 1])) == 12
    assert key_of(["a", 1]) != key_of(["a", 2])


def test_marks_agree_to_a_factor_of_four_or_to_the_letter() -> None:
    assert [agree("~20", other) for other in ("~18", "~19", "~20", "~21", "~22", "20")] == [False, True, True, True, False, False]
    assert agree("ab12", "ab12") and not agree("ab12", "ab13")
