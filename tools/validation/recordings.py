"""Read recordings of upstream data as frames with the columns name, country (ISO), city (resolved) and founded."""

import re
from pathlib import Path

import polars as pl

from pipelines.errors import FetchFailed
from pipelines.ingest.contract import conform
from pipelines.ingest.fetchers import Replay
from pipelines.ingest.source import Source
from pipelines.ingest.sources import reference
from pipelines.ingest.sources.cb_insights import SOURCE as CB_INSIGHTS
from pipelines.ingest.sources.crunchbase_2013 import SOURCE as CRUNCHBASE_2013
from pipelines.ingest.sources.crunchbase_investments import SOURCE as CRUNCHBASE_INVESTMENTS
from pipelines.ingest.sources.financedatabase import SOURCE as FINANCEDATABASE
from pipelines.ingest.sources.itjuzi import SOURCE as ITJUZI
from pipelines.resolve.places.countries import iso2
from pipelines.resolve.places.reading import normalise
from pipelines.resolve.places.resolve import REFERENCE, resolve_all

BAY = "San Francisco Bay Area"


def fold(name: str) -> str:
    """Return the name without case, accents, punctuation and the endings that exports add or drop."""
    plain = re.sub(
        r"\b(inc|ltd|llc|corp|corporation|co|company|group|holdings?|limited|technolog(y|ies)|plc)\b\.?", " ", name.casefold()
    )
    return normalise(plain) or normalise(name)


class Cities:
    """Resolve cities as a recording writes them to the register's cities, or to null where that is not certain."""

    def __init__(self) -> None:
        self._reference = {name: reference.FILES.read(name) for name in REFERENCE}

    def __call__(self, table: pl.DataFrame, place: str = "place") -> pl.Series:
        """Return the city of each row, from its ``country`` and ``place``."""
        written = table.select("country", pl.lit(None, pl.String).alias("region"), pl.col(place).alias("place"))
        unchecked = {"is_strict": False, "source_file": "", "source_row": 0, "column": "", "n": 1}
        mentions = written.unique().with_columns(pl.lit(value).alias(name) for name, value in unchecked.items())
        resolved = resolve_all(mentions, **self._reference)
        on = ["country", "region", "place"]
        return written.join(resolved, on=on, how="left", nulls_equal=True, maintain_order="left")["city"]


class Recorded:
    """Read the landing tables of a folder of recordings, parsed as a refresh parses them."""

    def __init__(self, raw: Path) -> None:
        self._replay = Replay(raw)

    def __call__(self, source: Source, name: str) -> pl.DataFrame:
        """Return the rows of the table; raise FileNotFoundError if it is not recorded here."""
        (table,) = (table for table in source.tables if table.name == name)
        try:
            contents = [self._replay.fetch(request, None).content for request in self._replay.requests(source, table)]
        except FetchFailed as error:
            raise FileNotFoundError(str(error)) from None
        if not contents:
            raise FileNotFoundError(f"no recording of {source.name}, {name}")
        return pl.concat([conform(table.parse(content), table.contract) for content in contents])


def crunchbase_2013(recorded: Recorded) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return companies and rounds of the October 2013 export, United States."""
    # "… - Other" and "unknown" are what the export says when it does not know.
    metro = (
        pl.when(pl.col("metro") == "SF Bay").then(pl.lit(BAY)).when(~pl.col("metro").str.contains("Other|unknown")).then("metro")
    )
    companies = recorded(CRUNCHBASE_2013, "companies").select(
        pl.col("company").alias("name"),
        pl.lit("US").alias("country"),
        metro.alias("city"),
        pl.col("founded_year").alias("founded"),
    )
    rounds = recorded(CRUNCHBASE_2013, "rounds").select(
        pl.col("company").alias("name"),
        pl.lit("US").alias("country"),
        pl.when(pl.col("metro") == "SF Bay").then(pl.lit(BAY)).alias("city"),
        pl.col("funded_year").alias("year"),
        pl.col("funded_at").str.slice(0, 7).alias("month"),
    )
    return companies, rounds


def in_scope(table: pl.DataFrame, cities: Cities, *countries: str) -> pl.DataFrame:
    """Return rows of these countries, their country as ISO code and city as the register's, from ``country`` and ``place``."""
    codes = {name: iso2(name) for name in table["country"].unique()}
    table = table.with_columns(pl.col("country").replace_strict(codes, return_dtype=pl.String))
    table = table.filter(pl.col("country").is_in(countries))
    return table.with_columns(cities(table).alias("city"))


def crunchbase_2014(recorded: Recorded, cities: Cities) -> pl.DataFrame:
    """Return investments 2004–13 worldwide, one row per company and month of a round."""
    rounds = recorded(CRUNCHBASE_INVESTMENTS, "investments").select(
        pl.col("company").alias("name"),
        "country",
        "place",
        pl.col("funded_year").alias("year"),
        pl.col("funded_month").alias("month"),
    )
    return in_scope(rounds.unique(maintain_order=True), cities, "CN", "US")


def unicorns_2022(recorded: Recorded, cities: Cities) -> pl.DataFrame:
    """Return the unicorns of CB Insights, March 2022: company, city, year founded, year joined."""
    return in_scope(recorded(CB_INSIGHTS, "unicorns"), cities, "CN", "US").select(
        pl.col("company").alias("name"),
        "country",
        "city",
        pl.col("founded_year").alias("founded"),
        pl.col("unicorn_on").str.slice(0, 4).cast(pl.Int32).alias("unicorn_year"),
    )


def financedatabase(recorded: Recorded, cities: Cities) -> pl.DataFrame:
    """Return listed companies of China, Hong Kong and the United States whose address is not in doubt."""
    table = recorded(FINANCEDATABASE, "equities").filter(~pl.col("is_address_doubtful") & pl.col("place").is_not_null())
    return (
        in_scope(table, cities, "CN", "HK", "US")
        .select(pl.col("company").alias("name"), "country", "city", pl.col("founded_year").alias("founded"))
        .unique("name", keep="first", maintain_order=True)
    )


def itjuzi(recorded: Recorded) -> pl.DataFrame:
    """Return IT桔子 events 1999–2016; the place is a province."""
    rounds = reference.FILES.read("rounds")
    named = dict(rounds.select("written", "round").iter_rows())
    return (
        recorded(ITJUZI, "events")
        .select(
            pl.col("company").alias("name"),
            pl.col("place").cast(pl.String).alias("province"),
            pl.col("date").str.slice(0, 4).cast(pl.Int32).alias("year"),
            pl.col("round").cast(pl.String).str.to_lowercase().replace_strict(named, default="unknown").alias("round"),
        )
        .drop_nulls("name")
    )
