"""Companies that no list holds, by city and period."""

import polars as pl
import pytest

from pipelines.index.unlisted import UnlistedCompanies, unlisted
from tests.support.counts_world import PERIODS

#: Combination of lists → companies: what three independent lists hold of 128, with odds of 1, 1/3 and 1/3.
COUNTS = {"A": 36, "B": 12, "C": 12, "AB": 12, "AC": 12, "BC": 4, "ABC": 4}


def listings(
    counts: dict[str, int] = COUNTS, city: str = "Beijing", year: int = 2010, names: dict[str, str] | None = None
) -> pl.DataFrame:
    """Return listings of as many companies on each combination of lists; ``names`` by list, otherwise Latin."""
    rows = [
        {"company": f"{city} {lists} {number}", "city": city, "list": name, "is_curated": name == "A", "year": year}
        | {"name": (names or {}).get(name, "Example")}
        for lists, count in counts.items()
        for number in range(count)
        for name in lists
    ]
    return pl.DataFrame(rows)


def only(frame: pl.DataFrame) -> dict[str, object]:
    assert frame.height == 1
    return frame.row(0, named=True)


def test_independent_lists_give_the_number_on_none() -> None:
    row = only(unlisted(listings(), PERIODS))
    assert (row["city"], row["period"], row["first_year"], row["last_year"]) == ("Beijing", "baseline", 2009, 2012)
    assert (row["lists"], row["n_lists"], row["n_listed"], row["n_shared"]) == ("A 64, B 32, C 32", 3, 92, 32)
    assert row["n_unlisted"] == pytest.approx(36)
    assert row["n_unlisted_low"] < 36 < row["n_unlisted_high"]
    assert (row["model"], row["is_estimable"], row["reason"], row["left_out"]) == ("independent lists", True, None, None)


def test_company_with_several_deals_counts_once() -> None:
    again = pl.concat([listings(), listings(year=2011)])
    assert only(unlisted(again, PERIODS))["n_listed"] == 92


def test_list_with_names_in_another_script_is_left_out() -> None:
    """The curated list has names in both scripts; of the others, two are Chinese and one is Latin."""
    names = {"A": "Example", "B": "小米", "C": "小米", "D": "Xiaomi"}
    row = only(unlisted(listings(COUNTS | {"D": 7, "AD": 5}, names=names), PERIODS))
    assert (row["lists"], row["left_out"]) == ("A 69, B 32, C 32", "D 12")


def test_city_with_too_few_lists_says_so() -> None:
    row = only(unlisted(listings({"A": 20, "B": 20, "AB": 10}), PERIODS))
    assert (row["n_unlisted"], row["is_estimable"], row["reason"]) == (None, False, "fewer than 3 lists")
    assert only(unlisted(listings({"A": 1}), PERIODS))["n_listed"] == 1


def test_open_interval_has_no_upper_end() -> None:
    row = only(unlisted(listings({"A": 15, "B": 14, "C": 17, "AB": 1, "BC": 5}), PERIODS))
    assert row["is_estimable"]
    assert row["n_unlisted_high"] is None


def test_current_years_are_the_last_that_three_lists_cover() -> None:
    later = [listings(city="Wuhan", year=year) for year in (2014, 2017)]
    beyond = listings({"A": 50}, city="Wuhan", year=2020)
    years = unlisted(pl.concat([listings(), *later, beyond]), PERIODS).select("city", "period", "first_year", "last_year").rows()
    assert years == [("Beijing", "baseline", 2009, 2012), ("Wuhan", "current", 2014, 2017)]


def test_current_years_begin_after_the_fixed_ones() -> None:
    years = unlisted(pl.concat([listings(), listings(year=2013)]), PERIODS).select("period", "first_year", "last_year").rows()
    assert years == [("baseline", 2009, 2012), ("current", 2013, 2013)]


def test_no_listing_makes_an_empty_table() -> None:
    assert unlisted(listings().clear(), PERIODS).schema == UnlistedCompanies.empty().schema
