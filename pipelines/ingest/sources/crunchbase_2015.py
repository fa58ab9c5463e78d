"""Read companies, rounds, investments and acquisitions from the Crunchbase export of 4 December 2015.

Places are those of 2015. Users typed years such as 1201 and 3201. In the file of acquisitions, a buyer's name that begins
with a quotation mark made one cell swallow 147 other acquisitions, YouTube, Youku and Zappos among them; they are
restored. An investor may be a person: the parser keeps the investment and drops everything about the person. The totals
of companies are left out because the rounds give them.

Only the file of acquisitions has been read so far, and a copy of the rounds without the columns of the company. The copy has
permalinks in mixed case, whose accented letters are broken beyond repair, and dates from the day to the year. Companies and
investments are parsed as their documentation describes them.
"""

from collections.abc import Callable

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows, day_in
from pipelines.ingest.source import Source, Table

COMMIT = "be8711fd4ee6b81110d243eb887ccc6bc8513601"
ROUND_TYPES = [
    "seed", "angel", "venture", "private_equity", "equity_crowdfunding", "product_crowdfunding", "convertible_note",
    "debt_financing", "grant", "non_equity_assistance", "secondary_market", "post_ipo_equity", "post_ipo_debt", "undisclosed",
]  # fmt: skip


def header_of(role: str, category: str | None) -> dict[str, str]:
    """Return the columns that describe a company in a role, as printed → as landed; ``category`` is the name of that column."""
    prefix = "" if role == "company" else f"{role}_"
    described = {category: "category"} if category else {}
    described |= {"country_code": "country", "state_code": "region", "region": "metro", "city": "place"}
    return {f"{role}_permalink": f"{role}_key", f"{role}_name": role} | {
        f"{role}_{printed}": f"{prefix}{name}" for printed, name in described.items()
    }


COMPANY = header_of("company", "category_list")
ACQUIRER = header_of("acquirer", "category_list")
INVESTOR = header_of("investor", None)
ROUND = {
    "funding_round_permalink": "round_key", "funding_round_type": "round_type", "funding_round_code": "round_code",
    "funded_at": "funded_at", "raised_amount_usd": "raised_usd",
}  # fmt: skip
ACQUISITION = {
    "acquired_at": "acquired_at", "acquired_month": "acquired_month", "price_amount": "price",
    "price_currency_code": "price_currency",
}  # fmt: skip
PROFILE = {printed.removeprefix("company_"): name for printed, name in COMPANY.items()}
COMPANIES = [
    *PROFILE, "status", "founded_at",
    "homepage_url", "funding_total_usd", "funding_rounds", "first_funding_at", "last_funding_at",
]  # fmt: skip

#: The buyer whose name swallowed the acquisitions after it; it is a test of the website and no company.
SWALLOWER = "/organization/svg-onload-confirm-1-prompt-xss-source-prompt-0"
#: First cell of the row that holds the rest of the last acquisition swallowed.
REMAINDER = "ns|Technology"
#: Columns of the acquisitions swallowed: two more than the rest of the file has.
SWALLOWED = [*COMPANY, *ACQUIRER, "acquired_at", "acquired_month", "quarter", "year", "price_amount", "price_currency_code"]


def _key(kind: str, holds: str, *, nullable: bool = False, primary_key: bool = False) -> dy.String:
    return columns.text(holds, rf"^/{kind}/\S+$", f"It begins with /{kind}/", nullable=nullable, primary_key=primary_key)


def _name(holds: str) -> dy.String:
    form = "A tab means that the cell swallowed the rows after it, as one in acquisitions.csv did: restore them"
    return columns.text(holds, r"^[^\t]+$", form, nullable=True)


def _region(holds: str) -> dy.String:
    return columns.text(holds, r"^[A-Z0-9]{1,2}$", "Write one or two capitals or digits", nullable=True)


def _date(holds: str) -> dy.String:
    # Its year may be impossible; then the year beside it is empty.
    return columns.text(holds, r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]( 00:00:00)?$", "Write YYYY-MM-DD", nullable=True)


def _year(holds: str, since: int) -> dy.Int32:
    return columns.integer(f"{holds}; empty outside {since}–2016.", since, 2016, nullable=True)


class _Company(dy.Schema):
    """Columns that describe the company in every table."""

    company_key = _key("organization", "Permalink of the company.")
    company = _name("Company, as printed.")
    category = columns.text("Categories of the company, separated by |.", nullable=True)
    country = columns.country3("Country of the company.", nullable=True)
    region = _region("State or province of the company: letters in North America, elsewhere FIPS codes without leading zero.")
    metro = columns.text("Metropolitan region as Crunchbase draws it, such as SF Bay Area or CHN - Other.", nullable=True)
    place = columns.text("City of the company, as printed.", nullable=True)


class Companies(_Company):
    """One row per company in Crunchbase that had raised money."""

    company_key = _key("organization", "Permalink of the company.", primary_key=True)
    status = columns.category("What had become of it by 2015.", ["operating", "acquired", "ipo", "closed"])
    founded_at = _date("Date of founding, as printed.")
    founded_year = _year("Year of founding", 1800)


class _Round(_Company):
    """Columns that describe a round in two tables."""

    round_key = _key("funding-round", "Permalink of the round.")
    round_type = columns.category("Type of the round.", ROUND_TYPES)
    round_code = columns.text("Series of a venture round, such as A.", r"^[A-Z]$", "Write one letter", nullable=True)
    funded_at = _date("Date of the round, as printed.")
    funded_year = _year("Year of the round", 1950)
    raised_usd = columns.usd("US dollars raised in the whole round, by all investors.")


class Rounds(_Round):
    """One row per financing round, without its investors."""

    round_key = _key("funding-round", "Permalink of the round.", primary_key=True)


class Investments(_Round):
    """One row per investor of a round.

    If the investor is a person, every column about the investor is empty except ``investor_kind``.
    """

    investor_kind = columns.category("Kind of investor; empty if not given.", ["organization", "person"], nullable=True)
    investor_key = _key("organization", "Permalink of the investor.", nullable=True)
    investor = _name("Investor, as printed.")
    investor_country = columns.country3("Country of the investor's head office.", nullable=True)
    investor_region = _region("State or province of the investor's head office.")
    investor_metro = columns.text("Metropolitan region of the investor's head office.", nullable=True)
    investor_place = columns.text("City of the investor's head office.", nullable=True)


class Acquisitions(_Company):
    """One row per acquisition."""

    acquirer_key = _key("organization", "Permalink of the buyer.")
    acquirer = _name("Buyer, as printed.")
    acquirer_category = columns.text("Categories of the buyer, separated by |.", nullable=True)
    acquirer_country = columns.country3("Country of the buyer.", nullable=True)
    acquirer_region = _region("State or province of the buyer.")
    acquirer_metro = columns.text("Metropolitan region of the buyer.", nullable=True)
    acquirer_place = columns.text("City of the buyer, as printed.", nullable=True)
    acquired_at = _date("Date of the acquisition as printed, including the years 1201 and 3201.")
    acquired_year = _year("Year of the acquisition", 1950)
    price = columns.number("Price paid, in price_currency.", 0, nullable=True)
    price_currency = columns.currency("Currency of the price; USD even if no price is given.", nullable=True)


def _read_year(date: str, since: int) -> pl.Expr:
    """Return the year of a printed date if it is possible; acquisitions were announced up to 2016."""
    year = pl.col(date).str.slice(0, 4).cast(pl.Int32, strict=False)
    return pl.when(year.is_between(since, 2016)).then(year)


def parse_companies(content: bytes) -> pl.DataFrame:
    rows = csv_rows(content, COMPANIES).rename(PROFILE)
    return rows.with_columns(founded_year=_read_year("founded_at", 1800))


def parse_rounds(content: bytes) -> pl.DataFrame:
    """Return one row per record of the file, or of the copy of it in a ZIP archive."""
    if content.startswith(b"PK"):
        rows = _copied_rounds(zip_member(content, "rounds2.csv"))
    else:
        rows = csv_rows(content, [*COMPANY, *ROUND]).rename(COMPANY | ROUND)
    return rows.with_columns(funded_year=_read_year("funded_at", 1950))


def _copied_rounds(content: bytes) -> pl.DataFrame:
    """Return the rounds of the copy that has nothing about companies but their permalinks."""
    rows = csv_rows(content, ["company_permalink", *ROUND], encoding="latin-1").rename(COMPANY | ROUND, strict=False)
    return rows.with_columns(
        # Broken letters left spaces.
        pl.col("company_key").str.to_lowercase().str.replace_all(r"\s", ""),
        *(pl.lit(None, pl.String).alias(name) for name in list(COMPANY.values())[1:]),
        funded_at=day_in("funded_at", r"^(?<d>[0-9]{2})-(?<m>[0-9]{2})-(?<y>[0-9]{4})$"),
    )


def parse_investments(content: bytes) -> pl.DataFrame:
    """Return one row per record of the file, without the names, keys and places of persons."""
    rows = csv_rows(content, [*COMPANY, *INVESTOR, *ROUND]).rename(COMPANY | INVESTOR | ROUND)
    kind = pl.col("investor_key").str.extract(r"^/([^/]*)/")
    organisation = pl.when((kind == "person").not_().fill_null(True)).then(pl.col(*INVESTOR.values()))
    return rows.with_columns(organisation, investor_kind=kind, funded_year=_read_year("funded_at", 1950))


def parse_acquisitions(content: bytes) -> pl.DataFrame:
    """Return one row per record of the file, and one per record that one of its cells swallowed."""
    rows = _restore(csv_rows(content, [*COMPANY, *ACQUIRER, *ACQUISITION])).rename(COMPANY | ACQUIRER | ACQUISITION)
    return rows.with_columns(acquired_year=_read_year("acquired_at", 1950))


def _restore(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows, with those that one cell swallowed at their own places.

    The cell holds lines of tab-separated fields, up to the 32,767 characters that Excel allows. The rest of the last line
    is a row of its own at the end of the file.
    """
    swallower = rows.filter(pl.col("company_permalink") == SWALLOWER)
    if swallower.is_empty():
        return rows
    if swallower.height > 1:
        raise refuse(f"{SWALLOWER} occurs more than once", "Look for repeated rows", row=swallower[ROW][1])
    start = swallower[ROW].item()
    remainder = rows.filter(pl.col("company_permalink") == REMAINDER).drop(ROW)
    lines = swallower["acquirer_name"].fill_null("").item().split("\n")
    lines[-1] += "\t".join(cell or "" for row in remainder.rows() for cell in row).rstrip("\t")
    records = [line.split("\t") for line in lines[1:]]
    for row, record in enumerate(records, start + 1):
        if len(record) != len(SWALLOWED):
            problem = f"{len(record)} fields in a swallowed row, expected {len(SWALLOWED)}"
            raise refuse(problem, "Compare the cell with the columns of SWALLOWED", row=row)
    swallowed = pl.DataFrame(records, schema=dict.fromkeys(SWALLOWED, pl.String), orient="row").select(remainder.columns)
    swallowed = swallowed.select(pl.all().str.strip_chars().replace("", None)).with_columns(
        pl.col("acquired_at").str.strip_suffix(" 00:00:00"),
        # Excel read these codes as numbers everywhere else in the file.
        pl.col("company_state_code", "acquirer_state_code").str.strip_prefix("0"),
        pl.int_range(start + 1, start + 1 + pl.len(), dtype=pl.Int32).alias(ROW),
    )
    others = rows.filter(~pl.col("company_permalink").is_in([SWALLOWER, REMAINDER]))
    return pl.concat([others, swallowed]).sort(ROW)


def _table(name: str, contract: type[dy.Schema], rows: tuple[int, int], parse: Callable[[bytes], pl.DataFrame]) -> Table:
    url = f"https://raw.githubusercontent.com/notpeter/crunchbase-data/{COMMIT}/{name}.csv"
    return Table(name, contract, rows, parse, (url,), CSV_TYPES, is_final=True)


SOURCE = Source(
    name="crunchbase_2015",
    title="Crunchbase data export, December 2015",
    publisher="Crunchbase, by way of notpeter/crunchbase-data",
    landing_page="https://github.com/notpeter/crunchbase-data",
    licence="CC BY-NC 4.0",
    licence_class="restricted",
    citation=f"Crunchbase data export, 4 December 2015, as in notpeter/crunchbase-data at commit {COMMIT[:7]}",
    cadence="once",
    subjects=("deals", "companies", "investors"),
    priority=4,
    is_worldwide=True,
    tables=(
        # Ranges of files not read yet: what others counted, and 115,019 rounds by the export's own statistics.
        _table("companies", Companies, (60_000, 72_000), parse_companies),
        _table("rounds", Rounds, (110_000, 120_000), parse_rounds),
        _table("investments", Investments, (150_000, 190_000), parse_investments),
        _table("acquisitions", Acquisitions, (19_113, 19_113), parse_acquisitions),
    ),
)
