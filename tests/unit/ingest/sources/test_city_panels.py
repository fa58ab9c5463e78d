"""City panels: invented figures in the format of the upstream, and the recorded files."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.ingest.sources import city_panels
from tests.support.parsing import csv_file, read, refusal

GDP, WAGES = city_panels.SOURCE.tables
HANGZHOU = {"Sgnyea": "2010", "Ctnm_id": "330100", "Ctnm_en": "Hangzhou(city) ", "Prvcnm_en": "Zhejiang (province)"}


def panel(header: list[str], *changes: dict[str, str]) -> bytes:
    """Return a file with a byte order mark, as the upstream writes it."""
    return b"\xef\xbb\xbf" + csv_file(header, *(HANGZHOU | change for change in changes))


def gdp(*changes: dict[str, str]) -> bytes:
    return panel(city_panels.GDP_HEADER, *changes)


def wages(*changes: dict[str, str]) -> bytes:
    return panel(city_panels.WAGES_HEADER, *changes)


def years(figure: str, *values: str) -> list[dict[str, str]]:
    return [{"Sgnyea": str(year), figure: value} for year, value in enumerate(values, 2001)]


def test_product_and_wage_are_read_with_their_units() -> None:
    assert read(GDP, gdp({"Gdpct01": "5949.17", "GDP_PerCapita": "69828.0000"})).rows() == [
        (2010, "330100", "Zhejiang (province)", "Hangzhou(city)", 5949.17, 69828.0, False, 2)
    ]
    assert read(WAGES, wages({"Eect01": "689.12", "Eect11": "220.5", "Eect13": "48772"})).rows() == [
        (2010, "330100", "Zhejiang (province)", "Hangzhou(city)", 689.12, 220.5, 48772.0, False, 2)
    ]


def test_years_without_a_figure_are_left_out() -> None:
    assert read(GDP, gdp({"GDP_PerCapita": "69828"}, {"Sgnyea": "2011", "Gdpct01": "7019"}))["year"].to_list() == [2011]
    assert read(WAGES, wages({}, {"Sgnyea": "2011", "Eect11": "1"}))["year"].to_list() == [2011]


def test_product_in_another_unit_is_flagged_and_kept() -> None:
    products = years("Gdpct01", "100", "0.5", "120")
    frame = read(GDP, gdp(*(change | {"GDP_PerCapita": "1000"} for change in products)))
    assert frame.select("gdp_100m_cny", "is_doubtful").rows() == [(100.0, False), (0.5, True), (120.0, False)]


def test_products_of_2011_that_stand_in_another_row_are_flagged() -> None:
    content = gdp(*({"Ctnm_id": "231200", "Sgnyea": year, "Gdpct01": "124"} for year in ("2010", "2011")))
    assert read(GDP, content)["is_doubtful"].to_list() == [False, True]


def test_wage_far_from_the_others_of_its_year_is_flagged() -> None:
    content = wages(*({"Ctnm_id": f"33010{number}", "Eect13": wage} for number, wage in enumerate(("3000", "3300", "33000"))))
    assert read(WAGES, content).select("wage_cny", "is_doubtful").rows() == [(3e3, False), (3.3e3, False), (3.3e4, True)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Gdpct01": "1,5"}, "row 2, column gdp_100m_cny: '1,5' is not a number"),
        ({"Gdpct01": "1", "Ctnm_id": "33010"}, "row 2, column place_code: '33010' has the wrong form"),
        ({"Gdpct01": "5949170"}, "row 2, column gdp_100m_cny: 5949170.0 is above 60000"),
    ],
)
def test_malformed_row_is_refused(change: dict[str, str], problem: str) -> None:
    assert problem in refusal(GDP, gdp(change))


def test_recorded_figures_are_those_published_and_doubts_flagged(recordings: Path) -> None:
    products = read(GDP, (recordings / "city_panels" / "city_gdp_1990-2021.csv").read_bytes())
    paid = read(WAGES, (recordings / "city_panels" / "city_employment_wage_1978-2021.csv").read_bytes())
    assert (products.height, products["is_doubtful"].sum()) == (GDP.rows[0], 30)
    assert (paid.height, paid["is_doubtful"].sum()) == (WAGES.rows[0], 10)
    in_2021 = dict(products.filter(year=2021).select("place_code", "gdp_100m_cny").iter_rows())
    assert [in_2021[code] for code in ("110000", "310000", "340100")] == [40_269.6, 43_214.85, 11_412.8]
    in_guangxi = products.filter((pl.col("year") == 2000) & (pl.col("gdp_100m_cny") < 2))
    assert in_guangxi["is_doubtful"].all() and in_guangxi.height == 7
    assert paid.filter(place_code="110000", year=2010)["wage_cny"].to_list() == [65_682.17]
