"""Read which audit firm, from which of its offices, reported on which issuer since 2017: Form AP of the PCAOB.

The archive holds one CSV of about sixty columns and is rewritten daily. A form that amends another repeats it; "Latest Form
AP Filing" tells them apart. Dates are American and end with midnight. Investment companies and benefit plans are listed
too. Names of partners, and of signers with their telephone and mail, are dropped. Column names are those of published
clients, so only the columns read are required; this parser has not read the live archive yet.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.readers.archives import zip_rows
from pipelines.ingest.readers.text import day_in
from pipelines.ingest.source import Source, Table

URL = "https://assets.pcaobus.org/firm-filings/FirmFilings.zip"
COLUMNS = {
    "Form Filing ID": "filing_id", "Latest Form AP Filing": "is_latest", "Firm ID": "firm_id", "Firm Name": "firm",
    "Firm Country": "firm_country", "Firm Issuing City": "place", "Firm Issuing State": "region",
    "Firm Issuing Country": "country", "Issuer CIK": "issuer_cik", "Issuer Name": "issuer", "Audit Report Type": "report_type",
    "Fiscal Period End Date": "fiscal_period_end",
}  # fmt: skip
REPORT_TYPES = ["Issuer, other than Employee Benefit Plan or Investment Company", "Investment Company", "Employee Benefit Plan"]
DATE = r"^(?<m>[0-9]{1,2})/(?<d>[0-9]{1,2})/(?<y>[0-9]{4})(?: 12:00:00 AM)?$"


class AuditReports(dy.Schema):
    """One row per Form AP, which stands for one audit report."""

    filing_id = columns.text("Number of the form.", r"^[0-9]+$", "Write digits", primary_key=True)
    is_latest = columns.flag("False if another form amends it.")
    firm_id = columns.text("PCAOB's number of the audit firm.", r"^[0-9]+$", "Write digits", nullable=True)
    firm = columns.text("Audit firm.")
    firm_country = columns.text("Country of the firm's head office, as printed.", nullable=True)
    place = columns.text("City of the office that issued the report, as printed.", nullable=True)
    region = columns.text("State of that office, as printed.", nullable=True)
    country = columns.text("Country of that office, as printed.", nullable=True)
    issuer_cik = columns.text("SEC's number of the issuer, if it has one.", r"^[0-9]{1,10}$", "Write digits", nullable=True)
    issuer = columns.text("Issuer audited.")
    report_type = columns.category("Kind of issuer.", REPORT_TYPES)
    fiscal_period_end = columns.day(
        "Last day of the fiscal year audited.", r"^20[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", nullable=True
    )
    fiscal_year = columns.year("Calendar year of that day.", 2015, ahead=1, nullable=True)


def parse_audit_reports(content: bytes) -> pl.DataFrame:
    """Return the columns of interest from the only CSV in the archive, without those that name a person."""
    printed = zip_rows(content, ".csv", [*COLUMNS])
    end = day_in("fiscal_period_end", DATE)
    return printed.rename(COLUMNS).with_columns(
        pl.col("is_latest").replace_strict({"0": False, "1": True}, default=None),
        fiscal_period_end=end,
        fiscal_year=end.str.extract(r"^([0-9]{4})-"),
    )


SOURCE = Source(
    name="pcaob",
    title="Form AP: auditor reporting of audit participants",
    publisher="Public Company Accounting Oversight Board",
    landing_page="https://pcaobus.org/resources/auditorsearch",
    licence="Public filings, free to use",
    licence_class="open",
    citation="PCAOB, AuditorSearch, Form AP filings",
    cadence="monthly",
    subjects=("services", "listings"),
    priority=3,
    tables=(Table("audit_reports", AuditReports, (125_000, 300_000), parse_audit_reports, (URL,)),),
)
