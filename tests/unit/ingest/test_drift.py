"""Landings that differ from the one before are reported; what chance alone does is not."""

import random
import re

import polars as pl
import pytest

from pipelines.ingest.drift import shifts


def table(size: int, seed: int, mean: float = 100.0, beijing: float = 0.5, empty: float = 0.1) -> pl.DataFrame:
    chance = random.Random(seed)
    return pl.DataFrame(
        {
            "name": [f"company {chance.random()}" for _ in range(size)],
            "city": ["Beijing" if chance.random() < beijing else "Shanghai" for _ in range(size)],
            "amount": [None if chance.random() < empty else chance.gauss(mean, 20) for _ in range(size)],
        }
    )


def compare(before: pl.DataFrame, now: pl.DataFrame) -> list[str]:
    return shifts(before, now, before.columns)


@pytest.mark.parametrize("size", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_chance_is_no_drift(size: int) -> None:
    """Of 50 pairs drawn from one world, hardly any differs."""
    pairs = [compare(table(size, 2 * seed), table(size, 2 * seed + 1)) for seed in range(50)]
    assert sum(bool(sentences) for sentences in pairs) <= 1


def test_a_shifted_number_names_where_it_went() -> None:
    (sentence,) = compare(table(1_000, 1), table(1_000, 2, mean=140))
    assert sentence.startswith("column amount: its values have shifted (stability index")
    # Before, a tenth lies above the ninth tenth's edge, 100 + 1.28 × 20; a normal around 140 has 76% there.
    assert re.search(r"above all from 12[0-9.]+: 7\d%, 10% before$", sentence)


def test_a_shifted_vocabulary_names_its_word() -> None:
    (sentence,) = compare(table(1_000, 1), table(1_000, 2, beijing=0.9))
    assert re.match(r"column city: .*, above all (Beijing: 9\d%, 5\d%|Shanghai: \d%, 4\d%) before$", sentence)


def test_a_new_word_takes_the_place_of_the_old() -> None:
    before = table(200, 1)
    (sentence,) = compare(before, before.with_columns(city=pl.lit("北京")))
    assert sentence.endswith("above all 北京: 100%, 0% before")


def test_an_emptied_column_is_named_once() -> None:
    assert compare(table(1_000, 1, empty=0.0), table(1_000, 1, empty=1.0)) == ["column amount: 100% empty, 0% before"]


def test_far_fewer_or_more_rows_are_compare() -> None:
    assert "400 rows, 1,000 before" in compare(table(1_000, 1), table(400, 2))
    assert "2,100 rows, 1,000 before" in compare(table(1_000, 1), table(2_100, 2))
    assert compare(table(1_000, 1), table(600, 2)) == []


def test_constant_columns_and_tiny_tables_are_silent() -> None:
    constant = pl.DataFrame({"a": [1] * 100})
    assert shifts(constant, constant, ["a"]) == []
    assert shifts(constant.head(3), constant.head(3).with_columns(a=pl.lit(5)), ["a"]) == []
    assert shifts(constant.clear(), constant, ["a"]) == []


def words(*counts: int) -> pl.DataFrame:
    """Return a column in which the first word stands so often, the second so often, and so on."""
    return pl.DataFrame({"word": [f"word {number}" for number, count in enumerate(counts) for _ in range(count)]})


@pytest.mark.parametrize(("now", "is_named"), [(200, False), (201, True), (50, False), (49, True)])
def test_rows_may_double_or_halve(now: int, is_named: bool) -> None:
    assert compare(words(100), words(now)) == ([f"{now} rows, 100 before"] if is_named else [])


@pytest.mark.parametrize(
    ("before", "now", "is_named"),
    [
        # Few rows, or few filled ones, say little.
        (words(50), words(0, 50), True),
        (words(49), words(0, 49), False),
        (words(50), words(0, 49), False),
        # The stability index of one half that became 73% is 0.23, of one that became 75% is 0.27.
        (words(500, 500), words(730, 270), False),
        (words(500, 500), words(750, 250), True),
        # By chance one in a thousand such pairs of 60 rows has 0.36 or more; four fifths have 0.42, 46 of 60 have 0.32.
        (words(30, 30), words(48, 12), True),
        (words(30, 30), words(46, 14), False),
        # More words than fifty are free text.
        (words(*[2] * 50), words(*[0] * 50, 100), True),
        (words(*[2] * 51), words(*[0] * 51, 102), False),
    ],
)
def test_column_has_shifted_beyond_these_limits(before: pl.DataFrame, now: pl.DataFrame, is_named: bool) -> None:
    assert [sentence.startswith("column word: its values have shifted") for sentence in compare(before, now)] == [True] * is_named


@pytest.mark.parametrize(("empty", "sentences"), [(20, []), (21, ["column word: 21% empty, 0% before"])])
def test_fifth_of_the_cells_may_become_empty(empty: int, sentences: list[str]) -> None:
    now = words(100).with_columns(pl.when(pl.int_range(pl.len()) >= empty).then("word"))
    assert compare(words(100), now) == sentences
    assert compare(now, words(100)) == [sentence.replace("21% empty, 0%", "0% empty, 21%") for sentence in sentences]


def test_empty_cells_are_no_value() -> None:
    mostly_empty = pl.DataFrame({"word": [None] * 51 + ["a"] * 49})
    assert compare(mostly_empty, mostly_empty.with_columns(pl.col("word").replace("a", "b"))) == []
