"""Read listed companies of eight exchanges with seat, sector and year founded, from JerBouma/FinanceDatabase (MIT).

The files also hold funds, preferred shares, notes, warrants and units, which are left out. A model assigned part of the
sectors. The year founded stands only in the summary. The files of NMS and NYQ are not among the recordings.

Some addresses belong to another company with a similar name (reviewed at commit 268be5d). 27 companies of China, Hong Kong
and Macau, most of them called "… Network …" and first among them 000004.SZ of Shenzhen, sit in "CA, San Francisco". 16 with
a mainland listing sit abroad. 7 whose name or ticker contains "rh" sit in Corte Madera with the retailer RH. These rows stay
as printed and carry ``is_address_doubtful``; their name, sector and year founded may be another company's as well.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import refuse_rows
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows
from pipelines.ingest.source import Parts, Source, Table

HEADER = [
    "symbol", "name", "summary", "currency", "sector", "industry_group", "industry", "exchange", "mic", "market", "country",
    "state", "city", "zipcode", "website", "market_cap", "isin", "cusip", "figi", "composite_figi", "shareclass_figi",
    "delisted",
]  # fmt: skip

#: Exchange → fewest rows of a whole file. Each exchange has a file of its own.
EXCHANGES = {"SHH": 1_500, "SHZ": 2_100, "HKG": 1_500, "NMS": 1_000, "NYQ": 1_000, "NCM": 900, "NGM": 250, "ASE": 1_000}
#: Address → exchange.
URLS = {
    f"https://raw.githubusercontent.com/JerBouma/FinanceDatabase/main/database/equities/{code}.csv": code for code in EXCHANGES
}
MAINLAND = ["SHH", "SHZ"]

SECTORS = [
    "Communication Services", "Consumer Discretionary", "Consumer Staples", "Energy", "Financials", "Health Care",
    "Industrials", "Information Technology", "Materials", "Real Estate", "Utilities",
]  # fmt: skip

#: Codes of funds in Shanghai and Shenzhen; in New York a caret marks preferred shares.
_NO_COMPANY_SYMBOL = r"^5[0-9]{5}\.SS$|^1[0-9]{5}\.SZ$|\^"
_NO_COMPANY_NAME = (
    r"(?i)\b(ETFs?|ETN|Fund|LOF|iShares|Leveraged Product|Preferred|Notes|Debentures?|Warrants?|Units?|Rights?|RTS)\b"
)
_FOUNDED = r"(?:was (?:founded|incorporated|established)|founded) in (?:\w+ )?((?:1[6-9]|20)[0-9][0-9])"


class Equities(dy.Schema):
    """One row per share of a company listed, or once listed, on one of eight exchanges."""

    symbol = columns.text("Ticker with the suffix of its exchange, such as 300750.SZ.", primary_key=True)
    company = columns.text("English name, as printed.")
    country = columns.text("Country of the seat, in English.")
    region = columns.text("State or province; not given for China and Hong Kong.", nullable=True)
    place = columns.text("City of the seat, as printed; districts and spellings vary.", nullable=True)
    postcode = columns.text("Postcode of the seat, as printed; leading zeros are lost.", nullable=True)
    is_address_doubtful = columns.flag(
        "Known errors: China, Hong Kong or Macau with a state; a mainland listing with a seat abroad; Corte Madera."
    )
    exchange = columns.category("Code of the exchange: SHH is Shanghai, SHZ Shenzhen.", [*EXCHANGES])
    sector = columns.category("GICS sector, partly assigned by a model.", SECTORS, nullable=True)
    industry_group = columns.text("GICS industry group, partly assigned by a model.", nullable=True)
    industry = columns.text("GICS industry, partly assigned by a model.", nullable=True)
    is_delisted = columns.flag("Whether it is no longer listed.")
    founded_year = columns.year("Year of founding, as the summary states it.", 1600, nullable=True)


def parse_equities(content: bytes) -> pl.DataFrame:
    """Return the companies in the file of one exchange; raise Refused unless all rows belong to one known exchange."""
    rows = csv_rows(content, HEADER)
    # Checked before anything is left out, so that a row moved by one column does not pass for a fund.
    _check_vocabulary(rows, "exchange", [*EXCHANGES])
    _check_vocabulary(rows, "exchange", rows["exchange"].head(1).to_list())
    _check_vocabulary(rows, "delisted", ["True", "False"])
    least = EXCHANGES[rows["exchange"][0]] if rows.height else 1
    if rows.height < least:
        raise refuse(f"{rows.height} rows, expected at least {least}", "Fetch the file again; it was cut off")
    is_company = (
        pl.col("country").is_not_null()
        & pl.col("name").is_not_null()
        & ~pl.col("symbol").str.contains(_NO_COMPANY_SYMBOL).fill_null(False)
        & ~pl.col("name").str.contains(_NO_COMPANY_NAME)
    )
    is_address_doubtful = pl.any_horizontal(
        pl.col("country").is_in(["China", "Hong Kong", "Macau"]) & pl.col("state").is_not_null(),
        pl.col("exchange").is_in(MAINLAND) & (pl.col("country") != "China"),
        (pl.col("city") == "Corte Madera") & (pl.col("symbol") != "RH"),
    ).fill_null(False)
    return rows.filter(is_company).select(
        ["symbol", "country", "exchange", "sector", "industry_group", "industry", "source_row"],
        company="name",
        region="state",
        place="city",
        postcode="zipcode",
        is_address_doubtful=is_address_doubtful,
        is_delisted=pl.col("delisted") == "True",
        founded_year=pl.col("summary").str.extract(_FOUNDED),
    )


def _check_vocabulary(rows: pl.DataFrame, column: str, allowed: list[str]) -> None:
    is_other = ~pl.col(column).is_in(allowed).fill_null(False)
    refuse_rows(rows, is_other, column, "{value} is not in the vocabulary", f"Use one of {', '.join(allowed)}")


SOURCE = Source(
    name="financedatabase",
    title="FinanceDatabase: equities",
    publisher="Jeroen Bouma and contributors",
    landing_page="https://github.com/JerBouma/FinanceDatabase",
    licence="MIT",
    licence_class="open",
    citation="Bouma, J., FinanceDatabase, github.com/JerBouma/FinanceDatabase",
    cadence="weekly",
    subjects=("companies",),
    priority=7,
    is_worldwide=True,
    tables=(
        Table("equities", Equities, (6_700, 20_000), parse_equities, (*URLS,), CSV_TYPES, parts=Parts("exchange", URLS.get)),
    ),
)
