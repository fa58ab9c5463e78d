"""The three Crunchbase sources: real bytes land, damaged ones are refused, and each known defect is handled by name."""

import csv
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources import crunchbase_2013, crunchbase_2015, crunchbase_investments
from tests.support.corruption import HTML_ERROR

MEMBER = "UnicornsApp/public_html/maptime.csv"


def table_of(source: Source, name: str) -> Table:
    return next(table for table in source.tables if table.name == name)


def read(table: Table, content: bytes) -> pl.DataFrame:
    """A hand-made file as landing reads it, except for the number of rows."""
    return conform(table.parse(content), table.contract)


def made(header: list[str], *rows: dict[str, str], line_end: str = "\n", encoding: str = "utf-8") -> bytes:
    """A CSV file of ``rows``; cells not given are blank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def zipped(content: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(MEMBER, content)
        file.writestr(f"__MACOSX/{MEMBER}", b"")
    return archive.getvalue()


@pytest.mark.recorded
def test_recorded_acquisitions_are_found_in_the_cell_that_swallowed_them(recordings: Path) -> None:
    content = (recordings / "crunchbase_export_2015/acquisitions.csv").read_bytes()
    bought = read(table_of(crunchbase_2015.SOURCE, "acquisitions"), content)
    lines = content.decode("utf-8").split("\n")
    keys = [lines[row - 1].replace("\t", ",").partition(",")[0] for row in bought["source_row"]]
    assert bought["company_key"].to_list() == keys, "every row knows its line of the file, swallowed or not"
    assert bought.height == 18_968 - 2 + 147
    zdnet = bought.row(by_predicate=pl.col("company") == "ZDNet", named=True)  # the one that was torn in two
    assert (zdnet["acquirer"], zdnet["acquired_year"], zdnet["price"]) == ("CNET Networks", 2000, 1.6e9)
    assert zdnet["acquirer_category"].endswith("|Reviews and Recommendations|Technology")
    impossible = bought.filter(pl.col("acquired_at").is_not_null(), pl.col("acquired_year").is_null())
    assert impossible["acquired_at"].to_list() == ["3201-10-21", "1201-11-03 00:00:00"]


# Everything below is hand-made: invented companies in the shape of the upstream files.

OLD = {"company_permalink": "/company/duck", "company_name": "Duck", "company_country_code": "USA", "company_region": "SF Bay"}
OLD_ROUND = {"funding_round_type": "angel", "funded_at": "2012-05-01", "funded_year": "2012"}
BUYER = {"acquirer_permalink": "/company/fox", "acquirer_name": "Fox", "acquirer_region": "unknown"}


def old_company(**cells: str) -> dict[str, str]:
    return {name.removeprefix("company_"): cell for name, cell in OLD.items()} | {"status": "operating"} | cells


def made_on_a_mac(header: list[str], *rows: dict[str, str], encoding: str = "mac_roman") -> bytes:
    return made(header, *rows, line_end="\r", encoding=encoding)


def test_2013_files_are_mac_roman_with_carriage_returns() -> None:
    companies = table_of(crunchbase_2013.SOURCE, "companies")
    rows = [old_company(name="Café™", founded_at="2004-01-01", founded_year="2004"), old_company(permalink="/company/egg")]
    frame = read(companies, made_on_a_mac(crunchbase_2013.COMPANIES, *rows))
    assert frame["company"].to_list() == ["Café™", "Duck"]
    assert frame["founded_year"].to_list() == [2004, None]
    assert frame["source_row"].to_list() == [2, 3]
    with pytest.raises(Refused, match="is UTF-8 where MAC_ROMAN was expected"):
        read(companies, made_on_a_mac(crunchbase_2013.COMPANIES, *rows, encoding="utf-8"))


def test_a_name_that_excel_took_for_a_formula_comes_from_the_permalink() -> None:
    broken = {"company_permalink": "/company/n-plusn", "company_name": "#NAME?"}
    rounds = made_on_a_mac(crunchbase_2013.ROUNDS, OLD | OLD_ROUND, OLD | OLD_ROUND | broken)
    assert read(table_of(crunchbase_2013.SOURCE, "rounds"), rounds)["company"].to_list() == ["Duck", "n-plusn"]
    companies = made_on_a_mac(crunchbase_2013.COMPANIES, old_company(permalink="/company/n-plusn", name="#NAME?"))
    assert read(table_of(crunchbase_2013.SOURCE, "companies"), companies)["company"].to_list() == ["n-plusn"]


def test_equal_rounds_stay_and_blank_amounts_are_null() -> None:
    row = OLD | OLD_ROUND
    frame = read(
        table_of(crunchbase_2013.SOURCE, "rounds"),
        made_on_a_mac(crunchbase_2013.ROUNDS, row, row, row | {"raised_amount_usd": "5"}),
    )
    assert frame["raised_usd"].to_list() == [None, None, 5.0]


def test_a_year_that_contradicts_its_date_is_refused() -> None:
    content = made_on_a_mac(crunchbase_2013.ROUNDS, OLD | OLD_ROUND | {"funded_year": "2011"})
    with pytest.raises(Refused, match=r"row 2, column funded_at, funded_year: .* funded year is that of funded at"):
        read(table_of(crunchbase_2013.SOURCE, "rounds"), content)


def test_rows_of_commas_are_no_acquisitions() -> None:
    row = OLD | BUYER | {"acquired_at": "2009-07-01", "acquired_year": "2009", "price_amount": "2.6E+6"}
    frame = read(table_of(crunchbase_2013.SOURCE, "acquisitions"), made_on_a_mac(crunchbase_2013.ACQUISITIONS, {}, row, {}))
    assert frame.select("acquirer", "acquirer_metro", "price", "source_row").rows() == [("Fox", "unknown", 2.6e6, 3)]


NEW = {"company_permalink": "/organization/duck", "company_name": "Duck", "company_country_code": "CHN"}
NEW_ROUND = {
    "funding_round_permalink": "/funding-round/0a", "funding_round_type": "venture", "funding_round_code": "A",
    "funded_at": "2014-03-01", "raised_amount_usd": "202250.03",
}  # fmt: skip
NEW_BUYER = {"acquirer_permalink": "/organization/fox", "acquirer_name": "Fox", "acquired_at": "2014-03-01"}
ROUNDS = [*crunchbase_2015.COMPANY, *crunchbase_2015.ROUND]
INVESTMENTS = [*crunchbase_2015.COMPANY, *crunchbase_2015.INVESTOR, *crunchbase_2015.ROUND]
ACQUISITIONS = [*crunchbase_2015.COMPANY, *crunchbase_2015.ACQUIRER, *crunchbase_2015.ACQUISITION]


def test_2015_companies_and_rounds() -> None:
    company = {name.removeprefix("company_"): cell for name, cell in NEW.items()} | {"status": "closed", "funding_total_usd": "-"}
    dates = ["1749-01-01 00:00:00", "1998-01-01", "2104-01-01", ""]
    rows = [company | {"permalink": f"/organization/{row}", "founded_at": date} for row, date in enumerate(dates)]
    frame = read(table_of(crunchbase_2015.SOURCE, "companies"), made(crunchbase_2015.COMPANIES, *rows))
    assert frame["founded_year"].to_list() == [None, 1998, None, None]
    assert frame["founded_at"].to_list() == [*dates[:3], None]

    rounds = table_of(crunchbase_2015.SOURCE, "rounds")
    frame = read(rounds, made(ROUNDS, NEW | NEW_ROUND))
    assert frame.select("company", "country", "round_type", "round_code", "funded_year", "raised_usd").rows() == [
        ("Duck", "CHN", "venture", "A", 2014, 202250.03)
    ]
    with pytest.raises(Refused, match="'/funding-round/0a' occurs more than once"):
        read(rounds, made(ROUNDS, NEW | NEW_ROUND, NEW | NEW_ROUND))
    with pytest.raises(Refused, match="column round_type: 'series-a' is not in the vocabulary"):
        read(rounds, made(ROUNDS, NEW | NEW_ROUND | {"funding_round_type": "series-a"}))


def test_of_persons_nothing_is_kept_but_that_one_invested() -> None:
    investments = table_of(crunchbase_2015.SOURCE, "investments")
    fund = {"investor_permalink": "/organization/egg-capital", "investor_name": "Egg Capital", "investor_city": "Beijing"}
    person = dict.fromkeys(crunchbase_2015.INVESTOR, "/person/ann-example")
    content = made(INVESTMENTS, NEW | fund | NEW_ROUND, NEW | person | NEW_ROUND, NEW | NEW_ROUND)
    parsed = investments.parse(content)
    assert not any("ann-example" in str(cell) for row in parsed.rows() for cell in row)
    frame = conform(parsed, investments.contract)
    assert frame.select("investor_kind", "investor_key", "investor", "investor_place").rows() == [
        ("organization", "/organization/egg-capital", "Egg Capital", "Beijing"),
        ("person", None, None, None),
        (None, None, None, None),
    ]
    with pytest.raises(Refused, match="column investor_kind: 'product' is not in the vocabulary"):
        read(investments, made(INVESTMENTS, NEW | fund | NEW_ROUND | {"investor_permalink": "/product/pond"}))


def test_impossible_years_keep_their_printed_date() -> None:
    acquisitions = table_of(crunchbase_2015.SOURCE, "acquisitions")
    dates = ["1201-11-03 00:00:00", "1949-12-31", "1950-01-01", "2016-11-27", "3201-10-21"]
    frame = read(acquisitions, made(ACQUISITIONS, *(NEW | NEW_BUYER | {"acquired_at": date} for date in dates)))
    assert frame["acquired_at"].to_list() == dates
    assert frame["acquired_year"].to_list() == [None, None, 1950, 2016, None]
    with pytest.raises(Refused, match="column acquired_at: '03/11/2012' has the wrong form"):
        read(acquisitions, made(ACQUISITIONS, NEW | NEW_BUYER | {"acquired_at": "03/11/2012"}))


def swallowing(*lines: str, remainder: str) -> bytes:
    """A file whose second record holds the next rows in one cell, and what was left of the last at its end."""
    swallower = {"company_permalink": crunchbase_2015.SWALLOWER, "company_name": "<img>", "acquirer_permalink": "/organization/x"}
    return made(
        ACQUISITIONS,
        NEW | NEW_BUYER,
        swallower | {"acquirer_name": "\n".join(['">\t\t2016', *lines])},
        NEW | NEW_BUYER,
        dict(zip(ACQUISITIONS, remainder.split(","), strict=False)),
    )


EGG = "/organization/egg\tEgg\t\tCHN\t02\tHangzhou\tHangzhou"
EGG_BOUGHT = f"{EGG}\t/organization/fox\tFox\t\tUSA\tCA\t\t\t2009-01-22 00:00:00\t2009-01\t2009-Q1\t2009\t7\tUSD"
CUT = f"{EGG}\t/organization/hen\tHen\tConditio"
REMAINDER = "ns|Technology,USA,CA,SF Bay Area,San Francisco,2000-07-19,2000-07,2000-Q3,2000,,USD"


def test_swallowed_acquisitions_come_back_at_their_own_lines() -> None:
    acquisitions = table_of(crunchbase_2015.SOURCE, "acquisitions")
    frame = read(acquisitions, swallowing(EGG_BOUGHT, CUT, remainder=REMAINDER))
    columns = ("source_row", "company", "region", "acquirer", "acquirer_category", "acquired_at", "acquired_year", "price")
    assert frame.select(columns).rows() == [
        (2, "Duck", None, "Fox", None, "2014-03-01", 2014, None),
        (4, "Egg", "2", "Fox", None, "2009-01-22", 2009, 7.0),
        (5, "Egg", "2", "Hen", "Conditions|Technology", "2000-07-19", 2000, None),
        (6, "Duck", None, "Fox", None, "2014-03-01", 2014, None),
    ]


def test_only_the_known_cell_may_hold_rows() -> None:
    acquisitions = table_of(crunchbase_2015.SOURCE, "acquisitions")
    with pytest.raises(Refused, match="row 4: 19 fields in a swallowed row where 20 were expected"):
        read(acquisitions, swallowing(EGG_BOUGHT.replace("\t2009-Q1", ""), CUT, remainder=REMAINDER))
    with pytest.raises(Refused, match="row 5: 10 fields in a swallowed row"):
        read(acquisitions, swallowing(EGG_BOUGHT, CUT, remainder=""))
    twice = dict.fromkeys(ACQUISITIONS[:1], crunchbase_2015.SWALLOWER)
    with pytest.raises(Refused, match=r"row 3: .* occurs more than once"):
        read(acquisitions, made(ACQUISITIONS, twice, twice))
    with pytest.raises(Refused, match=r"row 2, column acquirer: .*A tab means that the cell swallowed"):
        read(acquisitions, made(ACQUISITIONS, NEW | NEW_BUYER | {"acquirer_name": f"Fox\n{EGG_BOUGHT}"}))
    with pytest.raises(Refused, match=r"row 2, column company_key: 'ns\|Technology' has the wrong form"):
        read(acquisitions, made(ACQUISITIONS, NEW | NEW_BUYER | {"company_permalink": crunchbase_2015.REMAINDER}))


INVESTMENT = {
    "company_name": "Duck", "company_country_code": "CHN", "company_city": "Haidian", "investor_name": "Egg Capital",
    "investor_country_code": "USA", "funded_month": "2010-06", "funded_year": "2010", "raised_amount_usd": "3000000",
}  # fmt: skip


def test_every_printed_row_is_an_investment() -> None:
    (investments,) = crunchbase_investments.SOURCE.tables
    header = list(crunchbase_investments.COLUMNS)
    frame = read(investments, zipped(made(header, INVESTMENT, INVESTMENT, INVESTMENT | {"company_city": ""})))
    assert frame.select("company", "place", "investor_place", "raised_usd").rows() == [
        ("Duck", "Haidian", None, 3e6),
        ("Duck", "Haidian", None, 3e6),
        ("Duck", None, None, 3e6),
    ]
    with pytest.raises(Refused, match="funded year is that of funded month"):
        read(investments, zipped(made(header, INVESTMENT | {"funded_month": "2011-06"})))


def test_a_damaged_archive_is_refused() -> None:
    (investments,) = crunchbase_investments.SOURCE.tables
    good = zipped(made(list(crunchbase_investments.COLUMNS), INVESTMENT))
    for content, reason in [
        (b"", "is empty"),
        (HTML_ERROR, "is a web page"),
        (good[:100], "not readable as ZIP"),
        (good.replace(b"maptime.csv", b"othermp.csv"), "contains 0 members"),
    ]:
        with pytest.raises(Refused, match=reason):
            read(investments, content)
