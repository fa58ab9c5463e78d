"""The register of facts: CSV files curated by hand from public record, under ``data/register``.

What belongs here: the contract of each file, which is also its documentation. What does not: any meaning
that takes more than one file (the SQL models) or resolving places and names (``pipelines/resolve/places/resolve``).
"""

from datetime import date

import dataframely as dy
import polars as pl

from pipelines.ingest.contract import doc
from pipelines.ingest.csv_folder import Curated

THIS_YEAR = date.today().year

SECTORS = [
    "internet", "ecommerce", "social", "media", "gaming", "local_services", "mobility", "logistics", "fintech",
    "education", "health", "biotech", "enterprise_software", "security", "ai", "it_outsourcing", "semiconductors",
    "telecom_equipment", "consumer_electronics", "electronics_manufacturing", "electric_vehicles", "clean_energy",
    "robotics",
]  # fmt: skip
ROUNDS = [
    "seed", "angel", "pre-A", "A", "A+", "B", "B+", "C", "C+", "D", "E", "F", "G", "H", "pre-IPO", "growth",
    "strategic", "unknown",
]  # fmt: skip

NAMES = r"^[^|]+(\|[^|]+)*$"
COUNTRY = r"^[A-Z]{2}$"
ABROAD = r"^(none|[A-Z]{2}(\|[A-Z]{2})*)$"


def _year(text: str, *, nullable: bool = True, since: int = 1900) -> dy.Int32:
    return dy.Int32(nullable=nullable, min=since, max=THIS_YEAR, metadata=doc(text))


def _flag(text: str) -> dy.Enum:
    return dy.Enum(["0", "1"], nullable=False, metadata=doc(text))


def _country(text: str) -> dy.String:
    return dy.String(nullable=False, regex=COUNTRY, metadata=doc(text, "Write an ISO 3166 alpha-2 code"))


def _basis() -> dy.Enum:
    return dy.Enum(
        ["verified", "cited"],
        nullable=False,
        metadata=doc(
            "verified: the source, or an excerpt, was read when the row was recorded; cited: it is named but was not read."
        ),
    )


def _source() -> dy.String:
    return dy.String(nullable=False, metadata=doc("Publisher and page, document or date: enough to find the fact."))


def _url() -> dy.String:
    return dy.String(
        nullable=True, regex=r"^https?://\S+$", metadata=doc("Address of the page, where one exists.", "Write a full URL")
    )


def _names(text: str, *, nullable: bool = True) -> dy.String:
    return dy.String(nullable=nullable, regex=NAMES, metadata=doc(text, "Separate names with | and leave none empty"))


class Companies(dy.Schema):
    """Technology companies, survivors and failures alike."""

    company = dy.String(primary_key=True, metadata=doc("Common English name; the key used by every other file."))
    company_zh = dy.String(nullable=True, metadata=doc("Chinese name."))
    country = _country("Country of the operating headquarters, not of the holding shell.")
    city_founded = dy.String(nullable=True, metadata=doc("City of the headquarters at founding."))
    city = dy.String(nullable=False, metadata=doc("City of the headquarters now, or at the end."))
    founded = _year("Year the business began.", nullable=False, since=1800)
    sector = dy.Enum(SECTORS, nullable=False, metadata=doc("Main sector, from one fixed vocabulary."))
    listing_exchange = dy.String(nullable=True, metadata=doc("Exchange of the first listing."))
    listing_year = _year("Year of the first listing.")
    unicorn_year = _year("First year valued at US$1bn or more while private.")
    exit_how = dy.Enum(["acquisition", "merger", "closure"], nullable=True, metadata=doc("How it ended as a company of its own."))
    exit_year = _year("Year of that end.")
    acquirer = dy.String(nullable=True, metadata=doc("Who acquired it or merged with it."))
    exit_value_usd_m = dy.Float64(nullable=True, min=0, metadata=doc("Published price, millions of US dollars."))
    parent = dy.String(nullable=True, metadata=doc("Company it was spun off from or incubated in."))
    main_market = dy.String(
        nullable=True,
        regex=COUNTRY,
        metadata=doc("Country with the largest published share of revenue; outsourcing only.", "Write an ISO code"),
    )
    basis = _basis()
    source = _source()
    url = _url()

    @dy.rule()
    def listing_year_is_not_before_founded(cls) -> pl.Expr:
        return pl.col("listing_year") >= pl.col("founded")

    @dy.rule()
    def unicorn_year_is_not_before_founded(cls) -> pl.Expr:
        return pl.col("unicorn_year") >= pl.col("founded")

    @dy.rule()
    def exit_year_is_not_before_founded(cls) -> pl.Expr:
        return pl.col("exit_year") >= pl.col("founded")

    @dy.rule()
    def listing_exchange_and_listing_year_come_together(cls) -> pl.Expr:
        return pl.col("listing_exchange").is_null() == pl.col("listing_year").is_null()

    @dy.rule()
    def exit_year_needs_exit_how(cls) -> pl.Expr:
        return pl.col("exit_year").is_null() | pl.col("exit_how").is_not_null()


class Deals(dy.Schema):
    """Financing rounds before listing, as announced."""

    company = dy.String(primary_key=True, metadata=doc("Company financed; must be in companies.csv."))
    date = dy.String(
        primary_key=True,
        regex=r"^(19|20)[0-9][0-9](-(0[1-9]|1[0-2]))?$",
        metadata=doc("Year or month of the announcement.", "Write YYYY or YYYY-MM"),
    )
    round = dy.Enum(ROUNDS, primary_key=True, metadata=doc("Round as announced."))
    amount_m = dy.Float64(nullable=True, min=0, metadata=doc("Millions of currency; lower end of an announced range."))
    amount_max_m = dy.Float64(nullable=True, min=0, metadata=doc("Upper end, only where a range was announced."))
    currency = dy.String(nullable=True, regex=r"^[A-Z]{3}$", metadata=doc("ISO 4217 code.", "Write an ISO 4217 code"))
    investors = _names("Investors, separated by |.", nullable=False)
    lead = _names("Lead investors among them, where published.")
    basis = _basis()
    source = _source()
    url = _url()

    @dy.rule()
    def date_is_not_in_the_future(cls) -> pl.Expr:
        return pl.col("date").str.slice(0, 4).cast(pl.Int32, strict=False) <= THIS_YEAR

    @dy.rule()
    def amount_m_needs_currency(cls) -> pl.Expr:
        return pl.col("amount_m").is_null() | pl.col("currency").is_not_null()

    @dy.rule()
    def amount_max_m_is_not_below_amount_m(cls) -> pl.Expr:
        return pl.col("amount_max_m").is_null() | (pl.col("amount_max_m") >= pl.col("amount_m"))

    @dy.rule()
    def lead_is_among_investors(cls) -> pl.Expr:
        leads = pl.col("lead").str.split("|")
        return leads.list.set_difference(pl.col("investors").str.split("|")).list.len() == 0


class Founders(dy.Schema):
    """Published careers of founders of well-known companies, one row per founder and company."""

    company = dy.String(primary_key=True, metadata=doc("Company founded; must be in companies.csv."))
    founder = dy.String(primary_key=True, metadata=doc("Name as commonly published."))
    role = dy.Enum(["founder", "co-founder"], nullable=False, metadata=doc("Role in the founding."))
    earlier_ventures = _names("Companies founded before this one; `none` if it is known to be the first; empty if unknown.")
    schools = dy.String(
        nullable=True,
        regex=r"^[^:|]+:([0-9]{4})?:([0-9]{4})?(\|[^:|]+:([0-9]{4})?:([0-9]{4})?)*$",
        metadata=doc("Higher education, name:entry:graduation, separated by |.", "Write name:entry year:graduation year"),
    )
    studied_abroad = dy.String(
        nullable=True,
        regex=ABROAD,
        metadata=doc("Countries of study other than the company's, before founding.", "Write ISO codes with |, or none"),
    )
    worked_abroad = dy.String(
        nullable=True,
        regex=ABROAD,
        metadata=doc("Countries of work other than the company's, before founding.", "Write ISO codes with |, or none"),
    )
    field = dy.Enum(["tech", "finance", "other"], nullable=True, metadata=doc("Career before this company."))
    last_employer = dy.String(nullable=True, metadata=doc("Employer or own venture right before; `none` for students."))
    basis = _basis()
    source = _source()
    url = _url()


class Investors(dy.Schema):
    """Investing firms and companies."""

    investor = dy.String(primary_key=True, metadata=doc("Common English name; the key used by deals."))
    investor_zh = dy.String(nullable=True, metadata=doc("Chinese name."))
    kind = dy.Enum(
        ["vc", "corporate", "pe", "accelerator", "government", "bank", "hedge_fund"],
        nullable=False,
        metadata=doc("Kind of investor."),
    )
    country = _country("Country of the home office.")
    home_city = dy.String(nullable=False, metadata=doc("City where the firm's investing people mainly sit."))
    founded = _year("Year the firm began to invest.", since=1800)
    basis = _basis()
    source = _source()
    url = _url()


class InvestorOffices(dy.Schema):
    """Investing offices, the home office included."""

    investor = dy.String(primary_key=True, metadata=doc("Investor; must be in investors.csv."))
    country = _country("Country of the office.")
    city = dy.String(primary_key=True, metadata=doc("City of the office."))
    opened = _year("Year it opened.", since=1800)
    closed = _year("Year it closed.")
    basis = _basis()
    source = _source()
    url = _url()


class Universities(dy.Schema):
    """China's Double First-Class universities and the leading technical universities of other hubs."""

    university = dy.String(primary_key=True, metadata=doc("English name."))
    university_zh = dy.String(nullable=True, metadata=doc("Chinese name."))
    country = _country("Country.")
    city = dy.String(nullable=False, metadata=doc("City of the main campus."))
    founded = _year("Year founded.", since=800)
    is_985 = _flag("In China's Project 985.")
    is_211 = _flag("In China's Project 211.")
    is_dfc = _flag("In China's Double First-Class list of 2022.")
    is_leading_technical = _flag("Leading technical university, by the rule in data/register/README.md.")
    basis = _basis()
    source = _source()
    url = _url()


class ServiceFirms(dy.Schema):
    """Offices of law, audit, executive-search firms and investment banks."""

    firm = dy.String(primary_key=True, metadata=doc("English name of the firm."))
    firm_zh = dy.String(nullable=True, metadata=doc("Chinese name."))
    kind = dy.Enum(["law", "audit", "search", "bank"], primary_key=True, metadata=doc("Kind of service."))
    practice = dy.String(nullable=True, metadata=doc("Practice that matters here: listing, M&A, audit, search, underwriting."))
    country = _country("Country of the office.")
    city = dy.String(primary_key=True, metadata=doc("City of the office."))
    opened = _year("Year it opened.", since=1800)
    is_headquarters = _flag("Is this the firm's headquarters.")
    basis = _basis()
    source = _source()
    url = _url()


class Zones(dy.Schema):
    """National high-tech industrial development zones."""

    zone = dy.String(primary_key=True, metadata=doc("English name."))
    zone_zh = dy.String(nullable=True, metadata=doc("Chinese name."))
    city = dy.String(nullable=False, metadata=doc("Prefecture-level city or municipality."))
    approved_year = _year("Year of approval as a national zone.", nullable=False, since=1988)
    basis = _basis()
    source = _source()
    url = _url()


class CityPopulation(dy.Schema):
    """Census populations."""

    city = dy.String(primary_key=True, metadata=doc("City, or the area named in areas.csv."))
    country = _country("Country.")
    year = dy.Int32(primary_key=True, min=1990, max=THIS_YEAR, metadata=doc("Census year."))
    population = dy.Int64(nullable=False, min=1, metadata=doc("Resident population, persons."))
    basis = _basis()
    source = _source()
    url = _url()


class Valuations(dy.Schema):
    """Published values of companies, for the question how much of a city is one firm."""

    company = dy.String(primary_key=True, metadata=doc("Company valued; must be in companies.csv."))
    year = dy.Int32(primary_key=True, min=1995, max=THIS_YEAR, metadata=doc("Year of the value."))
    value_usd_bn = dy.Float64(nullable=False, min=0, metadata=doc("Value, billions of US dollars."))
    kind = dy.Enum(["market_cap", "post_money"], nullable=False, metadata=doc("How it was measured."))
    basis = _basis()
    source = _source()
    url = _url()


class PublishedStatistics(dy.Schema):
    """Figures others published on the claims; shown beside our own estimates, never part of a score."""

    source = _source()
    edition_or_year = dy.String(nullable=False, metadata=doc("Edition or year of the figure."))
    city = dy.String(nullable=False, metadata=doc("City or region as published."))
    metric = dy.String(nullable=False, metadata=doc("What was counted."))
    value = dy.String(nullable=False, metadata=doc("Value as published."))
    unit = dy.String(nullable=False, metadata=doc("Unit of the value."))
    confidence = dy.Enum(["high", "medium", "low"], nullable=False, metadata=doc("How well the figure is confirmed."))
    url = _url()
    note = dy.String(nullable=True, metadata=doc("What to know before using it."))


FILES = Curated(
    "register",
    {
        "companies": (Companies, (600, 5_000)),
        "deals": (Deals, (600, 10_000)),
        "founders": (Founders, (400, 5_000)),
        "investors": (Investors, (150, 2_000)),
        "investor_offices": (InvestorOffices, (260, 4_000)),
        "universities": (Universities, (190, 1_000)),
        "service_firms": (ServiceFirms, (180, 2_000)),
        "zones": (Zones, (160, 200)),
        "city_population": (CityPopulation, (26, 1_000)),
        "valuations": (Valuations, (30, 1_000)),
        "published_statistics": (PublishedStatistics, (30, 1_000)),
    },
)
SOURCE = FILES.source(
    title="Register of facts",
    licence="MIT for the compilation; facts are attributed row by row",
    citation="nextvalley register of facts, with the source given in each row",
)
