"""Read worldwide investments of 2004–2013 with the investor's city, cut from a Crunchbase export for a map.

A row is one investor of a round, and rounds have no key, so a deal is put together again from company, place, month and
amount; every row repeats the amount of the whole round. Two rounds alike in all four cannot be told apart: 65 rows occur
twice, and all are kept. The publisher left out investors without a country (thus all persons) and rounds without an
amount. An investor has one city, its head office: Sequoia Capital sits in Menlo Park in Chinese deals too. Places may be
districts (Haidian, Chaoyang), provinces (Guangdong) or blank. Accented letters were broken twice before publication, many
beyond repair (``Montrí©al``, ``Zí_rich``), and are kept as printed.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, fixed_table

COMMIT = "d184190a45dfeff2c92223549e0d74fb076eef19"
URL = f"https://raw.githubusercontent.com/koalaboy808/Crunchbase_InfoViz/{COMMIT}/UnicornsApp.zip"
ZIP = ("application/zip", "application/octet-stream")
COLUMNS = {
    "company_name": "company", "company_country_code": "country", "company_city": "place", "investor_name": "investor",
    "investor_country_code": "investor_country", "investor_city": "investor_place", "funded_month": "funded_month",
    "funded_year": "funded_year", "raised_amount_usd": "raised_usd",
}  # fmt: skip


class Investments(dy.Schema):
    """One row per investor of a round, as printed."""

    company = columns.text("Company financed; six names stand for two companies each.")
    country = columns.country3("Country of the company.")
    place = columns.text("City, district or province of the company.", nullable=True)
    investor = columns.text("Investor, always an organisation.")
    investor_country = columns.country3("Country of the investor's head office.")
    investor_place = columns.text("City or district of the investor's head office.", nullable=True)
    funded_month = columns.text("Month of the round.", r"^[0-9]{4}-(0[1-9]|1[0-2])$", "Write YYYY-MM")
    funded_year = columns.integer("Year of the round.", 2004, 2013)
    raised_usd = columns.usd("US dollars raised in the whole round, by all investors.")

    funded_year_is_that_of_funded_month = columns.rule(
        pl.col("funded_month").str.slice(0, 4) == pl.col("funded_year").cast(pl.String)
    )


def parse_investments(content: bytes) -> pl.DataFrame:
    """Return the only table in a ZIP archive that also holds the page that draws the map."""
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
    subjects=("deals", "companies", "investors"),
    priority=6,
    is_worldwide=True,
    tables=(fixed_table("investments", Investments, 58_797, parse_investments, (URL,), ZIP),),
)
