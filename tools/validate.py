"""Holds the register against independent recordings: how many rows can be compared, how many agree.

The recordings (Crunchbase exports, IT桔子 events, FinanceDatabase, CB Insights, Ministry of Education lists)
are read where the user keeps them and never copied: only counts leave this module. Matching is deliberately
strict (equal names after folding), so that a disagreement is worth looking at.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines import settings
from pipelines.errors import FetchFailed
from pipelines.ingest import sources
from pipelines.ingest.contract import conform
from pipelines.ingest.fetchers import Replay
from pipelines.ingest.source import Source
from pipelines.ingest.sources import reference, register
from pipelines.resolve.places.countries import iso2
from pipelines.resolve.places.reading import normalise
from pipelines.resolve.places.resolve import resolve_all

BAY = "San Francisco Bay Area"

#: IT桔子 gives provinces; only the municipalities among them are cities.
PROVINCES = {"北京": "Beijing", "上海": "Shanghai", "天津": "Tianjin", "重庆": "Chongqing"}

#: Cities with fewer recorded rows are left out of the coverage table: a share of a handful says little.
LEAST_RECORDED = 5

#: Rounds that both sides name alike; the others mean different things to different sources.
ROUNDS = ["seed", "angel", "pre-A", "A", "A+", "B", "B+", "C", "D", "E"]


@dataclass(frozen=True)
class Disagreement:
    """One comparable row that differs: to be looked up, and the wrong side corrected."""

    name: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Comparison:
    """How one field of one register file fares against one recording."""

    file: str
    field: str
    recording: str
    comparable: int
    agree: int
    disagreements: tuple[Disagreement, ...]

    @property
    def share(self) -> float:
        return self.agree / self.comparable if self.comparable else float("nan")


@dataclass(frozen=True)
class Report:
    """Everything a validation found: comparisons, and per city what share of the recordings is held."""

    comparisons: list[Comparison]
    coverage: pl.DataFrame

    def share(self, file: str, field: str) -> float:
        """Agreement on a field of a file over all recordings together."""
        chosen = [one for one in self.comparisons if (one.file, one.field) == (file, field)]
        return sum(one.agree for one in chosen) / sum(one.comparable for one in chosen)


def fold(name: str) -> str:
    """A name without case, accents, punctuation, and the endings that exports add or drop."""
    plain = re.sub(
        r"\b(inc|ltd|llc|corp|corporation|co|company|group|holdings?|limited|technolog(y|ies)|plc)\b\.?", " ", name.casefold()
    )
    return normalise(plain) or normalise(name)


class _Cities:
    """Cities as written in a recording → the register's cities; None where that is not certain."""

    def __init__(self) -> None:
        names = ("place_aliases", "areas", "provinces", "prefectures", "districts")
        self._reference = {name: reference.FILES.parse(name, (settings.REFERENCE / f"{name}.csv").read_bytes()) for name in names}

    def __call__(self, table: pl.DataFrame, place: str = "place") -> pl.Series:
        """The city of each row, from its ``country`` and ``place``."""
        written = table.select("country", pl.lit(None, pl.String).alias("region"), pl.col(place).alias("place"))
        unchecked = {"is_strict": False, "source_file": "", "source_row": 0, "column": "", "n": 1}
        mentions = written.unique().with_columns(pl.lit(value).alias(name) for name, value in unchecked.items())
        found = resolve_all(mentions, **self._reference)
        return written.join(found, on=["country", "region", "place"], how="left", nulls_equal=True, maintain_order="left")["city"]


def _register(name: str) -> pl.DataFrame:
    return register.FILES.parse(name, (settings.REGISTER / f"{name}.csv").read_bytes())


def _compare(file: str, field: str, recording: str, pairs: Iterable[tuple[str, object, object, bool]]) -> Comparison:
    """``pairs`` are (name, ours, theirs, agree)."""
    rows = list(pairs)
    wrong = tuple(Disagreement(name, str(ours), str(theirs)) for name, ours, theirs, agree in rows if not agree)
    return Comparison(file, field, recording, len(rows), len(rows) - len(wrong), wrong)


def _near(ours: int, theirs: int) -> bool:
    return abs(ours - theirs) <= 1


# Recordings, each as a frame with the columns name, country (ISO), city (resolved), founded.


class _Recorded:
    """Landing tables of a folder of recordings, parsed as a refresh parses them."""

    def __init__(self, raw: Path) -> None:
        self._replay = Replay(raw)

    def __call__(self, source: Source, name: str) -> pl.DataFrame:
        """Rows of the table; raises FileNotFoundError if it is not recorded here."""
        (table,) = (one for one in source.tables if one.name == name)
        try:
            contents = [self._replay.fetch(request, None).content for request in self._replay.requests(source, table)]
        except FetchFailed as error:
            raise FileNotFoundError(str(error)) from None
        if not contents:
            raise FileNotFoundError(f"no recording of {source.name}, {name}")
        return pl.concat([conform(table.parse(content), table.contract) for content in contents])


def crunchbase_2013(recorded: _Recorded) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Companies and rounds of the October 2013 export, United States."""
    # "… - Other" and "unknown" are what the export says when it does not know.
    metro = (
        pl.when(pl.col("metro") == "SF Bay").then(pl.lit(BAY)).when(~pl.col("metro").str.contains("Other|unknown")).then("metro")
    )
    companies = recorded(sources.crunchbase_2013.SOURCE, "companies").select(
        pl.col("company").alias("name"),
        pl.lit("US").alias("country"),
        metro.alias("city"),
        pl.col("founded_year").alias("founded"),
    )
    rounds = recorded(sources.crunchbase_2013.SOURCE, "rounds").select(
        pl.col("company").alias("name"),
        pl.lit("US").alias("country"),
        pl.when(pl.col("metro") == "SF Bay").then(pl.lit(BAY)).alias("city"),
        pl.col("funded_year").alias("year"),
        pl.col("funded_at").str.slice(0, 7).alias("month"),
    )
    return companies, rounds


def _in_scope(table: pl.DataFrame, cities: _Cities, *countries: str) -> pl.DataFrame:
    """Rows of these countries with country as ISO code and city as the register's, from ``country`` and ``place``."""
    codes = {name: iso2(name) for name in table["country"].unique()}
    table = table.with_columns(pl.col("country").replace_strict(codes, return_dtype=pl.String))
    table = table.filter(pl.col("country").is_in(countries))
    return table.with_columns(cities(table).alias("city"))


def crunchbase_2014(recorded: _Recorded, cities: _Cities) -> pl.DataFrame:
    """Investments 2004–13 worldwide, one row per company and month of a round."""
    rounds = recorded(sources.crunchbase_investments.SOURCE, "investments").select(
        pl.col("company").alias("name"),
        "country",
        "place",
        pl.col("funded_year").alias("year"),
        pl.col("funded_month").alias("month"),
    )
    return _in_scope(rounds.unique(maintain_order=True), cities, "CN", "US")


def unicorns_2022(recorded: _Recorded, cities: _Cities) -> pl.DataFrame:
    """CB Insights, March 2022: company, city, year founded, year joined."""
    return _in_scope(recorded(sources.cb_insights.SOURCE, "unicorns"), cities, "CN", "US").select(
        pl.col("company").alias("name"),
        "country",
        "city",
        pl.col("founded_year").alias("founded"),
        pl.col("unicorn_on").str.slice(0, 4).cast(pl.Int32).alias("unicorn_year"),
    )


def financedatabase(recorded: _Recorded, cities: _Cities) -> pl.DataFrame:
    """Listed companies of China, Hong Kong and the United States whose address is not in doubt."""
    table = recorded(sources.financedatabase.SOURCE, "equities").filter(
        ~pl.col("is_address_doubtful") & pl.col("place").is_not_null()
    )
    return (
        _in_scope(table, cities, "CN", "HK", "US")
        .select(pl.col("company").alias("name"), "country", "city", pl.col("founded_year").alias("founded"))
        .unique("name", keep="first", maintain_order=True)
    )


def itjuzi(recorded: _Recorded) -> pl.DataFrame:
    """IT桔子 events 1999–2016; the place is a province."""
    rounds = reference.FILES.parse("rounds", (settings.REFERENCE / "rounds.csv").read_bytes())
    named = dict(rounds.select("written", "round").iter_rows())
    return (
        recorded(sources.itjuzi.SOURCE, "events")
        .select(
            pl.col("company").alias("name"),
            pl.col("place").cast(pl.String).alias("province"),
            pl.col("date").str.slice(0, 4).cast(pl.Int32).alias("year"),
            pl.col("round").cast(pl.String).str.to_lowercase().replace_strict(named, default="unknown").alias("round"),
        )
        .drop_nulls("name")
    )


# Comparisons.


def _once(names: pl.DataFrame) -> pl.DataFrame:
    """Rows whose folded name and country occur once: a name two companies share compares with neither."""
    keyed = names.with_columns(pl.col("name").map_elements(fold, return_dtype=pl.String).alias("key"))
    return keyed.filter(pl.struct("key", "country").is_unique())


def _companies(recording: str, theirs: pl.DataFrame, ours: pl.DataFrame) -> list[Comparison]:
    """City (then or now) and year founded of companies both sides know."""
    both = ours.join(_once(theirs), on=["key", "country"], how="inner", suffix="_theirs").sort("company")
    rows = both.iter_rows(named=True)
    city, founded, unicorn = [], [], []
    for row in rows:
        if row["city_theirs"]:
            shown = f"{row['city_founded_resolved']} → {row['city_resolved']}"
            city.append(
                (
                    row["company"],
                    shown,
                    row["city_theirs"],
                    row["city_theirs"] in (row["city_resolved"], row["city_founded_resolved"]),
                )
            )
        if row.get("founded_theirs"):
            founded.append((row["company"], row["founded"], row["founded_theirs"], _near(row["founded"], row["founded_theirs"])))
        if row.get("unicorn_year_theirs") and row["unicorn_year"]:
            ours_, theirs_ = row["unicorn_year"], row["unicorn_year_theirs"]
            unicorn.append((row["company"], ours_, theirs_, _near(ours_, theirs_)))
    found = [
        _compare("companies.csv", "city", recording, city),
        _compare("companies.csv", "founded", recording, founded),
        _compare("companies.csv", "unicorn_year", recording, unicorn),
    ]
    return [one for one in found if one.comparable]


def _deals(recording: str, theirs: pl.DataFrame, ours: pl.DataFrame, first: int, last: int) -> Comparison:
    """Deals of companies the recording knows, in its years: found if it has a round within a year.

    ``theirs`` has key and year, ``ours`` deal, key and year.
    """
    years: dict[str, list[int]] = {}
    for key, year in theirs.select("key", "year").iter_rows():
        years.setdefault(key, []).append(year)
    inside = ours.filter(pl.col("key").is_in(list(years)) & pl.col("year").is_between(first, last)).sort("deal")
    return _compare(
        "deals.csv",
        "found",
        recording,
        (
            (deal, year, sorted(set(years[key])), any(_near(year, other) for other in years[key]))
            for deal, key, year in inside.select("deal", "key", "year").iter_rows()
        ),
    )


def _rounds(theirs: pl.DataFrame, ours: pl.DataFrame) -> Comparison:
    """Year of rounds both sides name alike (IT桔子 only)."""
    known = theirs.filter(pl.col("round").is_in(ROUNDS)).group_by("key", "round").agg(pl.col("year"))
    both = ours.join(known, on=["key", "round"], how="inner", suffix="_theirs").sort("deal")
    rows = both.select("deal", "year", "year_theirs").iter_rows()
    return _compare(
        "deals.csv",
        "round_year",
        "IT桔子 2016",
        ((deal, year, sorted(them), any(_near(year, one) for one in them)) for deal, year, them in rows),
    )


def _universities(recorded: _Recorded, cities: _Cities) -> list[Comparison]:
    """Programme flags and city of Chinese universities against the Ministry of Education's lists."""
    ours = _register("universities").filter((pl.col("country") == "CN") & pl.col("university_zh").is_not_null())
    lists = {"is_985": "project_985", "is_211": "project_211", "is_dfc": "double_first_class"}
    found = []
    for flag, table in lists.items():
        names = {_plain(name) for name in recorded(sources.elite.SOURCE, table)["university"]}
        rows = (
            (name, value, str(int(_plain(name) in names)), value == str(int(_plain(name) in names)))
            for name, value in ours.select("university_zh", flag).iter_rows()
        )
        found.append(_compare("universities.csv", flag, "Ministry of Education", rows))
    institutions = recorded(sources.moe.SOURCE, "institutions")
    newest = institutions.filter(pl.col("edition") == pl.col("edition").max())
    listed = [_plain(name) for name in newest["university"]]
    seats = dict(zip(listed, cities(newest.with_columns(pl.lit("CN").alias("country"))), strict=True))
    held = zip(ours["university_zh"], ours["city"], cities(ours, "city"), strict=True)
    compared = [
        (name, city, seats[_plain(name)], our == seats[_plain(name)]) for name, city, our in held if _plain(name) in seats
    ]
    found.append(_compare("universities.csv", "city", "Ministry of Education", compared))
    return found


def _plain(name: str) -> str:
    return name.replace("（", "(").replace("）", ")").replace(" ", "").strip()


def _coverage(
    frames: dict[str, pl.DataFrame], events: pl.DataFrame, keys: set[str], deals: set[tuple[str, int]], zh: set[tuple[str, int]]
) -> pl.DataFrame:
    """Per city, how many recorded companies and deals there are and how many of them the register holds."""
    rows = []
    frames = {name: frame.filter((pl.col("country") == "CN") | (pl.col("city") == BAY)) for name, frame in frames.items()}
    for measure, name, recording in (
        ("unicorns", "unicorns", "CB Insights unicorns 2022"),
        ("companies", "rounds", "Crunchbase investments 2004–13"),
    ):
        for (city,), part in frames[name].select("key", "city").drop_nulls().unique().group_by("city"):
            held = sum(key in keys for key in part["key"])
            rows.append((city, measure, part.height, held, recording))
    rounds = frames["rounds"].drop_nulls("city").unique(["key", "month"])
    for (city,), part in rounds.group_by("city"):
        held = sum(
            any((key, year + shift) in deals for shift in (-1, 0, 1)) for key, year in part.select("key", "year").iter_rows()
        )
        rows.append((city, "deals", part.height, held, "Crunchbase investments 2004–13"))
    for (province,), part in events.drop_nulls("province").group_by("province"):
        held = sum(any((key, year + shift) in zh for shift in (-1, 0, 1)) for key, year in part.select("key", "year").iter_rows())
        rows.append(
            (PROVINCES.get(str(province), str(province)), "deals_by_province", part.height, held, "IT桔子 events 1999–2016")
        )
    frame = pl.DataFrame(rows, schema=["city", "measure", "recorded", "held", "recordings"], orient="row")
    return frame.filter(pl.col("recorded") >= LEAST_RECORDED).sort("measure", "recorded", "city", descending=[False, True, False])


def validate(raw: Path) -> Report:
    """Compare the register with the recordings under ``raw``; raises FileNotFoundError naming one that is missing."""
    cities = _Cities()
    ours = _register("companies")
    ours = ours.with_columns(
        pl.col("company").map_elements(fold, return_dtype=pl.String).alias("key"),
        cities(ours, "city").alias("city_resolved"),
        cities(ours, "city_founded").alias("city_founded_resolved"),
    )
    recorded = _Recorded(raw)
    us_companies, us_rounds = crunchbase_2013(recorded)
    rounds, unicorns = crunchbase_2014(recorded, cities), unicorns_2022(recorded, cities)
    listed = financedatabase(recorded, cities)
    funded = (
        rounds.drop_nulls("city").unique(["name", "country", "city"]).with_columns(pl.lit(None, dtype=pl.Int32).alias("founded"))
    )
    is_listed = ours.filter(pl.col("listing_year").is_not_null())

    deals = (
        _register("deals")
        .join(ours.select("company", "company_zh", "key", "country"), on="company")
        .with_columns(
            pl.concat_str("company", "date", "round", separator=" | ").alias("deal"),
            pl.col("date").str.slice(0, 4).cast(pl.Int32).alias("year"),
            pl.col("round").cast(pl.String),
        )
    )
    deals_zh = deals.filter(pl.col("company_zh").is_not_null()).with_columns(
        pl.col("company_zh").map_elements(fold, return_dtype=pl.String).alias("key")
    )
    events = itjuzi(recorded).with_columns(pl.col("name").map_elements(fold, return_dtype=pl.String).alias("key"))
    keyed = {
        "rounds": rounds.with_columns(pl.col("name").map_elements(fold, return_dtype=pl.String).alias("key")),
        "unicorns": unicorns.with_columns(pl.col("name").map_elements(fold, return_dtype=pl.String).alias("key")),
        "us_rounds": us_rounds.with_columns(pl.col("name").map_elements(fold, return_dtype=pl.String).alias("key")),
    }
    comparisons = [
        *_companies("Crunchbase 2013 US", us_companies, ours),
        *_companies("Crunchbase 2004–13", funded, ours),
        *_companies("CB Insights 2022", unicorns, ours),
        *_companies("FinanceDatabase", listed, is_listed),
        _deals("IT桔子 2016", events, deals_zh, 1999, 2016),
        _deals("Crunchbase 2004–13", keyed["rounds"], deals, 2004, 2013),
        _deals("Crunchbase 2013 US", keyed["us_rounds"], deals.filter(pl.col("country") == "US"), 2000, 2013),
        _rounds(events, deals_zh),
        *_universities(recorded, cities),
    ]
    held = set(zip(deals["key"], deals["year"], strict=True))
    held_zh = set(zip(deals_zh["key"], deals_zh["year"], strict=True))
    return Report(comparisons, _coverage(keyed, events, set(ours["key"]), held, held_zh))
