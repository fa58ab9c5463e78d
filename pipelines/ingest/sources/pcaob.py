"""PCAOB Form AP: which audit firm, from which of its offices, reported on which issuer. Since 2017.

What bites: the archive is one CSV of some sixty columns, rewritten daily; a form that amends another repeats it, told by
"Latest Form AP Filing"; dates are American with a time of midnight; investment companies and benefit plans are listed
too. Names of partners, and of signers with their telephone and mail, are dropped. Column names are those of published
clients, so only the ones read are required; not yet seen live.
"""

import csv

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.text import csv_rows, decode
from pipelines.ingest.source import Source, Table

AT = "https://assets.pcaobus.org/firm-filings/FirmFilings.zip"
COLUMNS = {
    "Form Filing ID": "filing_id",
    "Latest Form AP Filing": "is_latest",
    "Firm ID": "firm_id",
    "Firm Name": "firm",
    "Firm Country": "firm_country",
    "Firm Issuing City": "place",
    "Firm Issuing State": "region",
    "Firm Issuing Country": "country",
    "Issuer CIK": "issuer_cik",
    "Issuer Name": "issuer",
    "Audit Report Type": "report_type",
    "Fiscal Period End Date": "fiscal_period_end",
}
REPORT_TYPES = ["Issuer, other than Employee Benefit Plan or Investment Company", "Investment Company", "Employee Benefit Plan"]
DATE = r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})( 12:00:00 AM)?$"


class AuditReports(dy.Schema):
    """One row per Form AP, which stands for one audit report."""

    filing_id = dy.String(primary_key=True, regex=r"^[0-9]+$", metadata=doc("Number of the form.", "Digits"))
    is_latest = dy.Bool(nullable=False, metadata=doc("False if another form amends it."))
    firm_id = dy.String(nullable=True, regex=r"^[0-9]+$", metadata=doc("PCAOB's number of the audit firm.", "Digits"))
    firm = dy.String(nullable=False, metadata=doc("Audit firm."))
    firm_country = dy.String(nullable=True, metadata=doc("Country of the firm's head office, as printed."))
    place = dy.String(nullable=True, metadata=doc("City of the office that issued the report, as printed."))
    region = dy.String(nullable=True, metadata=doc("State of that office, as printed."))
    country = dy.String(nullable=True, metadata=doc("Country of that office, as printed."))
    issuer_cik = dy.String(
        nullable=True, regex=r"^[0-9]{1,10}$", metadata=doc("SEC's number of the issuer; empty if it has none.", "Digits")
    )
    issuer = dy.String(nullable=False, metadata=doc("Issuer audited."))
    report_type = dy.Enum(REPORT_TYPES, nullable=False, metadata=doc("Kind of issuer."))
    fiscal_period_end = dy.String(
        nullable=True,
        regex=r"^20[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        metadata=doc("Last day of the year audited.", "Write YYYY-MM-DD"),
    )
    fiscal_year = dy.Int32(nullable=True, min=2015, max=2100, metadata=doc("Year of that day."))


def parse_audit_reports(content: bytes) -> pl.DataFrame:
    """The columns read of the one CSV in the archive; everything that names a person is left behind."""
    table = zip_member(content, ".csv")
    header = next(csv.reader([decode(table.partition(b"\n")[0])]))
    for name in COLUMNS:
        if name not in header:
            raise refuse("the column is missing", "Compare the file with the columns expected", row=1, column=name)
    rows = csv_rows(table, header).select(*COLUMNS, "source_row").rename(COLUMNS)
    for value, row in rows.select("is_latest", "source_row").filter(~pl.col("is_latest").is_in(["0", "1"])).iter_rows():
        raise refuse(f"{value!r} is neither 0 nor 1", "Look whether a cell was moved", row=row, column="Latest Form AP Filing")
    month, day, year = (pl.col("fiscal_period_end").str.extract(DATE, group) for group in (1, 2, 3))
    iso = pl.format("{}-{}-{}", year, month.str.zfill(2), day.str.zfill(2))
    return rows.with_columns(
        pl.col("is_latest") == "1",
        pl.coalesce(iso, "fiscal_period_end").alias("fiscal_period_end"),
        pl.coalesce(year, pl.col("fiscal_period_end").str.extract(r"^([0-9]{4})-")).alias("fiscal_year"),
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
    tables=(Table("audit_reports", AuditReports, (125_000, 300_000), parse_audit_reports, (AT,)),),
)
