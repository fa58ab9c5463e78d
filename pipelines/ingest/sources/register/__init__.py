"""Read the register of facts: CSV files under ``data/register``, curated by hand from public record.

The contract of each file is also its documentation. The SQL models hold every meaning that takes more than one file, and
``pipelines/resolve`` resolves places and names.
"""

from typing import Any

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.csv_folder import Curated
from pipelines.ingest.sources import reference
from pipelines.ingest.sources.register.review import review

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
INVESTOR_KINDS = ["vc", "corporate", "pe", "accelerator", "government", "bank", "hedge_fund"]

ABROAD = r"^(none|[A-Z]{2}(\|[A-Z]{2})*)$"
#: name:entry:graduation, separated by |.
SCHOOLS = r"^[^:|]+:([0-9]{4})?:([0-9]{4})?(\|[^:|]+:([0-9]{4})?:([0-9]{4})?)*$"


def _year(holds: str, *, nullable: bool = True, since: int = 1900) -> dy.Int32:
    return columns.year(holds, since, nullable=nullable)


def _flag(holds: str) -> dy.Enum:
    return columns.category(holds, ["0", "1"])


def _countries_abroad(holds: str) -> dy.String:
    return columns.text(holds, ABROAD, "Write ISO codes with |, or none", nullable=True)


def _source() -> dy.String:
    return columns.text("Publisher and page, document or date: enough to find the fact.")


def _url() -> dy.String:
    return columns.url("Address of the page, where one exists.", nullable=True)


def _provenance() -> tuple[dy.Enum, dy.String, dy.String, Any]:
    """Return the columns ``basis``, ``source`` and ``url``, and the rule that what was read has an address."""
    basis = "verified: the source, or an excerpt, was read when the row was recorded; cited: it is named but was not read."
    rule = columns.rule((pl.col("basis") != "verified") | pl.col("url").is_not_null())
    return columns.category(basis, ["verified", "cited"]), _source(), _url(), rule


class Companies(dy.Schema):
    """Technology companies, survivors and failures alike."""

    company = columns.text("Common English name; the key used by every other file.", primary_key=True)
    company_zh = columns.text("Chinese name.", nullable=True)
    country = columns.country("Country of the operating headquarters, not of the holding shell.")
    city_founded = columns.text("City of the headquarters at founding.", nullable=True)
    city = columns.text("City of the headquarters now, or at the end.")
    city_since = _year(
        "Year since which the headquarters are there, or the first for which a page shows them there; empty if it was founded "
        "there, or no page tells."
    )
    founded = _year("Year the business began; empty if no page that was read gives it.", since=1950)
    sector = columns.category("Main sector, from one fixed vocabulary.", SECTORS)
    listing_exchange = columns.text("Exchange of the first listing.", nullable=True)
    listing_year = _year("Year of the first listing.")
    unicorn_year = _year("First year valued at US$1bn or more while private.")
    exit_how = columns.category("How it ended as an independent company.", ["acquisition", "merger", "closure"], nullable=True)
    exit_year = _year("Year of that end.")
    acquirer = columns.text("Who acquired it or merged with it.", nullable=True)
    exit_value_usd_m = columns.number("Published price, millions of US dollars.", 0, 200_000, nullable=True)
    parent = columns.text("Company it was spun off from or incubated in.", nullable=True)
    main_market = columns.country(
        "Country with the largest published share of revenue; only for outsourcing companies.", nullable=True
    )
    basis, source, url, basis_verified_needs_url = _provenance()

    listing_year_is_not_before_founded = columns.rule(pl.col("listing_year") >= pl.col("founded"))
    unicorn_year_is_not_before_founded = columns.rule(pl.col("unicorn_year") >= pl.col("founded"))
    city_since_needs_another_city_founded = columns.rule(
        pl.col("city_since").is_null() | (pl.col("city_founded") != pl.col("city")).fill_null(value=False)
    )
    city_since_is_not_before_founded = columns.rule(pl.col("city_since") >= pl.col("founded"))
    exit_year_is_not_before_founded = columns.rule(pl.col("exit_year") >= pl.col("founded"))
    listing_exchange_and_listing_year_come_together = columns.rule(
        pl.col("listing_exchange").is_null() == pl.col("listing_year").is_null()
    )
    unicorn_year_is_not_after_listing_year = columns.rule(pl.col("unicorn_year") <= pl.col("listing_year"))
    exit_year_needs_exit_how = columns.rule(pl.col("exit_year").is_null() | pl.col("exit_how").is_not_null())


class Deals(dy.Schema):
    """Financing rounds before listing, as announced."""

    company = columns.text("Company financed; must be in companies.csv.", primary_key=True)
    date = columns.text(
        "Year or month of the announcement.",
        r"^(19[89]|20[0-9])[0-9](-(0[1-9]|1[0-2]))?$",
        "Write YYYY or YYYY-MM, from 1980 on",
        primary_key=True,
    )
    round = columns.category("Round, as announced.", ROUNDS, primary_key=True)
    amount_m = columns.number("Millions of currency; the lower end of an announced range.", 0, nullable=True)
    amount_max_m = columns.number("Upper end of the range, if one was announced.", 0, nullable=True)
    currency = columns.text("ISO 4217 code.", r"^[A-Z]{3}$", "Write an ISO 4217 code", nullable=True)
    investors = columns.names("Investors, separated by |.", nullable=False)
    lead = columns.names("Lead investors among them, where published.")
    basis, source, url, basis_verified_needs_url = _provenance()

    amount_m_needs_currency = columns.rule(pl.col("amount_m").is_null() | pl.col("currency").is_not_null())
    amount_max_m_needs_amount_m = columns.rule(pl.col("amount_max_m").is_null() | pl.col("amount_m").is_not_null())
    amount_max_m_is_not_below_amount_m = columns.rule(
        pl.col("amount_max_m").is_null() | (pl.col("amount_max_m") >= pl.col("amount_m"))
    )
    lead_is_among_investors = columns.rule(
        pl.col("lead").str.split("|").list.set_difference(pl.col("investors").str.split("|")).list.len() == 0
    )


class Founders(dy.Schema):
    """Published careers of founders of well-known companies, one row per founder and company."""

    company = columns.text("Company founded; must be in companies.csv.", primary_key=True)
    founder = columns.text("Name, as commonly published.", primary_key=True)
    role = columns.category("Role in the founding.", ["founder", "co-founder"])
    earlier_ventures = columns.names("Companies founded before; `none` if this is known to be the first; empty if unknown.")
    schools = columns.text(
        "Higher education, name:entry:graduation, separated by |.",
        SCHOOLS,
        "Write name:entry year:graduation year",
        nullable=True,
    )
    studied_abroad = _countries_abroad("Countries of study before founding, other than the company's.")
    worked_abroad = _countries_abroad("Countries of work before founding, other than the company's.")
    field = columns.category("Career before this company.", ["tech", "finance", "other"], nullable=True)
    last_employer = columns.text("Employer or own venture just before; `none` for students.", nullable=True)
    basis, source, url, basis_verified_needs_url = _provenance()


class Investors(dy.Schema):
    """Investing firms and companies."""

    investor = columns.text("Common English name; the key used by deals.", primary_key=True)
    investor_zh = columns.text("Chinese name.", nullable=True)
    kind = columns.category("Kind of investor.", INVESTOR_KINDS)
    country = columns.country("Country of the home office.")
    home_city = columns.text("City where most of the firm's investing people work.")
    owner_country = columns.country(
        "Country of the group that owns it, whose money it is, if that is another than that of the home office.", nullable=True
    )
    founded = _year("Year of founding.", since=1800)
    basis, source, url, basis_verified_needs_url = _provenance()


class InvestorOffices(dy.Schema):
    """Investing offices, including the home office."""

    investor = columns.text("Investor; must be in investors.csv.", primary_key=True)
    country = columns.country("Country of the office.")
    city = columns.text("City of the office.", primary_key=True)
    opened = _year("Year it opened.", since=1800)
    closed = _year("Year it closed.")
    basis, source, url, basis_verified_needs_url = _provenance()

    closed_is_not_before_opened = columns.rule(pl.col("closed") >= pl.col("opened"))


class Universities(dy.Schema):
    """China's Double First-Class universities and the leading technical universities of other hubs."""

    university = columns.text("English name.", primary_key=True)
    university_zh = columns.text("Chinese name.", nullable=True)
    country = columns.country("Country.")
    city = columns.text("City of the main campus.")
    founded = _year("Year founded.", since=800)
    is_985 = _flag("Whether it is in China's Project 985.")
    is_211 = _flag("Whether it is in China's Project 211.")
    is_dfc = _flag("Whether it is on China's Double First-Class list of 2022.")
    is_leading_technical = _flag("Whether it is a leading technical university, by the rule in data/register/README.md.")
    basis, source, url, basis_verified_needs_url = _provenance()


class ServiceFirms(dy.Schema):
    """Offices of law, audit, executive-search firms and investment banks."""

    firm = columns.text("English name of the firm.", primary_key=True)
    firm_zh = columns.text("Chinese name.", nullable=True)
    kind = columns.category("Kind of service.", ["law", "audit", "search", "bank"], primary_key=True)
    practice = columns.text("Practice that matters here: listing, M&A, audit, search or underwriting.", nullable=True)
    country = columns.country("Country of the office.")
    city = columns.text("City of the office.", primary_key=True)
    opened = _year("Year it opened.", since=1800)
    closed = _year("Year it closed, or gave up this business.")
    is_headquarters = _flag("Whether it is the firm's headquarters.")
    basis, source, url, basis_verified_needs_url = _provenance()

    closed_is_not_before_opened = columns.rule(pl.col("closed") >= pl.col("opened"))
    firm_zh_is_of_one_firm = columns.rule(
        pl.col("firm_zh").is_null() | (pl.col("firm") == pl.col("firm").first().over("firm_zh"))
    )
    firm_has_one_firm_zh = columns.rule(pl.col("firm_zh") == pl.col("firm_zh").drop_nulls().first().over("firm"))


class Zones(dy.Schema):
    """National high-tech industrial development zones."""

    zone = columns.text("English name.", primary_key=True)
    zone_zh = columns.text("Chinese name.", nullable=True)
    city = columns.text("Prefecture-level city or municipality.")
    approved_year = _year("Year of approval as a national zone.", nullable=False, since=1988)
    basis, source, url, basis_verified_needs_url = _provenance()


class CityPopulation(dy.Schema):
    """Census populations."""

    city = columns.text("City, or the area named in areas.csv.", primary_key=True)
    country = columns.country("Country.")
    year = columns.year("Census year.", 1990, primary_key=True)
    population = columns.long_integer("Resident population, persons.", 1)
    basis, source, url, basis_verified_needs_url = _provenance()


class Valuations(dy.Schema):
    """Published values of companies, to show how much of a city is a single firm."""

    company = columns.text("Company valued; must be in companies.csv.", primary_key=True)
    year = columns.year("Year of the value.", 1995, primary_key=True)
    value_usd_bn = columns.number("Value, billions of US dollars.", 0, 5_000)
    kind = columns.category("How it was measured.", ["market_cap", "post_money"])
    basis, source, url, basis_verified_needs_url = _provenance()


class PublishedStatistics(dy.Schema):
    """Figures that others published: those of unicorns, potential unicorns, deals and exits are lists of the index."""

    source = _source()
    edition_or_year = columns.text("Edition or year of the figure; 2018 to 2023 if it adds up these years.")
    city = columns.text("City or region, as published.")
    metric = columns.text("What was counted.")
    value = columns.text("Value, as published.")
    unit = columns.text("Unit of the value.")
    confidence = columns.category(
        "high: the publisher's page or a major outlet's; medium: secondary, such as a copy; low: one unconfirmed page.",
        ["high", "medium", "low"],
    )
    url = _url()
    note = columns.text("What to know before using it.", nullable=True)


def _rows(file: str) -> pl.DataFrame:
    """Return the rows of a file such as ``reference/countries``."""
    folder, name = file.split("/")
    return {"register": FILES, "reference": reference.FILES}[folder].read(name)


#: The fewest rows of a file are hardly fewer than it has: if more are gone, they were lost.
FILES = Curated(
    "register",
    {
        "companies": (Companies, (1_780, 5_000)),
        "deals": (Deals, (1_440, 10_000)),
        "founders": (Founders, (1_530, 5_000)),
        "investors": (Investors, (690, 2_000)),
        "investor_offices": (InvestorOffices, (1_010, 4_000)),
        "universities": (Universities, (405, 1_000)),
        "service_firms": (ServiceFirms, (1_020, 2_000)),
        "zones": (Zones, (170, 200)),
        "city_population": (CityPopulation, (300, 1_000)),
        "valuations": (Valuations, (57, 1_000)),
        "published_statistics": (PublishedStatistics, (1_240, 3_000)),
    },
    lambda file, frame: review(file, frame, FILES.contracts[file][0].primary_key(), _rows),
)
SOURCE = FILES.source(
    title="The project's own register",
    licence="MIT for the compilation; facts are attributed row by row",
    citation="nextvalley register of facts, with the source given in each row",
    subjects=("deals", "companies", "investors", "universities", "services", "people"),
    priority=1,
)
