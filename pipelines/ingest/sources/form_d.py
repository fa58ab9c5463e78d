"""Read private offerings in the United States from Form D notices, as quarterly tables or as single XML files.

A notice may name several issuers, of which one is primary. Amounts may be "Indefinite" and the first sale "yet to occur".
Dates are 31-DEC-2025 in one table and 2025-12-31 in another. Quotes in the tables are ordinary characters. Schema X0603
lacks the state's name. A single XML has neither its accession number nor its date of filing. Related persons, signatures
and recipients of commissions are never read.

The XML is read as recorded. Three public projects read the quarterly tables, and their names of files and columns and
forms of values are used here; this parser has not read a live quarterly table yet.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import dataframely as dy
import polars as pl
from lxml import etree  # type: ignore[import-untyped]

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.text import CHANGED, csv_rows, decode
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get, Source, Table
from pipelines.ingest.sources.edgar.identifiers import POLITENESS, accession_number, filing_day, location

FIRST_QUARTER = (2008, 1)
#: The tables of a quarter are published some weeks after its end.
DELAY = timedelta(days=60)

SUBMISSION = [
    "ACCESSIONNUMBER", "FILE_NUM", "FILING_DATE", "SIC_CODE", "SCHEMAVERSION", "SUBMISSIONTYPE", "TESTORLIVE",
    "OVER100PERSONSFLAG", "OVER100ISSUERFLAG",
]  # fmt: skip
ISSUERS = [
    "ACCESSIONNUMBER", "IS_PRIMARYISSUER_FLAG", "ISSUER_SEQ_KEY", "CIK", "ENTITYNAME", "STREET1", "STREET2", "CITY",
    "STATEORCOUNTRY", "STATEORCOUNTRYDESCRIPTION", "ZIPCODE", "ISSUERPHONENUMBER", "JURISDICTIONOFINC",
    "ISSUER_PREVIOUSNAME_1", "ISSUER_PREVIOUSNAME_2", "ISSUER_PREVIOUSNAME_3", "EDGAR_PREVIOUSNAME_1", "EDGAR_PREVIOUSNAME_2",
    "EDGAR_PREVIOUSNAME_3", "ENTITYTYPE", "ENTITYTYPEOTHERDESC", "YEAROFINC_TIMESPAN_CHOICE", "YEAROFINC_VALUE_ENTERED",
]  # fmt: skip
OFFERING = [
    "ACCESSIONNUMBER", "INDUSTRYGROUPTYPE", "INVESTMENTFUNDTYPE", "IS40ACT", "REVENUERANGE", "AGGREGATENETASSETVALUERANGE",
    "FEDERALEXEMPTIONS_ITEMS_LIST", "ISAMENDMENT", "PREVIOUSACCESSIONNUMBER", "SALE_DATE", "YETTOOCCUR", "MORETHANONEYEAR",
    "ISEQUITYTYPE", "ISDEBTTYPE", "ISOPTIONTOACQUIRETYPE", "ISSECURITYTOBEACQUIREDTYPE", "ISPOOLEDINVESTMENTFUNDTYPE",
    "ISTENANTINCOMMONTYPE", "ISMINERALPROPERTYTYPE", "ISOTHERTYPE", "DESCRIPTIONOFOTHERTYPE", "ISBUSINESSCOMBINATIONTRANS",
    "BUSCOMBCLARIFICATIONOFRESP", "MINIMUMINVESTMENTACCEPTED", "OVER100RECIPIENTFLAG", "TOTALOFFERINGAMOUNT",
    "TOTALAMOUNTSOLD", "TOTALREMAINING", "SALESAMTCLARIFICATIONOFRESP", "HASNONACCREDITEDINVESTORS",
    "NUMBERNONACCREDITEDINVESTORS", "TOTALNUMBERALREADYINVESTED", "SALESCOMM_DOLLARAMOUNT", "SALESCOMM_ISESTIMATE",
    "FINDERSFEE_DOLLARAMOUNT", "FINDERSFEE_ISESTIMATE", "FINDERFEECLARIFICATIONOFRESP", "GROSSPROCEEDSUSED_DOLLARAMOUNT",
    "GROSSPROCEEDSUSED_ISESTIMATE", "GROSSPROCEEDSUSED_CLAROFRESP",
]  # fmt: skip
KEY = "ACCESSIONNUMBER"
_ISSUER, _SALES, _FIRST_SALE = "primaryIssuer", "offeringData/offeringSalesAmounts", "offeringData/typeOfFiling/dateOfFirstSale"
#: Column → column of the quarterly tables, and path in a single notice.
FIELDS = {
    "form": ("SUBMISSIONTYPE", "submissionType"),
    "cik": ("CIK", f"{_ISSUER}/cik"),
    "company": ("ENTITYNAME", f"{_ISSUER}/entityName"),
    "place": ("CITY", f"{_ISSUER}/issuerAddress/city"),
    "location_code": ("STATEORCOUNTRY", f"{_ISSUER}/issuerAddress/stateOrCountry"),
    "incorporated_in": ("JURISDICTIONOFINC", f"{_ISSUER}/jurisdictionOfInc"),
    "incorporated_year": ("YEAROFINC_VALUE_ENTERED", f"{_ISSUER}/yearOfInc/value"),
    "entity_type": ("ENTITYTYPE", f"{_ISSUER}/entityType"),
    "industry_group": ("INDUSTRYGROUPTYPE", "offeringData/industryGroup/industryGroupType"),
    "offered_usd": ("TOTALOFFERINGAMOUNT", f"{_SALES}/totalOfferingAmount"),
    "sold_usd": ("TOTALAMOUNTSOLD", f"{_SALES}/totalAmountSold"),
    "first_sale_on": ("SALE_DATE", f"{_FIRST_SALE}/value"),
    "is_yet_to_occur": ("YETTOOCCUR", f"{_FIRST_SALE}/yetToOccur"),
    "n_investors": ("TOTALNUMBERALREADYINVESTED", "offeringData/investors/totalNumberAlreadyInvested"),
}
#: Columns whose path a single notice may lack.
OPTIONAL = {"incorporated_year", "first_sale_on", "is_yet_to_occur"}

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_FLAGS = {None: False, "false": False, "true": True}


class Offerings(dy.Schema):
    """One row per notice of a private offering, with its primary issuer."""

    accession = accession_number("Accession number; empty for a single notice.", nullable=True)
    form = columns.category("D, or D/A for an amendment.", ["D", "D/A"])
    filed_on = filing_day("Date of filing; empty for a single notice.", nullable=True)
    cik = columns.long_integer("SEC's number of the issuer.", 1)
    company = columns.text("Name of the issuer.")
    place = columns.text("City of the issuer, as filed.")
    region = columns.text("State or province of the issuer.", nullable=True)
    location_code = columns.text("SEC's code of the issuer's state or country.")
    country = columns.country("Country of that code.", nullable=True)
    incorporated_in = columns.text("Jurisdiction of incorporation, as filed.", nullable=True)
    incorporated_year = columns.integer("Year of incorporation; given only within the last five years.", nullable=True)
    entity_type = columns.text("Legal form, as filed.", nullable=True)
    industry_group = columns.text("Industry, in the form's vocabulary; funds are Pooled Investment Fund.", nullable=True)
    offered_usd = columns.number("Amount offered, US dollars; empty if indefinite.", 0, nullable=True)
    is_indefinite = columns.flag("Whether the amount offered is indefinite.")
    sold_usd = columns.number("Amount sold by the date of filing, US dollars.", 0, nullable=True)
    first_sale_on = filing_day("Date of the first sale; empty if yet to occur.", nullable=True)
    is_yet_to_occur = columns.flag("Whether the first sale was yet to occur.")
    n_investors = columns.integer("Investors by the date of filing.", 0, nullable=True)


def parse_offerings(content: bytes) -> pl.DataFrame:
    """Return the notices of a quarter (ZIP), or a single notice (XML)."""
    return _quarter(content) if content.startswith(b"PK") else _notice(content)


def _quarter(content: bytes) -> pl.DataFrame:
    submissions = _table(content, "FORMDSUBMISSION", SUBMISSION)
    issuers = _table(content, "ISSUERS", ISSUERS).filter(pl.col("IS_PRIMARYISSUER_FLAG") == "YES")
    offerings = _table(content, "OFFERING", OFFERING)
    for name, frame in (("FORMDSUBMISSION", submissions), ("the primary issuers", issuers), ("OFFERING", offerings)):
        matched = submissions.join(frame.select(KEY, is_there=True), on=KEY, how="left")
        unmatched = matched.filter(pl.col("is_there").is_null() | pl.col(KEY).is_duplicated())
        for row in unmatched.head(1).iter_rows(named=True):
            problem = f"{row[KEY]} occurs {'more than once' if row['is_there'] else 'nowhere'} among {name}"
            raise refuse(problem, "Fetch the archive again; it was cut off, or repeats rows", row=row[ROW], column=KEY)
    notices = submissions.join(issuers.drop(ROW), on=KEY).join(offerings.drop(ROW), on=KEY)
    live = notices.filter(pl.col("TESTORLIVE") == "LIVE").sort(ROW)
    return _offerings(
        {name: record[printed] for name, (printed, _) in FIELDS.items()}
        | {"accession": record[KEY], "filed_on": _day(record["FILING_DATE"], record[ROW]), ROW: record[ROW]}
        for record in live.iter_rows(named=True)
    )


def _table(content: bytes, name: str, header: list[str]) -> pl.DataFrame:
    return csv_rows(zip_member(content, f"{name}.tsv"), header, delimiter="\t")


def _day(text: str | None, row: int) -> str:
    parts = re.fullmatch(r"([0-9]{1,2})-([A-Z]{3})-([0-9]{4})", text or "")
    if parts is None or parts[2] not in _MONTHS:
        raise refuse(f"{text!r} is not a date such as 31-DEC-2025", CHANGED, row=row, column="FILING_DATE")
    return f"{parts[3]}-{_MONTHS.index(parts[2]) + 1:02}-{int(parts[1]):02}"


def _notice(content: bytes) -> pl.DataFrame:
    text = decode(content)
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise refuse(f"invalid XML: {error.msg}", "Fetch it again; it was cut off or damaged", row=error.lineno) from error
    if root.tag != "edgarSubmission" or not re.fullmatch(r"X0[67][0-9][0-9]", _text(root, "schemaVersion")):
        raise refuse("is not a Form D notice of schema X0603 to X0799", CHANGED, column="schemaVersion")
    if _text(root, "testOrLive") != "LIVE":
        raise refuse("is a test filing", "Leave it out", column="testOrLive")
    record = {
        name: None if name in OPTIONAL and not root.findall(path) else _text(root, path) for name, (_, path) in FIELDS.items()
    }
    return _offerings([{**record, "accession": None, "filed_on": None, ROW: 1}])


def _text(root: Any, path: str) -> str:
    elements = root.findall(path)
    if len(elements) != 1 or not (elements[0].text or "").strip():
        raise refuse(f"occurs {len(elements)} times, expected once with a value", CHANGED, column=path)
    return str(elements[0].text).strip()


def _offerings(records: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Return the rows of the contract, from records whose cells are as filed."""
    rows = []
    for record in records:
        place = location(record["location_code"], record[ROW])
        is_indefinite = record["offered_usd"] == "Indefinite"
        rows.append(
            record
            | {name: _number(record, name, r"[0-9]{1,18}") for name in ("cik", "incorporated_year", "n_investors")}
            | {
                "offered_usd": None if is_indefinite else _number(record, "offered_usd"),
                "is_indefinite": is_indefinite,
                "sold_usd": _number(record, "sold_usd"),
                "is_yet_to_occur": _flag(record, "is_yet_to_occur"),
                "country": place.country,
                "region": place.region,
            }
        )
    header = [*Offerings.column_names(), ROW]
    flags = {"is_indefinite": pl.Boolean, "is_yet_to_occur": pl.Boolean, ROW: pl.Int32}
    schema = dict.fromkeys(header, pl.String) | flags
    return pl.DataFrame([[row[name] for name in header] for row in rows], schema=schema, orient="row")


def _number(record: dict[str, Any], name: str, pattern: str = r"[0-9]+(\.[0-9]+)?") -> str | None:
    """Return the text of a number, which its column converts."""
    text: str | None = record[name]
    if text is not None and not re.fullmatch(pattern, text):
        raise refuse(f"{text!r} is not a number", CHANGED, row=record[ROW], column=name)
    return text


def _flag(record: dict[str, Any], name: str) -> bool:
    if record[name] not in _FLAGS:
        raise refuse(f"{record[name]!r} is not true or false", CHANGED, row=record[ROW], column=name)
    return _FLAGS[record[name]]


def find_quarters(_: Get) -> Iterator[Request]:
    """Yield the archive of every quarter that should be published by now."""
    last = date.today() - DELAY
    for year in range(FIRST_QUARTER[0], last.year + 1):
        for quarter in range(1, 5):
            if (year, quarter) < (last.year, (last.month + 2) // 3):
                yield Request(f"https://www.sec.gov/files/structureddata/data/form-d-data-sets/{year}q{quarter}_d.zip")


SOURCE = Source(
    name="form_d",
    title="Notices of private offerings in the United States (Form D)",
    publisher="U.S. Securities and Exchange Commission",
    landing_page="https://www.sec.gov/data-research/sec-markets-data/form-d-data-sets",
    licence="Public domain (work of the United States government)",
    licence_class="open",
    citation="U.S. Securities and Exchange Commission, Form D Data Sets",
    cadence="quarterly",
    subjects=("deals", "companies"),
    priority=6,
    tables=(Table("offerings", Offerings, (20, 2_000_000), parse_offerings, find_quarters),),
    politeness=POLITENESS,
)
