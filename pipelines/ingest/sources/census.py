"""Census of China 2010 and 2020 by prefecture, as compiled by Dong, Du and Liu from local bulletins.

What bites: the file ends each row with a polygon of many kilobytes, which some copies lack; where a bulletin gave no
figure the cell is empty, so for the cities of the Xinjiang corps all are; populations of 2010 are those within the
boundaries of 2020, but in 21 places urban and rural ones are not quite (in Ziyang, which lost Jianyang to Chengdu, by a
million). No education columns.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest.contract import doc
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

AT = "https://raw.githubusercontent.com/leiii/census/0ba0f1efae092f4aa6569ef38e53b3bb4d2f0087/data/census/census_city_2010-2020_v1.csv"
YEARS = (2010, 2020)
#: Columns of the file without their year, and of the table.
FIGURES = {
    "popu": "population",
    "popu_urban": "urban_population",
    "popu_rural": "rural_population",
    "household": "household_size",
    "male_female": "men_per_100_women",
    "age_0_14": "age_0_14_pct",
    "age_15_59": "age_15_59_pct",
    "age_60": "age_60_pct",
    "age_65": "age_65_pct",
}
PLACES = {"city": "place", "city_code": "place_code", "province": "region"}
HEADER = [*PLACES, "province_code", *(f"{name}_{year}" for year in YEARS for name in FIGURES)]


def _persons(text: str) -> dy.Int64:
    return dy.Int64(nullable=True, min=0, max=50_000_000, metadata=doc(text))


def _share(ages: str) -> dy.Float64:
    return dy.Float64(nullable=True, min=0, max=100, metadata=doc(f"Residents aged {ages}, per cent."))


class Prefectures(dy.Schema):
    """One row per prefecture, or county that belongs to none, and census year."""

    place = dy.String(nullable=False, metadata=doc("Chinese name."))
    place_code = dy.String(
        primary_key=True, regex=r"^[1-8][0-9]{5}$", metadata=doc("Administrative code (GB/T 2260).", "Six digits")
    )
    region = dy.String(nullable=False, metadata=doc("Province, municipality or autonomous region."))
    year = dy.Int32(primary_key=True, min=2010, max=2020, metadata=doc("Census year."))
    population = _persons("Residents.")
    urban_population = _persons("Residents of urban areas.")
    rural_population = _persons("Residents of rural areas.")
    household_size = dy.Float64(nullable=True, min=1, max=10, metadata=doc("Persons per household."))
    men_per_100_women = dy.Float64(nullable=True, min=50, max=300, metadata=doc("Men per hundred women."))
    age_0_14_pct = _share("0–14")
    age_15_59_pct = _share("15–59")
    age_60_pct = _share("60 and over")
    age_65_pct = _share("65 and over")


def parse_prefectures(content: bytes) -> pl.DataFrame:
    """Each row of the file in two, one per census."""
    has_polygons = b'"coord"' in content.split(b"\n", 1)[0]
    rows = csv_rows(content, [*HEADER, "coord"] if has_polygons else HEADER)
    return pl.concat(
        rows.select(
            pl.col(PLACES).name.map(lambda name: PLACES[name]),
            pl.lit(year).alias("year"),
            *(pl.col(f"{name}_{year}").alias(column) for name, column in FIGURES.items()),
            "source_row",
        )
        for year in YEARS
    )


SOURCE = Source(
    name="census",
    title="Census of China by prefecture 2010 and 2020",
    publisher="Lei Dong, Rui Du and Yu Liu",
    landing_page="https://github.com/leiii/census",
    licence="MIT",
    licence_class="open",
    citation="Dong, L., Du, R. and Liu, Y. (2022), Mapping Evolving Population Geography in China, SSRN 4049338",
    cadence="once",
    tables=(Table("prefectures", Prefectures, (738, 738), parse_prefectures, (AT,), ("text/plain",), is_final=True),),
)
