"""Unicorns of the world in March 2022 with city, industry, valuation and select investors, as CB Insights listed them.

What bites: survivors only, for CB Insights takes a company off its list when it goes public or is bought; `Hunan`,
`Jiangsu`, `Maharashtra` and the like stand among the cities, and stay as printed; sixteen companies of Singapore, Hong
Kong and the Bahamas have no city, and what follows it slid left by a cell; "None" is how a blank is written. Dropped:
Financial Stage, cut to its first word ("Asset", "Take"), and Deal Terms and Portfolio Exits, counts of nothing stated.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

HEADER = [
    "Company", "Valuation ($B)", "Date Joined", "Country", "City", "Industry", "Select Inverstors", "Founded Year",
    "Total Raised", "Financial Stage", "Investors Count", "Deal Terms", "Portfolio Exits",
]  # fmt: skip

INDUSTRIES = [
    "Artificial intelligence", "Auto & transportation", "Consumer & retail", "Cybersecurity", "Data management & analytics",
    "E-commerce & direct-to-consumer", "Edtech", "Fintech", "Hardware", "Health", "Internet software & services",
    "Mobile & telecommunications", "Other", "Supply chain, logistics, & delivery", "Travel",
]  # fmt: skip
SPELLINGS = {"Artificial Intelligence": "Artificial intelligence", "Finttech": "Fintech"}

#: The companies without a city, whose industry and investors stand one cell too far left.
SLID = [
    "Advance Intelligence Group", "Amber Group", "bolttech", "Carousell", "Carro", "Cider", "FTX", "HyalRoute", "Matrixport",
    "Moglix", "Ninja Van", "NIUM", "ONE", "PatSnap", "Trax", "WeLab",
]  # fmt: skip


class Unicorns(dy.Schema):
    """One row per private company valued at a billion dollars or more in March 2022."""

    company = dy.String(primary_key=True, metadata=doc("Name as printed; Bolt and Fabric are two companies each."))
    country = dy.String(nullable=False, metadata=doc("Country as printed."))
    place = dy.String(nullable=True, metadata=doc("City as printed; sometimes a province or a district."))
    industry = dy.Enum(INDUSTRIES, nullable=False, metadata=doc("Industry, misspellings corrected."))
    valuation_usd_bn = dy.Float64(nullable=False, min=1, metadata=doc("Valuation, billions of US dollars."))
    unicorn_on = dy.String(
        primary_key=True,
        regex=r"^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$",
        metadata=doc("Day it was first valued so high.", "YYYY-MM-DD"),
    )
    founded_year = dy.Int32(nullable=True, min=1900, max=2022, metadata=doc("Year founded."))
    raised_usd = dy.Float64(nullable=True, min=0, metadata=doc("Raised in all, US dollars."))
    investors = dy.String(nullable=True, metadata=doc("Select investing firms as printed, separated by commas."))
    investors_count = dy.Int32(nullable=True, min=0, metadata=doc("Number of investors."))


def parse_unicorns(content: bytes) -> pl.DataFrame:
    """The rows of the list."""
    rows = csv_rows(content, HEADER)
    rows = rows.with_columns(pl.when(pl.col(HEADER) != "None").then(pl.col(HEADER)).name.keep())
    is_slid = pl.col("Company").is_in(SLID) & pl.col("Select Inverstors").is_null()
    industry = pl.when(is_slid).then("City").otherwise("Industry")
    investors = pl.when(is_slid).then("Industry").otherwise("Select Inverstors")
    raised = pl.col("Total Raised").str.extract_groups(r"^\$(?<number>[0-9]+(?:\.[0-9]+)?)(?<unit>[BMK])$")
    unit = raised.struct.field("unit").replace_strict({"B": 1e9, "M": 1e6, "K": 1e3}, return_dtype=pl.Float64)
    joined = pl.col("Date Joined").str.to_date("%m/%d/%Y", strict=False)
    # What cannot be read stays as printed, for the contract to refuse.
    return rows.select(
        ROW,
        company="Company",
        country="Country",
        place=pl.when(~is_slid).then("City"),
        industry=industry.replace(SPELLINGS),
        valuation_usd_bn=pl.col("Valuation ($B)").str.strip_prefix("$"),
        unicorn_on=pl.coalesce(joined.dt.strftime("%Y-%m-%d"), "Date Joined"),
        founded_year="Founded Year",
        raised_usd=pl.coalesce((raised.struct.field("number").cast(pl.Float64) * unit).cast(pl.String), "Total Raised"),
        # Firms only: the one person among the investors is left out.
        investors=investors.str.replace(", Leonardo DiCaprio", "", literal=True).str.replace_all(r"\s+", " "),
        investors_count="Investors Count",
    )


SOURCE = Source(
    name="cb_insights",
    title="CB Insights: unicorns in March 2022",
    publisher="CB Insights, as kept in ClincieB/Unicorn_Companies",
    landing_page="https://www.cbinsights.com/research-unicorn-companies",
    licence="none stated; the list is CB Insights' property",
    licence_class="restricted",
    citation="CB Insights, The Complete List of Unicorn Companies, March 2022",
    cadence="once",
    tables=(
        Table(
            "unicorns",
            Unicorns,
            (1_037, 1_037),
            parse_unicorns,
            (
                "https://raw.githubusercontent.com/ClincieB/Unicorn_Companies/"
                "b14c5e25c7ab267a7bf7baf092a2e6f35baf3dd9/Unicorn_Companies.csv",
            ),
            accepts=("text/plain", "text/csv"),
            is_final=True,
        ),
    ),
)
