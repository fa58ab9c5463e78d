"""Private offerings in the United States: Form D notices, by the quarter as tables or singly as XML.

What bites: a notice may name several issuers, of which one is primary; amounts may be "Indefinite" and the first sale "yet
to occur"; days are written 31-DEC-2025 in one table and 2025-12-31 in another; quotes in the tables are ordinary
characters; schema X0603 lacks the state's name; a single XML knows neither its accession number nor its day of filing.
Related persons, signatures and recipients of commissions are never read.

Evidence: the XML as recorded; names of files, columns and forms of values of the quarterly tables as three public projects
read them. Quarterly tables not yet seen live.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import dataframely as dy
import polars as pl
from lxml import etree  # type: ignore[import-untyped]

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.text import csv_rows, decode
from pipelines.ingest.request import Politeness, Request
from pipelines.ingest.source import Get, Source, Table
from pipelines.ingest.sources.edgar import ACCESSION, DAY, location

FIRST_QUARTER = (2008, 1)
#: A quarter's tables come out some weeks after its end.
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

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_FLAGS = {None: False, "false": False, "true": True}
_CHANGED = "Compare the file with the fields expected; if the source changed for good, change its parser"


class Offerings(dy.Schema):
    """One row per notice of a private offering, with its primary issuer."""

    accession = dy.String(nullable=True, regex=ACCESSION, metadata=doc("Accession number; empty for a notice taken singly."))
    form = dy.Enum(["D", "D/A"], nullable=False, metadata=doc("D, or D/A for an amendment."))
    filed_on = dy.String(nullable=True, regex=DAY, metadata=doc("Day of filing; empty for a notice taken singly.", "YYYY-MM-DD"))
    cik = dy.Int64(nullable=False, min=1, metadata=doc("Number of the issuer at the SEC."))
    company = dy.String(nullable=False, metadata=doc("Name of the issuer."))
    place = dy.String(nullable=False, metadata=doc("City of the issuer, as filed."))
    region = dy.String(nullable=True, metadata=doc("State or province of the issuer."))
    location_code = dy.String(nullable=False, metadata=doc("State or country of the issuer, by the SEC's code."))
    country = dy.String(nullable=True, regex=r"^[A-Z]{2}$", metadata=doc("ISO country of that code.", "An ISO code"))
    incorporated_in = dy.String(nullable=True, metadata=doc("Jurisdiction of incorporation, as filed."))
    incorporated_year = dy.Int32(nullable=True, metadata=doc("Year of incorporation; given only within the last five years."))
    entity_type = dy.String(nullable=True, metadata=doc("Legal form, as filed."))
    industry_group = dy.String(
        nullable=True, metadata=doc("Industry, in the form's vocabulary; funds are Pooled Investment Fund.")
    )
    offered_usd = dy.Float64(nullable=True, min=0, metadata=doc("Amount offered, US dollars; empty if indefinite."))
    is_indefinite = dy.Bool(nullable=False, metadata=doc("Whether the amount offered is indefinite."))
    sold_usd = dy.Float64(nullable=True, min=0, metadata=doc("Amount sold by then, US dollars."))
    first_sale_on = dy.String(
        nullable=True, regex=DAY, metadata=doc("Day of the first sale; empty if yet to occur.", "YYYY-MM-DD")
    )
    is_yet_to_occur = dy.Bool(nullable=False, metadata=doc("Whether the first sale was yet to occur."))
    n_investors = dy.Int32(nullable=True, min=0, metadata=doc("Investors by then."))


def parse_offerings(content: bytes) -> pl.DataFrame:
    """The notices of a quarter (ZIP), or one notice (XML)."""
    return _quarter(content) if content.startswith(b"PK") else _notice(content)


def _quarter(content: bytes) -> pl.DataFrame:
    submissions = _table(content, "FORMDSUBMISSION", SUBMISSION)
    issuers = _table(content, "ISSUERS", ISSUERS).filter(pl.col("IS_PRIMARYISSUER_FLAG") == "YES")
    offerings = _table(content, "OFFERING", OFFERING)
    notices = submissions
    for name, frame in (("FORMDSUBMISSION", submissions), ("the primary issuers", issuers), ("OFFERING", offerings)):
        counts = submissions.join(frame.select(KEY, pl.lit(1).alias("found")), on=KEY, how="left")
        odd = counts.filter(pl.col("found").is_null() | pl.col(KEY).is_duplicated())
        if odd.height:
            first = odd.row(0, named=True)
            problem = f"{first[KEY]} occurs {'more than once' if first['found'] else 'nowhere'} among {name}"
            raise refuse(problem, "Fetch the archive again; it was cut, or holds rows twice", row=first[ROW], column=KEY)
        if frame is not submissions:
            notices = notices.join(frame.drop(ROW), on=KEY)
    live = notices.filter(pl.col("TESTORLIVE") == "LIVE").sort(ROW)
    return _frame([_from_table(record) for record in live.iter_rows(named=True)])


def _table(content: bytes, name: str, columns: list[str]) -> pl.DataFrame:
    return csv_rows(zip_member(content, f"{name}.tsv"), columns, delimiter="\t")


def _from_table(record: dict[str, Any]) -> dict[str, Any]:
    row = record[ROW]
    return {
        "accession": record[KEY],
        "form": record["SUBMISSIONTYPE"],
        "filed_on": _day(record["FILING_DATE"], row),
        "cik": _number(record["CIK"], "CIK", row),
        "company": record["ENTITYNAME"],
        "place": record["CITY"],
        "location_code": record["STATEORCOUNTRY"],
        "incorporated_in": record["JURISDICTIONOFINC"],
        "incorporated_year": _number(record["YEAROFINC_VALUE_ENTERED"], "YEAROFINC_VALUE_ENTERED", row),
        "entity_type": record["ENTITYTYPE"],
        "industry_group": record["INDUSTRYGROUPTYPE"],
        "offered": record["TOTALOFFERINGAMOUNT"],
        "sold": record["TOTALAMOUNTSOLD"],
        "first_sale_on": record["SALE_DATE"],
        "is_yet_to_occur": _flag(record["YETTOOCCUR"], "YETTOOCCUR", row),
        "n_investors": _number(record["TOTALNUMBERALREADYINVESTED"], "TOTALNUMBERALREADYINVESTED", row),
        ROW: row,
    }


def _flag(text: str | None, column: str, row: int | None = None) -> bool:
    if text not in _FLAGS:
        raise refuse(f"{text!r} is not true or false", _CHANGED, row=row, column=column)
    return _FLAGS[text]


def _day(text: str | None, row: int) -> str:
    found = re.fullmatch(r"([0-9]{1,2})-([A-Z]{3})-([0-9]{4})", text or "")
    if found is None or found[2] not in _MONTHS:
        raise refuse(f"{text!r} is no day such as 31-DEC-2025", _CHANGED, row=row, column="FILING_DATE")
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02}-{int(found[1]):02}"


def _notice(content: bytes) -> pl.DataFrame:
    text = decode(content)
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise refuse(
            f"not readable as XML ({error.msg})", "Fetch it again; it was cut off or damaged", row=error.lineno
        ) from error
    if root.tag != "edgarSubmission" or not re.fullmatch(r"X0[67][0-9][0-9]", _text(root, "schemaVersion")):
        raise refuse("is no Form D notice of a schema known, X0603 to X0799", _CHANGED, column="schemaVersion")
    if _text(root, "testOrLive") != "LIVE":
        raise refuse("is a test filing", "Leave it out", column="testOrLive")
    first_sale = "offeringData/typeOfFiling/dateOfFirstSale"
    return _frame(
        [
            {
                "accession": None,
                "form": _text(root, "submissionType"),
                "filed_on": None,
                "cik": _number(_text(root, "primaryIssuer/cik"), "cik"),
                "company": _text(root, "primaryIssuer/entityName"),
                "place": _text(root, "primaryIssuer/issuerAddress/city"),
                "location_code": _text(root, "primaryIssuer/issuerAddress/stateOrCountry"),
                "incorporated_in": _text(root, "primaryIssuer/jurisdictionOfInc"),
                "incorporated_year": _number(_maybe(root, "primaryIssuer/yearOfInc/value"), "yearOfInc"),
                "entity_type": _text(root, "primaryIssuer/entityType"),
                "industry_group": _text(root, "offeringData/industryGroup/industryGroupType"),
                "offered": _text(root, "offeringData/offeringSalesAmounts/totalOfferingAmount"),
                "sold": _text(root, "offeringData/offeringSalesAmounts/totalAmountSold"),
                "first_sale_on": _maybe(root, f"{first_sale}/value"),
                "is_yet_to_occur": _flag(_maybe(root, f"{first_sale}/yetToOccur"), "yetToOccur"),
                "n_investors": _number(_text(root, "offeringData/investors/totalNumberAlreadyInvested"), "investors"),
                ROW: 1,
            }
        ]
    )


def _text(root: Any, path: str) -> str:
    found = root.findall(path)
    if len(found) != 1 or not (found[0].text or "").strip():
        raise refuse(f"occurs {len(found)} times with a value where one was expected", _CHANGED, column=path)
    return found[0].text.strip()


def _maybe(root: Any, path: str) -> str | None:
    return _text(root, path) if root.findall(path) else None


def _number(text: str | None, column: str, row: int | None = None) -> int | None:
    if text is not None and not re.fullmatch(r"[0-9]{1,18}", text):
        raise refuse(f"{text!r} is not a whole number", _CHANGED, row=row, column=column)
    return int(text) if text else None


def _frame(records: list[dict[str, Any]]) -> pl.DataFrame:
    """The rows of the contract, from records whose amounts and places are as filed."""
    rows = []
    for record in records:
        where = location(record["location_code"], record[ROW])
        is_indefinite = record["offered"] == "Indefinite"
        amounts = {
            "offered_usd": None if is_indefinite else _amount(record["offered"], "totalOfferingAmount", record[ROW]),
            "is_indefinite": is_indefinite,
            "sold_usd": _amount(record["sold"], "totalAmountSold", record[ROW]),
        }
        rows.append(record | amounts | {"country": where.country, "region": where.region})
    columns = [*Offerings.column_names(), ROW]
    types: dict[str, Any] = {**Offerings.create_empty().schema, "form": pl.String, ROW: pl.Int32}
    return pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=types)


def _amount(text: str | None, column: str, row: int) -> float | None:
    if text is not None and not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        raise refuse(f"{text!r} is no amount", _CHANGED, row=row, column=column)
    return float(text) if text else None


def quarters(_: Get) -> Iterator[Request]:
    """The archive of every quarter that should be out."""
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
    tables=(Table("offerings", Offerings, (20, 2_000_000), parse_offerings, quarters),),
    politeness=Politeness(seconds_between=0.15, needs_contact=True),
)
