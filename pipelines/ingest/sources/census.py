"""Read China's censuses of 2010 and 2020 by prefecture, as compiled from local bulletins by Dong, Du and Liu.

Each row of the file ends with a polygon of many kilobytes, which some copies lack. A cell is empty where a bulletin gave no
figure, which is every cell for the cities of the Xinjiang corps. Populations of 2010 are those within the boundaries of
2020. Urban and rural ones deviate from that in 21 places; in Ziyang, which lost Jianyang to Chengdu, by a million. There
are no columns on education. Three rows give persons with decimals, which are rounded.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, fixed_table

URL = "https://raw.githubusercontent.com/leiii/census/0ba0f1efae092f4aa6569ef38e53b3bb4d2f0087/data/census/census_city_2010-2020_v1.csv"
YEARS = (2010, 2020)
#: Columns of the file without their year → columns of the table.
FIGURES = {
    "popu": "population", "popu_urban": "urban_population", "popu_rural": "rural_population", "household": "household_size",
    "male_female": "men_per_100_women", "age_0_14": "age_0_14_pct", "age_15_59": "age_15_59_pct", "age_60": "age_60_pct",
    "age_65": "age_65_pct",
}  # fmt: skip
PERSONS = ("population", "urban_population", "rural_population")
PLACES = {"city": "place", "city_code": "place_code", "province": "region"}
HEADER = [*PLACES, "province_code", *(f"{name}_{year}" for year in YEARS for name in FIGURES)]


def _share(ages: str) -> dy.Float64:
    return columns.number(f"Residents aged {ages}, per cent.", 0, 100, nullable=True)


class Prefectures(dy.Schema):
    """One row per census year and prefecture, or county outside any prefecture."""

    place = columns.text("Chinese name.")
    place_code = columns.place_code()
    region = columns.text("Province, municipality or autonomous region.")
    year = columns.integer("Census year.", 2010, 2020, primary_key=True)
    population = columns.persons("Residents.")
    urban_population = columns.persons("Residents of urban areas.")
    rural_population = columns.persons("Residents of rural areas.")
    household_size = columns.number("Persons per household.", 1, 10, nullable=True)
    men_per_100_women = columns.number("Men per hundred women.", 50, 300, nullable=True)
    age_0_14_pct = _share("0–14")
    age_15_59_pct = _share("15–59")
    age_60_pct = _share("60 and over")
    age_65_pct = _share("65 and over")

    urban_population_is_part_of_population = columns.rule(pl.col("urban_population") <= pl.col("population"))
    age_0_14_pct_and_age_15_59_pct_and_age_60_pct_are_all = columns.rule(
        (pl.col("age_0_14_pct") + pl.col("age_15_59_pct") + pl.col("age_60_pct")).is_between(99.5, 100.5)
    )
    age_15_59_pct_is_above_age_0_14_pct = columns.rule(pl.col("age_15_59_pct") > pl.col("age_0_14_pct"))


def parse_prefectures(content: bytes) -> pl.DataFrame:
    """Return two rows for each row of the file, one per census."""
    has_polygons = b'"coord"' in content.split(b"\n", 1)[0]
    rows = csv_rows(content, [*HEADER, "coord"] if has_polygons else HEADER)
    return pl.concat(
        rows.select(
            pl.col(PLACES).name.map(lambda name: PLACES[name]),
            pl.lit(year).alias("year"),
            *(_figure(f"{name}_{year}", column).alias(column) for name, column in FIGURES.items()),
            "source_row",
        )
        for year in YEARS
    )


def _figure(printed: str, column: str) -> pl.Expr:
    """Return the text of a figure; persons are rounded where they have decimals."""
    text = pl.col(printed)
    if column not in PERSONS:
        return text
    rounded = text.str.extract(r"^([0-9]+\.[0-9]+)$").cast(pl.Float64).round().cast(pl.Int64).cast(pl.String)
    return pl.coalesce(rounded, text)


SOURCE = Source(
    name="census",
    title="Census of China by prefecture 2010 and 2020",
    publisher="Lei Dong, Rui Du and Yu Liu",
    landing_page="https://github.com/leiii/census",
    licence="MIT",
    completeness="census",
    licence_class="open",
    citation="Dong, L., Du, R. and Liu, Y. (2022), Mapping Evolving Population Geography in China, SSRN 4049338",
    cadence="once",
    tables=(fixed_table("prefectures", Prefectures, 738, parse_prefectures, (URL,), ("text/plain",)),),
)
