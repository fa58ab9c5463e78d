"""Holds the register against independent recordings: how many rows can be compared, how many agree.

The recordings (Crunchbase exports, IT桔子 events, FinanceDatabase, CB Insights, Ministry of Education lists)
are read where the user keeps them and never copied: only counts leave this module. Matching is deliberately
strict (equal names after folding), so that a disagreement is worth looking at.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines import paths
from pipelines.places import Ambiguous, Gazetteer, normalise
from pipelines.sources import reference, register

BAY = "San Francisco Bay Area"

#: IT桔子 gives provinces; only the municipalities among them are cities.
PROVINCES = {"北京": "Beijing", "上海": "Shanghai", "天津": "Tianjin", "重庆": "Chongqing"}

#: Cities with fewer recorded rows are left out of the coverage table: a share of a handful says little.
LEAST_RECORDED = 5

#: Districts that Crunchbase gives as cities, and spellings the gazetteer does not know.
DISTRICTS = {"Haidian": "Beijing", "Chaoyang": "Beijing", "Xian": "Xi'an", "Fuzhou Shi": "Fuzhou", "Qingdao Shi": "Qingdao"}

ROUNDS = {
    "种子轮": "seed", "天使轮": "angel", "Pre-A轮": "pre-A", "A轮": "A", "A+轮": "A+", "B轮": "B", "B+轮": "B+", "C轮": "C",
    "D轮": "D", "E轮": "E",
}  # fmt: skip


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
        folder = paths.REFERENCE
        self._gazetteer = Gazetteer(reference.FILES.parse("place_aliases", (folder / "place_aliases.csv").read_bytes()))
        areas = reference.FILES.parse("areas", (folder / "areas.csv").read_bytes())
        self._area = {(row["country"], normalise(row["city"])): row["area"] for row in areas.iter_rows(named=True)}

    def __call__(self, country: str, place: str | None) -> str | None:
        if not place:
            return None
        try:
            city = self._gazetteer.resolve(country, DISTRICTS.get(place, place))
        except Ambiguous:
            return None
        return self._area.get((city.country, normalise(city.name)), city.name)


def _register(name: str) -> pl.DataFrame:
    return register.FILES.parse(name, (paths.REGISTER / f"{name}.csv").read_bytes())


def _compare(file: str, field: str, recording: str, pairs: Iterable[tuple[str, object, object, bool]]) -> Comparison:
    """``pairs`` are (name, ours, theirs, agree)."""
    rows = list(pairs)
    wrong = tuple(Disagreement(name, str(ours), str(theirs)) for name, ours, theirs, agree in rows if not agree)
    return Comparison(file, field, recording, len(rows), len(rows) - len(wrong), wrong)


def _near(ours: int, theirs: int) -> bool:
    return abs(ours - theirs) <= 1


# Recordings, each as a frame with the columns name, country (ISO), city (resolved), founded.


def _csv(content: bytes | str) -> pl.DataFrame:
    text = content.encode() if isinstance(content, str) else content
    return pl.read_csv(io.BytesIO(text), infer_schema=False, quote_char='"')


def crunchbase_2013(raw: Path, cities: _Cities) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Companies and rounds of the October 2013 export, United States: CR-only line ends, latin-1."""
    folder = raw / "crunchbase_2013_us"
    companies, rounds = (
        _csv((folder / f"crunchbase-{name}.csv").read_bytes().decode("latin-1").replace("\r\n", "\n").replace("\r", "\n"))
        for name in ("companies", "rounds")
    )
    # "… - Other" and "unknown" are what the export says when it does not know.
    region = (
        pl.when(pl.col("region") == "SF Bay")
        .then(pl.lit(BAY))
        .when(~pl.col("region").str.contains("Other|unknown"))
        .then("region")
    )
    companies = companies.select(
        "name",
        pl.lit("US").alias("country"),
        region.alias("city"),
        pl.col("founded_year").cast(pl.Int32, strict=False).alias("founded"),
    )
    rounds = rounds.select(
        pl.col("company_name").alias("name"),
        pl.lit("US").alias("country"),
        pl.when(pl.col("company_region") == "SF Bay").then(pl.lit(BAY)).alias("city"),
        pl.col("funded_year").cast(pl.Int32, strict=False).alias("year"),
        pl.col("funded_month").alias("month"),
    )
    return companies, rounds.drop_nulls("year")


def crunchbase_2014(raw: Path, cities: _Cities) -> pl.DataFrame:
    """Investments 2004–13 worldwide, one row per company and month of a round; districts count as their city."""
    archive = zipfile.ZipFile(raw / "crunchbase_investments_2014" / "UnicornsApp.zip")
    table = _csv(archive.read("UnicornsApp/public_html/maptime.csv").decode("latin-1"))
    iso = {"CHN": "CN", "USA": "US"}
    table = table.filter(pl.col("company_country_code").is_in(list(iso)))
    rounds = table.select(
        pl.col("company_name").alias("name"),
        pl.col("company_country_code").replace_strict(iso).alias("country"),
        pl.col("company_city").alias("place"),
        pl.col("funded_year").cast(pl.Int32, strict=False).alias("year"),
        pl.col("funded_month").alias("month"),
    ).unique(maintain_order=True)
    places = {key: cities(*key) for key in rounds.select("country", "place").unique().iter_rows()}
    city = [places[key] for key in rounds.select("country", "place").iter_rows()]
    return rounds.with_columns(pl.Series("city", city, dtype=pl.String)).drop_nulls("year")


def unicorns_2022(raw: Path, cities: _Cities) -> pl.DataFrame:
    """CB Insights, March 2022: company, city, year founded, year joined."""
    table = _csv((raw / "unicorns" / "cbinsights_2022-03_ClincieB.csv").read_bytes())
    iso = {"China": "CN", "United States": "US"}
    table = table.filter(pl.col("Country").is_in(list(iso)))
    country = table["Country"].replace_strict(iso)
    place = [cities(*key) for key in zip(country, table["City"], strict=True)]
    return table.select(
        pl.col("Company").alias("name"),
        country.alias("country"),
        pl.Series("city", place, dtype=pl.String),
        pl.col("Founded Year").cast(pl.Int32, strict=False).alias("founded"),
        pl.col("Date Joined").str.split("/").list.last().cast(pl.Int32, strict=False).alias("unicorn_year"),
    )


def financedatabase(raw: Path, cities: _Cities) -> pl.DataFrame:
    """Listed companies of China, Hong Kong and the United States; the year founded is read from the summary."""
    parts = [pl.read_csv(path, infer_schema=False) for path in sorted((raw / "financedatabase").glob("*.csv"))]
    table = pl.concat(parts, how="diagonal")
    iso = {"China": "CN", "Hong Kong": "HK", "United States": "US"}
    table = table.filter(pl.col("country").is_in(list(iso)) & pl.col("city").is_not_null())
    country = table["country"].replace_strict(iso)
    place = [cities(*key) for key in zip(country, table["city"], strict=True)]
    year = pl.col("summary").str.extract(r"(?:was (?:founded|incorporated|established)|founded) in (?:\w+ )?((?:19|20)\d\d)")
    return table.select(
        "name",
        country.alias("country"),
        pl.Series("city", place, dtype=pl.String),
        year.cast(pl.Int32, strict=False).alias("founded"),
    ).unique("name", keep="first", maintain_order=True)


def itjuzi(raw: Path) -> pl.DataFrame:
    """IT桔子 events 1999–2016: GBK; the place is a province."""
    content = (raw / "itjuzi_events_2016" / "invest_event.csv").read_bytes().decode("gbk", errors="replace")
    table = _csv(content).unique("link", keep="first", maintain_order=True)
    return table.select(
        pl.col("company").str.strip_chars().alias("name"),
        pl.col("place").alias("province"),
        pl.col("date").str.slice(0, 4).cast(pl.Int32, strict=False).alias("year"),
        pl.col("round").replace(ROUNDS).alias("round"),
    ).drop_nulls("year")


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
    known = theirs.filter(pl.col("round").is_in(list(ROUNDS.values()))).group_by("key", "round").agg(pl.col("year"))
    both = ours.join(known, on=["key", "round"], how="inner", suffix="_theirs").sort("deal")
    rows = both.select("deal", "year", "year_theirs").iter_rows()
    return _compare(
        "deals.csv",
        "round_year",
        "IT桔子 2016",
        ((deal, year, sorted(them), any(_near(year, one) for one in them)) for deal, year, them in rows),
    )


def _universities(raw: Path, cities: _Cities) -> list[Comparison]:
    """Programme flags and city of Chinese universities against the Ministry of Education's lists."""
    ours = _register("universities").filter((pl.col("country") == "CN") & pl.col("university_zh").is_not_null())
    lists = {"is_985": "moe_985_list", "is_211": "moe_211_list", "is_dfc": "double_first_class_round2_raw"}
    found = []
    for flag, stem in lists.items():
        (path,) = (raw / "moe_elite").glob(f"{stem}*.csv")
        names = {_plain(name) for name in _csv(path.read_bytes())["schoolName"]}
        rows = (
            (name, value, str(int(_plain(name) in names)), value == str(int(_plain(name) in names)))
            for name, value in ours.select("university_zh", flag).iter_rows()
        )
        found.append(_compare("universities.csv", flag, "Ministry of Education", rows))
    table = pl.read_excel(raw / "moe_list" / "moe_2025-06-20.xls", has_header=False, engine="calamine")
    places = {_plain(str(row[1])): str(row[4]) for row in table.iter_rows() if row[4]}
    gazetteer = Gazetteer(reference.FILES.parse("place_aliases", (paths.REFERENCE / "place_aliases.csv").read_bytes()))
    rows_ = []
    for name, city in ours.select("university_zh", "city").iter_rows():
        place = places.get(_plain(name))
        if place is None:
            continue
        try:
            theirs = gazetteer.resolve("CN", place.removesuffix("市")).name
        except Ambiguous:
            continue
        rows_.append((name, city, theirs, gazetteer.resolve("CN", city).name == theirs))
    found.append(_compare("universities.csv", "city", "Ministry of Education", rows_))
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
    resolved = {
        key: cities(*key)
        for key in {*ours.select("country", "city").iter_rows(), *ours.select("country", "city_founded").iter_rows()}
    }
    ours = ours.with_columns(
        pl.col("company").map_elements(fold, return_dtype=pl.String).alias("key"),
        pl.Series("city_resolved", [resolved[key] for key in ours.select("country", "city").iter_rows()], dtype=pl.String),
        pl.Series(
            "city_founded_resolved",
            [resolved[key] for key in ours.select("country", "city_founded").iter_rows()],
            dtype=pl.String,
        ),
    )
    us_companies, us_rounds = crunchbase_2013(raw, cities)
    rounds, unicorns, listed = crunchbase_2014(raw, cities), unicorns_2022(raw, cities), financedatabase(raw, cities)
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
    events = itjuzi(raw).with_columns(pl.col("name").map_elements(fold, return_dtype=pl.String).alias("key"))
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
        *_universities(raw, cities),
    ]
    held = set(zip(deals["key"], deals["year"], strict=True))
    held_zh = set(zip(deals_zh["key"], deals_zh["year"], strict=True))
    return Report(comparisons, _coverage(keyed, events, set(ours["key"]), held, held_zh))
