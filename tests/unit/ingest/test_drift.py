"""What is told of a landing that differs from the one before, and what chance alone may do without a word."""

import random

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


def told(before: pl.DataFrame, now: pl.DataFrame) -> list[str]:
    return shifts(before, now, before.columns)


@pytest.mark.parametrize("size", [60, 1_000])
def test_chance_is_no_drift(size: int) -> None:
    """Of 50 pairs drawn from one world, hardly any differs."""
    pairs = [told(table(size, 2 * seed), table(size, 2 * seed + 1)) for seed in range(50)]
    assert sum(bool(one) for one in pairs) <= 1


def test_a_shifted_number_is_named_with_where_it_went() -> None:
    (sentence,) = told(table(1_000, 1), table(1_000, 2, mean=140))
    assert sentence.startswith("column amount: its values are spread otherwise (stability index")
    # Before, a tenth lies above the ninth tenth's edge, 100 + 1.28 × 20; a normal around 140 has 76% there.
    assert ", 7" in sentence
    assert sentence.endswith("10% before")


def test_a_shifted_vocabulary_is_named_with_its_word() -> None:
    (sentence,) = told(table(1_000, 1), table(1_000, 2, beijing=0.9))
    assert "column city" in sentence
    assert "most of all " in sentence
    assert "Beijing" in sentence or "Shanghai" in sentence


def test_a_word_never_seen_before_is_named() -> None:
    before = table(200, 1)
    (sentence,) = told(before, before.with_columns(city=pl.lit("北京")))
    assert "北京, 100%, 0% before" in sentence or "100%" in sentence


def test_a_column_that_grew_empty_is_named_once() -> None:
    assert told(table(1_000, 1, empty=0.0), table(1_000, 1, empty=1.0)) == ["column amount: 100% empty, 0% before"]


def test_far_fewer_or_more_rows_are_told() -> None:
    assert "400 rows, 1,000 before" in told(table(1_000, 1), table(400, 2))
    assert "2,100 rows, 1,000 before" in told(table(1_000, 1), table(2_100, 2))
    assert told(table(1_000, 1), table(600, 2)) == []


def test_a_constant_column_and_a_tiny_table_are_no_trouble() -> None:
    constant = pl.DataFrame({"a": [1] * 100})
    assert shifts(constant, constant, ["a"]) == []
    assert shifts(constant.head(3), constant.head(3).with_columns(a=pl.lit(5)), ["a"]) == []
    assert shifts(constant.clear(), constant, ["a"]) == []
