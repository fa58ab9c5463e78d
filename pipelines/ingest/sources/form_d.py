"""Read private offerings in the United States from Form D notices, as quarterly tables or as single XML files.

A notice may name several issuers, of which one is primary. Amounts may be "Indefinite" and the first sale "yet to occur".
Dates are 31-DEC-2025, 2014-03-31 17:30:58 or 2025-12-31, by year and table. Quotes in the tables are ordinary characters.
Schema X0603 lacks the state's name. A single XML has neither its accession number nor its date of filing. Related persons,
signatures and recipients of commissions are never read.

The archives are linked from one page, under changing folders and names: 22 of the older ones end in ``_d_0.zip``. The XML is
read as recorded. Public projects that read the quarterly tables in 2026 describe their names and forms; this parser has not
read a live one yet.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import dataframely as dy
import polars as pl
from bs4 import BeautifulSoup
from lxml import etree  # type: ignore[import-untyped]

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.archives import zip_rows
from pipelines.ingest.readers.text import CHANGED, CUT, decode
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get, Parts, Source, Table
from pipelines.ingest.sources import reference
from pipelines.ingest.sources.edgar.identifiers import POLITENESS, accession_number, filing_day, locations

PAGE = "https://www.sec.gov/data-research/sec-markets-data/form-d-data-sets"
_ARCHIVE = re.compile(r"/(20[0-9]{2}q[1-4])_d(_[0-9]+)?\.zip$", re.I)

KEY = "ACCESSIONNUMBER"
#: Columns read of each quarterly table; what others there are has changed over the years.
SUBMISSION = [KEY, "FILING_DATE", "SUBMISSIONTYPE", "TESTORLIVE"]
ISSUERS = [
    KEY, "IS_PRIMARYISSUER_FLAG", "CIK", "ENTITYNAME", "CITY", "STATEORCOUNTRY", "JURISDICTIONOFINC", "ENTITYTYPE",
    "YEAROFINC_VALUE_ENTERED",
]  # fmt: skip
OFFERING = [
    KEY, "INDUSTRYGROUPTYPE", "SALE_DATE", "YETTOOCCUR", "TOTALOFFERINGAMOUNT", "TOTALAMOUNTSOLD",
    "TOTALNUMBERALREADYINVESTED",
]  # fmt: skip
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
_PRINTED = ["accession", "filed_on", *FIELDS]
_FLAGS = {"false": False, "true": True}

#: Amounts and dates that are printed, but stand for none.
INDEFINITE = "Indefinite"
#: Share of notices that may be odd: filers type what they like, and one quarter has 15,000 of them.
TOLERATED = 0.01


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
    incorporated_year = columns.year("Year of incorporation; given only within the last five years.", 2000, nullable=True)
    entity_type = columns.text("Legal form, as filed.", nullable=True)
    industry_group = columns.text("Industry, in the form's vocabulary; funds are Pooled Investment Fund.", nullable=True)
    offered_usd = columns.usd("Amount offered, US dollars; empty if indefinite.")
    is_indefinite = columns.flag("Whether the amount offered is indefinite.")
    sold_usd = columns.usd("Amount sold by the date of filing, US dollars.")
    first_sale_on = filing_day("Date of the first sale; empty if yet to occur.", nullable=True)
    is_yet_to_occur = columns.flag("Whether the first sale was yet to occur.")
    n_investors = columns.integer("Investors by the date of filing.", 0, 1_000_000, nullable=True)

    @dy.rule()
    def location_code_is_in_the_table_of_the_sec(cls) -> pl.Expr:
        return pl.col("location_code").is_in([*locations()])


def parse_offerings(content: bytes) -> pl.DataFrame:
    """Return the notices of a quarter (ZIP), or a single notice (XML)."""
    return _quarter(content) if content.startswith(b"PK") else _notice(content)


def _quarter(content: bytes) -> pl.DataFrame:
    """Return the live notices; one without its issuer or offering keeps its row, which its contract then rejects."""
    submissions = _table(content, "FORMDSUBMISSION", SUBMISSION)
    issuers = _table(content, "ISSUERS", ISSUERS).filter(pl.col("IS_PRIMARYISSUER_FLAG") == "YES")
    offerings = _table(content, "OFFERING", OFFERING)
    for name, frame in (("FORMDSUBMISSION", submissions), ("the primary issuers", issuers), ("OFFERING", offerings)):
        for accession, row in frame.filter(pl.col(KEY).is_duplicated()).select(KEY, ROW).head(1).iter_rows():
            remedy = "Fetch the archive again; it repeats rows"
            raise refuse(f"{accession} occurs more than once among {name}", remedy, row=row, column=KEY)
    notices = submissions.join(issuers.drop(ROW), on=KEY, how="left").join(offerings.drop(ROW), on=KEY, how="left")
    fields = {name: printed for name, (printed, _) in FIELDS.items()}
    live = notices.filter(pl.col("TESTORLIVE") == "LIVE").sort(ROW)
    return _offerings(live.select(ROW, accession=KEY, filed_on="FILING_DATE", **fields))


def _table(content: bytes, name: str, header: list[str]) -> pl.DataFrame:
    return zip_rows(content, f"{name}.tsv", header, delimiter="\t")


def _notice(content: bytes) -> pl.DataFrame:
    text = decode(content)
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise refuse(f"invalid XML: {error.msg}", CUT, row=error.lineno) from error
    if root.tag != "edgarSubmission" or not re.fullmatch(r"X0[67][0-9][0-9]", _text(root, "schemaVersion")):
        raise refuse("is not a Form D notice of schema X0603 to X0799", CHANGED, column="schemaVersion")
    if _text(root, "testOrLive") != "LIVE":
        raise refuse("is a test filing", "Leave it out", column="testOrLive")
    record = {
        name: None if name in OPTIONAL and not root.findall(path) else _text(root, path) for name, (_, path) in FIELDS.items()
    }
    notice = pl.DataFrame([record | {"accession": None, "filed_on": None}], schema=dict.fromkeys(_PRINTED, pl.String))
    return _offerings(notice.with_row_index(ROW, 1))


def _text(root: Any, path: str) -> str:
    elements = root.findall(path)
    if len(elements) != 1 or not (elements[0].text or "").strip():
        raise refuse(f"occurs {len(elements)} times, expected once with a value", CHANGED, column=path)
    return str(elements[0].text).strip()


def _offerings(notices: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of the contract, from cells as filed."""
    places = reference.FILES.read("edgar_locations").select("country", "region", location_code="code")
    is_indefinite = pl.col("offered_usd").eq_missing(INDEFINITE)
    return notices.join(places, on="location_code", how="left", maintain_order="left").with_columns(
        _day("filed_on"),
        _day("first_sale_on"),
        offered_usd=pl.when(~is_indefinite).then("offered_usd"),
        is_indefinite=is_indefinite,
        is_yet_to_occur=pl.col("is_yet_to_occur").fill_null("false").replace_strict(_FLAGS, default=None),
    )


def _day(column: str) -> pl.Expr:
    """Return an ISO date; any other text stays, so that the contract rejects it."""
    text = pl.col(column)
    return pl.coalesce(
        text.str.to_date("%d-%b-%Y", strict=False).cast(pl.String),
        text.str.extract(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) [0-9]{2}:[0-9]{2}:[0-9]{2}$"),
        text,
    )


def find_quarters(get: Get) -> Iterator[Request]:
    """Yield every archive that the page links; raise Refused if it links none."""
    links = BeautifulSoup(get(Request(PAGE, accepts=("text/html",))), "lxml").select("a[href]")
    urls = dict.fromkeys(urljoin(PAGE, str(link["href"])) for link in links if _ARCHIVE.search(str(link["href"])))
    if not urls:
        raise refuse("links no archive such as 2025q4_d.zip", "Open the page and check where the archives are linked now")
    yield from map(Request, urls)


def _quarter_of(url: str) -> str | None:
    name = _ARCHIVE.search(url)
    return name[1].lower() if name else None


SOURCE = Source(
    name="form_d",
    title="Notices of private offerings in the United States (Form D)",
    publisher="U.S. Securities and Exchange Commission",
    landing_page=PAGE,
    licence="Public domain (work of the United States government)",
    licence_class="open",
    citation="U.S. Securities and Exchange Commission, Form D Data Sets",
    cadence="quarterly",
    subjects=("deals", "companies"),
    priority=6,
    tables=(
        Table(
            "offerings",
            Offerings,
            (20, 2_000_000),
            parse_offerings,
            find_quarters,
            is_final=True,
            tolerates=TOLERATED,
            subject=("cik", r"/data/([0-9]+)/"),
            parts=Parts("quarter", _quarter_of),
        ),
    ),
    politeness=POLITENESS,
)
