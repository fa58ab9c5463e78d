"""Form D: quarterly tables (hand-made, in the published form, invented companies) and recorded XML notices."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.request import Request
from pipelines.ingest.sources import form_d
from tests.support.corruption import HTML_ERROR

FIRST, SECOND, TEST = "0000000001-25-000001", "0000000002-25-000001", "0000000003-25-000001"
PERSONS = "ACCESSIONNUMBER\tFIRSTNAME\tLASTNAME\n" + f"{FIRST}\tJane\tDoe\n"


def table(columns: list[str], *rows: dict[str, str]) -> str:
    """Tab-separated, unquoted."""
    return "".join("\t".join(line) + "\n" for line in [columns, *([row.get(name, "") for name in columns] for row in rows)])


def members(**changes: str) -> dict[str, str]:
    """The tables of a quarter with two notices, a test filing, and a second issuer of the first notice."""
    issuer = {
        "IS_PRIMARYISSUER_FLAG": "YES",
        "ENTITYTYPE": "Corporation",
        "JURISDICTIONOFINC": "DELAWARE",
        "CITY": "SAN FRANCISCO",
    }
    issuer |= {"STATEORCOUNTRY": "CA"}
    live = {"SUBMISSIONTYPE": "D", "TESTORLIVE": "LIVE", "FILING_DATE": "31-DEC-2025"}
    return {
        "FORMDSUBMISSION": table(
            form_d.SUBMISSION,
            {"ACCESSIONNUMBER": FIRST} | live,
            {"ACCESSIONNUMBER": SECOND} | live | {"SUBMISSIONTYPE": "D/A", "FILING_DATE": "05-OCT-2025"},
            {"ACCESSIONNUMBER": TEST} | live | {"TESTORLIVE": "TEST"},
        ),
        "ISSUERS": table(
            form_d.ISSUERS,
            {
                "ACCESSIONNUMBER": FIRST,
                "CIK": "0000000001",
                "ENTITYNAME": 'Example "Quoted" Inc',
                "YEAROFINC_VALUE_ENTERED": "2024",
            }
            | issuer,
            {"ACCESSIONNUMBER": FIRST, "CIK": "0000000009", "ENTITYNAME": "Second Issuer LLC"}
            | issuer
            | {"IS_PRIMARYISSUER_FLAG": "NO"},
            {"ACCESSIONNUMBER": SECOND, "CIK": "0000000002", "ENTITYNAME": "示例 Ltd"}
            | issuer
            | {"CITY": "BEIJING", "STATEORCOUNTRY": "F4"},
            {"ACCESSIONNUMBER": TEST, "CIK": "0000000003", "ENTITYNAME": "Test Filing Inc"} | issuer,
        ),
        "OFFERING": table(
            form_d.OFFERING,
            {
                "ACCESSIONNUMBER": FIRST,
                "INDUSTRYGROUPTYPE": "Other Technology",
                "SALE_DATE": "2025-12-15",
                "TOTALOFFERINGAMOUNT": "5000000",
                "TOTALAMOUNTSOLD": "1250000.50",
                "TOTALNUMBERALREADYINVESTED": "7",
            },
            {
                "ACCESSIONNUMBER": SECOND,
                "INDUSTRYGROUPTYPE": "Pooled Investment Fund",
                "YETTOOCCUR": "true",
                "TOTALOFFERINGAMOUNT": "Indefinite",
                "TOTALAMOUNTSOLD": "0",
            },
            {"ACCESSIONNUMBER": TEST},
        ),
        "RELATEDPERSONS": PERSONS,
    } | changes


def archive(tables: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in tables.items():
            file.writestr(f"2025Q4_d/{name}.tsv", text)
    return buffer.getvalue()


def test_quarter_joins_each_notice_to_its_primary_issuer() -> None:
    frame = conform(form_d.parse_offerings(archive(members())), form_d.Offerings)
    first, second = frame.rows(named=True)
    assert first == {
        "accession": FIRST,
        "form": "D",
        "filed_on": "2025-12-31",
        "cik": 1,
        "company": 'Example "Quoted" Inc',
        "place": "SAN FRANCISCO",
        "region": "California",
        "location_code": "CA",
        "country": "US",
        "incorporated_in": "DELAWARE",
        "incorporated_year": 2024,
        "entity_type": "Corporation",
        "industry_group": "Other Technology",
        "offered_usd": 5_000_000.0,
        "is_indefinite": False,
        "sold_usd": 1_250_000.5,
        "first_sale_on": "2025-12-15",
        "is_yet_to_occur": False,
        "n_investors": 7,
        "source_row": 2,
    }
    assert (second["form"], second["filed_on"], second["company"], second["country"]) == ("D/A", "2025-10-05", "示例 Ltd", "CN")
    assert (second["offered_usd"], second["is_indefinite"], second["first_sale_on"], second["is_yet_to_occur"]) == (
        None,
        True,
        None,
        True,
    )


def test_persons_are_not_read() -> None:
    frame = form_d.parse_offerings(archive(members()))
    assert not frame.filter(pl.any_horizontal(pl.col(pl.String).str.contains("Jane|Doe"))).height
    without = archive({name: text for name, text in members().items() if name != "RELATEDPERSONS"})
    assert form_d.parse_offerings(without).equals(frame)


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    text = members()[name]
    assert old in text
    return members(**{name: text.replace(old, new, 1)})


def tenfold(name: str) -> dict[str, str]:
    header, _, rows = members()[name].partition("\n")
    return members(**{name: f"{header}\n{rows * 10}"})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (HTML_ERROR, "web page"),
        (archive(members())[:200], "not readable as ZIP"),
        (archive({"ISSUERS": members()["ISSUERS"]}), "0 members called FORMDSUBMISSION.tsv"),
        (archive(replaced("ISSUERS", "ENTITYNAME", "NAME")), "ENTITYNAME.*is missing"),
        (archive(replaced("OFFERING", "SALE_DATE", "SALE_DATE\tNEW")), "NEW.*unknown"),
        (archive(replaced("ISSUERS", "\tSAN FRANCISCO", "")), "22 fields where the header has 23"),
        (
            archive(replaced("ISSUERS", "\tSAN FRANCISCO\tCA", "\tCA\tSAN FRANCISCO")),
            "row 2.*'SAN FRANCISCO' is no location code",
        ),
        (archive(replaced("FORMDSUBMISSION", "31-DEC-2025", "2025-12-31")), "row 2.*'2025-12-31' is no day"),
        (archive(replaced("OFFERING", "5000000", "5,000,000")), "row 2.*'5,000,000' is no amount"),
        (archive(replaced("OFFERING", "\ttrue", "\tsoon")), "row 3.*'soon' is not true or false"),
        (archive(replaced("ISSUERS", "\t0000000001\t", "\t1A\t")), "row 2.*'1A' is not a whole number"),
        (archive(replaced("ISSUERS", "YES", "NO")), f"row 2.*{FIRST} occurs nowhere among the primary issuers"),
        (archive(tenfold("FORMDSUBMISSION")), "more than once among FORMDSUBMISSION"),
        (archive(tenfold("ISSUERS")), "more than once among the primary issuers"),
        (archive(tenfold("OFFERING")), "more than once among OFFERING"),
    ],
)
def test_other_archives_are_refused(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        form_d.parse_offerings(content)


def test_a_table_in_another_encoding_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in members().items():
            file.writestr(f"2025Q4_d/{name}.tsv", text.encode("gbk" if name == "ISSUERS" else "utf-8"))
    with pytest.raises(Refused, match=r"row 4.*not UTF-8"):
        form_d.parse_offerings(buffer.getvalue())


def test_every_quarter_that_is_out_is_fetched() -> None:
    urls = [request.url for request in form_d.quarters(lambda request: b"")]
    assert urls[0] == "https://www.sec.gov/files/structureddata/data/form-d-data-sets/2008q1_d.zip"
    assert len(urls) == len(set(urls)) and all(isinstance(request, Request) for request in form_d.quarters(lambda request: b""))


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


def test_single_notice_has_neither_accession_nor_day() -> None:
    row = conform(form_d.parse_offerings(NOTICE.encode()), form_d.Offerings).row(0, named=True)
    assert (row["accession"], row["filed_on"], row["incorporated_year"]) == (None, None, None)
    assert (row["company"], row["place"], row["region"], row["country"]) == ("Example & Sons", "Ebene", None, "MU")
    assert (row["offered_usd"], row["is_indefinite"], row["sold_usd"], row["is_yet_to_occur"]) == (None, True, 10.0, True)
    assert "Doe" not in str(row)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<city>Ebene</city>", "", "issuerAddress/city.*occurs 0 times"),
        ("<cik>0000000001</cik>", "<cik>1</cik><cik>2</cik>", "primaryIssuer/cik.*occurs 2 times"),
        ("X0603", "X0900", "schema"),
        ("edgarSubmission", "otherSubmission", "no Form D notice|not readable as XML"),
        ("LIVE", "TEST", "test filing"),
        ("O4", "QX", "'QX' is no location code"),
        ("Indefinite", "plenty", "'plenty' is no amount"),
        ("<yetToOccur>true", "<yetToOccur>soon", "'soon' is not true or false"),
    ],
)
def test_other_notices_are_refused(old: str, new: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        form_d.parse_offerings(NOTICE.replace(old, new).encode())


@pytest.mark.recorded
def test_recorded_notices(recordings: Path) -> None:
    paths = sorted((recordings / "edgar_form_d").glob("*.xml"))
    frame = pl.concat([conform(form_d.parse_offerings(path.read_bytes()), form_d.Offerings) for path in paths])
    assert frame.height == 20
    assert frame["country"].value_counts().sort("country").rows() == [("MU", 1), ("US", 19)]
    assert (frame["is_indefinite"].sum(), frame["is_yet_to_occur"].sum()) == (4, 2)
    assert frame["offered_usd"].null_count() == 4 and frame["first_sale_on"].null_count() == 2
