"""Crunchbase investments: an archive with invented companies, in the format of the upstream."""

import pytest

from pipelines.ingest.sources import crunchbase_investments
from tests.support.corruption import HTML_ERROR
from tests.support.parsing import csv_file, read, refusal, zipped

(INVESTMENTS,) = crunchbase_investments.SOURCE.tables
MEMBER = "UnicornsApp/public_html/maptime.csv"
INVESTMENT = {
    "company_name": "Duck", "company_country_code": "CHN", "company_city": "Haidian", "investor_name": "Egg Capital",
    "investor_country_code": "USA", "funded_month": "2010-06", "funded_year": "2010", "raised_amount_usd": "3000000",
}  # fmt: skip


def archive(*changes: dict[str, str]) -> bytes:
    content = csv_file(crunchbase_investments.COLUMNS, *(INVESTMENT | change for change in changes))
    return zipped({MEMBER: content, f"__MACOSX/{MEMBER}": b""})


def test_every_printed_row_is_an_investment() -> None:
    frame = read(INVESTMENTS, archive({}, {}, {"company_city": ""}))
    assert frame.select("company", "place", "investor_place", "raised_usd").rows() == [
        ("Duck", "Haidian", None, 3e6),
        ("Duck", "Haidian", None, 3e6),
        ("Duck", None, None, 3e6),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (archive({"funded_month": "2011-06"}), "funded year is that of funded month"),
        (b"", "is empty"),
        (HTML_ERROR, "is a web page"),
        (archive({})[:100], "not readable as ZIP"),
        (archive({}).replace(b"maptime.csv", b"othermp.csv"), "contains 0 members"),
    ],
)
def test_damaged_archive_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(INVESTMENTS, content)
