"""A user's own exports: which are known, what is read of them, and what an unknown one is told.

All exports here are hand-made, with invented companies, in the shape the publishers' headers have in public programs.
"""

import io
from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError, Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_path
from pipelines.ingest.sources import inbox
from tests.support.workbook import workbook

TABLES = {table.name: table for table in inbox.SOURCE.tables}

DEALS = """company,country,city,date,round,amount,currency,investors,lead,note
Acme,CN,Shenzhen,2021-03,A,10000000,USD,Alpha Fund|Beta Capital,Alpha Fund,seen
Blank,,,,,,,,,
"""
COMPANIES = "company,country,city,founded,sector\nAcme,CN,Shenzhen,2015,robotics\n"
INVESTORS = "investor,country,city\nAlpha Fund,CN,Beijing\n"
CRUNCHBASE = """Transaction Name,Organization Name,Funding Type,Money Raised,Money Raised Currency,Announced Date,\
Organization Location,Investor Names,Lead Investors
Series A - Acme,Acme,Series A,5000000,EUR,2024-05-06,"Basel, Basel-Stadt, Switzerland, Europe",\
"Alpha (Asia), Beta, Inc., Gamma",Alpha (Asia)
Seed Round - Bolt,Bolt,Seed,,,2023-01-01,"Singapore, Asia",,
"""
PITCHBOOK = [
    ["Downloaded on: 01-Jan-2025", None, None, None, None, None, None, None, None],
    ["Deal ID", "Companies", "Deal Date", "Deal Size", "Deal Type", "Series", "Investors", "Lead/Sole Investors", "HQ Location"],
    [
        "1-1T", "Acme (NAS: ACME)", "27-Sep-2017", "12.5", "Early Stage VC", "Series A", "Alpha(Ann Example), Beta",
        "Alpha(Ann Example)", "Austin, TX",
    ],
    ["2-2T", "Bolt", "2018-01-02 00:00:00", None, "Seed Round", None, None, None, "London, United Kingdom"],
    ["© PitchBook Data, Inc.", None, None, None, None, None, None, None, None],
]  # fmt: skip
ITJUZI = """公司名称,融资时间,轮次,融资金额,投资方,地区
甲公司,2020/3/5,A轮,数千万人民币,乙资本、丙创投,广东
丁公司,2021-01-02,天使轮,未透露,投资方未透露,北京
"""


AMOUNTS = ["amount_low", "amount_high", "amount_kind"]


def _read(table: str, content: bytes) -> list[dict[str, object]]:
    """The rows that would land, without what is null and without the amounts read."""
    frame = conform(TABLES[table].parse(content), TABLES[table].contract).drop(AMOUNTS, strict=False)
    return [{name: value for name, value in row.items() if value is not None} for row in frame.iter_rows(named=True)]


def _refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        inbox.recognise(content)
    return str(refused.value)


def test_the_plain_schema() -> None:
    assert _read("deals", DEALS.encode()) == [
        {
            "form": "plain deals", "company": "Acme", "country": "CN", "place": "Shenzhen", "date": "2021-03", "round": "A",
            "amount": "10000000", "currency": "USD", "investors": "Alpha Fund|Beta Capital", "lead": "Alpha Fund",
            "source_row": 2,
        },
        {"form": "plain deals", "company": "Blank", "source_row": 3},
    ]  # fmt: skip
    assert _read("companies", COMPANIES.encode()) == [
        {
            "form": "plain companies", "company": "Acme", "country": "CN", "place": "Shenzhen", "founded": 2015,
            "sector": "robotics", "source_row": 2,
        },
    ]  # fmt: skip
    assert _read("investors", INVESTORS.encode()) == [
        {"form": "plain investors", "investor": "Alpha Fund", "country": "CN", "place": "Beijing", "source_row": 2}
    ]


def test_amounts_are_read_with_their_size_or_refused_by_row() -> None:
    header = "company,country,city,date,round,amount,currency,investors,lead\n"
    rows = "A,CN,Beijing,2020,A,数千万,CNY,,\nB,CN,Beijing,2020,A,1.5 million,USD,,\nC,CN,Beijing,2020,A,,,,\n"
    frame = conform(TABLES["deals"].parse((header + rows).encode()), TABLES["deals"].contract)
    assert frame.select(AMOUNTS).rows() == [
        (1e7, 1e8, "order of magnitude"),
        (1.5e6, 1.5e6, "exact"),
        (None, None, "undisclosed"),
    ]
    with pytest.raises(
        Refused, match="row 2, column amount, currency: 'a lot', None breaks the rule that amount reads as a number"
    ):
        conform(TABLES["deals"].parse((header + "A,CN,Beijing,2020,A,a lot,CNY,,\n").encode()), TABLES["deals"].contract)


def test_crunchbase_funding_rounds() -> None:
    form = "Crunchbase funding rounds"
    assert _read("deals", CRUNCHBASE.encode()) == [
        {
            "form": form, "company": "Acme", "country": "Switzerland", "region": "Basel-Stadt", "place": "Basel",
            "date": "2024-05-06", "round": "Series A", "amount": "5000000", "currency": "EUR",
            "investors": "Alpha (Asia)|Beta, Inc.|Gamma", "lead": "Alpha (Asia)", "source_row": 2,
        },
        {"form": form, "company": "Bolt", "country": "Singapore", "date": "2023-01-01", "round": "Seed", "source_row": 3},
    ]  # fmt: skip


def test_crunchbase_companies() -> None:
    content = (
        "Organization Name,Organization Name URL,Industries,Headquarters Location,Founded Date\n"
        'Acme,https://example.org,"Robotics, Hardware","Shenzhen, Guangdong, China, Asia",2015-03-01\n'
    )
    assert _read("companies", content.encode()) == [
        {
            "form": "Crunchbase companies", "company": "Acme", "country": "China", "place": "Shenzhen", "founded": 2015,
            "sector": "Robotics, Hardware", "source_row": 2,
        },
    ]  # fmt: skip


@pytest.mark.recorded
def test_a_collection_of_itjuzi_events_is_an_export_of_it(recordings: Path) -> None:
    content = (recordings / "itjuzi_events_2016" / "invest_event.csv").read_bytes()
    lines = content.split(b"\r\n" if b"\r\n" in content else b"\n")
    first = _read("deals", b"\n".join(lines[:2]))
    assert first == [
        {
            "form": "IT桔子 events", "company": "新浪微博", "region": "北京", "date": "2016-09-10", "round": "IPO上市后",
            "amount": "1.35亿美元", "currency": "USD", "investors": "阿里巴巴", "source_row": 2,
        },
    ]  # fmt: skip


def test_pitchbook_deals_without_the_persons_named() -> None:
    form = "PitchBook deals"
    assert _read("deals", workbook(PITCHBOOK)) == [
        {
            "form": form, "company": "Acme", "region": "TX", "place": "Austin", "date": "2017-09-27", "round": "Series A",
            "amount": "12.5 million", "currency": "USD", "investors": "Alpha|Beta", "lead": "Alpha", "source_row": 3,
        },
        {
            "form": form, "company": "Bolt", "country": "United Kingdom", "place": "London", "date": "2018-01-02",
            "round": "Seed Round", "source_row": 4,
        },
    ]  # fmt: skip


def test_itjuzi_events() -> None:
    form = "IT桔子 events"
    assert _read("deals", ITJUZI.encode("gbk")) == [
        {
            "form": form, "company": "甲公司", "region": "广东", "date": "2020-03-05", "round": "A轮", "amount": "数千万人民币",
            "currency": "CNY", "investors": "乙资本|丙创投", "source_row": 2,
        },
        {
            "form": form, "company": "丁公司", "region": "北京", "date": "2021-01-02", "round": "天使轮", "amount": "未透露",
            "source_row": 3,
        },
    ]  # fmt: skip


def _parquet(text: str) -> bytes:
    buffer = io.BytesIO()
    frame = pl.read_csv(text.encode(), schema_overrides={"amount": pl.Float64})
    frame.with_columns(pl.col("date").str.to_date("%Y-%m")).write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        DEALS.encode("utf-8-sig"),
        DEALS.encode("utf-16"),
        DEALS.replace(",", "\t").encode("utf-16"),
        DEALS.replace(",", ";").replace("\n", "\r\n").encode(),
        workbook([line.split(",") for line in DEALS.splitlines()]),
        _parquet(DEALS),
    ],
    ids=["UTF-8 with mark", "UTF-16", "tabs", "semicolons", "XLSX", "Parquet"],
)
def test_the_same_deals_in_every_form_of_file(content: bytes) -> None:
    first = _read("deals", content)[0]
    assert (first["company"], first["investors"]) == ("Acme", "Alpha Fund|Beta Capital")
    assert str(first["date"])[:7] == "2021-03"
    assert float(str(first["amount"])) == 1e7


def test_an_unknown_header_is_told_what_each_form_lacks() -> None:
    message = _refusal(COMPANIES.replace("sector", "branch").encode())
    assert "its header is that of no export known" in message
    assert "to be plain companies it lacks sector;" in message
    assert "to be plain deals it lacks date, round, amount, currency, investors, lead;" in message
    assert "to be IT桔子 events it lacks 融资时间 or 获投时间 or 投资时间 or date" in message


def test_a_header_of_two_forms_is_refused() -> None:
    assert "plain companies and plain investors at once" in _refusal(
        b"company,country,city,founded,sector,investor\nA,CN,B,2001,x,C\n"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (DEALS.replace(",Shenzhen", "").encode(), "row 2: 9 fields where the header has 10"),
        (DEALS.replace("Acme", '"Acme').encode(), "not readable as CSV"),
        (
            "company,country,city,founded,sector\nOrléans Société,FR,Orléans,2015,x\n".encode("latin-1"),
            "is neither UTF-8, UTF-16 nor GBK",
        ),
        (workbook(PITCHBOOK)[:600], "not readable as a workbook"),
        (_parquet(DEALS)[:-9], "not readable as Parquet"),
        (workbook(PITCHBOOK, sheets=2), "PitchBook deals and PitchBook deals at once"),
    ],
)
def test_a_damaged_file_is_refused(content: bytes, problem: str) -> None:
    assert problem in _refusal(content)


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("2021-03", "03/04/2021", "column date: '03/04/2021' has the wrong form. Write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("USD", "dollars", "column currency: 'dollars' has the wrong form"),
        (
            "Alpha Fund|Beta Capital",
            "Alpha Fund||Beta Capital",
            "column investors: 'Alpha Fund||Beta Capital' has the wrong form",
        ),
        ("Acme", "", "column company: is empty"),
    ],
)
def test_a_cell_of_another_form_is_refused(column: str, cell: str, problem: str) -> None:
    with pytest.raises(Refused) as refused:
        _read("deals", DEALS.replace(column, cell, 1).encode())
    assert problem in str(refused.value)


def test_a_table_refuses_an_export_of_another() -> None:
    with pytest.raises(Refused, match="is an export of companies, not of deals"):
        TABLES["deals"].parse(COMPANIES.encode())


def _put(**files: bytes) -> None:
    settings.INBOX.mkdir(parents=True)
    for name, content in files.items():
        (settings.INBOX / name).write_bytes(content)


def test_each_file_lands_in_the_table_its_header_says(home: Path) -> None:
    _put(
        **{
            "my rounds.csv": CRUNCHBASE.encode(),
            "b.xlsx": workbook(PITCHBOOK),
            "c.csv": COMPANIES.encode(),
            ".DS_Store": b"\0",
            "~$b.xlsx": b"x",
        }
    )
    landed = land(inbox.SOURCE, TABLES["deals"], Project())
    assert landed is not None and landed.rows == 4
    frame = pl.read_parquet(landing_path("inbox", "deals"))
    assert frame["source_file"].unique().sort().to_list() == ["data/inbox/b.xlsx", "data/inbox/my rounds.csv"]
    assert land(inbox.SOURCE, TABLES["investors"], Project()) is None


def test_an_empty_or_missing_inbox_has_nothing(home: Path) -> None:
    assert land(inbox.SOURCE, TABLES["deals"], Project()) is None
    _put()
    assert land(inbox.SOURCE, TABLES["deals"], Project()) is None


def test_an_unknown_file_is_an_error_that_names_it(home: Path) -> None:
    _put(**{"deals.csv": DEALS.encode(), "notes.csv": b"a,b\n1,2\n"})
    with pytest.raises(InputError, match=r"inbox: data/inbox/notes\.csv: its header is that of no export known"):
        land(inbox.SOURCE, TABLES["deals"], Project())
