"""Compare the register with independent recordings: how many rows can be compared, and how many agree.

The recordings are read where the user keeps them and never copied; only counts leave this module. Matching is strict (equal
names after folding), so that every disagreement is worth a look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.ingest.sources import elite, moe, register
from tools.validation.recordings import (
    Cities,
    Recorded,
    crunchbase_2013,
    crunchbase_2014,
    financedatabase,
    fold,
    itjuzi,
    unicorns_2022,
)

#: Rounds that both sides name alike; the others mean different things to different sources.
ROUNDS = ["seed", "angel", "pre-A", "A", "A+", "B", "B+", "C", "D", "E"]


@dataclass(frozen=True)
class Disagreement:
    """A comparable row that differs: look it up and correct the side that is wrong."""

    name: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Comparison:
    """How a field of a register file compares with a recording."""

    file: str
    field: str
    recording: str
    comparable: int
    agree: int
    disagreements: tuple[Disagreement, ...]

    @property
    def share(self) -> float:
        return self.agree / self.comparable if self.comparable else float("nan")


def _register(name: str) -> pl.DataFrame:
    return register.FILES.read(name)


def _compare(file: str, field: str, recording: str, pairs: Iterable[tuple[str, object, object, bool]]) -> Comparison:
    """Count how many of the ``pairs`` (name, ours, theirs, whether they agree) agree."""
    rows = list(pairs)
    wrong = tuple(Disagreement(name, str(ours), str(theirs)) for name, ours, theirs, agree in rows if not agree)
    return Comparison(file, field, recording, len(rows), len(rows) - len(wrong), wrong)


def _near(ours: int, theirs: int) -> bool:
    return abs(ours - theirs) <= 1


def _once(names: pl.DataFrame) -> pl.DataFrame:
    """Keep rows whose folded name and country occur once, since a name that two companies share identifies neither."""
    return _keyed(names).filter(pl.struct("key", "country").is_unique())


def _companies(recording: str, theirs: pl.DataFrame, ours: pl.DataFrame) -> list[Comparison]:
    """Compare city (at founding or now), founding year and unicorn year of the companies that both sides have."""
    both = ours.join(_once(theirs), on=["key", "country"], how="inner", suffix="_theirs").sort("company")
    rows = both.iter_rows(named=True)
    city, founded, unicorn = [], [], []
    for row in rows:
        if row["city_theirs"]:
            cities = row["city_founded_resolved"], row["city_resolved"]
            city.append((row["company"], " → ".join(map(str, cities)), row["city_theirs"], row["city_theirs"] in cities))
        if row.get("founded_theirs") and row["founded"]:
            founded.append((row["company"], row["founded"], row["founded_theirs"], _near(row["founded"], row["founded_theirs"])))
        if row.get("unicorn_year_theirs") and row["unicorn_year"]:
            ours_, theirs_ = row["unicorn_year"], row["unicorn_year_theirs"]
            unicorn.append((row["company"], ours_, theirs_, _near(ours_, theirs_)))
    comparisons = [
        _compare("companies.csv", "city", recording, city),
        _compare("companies.csv", "founded", recording, founded),
        _compare("companies.csv", "unicorn_year", recording, unicorn),
    ]
    return [comparison for comparison in comparisons if comparison.comparable]


def _deals(recording: str, theirs: pl.DataFrame, ours: pl.DataFrame, first: int, last: int) -> Comparison:
    """Compare the deals of companies that the recording has, in its years: a deal is found if a round is within a year.

    ``theirs`` has key and year, ``ours`` deal, key and year.
    """
    years: dict[str, list[int]] = {}
    for key, year in theirs.select("key", "year").iter_rows():
        years.setdefault(key, []).append(year)
    inside = ours.filter(pl.col("key").is_in(list(years)) & pl.col("year").is_between(first, last)).sort("deal")
    pairs = (
        (deal, year, sorted(set(years[key])), any(_near(year, other) for other in years[key]))
        for deal, key, year in inside.select("deal", "key", "year").iter_rows()
    )
    return _compare("deals.csv", "found", recording, pairs)


def _rounds(theirs: pl.DataFrame, ours: pl.DataFrame) -> Comparison:
    """Compare the year of rounds that both sides name alike (IT桔子 only)."""
    known = theirs.filter(pl.col("round").is_in(ROUNDS)).group_by("key", "round").agg(pl.col("year"))
    both = ours.join(known, on=["key", "round"], how="inner", suffix="_theirs").sort("deal")
    rows = both.select("deal", "year", "year_theirs").iter_rows()
    pairs = ((deal, year, sorted(years), any(_near(year, other) for other in years)) for deal, year, years in rows)
    return _compare("deals.csv", "round_year", "IT桔子 2016", pairs)


def _universities(recorded: Recorded, cities: Cities) -> list[Comparison]:
    """Compare programme flags and city of Chinese universities with the lists of the Ministry of Education."""
    ours = _register("universities").filter((pl.col("country") == "CN") & pl.col("university_zh").is_not_null())
    lists = {"is_985": "project_985", "is_211": "project_211", "is_dfc": "double_first_class"}
    comparisons = []
    for flag, table in lists.items():
        names = {_plain(name) for name in recorded(elite.SOURCE, table)["university"]}
        rows = (
            (name, value, str(int(_plain(name) in names)), value == str(int(_plain(name) in names)))
            for name, value in ours.select("university_zh", flag).iter_rows()
        )
        comparisons.append(_compare("universities.csv", flag, "Ministry of Education", rows))
    institutions = recorded(moe.SOURCE, "institutions")
    newest = institutions.filter(pl.col("edition") == pl.col("edition").max())
    listed = [_plain(name) for name in newest["university"]]
    seats = dict(zip(listed, cities(newest.with_columns(pl.lit("CN").alias("country"))), strict=True))
    held = zip(ours["university_zh"], ours["city"], cities(ours, "city"), strict=True)
    compared = [
        (name, city, seats[_plain(name)], our == seats[_plain(name)]) for name, city, our in held if _plain(name) in seats
    ]
    comparisons.append(_compare("universities.csv", "city", "Ministry of Education", compared))
    return comparisons


def _plain(name: str) -> str:
    return name.replace("（", "(").replace("）", ")").replace(" ", "").strip()


def validate(raw: Path) -> list[Comparison]:
    """Compare the register with the recordings under ``raw``; raise FileNotFoundError naming one that is missing."""
    cities, recorded = Cities(), Recorded(raw)
    ours = _keyed(_register("companies"), "company")
    ours = ours.with_columns(
        cities(ours, "city").alias("city_resolved"), cities(ours, "city_founded").alias("city_founded_resolved")
    )
    deals = _deals_of(ours)
    deals_zh = _keyed(deals.filter(pl.col("company_zh").is_not_null()), "company_zh")
    us_companies, us_rounds = crunchbase_2013(recorded)
    rounds, unicorns = crunchbase_2014(recorded, cities), unicorns_2022(recorded, cities)
    events = _keyed(itjuzi(recorded))
    funded = rounds.drop_nulls("city").unique(["name", "country", "city"])
    return [
        *_companies("Crunchbase 2013 US", us_companies, ours),
        *_companies("Crunchbase 2004–13", funded.with_columns(pl.lit(None, dtype=pl.Int32).alias("founded")), ours),
        *_companies("CB Insights 2022", unicorns, ours),
        *_companies("FinanceDatabase", financedatabase(recorded, cities), ours.filter(pl.col("listing_year").is_not_null())),
        _deals("IT桔子 2016", events, deals_zh, 1999, 2016),
        _deals("Crunchbase 2004–13", _keyed(rounds), deals, 2004, 2013),
        _deals("Crunchbase 2013 US", _keyed(us_rounds), deals.filter(pl.col("country") == "US"), 2000, 2013),
        _rounds(events, deals_zh),
        *_universities(recorded, cities),
    ]


def _keyed(table: pl.DataFrame, name: str = "name") -> pl.DataFrame:
    """Add the folded name as ``key``."""
    return table.with_columns(pl.col(name).map_elements(fold, return_dtype=pl.String).alias("key"))


def _deals_of(companies: pl.DataFrame) -> pl.DataFrame:
    """Return the register's deals with the keys of their companies."""
    deals = _register("deals").join(companies.select("company", "company_zh", "key", "country"), on="company")
    return deals.with_columns(
        pl.concat_str("company", "date", "round", separator=" | ").alias("deal"),
        pl.col("date").str.slice(0, 4).cast(pl.Int32).alias("year"),
        pl.col("round").cast(pl.String),
    )
