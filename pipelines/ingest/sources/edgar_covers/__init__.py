"""Read who advised on an offering, and from which city, from covers and prospectuses on SEC EDGAR.

A file is the header of a submission with its main document; the exhibits of the whole submission are ten times as large.
Before 2001 documents had no files of their own, so the whole submission is read. ``submission`` reads header and document,
``page`` and ``plain_text`` the document as columns of lines, ``cover`` and ``prose`` the two places where counsel is named,
``firms`` the names of law firms and ``address`` their cities.

Two firms may stand in one table, interleaved row by row, so tables and the two-column text of the 1990s are read by column.
Labels vary ("Copies to", "Please send copies of all communications to"). The first block may be the issuer's own lawyer,
and the agent for service is not counsel, so a firm must have a law firm's name. Names wrap across lines, while a newline of
the source is not a line break. The city of an address is not the city in its street. A prospectus under Rule 424(b) has no
such block: LEGAL MATTERS and EXPERTS name the advisers, after an entry in the table of contents. Persons are never kept.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.text import CUT
from pipelines.ingest.request import Request
from pipelines.ingest.source import Get, Source, Table
from pipelines.ingest.sources.edgar import submissions
from pipelines.ingest.sources.edgar.identifiers import POLITENESS, accession_number, filing_day, fits_day, location
from pipelines.ingest.sources.edgar_covers.cover import cover_counsel
from pipelines.ingest.sources.edgar_covers.firms import Firm, base
from pipelines.ingest.sources.edgar_covers.page import read_page
from pipelines.ingest.sources.edgar_covers.prose import EXPERTS, LEGAL_MATTERS, auditor_of, legal_matters, section
from pipelines.ingest.sources.edgar_covers.submission import Submission, read_submission

TEXT = ("text/plain",)
#: Each file is the filing whose number its address names.
SUBJECT = ("accession", r"/([0-9]{18})/")
DOCUMENT = ("text/html", "text/plain")
CLIENTS = ["issuer", "underwriters", "selling holders", "depositary"]


class Filings(dy.Schema):
    """One row per registration statement or prospectus read."""

    accession = accession_number("Accession number; empty for a single document.", nullable=True)
    cik = columns.long_integer("SEC's number of the issuer, the first filer named.", 1, nullable=True)
    issuer = columns.text("Name of the issuer, in the form that the SEC conforms it to.", nullable=True)
    form = columns.text("Form, such as F-1/A or 424B4.")
    filed_on = filing_day("Date of filing.", nullable=True)
    place = columns.text("City of the issuer's business address, as filed.", nullable=True)
    location_code = columns.text("SEC's code of the state or country of that address.", nullable=True)
    country = columns.country("Country of that code.", nullable=True)
    n_firms = columns.integer("Number of distinct law firms named.", 0, 50)
    auditor = columns.text("First auditor named under EXPERTS.", nullable=True)
    auditor_place = columns.text("City of the auditor's office, if the text names it.", nullable=True)
    is_whole = columns.flag("Whether the file has the whole document, so that EXPERTS was read.")

    accession_has_the_year_of_filed_on = columns.rule(fits_day())


class Counsel(dy.Schema):
    """One row per law firm's office named in a filing."""

    accession = accession_number("Accession number; empty for a single document.", nullable=True)
    section = columns.category("Section that names the firm.", ["cover", "legal matters"])
    position = columns.integer("Order within the section.", 1)
    firm = columns.text("Law firm, as printed.")
    place = columns.text("City of the office, in plain English.", nullable=True)
    region = columns.text("State, province and country after the city, as printed.", nullable=True)
    role = columns.category("Client of the firm, if the text names it.", CLIENTS, nullable=True)
    law = columns.text("Law on which it advises, if the text names it, such as PRC or Cayman Islands.", nullable=True)


@dataclass(frozen=True)
class _Advisers:
    submission: Submission
    cover: list[Firm]
    legal: list[Firm]
    auditor: str | None
    auditor_place: str | None


def _advisers(content: bytes) -> _Advisers:
    submission = read_submission(content)
    page = read_page(submission.document)
    cover, is_complete = cover_counsel(page, submission.filers) if submission.has_cover else ([], False)
    legal = section(page, LEGAL_MATTERS, r"passed (up)?on|counsel|validity|opinion")
    experts = section(page, EXPERTS, r"audit|report|account")
    if not submission.is_whole and not (is_complete if submission.has_cover else legal and experts):
        raise refuse("ends before the cover, or before LEGAL MATTERS and EXPERTS", CUT)
    auditor, auditor_place = auditor_of(experts) if experts else (None, None)
    return _Advisers(submission, cover, legal_matters(legal, submission.filers) if legal else [], auditor, auditor_place)


def parse_filings(content: bytes) -> pl.DataFrame:
    advisers = _advisers(content)
    row = asdict(advisers.submission) | {
        "country": location(advisers.submission.location_code).country,
        "n_firms": len({base(firm.name) for firm in [*advisers.cover, *advisers.legal]}),
        "auditor": advisers.auditor,
        "auditor_place": advisers.auditor_place,
        ROW: 1,
    }
    return pl.DataFrame([row], schema={**Filings.create_empty().schema, ROW: pl.Int32})


def parse_counsel(content: bytes) -> pl.DataFrame:
    """Return the law firms of a submission: those of the cover, then those of LEGAL MATTERS."""
    advisers = _advisers(content)
    rows = [
        (advisers.submission.accession, name, position, firm.name, firm.place, firm.region, firm.role, firm.law)
        for name, firms in (("cover", advisers.cover), ("legal matters", advisers.legal))
        for position, firm in enumerate(firms, start=1)
    ]
    schema = dict.fromkeys(Counsel.column_names(), pl.String) | {"position": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index(ROW, offset=1)


def find_documents(get: Get) -> Iterator[Request]:
    """Yield, for every offering of the issuers followed, the first registration statement and the last prospectus."""
    for cik in submissions.ISSUERS:
        files = submissions.submissions_of(get, cik)
        filings = pl.concat([submissions.parse_filings(content) for content in files.values()])
        for _, offering in filings.sort("filed_on").group_by("file_number", maintain_order=True):
            statements, prospectuses = (offering.filter(pl.col("form") == form) for form in ("F-1", "424B4"))
            for filing in pl.concat([statements.head(1), prospectuses.tail(1)]).iter_rows(named=True):
                yield _request(cik, filing["accession"], filing["primary_document"])


def _request(cik: int, accession: str, document: str | None) -> Request:
    folder = f"https://www.sec.gov/Archives/edgar/data/{cik}/{accession.replace('-', '')}"
    if document is None:
        return Request(f"{folder}/{accession}.txt", accepts=TEXT)
    return Request(f"{folder}/{document}", accepts=DOCUMENT, header=f"{folder}/{accession}.hdr.sgml")


# Both tables are read from the same files, which the archive keeps once; a submission never changes.
SOURCE = Source(
    name="edgar_covers",
    title="Law firms and auditors of offerings, from covers and prospectuses on SEC EDGAR",
    publisher="U.S. Securities and Exchange Commission",
    landing_page="https://www.sec.gov/search-filings",
    licence="Public domain as filed with the United States government",
    licence_class="open",
    citation="U.S. Securities and Exchange Commission, EDGAR, registration statements and prospectuses",
    cadence="quarterly",
    subjects=("services", "listings"),
    priority=3,
    tables=(
        Table("filings", Filings, (8, 1_000), parse_filings, find_documents, TEXT, is_final=True, subject=SUBJECT),
        Table("counsel", Counsel, (16, 10_000), parse_counsel, find_documents, TEXT, is_final=True, subject=SUBJECT),
    ),
    politeness=POLITENESS,
)
