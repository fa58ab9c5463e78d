"""Read new firms by metropolitan area and sector from the Business Dynamics Statistics of the United States Census.

A new firm has age 0: it first had employees on the payroll between 13 March of the year before and 12 March of the year. Two
sectors are read, information (51) and professional, scientific and technical services (54), which also has law and accounting.
A firm with establishments in several areas counts in each. The file has every area, sector, age and year, in 4 million rows.

A cell may be a letter instead of a number: D and S are suppressed, N is not available, X is missing by design. Its number is
unknown, not zero. Areas have their number alone, so ``AREAS`` names the places of the larger ones; those that make up the San
Francisco Bay Area are five. The numbers are those of July 2023, with the older one of Cleveland.

Public projects that read the file in 2026 describe its columns, ages and letters; this parser has not read the live one yet.
"""

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import refuse_rows
from pipelines.ingest.readers.text import CHANGED, CSV_TYPES, csv_rows
from pipelines.ingest.request import Politeness
from pipelines.ingest.source import Source, Table

URL = "https://www2.census.gov/programs-surveys/bds/tables/time-series/2023/bds2023_msa_sec_fac.csv"

HEADER = ["year", "msa", "sector", "fagecoarse", "firms"]
AGES = ["a) 0", "b) 1 to 5", "c) 6 to 10", "d) 11+", "e) Left Censored"]
NEW = AGES[0]
SECTORS = ["51", "54"]
#: Letters that stand for an unknown number.
UNKNOWN = ["D", "N", "S", "X"]

#: Number of a metropolitan area → state and principal city.
AREAS = {
    "10740": ("NM", "Albuquerque"), "11460": ("MI", "Ann Arbor"), "12060": ("GA", "Atlanta"), "12420": ("TX", "Austin"),
    "12580": ("MD", "Baltimore"), "14460": ("MA", "Boston"), "14500": ("CO", "Boulder"), "15380": ("NY", "Buffalo"),
    "16740": ("NC", "Charlotte"), "16980": ("IL", "Chicago"), "17140": ("OH", "Cincinnati"), "17410": ("OH", "Cleveland"),
    "17460": ("OH", "Cleveland"), "18140": ("OH", "Columbus"), "19100": ("TX", "Dallas"), "19740": ("CO", "Denver"),
    "19820": ("MI", "Detroit"), "20500": ("NC", "Durham"), "26420": ("TX", "Houston"), "26900": ("IN", "Indianapolis"),
    "27260": ("FL", "Jacksonville"), "28140": ("MO", "Kansas City"), "29820": ("NV", "Las Vegas"),
    "31080": ("CA", "Los Angeles"), "31540": ("WI", "Madison"), "32820": ("TN", "Memphis"), "33100": ("FL", "Miami"),
    "33340": ("WI", "Milwaukee"), "33460": ("MN", "Minneapolis"), "34900": ("CA", "Napa"), "34980": ("TN", "Nashville"),
    "35380": ("LA", "New Orleans"), "35620": ("NY", "New York City"), "36420": ("OK", "Oklahoma City"), "36540": ("NE", "Omaha"),
    "36740": ("FL", "Orlando"), "37980": ("PA", "Philadelphia"), "38060": ("AZ", "Phoenix"), "38300": ("PA", "Pittsburgh"),
    "38900": ("OR", "Portland"), "39580": ("NC", "Raleigh"), "40060": ("VA", "Richmond"), "40900": ("CA", "Sacramento"),
    "41180": ("MO", "St. Louis"), "41620": ("UT", "Salt Lake City"), "41700": ("TX", "San Antonio"), "41740": ("CA", "San Diego"),
    "41860": ("CA", "San Francisco"), "41940": ("CA", "San Jose"), "42220": ("CA", "Santa Rosa"), "42660": ("WA", "Seattle"),
    "45300": ("FL", "Tampa"), "46700": ("CA", "Vallejo"), "47900": ("DC", "Washington"),
}  # fmt: skip


class NewFirms(dy.Schema):
    """One row per year, metropolitan or micropolitan area, and sector."""

    year = columns.year("Year; the firms are new since 13 March of the year before.", 1978, primary_key=True)
    area_code = columns.text("Number of the area.", r"^[1-4][0-9]{4}$", "Write five digits", primary_key=True)
    sector = columns.category("Sector: 51 is information, 54 professional services.", SECTORS, primary_key=True)
    new_firms = columns.integer("Firms of age 0; empty if unknown.", 0, 10_000_000, nullable=True)
    unknown = columns.category("Letter that the file has instead of a number.", UNKNOWN, nullable=True)
    region = columns.text("State of its principal city; empty for the smaller areas.", nullable=True)
    place = columns.text("Its principal city; empty for the smaller areas.", nullable=True)

    new_firms_or_the_letter_why_they_are_unknown_is_given = columns.rule(
        pl.col("new_firms").is_null() == pl.col("unknown").is_not_null()
    )


def parse_new_firms(content: bytes) -> pl.DataFrame:
    """Return the new firms of both sectors; raise Refused unless every year has the same areas with both."""
    rows = csv_rows(content, HEADER, ignores_others=True)
    # Checked before anything is left out, so that a row moved by one column does not pass for another age.
    is_age = pl.col("fagecoarse").is_in(AGES).fill_null(False)
    refuse_rows(rows, ~is_age, "fagecoarse", "{value} is not in the vocabulary", f"Use one of {', '.join(AGES)}")
    is_sector = pl.col("sector").str.contains(r"^[1-9][0-9](-[0-9]{2})?$").fill_null(False)
    refuse_rows(rows, ~is_sector, "sector", "{value} is not a sector", "Write two digits, or a range such as 31-33")
    kept = rows.filter((pl.col("fagecoarse") == NEW) & pl.col("sector").is_in(SECTORS))
    expected = kept["year"].n_unique() * kept["msa"].n_unique() * len(SECTORS)
    if kept.height != expected:
        raise refuse(f"{kept.height} rows of new firms where all years and areas make {expected}", CHANGED)
    is_unknown = pl.col("firms").is_in(UNKNOWN)
    areas = pl.DataFrame([(code, *names) for code, names in AREAS.items()], ["msa", "region", "place"], orient="row")
    return kept.join(areas, on="msa", how="left", maintain_order="left").select(
        ["source_row", "year", "sector", "region", "place"],
        area_code="msa",
        new_firms=pl.when(~is_unknown).then("firms"),
        unknown=pl.when(is_unknown).then("firms"),
    )


SOURCE = Source(
    name="census_bds",
    title="Business Dynamics Statistics: new firms by metropolitan area and sector",
    publisher="U.S. Census Bureau",
    landing_page="https://www.census.gov/data/datasets/time-series/econ/bds/bds-datasets.html",
    licence="Public domain (work of the United States government)",
    licence_class="open",
    citation="U.S. Census Bureau, Business Dynamics Statistics 2023",
    cadence="yearly",
    priority=6,
    completeness="selection",
    tables=(Table("new_firms", NewFirms, (80_000, 120_000), parse_new_firms, (URL,), CSV_TYPES),),
    politeness=Politeness(most_bytes=2_000_000_000),
)
