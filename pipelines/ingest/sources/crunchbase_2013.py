"""Crunchbase as of October 2013, United States only: companies, rounds and acquisitions under an open licence.

What bites: the files were saved by Excel for Mac, so lines end in CR and letters are in Mac Roman. Excel also turned 13
totals of companies into dates or ``####``; totals are left out, the rounds give them. It made ``#NAME?`` of one name
that begins like a formula; the name's form in its permalink stands there instead, for a permalink is published too.
Names broken earlier (``agÃ¡mi``) are kept as printed. Rounds have no key: 124 rows in 61 groups are alike in everything,
and stay. The first of January often stands for the year alone. Places are as users typed them (``Austin,``).
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

COMMIT = "9303ebdc38fd6dbaa597e12a81edeec0246a61e2"
COMPANY = {
    "company_permalink": "company_key",
    "company_name": "company",
    "company_category_code": "category",
    "company_country_code": "country",
    "company_state_code": "region",
    "company_region": "metro",
    "company_city": "place",
}
ACQUIRER = {
    "acquirer_permalink": "acquirer_key",
    "acquirer_name": "acquirer",
    "acquirer_category_code": "acquirer_category",
    "acquirer_country_code": "acquirer_country",
    "acquirer_state_code": "acquirer_region",
    "acquirer_region": "acquirer_metro",
    "acquirer_city": "acquirer_place",
}
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


def _key(text: str, *, is_unique: bool = False) -> dy.String:
    return dy.String(
        nullable=False, primary_key=is_unique, regex=r"^/company/[a-z0-9-]+$", metadata=doc(text, "It begins with /company/")
    )


def _country(text: str, *, nullable: bool = False) -> dy.String:
    return dy.String(nullable=nullable, regex=r"^[A-Z]{3}$", metadata=doc(text, "Three letters"))


def _region(text: str) -> dy.String:
    return dy.String(nullable=True, regex=r"^[A-Z]{2}$", metadata=doc(text, "Two letters"))


def _date(text: str, *, nullable: bool = False) -> dy.String:
    return dy.String(nullable=nullable, regex=r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]$", metadata=doc(text, "YYYY-MM-DD"))


def _year(text: str, *, nullable: bool = False) -> dy.Int32:
    return dy.Int32(nullable=nullable, min=1900, max=2013, metadata=doc(text))


class _Company(dy.Schema):
    """What every table says of a company."""

    company_key = _key("Permalink of the company.")
    company = dy.String(nullable=False, metadata=doc("Company as printed."))
    category = dy.String(nullable=True, metadata=doc("Category of the company, such as software."))
    country = _country("Country of the company.")
    region = _region("State of the company.")
    metro = dy.String(nullable=False, metadata=doc("Its metropolitan region as Crunchbase drew it, such as SF Bay."))
    place = dy.String(nullable=True, metadata=doc("City of the company as printed."))


class Companies(_Company):
    """One row per American company in Crunchbase that had raised money."""

    company_key = _key("Permalink of the company.", is_unique=True)
    status = dy.Enum(["operating", "acquired", "ipo", "closed"], nullable=False, metadata=doc("What became of it by 2013."))
    founded_at = _date("Date of founding.", nullable=True)
    founded_year = _year("Year of founding.", nullable=True)

    @dy.rule()
    def founded_year_is_that_of_founded_at(cls) -> pl.Expr:
        return pl.col("founded_at").str.slice(0, 4).eq_missing(pl.col("founded_year").cast(pl.String))


class Rounds(_Company):
    """One row per financing round of an American company, without its investors."""

    round_type = dy.Enum(
        ["angel", "venture", "series-a", "series-b", "series-c+", "private-equity", "post-ipo", "crowdfunding", "other"],
        nullable=False,
        metadata=doc("Type of the round."),
    )
    funded_at = _date("Date of the round.")
    funded_year = _year("Year of the round.")
    raised_usd = dy.Float64(nullable=True, min=0, metadata=doc("US dollars raised."))

    @dy.rule()
    def funded_year_is_that_of_funded_at(cls) -> pl.Expr:
        return pl.col("funded_at").str.slice(0, 4) == pl.col("funded_year").cast(pl.String)


class Acquisitions(_Company):
    """One row per acquisition of an American company."""

    acquirer_key = _key("Permalink of the buyer.")
    acquirer = dy.String(nullable=False, metadata=doc("Buyer as printed."))
    acquirer_category = dy.String(nullable=True, metadata=doc("Category of the buyer."))
    acquirer_country = _country("Country of the buyer.", nullable=True)
    acquirer_region = _region("State of the buyer.")
    acquirer_metro = dy.String(nullable=False, metadata=doc("Metropolitan region of the buyer; `unknown` as printed."))
    acquirer_place = dy.String(nullable=True, metadata=doc("City of the buyer as printed."))
    acquired_at = _date("Date of the acquisition.")
    acquired_year = _year("Year of the acquisition.")
    price = dy.Float64(nullable=True, min=0, metadata=doc("Price paid, in price_currency."))
    price_currency = _country("Currency of the price; USD also where no price is given.", nullable=True)

    @dy.rule()
    def acquired_year_is_that_of_acquired_at(cls) -> pl.Expr:
        return pl.col("acquired_at").str.slice(0, 4) == pl.col("acquired_year").cast(pl.String)


def _rows(content: bytes, header: list[str]) -> pl.DataFrame:
    rows = csv_rows(content, header, encoding="mac_roman")
    # Every byte is Mac Roman, so only the reverse can be tested: text that is UTF-8 and not ASCII is not Mac Roman.
    try:
        is_utf8 = bool(content.decode("utf-8")) and not content.isascii()
    except UnicodeDecodeError:
        is_utf8 = False
    if is_utf8:
        raise refuse("is UTF-8 where MAC_ROMAN was expected", "Save or fetch the file again as MAC_ROMAN")
    return rows


def _name() -> pl.Expr:
    """The company's name, or its form in the permalink where Excel took it for a formula."""
    slug = pl.col("company_key").str.strip_prefix("/company/")
    return pl.when(pl.col("company") == "#NAME?").then(slug).otherwise("company").alias("company")


def parse_companies(content: bytes) -> pl.DataFrame:
    """One row per record of the file."""
    return _rows(content, COMPANIES).rename(PROFILE).with_columns(_name())


def parse_rounds(content: bytes) -> pl.DataFrame:
    """One row per record of the file."""
    renamed = COMPANY | {"funding_round_type": "round_type", "raised_amount_usd": "raised_usd"}
    return _rows(content, ROUNDS).rename(renamed).with_columns(_name())


def parse_acquisitions(content: bytes) -> pl.DataFrame:
    """One row per record that is not blank throughout, as the last quarter of the file is."""
    renamed = COMPANY | ACQUIRER | {"price_amount": "price", "price_currency_code": "price_currency"}
    return _rows(content, ACQUISITIONS).rename(renamed)


def _address(file: str) -> tuple[str]:
    return (f"https://raw.githubusercontent.com/datahoarder/crunchbase-october-2013/{COMMIT}/{file}",)


_CSV = ("text/plain", "text/csv")
SOURCE = Source(
    name="crunchbase_2013",
    title="Crunchbase, October 2013, United States",
    publisher="Crunchbase, by way of datahoarder/crunchbase-october-2013",
    landing_page="https://github.com/datahoarder/crunchbase-october-2013",
    licence="CC BY, by Crunchbase's policy until December 2013",
    licence_class="open",
    citation=f"Crunchbase, October 2013 export, as in datahoarder/crunchbase-october-2013 at commit {COMMIT[:7]}",
    cadence="once",
    tables=(
        Table(
            "companies", Companies, (17_727, 17_727), parse_companies, _address("crunchbase-companies.csv"), _CSV, is_final=True
        ),
        Table("rounds", Rounds, (31_679, 31_679), parse_rounds, _address("crunchbase-rounds.csv"), _CSV, is_final=True),
        Table(
            "acquisitions",
            Acquisitions,
            (4_651, 4_651),
            parse_acquisitions,
            _address("crunchbase-acquisitions.csv"),
            _CSV,
            is_final=True,
        ),
    ),
)
