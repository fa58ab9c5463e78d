"""Read the world's unicorns of July 2021 and March 2022 with city, industry and valuation, as CB Insights listed them.

Each list holds survivors only, because CB Insights removes a company that goes public or is bought; together they show
which companies left. `Hunan`, `Jiangsu`, `Maharashtra` and the like are printed as cities and kept.

In the list of 2022, sixteen companies of Singapore, Hong Kong and the Bahamas have no city, so their next cells moved one
column to the left. "None" means a blank. Financial Stage is cut to its first word ("Asset", "Take"), and what Deal Terms and
Portfolio Exits count is unknown, so all three are dropped.

The list of 2021 is a Markdown page with six lines per company. Its descriptions, addresses and investors are dropped. Some
companies bear other names in 2022 (Grofers became Blinkit), with the same day, country and city.
"""

import re

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.text import CHANGED, CSV_TYPES, csv_rows, decode
from pipelines.ingest.source import Source, fixed_table

URL_2021 = "https://raw.githubusercontent.com/tetri/awesome-unicorn-companies/c36c6ff8a4d76d1159aac14e8105b4009b4192de/README.md"
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
SPELLINGS = {
    "Artificial Intelligence": "Artificial intelligence", "Finttech": "Fintech", "Education": "Edtech",
    "Data management & analytics<": "Data management & analytics",
}  # fmt: skip

#: Companies without a city, whose industry and investors stand one column too far to the left.
WITHOUT_CITY = [
    "Advance Intelligence Group", "Amber Group", "bolttech", "Carousell", "Carro", "Cider", "FTX", "HyalRoute", "Matrixport",
    "Moglix", "Ninja Van", "NIUM", "ONE", "PatSnap", "Trax", "WeLab",
]  # fmt: skip

#: Title above the companies of 2021; line that names one; labels of the lines that follow.
TITLE_2021 = "# List of Unicorn Companies"
COMPANY_2021 = re.compile(r"\* (?:\*\*(?P<bold>.+?)\*\*|(?P<plain>.+?)) -(?: .*)?")
LABELS_2021 = ("Valuation", "Date joined", "Location", "Industry", "Select investors")


def _unicorn_on() -> dy.String:
    return columns.day("Date on which it was first valued at a billion dollars.", primary_key=True)


class Unicorns(dy.Schema):
    """One row per private company valued at a billion dollars or more in March 2022."""

    company = columns.text("Name, as printed; Bolt and Fabric are two companies each.", primary_key=True)
    country = columns.text("Country, as printed.")
    place = columns.text("City, as printed; sometimes a province or a district.", nullable=True)
    industry = columns.category("Industry, with misspellings corrected.", INDUSTRIES)
    valuation_usd_bn = columns.number("Valuation, billions of US dollars.", 1, 2_000)
    unicorn_on = _unicorn_on()
    founded_year = columns.integer("Year of founding.", 1900, 2022, nullable=True)
    raised_usd = columns.usd("Money raised in total, US dollars.")
    investors = columns.text("Select investing firms, as printed, separated by commas.", nullable=True)
    investors_count = columns.integer("Number of investors.", 0, 1_000, nullable=True)


class Unicorns2021(dy.Schema):
    """One row per private company valued at a billion dollars or more in July 2021."""

    company = columns.text("Name, as printed.", primary_key=True)
    country = columns.text("Country, as printed.")
    place = columns.text("City, as printed; empty for city states.", nullable=True)
    industry = columns.category("Industry, with misspellings corrected.", INDUSTRIES)
    valuation_usd_bn = columns.number("Valuation, billions of US dollars.", 1, 2_000)
    unicorn_on = _unicorn_on()


def parse_unicorns(content: bytes) -> pl.DataFrame:
    rows = csv_rows(content, HEADER)
    rows = rows.with_columns(pl.when(pl.col(HEADER) != "None").then(pl.col(HEADER)).name.keep())
    is_moved = pl.col("Company").is_in(WITHOUT_CITY) & pl.col("Select Inverstors").is_null()
    industry = pl.when(is_moved).then("City").otherwise("Industry")
    investors = pl.when(is_moved).then("Industry").otherwise("Select Inverstors")
    raised = pl.col("Total Raised").str.extract_groups(r"^\$(?<number>[0-9]+(?:\.[0-9]+)?)(?<unit>[BMK])$")
    unit = raised.struct.field("unit").replace_strict({"B": 1e9, "M": 1e6, "K": 1e3}, return_dtype=pl.Float64)
    # What cannot be read stays as printed, so that the contract refuses it.
    return rows.select(
        ROW,
        company="Company",
        country="Country",
        place=pl.when(~is_moved).then("City"),
        industry=industry.replace(SPELLINGS),
        valuation_usd_bn=pl.col("Valuation ($B)").str.strip_prefix("$"),
        unicorn_on=_day("Date Joined"),
        founded_year="Founded Year",
        raised_usd=pl.coalesce((raised.struct.field("number").cast(pl.Float64) * unit).cast(pl.String), "Total Raised"),
        # Only firms are kept; the list names one person among the investors.
        investors=investors.str.replace(", Leonardo DiCaprio", "", literal=True).str.replace_all(r"\s+", " "),
        investors_count="Investors Count",
    )


def parse_unicorns_2021(content: bytes) -> pl.DataFrame:
    """Return the companies of the page; raise Refused unless five labelled lines follow each name."""
    lines = [line.rstrip() for line in decode(content).splitlines()]
    start = lines.index(TITLE_2021) + 1 if TITLE_2021 in lines else len(lines)
    numbered = [(number, line) for number, line in enumerate(lines[start:], start + 1) if line]
    blocks = [numbered[first : first + 6] for first in range(0, len(numbered), 6)]
    if not blocks:
        raise refuse(f"has no companies below {TITLE_2021!r}", CHANGED)
    rows = pl.DataFrame([_company(block) for block in blocks], orient="row", schema=[ROW, "company", *LABELS_2021])
    location = pl.col("Location").str.split_exact("@", 1)
    return rows.select(
        ROW,
        "company",
        country=location.struct.field("field_1").str.strip_chars(),
        place=location.struct.field("field_0").str.strip_chars().replace("", None),
        industry=pl.col("Industry").replace(SPELLINGS),
        valuation_usd_bn=pl.col("Valuation").str.extract(r"^\$([0-9.]+)B$"),
        unicorn_on=_day("Date joined"),
    )


def _company(block: list[tuple[int, str]]) -> tuple[int | str, ...]:
    """Return the row of a company's name, the name, and what follows each label."""
    (row, line), *others = block
    name = COMPANY_2021.fullmatch(line)
    if not name:
        raise refuse(f"{line!r} is not a line with a company's name", CHANGED, row=row)
    values = []
    for label, (number, text) in zip(LABELS_2021, [*others, *[(row, "")] * (5 - len(others))], strict=True):
        value = re.fullmatch(rf"  \* {label}: \*\*(.*)\*\*", text)
        if not value:
            raise refuse(f"{text!r} where {label!r} follows", CHANGED, row=number, column=label)
        values.append(value[1].strip())
    return (row, name["bold"] or name["plain"], *values)


def _day(column: str) -> pl.Expr:
    """Return the ISO date of one printed as month/day/year; what cannot be read stays, so that the contract refuses it."""
    return pl.coalesce(pl.col(column).str.to_date("%m/%d/%Y", strict=False).dt.strftime("%Y-%m-%d"), column)


SOURCE = Source(
    name="cb_insights",
    title="CB Insights: unicorns in July 2021 and March 2022",
    publisher="CB Insights, as kept in tetri/awesome-unicorn-companies and ClincieB/Unicorn_Companies",
    landing_page="https://www.cbinsights.com/research-unicorn-companies",
    licence="none stated; the list is CB Insights' property",
    family="unicorn lists",
    licence_class="restricted",
    citation="CB Insights, The Complete List of Unicorn Companies, July 2021 and March 2022",
    cadence="once",
    subjects=("companies",),
    priority=3,
    is_worldwide=True,
    tables=(
        fixed_table("unicorns", Unicorns, 1_037, parse_unicorns, (URL,), CSV_TYPES),
        fixed_table("unicorns_2021", Unicorns2021, 759, parse_unicorns_2021, (URL_2021,), ("text/plain",)),
    ),
)
