"""Read how many companies of each Chinese city were listed in Shanghai, Shenzhen or Beijing in each year, 2000 to 2025.

The counts were made from lists of the companies listed in May 2026, with the registered seat and the first day of trading of
each, as the three exchanges disclose them. The lists themselves may not be passed on; their counts are facts. A city without a
row for a year had no listing in it. The row without a city has the 21 of 2025 whose seat the lists did not give.

Companies that have been delisted since are missing, so the early years are those of survivors. Nine companies registered in Hong
Kong, the Cayman Islands or Basel are left out. Listings abroad, and sales of companies, are not counted here.
"""

from functools import partial

import dataframely as dy
import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.ingest import columns
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.review import unknown
from pipelines.ingest.source import Source, Table
from pipelines.ingest.sources import reference
from pipelines.ingest.spelling import Names

FILE = "data/register/mainland_listings.csv"


class Listings(dy.Schema):
    """One row per Chinese city and year with a listing in Shanghai, Shenzhen or Beijing."""

    city = columns.text("City of the registered seat, as prefectures.csv names it; empty if not known.", nullable=True)
    year = columns.year("Year of the first day of trading.", 2000)
    listings = columns.integer("Companies listed that are still listed in May 2026.", 1, 1_000)

    city_has_one_row_in_a_year = columns.rule(pl.struct("city", "year").is_unique())


def review(frame: pl.DataFrame) -> list[Problem]:
    """Return the cities that the table of Chinese cities lacks; nothing while that table cannot be read."""
    try:
        known = Names(reference.FILES.read("prefectures")["city"])
    except InputError:
        return []
    return list(unknown(frame.drop_nulls("city"), "city", known, "is not in prefectures.csv", "Correct the spelling"))


SOURCE = Source(
    name="mainland_listings",
    title="Companies listed in mainland China by city and year, 2000 to 2025",
    publisher="Shanghai, Shenzhen and Beijing stock exchanges, counted by nextvalley",
    landing_page=FILE,
    licence="MIT for the compilation; the counts are facts",
    licence_class="open",
    citation="nextvalley, mainland listings by registered city and year, counted from disclosures of the exchanges",
    cadence="when edited",
    completeness="census",
    family="mainland exchanges",
    is_local=True,
    tables=(
        Table(
            "listings",
            Listings,
            (1_600, 3_000),
            partial(csv_rows, columns=Listings.column_names()),
            (FILE,),
            tolerates=0.0,
            review=review,
        ),
    ),
)
