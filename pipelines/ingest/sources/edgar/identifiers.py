"""Read the identifiers of the SEC: numbers of issuers and filings, dates, and codes of states and countries."""

import re
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.lookups import reads
from pipelines.ingest.readers.text import CHANGED
from pipelines.ingest.request import Politeness
from pipelines.ingest.sources import reference

JSON = ("application/json",)
#: What the SEC asks of its clients, who may send ten requests a second.
POLITENESS = Politeness(seconds_between=0.15, contact="e-mail")


def accession_number(holds: str = "Accession number.", *, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """Return a column of accession numbers, which identify filings."""
    form = "Write it as in 0001193125-14-184994"
    return columns.text(holds, r"^[0-9]{10}-[0-9][0-9]-[0-9]{6}$", form, nullable=nullable, primary_key=primary_key)


def filing_day(holds: str, *, nullable: bool = False) -> dy.String:
    return columns.day(holds, r"^[0-9]{4}-[0-9][0-9]-[0-9][0-9]$", since="1993", nullable=nullable)


def fits_day() -> pl.Expr:
    """Return whether the year in ``accession`` is that of ``filed_on``, or next to it."""
    filed, numbered = pl.col("filed_on").str.slice(2, 2), pl.col("accession").str.slice(11, 2)
    years = filed.cast(pl.Int32, strict=False) - numbered.cast(pl.Int32, strict=False)
    return years.is_in([-1, 0, 1, 99, -99])


@dataclass(frozen=True)
class Location:
    """The meaning of a location code: ISO country, and state or province."""

    country: str | None
    region: str | None


@reads("edgar_locations.csv")
def locations() -> dict[str, Location]:
    """Return every location code of the SEC's table, with its meaning."""
    frame = reference.FILES.read("edgar_locations")
    return {row["code"]: Location(row["country"], row["region"]) for row in frame.iter_rows(named=True)}


def location(code: str | None) -> Location:
    """Return the meaning of a location code, or nothing for no code; raise Refused for a code that the SEC's table lacks."""
    if not code:
        return Location(None, None)
    if code not in locations():
        remedy = "Correct it, or add it to data/reference/edgar_locations.csv"
        raise refuse(f"{code!r} is not a location code of the SEC", remedy, column="location_code")
    return locations()[code]


def cik_of(text: str | None) -> int:
    """Return the number of an issuer; raise Refused for any other text."""
    if not text or not re.fullmatch(r"[0-9]{1,10}", text):
        raise refuse(f"{text!r} is not the number of an issuer", CHANGED, column="cik")
    return int(text)
