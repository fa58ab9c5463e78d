"""Read founders of companies that went through Y Combinator until 2024, with their schools and earlier employers.

The publisher names the founders. The recording replaced them by random codes, which serve to count and are all that leaves a
parser; nothing is fetched. Founders filled in the schools themselves, so names are spelt in many ways, and Y Combinator,
courses and high schools stand among universities: ``kind`` tells them apart by their names. Years such as 1900 and 2033 are
errors. The founder's own company stands among the earlier employers. Nobody is linked to two companies, so that repeat
founders do not show.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, fixed_table

#: Years of study that are possible; others are left out.
YEARS = (1950, 2030)
KINDS = ["university", "high school", "programme"]
COMPANY = {
    "id": "yc_id", "name": "company", "slug": "slug", "teamSize": "team_size", "batch": "batch", "status": "status",
    "oneLiner": "description", "region": "world_region", "country": "country", "address": "address",
}  # fmt: skip

_PROGRAMME = (
    r"(?i)\by[ -]?c(ombinator)?\b|start-?up ?school|techstars|500 startups|recurse center|boot ?camp|(fullstack|app) academy"
    r"|hack reactor|general assembly|coursera|udacity|udemy|codecademy|(lambda|flatiron|product|code) ?school|on deck"
    r"|entrepreneur first|founder institute|thiel fellow|singularity univ|startx|le wagon|reforge|toastmasters|kauffman fellows"
)
_HIGH_SCHOOL = (
    r"(?i)\bhigh ?school\b|\b(secondary|preparatory|prep|grammar|primary) school\b|\bgymnasium\b|\bgimnazija\b|\blyc[eé]e\b"
    r"|\bliceo\b|\blisesi\b|\bbaccalaureate\b|^(phillips|milton|deerfield|canyon crest) academy|^phillips exeter"
)
#: A school alone is one for children, unless its subject or its university is named.
_SCHOOL = r"(?i)\bschools?\b"
_HIGHER = (
    r"(?i)univers|college|institut|\bschools? (of|for|at)\b|business|\blaw\b|medical|graduate|management|engineering|extension"
    r"|economics|\bie school|polytech|design|film"
)


class Companies(dy.Schema):
    """One row per company that went through Y Combinator."""

    yc_id = columns.integer("The directory's identifier of the company.", 1, 1_000_000, primary_key=True)
    company = columns.text("Name, as printed.")
    slug = columns.text("The directory's name of the company's page.", nullable=True)
    batch = columns.text("Season and year of the programme, such as W24.", r"^[SW][0-9]{2}$", "Write W or S and two digits")
    batch_year = columns.integer("Year of the programme.", 2005, 2024)
    status = columns.category("What became of the company.", ["Active", "Inactive", "Acquired", "Public"])
    team_size = columns.integer("Number of people, as the company stated it.", 0, 100_000, nullable=True)
    place = columns.text("City: the part of the address before state and country, without street and postal code.", nullable=True)
    region = columns.text("State: the part of the address before the country, without the postal code.", nullable=True)
    country = columns.text("Country: the last part of the address, or else as printed beside it.", nullable=True)


class Founders(dy.Schema):
    """One row per founder of a company."""

    founder = columns.text("Random code of the founder.", r"^f[0-9]{5}$", "It is f and five digits", primary_key=True)
    slug = columns.text("The directory's name of the company's page.")


class Schools(dy.Schema):
    """One row per founder, school and field of study."""

    founder = columns.text("Random code of the founder.", r"^f[0-9]{5}$", "It is f and five digits")
    school = columns.text("School, as the founder wrote it.")
    kind = columns.category("What the name says it is: a university, a high school, or a course or accelerator.", KINDS)
    entry_year = columns.integer(f"First year; empty outside {YEARS[0]}–{YEARS[1]}.", *YEARS, nullable=True)
    graduation_year = columns.integer(f"Last year; empty outside {YEARS[0]}–{YEARS[1]}.", *YEARS, nullable=True)

    entry_year_is_not_after_graduation_year = columns.rule(pl.col("entry_year") <= pl.col("graduation_year"))


class Employers(dy.Schema):
    """One row per founder and employer."""

    founder = columns.text("Random code of the founder.", r"^f[0-9]{5}$", "It is f and five digits")
    employer = columns.text("Employer, as the founder wrote it; the own company is among them.")


def parse_companies(content: bytes) -> pl.DataFrame:
    """Return every company with the parts of its address: "9 Example St, Wallingford, CT 06492, USA"."""
    rows = csv_rows(content, list(COMPANY)).rename(COMPANY)
    parts = pl.col("address").str.split(", ")
    n, first = parts.list.len(), parts.list.first()
    # Without a state, a house number tells a street from a city.
    has_street = (n == 3) & first.str.contains("^[0-9]")
    city = pl.when(n > 3).then(parts.list.get(-3, null_on_oob=True)).when(has_street).then(parts.list.get(1, null_on_oob=True))
    middle = parts.list.get(-2, null_on_oob=True).str.replace(r"\s*[0-9][0-9 -]*$", "")
    return rows.with_columns(
        batch_year=2000 + pl.col("batch").str.slice(1).cast(pl.Int32, strict=False),
        place=city.otherwise(first).str.replace(r"^[0-9][0-9-]* | - .+$| [A-Z]{2,3}$", ""),
        region=pl.when((n > 2) & ~has_street & (middle != "")).then(middle),
        country=pl.coalesce(pl.when(n > 1).then(parts.list.last()), pl.when(pl.col("country") != "Remote").then("country")),
    )


def parse_founders(content: bytes) -> pl.DataFrame:
    return csv_rows(content, ["founder", "company_slug", "top_company"]).rename({"company_slug": "slug"})


def parse_schools(content: bytes) -> pl.DataFrame:
    rows = csv_rows(content, ["founder", "school", "field_of_study", "first_year", "last_year"])
    school = pl.col("school")
    is_high_school = school.str.contains(_HIGH_SCHOOL) | (school.str.contains(_SCHOOL) & ~school.str.contains(_HIGHER))
    kind = pl.when(school.str.contains(_PROGRAMME)).then(pl.lit("programme")).when(is_high_school).then(pl.lit("high school"))
    return rows.with_columns(
        kind=kind.otherwise(pl.lit("university")), entry_year=_possible("first_year"), graduation_year=_possible("last_year")
    )


def _possible(name: str) -> pl.Expr:
    year = pl.col(name).cast(pl.Int32, strict=False)
    return pl.when(year.is_between(*YEARS)).then(year)


def parse_employers(content: bytes) -> pl.DataFrame:
    """Return every employer of every founder, except the blank ones."""
    return csv_rows(content, ["founder", "company"]).rename({"company": "employer"}).drop_nulls("employer")


SOURCE = Source(
    name="yc_founders_schools",
    title="Founders of Y Combinator's companies by school and employer, to 2024",
    publisher="Y Combinator, by way of Kaggle and kasztelmacko/AdvVis",
    landing_page="https://www.ycombinator.com/companies",
    licence="None stated",
    licence_class="restricted",
    citation="Y Combinator, directory and Startup School profiles, as in kasztelmacko/AdvVis at commit 0adab9f, pseudonymised",
    cadence="once",
    subjects=("companies",),
    priority=6,
    tables=(
        fixed_table("companies", Companies, 4_844, parse_companies, ()),
        fixed_table("founders", Founders, 8_465, parse_founders, ()),
        fixed_table("schools", Schools, 13_076, parse_schools, ()),
        fixed_table("employers", Employers, 32_610, parse_employers, ()),
    ),
)
