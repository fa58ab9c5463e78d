"""Lists of companies: what their files hold, and what damaged copies of them are refused for."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.source import Source
from pipelines.ingest.sources import financedatabase


def _read(source: Source, content: bytes) -> pl.DataFrame:
    (table,) = source.tables
    return conform(table.parse(content), table.contract)


def _refusal(source: Source, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        _read(source, content)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


# FinanceDatabase.

# Hand-made: invented companies, in the shape of the upstream file.
LISTED = {
    "symbol": "600001.SS", "name": "Acme Robots Co., Ltd.", "summary": "Acme was founded in 1994.", "currency": "CNY",
    "sector": "Industrials", "industry_group": "Capital Goods", "industry": "Machinery", "exchange": "SHH", "mic": "XSHG",
    "market": "Shanghai Stock Exchange", "country": "China", "city": "Suzhou", "delisted": "False",
}  # fmt: skip


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """A file of the Shanghai exchange with one row per set of changes to ``LISTED``, long enough to be whole."""
    monkeypatch.setitem(financedatabase.EXCHANGES, "SHH", 1)

    def content(*changes: dict[str, str]) -> bytes:
        rows = [LISTED | {"symbol": f"60000{number}.SS"} | change for number, change in enumerate(changes)]
        frame = pl.DataFrame([{name: row.get(name, "") for name in financedatabase.HEADER} for row in rows])
        return frame.write_csv().encode()

    return content


def test_a_listed_company_keeps_its_seat_and_the_year_its_summary_tells(listed: Callable[..., bytes]) -> None:
    (row,) = _read(financedatabase.SOURCE, listed({})).rows(named=True)
    assert row == {
        "symbol": "600000.SS",
        "company": "Acme Robots Co., Ltd.",
        "country": "China",
        "region": None,
        "place": "Suzhou",
        "is_address_doubtful": False,
        "exchange": "SHH",
        "sector": "Industrials",
        "industry_group": "Capital Goods",
        "industry": "Machinery",
        "is_delisted": False,
        "founded_year": 1994,
        "source_row": 2,
    }


@pytest.mark.parametrize(
    ("summary", "year"),
    [
        ("The company was incorporated in March 2001 and is based in Wuhan.", 2001),
        ("Founded in 1669 as a pharmacy.", None),
        ("The pharmacy was founded in 1669 and is based in Beijing.", 1669),
        ("It opened 500 stores in 1994.", None),
        ("", None),
    ],
)
def test_the_year_founded_is_read_only_where_the_summary_says_so(
    listed: Callable[..., bytes], summary: str, year: int | None
) -> None:
    assert _read(financedatabase.SOURCE, listed({"summary": summary}))["founded_year"].to_list() == [year]


@pytest.mark.parametrize(
    "change",
    [
        {"symbol": "510300.SS"},
        {"symbol": "ACM^A"},
        {"name": "Acme CSI 300 ETF"},
        {"name": "Acme Growth Fund(LOF)"},
        {"name": "Acme Corp 6.000% Senior Notes Due 2026"},
        {"name": "Acme Corp Warrants"},
        {"country": ""},
    ],
)
def test_what_is_no_company_is_left_out(listed: Callable[..., bytes], change: dict[str, str]) -> None:
    assert _read(financedatabase.SOURCE, listed(change, {}))["source_row"].to_list() == [3]


@pytest.mark.parametrize(
    ("change", "is_doubtful"),
    [
        ({"state": "CA", "city": "San Francisco"}, True),
        ({"country": "United States", "state": "NV", "city": "Elko"}, True),
        ({"country": "Hong Kong", "city": "Central"}, True),
        ({"city": "Beijing"}, False),
        ({"city": ""}, False),
    ],
)
def test_addresses_joined_from_another_company_are_flagged_and_kept(
    listed: Callable[..., bytes], change: dict[str, str], is_doubtful: bool
) -> None:
    (row,) = _read(financedatabase.SOURCE, listed(change)).rows(named=True)
    assert (row["is_address_doubtful"], row["place"]) == (is_doubtful, change["city"] or None)


def test_a_cell_that_slid_by_a_column_is_refused_though_its_row_would_be_left_out(listed: Callable[..., bytes]) -> None:
    slid = {"sector": "Capital Goods", "exchange": "XSHG", "mic": "Shanghai Stock Exchange", "country": ""}
    assert "row 3, column exchange: 'XSHG' is not in the vocabulary" in _refusal(financedatabase.SOURCE, listed({}, slid))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"exchange": "SHZ"}, "row 3, column exchange: 'SHZ' is not in the vocabulary. Use one of SHH"),
        ({"delisted": "no"}, "row 3, column delisted: 'no' is not in the vocabulary"),
        ({"sector": "Robots"}, "row 3, column sector: 'Robots' is not in the vocabulary"),
        ({"symbol": ""}, "row 3, column symbol: is empty"),
        ({"symbol": "600000.SS"}, "row 3, column symbol: '600000.SS' occurs more than once"),
    ],
)
def test_a_listed_company_out_of_form_is_refused(listed: Callable[..., bytes], change: dict[str, str], said: str) -> None:
    assert said in _refusal(financedatabase.SOURCE, listed({}, change))


def test_a_file_of_too_few_listed_companies_is_refused(listed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(financedatabase.EXCHANGES, "SHH", 3)
    assert "2 rows, expected at least 3" in _refusal(financedatabase.SOURCE, listed({}, {}))


@pytest.mark.recorded
def test_recorded_listed_companies(recordings: Path) -> None:
    files = sorted((recordings / "financedatabase").glob("*.csv"))
    frame = pl.concat(_read(financedatabase.SOURCE, file.read_bytes()) for file in files)
    low, high = financedatabase.SOURCE.tables[0].rows
    assert low <= frame.height <= high
    assert frame["symbol"].is_unique().all()
    seated = frame.filter(pl.col("place").is_not_null())
    assert seated["founded_year"].is_not_null().mean() == pytest.approx(0.862, abs=0.001)
    mainland = seated.filter(pl.col("exchange").is_in(financedatabase.MAINLAND) & ~pl.col("is_address_doubtful"))
    assert mainland.height == 3374
    doubtful = frame.filter("is_address_doubtful")
    assert doubtful.height == 46
    assert "000004.SZ" in doubtful["symbol"]
