"""Exports in the inbox: which are recognised, and what is read of them.

All are hand-made with invented companies, under headers found on the web or read by public programs.
"""

from pathlib import Path

import pytest

from pipelines.ingest.source import Table
from tests.support.exports import (
    COMPANIES,
    COMPANIES_CSV,
    CRUNCHBASE,
    DEALS,
    DEALS_CSV,
    INVESTORS,
    INVESTORS_CSV,
    PITCHBOOK,
    parquet,
)
from tests.support.parsing import read, refusal
from tests.support.workbook import workbook

#: The columns of an export as found on the web, without one for the company or for all investors.
CRUNCHBASE_LEADS = """Transaction Name,Transaction Name URL,Funding Type,Money Raised,Money Raised Currency,\
Money Raised (in USD),Announced Date,Funding Stage,Organization Description,Organization Website,Number of Funding Rounds,\
Organization Industries,Organization Location,Lead Investors
Series A - Acme - Robots,https://example.org,Series A,7000000,CNY,1000000,2026-01-28,,,,1,Robotics,\
"Haidian, Beijing, China, Asia","Alpha, Beta, Inc."
Bolt,,Pre-Seed,,,,2025-01-01,,,,,,"Izmir, Turkey, Asia",
"""
ITJUZI = """公司名称,融资时间,轮次,融资金额,投资方,地区
甲公司,2020/3/5,A轮,数千万人民币,乙资本、丙创投,广东
丁公司,2021-01-02,天使轮,未透露,投资方未透露,北京
"""


AMOUNTS = ["amount_low", "amount_high", "amount_kind"]


def printed(table: Table, content: bytes) -> list[dict[str, object]]:
    """Return the rows that would land, without nulls and without the amounts read."""
    frame = read(table, content).drop(AMOUNTS, strict=False)
    return [{name: value for name, value in row.items() if value is not None} for row in frame.iter_rows(named=True)]


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
                    "date": "2018-01-02", "round": "IPO", "source_row": 4,
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


@pytest.mark.parametrize("country", ["CN", "China", "hkg", "Taiwan", "新加坡", "美国", ""])
def test_chinese_beside_a_country_that_writes_it_is_read_in_gbk(country: str) -> None:
    (row,) = printed(COMPANIES, COMPANIES_CSV.replace("Acme,CN", f"甲公司,{country}").encode("gbk"))
    assert (row["company"], row.get("country")) == ("甲公司", country or None)


@pytest.mark.parametrize("cell", ["未披露", "投资方未披露", "不详", "undisclosed", "—", "乙资本、未透露"])
def test_investors_that_were_not_disclosed_are_none(cell: str) -> None:
    frame = read(DEALS, ITJUZI.replace("投资方未透露", cell).encode())
    assert frame["investors"].to_list() == ["乙资本|丙创投", "乙资本" if "乙资本" in cell else None]


@pytest.mark.parametrize("content", [CRUNCHBASE.replace("Gamma", "—"), CRUNCHBASE.replace("Gamma", "Undisclosed")])
def test_name_that_was_not_disclosed_is_none_in_other_forms_too(content: str) -> None:
    assert printed(DEALS, content.encode())[0]["investors"] == "Alpha (Asia)|Beta, Inc."


@pytest.mark.parametrize(
    ("cell", "investors", "lead"),
    [
        ("乙资本领投；丙创投跟投", "乙资本|丙创投", "乙资本"),
        ("乙资本（领投） 丙创投", "乙资本|丙创投", "乙资本"),
        ("乙资本、丙创投领投，丁基金等跟投", "乙资本|丙创投|丁基金", "乙资本|丙创投"),
        ("乙资本、丙创投(领投)、丁基金", "乙资本|丙创投|丁基金", "丙创投"),
        ("乙资本、领投羊等", "乙资本|领投羊", None),
        ("跟投", None, None),
    ],
)
def test_what_an_investor_did_in_a_round_is_no_part_of_its_name(cell: str, investors: str | None, lead: str | None) -> None:
    assert read(DEALS, ITJUZI.replace("投资方未透露", cell).encode()).select("investors", "lead").row(1) == (investors, lead)


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2021年3月5日", "2021-03-05"),
        ("2021.3.5", "2021-03-05"),
        ("2021-3-5", "2021-03-05"),
        ("2021-03-05 14:30:00", "2021-03-05"),
        ("2021/3", "2021-03"),
        ("2021年3月", "2021-03"),
        ("2021年", "2021"),
        ("2021", "2021"),
    ],
)
def test_date_that_means_one_thing_is_read(cell: str, date: str) -> None:
    assert printed(DEALS, DEALS_CSV.replace("2021-03", cell).encode())[0]["date"] == date


@pytest.mark.parametrize(
    ("location", "country", "place"),
    [("London, United Kingdom", "United Kingdom", "London"), ("Hong Kong", None, "Hong Kong"), ("China", None, "China")],
)
def test_location_without_a_comma_is_the_place(location: str, country: str | None, place: str) -> None:
    rows = [[location if cell == "Austin, TX" else cell for cell in row] for row in PITCHBOOK]
    assert read(DEALS, workbook(rows)).select("country", "place").row(0) == (country, place)


def test_cells_of_itjuzi_have_neither_the_country_nor_a_blank_before_the_round() -> None:
    (row, _) = printed(DEALS, ITJUZI.replace("A轮", "A 轮").replace("广东", "中国-广东").encode())
    assert (row["round"], row["region"]) == ("A轮", "广东")


def test_of_two_columns_for_one_the_first_that_is_filled_is_read() -> None:
    content = ITJUZI.replace("公司名称", "公司名称,项目名称").replace("甲公司", "甲公司,甲").replace("丁公司", ",丁")
    assert [row["company"] for row in printed(DEALS, content.encode())] == ["甲公司", "丁"]


def test_amounts_are_read_with_their_size() -> None:
    header = "company,country,city,date,round,amount,currency,investors,lead\n"
    rows = "A,CN,Beijing,2020,A,数千万,CNY,,\nB,CN,Beijing,2020,A,1.5 million,USD,,\nC,CN,Beijing,2020,A,,,,\n"
    assert read(DEALS, (header + rows).encode()).select(AMOUNTS).rows() == [
        (1e7, 1e8, "order of magnitude"),
        (1.5e6, 1.5e6, "exact"),
        (None, None, "undisclosed"),
    ]


FORMATS = {
    "UTF-8 with mark": DEALS_CSV.encode("utf-8-sig"),
    "UTF-16": DEALS_CSV.encode("utf-16"),
    "tabs": DEALS_CSV.replace(",", "\t").encode("utf-16"),
    "semicolons": DEALS_CSV.replace(",", ";").replace("\n", "\r\n").encode(),
    "more commas than semicolons": DEALS_CSV.replace(",", ";").replace("seen", ",".join("a" * 99)).encode(),
    "capitals": DEALS_CSV.replace("company,country,city", "Company,COUNTRY,City").encode(),
    "currency": DEALS_CSV.replace("USD", "usd").encode(),
    "XLSX": workbook([line.split(",") for line in DEALS_CSV.splitlines()]),
    "XLSX with notes": workbook([line.split(",") for line in DEALS_CSV.splitlines()], more=(["Notes"], ["of mine"])),
    "Parquet": parquet(DEALS_CSV),
}


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
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


def test_unknown_header_is_told_what_the_nearest_form_needs() -> None:
    message = refusal(COMPANIES, COMPANIES_CSV.replace("founded", "begun").encode())
    assert "its header is not that of a known export" in message
    assert "the nearest form, plain companies, also needs founded; others are plain deals, " in message
    deals = refusal(DEALS, b"Company,City,Date,Amount\nAcme,Chengdu,2021,5")
    assert "the nearest form, plain deals, also needs country, round, currency, investors, lead; others are" in deals
    itjuzi = refusal(DEALS, ITJUZI.replace("融资时间", "时间").encode())
    assert "the nearest form, IT桔子 events, also needs 融资时间 or 获投时间 or 投资时间 or date; others are" in itjuzi
