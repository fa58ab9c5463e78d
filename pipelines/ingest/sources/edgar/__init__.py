"""Read issuers on SEC EDGAR with their filings.

``submissions`` reads both, ``identifiers`` what other sources from the SEC use as well.
"""

from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources.edgar.identifiers import JSON, POLITENESS
from pipelines.ingest.sources.edgar.submissions import MAIN_FILES, Filings, Issuers, find_files, parse_filings, parse_issuers

#: Each file is about the issuer whose number its address ends with.
SUBJECT = ("cik", r"CIK0*([0-9]+)")

SOURCE = Source(
    name="edgar",
    title="Issuers and filings of SEC EDGAR",
    publisher="U.S. Securities and Exchange Commission",
    landing_page="https://www.sec.gov/search-filings/edgar-application-programming-interfaces",
    licence="Public domain (work of the United States government)",
    licence_class="open",
    citation="U.S. Securities and Exchange Commission, EDGAR",
    cadence="weekly",
    subjects=("companies",),
    priority=3,
    tables=(
        Table("issuers", Issuers, (30, 200), parse_issuers, MAIN_FILES, JSON, subject=SUBJECT),
        Table("filings", Filings, (5_000, 60_000), parse_filings, find_files, JSON, subject=SUBJECT),
    ),
    politeness=POLITENESS,
)
