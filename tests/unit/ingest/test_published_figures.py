"""Figures of reports that would not count, or stop a refresh later: check names file, row, column and remedy."""

import pytest

from pipelines.ingest.sources import register
from tests.support.parsing import csv_file
from tests.unit.ingest.test_register_review import Row, problems

ROW = dict.fromkeys(register.PublishedStatistics.column_names(), "") | {
    "source": "A report", "city": "Beijing", "metric": "unicorns", "edition_or_year": "2021-06", "value": "82", "unit": "count",
    "confidence": "high",
}  # fmt: skip


def found(*rows: Row) -> list[tuple[int | None, str | None, str]]:
    """Return what is wrong with rows of the file."""
    return problems("published_statistics", csv_file(ROW, *(ROW | row for row in rows)))


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"value": "1.234.567"}, "value", "'1.234.567' is not a number. Write digits, and a point for decimals"),
        ({"value": "1,082"}, "value", "'1,082' is not a number. Write digits, and a point for decimals"),
        (
            {"value": "~82", "metric": "deals_originated"},
            "value",
            "'~82' is not a number. Write digits, and a point for decimals",
        ),
        *(
            ({"edition_or_year": edition}, "edition_or_year", f"no year can be read from {edition!r}. Begin with YYYY or YYYY-MM")
            for edition in ("2021/06", "Jun 2021", "2021Q1", "2021 (June)", "2018 to 2013", "2018 to 23")
        ),
        ({"metric": "unicrons"}, "metric", "'unicrons' is nearly 'unicorns'. Write 'unicorns'"),
        ({"metric": "potential_unicorn"}, "metric", "'potential_unicorn' is nearly 'potential_unicorns'. Write"),
        ({"metric": "lawers"}, "metric", "'lawers' is nearly 'lawyers'. Write 'lawyers'"),
    ],
)
def test_figure_that_would_not_count_is_named(changes: Row, column: str, words: str) -> None:
    ((row, name, text),) = found({}, {"city": "Wuhan"} | changes)
    assert (row, name, text[: len(words)]) == (3, column, words)


def test_figure_that_is_only_shown_may_be_in_words() -> None:
    shown = {"metric": "share_of_vc_amount", "value": "~70", "edition_or_year": "c2020"}
    assert (
        found(shown, shown, {"edition_or_year": "2023-04 (data end-2022)"}, {"edition_or_year": "2018 to 2023"}, {"value": "1.5"})
        == []
    )


def test_figure_of_a_city_counts_once_in_an_edition() -> None:
    ((row, column, text),) = found({"edition_or_year": "2021-06"}, {"edition_or_year": "2021-06 (copy)"})
    assert (row, column) == (3, "city")
    assert text == "A report of 2021-06 has another row of unicorns in Beijing. Keep one row per city and edition"


def test_total_of_a_country_is_not_below_its_cities() -> None:
    cities = ({}, {"city": "Altay", "value": "40"}, {"city": "London", "value": "9"})
    others = ({"source": "Another"}, {"edition_or_year": "2020"}, {"metric": "deals_received"})
    enough = {"city": "China", "value": "122"}
    assert found(enough, *cities, *others, {"city": "Singapore", "value": "0"}) == []
    ((row, column, text),) = found(enough | {"value": "121"}, *cities, *others)
    assert (row, column) == (2, "value")
    assert text == "121 of China is below the 122 of its cities in the same edition. Correct it, or the values of rows 3, 4"
