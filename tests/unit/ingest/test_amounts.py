"""Printed amounts are read as a currency and an interval, or not at all."""

import re
from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.ingest import amounts as money
from pipelines.ingest.amounts import parse_amounts
from pipelines.ingest.sources import itjuzi, reference

OPEN = None


def _read(text: str | None, currency: str | None = None) -> tuple[str | None, float | None, float | None, str]:
    frame = pl.DataFrame({"text": [text], "currency": [currency]}, schema={"text": pl.String, "currency": pl.String})
    _, *reading = parse_amounts(frame).row(0)
    return tuple(reading)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("1000万人民币", "CNY", 1e7),
        ("1.35亿美元", "USD", 1.35e8),
        ("24.34亿新台币", "TWD", 2.434e9),
        ("3000萬港幣", "HKD", 3e7),
        ("500万新加坡元", "SGD", 5e6),
        ("1亿日元", "JPY", 1e8),
        ("5百万欧元", "EUR", 5e6),
        ("2000万元", "CNY", 2e7),
        ("1000万元人民币", "CNY", 1e7),
        ("８００万英镑", "GBP", 8e6),
        ("$7.44B", "USD", 7.44e9),
        ("US$10m", "USD", 1e7),
        ("€5.2 million", "EUR", 5.2e6),
        ("RMB 300 million", "CNY", 3e8),
        ("HK$ 1,250,000", "HKD", 1_250_000),
        ("5 million US dollars", "USD", 5e6),
        ("₹50 crore", "INR", 5e8),
        ("₩2.5bn", "KRW", 2.5e9),
        ("C$12.5 mn", "CAD", 1.25e7),
        ("AUD 300k", "AUD", 3e5),
        ("8亿其他", None, 8e8),
        ("1500000", None, 1.5e6),
        ("1.5E+07", None, 1.5e7),
        ("1.2345678万元", "CNY", 12_345.68),
    ],
)
def test_one_figure_is_exact(text: str, currency: str | None, amount: float) -> None:
    assert _read(text) == (currency, amount, amount, "exact")


@pytest.mark.parametrize(
    ("text", "currency", "low", "high"),
    [
        ("$120M – $150M", "USD", 1.2e8, 1.5e8),
        ("10 million to 20 million HKD", "HKD", 1e7, 2e7),
        ("$5-10 million", "USD", 5e6, 1e7),
        ("1000-2000万人民币", "CNY", 1e7, 2e7),
        ("800万至1亿元", "CNY", 8e6, 1e8),
        ("亿元及以上人民币", "CNY", 1e8, OPEN),
        ("亿元及以上其他", None, 1e8, OPEN),
        ("超1.2亿美元", "USD", 1.2e8, OPEN),
        ("$100M+", "USD", 1e8, OPEN),
        ("more than 30 million euros", "EUR", 3e7, OPEN),
    ],
)
def test_printed_ends_make_a_range(text: str, currency: str | None, low: float, high: float | None) -> None:
    assert _read(text) == (currency, low, high, "range")


@pytest.mark.parametrize(
    ("text", "currency", "low"),
    [
        ("数十万人民币", "CNY", 1e5),
        ("数百万美元", "USD", 1e6),
        ("数千万人民币", "CNY", 1e7),
        ("几千万", None, 1e7),
        ("数亿", None, 1e8),
        ("数十亿元", "CNY", 1e9),
        ("千万级人民币", "CNY", 1e7),
        ("数千万元级", "CNY", 1e7),
        ("上千万", None, 1e7),
        ("过亿美元", "USD", 1e8),
        ("近千万人民币", "CNY", 1e6),
        ("近2000万元", "CNY", 2e6),
        ("nearly $50 million", "USD", 5e6),
        ("several million euros", "EUR", 1e6),
        ("tens of millions of yuan", "CNY", 1e7),
        ("hundreds of millions of US dollars", "USD", 1e8),
    ],
)
def test_a_size_alone_reaches_up_to_the_next(text: str, currency: str | None, low: float) -> None:
    assert _read(text) == (currency, low, low * 10, "order of magnitude")


@pytest.mark.parametrize(
    "text", ["未透露", "金额未知", "N/A", "undisclosed", "Undisclosed amount", "Indefinite", "—", " ", "", None]
)
def test_a_text_that_discloses_nothing_is_undisclosed(text: str | None) -> None:
    assert _read(text) == (None, None, None, "undisclosed")


@pytest.mark.parametrize(
    "text",
    [
        "约1000万",
        "about $5M",
        "$",
        "m",
        "-5",
        "$1,23",
        "€5,2 million",
        "$20M-$10M",
        "$10M (RMB 68M)",
        "¥100M",
        "￥3000万",
        "10M USD HKD",
        "$١٠ million",
    ],
)
def test_a_text_that_is_not_understood_is_unreadable(text: str) -> None:
    assert _read(text) == (None, None, None, "unreadable")


@pytest.mark.parametrize(
    ("text", "column", "currency"),
    [
        ("1500000", "GBP", "GBP"),
        ("2500000.00", "DKK", "DKK"),
        ("¥100M", "JPY", "JPY"),
        ("¥100M", "CNY", "CNY"),
        ("$5M", "CAD", "CAD"),
        ("10万元", "HKD", "HKD"),
        ("RMB 5m", "CNY", "CNY"),
    ],
)
def test_a_printed_currency_settles_an_ambiguous_text(text: str, column: str, currency: str) -> None:
    assert _read(text, column)[0] == currency


@pytest.mark.parametrize(("text", "column"), [("RMB 5m", "USD"), ("$5M", "GBP"), ("¥5M", "USD"), ("€5M", "USD")])
def test_a_printed_currency_cannot_contradict_the_text(text: str, column: str) -> None:
    assert _read(text, column) == (None, None, None, "unreadable")


def test_rows_keep_their_order() -> None:
    texts = pl.Series(["数百万美元", "未透露", "?", "数百万美元", None])
    assert parse_amounts(texts)["text"].to_list() == texts.to_list()


def test_every_currency_read_has_its_rates() -> None:
    rates = reference.FILES.read("exchange_rates")
    assert set(rates["currency"]) == set(money._NAMES) - {"USD", "other"}
    gaps = rates.group_by("currency").agg(pl.col("year").sort().diff().max().alias("gap"), pl.col("year").max().alias("last"))
    assert gaps.filter((pl.col("gap") != 1) | (pl.col("last") < 2023)).is_empty()
    # A slip of the decimal point would show; the rouble of 1998 and 1999 is the widest real step.
    steps = rates.sort("currency", "year").with_columns(step=pl.col("per_usd").log().diff().abs().over("currency"))
    assert steps["step"].max() == pytest.approx(0.928, abs=0.001)


@pytest.mark.recorded
def test_every_recorded_amount_is_read_or_undisclosed(recordings: Path) -> None:
    events = itjuzi.parse_events((recordings / "itjuzi_events_2016" / "invest_event.csv").read_bytes())
    amounts = parse_amounts(events["amount"].unique())
    assert amounts.filter(pl.col("kind") == "unreadable")["text"].to_list() == []
    assert dict(amounts["kind"].value_counts().iter_rows()) == {
        "exact": 670, "order of magnitude": 10, "range": 4, "undisclosed": 1,
    }  # fmt: skip
    unnamed = amounts.filter(pl.col("low").is_not_null() & pl.col("currency").is_null())["text"]
    assert all("其他" in text for text in unnamed)


def test_forms_that_the_documents_list_are_read_as_they_say() -> None:
    page = (settings.SHIPPED / "docs" / "how-to.md").read_text("utf-8")
    (told,) = re.findall(
        r"An amount is in full or says its size: (.*?)\. (`10.*?) stay\s+intervals\. .*?\((`.*?`)\) is not read", page, re.S
    )
    exact, between, refused = (re.findall("`(.*?)`", part) for part in told)
    assert [len(exact), len(between), len(refused)] == [4, 4, 1]
    assert {_read(text, "CNY" if "元" in text else "USD")[-1] for text in exact} == {"exact"}
    assert {_read(text, "CNY" if "元" in text else "USD")[-1] for text in between} <= {"range", "order of magnitude"}
    assert [_read(text, "USD")[-1] for text in (*refused, "未披露")] == ["unreadable", "undisclosed"]
