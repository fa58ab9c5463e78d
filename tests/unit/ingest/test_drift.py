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


@pytest.mark.parametrize("size", [60, 1_000])
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
