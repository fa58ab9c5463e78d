"""The inbox: which exports are recognised, what is read of them, and what is said about an unknown one.

All exports are hand-made with invented companies, under headers found on the web or read by public programs.
"""

import gzip
import io
from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_path
from pipelines.ingest.source import Table
from pipelines.ingest.sources import inbox
from tests.support.homes import ROOT
from tests.support.parsing import read, refusal, unzipped, zipped
from tests.support.workbook import workbook

DEALS, COMPANIES, INVESTORS = inbox.SOURCE.tables

DEALS_CSV = """company,country,city,date,round,amount,currency,investors,lead,note
Acme,CN,Shenzhen,2021-03,A,10000000,USD,Alpha Fund|Beta Capital,Alpha Fund,seen
Blank,,,2020-01,,,,,,
"""
COMPANIES_CSV = "company,country,city,founded,sector\nAcme,CN,Shenzhen,2015,robotics\n"
INVESTORS_CSV = "investor,country,city\nAlpha Fund,CN,Beijing\n"
CRUNCHBASE = """Transaction Name,Organization Name,Funding Type,Money Raised,Money Raised Currency,Announced Date,\
Organization Location,Investor Names,Lead Investors
Series A - Acme,Acme,Series A,5000000,EUR,2024-05-06,"Basel, Basel-Stadt, Switzerland, Europe",\
"Alpha (Asia), Beta, Inc., Gamma",Alpha (Asia)
Seed Round - Bolt,Bolt,Seed,,,2023-01-01,"Singapore, Asia",,
"""
#: The columns of an export as found on the web, without one for the company or for all investors.
CRUNCHBASE_LEADS = """Transaction Name,Transaction Name URL,Funding Type,Money Raised,Money Raised Currency,\
Money Raised (in USD),Announced Date,Funding Stage,Organization Description,Organization Website,Number of Funding Rounds,\
Organization Industries,Organization Location,Lead Investors
Series A - Acme - Robots,https://example.org,Series A,7000000,CNY,1000000,2026-01-28,,,,1,Robotics,\
"Haidian, Beijing, China, Asia","Alpha, Beta, Inc."
Bolt,,Pre-Seed,,,,2025-01-01,,,,,,"Izmir, Turkey, Asia",
"""
#: A workbook in the format of Excel before 2007. It lists universities, so it is not an export of deals.
OLD_WORKBOOK = unzipped((ROOT / "data" / "recordings" / "moe_list.zip").read_bytes(), "moe_2017.xls")
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


def printed(table: Table, content: bytes) -> list[dict[str, object]]:
    """Return the rows that would land, without nulls and without the amounts read."""
    frame = read(table, content).drop(AMOUNTS, strict=False)
    return [{name: value for name, value in row.items() if value is not None} for row in frame.iter_rows(named=True)]


def parquet(text: str) -> bytes:
    buffer = io.BytesIO()
    frame = pl.read_csv(text.encode(), schema_overrides={"amount": pl.Float64})
    frame.with_columns(pl.col("date").str.to_date("%Y-%m")).write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("table", "content", "rows"),
    [
        (
            DEALS,
            DEALS_CSV.encode(),
            [
                {
                    "form": "plain deals", "company": "Acme", "country": "CN", "place": "Shenzhen", "date": "2021-03",
                    "round": "A", "amount": "10000000", "currency": "USD", "investors": "Alpha Fund|Beta Capital",
                    "lead": "Alpha Fund", "source_row": 2,
                },
                {"form": "plain deals", "company": "Blank", "date": "2020-01", "source_row": 3},
            ],
        ),
        (
            COMPANIES,
            COMPANIES_CSV.encode(),
            [
                {
                    "form": "plain companies", "company": "Acme", "country": "CN", "place": "Shenzhen", "founded": 2015,
                    "sector": "robotics", "source_row": 2,
                },
            ],
        ),
        (
            INVESTORS,
            INVESTORS_CSV.encode(),
            [{"form": "plain investors", "investor": "Alpha Fund", "country": "CN", "place": "Beijing", "source_row": 2}],
        ),
        (
            DEALS,
            CRUNCHBASE.encode(),
            [
                {
                    "form": "Crunchbase funding rounds", "company": "Acme", "country": "Switzerland", "region": "Basel-Stadt",
                    "place": "Basel", "date": "2024-05-06", "round": "Series A", "amount": "5000000", "currency": "EUR",
                    "investors": "Alpha (Asia)|Beta, Inc.|Gamma", "lead": "Alpha (Asia)", "source_row": 2,
                },
                {
                    "form": "Crunchbase funding rounds", "company": "Bolt", "country": "Singapore", "date": "2023-01-01",
                    "round": "Seed", "source_row": 3,
                },
            ],
        ),
        (
            DEALS,
            CRUNCHBASE_LEADS.encode(),
            [
                {
                    "form": "Crunchbase funding rounds", "company": "Acme - Robots", "country": "China", "region": "Beijing",
                    "place": "Haidian", "date": "2026-01-28", "round": "Series A", "amount": "1000000", "currency": "USD",
                    "investors": "Alpha|Beta, Inc.", "lead": "Alpha|Beta, Inc.", "source_row": 2,
                },
                {
                    "form": "Crunchbase funding rounds", "company": "Bolt", "country": "Turkey", "place": "Izmir",
                    "date": "2025-01-01", "round": "Pre-Seed", "source_row": 3,
                },
            ],
        ),
        (
            COMPANIES,
            b"Organization Name,Organization Name URL,Industries,Headquarters Location,Founded Date\n"
            b'Acme,https://example.org,"Robotics, Hardware","Shenzhen, Guangdong, China, Asia",2015-03-01\n',
            [
                {
                    "form": "Crunchbase companies", "company": "Acme", "country": "China", "place": "Shenzhen", "founded": 2015,
                    "sector": "Robotics, Hardware", "source_row": 2,
                },
            ],
        ),
        (
            DEALS,
            workbook(PITCHBOOK),
            [
                {
                    "form": "PitchBook deals", "company": "Acme", "region": "TX", "place": "Austin", "date": "2017-09-27",
                    "round": "Series A", "amount": "12.5 million", "currency": "USD", "investors": "Alpha|Beta", "lead": "Alpha",
                    "source_row": 3,
                },
                {
                    "form": "PitchBook deals", "company": "Bolt", "country": "United Kingdom", "place": "London",
                    "date": "2018-01-02", "round": "Seed Round", "source_row": 4,
                },
            ],
        ),
        (
            DEALS,
            ITJUZI.encode("gbk"),
            [
                {
                    "form": "IT桔子 events", "company": "甲公司", "region": "广东", "date": "2020-03-05", "round": "A轮",
                    "amount": "数千万人民币", "currency": "CNY", "investors": "乙资本|丙创投", "source_row": 2,
                },
                {
                    "form": "IT桔子 events", "company": "丁公司", "region": "北京", "date": "2021-01-02", "round": "天使轮",
                    "amount": "未透露", "source_row": 3,
                },
            ],
        ),
    ],
    ids=["deals", "companies", "investors", "rounds", "rounds with leads", "Crunchbase companies", "PitchBook", "IT桔子"],
)  # fmt: skip
def test_form_is_recognised_and_read(table: Table, content: bytes, rows: list[dict[str, object]]) -> None:
    assert printed(table, content) == rows


def test_company_needs_no_sector() -> None:
    (row,) = printed(COMPANIES, COMPANIES_CSV.replace(",sector", "").replace(",robotics", "").encode())
    assert (row["company"], row["founded"]) == ("Acme", 2015)


def test_recorded_collection_of_itjuzi_is_recognised(recordings: Path) -> None:
    lines = (recordings / "itjuzi_events_2016" / "invest_event.csv").read_bytes().splitlines()
    assert printed(DEALS, b"\n".join(lines[:2])) == [
        {
            "form": "IT桔子 events", "company": "新浪微博", "region": "北京", "date": "2016-09-10", "round": "IPO上市后",
            "amount": "1.35亿美元", "currency": "USD", "investors": "阿里巴巴", "source_row": 2,
        },
    ]  # fmt: skip


def test_recorded_exports_of_crunchbase_are_recognised(recordings: Path) -> None:
    counts = {path.name: read(DEALS, path.read_bytes()).height for path in (recordings / "crunchbase_rounds_2026").glob("*.csv")}
    assert counts == {"rounds_2026-01.csv": 301, "rounds_2026-02.csv": 336, "turkey_2015-2026.csv": 1_500}


@pytest.mark.parametrize("cell", ["未披露", "投资方未披露", "不详", "undisclosed", "—", "乙资本、未透露"])
def test_investors_that_were_not_disclosed_are_none(cell: str) -> None:
    frame = read(DEALS, ITJUZI.replace("投资方未透露", cell).encode())
    assert frame["investors"].to_list() == ["乙资本|丙创投", "乙资本" if "乙资本" in cell else None]


def test_amounts_are_read_with_their_size() -> None:
    header = "company,country,city,date,round,amount,currency,investors,lead\n"
    rows = "A,CN,Beijing,2020,A,数千万,CNY,,\nB,CN,Beijing,2020,A,1.5 million,USD,,\nC,CN,Beijing,2020,A,,,,\n"
    assert read(DEALS, (header + rows).encode()).select(AMOUNTS).rows() == [
        (1e7, 1e8, "order of magnitude"),
        (1.5e6, 1.5e6, "exact"),
        (None, None, "undisclosed"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        DEALS_CSV.encode("utf-8-sig"),
        DEALS_CSV.encode("utf-16"),
        DEALS_CSV.replace(",", "\t").encode("utf-16"),
        DEALS_CSV.replace(",", ";").replace("\n", "\r\n").encode(),
        DEALS_CSV.replace(",", ";").replace("seen", ",".join("a" * 99)).encode(),
        DEALS_CSV.replace("company,country,city", "Company,COUNTRY,City").encode(),
        DEALS_CSV.replace("USD", "usd").encode(),
        workbook([line.split(",") for line in DEALS_CSV.splitlines()]),
        workbook([line.split(",") for line in DEALS_CSV.splitlines()], more=(["Notes"], ["of mine"])),
        parquet(DEALS_CSV),
    ],
    ids=[
        "UTF-8 with mark",
        "UTF-16",
        "tabs",
        "semicolons",
        "more commas than semicolons",
        "capitals",
        "currency",
        "XLSX",
        "XLSX with notes",
        "Parquet",
    ],
)
def test_file_format_does_not_matter(content: bytes) -> None:
    first = printed(DEALS, content)[0]
    assert (first["company"], first["investors"]) == ("Acme", "Alpha Fund|Beta Capital")
    assert str(first["date"])[:7] == "2021-03"
    assert (float(str(first["amount"])), first["currency"]) == (1e7, "USD")


def test_blanks_around_the_separator_do_not_belong_to_a_name() -> None:
    (first, _) = printed(
        DEALS, DEALS_CSV.replace("Fund|Beta", "Fund | Beta").replace("Alpha Fund,seen", "Beta Capital,seen").encode()
    )
    assert (first["investors"], first["lead"]) == ("Alpha Fund|Beta Capital", "Beta Capital")


def test_unknown_header_is_told_what_each_form_needs() -> None:
    message = refusal(COMPANIES, COMPANIES_CSV.replace("founded", "begun").encode())
    assert "its header is not that of a known export" in message
    assert "for plain companies add founded;" in message
    assert "for plain deals add date, round, amount, currency, investors, lead;" in message
    assert "for IT桔子 events add 融资时间 or 获投时间 or 投资时间 or date" in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty. Export it again, or remove it"),
        (zipped({"rounds.csv": DEALS_CSV}), "is a packed archive, not a table. Unpack it, and put the files in it here"),
        (
            DEALS_CSV.encode() + b"Acme,CN,Shenzhen,2021-03,A,10000000,USD,Alpha Fund|Beta Capital,Alpha Fund,seen\n",
            "row 4: is the same as row 2. Remove it, or tell the two apart, by their dates or amounts",
        ),
        (
            workbook(PITCHBOOK, more=(["3-3T", "Core", "2018-01-02"],)),
            "its sheet 'sheet2' has rows too, and no header of a known export. Put its rows under the header of the other sheet",
        ),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (DEALS_CSV.replace(",Shenzhen", "").encode(), "row 2: 9 fields where the header has 10"),
        (DEALS_CSV.replace("Acme", '"Acme').encode(), "invalid CSV"),
        (
            "company,country,city,founded,sector\nOrléans Société,FR,Orléans,2015,x\n".encode("latin-1"),
            "is neither UTF-8, UTF-16 nor GBK",
        ),
        (
            b"company,country,city,founded,sector\nM\xfcller,FR,,,\n" + "甲,CN,上海,,北京\n".encode("gbk"),
            "is neither UTF-8, UTF-16 nor GBK",
        ),
        (workbook(PITCHBOOK)[:600], "not readable as a workbook"),
        (parquet(DEALS_CSV)[:-9], "not readable as Parquet"),
        (workbook(PITCHBOOK, sheets=2), "its header matches PitchBook deals and PitchBook deals"),
        (b"company,country,city,founded,sector,investor\nA,CN,B,2001,x,C\n", "matches plain companies and plain investors"),
        (COMPANIES_CSV.encode(), "is an export of companies, not of deals"),
        (DEALS_CSV.replace("note", "amount").encode(), "row 1, column amount: the column occurs more than once. Keep one"),
        (gzip.compress(DEALS_CSV.encode()), "is not a table. Unpack it if it is packed; otherwise export it as CSV or XLSX"),
        (OLD_WORKBOOK[:4_000], "not readable as a workbook"),
        (OLD_WORKBOOK, "its header is not that of a known export"),
    ],
)
def test_damaged_or_ambiguous_file_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(DEALS, content)


@pytest.mark.parametrize(
    ("cell", "replacement", "problem"),
    [
        ("2021-03", "03/04/2021", "column date: '03/04/2021' has the wrong form. Write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2021-03", "1905", "column date: '1905' is not 1950 or later"),
        ("2021-03", "2031", "column date: '2031' is in the future"),
        ("2021-03", "2021-02-31", "column date: '2021-02-31' is not in the calendar"),
        ("2021-03", "", "column date: is empty. Give at least the year"),
        ("USD", "ZZZ", "column currency: 'ZZZ' has the wrong form. Write an ISO 4217 code"),
        ("10000000", "10.000", "'10.000', 'USD' breaks the rule that amount reads as a number"),
        ("10000000", "1e16", "column amount_high: 1e+16 is above 1e+15"),
        ("10000000", "over 5", "'over 5' breaks the rule that amount is in units or says million"),
        ("10000000", "5+", "'5+' breaks the rule that amount is in units or says million"),
        ("10000000", "-5000000", "'-5000000', 'USD' breaks the rule that amount reads as a number"),
        ("10000000", "12.5", "breaks the rule that amount is in units or says million"),
        (",Alpha Fund,seen", ",Gamma,seen", "breaks the rule that lead is among investors"),
        ("|Beta", "|B" * 400 + "|Beta", "breaks the rule that investors are a few hundred at most"),
        ("USD", "dollars", "column currency: 'dollars' has the wrong form"),
        ("|Beta", "||Beta", "column investors: 'Alpha Fund||Beta Capital' has the wrong form"),
        ("Acme", "", "column company: is empty"),
        ("10000000", "a lot", "row 2, column amount, currency: 'a lot', 'USD' breaks the rule that amount reads as a number"),
    ],
)
def test_malformed_cell_is_refused(cell: str, replacement: str, problem: str) -> None:
    message = refusal(DEALS, DEALS_CSV.replace(cell, replacement, 1).encode())
    assert problem in message
    assert message.count("column date") <= 1, "one problem for each cell"


@pytest.mark.parametrize(
    ("cell", "replacement", "problem"),
    [
        ("10000000", "1e13", "column amount: '1e13' USD is more than any round. Check its unit and its digits"),
        ("USD", "THB", "column currency: 'THB' has no rate. Give the amount in US dollars"),
        ("USD", "", "column currency: '10000000' has no currency. Add it, or leave the amount empty if it is unknown"),
        ("2021-03,A,10000000,USD", "1990,A,10000000,CNY", "column currency: 'CNY' has no rate of 1990. Give the amount in US"),
        (
            "Alpha Fund|Beta Capital,Alpha Fund",
            '"Alpha Fund, Beta Capital",',
            "column investors: 'Alpha Fund, Beta Capital' looks like several names in one. Separate names with |",
        ),
        (
            "Alpha Fund|Beta Capital,Alpha Fund",
            "Sequoia Capital、乙,",
            "column investors: 'Sequoia Capital、乙' looks like several names in one",
        ),
        ("CN", "Atlantis", "column country: 'Atlantis' is not the name of a country. Write an ISO 3166 code"),
        ("Acme", "\x1b[31mAcme", r"column company: '\x1b[31mAcme' has an invisible or control character"),
        ("Shenzhen", "Sh\u0435nzhen", "column place: 'Shеnzhen' mixes Latin letters with others that look the same"),
        ("Acme", "未披露", "column company: '未披露' stands for a missing value. Leave it empty"),
        ("|Beta Capital", "|投资方未知", "column investors: 'Alpha Fund|投资方未知' stands for a missing value"),
        ("Acme", "N/A", "column company: 'N/A' stands for a missing value. Leave it empty"),
        ("|Beta Capital", "|-", "column investors: 'Alpha Fund|-' stands for a missing value"),
        ("Acme", "A" * 300, "column company: it has a name of more than 200 characters"),
        ("Acme", "Orl?ans", "column company: 'Orl?ans' has ? where letters were"),
    ],
)
def test_what_other_files_or_readers_tell_is_refused(home: Path, cell: str, replacement: str, problem: str) -> None:
    put(**{"good.csv": DEALS_CSV.encode(), "rounds.csv": DEALS_CSV.replace(cell, replacement, 1).encode()})
    with pytest.raises(InputError) as refused:
        land(inbox.SOURCE, DEALS, Project())
    assert f"inbox: data/inbox/rounds.csv, row 2, {problem}" in str(refused.value)
    assert not landing_path("inbox", "deals").exists()


def test_name_with_a_comma_of_its_own_is_one(home: Path) -> None:
    names = '"Sequoia Capital, L.P.|Alphabet, Inc.|Reed, Elm and Others",'
    put(**{"rounds.csv": DEALS_CSV.replace("Alpha Fund|Beta Capital,Alpha Fund", names).encode()})
    landed = land(inbox.SOURCE, DEALS, Project())
    assert landed is not None and landed.rows == 2


def test_a_bad_row_of_a_large_export_stops_its_landing(home: Path) -> None:
    rows = "".join(f"Acme {number},CN,Shenzhen,2021,A,,,,,\n" for number in range(2_000))
    put(**{"rounds.csv": (DEALS_CSV + rows + "Bolt,CN,Shenzhen,yesterday,A,,,,,\n").encode()})
    with pytest.raises(InputError, match="row 2004, column date: 'yesterday' has the wrong form"):
        land(inbox.SOURCE, DEALS, Project())
    assert not landing_path("inbox", "deals").exists()


def test_unknown_country_of_an_investor_is_refused(home: Path) -> None:
    put(**{"investors.csv": INVESTORS_CSV.replace("CN", "XQ").encode()})
    with pytest.raises(InputError, match="row 2, column country: 'XQ' is not the name of a country"):
        land(inbox.SOURCE, INVESTORS, Project())


def test_two_years_of_founding_are_refused(home: Path) -> None:
    rows = "Acme,CN,Shenzhen,,\nAcme,CN,Shenzhen,2011,\nAcme,CN,Wuhan,2009,\n"
    put(**{"a.csv": COMPANIES_CSV.encode(), "b.csv": b"company,country,city,founded,sector\n" + rows.encode()})
    with pytest.raises(InputError) as refused:
        land(inbox.SOURCE, COMPANIES, Project())
    assert str(refused.value) == (
        "inbox: data/inbox/b.csv, row 3, column founded: 2011 is not the year 2015 that row 2 of data/inbox/a.csv has. "
        "Keep the right one"
    )


def test_control_characters_of_a_file_name_do_not_reach_the_terminal(home: Path) -> None:
    put(**{"\x1b[2Jx.csv": b"a,b\n1,2\n"})
    with pytest.raises(InputError) as refused:
        land(inbox.SOURCE, DEALS, Project())
    assert r"data/inbox/\x1b[2Jx.csv" in str(refused.value)
    assert "\x1b" not in str(refused.value)


def put(**files: bytes) -> None:
    settings.INBOX.mkdir(parents=True)
    for name, content in files.items():
        (settings.INBOX / name).write_bytes(content)


def test_file_lands_in_the_table_of_its_header(home: Path) -> None:
    put(
        **{
            "my rounds.csv": CRUNCHBASE.encode(),
            "b.xlsx": workbook(PITCHBOOK),
            "c.csv": COMPANIES_CSV.encode(),
            ".DS_Store": b"\0",
            "~$b.xlsx": b"x",
            "README.md": (ROOT / "data" / "inbox" / "README.md").read_bytes(),
        }
    )
    landed = land(inbox.SOURCE, DEALS, Project())
    assert landed is not None and landed.rows == 4
    frame = pl.read_parquet(landing_path("inbox", "deals"))
    assert frame["source_file"].unique().sort().to_list() == ["data/inbox/b.xlsx", "data/inbox/my rounds.csv"]
    assert land(inbox.SOURCE, INVESTORS, Project()) is None


def test_missing_and_empty_inbox_land_nothing(home: Path) -> None:
    assert land(inbox.SOURCE, DEALS, Project()) is None
    put()
    assert land(inbox.SOURCE, DEALS, Project()) is None


def test_inbox_that_is_a_file_is_an_error(home: Path) -> None:
    settings.INBOX.write_bytes(DEALS_CSV.encode())
    with pytest.raises(InputError, match="inbox: data/inbox: is a file where a folder should be"):
        land(inbox.SOURCE, DEALS, Project())


def test_folder_in_the_inbox_is_an_error_that_names_it(home: Path) -> None:
    put(**{"deals.csv": DEALS_CSV.encode()})
    (settings.INBOX / "2024").mkdir()
    with pytest.raises(InputError, match="inbox: data/inbox/2024: is not a file"):
        land(inbox.SOURCE, DEALS, Project())


def test_unknown_file_is_an_error_that_names_it(home: Path) -> None:
    put(**{"deals.csv": DEALS_CSV.encode(), "notes.csv": b"a,b\n1,2\n"})
    with pytest.raises(InputError, match=r"inbox: data/inbox/notes\.csv: its header is not that of a known export"):
        land(inbox.SOURCE, DEALS, Project())
