"""The Crunchbase export of 4 December 2015: companies, rounds, investments and acquisitions worldwide, and what was added when.

Only the files of acquisitions and additions have been read here; companies, rounds and investments are large, not yet
seen live, and built to their documented headers. What bites: users typed years such as 1201 and 3201. A buyer's name
that begins with a quotation mark made one cell swallow 147 acquisitions, YouTube, Youku and Zappos among them; they are
taken out of it again. Investors may be persons: that one took part is kept, and nothing of who. Places are those of 2015.

Left out: the totals of companies, which the rounds give. Additions are counted by kind and month, not by place; kinds
overlap ("Rounds" holds "Rounds: seed").
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

COMMIT = "be8711fd4ee6b81110d243eb887ccc6bc8513601"
COMPANY = {
    "company_permalink": "company_key",
    "company_name": "company",
    "company_category_list": "category",
    "company_country_code": "country",
    "company_state_code": "region",
    "company_region": "metro",
    "company_city": "place",
}
ADDITION = {"content": "content", "month_str": "month", "year_str": "year", "value": "n"}
INVESTOR = {
    "investor_permalink": "investor_key",
    "investor_name": "investor",
    "investor_country_code": "investor_country",
    "investor_state_code": "investor_region",
    "investor_region": "investor_metro",
    "investor_city": "investor_place",
}
ACQUIRER = {
    "acquirer_permalink": "acquirer_key",
    "acquirer_name": "acquirer",
    "acquirer_category_list": "acquirer_category",
    "acquirer_country_code": "acquirer_country",
    "acquirer_state_code": "acquirer_region",
    "acquirer_region": "acquirer_metro",
    "acquirer_city": "acquirer_place",
}
ROUND = {
    "funding_round_permalink": "round_key",
    "funding_round_type": "round_type",
    "funding_round_code": "round_code",
    "funded_at": "funded_at",
    "raised_amount_usd": "raised_usd",
}
ACQUISITION = {
    "acquired_at": "acquired_at",
    "acquired_month": "acquired_month",
    "price_amount": "price",
    "price_currency_code": "price_currency",
}
PROFILE = {printed.removeprefix("company_"): name for printed, name in COMPANY.items()}
COMPANIES = [
    *PROFILE, "status", "founded_at",
    "homepage_url", "funding_total_usd", "funding_rounds", "first_funding_at", "last_funding_at",
]  # fmt: skip

# The buyer whose name swallowed the acquisitions after it (a test of the website, no company), and what was left of the last.
SWALLOWER = "/organization/svg-onload-confirm-1-prompt-xss-source-prompt-0"
REMAINDER = "ns|Technology"
#: What was swallowed has kept two columns that the file has dropped.
SWALLOWED = [*COMPANY, *ACQUIRER, "acquired_at", "acquired_month", "quarter", "year", "price_amount", "price_currency_code"]


def _key(kind: str, text: str, *, nullable: bool = False, is_unique: bool = False) -> dy.String:
    form = f"It begins with /{kind}/"
    return dy.String(nullable=nullable, primary_key=is_unique, regex=rf"^/{kind}/\S+$", metadata=doc(text, form))


def _name(text: str) -> dy.String:
    form = "A tab means that the cell swallowed the rows after it, as one of acquisitions.csv did: take them out"
    return dy.String(nullable=True, regex=r"^[^\t]+$", metadata=doc(text, form))


def _country(text: str) -> dy.String:
    return dy.String(nullable=True, regex=r"^[A-Z]{3}$", metadata=doc(text, "Three letters"))


def _region(text: str) -> dy.String:
    return dy.String(nullable=True, regex=r"^[A-Z0-9]{1,2}$", metadata=doc(text, "One or two capitals or digits"))


def _text(text: str) -> dy.String:
    return dy.String(nullable=True, metadata=doc(text))


def _date(text: str) -> dy.String:
    return dy.String(nullable=True, regex=r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]( 00:00:00)?$", metadata=doc(text, "YYYY-MM-DD"))


def _year(text: str, since: int) -> dy.Int32:
    return dy.Int32(nullable=True, min=since, max=2016, metadata=doc(f"{text}; empty outside {since}–2016."))


def _usd(text: str) -> dy.Float64:
    return dy.Float64(nullable=True, min=0, metadata=doc(text))


class _Company(dy.Schema):
    """What every table says of a company."""

    company_key = _key("organization", "Permalink of the company.")
    company = _name("Company as printed.")
    category = _text("Categories of the company, separated by |.")
    country = _country("Country of the company.")
    region = _region("State or province of the company: letters in North America, elsewhere FIPS codes without leading zero.")
    metro = _text("Its metropolitan region as Crunchbase drew it, such as SF Bay Area or CHN - Other.")
    place = _text("City of the company as printed.")


class Companies(_Company):
    """One row per company in Crunchbase that had raised money."""

    company_key = _key("organization", "Permalink of the company.", is_unique=True)
    status = dy.Enum(["operating", "acquired", "ipo", "closed"], nullable=False, metadata=doc("What became of it by 2015."))
    founded_at = _date("Date of founding as printed.")
    founded_year = _year("Year of founding", 1800)


class _Round(_Company):
    """What two tables say of a round."""

    round_key = _key("funding-round", "Permalink of the round.")
    round_type = dy.Enum(
        [
            "seed", "angel", "venture", "private_equity", "equity_crowdfunding", "product_crowdfunding", "convertible_note",
            "debt_financing", "grant", "non_equity_assistance", "secondary_market", "post_ipo_equity", "post_ipo_debt",
            "undisclosed",
        ],
        nullable=False,
        metadata=doc("Type of the round."),
    )  # fmt: skip
    round_code = dy.String(nullable=True, regex=r"^[A-Z]$", metadata=doc("Series, such as A, of venture rounds.", "One letter"))
    funded_at = _date("Date of the round as printed.")
    funded_year = _year("Year of the round", 1950)
    raised_usd = _usd("US dollars raised in the whole round, by all investors.")


class Rounds(_Round):
    """One row per financing round, without its investors."""

    round_key = _key("funding-round", "Permalink of the round.", is_unique=True)


class Investments(_Round):
    """One row per investor of a round.

    Of a person, every column of the investor but ``investor_kind`` is empty.
    """

    investor_kind = dy.Enum(["organization", "person"], nullable=True, metadata=doc("What the investor is; empty if not given."))
    investor_key = _key("organization", "Permalink of the investor.", nullable=True)
    investor = _name("Investor as printed.")
    investor_country = _country("Country of the investor's head office.")
    investor_region = _region("State or province of the investor's head office.")
    investor_metro = _text("Metropolitan region of the investor's head office.")
    investor_place = _text("City of the investor's head office.")


class Additions(dy.Schema):
    """One row per kind of record and month, with the number added to the database."""

    content = dy.String(primary_key=True, regex=r"^[A-Z][\w: ]+$", metadata=doc("Kind of record, such as Rounds: seed."))
    month = dy.String(primary_key=True, regex=r"^(19|20)[0-9][0-9]-(0[1-9]|1[0-2])$", metadata=doc("Month.", "YYYY-MM"))
    year = dy.Int32(nullable=False, metadata=doc("Its year."))
    n = dy.Int32(nullable=False, min=1, metadata=doc("Records dated in that month."))

    @dy.rule()
    def year_is_that_of_month(cls) -> pl.Expr:
        return pl.col("month").str.slice(0, 4) == pl.col("year").cast(pl.String)


class Acquisitions(_Company):
    """One row per acquisition."""

    acquirer_key = _key("organization", "Permalink of the buyer.")
    acquirer = _name("Buyer as printed.")
    acquirer_category = _text("Categories of the buyer, separated by |.")
    acquirer_country = _country("Country of the buyer.")
    acquirer_region = _region("State or province of the buyer.")
    acquirer_metro = _text("Metropolitan region of the buyer.")
    acquirer_place = _text("City of the buyer as printed.")
    acquired_at = _date("Date of the acquisition as printed, with the years 1201 and 3201.")
    acquired_year = _year("Year of the acquisition", 1950)
    price = _usd("Price paid, in price_currency.")
    price_currency = _country("Currency of the price; USD also where no price is given.")


def _read_year(date: str, since: int) -> pl.Expr:
    """Year of a printed date where it is one that can be, up to the acquisitions announced for 2016."""
    year = pl.col(date).str.slice(0, 4).cast(pl.Int32, strict=False)
    return pl.when(year.is_between(since, 2016)).then(year)


def parse_companies(content: bytes) -> pl.DataFrame:
    """One row per record of the file."""
    rows = csv_rows(content, COMPANIES).rename(PROFILE)
    return rows.with_columns(founded_year=_read_year("founded_at", 1800))


def parse_rounds(content: bytes) -> pl.DataFrame:
    """One row per record of the file."""
    rows = csv_rows(content, [*COMPANY, *ROUND]).rename(COMPANY | ROUND)
    return rows.with_columns(funded_year=_read_year("funded_at", 1950))


def parse_investments(content: bytes) -> pl.DataFrame:
    """One row per record of the file, without the names, keys and places of persons."""
    rows = csv_rows(content, [*COMPANY, *INVESTOR, *ROUND]).rename(COMPANY | INVESTOR | ROUND)
    kind = pl.col("investor_key").str.extract(r"^/([^/]*)/")
    organisation = pl.when((kind == "person").not_().fill_null(True)).then(pl.col(*INVESTOR.values()))
    return rows.with_columns(organisation, investor_kind=kind, funded_year=_read_year("funded_at", 1950))


def parse_additions(content: bytes) -> pl.DataFrame:
    return csv_rows(content, list(ADDITION)).rename(ADDITION)


def parse_acquisitions(content: bytes) -> pl.DataFrame:
    """One row per record of the file and per record that one of its cells swallowed."""
    rows = _take_out(csv_rows(content, [*COMPANY, *ACQUIRER, *ACQUISITION])).rename(COMPANY | ACQUIRER | ACQUISITION)
    return rows.with_columns(acquired_year=_read_year("acquired_at", 1950))


def _take_out(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, with those that one cell swallowed in their places.

    The cell holds lines of tab-separated fields, up to the 32,767 characters that Excel allows. What was left of the last
    line stands, as a row of its own, at the end of the file.
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
            counted = f"{len(record)} fields in a swallowed row where {len(SWALLOWED)} were expected"
            raise refuse(counted, "Compare the cell with the columns of SWALLOWED", row=row)
    found = pl.DataFrame(records, schema=dict.fromkeys(SWALLOWED, pl.String), orient="row").select(remainder.columns)
    found = found.select(pl.all().str.strip_chars().replace("", None)).with_columns(
        pl.col("acquired_at").str.strip_suffix(" 00:00:00"),
        # Everywhere else in the file, Excel took these codes for numbers.
        pl.col("company_state_code", "acquirer_state_code").str.strip_prefix("0"),
        pl.int_range(start + 1, start + 1 + pl.len(), dtype=pl.Int32).alias(ROW),
    )
    others = rows.filter(~pl.col("company_permalink").is_in([SWALLOWER, REMAINDER]))
    return pl.concat([others, found]).sort(ROW)


def _address(file: str) -> tuple[str]:
    return (f"https://raw.githubusercontent.com/notpeter/crunchbase-data/{COMMIT}/{file}",)


_CSV = ("text/plain", "text/csv")
SOURCE = Source(
    name="crunchbase_2015",
    title="Crunchbase data export, December 2015",
    publisher="Crunchbase, by way of notpeter/crunchbase-data",
    landing_page="https://github.com/notpeter/crunchbase-data",
    licence="CC BY-NC 4.0",
    licence_class="restricted",
    citation=f"Crunchbase data export, 4 December 2015, as in notpeter/crunchbase-data at commit {COMMIT[:7]}",
    cadence="once",
    tables=(
        # Ranges of the three files not seen: what others counted, and 115,019 rounds by the export's own statistics.
        Table("companies", Companies, (60_000, 72_000), parse_companies, _address("companies.csv"), _CSV, is_final=True),
        Table("rounds", Rounds, (110_000, 120_000), parse_rounds, _address("rounds.csv"), _CSV, is_final=True),
        Table(
            "investments", Investments, (150_000, 190_000), parse_investments, _address("investments.csv"), _CSV, is_final=True
        ),
        Table(
            "acquisitions", Acquisitions, (19_113, 19_113), parse_acquisitions, _address("acquisitions.csv"), _CSV, is_final=True
        ),
        Table("additions", Additions, (2_213, 2_213), parse_additions, _address("additions.csv"), _CSV, is_final=True),
    ),
)
