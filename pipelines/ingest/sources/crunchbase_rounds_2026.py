"""Read worldwide rounds of companies in artificial intelligence, January and February 2026, as exported from Crunchbase.

The name of a round ends with that of the company ("Series A - Acme"), which has no column of its own. Only lead investors
are named; persons among them are left out. A place runs from the city to the continent, and some contradict themselves: see
``DOUBTFUL``. The publisher keeps a list of Turkish companies under the same header, which is mostly not from Crunchbase and
has few rounds; it is not read.
"""

import re

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.persons import firms
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows
from pipelines.ingest.source import Source, fixed_table

COMMIT = "6104b7389082e8c66eac60a63cca797048515b16"
URLS = tuple(
    f"https://raw.githubusercontent.com/ozgurgulerx/startup-investments/{COMMIT}/apps/web/data/{month}/input/startups.csv"
    for month in ("2026-01", "2026-02")
)
HEADER = {
    "Transaction Name": "transaction", "Transaction Name URL": "url", "Funding Type": "round_type", "Money Raised": "raised",
    "Money Raised Currency": "currency", "Money Raised (in USD)": "raised_usd", "Announced Date": "date",
    "Funding Stage": "stage", "Organization Description": "description", "Organization Website": "website",
    "Number of Funding Rounds": "n_rounds", "Organization Industries": "industries", "Organization Location": "location",
    "Lead Investors": "lead",
}  # fmt: skip

#: Places that stand with the wrong state or province, or may: it is left out.
DOUBTFUL = (
    r"^((Chaoyang, Liaoning|Guizhou, Liaoning|Qingdao, Fujian|Shandong, Fujian), China"
    r"|South San Francisco, Pennsylvania, United States|Vancouver, Alberta, Canada)"
)

ROUND_TYPES = [
    "Pre-Seed", "Seed", "Angel", "Series A", "Series B", "Series C", "Series D", "Series E", "Series F", "Series G", "Series H",
    "Venture - Series Unknown", "Funding Round",
]  # fmt: skip

#: Legal forms; a comma before one of them belongs to the name.
_LEGAL = r"Inc|LLC|LLP|Ltd|LP|L\.P|Co|Corp|PLC|GmbH|AG|SA|S\.A|BV|B\.V"
_CONTINENT = r", (Africa|Antarctica|Asia|Europe|North America|Oceania|South America)$"

_WHOLE = pl.col("location").str.replace(_CONTINENT, "")
#: What a location says, which runs from the city to the continent: "Shenzhen, Guangdong, China, Asia".
PLACE = {
    "country": _WHOLE.str.extract(r"([^,]+)$").str.strip_chars(),
    "region": _WHOLE.str.extract(r"^[^,]+, (.+), [^,]+$"),
    "place": _WHOLE.str.extract(r"^([^,]+),"),
}


class Rounds(dy.Schema):
    """One row per round."""

    url = columns.text(
        "Page of the round.", r"^https://www\.crunchbase\.com/funding_round/\S+$", "Write a full URL", primary_key=True
    )
    company = columns.text("Company financed, from the name of the round.")
    country = columns.text("Country of the company, in English.", nullable=True)
    region = columns.text("State or province of the company; empty where it is doubtful.", nullable=True)
    place = columns.text("City or district of the company, as printed.", nullable=True)
    date = columns.day("Day announced.")
    round_type = columns.category("Type of the round.", ROUND_TYPES)
    raised = columns.number("Amount raised in the whole round, in currency.", 0, nullable=True)
    currency = columns.currency("Currency of the amount raised.", nullable=True)
    raised_usd = columns.usd("The same in US dollars, as Crunchbase converts it.")
    industries = columns.text("Industries of the company, separated by commas.", nullable=True)
    lead = columns.names("Lead investors that are firms, separated by |.")

    raised_usd_is_raised_where_currency_is_that = columns.rule(
        (pl.col("currency") != "USD") | ((pl.col("raised") - pl.col("raised_usd")).abs() < 1)
    )


def company_in(transaction: str) -> pl.Expr:
    """Return the company in the name of a round: "Series A - Acme"."""
    return pl.col(transaction).str.replace(r"^.+? - ", "")


def split_names(text: str) -> list[str]:
    """Return names separated by commas, except the comma before a legal form (``Example Capital, Inc.``)."""
    return [name.strip() for name in re.split(rf",(?!\s*(?:{_LEGAL})\b)", text) if name.strip()]


def parse_rounds(content: bytes) -> pl.DataFrame:
    rows = csv_rows(content, list(HEADER)).rename(HEADER)
    region = pl.when(~pl.col("location").str.contains(DOUBTFUL)).then(PLACE["region"])
    return rows.with_columns(
        **(PLACE | {"region": region}),
        company=company_in("transaction"),
        lead=pl.col("lead").map_elements(lambda text: "|".join(firms(split_names(text))) or None, pl.String),
    )


SOURCE = Source(
    name="crunchbase_rounds_2026",
    title="Crunchbase rounds in artificial intelligence, January and February 2026",
    publisher="Crunchbase, by way of ozgurgulerx/startup-investments",
    landing_page="https://github.com/ozgurgulerx/startup-investments",
    licence="None stated; Crunchbase reserves its rights",
    licence_class="restricted",
    citation=f"Crunchbase, rounds of January and February 2026, as in ozgurgulerx/startup-investments at commit {COMMIT[:7]}",
    cadence="once",
    subjects=("deals", "companies", "investors"),
    priority=6,
    tables=(fixed_table("rounds", Rounds, 637, parse_rounds, URLS, CSV_TYPES),),
)
