"""Crunchbase 2013: invented companies, in the format of the upstream."""

from pipelines.ingest.sources import crunchbase_2013
from tests.support.parsing import csv_file, read, refusal

COMPANIES, ROUNDS, ACQUISITIONS = crunchbase_2013.SOURCE.tables
COMPANY = {"permalink": "/company/duck", "name": "Duck", "country_code": "USA", "region": "SF Bay"}
ROUND = {f"company_{name}": cell for name, cell in COMPANY.items()} | {
    "funding_round_type": "angel", "funded_at": "2012-05-01", "funded_year": "2012",
}  # fmt: skip
NAMELESS = {"permalink": "/company/n-plusn", "name": "#NAME?"}


def companies(*changes: dict[str, str], encoding: str = "mac_roman") -> bytes:
    rows = [COMPANY | {"status": "operating"} | change for change in changes]
    return csv_file(crunchbase_2013.COMPANIES, *rows, line_end="\r", encoding=encoding)


def rounds(*changes: dict[str, str]) -> bytes:
    rows = [ROUND | change for change in changes]
    return csv_file(crunchbase_2013.ROUNDS, *rows, line_end="\r", encoding="mac_roman")


def test_files_are_mac_roman_with_carriage_returns() -> None:
    changes = [{"name": "Café™", "founded_at": "2004-01-01", "founded_year": "2004"}, {"permalink": "/company/egg"}]
    frame = read(COMPANIES, companies(*changes))
    assert frame.select("company", "founded_year", "source_row").rows() == [("Café™", 2004, 2), ("Duck", None, 3)]
    assert "is UTF-8 where MAC_ROMAN was expected" in refusal(COMPANIES, companies(*changes, encoding="utf-8"))


def test_name_taken_for_a_formula_comes_from_the_permalink() -> None:
    nameless = {f"company_{name}": cell for name, cell in NAMELESS.items()}
    assert read(ROUNDS, rounds({}, nameless))["company"].to_list() == ["Duck", "n-plusn"]
    assert read(COMPANIES, companies(NAMELESS))["company"].to_list() == ["n-plusn"]


def test_equal_rounds_stay_and_blank_amounts_are_null() -> None:
    assert read(ROUNDS, rounds({}, {}, {"raised_amount_usd": "5"}))["raised_usd"].to_list() == [None, None, 5.0]


def test_year_that_contradicts_its_date_is_refused() -> None:
    message = refusal(ROUNDS, rounds({"funded_year": "2011"}))
    assert "row 2, column funded_at, funded_year: " in message
    assert "funded year is that of funded at" in message


def test_rows_of_commas_are_not_acquisitions() -> None:
    acquisition = {f"company_{name}": cell for name, cell in COMPANY.items()} | {
        "acquirer_permalink": "/company/fox", "acquirer_name": "Fox", "acquirer_region": "unknown",
        "acquired_at": "2009-07-01", "acquired_year": "2009", "price_amount": "2.6E+6",
    }  # fmt: skip
    content = csv_file(crunchbase_2013.ACQUISITIONS, {}, acquisition, {}, line_end="\r", encoding="mac_roman")
    frame = read(ACQUISITIONS, content)
    assert frame.select("acquirer", "acquirer_metro", "price", "source_row").rows() == [("Fox", "unknown", 2.6e6, 3)]
