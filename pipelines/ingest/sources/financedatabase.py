"""Listed companies of eight exchanges with seat, sector and year founded, from JerBouma/FinanceDatabase (MIT).

What bites: the files also hold funds, preferred shares, notes, warrants and units, which are no companies; sectors are
partly made by a model; the year founded stands only in the summary. Some addresses are another company's, joined by
likeness of names (reviewed at commit 268be5d): 27 companies of China, Hong Kong and Macau, most of them called "…
Network …" and first of all 000004.SZ of Shenzhen, sit in "CA, San Francisco"; 16 with a mainland listing sit abroad; 7
whose name or ticker holds "rh" sit in Corte Madera with the retailer RH. They stay as printed and carry
``is_address_doubtful``; name, sector and year founded of such a row may be another company's as well. NMS and NYQ are
not among the recordings.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

HEADER = [
    "symbol", "name", "summary", "currency", "sector", "industry_group", "industry", "exchange", "mic", "market", "country",
    "state", "city", "zipcode", "website", "market_cap", "isin", "cusip", "figi", "composite_figi", "shareclass_figi",
    "delisted",
]  # fmt: skip

#: Each exchange has a file of its own; with the fewest rows that make it whole.
EXCHANGES = {"SHH": 1_500, "SHZ": 2_100, "HKG": 1_500, "NMS": 1_000, "NYQ": 1_000, "NCM": 900, "NGM": 250, "ASE": 1_000}
MAINLAND = ["SHH", "SHZ"]

SECTORS = [
    "Communication Services", "Consumer Discretionary", "Consumer Staples", "Energy", "Financials", "Health Care",
    "Industrials", "Information Technology", "Materials", "Real Estate", "Utilities",
]  # fmt: skip

# Fund codes of Shanghai and Shenzhen; the caret marks the preferred shares of New York.
_NO_COMPANY_SYMBOL = r"^5[0-9]{5}\.SS$|^1[0-9]{5}\.SZ$|\^"
_NO_COMPANY_NAME = (
    r"(?i)\b(ETFs?|ETN|Fund|LOF|iShares|Leveraged Product|Preferred|Notes|Debentures?|Warrants?|Units?|Rights?|RTS)\b"
)
_FOUNDED = r"(?:was (?:founded|incorporated|established)|founded) in (?:\w+ )?((?:1[6-9]|20)[0-9][0-9])"


class Equities(dy.Schema):
    """One row per share of a company listed, or once listed, on one of eight exchanges."""

    symbol = dy.String(primary_key=True, metadata=doc("Ticker with the suffix of its exchange, such as 300750.SZ."))
    company = dy.String(nullable=False, metadata=doc("English name as printed."))
    country = dy.String(nullable=False, metadata=doc("Country of the seat, in English."))
    region = dy.String(nullable=True, metadata=doc("State or province; not given for China and Hong Kong."))
    place = dy.String(nullable=True, metadata=doc("City of the seat as printed; districts and spellings vary."))
    is_address_doubtful = dy.Bool(
        nullable=False,
        metadata=doc("Known errors: China, Hong Kong or Macau with a state; a mainland listing seated abroad; Corte Madera."),
    )
    exchange = dy.Enum([*EXCHANGES], nullable=False, metadata=doc("Code of the exchange: SHH Shanghai, SHZ Shenzhen …"))
    sector = dy.Enum(SECTORS, nullable=True, metadata=doc("GICS sector, partly assigned by a model."))
    industry_group = dy.String(nullable=True, metadata=doc("GICS industry group, partly assigned by a model."))
    industry = dy.String(nullable=True, metadata=doc("GICS industry, partly assigned by a model."))
    is_delisted = dy.Bool(nullable=False, metadata=doc("No longer listed."))
    founded_year = dy.Int32(nullable=True, min=1600, max=2100, metadata=doc("Year founded, as the summary tells it."))


def parse_equities(content: bytes) -> pl.DataFrame:
    """The companies of one exchange's file; raises Refused unless all its rows are of one known exchange."""
    rows = csv_rows(content, HEADER)
    # Before anything is left out: a row that slid by a column must not pass for a fund.
    _check_vocabulary(rows, "exchange", [*EXCHANGES])
    _check_vocabulary(rows, "exchange", rows["exchange"].head(1).to_list())
    _check_vocabulary(rows, "delisted", ["True", "False"])
    least = EXCHANGES[rows["exchange"][0]] if rows.height else 1
    if rows.height < least:
        raise refuse(f"{rows.height} rows, expected at least {least}", "Fetch it again; it was cut")
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
        "symbol",
        "country",
        "exchange",
        "sector",
        "industry_group",
        "industry",
        "source_row",
        company="name",
        region="state",
        place="city",
        is_address_doubtful=is_address_doubtful,
        is_delisted=pl.col("delisted") == "True",
        founded_year=pl.col("summary").str.extract(_FOUNDED),
    )


def _check_vocabulary(rows: pl.DataFrame, column: str, allowed: list[str]) -> None:
    strange = rows.filter(~pl.col(column).is_in(allowed).fill_null(False))
    for value, row in strange.select(column, "source_row").head(1).iter_rows():
        raise refuse(f"{value!r} is not in the vocabulary", f"Use one of {', '.join(allowed)}", row=row, column=column)


SOURCE = Source(
    name="financedatabase",
    title="FinanceDatabase: equities",
    publisher="Jeroen Bouma and contributors",
    landing_page="https://github.com/JerBouma/FinanceDatabase",
    licence="MIT",
    licence_class="open",
    citation="Bouma, J., FinanceDatabase, github.com/JerBouma/FinanceDatabase",
    cadence="weekly",
    tables=(
        Table(
            "equities",
            Equities,
            (6_700, 20_000),
            parse_equities,
            tuple(
                f"https://raw.githubusercontent.com/JerBouma/FinanceDatabase/main/database/equities/{one}.csv"
                for one in EXCHANGES
            ),
            accepts=("text/plain", "text/csv"),
        ),
    ),
)
