"""Read American companies, rounds and acquisitions from Crunchbase as of October 2013, under an open licence.

Excel for Mac saved the files, so lines end in CR and letters are in Mac Roman. Excel also turned 13 totals of companies
into dates or ``####``; totals are left out because the rounds give them. It made ``#NAME?`` of one name that begins like
a formula; the name's form in its public permalink replaces it. Names that were broken earlier (``agÃ¡mi``) are kept as
printed. Rounds have no key: 124 rows in 61 groups are alike in everything. All of them land, and `staging.deals` takes each
group for one round. The first of January often means that only the year is known, and `staging.deals` always takes it
so. Places are as users typed them (``Austin,``).
"""

from collections.abc import Callable

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows
from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources.crunchbase_2015 import header_of

COMMIT = "9303ebdc38fd6dbaa597e12a81edeec0246a61e2"
COMPANY = header_of("company", "category_code")
ACQUIRER = header_of("acquirer", "category_code")
PROFILE = {printed.removeprefix("company_"): name for printed, name in COMPANY.items()}
COMPANIES = [
    *PROFILE, "status", "founded_at", "founded_month", "founded_quarter", "founded_year",
    "funding_total_usd", "funding_rounds", "first_funding_at", "last_funding_at", "last_milestone_at",
]  # fmt: skip
ROUNDS = [
    *COMPANY, "funding_round_type", "funded_at", "funded_month", "funded_quarter", "funded_year", "raised_amount_usd",
]  # fmt: skip
ACQUISITIONS = [
    *COMPANY, *ACQUIRER, "acquired_at", "acquired_month", "acquired_quarter", "acquired_year", "price_amount",
    "price_currency_code",
]  # fmt: skip
ROUND_TYPES = ["angel", "venture", "series-a", "series-b", "series-c+", "private-equity", "post-ipo", "crowdfunding", "other"]


def _key(holds: str, *, primary_key: bool = False) -> dy.String:
    return columns.text(holds, r"^/company/[a-z0-9-]+$", "It begins with /company/", primary_key=primary_key)


def _state(holds: str) -> dy.String:
    return columns.text(holds, r"^[A-Z]{2}$", "Write two letters", nullable=True)


def _date(holds: str, *, nullable: bool = False) -> dy.String:
    return columns.day(holds, r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]$", nullable=nullable)


def _year(holds: str, *, nullable: bool = False) -> dy.Int32:
    return columns.integer(holds, 1900, 2013, nullable=nullable)


class _Company(dy.Schema):
    """Columns that describe the company in every table."""

    company_key = _key("Permalink of the company.")
    company = columns.text("Company, as printed.")
    category = columns.text("Category of the company, such as software.", nullable=True)
    country = columns.country3("Country of the company.")
    region = _state("State of the company.")
    metro = columns.text("Metropolitan region as Crunchbase draws it, such as SF Bay.")
    place = columns.text("City of the company, as printed.", nullable=True)


class Companies(_Company):
    """One row per American company in Crunchbase that had raised money."""

    company_key = _key("Permalink of the company.", primary_key=True)
    status = columns.category("What had become of it by 2013.", ["operating", "acquired", "ipo", "closed"])
    founded_at = _date("Date of founding.", nullable=True)
    founded_year = _year("Year of founding.", nullable=True)

    founded_year_is_that_of_founded_at = columns.rule(
        pl.col("founded_at").str.slice(0, 4).eq_missing(pl.col("founded_year").cast(pl.String))
    )


class Rounds(_Company):
    """One row per financing round of an American company, without its investors."""

    round_type = columns.category("Type of the round.", ROUND_TYPES)
    funded_at = _date("Date of the round.")
    funded_year = _year("Year of the round.")
    raised_usd = columns.usd("US dollars raised.")

    funded_year_is_that_of_funded_at = columns.rule(pl.col("funded_at").str.slice(0, 4) == pl.col("funded_year").cast(pl.String))


class Acquisitions(_Company):
    """One row per acquisition of an American company."""

    acquirer_key = _key("Permalink of the buyer.")
    acquirer = columns.text("Buyer, as printed.")
    acquirer_category = columns.text("Category of the buyer.", nullable=True)
    acquirer_country = columns.country3("Country of the buyer.", nullable=True)
    acquirer_region = _state("State of the buyer.")
    acquirer_metro = columns.text("Metropolitan region of the buyer; `unknown` as printed.")
    acquirer_place = columns.text("City of the buyer, as printed.", nullable=True)
    acquired_at = _date("Date of the acquisition.")
    acquired_year = _year("Year of the acquisition.")
    price = columns.number("Price paid, in price_currency.", 0, nullable=True)
    price_currency = columns.currency("Currency of the price; USD even if no price is given.", nullable=True)

    acquired_year_is_that_of_acquired_at = columns.rule(
        pl.col("acquired_at").str.slice(0, 4) == pl.col("acquired_year").cast(pl.String)
    )


def _name() -> pl.Expr:
    """Return the company's name, or its form in the permalink if Excel took the name for a formula."""
    slug = pl.col("company_key").str.strip_prefix("/company/")
    return pl.when(pl.col("company") == "#NAME?").then(slug).otherwise("company").alias("company")


def parse_companies(content: bytes) -> pl.DataFrame:
    return csv_rows(content, COMPANIES, encoding="mac_roman").rename(PROFILE).with_columns(_name())


def parse_rounds(content: bytes) -> pl.DataFrame:
    renamed = COMPANY | {"funding_round_type": "round_type", "raised_amount_usd": "raised_usd"}
    return csv_rows(content, ROUNDS, encoding="mac_roman").rename(renamed).with_columns(_name())


def parse_acquisitions(content: bytes) -> pl.DataFrame:
    """Return one row per record that is not blank throughout; the last quarter of the file is."""
    renamed = COMPANY | ACQUIRER | {"price_amount": "price", "price_currency_code": "price_currency"}
    return csv_rows(content, ACQUISITIONS, encoding="mac_roman").rename(renamed)


def _table(name: str, contract: type[dy.Schema], rows: int, parse: Callable[[bytes], pl.DataFrame]) -> Table:
    url = f"https://raw.githubusercontent.com/datahoarder/crunchbase-october-2013/{COMMIT}/crunchbase-{name}.csv"
    return Table(name, contract, (rows, rows), parse, (url,), CSV_TYPES, is_final=True)


SOURCE = Source(
    name="crunchbase_2013",
    title="Crunchbase, October 2013, United States",
    publisher="Crunchbase, by way of datahoarder/crunchbase-october-2013",
    landing_page="https://github.com/datahoarder/crunchbase-october-2013",
    licence="CC BY, by Crunchbase's policy until December 2013",
    licence_class="open",
    citation=f"Crunchbase, October 2013 export, as in datahoarder/crunchbase-october-2013 at commit {COMMIT[:7]}",
    cadence="once",
    subjects=("deals", "companies"),
    priority=5,
    tables=(
        _table("companies", Companies, 17_727, parse_companies),
        _table("rounds", Rounds, 31_679, parse_rounds),
        _table("acquisitions", Acquisitions, 4_651, parse_acquisitions),
    ),
)
