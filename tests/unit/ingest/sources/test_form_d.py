"""Form D: quarterly tables and a notice of invented companies, in the published form, and the recorded notices."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import sift
from pipelines.ingest.sources import form_d
from tests.support.corruption import HTML_ERROR
from tests.support.parsing import read, refusal, requests, zipped

(OFFERINGS,) = form_d.SOURCE.tables
FIRST, SECOND, TEST = "0000000001-25-000001", "0000000002-25-000001", "0000000003-25-000001"


def table(header: list[str], *rows: dict[str, str]) -> str:
    """Return tab-separated, unquoted rows."""
    return "".join("\t".join(line) + "\n" for line in [header, *([row.get(name, "") for name in header] for row in rows)])


LIVE = {"SUBMISSIONTYPE": "D", "TESTORLIVE": "LIVE", "FILING_DATE": "31-DEC-2025"}
ISSUER = {
    "IS_PRIMARYISSUER_FLAG": "YES", "ENTITYTYPE": "Corporation", "JURISDICTIONOFINC": "DELAWARE", "CITY": "SAN FRANCISCO",
    "STATEORCOUNTRY": "CA",
}  # fmt: skip
SECOND_ISSUER = {"CIK": "0000000009", "ENTITYNAME": "Second Issuer LLC", "IS_PRIMARYISSUER_FLAG": "NO"}
#: The tables of a quarter with two notices, a test filing, and a second issuer of the first notice.
QUARTER = {
    "FORMDSUBMISSION": table(
        form_d.SUBMISSION,
        LIVE | {"ACCESSIONNUMBER": FIRST},
        LIVE | {"ACCESSIONNUMBER": SECOND, "SUBMISSIONTYPE": "D/A", "FILING_DATE": "05-OCT-2025"},
        LIVE | {"ACCESSIONNUMBER": TEST, "TESTORLIVE": "TEST"},
    ),
    "ISSUERS": table(
        form_d.ISSUERS,
        ISSUER | {"ACCESSIONNUMBER": FIRST, "CIK": "0000000001", "ENTITYNAME": 'Example "Quoted" Inc'}
        | {"YEAROFINC_VALUE_ENTERED": "2024"},
        ISSUER | {"ACCESSIONNUMBER": FIRST} | SECOND_ISSUER,
        ISSUER
        | {"ACCESSIONNUMBER": SECOND, "CIK": "0000000002", "ENTITYNAME": "示例 Ltd", "CITY": "BEIJING", "STATEORCOUNTRY": "F4"},
        ISSUER | {"ACCESSIONNUMBER": TEST, "CIK": "0000000003", "ENTITYNAME": "Test Filing Inc"},
    ),
    "OFFERING": table(
        form_d.OFFERING,
        {
            "ACCESSIONNUMBER": FIRST, "INDUSTRYGROUPTYPE": "Other Technology", "SALE_DATE": "2025-12-15",
            "TOTALOFFERINGAMOUNT": "5000000", "TOTALAMOUNTSOLD": "1250000.50", "TOTALNUMBERALREADYINVESTED": "7",
        },
        {
            "ACCESSIONNUMBER": SECOND, "INDUSTRYGROUPTYPE": "Pooled Investment Fund", "YETTOOCCUR": "true",
            "TOTALOFFERINGAMOUNT": "Indefinite", "TOTALAMOUNTSOLD": "0",
        },
        {"ACCESSIONNUMBER": TEST},
    ),
    "RELATEDPERSONS": f"ACCESSIONNUMBER\tFIRSTNAME\tLASTNAME\n{FIRST}\tJane\tDoe\n",
}  # fmt: skip


def archive(**changes: str | bytes) -> bytes:
    return zipped({f"2025Q4_d/{name}.tsv": text for name, text in (QUARTER | changes).items()})


def replaced(name: str, old: str, new: str) -> bytes:
    assert old in QUARTER[name]
    return archive(**{name: QUARTER[name].replace(old, new, 1)})


def tenfold(name: str) -> bytes:
    header, _, rows = QUARTER[name].partition("\n")
    return archive(**{name: f"{header}\n{rows * 10}"})


def test_notice_is_joined_to_its_primary_issuer() -> None:
    assert read(OFFERINGS, archive()).rows() == [
        (
            FIRST, "D", "2025-12-31", 1, 'Example "Quoted" Inc', "SAN FRANCISCO", "California", "CA", "US", "DELAWARE", 2024,
            "Corporation", "Other Technology", 5_000_000.0, False, 1_250_000.5, "2025-12-15", False, 7, 2,
        ),
        (
            SECOND, "D/A", "2025-10-05", 2, "示例 Ltd", "BEIJING", None, "F4", "CN", "DELAWARE", None,
            "Corporation", "Pooled Investment Fund", None, True, 0.0, None, True, None, 3,
        ),
    ]  # fmt: skip


def test_columns_that_are_not_read_may_come_and_go() -> None:
    more = QUARTER["OFFERING"].replace("\n", "\tnew\n").replace("\tnew", "\tNEW", 1)
    assert read(OFFERINGS, archive(OFFERING=more)).equals(read(OFFERINGS, archive()))


def test_table_of_persons_is_not_read() -> None:
    without = {f"2025Q4_d/{name}.tsv": text for name, text in QUARTER.items() if name != "RELATEDPERSONS"}
    assert read(OFFERINGS, zipped(without)).equals(read(OFFERINGS, archive()))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (HTML_ERROR, "web page"),
        (archive()[:200], "not readable as ZIP"),
        (zipped({"ISSUERS.tsv": QUARTER["ISSUERS"]}), "0 members called FORMDSUBMISSION.tsv"),
        (archive(ISSUERS=QUARTER["ISSUERS"].encode("gbk")), "row 4: byte 0xc0 is not UTF-8"),
        (replaced("ISSUERS", "ENTITYNAME", "NAME"), "column ENTITYNAME: the column is missing"),
        (replaced("ISSUERS", "\tSAN FRANCISCO", ""), "8 fields where the header has 9"),
        (
            replaced("ISSUERS", "\tSAN FRANCISCO\tCA", "\tCA\tSAN FRANCISCO"),
            "row 2, column location_code: 'SAN FRANCISCO' breaks the rule that location code is in the table of the sec",
        ),
        (replaced("FORMDSUBMISSION", "31-DEC-2025", "31-DEZ-2025"), "row 2, column filed_on: '31-DEZ-2025' has the wrong form"),
        (replaced("OFFERING", "5000000", "5,000,000"), "row 2, column offered_usd: '5,000,000' is not a number"),
        (replaced("OFFERING", "\ttrue", "\tsoon"), "row 3, column is_yet_to_occur: is empty"),
        (replaced("ISSUERS", "\t0000000001\t", "\t1A\t"), "row 2, column cik: '1A' is not a"),
        (replaced("ISSUERS", "YES", "NO"), "row 2, column company: is empty"),
        (tenfold("FORMDSUBMISSION"), "more than once among FORMDSUBMISSION"),
        (tenfold("ISSUERS"), "more than once among the primary issuers"),
        (tenfold("OFFERING"), "more than once among OFFERING"),
    ],
)
def test_damaged_archive_is_refused(content: bytes, problem: str) -> None:
    assert problem in refusal(OFFERINGS, content)


@pytest.mark.parametrize("printed", ["31-DEC-2025", "2025-12-31 17:30:58", "2025-12-31"])
def test_dates_are_read_in_each_of_their_forms(printed: str) -> None:
    content = replaced("FORMDSUBMISSION", "31-DEC-2025", printed)
    assert read(OFFERINGS, content)["filed_on"].to_list() == ["2025-12-31", "2025-10-05"]
    sold = replaced("OFFERING", "2025-12-15", printed)
    assert read(OFFERINGS, sold)["first_sale_on"].to_list() == ["2025-12-31", None]


def test_one_odd_notice_keeps_no_other_out() -> None:
    """Filers type what they like."""
    content = replaced("ISSUERS", "\tSAN FRANCISCO\tCA", "\tSAN FRANCISCO\tQX")
    kept, problems = sift(OFFERINGS.parse(content), OFFERINGS.contract)
    assert (kept["accession"].to_list(), len(problems)) == ([SECOND], 1)


#: Links in each of their forms: a number in the name, and the folder to which the newest moved.
LISTING = b"""<html><a href="/files/datastandardsinnovation/data/form-d-data-sets/2026q2_d.zip">2026 Q2</a>
<a href="https://www.sec.gov/files/structureddata/data/form-d-data-sets/2026q1_d.zip">2026 Q1</a>
<a href="/files/structureddata/data/form-d-data-sets/2013q4_d_0.zip">2013 Q4</a> <a href="/files/form_d.pdf">Guide</a></html>"""


def test_archives_are_found_on_the_page_that_links_them() -> None:
    folders = "https://www.sec.gov/files/{}/data/form-d-data-sets/{}"
    assert [request.url for request in requests(form_d.find_quarters, {form_d.PAGE: LISTING})] == [
        folders.format("datastandardsinnovation", "2026q2_d.zip"),
        folders.format("structureddata", "2026q1_d.zip"),
        folders.format("structureddata", "2013q4_d_0.zip"),
    ]
    with pytest.raises(Refused, match="links no archive"):
        requests(form_d.find_quarters, {form_d.PAGE: b"<html></html>"})


NOTICE = """<?xml version="1.0"?>
<edgarSubmission><schemaVersion>X0603</schemaVersion><submissionType>D</submissionType><testOrLive>LIVE</testOrLive>
<primaryIssuer><cik>0000000001</cik><entityName>Example &amp; Sons</entityName><issuerAddress><city>Ebene</city>
<stateOrCountry>O4</stateOrCountry></issuerAddress><jurisdictionOfInc>MAURITIUS</jurisdictionOfInc><entityType>Other</entityType>
<yearOfInc><overFiveYears>true</overFiveYears></yearOfInc></primaryIssuer>
<issuerList><issuer><cik>0000000002</cik><entityName>Second Issuer LLC</entityName></issuer></issuerList>
<relatedPersonsList><relatedPersonInfo><relatedPersonName><firstName>Jane</firstName><lastName>Doe</lastName></relatedPersonName>
</relatedPersonInfo></relatedPersonsList>
<offeringData><industryGroup><industryGroupType>Investing</industryGroupType></industryGroup><typeOfFiling>
<dateOfFirstSale><yetToOccur>true</yetToOccur></dateOfFirstSale></typeOfFiling>
<offeringSalesAmounts><totalOfferingAmount>Indefinite</totalOfferingAmount><totalAmountSold>10</totalAmountSold></offeringSalesAmounts>
<investors><totalNumberAlreadyInvested>0</totalNumberAlreadyInvested></investors></offeringData></edgarSubmission>
"""


def test_single_notice_has_neither_accession_nor_date() -> None:
    assert read(OFFERINGS, NOTICE.encode()).rows() == [
        (
            None, "D", None, 1, "Example & Sons", "Ebene", None, "O4", "MU", "MAURITIUS", None, "Other", "Investing", None, True,
            10.0, None, True, 0, 1,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<city>Ebene</city>", "", "issuerAddress/city: occurs 0 times"),
        ("<cik>0000000001</cik>", "<cik>1</cik><cik>2</cik>", "primaryIssuer/cik: occurs 2 times"),
        ("X0603", "X0900", "is not a Form D notice of schema X0603 to X0799"),
        ("edgarSubmission", "otherSubmission", "is not a Form D notice"),
        ("LIVE", "TEST", "test filing"),
        ("O4", "QX", "'QX' breaks the rule that location code is in the table"),
        ("Indefinite", "plenty", "'plenty' is not a number"),
        ("<yetToOccur>true", "<yetToOccur>soon", "column is_yet_to_occur: is empty"),
    ],
)
def test_malformed_notice_is_refused(old: str, new: str, problem: str) -> None:
    assert problem in refusal(OFFERINGS, NOTICE.replace(old, new).encode())


def test_recorded_notices_have_places_and_amounts(recordings: Path) -> None:
    frame = pl.concat(read(OFFERINGS, path.read_bytes()) for path in (recordings / "edgar_form_d").glob("*.xml"))
    assert frame.height == 20
    assert frame["country"].value_counts().sort("country").rows() == [("MU", 1), ("US", 19)]
    assert (frame["is_indefinite"].sum(), frame["is_yet_to_occur"].sum()) == (4, 2)
    assert (frame["offered_usd"].null_count(), frame["first_sale_on"].null_count()) == (4, 2)
