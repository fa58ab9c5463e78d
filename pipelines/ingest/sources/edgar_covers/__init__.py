"""Who advised on an offering, and from which city: covers and prospectuses on SEC EDGAR, one whole submission per file.

What bites: two firms may stand in one table interleaved row by row, so tables and the two-column text of the 1990s are
read by column; labels vary ("Copies to", "Please send copies of all communications to"); the first block may be the
issuer's own lawyer, and the agent for service is no counsel, so a firm needs a law firm's name; names wrap across lines,
while a newline of the source is no line break; the city of an address is not the city in its street. A prospectus under
Rule 424(b) has no such block: LEGAL MATTERS and EXPERTS speak, and are first met in the table of contents. Persons are
never kept.

``page`` reads a document as columns of lines, ``cover`` and ``prose`` the two places where counsel is named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import decode
from pipelines.ingest.request import Politeness, Request
from pipelines.ingest.source import Get, Source, Table
from pipelines.ingest.sources.edgar import submissions
from pipelines.ingest.sources.edgar.identifiers import accession_number, cik_of, filing_day, location
from pipelines.ingest.sources.edgar_covers.cover import cover_counsel
from pipelines.ingest.sources.edgar_covers.firms import Firm, base
from pipelines.ingest.sources.edgar_covers.page import columns
from pipelines.ingest.sources.edgar_covers.prose import EXPERTS, LEGAL_MATTERS, auditor_of, legal_matters, section

#: Some recordings hold the header and so many bytes from <TEXT> on, enough for a cover. Any other unfinished file was cut.
RECORDED_BEGINNING = 120_000

TEXT = ("text/plain",)

_HAS_COVER = re.compile(r"(POS |DRS)?([FS]-\d+|SB-2)|DRS|POS ?AM|POSASR")
_IS_PROSPECTUS = re.compile(r"424B\d")
_OPENINGS = ("<SEC-DOCUMENT>", "<IMS-DOCUMENT>", "-----BEGIN PRIVACY-ENHANCED MESSAGE-----", "<DOCUMENT>")
_ENDINGS = ("</SEC-DOCUMENT>", "</IMS-DOCUMENT>", "-----END PRIVACY-ENHANCED MESSAGE-----")
_AGAIN = "Fetch it again; it was cut off or damaged"


class Filings(dy.Schema):
    """One row per registration statement or prospectus read."""

    accession = accession_number("Accession number; empty for a single document.", nullable=True)
    cik = dy.Int64(nullable=True, min=1, metadata=doc("Number of the issuer, the first filer named."))
    issuer = dy.String(nullable=True, metadata=doc("Its name as the SEC conforms it."))
    form = dy.String(nullable=False, metadata=doc("Form, such as F-1/A or 424B4."))
    filed_on = filing_day("Date of filing.", nullable=True)
    place = dy.String(nullable=True, metadata=doc("City of the issuer's business address, as filed."))
    location_code = dy.String(nullable=True, metadata=doc("State or country of that address, by the SEC's code."))
    country = dy.String(nullable=True, regex=r"^[A-Z]{2}$", metadata=doc("ISO country of that code.", "An ISO code"))
    n_firms = dy.Int32(nullable=False, min=0, metadata=doc("Law firms named, each counted once."))
    auditor = dy.String(nullable=True, metadata=doc("First auditor named under EXPERTS."))
    auditor_place = dy.String(nullable=True, metadata=doc("City of its office, where the text says it."))
    is_whole = dy.Bool(nullable=False, metadata=doc("Whether the file holds the whole document, so that EXPERTS was read."))


class Counsel(dy.Schema):
    """One row per law firm's office named in a filing."""

    accession = accession_number("Accession number; empty for a single document.", nullable=True)
    section = dy.Enum(["cover", "legal matters"], nullable=False, metadata=doc("Where it is named."))
    position = dy.Int32(nullable=False, min=1, metadata=doc("Order within the section."))
    firm = dy.String(nullable=False, metadata=doc("Law firm as printed."))
    place = dy.String(nullable=True, metadata=doc("City of the office, in plain English."))
    region = dy.String(nullable=True, metadata=doc("State, province and country after the city, as printed."))
    role = dy.Enum(
        ["issuer", "underwriters", "selling holders", "depositary"],
        nullable=True,
        metadata=doc("Whom it advises, where the text says so."),
    )
    law = dy.String(nullable=True, metadata=doc("Law it advises on, where the text says so, such as PRC or Cayman Islands."))


@dataclass(frozen=True)
class Submission:
    """The first document of a submission, and what the SEC's header says about it."""

    accession: str | None
    cik: int | None
    issuer: str | None
    form: str
    filed_on: str | None
    place: str | None
    location_code: str | None
    filers: tuple[str, ...]
    document: str
    is_whole: bool


def read_submission(content: bytes) -> Submission:
    """The submission's header and first document; raises Refused for anything else, for several, and for one cut short."""
    text = _text(content)
    start = re.search(r"<DOCUMENT>\s*<TYPE>([^\n<]+)", text)
    if start is None or not text.lstrip().startswith(_OPENINGS):
        raise refuse("is no EDGAR submission: it does not begin as one", "Fetch the .txt file of the accession number")
    if len(re.findall(r"^<(?:SEC|IMS)-HEADER>", text, re.M)) > 1:
        raise refuse("contains several submissions", "Keep each submission in its own file")
    header, form = text[: start.start()].strip(), start[1].strip()
    accession = _field(header, "ACCESSION NUMBER")
    if header and accession is None:
        raise refuse("the header has no ACCESSION NUMBER", _AGAIN, column="ACCESSION NUMBER")
    if not (_HAS_COVER.match(form) or _IS_PROSPECTUS.match(form)):
        raise refuse(f"form {form} names no counsel", "Fetch forms F-1, F-3, S-1, S-3 or 424B", column="TYPE")
    body, closing, _ = text[start.end() :].partition("</TEXT>")
    document = body.partition("<TEXT>")[2]
    is_unfinished = header and not text.rstrip().endswith(_ENDINGS)
    if not document or (is_unfinished and len(content) - content.find(b"<TEXT>") != RECORDED_BEGINNING):
        raise refuse("ends before the submission does", _AGAIN)
    filed, cik = _field(header, "FILED AS OF DATE"), _field(header, "CENTRAL INDEX KEY")
    address = header.partition("BUSINESS ADDRESS:")[2].partition("MAIL ADDRESS:")[0].partition("FILER:")[0]
    return Submission(
        accession=accession,
        cik=cik_of(cik) if cik else None,
        issuer=_field(header, "COMPANY CONFORMED NAME"),
        form=form,
        filed_on=f"{filed[:4]}-{filed[4:6]}-{filed[6:]}" if filed else None,
        place=_field(address, "CITY"),
        location_code=_field(address, "STATE"),
        filers=tuple(found.rstrip() for found in re.findall(r"(?:COMPANY|FORMER) CONFORMED NAME:[ \t]*(\S.*)", header)),
        document=document,
        is_whole=bool(closing),
    )


def _text(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # Submissions are ASCII by rule; the few that are not were typed on Windows, and its characters are known later.
        return decode(content, "latin-1")
    return decode(content)


def _field(header: str, name: str) -> str | None:
    found = re.search(rf"^\s*{name}:[ \t]*(\S.*)", header, re.M)
    return found[1].rstrip() if found else None


@dataclass(frozen=True)
class _Read:
    submission: Submission
    cover: list[Firm]
    legal: list[Firm]
    auditor: str | None
    auditor_place: str | None


def _read(content: bytes) -> _Read:
    submission = read_submission(content)
    page = columns(submission.document)
    has_cover = bool(_HAS_COVER.match(submission.form))
    cover, is_complete = cover_counsel(page, submission.filers) if has_cover else ([], False)
    legal = section(page, LEGAL_MATTERS, r"passed (up)?on|counsel|validity|opinion")
    experts = section(page, EXPERTS, r"audit|report|account")
    if not submission.is_whole and not (is_complete if has_cover else legal and experts):
        raise refuse("ends before what is read here", _AGAIN)
    auditor, auditor_place = auditor_of(experts) if experts else (None, None)
    return _Read(submission, cover, legal_matters(legal, submission.filers) if legal else [], auditor, auditor_place)


def parse_filings(content: bytes) -> pl.DataFrame:
    """The one filing of a submission."""
    read = _read(content)
    filing = read.submission
    row = {
        "accession": filing.accession,
        "cik": filing.cik,
        "issuer": filing.issuer,
        "form": filing.form,
        "filed_on": filing.filed_on,
        "place": filing.place,
        "location_code": filing.location_code,
        "country": location(filing.location_code).country,
        "n_firms": len({base(firm.name) for firm in [*read.cover, *read.legal]}),
        "auditor": read.auditor,
        "auditor_place": read.auditor_place,
        "is_whole": filing.is_whole,
        ROW: 1,
    }
    return pl.DataFrame([row], schema={**Filings.create_empty().schema, ROW: pl.Int32})


def parse_counsel(content: bytes) -> pl.DataFrame:
    """The law firms of a submission: those of the cover, then those of LEGAL MATTERS."""
    read = _read(content)
    rows = [
        (read.submission.accession, name, position, firm.name, firm.place, firm.region, firm.role, firm.law)
        for name, firms in (("cover", read.cover), ("legal matters", read.legal))
        for position, firm in enumerate(firms, start=1)
    ]
    schema = dict.fromkeys(Counsel.column_names(), pl.String) | {"position": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index(ROW, offset=1)


def find_documents(get: Get) -> Iterator[Request]:
    """Of every offering of the issuers followed: the registration statement first filed, and the last prospectus."""
    for cik in submissions.ISSUERS:
        filings = pl.concat([submissions.parse_filings(content) for content in submissions.submissions_of(get, cik).values()])
        for _, offering in filings.sort("filed_on").group_by("file_number", maintain_order=True):
            statements = offering.filter(pl.col("form") == "F-1")["accession"]
            prospectuses = offering.filter(pl.col("form") == "424B4")["accession"]
            for accession in [*statements[:1], *prospectuses[-1:]]:
                yield Request(submission_url(cik, accession), accepts=TEXT)


def submission_url(cik: int, accession: str) -> str:
    """Address of a whole submission."""
    return f"https://www.sec.gov/Archives/edgar/data/{cik}/{accession.replace('-', '')}/{accession}.txt"


# Both tables are read from the same files: the archive keeps them once, and a submission never changes.
SOURCE = Source(
    name="edgar_covers",
    title="Law firms and auditors of offerings, from covers and prospectuses on SEC EDGAR",
    publisher="U.S. Securities and Exchange Commission",
    landing_page="https://www.sec.gov/search-filings",
    licence="Public domain as filed with the United States government",
    licence_class="open",
    citation="U.S. Securities and Exchange Commission, EDGAR, registration statements and prospectuses",
    cadence="quarterly",
    tables=(
        Table("filings", Filings, (8, 1_000), parse_filings, find_documents, accepts=TEXT, is_final=True),
        Table("counsel", Counsel, (16, 10_000), parse_counsel, find_documents, accepts=TEXT, is_final=True),
    ),
    politeness=Politeness(seconds_between=0.15, needs_contact=True),
)
