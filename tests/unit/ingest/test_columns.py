"""What a column of a contract lets through, whatever its source: days of the calendar, currencies, figures that can be."""

from datetime import date, timedelta

import dataframely as dy
import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest import calendar, columns, sources
from pipelines.ingest.calendar import KNOWN, today
from pipelines.ingest.contract import ROW, conform


class Rounds(dy.Schema):
    """One row per round."""

    day = columns.day("Day.", since="1990", nullable=True)
    year = columns.year("Year.", 1990, nullable=True)
    edition = columns.year("Edition.", 1990, ahead=1, nullable=True)
    currency = columns.currency(nullable=True)
    usd = columns.usd("Amount.")
    figure = columns.number("Figure.", nullable=True)


def refusal(column: str, value: str) -> str:
    cells = dict.fromkeys(Rounds.column_names()) | {column: value, ROW: 2}
    try:
        conform(pl.DataFrame(cells, schema_overrides=dict.fromkeys(Rounds.column_names(), pl.String)), Rounds)
    except Refused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("day", "2015-02-31", "column day: '2015-02-31' is not in the calendar"),
        ("day", "2199-01-01", "has the wrong form"),
        ("day", "2099-01-01", "'2099-01-01' is in the future"),
        ("day", f"{today() + timedelta(days=3)}", "is in the future"),
        ("day", "1912-05-01", "has the wrong form"),
        ("year", f"{today().year + 1}", f"column year: '{today().year + 1}' is in the future"),
        ("year", "1989", "'1989' is below 1990"),
        ("edition", f"{today().year + 2}", "is in the future"),
        ("currency", "RMB", "'RMB' has the wrong form. Write an ISO 4217 code"),
        ("currency", "ZZZ", "Write an ISO 4217 code"),
        ("usd", "1e23", "'1e23' is above 200,000,000,000"),
        ("figure", "1e23", "'1e23' is above 1e+15"),
        ("figure", "inf", "figure"),
        ("figure", "nan", "figure"),
    ],
)
def test_value_that_cannot_be_is_refused(column: str, value: str, words: str) -> None:
    assert words in refusal(column, value)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("day", "2016-02-29"),
        ("day", f"{today()}"),
        ("year", f"{today().year}"),
        ("edition", f"{today().year + 1}"),
        ("currency", "CNY"),
        ("usd", "1e9"),
        ("figure", "-3.5"),
    ],
)
def test_value_that_can_be_is_let_through(column: str, value: str) -> None:
    assert refusal(column, value) == ""


def test_clock_that_was_set_back_makes_no_fact_a_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    class Early(date):
        @classmethod
        def today(cls) -> date:
            return date(1970, 1, 1)

    monkeypatch.setattr(calendar, "date", Early)
    assert today() == KNOWN
    assert refusal("year", f"{KNOWN.year}") == ""


def test_process_that_runs_on_at_new_year_takes_facts_of_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    year = today().year + 1
    assert refusal("year", f"{year}") != ""
    monkeypatch.setattr(columns, "today", lambda: date(year, 1, 1))
    assert refusal("year", f"{year}") == ""


def bounds() -> list[tuple[str, dy.Column]]:
    return [
        (f"{source.name}.{table.name}.{name}", column)
        for source in sources.ALL
        for table in source.tables
        for name, column in table.contract.columns().items()
    ]


def test_every_year_is_known_to_have_an_end() -> None:
    endless = [
        name
        for name, column in bounds()
        if isinstance(column, dy.Int32)
        and name.endswith(("year", "_year", "edition", "founded", "established", "opened", "closed"))
        and column.max is None
        and column.check is None
    ]
    assert endless == []


def test_every_amount_has_an_upper_bound() -> None:
    unbounded = [
        name
        for name, column in bounds()
        if isinstance(column, dy.Float64) and column.max is None and column.max_exclusive is None
    ]
    assert unbounded == ["reference.exchange_rates.per_usd"]
