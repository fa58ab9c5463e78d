"""Read gross product 1990–2021 and wages 1978–2021 of some 340 Chinese prefectures, as exported from CSMAR.

The figures are official, from city yearbooks; the export is kept in a public repository at a fixed commit. Names are printed
in many ways ("Hangzhou(city)", "Altay Prefeture"), so places go by their administrative code. Units that no longer exist,
such as Chaohu, are in the files with their own codes. Boundaries are those of each year.

The columns of the wage file are documented without units. Staff times the average wage is the wage bill, so staff are in ten
thousands, the bill is in ten thousand yuan, and the wage in yuan. The population is the registered one in ten thousands, as
Beijing's 1,362.9 of 2016 shows. The bill is left out, as its unit slips in 130 rows. So are employees, as their meaning changes.

Some figures are wrong as printed, and flagged: in Guangxi in 2000 the gross product has another unit, in Heilongjiang in 2011
it stands one row too low from Jiamusi on, and some wages have a point in the wrong place.
"""

import dataframely as dy
import polars as pl

from pipelines.ingest import columns
from pipelines.ingest.contract import ROW
from pipelines.ingest.readers.records import refuse_rows
from pipelines.ingest.readers.text import CHANGED, CSV_TYPES, csv_rows
from pipelines.ingest.source import Source, fixed_table

FILES = "https://raw.githubusercontent.com/eileenCHEN-9/PhD_2022_2025/f20bcc5e60189da7c99eb185c8b981f116b07af9/data/raw_data/statistics/"
PLACES = {"Sgnyea": "year", "Ctnm_id": "place_code", "Prvcnm_en": "region", "Ctnm_en": "place"}
OTHERS = ["Cttyp_en", "Prvcnm_id"]
GDP = {"Gdpct01": "gdp_100m_cny", "GDP_PerCapita": "gdp_per_capita_cny"}
GDP_HEADER = [*PLACES, *OTHERS, *GDP, "Gdpct02", "Gdpct03", "Gdpct04", "GDPYoY", "GDP_PrimInd", "GDP_SecInd", "GDP_TerInd"]
WAGES = {"Eect01": "registered_population_10k", "Eect11": "staff_10k", "Eect13": "wage_cny"}
UNUSED_WAGES = ["Eect02", "Eect03", "Eect04", "Eect05", "Eect06", "Eect08", "Eect09", "Eect10", "Eect12"]
WAGES_HEADER = [*PLACES, *OTHERS, *WAGES, *UNUSED_WAGES]

#: Units of Heilongjiang whose gross product of 2011 is that of another: Jiamusi, Qitaihe, Mudanjiang, Heihe, Suihua.
MOVED_IN_2011 = ["230800", "230900", "231000", "231100", "231200"]
#: Factor by which a figure may differ from the usual one before it is doubted.
DOUBTED = 5


class Gdp(dy.Schema):
    """One row per prefecture and year with a gross product."""

    year = columns.integer("Year.", 1990, 2021, primary_key=True)
    place_code = columns.place_code()
    region = columns.text("Province, in English.")
    place = columns.text("Prefecture in English, as printed.")
    gdp_100m_cny = columns.number("Gross regional product, hundred million yuan at prices of the year.", 0, 60_000)
    gdp_per_capita_cny = columns.number("Gross regional product per person, yuan.", 0, 1_000_000, nullable=True)
    is_doubtful = columns.flag("Known errors, and products that imply a population five times too large or too small.")


class Wages(dy.Schema):
    """One row per prefecture and year with a population, staff or wage."""

    year = columns.integer("Year.", 1978, 2021, primary_key=True)
    place_code = columns.place_code()
    region = columns.text("Province, in English.")
    place = columns.text("Prefecture in English, as printed.")
    registered_population_10k = columns.number(
        "Registered population at the end of the year, ten thousands.", 0, 5_000, nullable=True
    )
    staff_10k = columns.number("Average number of staff of urban units, ten thousands.", 0, 2_000, nullable=True)
    wage_cny = columns.number("Average wage of staff, yuan a year.", 0, 1_000_000, nullable=True)
    is_doubtful = columns.flag("The wage is five times higher or lower than the median of all prefectures in that year.")


def parse_gdp(content: bytes) -> pl.DataFrame:
    """Return the years and prefectures with a gross product."""
    rows = _figures(content, GDP_HEADER, GDP)
    people = pl.col("gdp_100m_cny") / pl.col("gdp_per_capita_cny")
    is_moved = (pl.col("year") == "2011") & pl.col("place_code").is_in(MOVED_IN_2011)
    return rows.with_columns(is_doubtful=is_moved | _differs(people, "place_code")).drop_nulls("gdp_100m_cny")


def parse_wages(content: bytes) -> pl.DataFrame:
    """Return the years and prefectures with at least one figure."""
    rows = _figures(content, WAGES_HEADER, WAGES).with_columns(is_doubtful=_differs(pl.col("wage_cny"), "year"))
    return rows.filter(pl.any_horizontal(pl.col([*WAGES.values()]).is_not_null()))


def _figures(content: bytes, header: list[str], figures: dict[str, str]) -> pl.DataFrame:
    """Return places, years and figures; raise Refused for a figure that is not a number."""
    rows = csv_rows(content, header).select(*PLACES, *figures, ROW).rename(PLACES | figures)
    for name in figures.values():
        is_wrong = pl.col(name).is_not_null() & pl.col(name).cast(pl.Float64, strict=False).is_null()
        refuse_rows(rows, is_wrong, name, "{value} is not a number", CHANGED)
    return rows.with_columns(pl.col([*figures.values()]).cast(pl.Float64))


def _differs(figure: pl.Expr, group: str) -> pl.Expr:
    """Return whether a figure is ``DOUBTED`` times higher or lower than the median of its group."""
    ratio = figure / figure.median().over(group)
    return ((ratio > DOUBTED) | (ratio < 1 / DOUBTED)).fill_null(False)


SOURCE = Source(
    name="city_panels",
    title="Gross product and wages of Chinese prefectures",
    publisher="CSMAR, from city statistical yearbooks, as kept in eileenCHEN-9/PhD_2022_2025",
    landing_page="https://data.csmar.com",
    licence="none stated; the export is CSMAR's property, the figures are official statistics",
    licence_class="restricted",
    citation="CSMAR, China regional economy: gross regional product, employment and wages of cities",
    cadence="once",
    tables=(
        fixed_table("gdp", Gdp, 10_062, parse_gdp, (FILES + "CRE_Gdpct.csv",), CSV_TYPES),
        fixed_table("wages", Wages, 10_557, parse_wages, (FILES + "CRE_Eplwagct.csv",), CSV_TYPES),
    ),
)
