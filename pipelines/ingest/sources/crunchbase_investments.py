"""Investments of 2004–2013 worldwide with the investor's city, cut from a Crunchbase export for a map.

What bites: a row is one investor of a round and rounds have no key, so a deal is put together again by company, place,
month and amount; the amount is the whole round's, on every row. Two rounds alike in all four cannot be told apart: 65
rows occur twice, and stay. Left out before publication were investors without a country (thus all persons) and rounds
without an amount. An investor has one city, its head office: Sequoia Capital sits in Menlo Park in Chinese deals too.
Places may be districts (Haidian, Chaoyang), provinces (Guangdong) or blank. Letters with accents were broken twice over
before publication, many beyond repair (``Montrí©al``, ``Zí_rich``), and are kept as printed.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest.contract import doc
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

COMMIT = "d184190a45dfeff2c92223549e0d74fb076eef19"
COLUMNS = {
    "company_name": "company",
    "company_country_code": "country",
    "company_city": "place",
    "investor_name": "investor",
    "investor_country_code": "investor_country",
    "investor_city": "investor_place",
    "funded_month": "funded_month",
    "funded_year": "funded_year",
    "raised_amount_usd": "raised_usd",
}


class Investments(dy.Schema):
    """One row per investor of a round, as printed."""

    company = dy.String(nullable=False, metadata=doc("Company financed; six names stand for two companies each."))
    country = dy.String(nullable=False, regex=r"^[A-Z]{3}$", metadata=doc("Country of the company.", "Three letters"))
    place = dy.String(nullable=True, metadata=doc("City, district or province of the company."))
    investor = dy.String(nullable=False, metadata=doc("Investor; organisations only."))
    investor_country = dy.String(
        nullable=False, regex=r"^[A-Z]{3}$", metadata=doc("Country of its head office.", "Three letters")
    )
    investor_place = dy.String(nullable=True, metadata=doc("City or district of its head office."))
    funded_month = dy.String(nullable=False, regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$", metadata=doc("Month of the round.", "YYYY-MM"))
    funded_year = dy.Int32(nullable=False, min=2004, max=2013, metadata=doc("Year of the round."))
    raised_usd = dy.Float64(nullable=True, min=0, metadata=doc("US dollars raised in the whole round, by all investors."))

    @dy.rule()
    def funded_year_is_that_of_funded_month(cls) -> pl.Expr:
        return pl.col("funded_month").str.slice(0, 4) == pl.col("funded_year").cast(pl.String)


def parse_investments(content: bytes) -> pl.DataFrame:
    """The one table in a ZIP archive that also holds the page that drew the map."""
    return csv_rows(zip_member(content, "public_html/maptime.csv"), list(COLUMNS)).rename(COLUMNS)


SOURCE = Source(
    name="crunchbase_investments",
    title="Crunchbase investments 2004–2013 with the investor's city",
    publisher="Crunchbase, by way of koalaboy808/Crunchbase_InfoViz",
    landing_page="https://github.com/koalaboy808/Crunchbase_InfoViz",
    licence="None stated; the export it was cut from is CC BY-NC 4.0",
    licence_class="restricted",
    citation=f"Crunchbase data export, as in koalaboy808/Crunchbase_InfoViz at commit {COMMIT[:7]}",
    cadence="once",
    tables=(
        Table(
            "investments",
            Investments,
            (58_797, 58_797),
            parse_investments,
            (f"https://raw.githubusercontent.com/koalaboy808/Crunchbase_InfoViz/{COMMIT}/UnicornsApp.zip",),
            accepts=("application/zip", "application/octet-stream"),
            is_final=True,
        ),
    ),
)
