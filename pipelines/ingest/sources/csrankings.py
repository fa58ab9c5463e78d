"""Read how many computer scientists each university has, as the volunteers of CSRankings list them.

Growth of the list is mostly growth of the volunteers' coverage, so only an institution's share, or a change of its rank,
says much. A person known to DBLP under several names has a row for each: Stanford has 82 names of 60 people with a scholar
page, UFPE 170 of 77. ``country-info.csv`` lists only institutions outside the United States. 81 institutions with faculty
have no point in ``geolocation.csv``, which places UESTC in Guangdong. Since 2025 a row ends with an ORCID. The list holds
names, home pages and identifiers of people; only counts leave the parser.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import refuse_rows
from pipelines.ingest.readers.text import CSV_TYPES, csv_rows
from pipelines.ingest.source import Source, Table

FILES = "https://raw.githubusercontent.com/emeryberger/CSrankings/gh-pages/"
HEADER = ["name", "affiliation", "homepage", "scholarid"]
#: The list is sorted by name, so a file cut short still has most institutions; its number of names gives it away.
FEWEST_NAMES = 25_000
#: This point lies in Zhongshan; the university is in Chengdu.
WRONG_POINT = pl.struct(institution=pl.lit("UESTC"), latitude=pl.lit("22.5296608"), longitude=pl.lit("113.3844848"))
REGIONS = ["africa", "asia", "australasia", "canada", "europe", "southamerica"]


class Faculty(dy.Schema):
    """One row per institution."""

    institution = columns.text("Institution, as CSRankings abbreviates it.", primary_key=True)
    faculty = columns.number("Names listed; a name at several institutions counts in equal parts.", 0, 2_000)
    people = columns.integer("Names listed, counting names that share a scholar page once.", 1, 2_000)


class Geolocation(dy.Schema):
    """One row per institution with a point."""

    institution = columns.text("Institution, as CSRankings abbreviates it.", primary_key=True)
    latitude = columns.number("Latitude, degrees.", -90, 90)
    longitude = columns.number("Longitude, degrees.", -180, 180)


class CountryInfo(dy.Schema):
    """One row per institution outside the United States."""

    institution = columns.text("Institution, as CSRankings abbreviates it.", primary_key=True)
    region = columns.category("World region.", REGIONS)
    country = columns.text("ISO 3166 alpha-2 code, as printed.", r"^[a-z]{2}$", "Write two lower-case letters")


def parse_faculty(content: bytes) -> pl.DataFrame:
    """Return counts per institution; ``source_row`` is the first row that names it."""
    has_orcid = content.split(b"\n", 1)[0].rstrip().endswith(b",orcid")
    rows = csv_rows(content, [*HEADER, "orcid"] if has_orcid else HEADER)
    for name in HEADER:
        refuse_rows(rows, pl.col(name).is_null(), name, "is empty", "Check whether the row lost a field")
    is_repeated = ~pl.struct("name", "affiliation").is_first_distinct()
    refuse_rows(rows, is_repeated, "name", "the name occurs twice at one institution", "Look for repeated rows")
    if rows.height < FEWEST_NAMES:
        raise refuse(f"{rows.height} names, expected at least {FEWEST_NAMES}", "Fetch the file again; it was cut off")
    page = pl.when(pl.col("scholarid") != "NOSCHOLARPAGE").then(pl.col("scholarid")).otherwise(pl.col("name"))
    return (
        rows.with_columns(part=1 / pl.len().over("name"), page=page)
        .group_by(pl.col("affiliation").alias("institution"), maintain_order=True)
        .agg(pl.col("part").sum().alias("faculty"), pl.col("page").n_unique().alias("people"), pl.col("source_row").min())
    )


def parse_geolocation(content: bytes) -> pl.DataFrame:
    """Return the points of the institutions, except the one known to be wrong."""
    rows = csv_rows(content, ["institution", "latitude", "longitude"])
    return rows.filter(pl.struct("institution", "latitude", "longitude") != WRONG_POINT)


def parse_country_info(content: bytes) -> pl.DataFrame:
    return csv_rows(content, ["institution", "region", "countryabbrv"]).rename({"countryabbrv": "country"})


SOURCE = Source(
    name="csrankings",
    title="CSRankings",
    publisher="Emery Berger and contributors",
    landing_page="https://csrankings.org",
    licence="CC BY-NC-ND 4.0",
    completeness="largest",
    licence_class="restricted",
    citation="CSRankings: Computer Science Rankings, https://csrankings.org",
    cadence="weekly",
    subjects=("universities",),
    priority=6,
    is_worldwide=True,
    tables=(
        Table("faculty", Faculty, (600, 1_200), parse_faculty, (FILES + "csrankings.csv",), CSV_TYPES),
        Table("geolocation", Geolocation, (540, 1_200), parse_geolocation, (FILES + "geolocation.csv",), CSV_TYPES),
        Table("country_info", CountryInfo, (430, 1_000), parse_country_info, (FILES + "country-info.csv",), CSV_TYPES),
    ),
)
