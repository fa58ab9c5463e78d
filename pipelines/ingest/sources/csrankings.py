"""CSRankings: how many computer scientists each university has, as volunteers list them.

What bites: growth is largely growth of the volunteers' coverage, so only an institution's share or its change of rank
means much; a person known to DBLP under several names has a row for each (Stanford 82 names of 60 people with a
scholar page, UFPE 170 of 77); ``country-info.csv`` lists institutions outside the United States only; 81 institutions
with faculty have no point in ``geolocation.csv``, which puts UESTC into Guangdong. Since 2025 a row ends with an ORCID.
The list holds names, home pages and ids of people: nothing but counts leaves the parser.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.contract import doc
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

FILES = "https://raw.githubusercontent.com/emeryberger/CSrankings/gh-pages/"
TEXT = ("text/plain", "text/csv")
HEADER = ["name", "affiliation", "homepage", "scholarid"]
#: The list is in order of names, so a file cut short still names most institutions; its number of names shows it.
FEWEST_NAMES = 25_000
#: This point lies at Zhongshan; the university is in Chengdu.
WRONG_POINT = pl.struct(institution=pl.lit("UESTC"), latitude=pl.lit("22.5296608"), longitude=pl.lit("113.3844848"))


class Faculty(dy.Schema):
    """One row per institution."""

    institution = dy.String(primary_key=True, metadata=doc("Institution as CSRankings abbreviates it."))
    faculty = dy.Float64(nullable=False, min=0, metadata=doc("Names listed; one listed at several institutions in equal parts."))
    people = dy.Int32(nullable=False, min=1, metadata=doc("The same, the names that share a scholar page counted once."))


class Geolocation(dy.Schema):
    """One row per institution with a point."""

    institution = dy.String(primary_key=True, metadata=doc("Institution as CSRankings abbreviates it."))
    latitude = dy.Float64(nullable=False, min=-90, max=90, metadata=doc("Latitude, degrees."))
    longitude = dy.Float64(nullable=False, min=-180, max=180, metadata=doc("Longitude, degrees."))


class CountryInfo(dy.Schema):
    """One row per institution outside the United States."""

    institution = dy.String(primary_key=True, metadata=doc("Institution as CSRankings abbreviates it."))
    region = dy.Enum(
        ["africa", "asia", "australasia", "canada", "europe", "southamerica"], nullable=False, metadata=doc("World region.")
    )
    country = dy.String(
        nullable=False, regex=r"^[a-z]{2}$", metadata=doc("ISO 3166-1 code as printed.", "Two lower-case letters")
    )


def parse_faculty(content: bytes) -> pl.DataFrame:
    """Counts per institution; ``source_row`` is the first row that names it."""
    is_with_orcid = content.split(b"\n", 1)[0].rstrip().endswith(b",orcid")
    rows = csv_rows(content, [*HEADER, "orcid"] if is_with_orcid else HEADER)
    for name in HEADER:
        for row in rows.filter(pl.col(name).is_null())["source_row"]:
            raise refuse("is empty", "Look whether the row lost a field", row=row, column=name)
    for row in rows.filter(~pl.struct("name", "affiliation").is_first_distinct())["source_row"]:
        raise refuse("the name occurs twice at one institution", "Look for repeated rows", row=row, column="name")
    if rows.height < FEWEST_NAMES:
        raise refuse(f"{rows.height} names, expected at least {FEWEST_NAMES}", "Fetch the file again; it was cut")
    page = pl.when(pl.col("scholarid") != "NOSCHOLARPAGE").then(pl.col("scholarid")).otherwise(pl.col("name"))
    return (
        rows.with_columns(part=1 / pl.len().over("name"), page=page)
        .group_by(pl.col("affiliation").alias("institution"), maintain_order=True)
        .agg(pl.col("part").sum().alias("faculty"), pl.col("page").n_unique().alias("people"), pl.col("source_row").min())
    )


def parse_geolocation(content: bytes) -> pl.DataFrame:
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
    licence_class="restricted",
    citation="CSRankings: Computer Science Rankings, https://csrankings.org",
    cadence="weekly",
    tables=(
        Table("faculty", Faculty, (600, 1_200), parse_faculty, (FILES + "csrankings.csv",), TEXT),
        Table("geolocation", Geolocation, (540, 1_200), parse_geolocation, (FILES + "geolocation.csv",), TEXT),
        Table("country_info", CountryInfo, (430, 1_000), parse_country_info, (FILES + "country-info.csv",), TEXT),
    ),
)
