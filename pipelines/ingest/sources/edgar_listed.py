"""Read all filers that have a ticker at the SEC, with their city, from john-friedman/datamule-data (MIT).

Not all of them are listed companies. Blank-check companies have the industry 6770, or "Acquisition" in their name. Funds,
royalty trusts and asset-backed securities are told by industry or name. A filer without an industry is a fund, a lender or
the American receipt of a foreign share; banks alone are companies. A ticker may be quoted over the counter only, as those of
shells are, or on no exchange yet. Everything lands; ``kind`` and ``exchange`` tell these apart.

There is no day of listing. ``start_date`` is the first submission since the present name: 1994 means that the company is older
than EDGAR. Delisted companies are gone. A foreign filer often has a city and no country, and the code I9 of one filer has no
meaning in the SEC's table.

The list takes companies of all countries by one rule, but most companies list at home. Of 5,400 companies listed on the
mainland's exchanges few are here, so beside the Bay Area it has too few Chinese companies. Cities of one country compare better.

The file as published also has streets, telephone numbers and tax numbers, which are never read.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.readers.archives import gunzipped
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources import reference
from pipelines.ingest.sources.edgar.identifiers import filing_day, locations

URL = "https://raw.githubusercontent.com/john-friedman/datamule-data/HEAD/data/filer_metadata/listed_filer_metadata.csv.gz"

#: Media types under which servers send compressed files.
GZIP_TYPES = ("application/octet-stream", "application/gzip", "application/x-gzip")

HEADER = [
    "name", "cik", "start_date", "business_city", "business_stateOrCountry", "entityType", "exchanges", "sic",
    "sicDescription", "tickers",
]  # fmt: skip

#: Exchanges, of which the first that a filer has is taken, and quotation over the counter.
EXCHANGES = ["NYSE", "Nasdaq", "CBOE", "OTC"]
KINDS = ["company", "blank check", "fund", "without industry"]

BLANK_CHECK = "6770"
#: No industry stated, asset-backed securities and investment offices.
_FUNDS = ["0000", "6189", "6726"]
#: Commodity contracts: trusts that hold metals or currencies, and a few brokers.
_COMMODITIES = "6221"
_FUND_NAME = r"(?i)\b(ETFs?|ETN|ETP|Funds?|Royalty Trust)\b"
_UNKNOWN_CODE = "I9"

#: How Python prints the lists of exchanges and of tickers.
_EXCHANGES = r"^\[(('[A-Za-z]+'|None)(, |\]$))+$"
_TICKERS = r"^\[('[A-Z0-9.\-]+'(, |\]$))+$"


class Filers(dy.Schema):
    """One row per filer with a ticker."""

    cik = columns.long_integer("Number of the filer (CIK).", 1, 9_999_999_999, primary_key=True)
    company = columns.text("Name, as filed.")
    kind = columns.category("Company, blank check or fund, as industry and name tell; or without industry.", KINDS)
    exchange = columns.category("Exchange, or OTC if it is quoted over the counter; empty if neither.", EXCHANGES, nullable=True)
    tickers = columns.text("Tickers, separated by |.", r"^[A-Z0-9.\-]+(\|[A-Z0-9.\-]+)*$", "Separate tickers with |")
    place = columns.text("City of the business address, as filed.", nullable=True)
    location_code = columns.text("The SEC's code of its state or country; often empty abroad.", nullable=True)
    country = columns.country("Country that the code means.", nullable=True)
    region = columns.text("State or province that the code means.", nullable=True)
    entity_type = columns.category("Kind of filer; others are funds and foreign issuers.", ["operating", "other", "investment"])
    sic = columns.text("Standard Industrial Classification.", r"^[0-9]{4}$", "Write four digits", nullable=True)
    industry = columns.text("Industry, as the SEC names the classification.", nullable=True)
    first_filed_on = filing_day("First submission since the present name; not the day of listing.")

    location_code_is_in_the_table_of_the_sec = columns.rule(
        pl.col("location_code").is_in([*locations(), _UNKNOWN_CODE]) | pl.col("location_code").is_null()
    )


def parse_filers(content: bytes) -> pl.DataFrame:
    """Return the filers of a compressed CSV file; what does not have the printed form stays, so that the contract refuses it."""
    rows = csv_rows(gunzipped(content), HEADER, ignores_others=True)
    places = reference.FILES.read("edgar_locations").select("country", "region", location_code="code")
    filers = rows.select(
        ["source_row", "sic"],
        cik=pl.when(pl.col("cik").str.contains(r"^[0-9]{10}$")).then("cik"),
        company="name",
        kind=_kind(),
        exchange=_exchange(),
        tickers=_listed("tickers", _TICKERS),
        place="business_city",
        location_code=pl.col("business_stateOrCountry").str.to_uppercase(),
        entity_type="entityType",
        industry="sicDescription",
        first_filed_on="start_date",
    )
    return filers.join(places, on="location_code", how="left", maintain_order="left")


def _kind() -> pl.Expr:
    name, sic = pl.col("name"), pl.col("sic")
    is_fund = (
        sic.is_in(_FUNDS)
        | name.str.contains(_FUND_NAME)
        | ((sic == _COMMODITIES) & name.str.contains(r"(?i)\btrust\b")).fill_null(False)
    )
    return (
        pl.when(sic == BLANK_CHECK)
        .then(pl.lit("blank check"))
        .when(is_fund)
        .then(pl.lit("fund"))
        .when(sic.is_null() & ~name.str.contains(r"(?i)\bbank\b"))
        .then(pl.lit("without industry"))
        .when(name.str.contains(r"(?i)\bacquisitions?\b"))
        .then(pl.lit("blank check"))
        .otherwise(pl.lit("company"))
    )


def _exchange() -> pl.Expr:
    """Return the first of the exchanges that a filer has; the contract refuses what a cell of another form becomes."""
    cell = pl.col("exchanges").fill_null("")
    chosen = pl.coalesce(*(pl.when(cell.str.contains(f"'{name}'")).then(pl.lit(name)) for name in EXCHANGES))
    is_other = ~cell.str.contains(_EXCHANGES) | (chosen.is_null() & cell.str.contains("'"))
    return pl.when(is_other).then("not a list: " + cell).otherwise(chosen)


def _listed(column: str, form: str) -> pl.Expr:
    cell = pl.col(column)
    return pl.when(cell.str.contains(form)).then(cell.str.replace_all(r"[\[\]' ]", "").str.replace_all(",", "|")).otherwise(cell)


SOURCE = Source(
    name="edgar_listed",
    title="Filers with a ticker at the SEC",
    publisher="U.S. Securities and Exchange Commission, by way of john-friedman/datamule-data",
    landing_page="https://github.com/john-friedman/datamule-data",
    licence="MIT; the facts are in the public domain (work of the United States government)",
    licence_class="open",
    citation="U.S. Securities and Exchange Commission, EDGAR, by way of github.com/john-friedman/datamule-data",
    cadence="daily",
    subjects=("companies",),
    priority=6,
    # American exchanges: of other countries it holds what lists abroad, so it compares American cities alone.
    is_worldwide=False,
    tables=(Table("filers", Filers, (7_000, 12_000), parse_filers, (URL,), GZIP_TYPES),),
)
