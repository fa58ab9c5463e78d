"""Read the world's unicorns of March 2022 with city, industry, valuation and select investors, as CB Insights listed them.

The list holds survivors only, because CB Insights removes a company that goes public or is bought. `Hunan`, `Jiangsu`,
`Maharashtra` and the like are printed as cities and kept. Sixteen companies of Singapore, Hong Kong and the Bahamas have
no city, so their next cells moved one column to the left. "None" means a blank. Financial Stage is cut to its first word
("Asset", "Take"), and what Deal Terms and Portfolio Exits count is unknown, so all three are dropped.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows
from pipelines.ingest.source import Source, Table

COMMIT = "b14c5e25c7ab267a7bf7baf092a2e6f35baf3dd9"
URL = f"https://raw.githubusercontent.com/ClincieB/Unicorn_Companies/{COMMIT}/Unicorn_Companies.csv"
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

#: Companies without a city, whose industry and investors stand one column too far to the left.
WITHOUT_CITY = [
    "Advance Intelligence Group", "Amber Group", "bolttech", "Carousell", "Carro", "Cider", "FTX", "HyalRoute", "Matrixport",
    "Moglix", "Ninja Van", "NIUM", "ONE", "PatSnap", "Trax", "WeLab",
]  # fmt: skip


class Unicorns(dy.Schema):
    """One row per private company valued at a billion dollars or more in March 2022."""

    company = columns.text("Name, as printed; Bolt and Fabric are two companies each.", primary_key=True)
    country = columns.text("Country, as printed.")
    place = columns.text("City, as printed; sometimes a province or a district.", nullable=True)
    industry = columns.category("Industry, with misspellings corrected.", INDUSTRIES)
    valuation_usd_bn = columns.number("Valuation, billions of US dollars.", 1)
    unicorn_on = columns.text(
        "Date on which it was first valued at a billion dollars.",
        r"^20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]$",
        "Write YYYY-MM-DD",
        primary_key=True,
    )
    founded_year = columns.integer("Year of founding.", 1900, 2022, nullable=True)
    raised_usd = columns.number("Money raised in total, US dollars.", 0, nullable=True)
    investors = columns.text("Select investing firms, as printed, separated by commas.", nullable=True)
    investors_count = columns.integer("Number of investors.", 0, nullable=True)


def parse_unicorns(content: bytes) -> pl.DataFrame:
    """Return the rows of the list."""
    rows = csv_rows(content, HEADER)
    rows = rows.with_columns(pl.when(pl.col(HEADER) != "None").then(pl.col(HEADER)).name.keep())
    is_moved = pl.col("Company").is_in(WITHOUT_CITY) & pl.col("Select Inverstors").is_null()
    industry = pl.when(is_moved).then("City").otherwise("Industry")
    investors = pl.when(is_moved).then("Industry").otherwise("Select Inverstors")
    raised = pl.col("Total Raised").str.extract_groups(r"^\$(?<number>[0-9]+(?:\.[0-9]+)?)(?<unit>[BMK])$")
    unit = raised.struct.field("unit").replace_strict({"B": 1e9, "M": 1e6, "K": 1e3}, return_dtype=pl.Float64)
    joined = pl.col("Date Joined").str.to_date("%m/%d/%Y", strict=False)
    # What cannot be read stays as printed, so that the contract refuses it.
    return rows.select(
        ROW,
        company="Company",
        country="Country",
        place=pl.when(~is_moved).then("City"),
        industry=industry.replace(SPELLINGS),
        valuation_usd_bn=pl.col("Valuation ($B)").str.strip_prefix("$"),
        unicorn_on=pl.coalesce(joined.dt.strftime("%Y-%m-%d"), "Date Joined"),
        founded_year="Founded Year",
        raised_usd=pl.coalesce((raised.struct.field("number").cast(pl.Float64) * unit).cast(pl.String), "Total Raised"),
        # Only firms are kept; the list names one person among the investors.
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
    subjects=("companies",),
    priority=3,
    is_worldwide=True,
    tables=(Table("unicorns", Unicorns, (1_037, 1_037), parse_unicorns, (URL,), CSV_TYPES, is_final=True),),
)
