"""Compare the rows of the reference tables with each other: what no single row can tell."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from pkgutil import iter_modules

import polars as pl

from pipelines import settings
from pipelines.errors import Problem
from pipelines.ingest.contract import ROW
from pipelines.ingest.review import Check, Rows, damaged_cells, problems, unknown
from pipelines.ingest.spelling import Names

#: Factor by which a yearly rate may leave the range of those of the years before and after, and of the only one beside it where
#: the rates begin or end. A crisis, in which a currency loses two thirds, lasts; a slip does not.
SLIP, SLIP_AT_THE_END = 2, 5
#: The scores, each of which needs an indicator.
SCORES = ("Readiness", "Realised")
#: In so many residents the model counts a population (sql/marts/list_counts/population.sql).
PER_RESIDENTS = "per 10,000 residents"


def review(file: str, frame: pl.DataFrame, rows: Rows) -> list[Problem]:
    """Return what is wrong with the rows of a reference table; ``rows`` reads the others."""
    found = damaged_cells(frame)
    for check in CHECKS.get(file, ()):
        found += check(frame, rows)
    return sorted(found, key=lambda problem: problem.row or 0)


def unknown_cities(frame: pl.DataFrame, rows: Rows) -> Iterator[Problem]:
    """Yield the rows whose city is none of China, no area and none of the gazetteer."""
    own = Names([*rows("prefectures")["city"], *rows("areas")["area"]])
    gazetteer = pl.scan_parquet(settings.GAZETTEER, glob=False).filter("is_city").select("name").collect().to_series()
    others = frame.filter(~pl.col("city").is_in(gazetteer.implode()))
    remedy = "Write it as prefectures.csv, areas.csv or the gazetteer does"
    return unknown(others, "city", own, "is not a city that is known", remedy)


def _units(frame: pl.DataFrame, _: Rows) -> list[Problem]:
    """Return the units that do not say how many residents a value is for."""
    is_wrong = (pl.col("per") == "population") & ~pl.col("unit").str.ends_with(PER_RESIDENTS)
    problem = f"{{unit!r}} does not end in {PER_RESIDENTS!r}, as values that are divided by the population are"
    return problems(frame, is_wrong, "unit", problem, f"Write {PER_RESIDENTS!r} at its end")


def _scores(frame: pl.DataFrame, _: Rows) -> Iterator[Problem]:
    """Yield the scores that no indicator with a weight is part of."""
    counting = set(frame.filter(pl.col("weight") > 0)["measure"])
    for score in SCORES:
        if score not in counting:
            yield Problem("content", f"no indicator of {score} has a weight", "Give one a weight above 0", column="weight")


def _sources(frame: pl.DataFrame, _: Rows, column: str) -> Iterator[Problem]:
    """Yield cells of ``column`` that name no source."""
    # The sources cannot be imported here, since some of them import the reference tables.
    known = Names(module.name for module in iter_modules([str(Path(__file__).parents[1])]))
    return unknown(frame, column, known, "is not a source", "Write the name of a module of pipelines/ingest/sources")


def _geoname_ids(frame: pl.DataFrame, _: Rows, column: str) -> list[Problem]:
    """Return the ids in ``column`` that the gazetteer lacks."""
    known = pl.scan_parquet(settings.GAZETTEER, glob=False).select("geoname_id").collect().to_series()
    is_wrong = ~pl.col(column).is_in(known.implode())
    return problems(frame, is_wrong, column, f"{{{column}}} is not in the gazetteer", "Write the id of a place in it")


def _names_of_ids(frame: pl.DataFrame, _: Rows, column: str, id_column: str) -> list[Problem]:
    """Return the names in ``column`` that are not the gazetteer's of the id beside them, as where one of the two has slipped."""
    places = pl.scan_parquet(settings.GAZETTEER, glob=False)
    places = places.select(pl.col("geoname_id").alias(id_column), called="name", lies_in="country").collect()
    is_wrong = (pl.col(column) != pl.col("called")) | (pl.col("country") != pl.col("lies_in"))
    words, remedy = f"{{{id_column}}} is {{called}} in {{lies_in}}", "Write country, name and id of the place meant"
    return problems(frame.join(places, on=id_column, how="left"), is_wrong, column, words, remedy)


def _merged_twice(frame: pl.DataFrame, _: Rows) -> list[Problem]:
    """Return the rows whose city has others merged into it: of the two, the model would keep those."""
    areas = frame.select("preset", city="merged_into").unique()
    words = "{city} takes in other cities under {preset}, so that it would not be merged into {merged_into}"
    merged = frame.join(areas, on=["preset", "city"], how="semi")
    return problems(merged, pl.lit(True), "city", words, "Merge the others into {merged_into} too, or leave this row out")


def _known(frame: pl.DataFrame, rows: Rows, column: str, file: str, listed: str) -> Iterator[Problem]:
    """Yield cells of ``column`` that the column ``listed`` of another file lacks."""
    known = Names(rows(file)[listed])
    return unknown(frame, column, known, f"is not in column {listed} of {file}.csv", "Correct the spelling, or leave the row out")


def _counted_twice(frame: pl.DataFrame, _: Rows) -> list[Problem]:
    """Return the rows whose city counts for one that counts for a third."""
    onward = frame.filter(pl.col("towns_of") == "all", pl.col("geoname_id") != pl.col("counts_for_id"))
    is_wrong = pl.col("counts_for_id").is_in(onward["geoname_id"].implode())
    return problems(frame, is_wrong, "counts_for", "{counts_for} counts for another city itself", "Write that city")


def _rates(frame: pl.DataFrame, _: Rows) -> list[Problem]:
    """Return the rates that leave the range of their neighbours by far, as one does that has a digit too many."""
    rate, remedy = pl.col("per_usd"), "Correct it, or the rates beside it"
    beside = (rate.shift(1).over("currency", order_by="year"), rate.shift(-1).over("currency", order_by="year"))
    factor = pl.when(pl.any_horizontal(other.is_null() for other in beside)).then(SLIP_AT_THE_END).otherwise(SLIP)
    is_far = (rate > factor * pl.max_horizontal(beside)) | (rate < pl.min_horizontal(beside) / factor)
    rates = frame.with_columns(beside=pl.concat_str(beside, separator=" and ", ignore_nulls=True))
    return problems(rates, is_far, "per_usd", "{per_usd} {currency} in {year} is far from {beside} in the years beside", remedy)


def _names_of_countries(frame: pl.DataFrame, _: Rows) -> Iterator[Problem]:
    """Yield names and codes that stand for another country already."""
    first: dict[str, tuple[str, int]] = {}
    for country, iso3, name, also, row in frame.select("country", "iso3", "name", "also", ROW).iter_rows():
        cells = {"country": country, "iso3": iso3, "name": name, "also": also or ""}
        for column, written in ((column, written) for column, cell in cells.items() for written in cell.split("|") if written):
            meant, earlier = first.setdefault(written.lower(), (country, row))
            if meant != country:
                problem = f"{written!r} stands for {meant} in row {earlier}"
                yield Problem("content", problem, "Keep it in the row of the country meant", row, column)


CHECKS: dict[str, tuple[Check, ...]] = {
    "indicators": (_units, _scores),
    "boundaries": (unknown_cities, _merged_twice),
    "audited_errors": (
        partial(_sources, column="dataset"),
        partial(_known, column="quantity", file="indicators", listed="quantity"),
    ),
    "ranking_contents": (
        partial(_known, column="ranking", file="published_rankings", listed="ranking"),
        partial(_known, column="indicator", file="indicators", listed="indicator"),
    ),
    "scattered_research": (partial(_sources, column="dataset"),),
    "landmarks": (partial(_sources, column="source"),),
    "exchange_rates": (_rates,),
    "countries": (_names_of_countries, partial(_geoname_ids, column="city_id")),
    "place_aliases": (partial(_geoname_ids, column="geoname_id"),),
    "areas": (partial(_geoname_ids, column="geoname_id"),),
    "metropolitan_areas": (
        partial(_geoname_ids, column="geoname_id"),
        partial(_geoname_ids, column="counts_for_id"),
        partial(_names_of_ids, column="city", id_column="geoname_id"),
        partial(_names_of_ids, column="counts_for", id_column="counts_for_id"),
        _counted_twice,
    ),
}
