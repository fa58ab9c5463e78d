"""Exports in the inbox that are refused: damaged files, malformed cells, and what other files or readers tell."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest.fetchers import Project
from pipelines.ingest.landing import land, landing_path
from pipelines.ingest.sources import inbox
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
    put,
)
from tests.support.homes import ROOT
from tests.support.parsing import read, refusal, unzipped, zipped
from tests.support.workbook import workbook

#: A workbook in the format of Excel before 2007. It lists universities, so it is not an export of deals.
OLD_WORKBOOK = unzipped((ROOT / "data" / "recordings" / "moe_list.zip").read_bytes(), "moe_2017.xls")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty. Export it again, or remove it"),
        (zipped({"rounds.csv": DEALS_CSV}), "is packed, and no workbook. Unpack it, and put the files in it here, or open"),
        (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "is packed, and no workbook"),
        (
            DEALS_CSV.encode() + b"Acme,CN,Shenzhen,2021-03,A,10000000,USD,Alpha Fund|Beta Capital,Alpha Fund,seen\n",
            "row 4: is the same as row 2. Remove it, or tell the two apart, by their dates or amounts",
        ),
        (
            workbook(PITCHBOOK, more=(["3-3T", "Core", "2018-01-02"],)),
            "its sheet 'sheet2' has rows too, and no header of a known export. Put its rows under the header of the other sheet",
        ),
        (b"<table><tr><td>company", "is a web page, XML or JSON, not a table. Remove it, or open it and save it as XLSX or CSV"),
        (b'\xef\xbb\xbf[{"company": "Acme"}]', "is a web page, XML or JSON, not a table"),
        (DEALS_CSV.replace(",Shenzhen", "").encode(), "row 2: 9 fields where the header has 10"),
        (DEALS_CSV.replace(",Shenzhen", "").encode() + b"Bolt\n", "content, row 4: 1 field where the header has 10"),
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
        (workbook(PITCHBOOK, sheets=2), "PitchBook deals (sheet 'sheet1', row 2) and PitchBook deals (sheet 'sheet2', row 2)"),
        (
            b"company,country,city,founded,sector,investor\nA,CN,B,2001,x,C\n",
            "matches plain companies (row 1) and plain investors (row 1)",
        ),
        (COMPANIES_CSV.encode(), "is an export of companies, not of deals"),
        (DEALS_CSV.replace("note", "amount").encode(), "row 1, column amount: the column occurs more than once. Keep one"),
        (gzip.compress(DEALS_CSV.encode()), "is not a table. Unpack it if it is packed; otherwise open it and save it as XLSX"),
        (DEALS_CSV.encode("utf-16-le"), "content: is UTF-16 without a byte order mark. Save it as UTF-8"),
        ((DEALS_CSV + "甲,CN,上海,2021,,,,,,\n").encode("utf-16-be"), "is UTF-16 without a byte order mark"),
        (DEALS_CSV.encode() + b"\0", "contains a NUL character"),
        (DEALS_CSV.splitlines()[0].encode(), "content, row 1: has a header and no rows. Export it again, or remove it"),
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
        ("2021-03", "2021.03", "column date: '2021.03' has the wrong form. Write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2021-03", "1905", "column date: '1905' is not 1950 or later"),
        ("2021-03", "2031", "column date: '2031' is in the future"),
        ("2021-03", "2021-02-31", "column date: '2021-02-31' is not in the calendar"),
        ("2021-03", "", "column date: is empty. Give at least the year"),
        ("USD", "ZZZ", "column currency: 'ZZZ' has the wrong form. Write an ISO 4217 code"),
        ("10000000", "10.000", "'10.000', 'USD' break the rule that amount reads as a number"),
        ("10000000", "1e16", "column amount: 1e+16 is above 1e+15"),
        ("10000000", "over 5", "'over 5' breaks the rule that amount is at least 1000 or names its size as in 5 million"),
        ("10000000", "5+", "'5+' breaks the rule that amount is at least 1000 or names its size as in 5 million"),
        ("10000000", "-5000000", "'-5000000', 'USD' break the rule that amount reads as a number"),
        ("10000000", "12.5", "breaks the rule that amount is at least 1000 or names its size as in 5 million"),
        (",Alpha Fund,seen", ",Gamma,seen", "break the rule that lead is among investors"),
        ("|Beta", "|B" * 400 + "|Beta", "breaks the rule that investors are a few hundred at most"),
        ("USD", "dollars", "column currency: 'dollars' has the wrong form"),
        ("|Beta", "||Beta", "column investors: 'Alpha Fund||Beta Capital' has the wrong form"),
        ("Acme", "", "column company: is empty"),
        ("10000000", "a lot", "row 2, column amount, currency: 'a lot', 'USD' break the rule that amount reads as a number"),
    ],
)
def test_malformed_cell_is_refused(cell: str, replacement: str, problem: str) -> None:
    message = refusal(DEALS, DEALS_CSV.replace(cell, replacement, 1).encode())
    assert problem in message
    assert message.count("column date") <= 1, "one problem for each cell"
    assert "column date" not in message or "leave it empty" not in message, "a deal needs its year"


@pytest.mark.parametrize(
    ("cell", "replacement", "problem"),
    [
        ("10000000", "1e13", "column amount: '1e13' USD is more than any round. Check its unit and its digits"),
        ("USD", "THB", "column currency: 'THB' has no exchange rate. Give the amount in US dollars"),
        ("USD", "", "column currency: '10000000' has no currency. Add it, or leave the amount empty if it is unknown"),
        (
            "2021-03,A,10000000,USD",
            "1990,A,10000000,CNY",
            "column currency: 'CNY' has no exchange rate for 1990. Give the amount in US",
        ),
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
        *(
            ("Alpha Fund|Beta Capital,Alpha Fund", f"{names},", f"column investors: {names!r} looks like several names in one")
            for names in ("红杉中国、IDG资本", "甲，乙", "甲；乙", "红杉中国;Example Capital", "Gamma|甲、乙")
        ),
        (
            "2021-03,A,",
            "2021-03,Serie A,",
            "column round: 'Serie A' is not the name of a round. "
            "Correct it, leave it empty if it is unknown, or add it to data/reference/rounds.csv",
        ),
        ("CN", "Atlantis", "column country: 'Atlantis' is not the name of a country. Write an ISO 3166 code"),
        ("Acme", "\x1b[31mAcme", r"column company: '\x1b[31mAcme' has an invisible or control character"),
        ("Shenzhen", "Sh\u0435nzhen", "column city: 'Shеnzhen' mixes Latin letters with others that look the same"),
        ("Acme", "未披露", "column company: '未披露' stands for a missing value. Leave it empty"),
        ("|Beta Capital", "|投资方未知", "column investors: 'Alpha Fund|投资方未知' stands for a missing value"),
        (
            "Alpha Fund|Beta Capital,Alpha Fund",
            "Alpha Fund（领投）|Beta Capital,",
            "column investors: 'Alpha Fund（领投）|Beta Capital' says who led or followed. Write the names alone",
        ),
        ("Acme", "N/A", "column company: 'N/A' stands for a missing value. Leave it empty"),
        *(
            ("Acme", error, f"column company: {error!r} stands for a missing value. Leave it empty")
            for error in ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "####", "无")
        ),
        ("|Beta Capital", "|#N/A", "column investors: 'Alpha Fund|#N/A' stands for a missing value"),
        ("10000000", "#N/A", "column amount, currency: '#N/A', 'USD' break the rule that amount reads as a number"),
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


def test_column_is_named_as_the_file_names_it(home: Path) -> None:
    put(**{"c.csv": CRUNCHBASE.replace("Series A,", "Serie A,").replace("Basel,", "Bas?l,").encode()})
    with pytest.raises(InputError) as refused:
        land(inbox.SOURCE, DEALS, Project())
    assert [problem.column for problem in refused.value.problems] == ["Organization Location", "Funding Type"]
    assert "row 2, column Deal Date: 'soon' has the wrong form" in refusal(
        DEALS, workbook([PITCHBOOK[1], [cell if cell != "27-Sep-2017" else "soon" for cell in PITCHBOOK[2]]])
    )


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


@pytest.mark.parametrize(
    ("company", "country", "encoding", "read"),
    [
        ("Яндекс", "RU", "cp1251", "唔溴犟"),
        ("Яндекс", "Russian Federation", "koi8-r", "裎呐擞"),
        ("쿠팡", "South Korea", "euc-kr", "捻莆"),
        ("쿠팡", "kor", "euc-kr", "捻莆"),
    ],
)
def test_other_encoding_that_reads_as_gbk_is_refused(company: str, country: str, encoding: str, read: str) -> None:
    content = COMPANIES_CSV.replace("Acme,CN", f"{company},{country}").encode(encoding)
    assert refusal(COMPANIES, content) == (
        f"content, row 2, column company: '{read}' is Chinese beside the country '{country}', as text of another encoding looks "
        "when read as GBK. Save it as UTF-8"
    )


def with_formulas(cells: dict[str, tuple[str, str]]) -> bytes:
    """Return plain deals as a workbook with formulas and the values stored with them."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Deals")
        for number, line in enumerate(DEALS_CSV.splitlines()):
            sheet.write_row(number, 0, line.split(","))
        for cell, (formula, value) in cells.items():
            sheet.write_formula(cell, formula, value=value)
    return buffer.getvalue()


def test_cell_of_a_workbook_that_shows_an_error_is_refused() -> None:
    assert refusal(DEALS, with_formulas({"F2": ("=1/0", "#DIV/0!"), "J3": ("=A9", "#N/A")})).splitlines() == [
        f"content, row {row}, column {column}: the cell of sheet 'Deals' shows an error, such as #N/A. "
        "Correct its formula, or empty the cell if its value is unknown"
        for row, column in ((2, "F"), (3, "J"))
    ]


def test_cell_of_a_workbook_that_holds_a_nul_is_refused() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Deals").write_row(1, 0, ["Alpha", "Be\0ta"])
    assert refusal(DEALS, buffer.getvalue()) == (
        "content, row 2, column B: the cell of sheet 'Deals' contains a NUL character. "
        "Fetch the file again; it was damaged, or is in another encoding"
    )


def test_formula_that_no_program_has_calculated_is_refused() -> None:
    content = with_formulas({"C2": ("=VLOOKUP(A2,A:B,2)", ""), "D3": ("=2020", "2020")})
    assert refusal(DEALS, content) == (
        "content, row 2, column C: the formula of the cell has no stored value. Open the file in Excel and save it"
    )
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name).replace(b'r="C2"', b'r="C2" t="str"') for name in book.namelist()}
    assert read(DEALS, zipped(parts))["place"].to_list() == [None, None], "the value of a formula may be an empty text"


def test_row_that_another_file_has_too_is_refused(home: Path) -> None:
    acme, blank = (line.split(",") for line in DEALS_CSV.splitlines()[1:])
    other = [[*acme[:3], "2022-05", *acme[4:]], blank]
    header = DEALS_CSV.splitlines()[0].split(",")
    put(**{"a.csv": DEALS_CSV.encode(), "a (1).csv": DEALS_CSV.encode(), "b.xlsx": workbook([header, *other])})
    with pytest.raises(InputError) as refused:
        land(inbox.SOURCE, DEALS, Project())
    assert str(refused.value).splitlines() == [
        f"inbox: data/inbox/{file}, row {row}: is the same as row {row} of 'data/inbox/a (1).csv'; rows in both: {count}. "
        "Keep them in one of the two, or tell them apart, by their dates or amounts"
        for file, row, count in (("a.csv", 2, 2), ("b.xlsx", 3, 1))
    ]


def test_what_is_wrong_in_the_same_words_is_told_once(home: Path) -> None:
    cells = ["A++++", "A++++", "Pre-A++", "A++++", "A+"]
    rows = "".join(f"Bolt {number},CN,Wuhan,2021,{cell},,,,,\n" for number, cell in enumerate(cells))
    put(**{"a.csv": (DEALS_CSV + rows).encode(), "b.csv": (DEALS_CSV.splitlines()[0] + "\nElm,CN,,2021,A++++,,,,,\n").encode()})
    with pytest.raises(InputError) as refused:
        land(inbox.SOURCE, DEALS, Project())
    assert [line.partition(". ")[0] for line in str(refused.value).splitlines()] == [
        "inbox: data/inbox/a.csv, row 4, column round: 'A++++' is not the name of a round, also in 2 more rows",
        "inbox: data/inbox/a.csv, row 6, column round: 'Pre-A++' is not the name of a round",
        "inbox: data/inbox/b.csv, row 2, column round: 'A++++' is not the name of a round",
    ]


def test_control_characters_of_a_file_name_do_not_reach_the_terminal(home: Path) -> None:
    put(**{"\x1b[2Jx.csv": b"a,b\n1,2\n"})
    with pytest.raises(InputError) as refused:
        land(inbox.SOURCE, DEALS, Project())
    assert r"data/inbox/\x1b[2Jx.csv" in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_file_name_in_another_encoding_is_refused_beside_what_else_is_wrong(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(**{"x.csv": b"a,b\n1,2\n"})
    # Listed only, since not every system would let it be made.
    unpacked = settings.INBOX / os.fsdecode("融资.csv".encode("gbk"))
    monkeypatch.setattr(inbox, "paths", lambda: [unpacked, settings.INBOX / "x.csv"])
    with pytest.raises(InputError) as refused:
        land(inbox.SOURCE, DEALS, Project())
    first, second = str(refused.value).splitlines()
    assert first.startswith(r"inbox: data/inbox/\xc8\xda\xd7\xca.csv: its name is not in UTF-8. Rename it")
    assert second.startswith("inbox: data/inbox/x.csv: its header is not that of a known export")
