"""Places that recordings state, and what they count by city."""

import csv
import re
from pathlib import Path

import duckdb
import fastexcel
import polars as pl
import pytest


def test_listed_companies_by_city(published: duckdb.DuckDBPyConnection, recordings: Path) -> None:
    """Mainland shares seated in Hangzhou and Shenzhen; the lists hold a few funds beside them."""
    counted = dict(
        published.execute(
            "select city, value from marts.city_counts where measure = 'listed companies' and period = 'SHH and SHZ'"
        ).fetchall()
    )
    for city in ("Hangzhou", "Shenzhen"):
        listed = 0
        for exchange in ("SHH", "SHZ"):
            with (recordings / "financedatabase" / f"{exchange}.csv").open(encoding="utf-8") as file:
                rows = [row for row in csv.DictReader(file) if row["country"] == "China" and row["city"] == city]
                listed += sum(re.search(r"\b(Fund|ETF)\b", row["name"]) is None for row in rows)
        # Districts and counties of the city are printed under names of their own.
        assert listed <= counted[city] <= listed * 1.1


def test_listings_of_mainland_shares_by_city_and_year(published: duckdb.DuckDBPyConnection, recordings: Path) -> None:
    """Companies still listed, by the city of their registered seat; the newest are known by province alone."""
    folder = recordings / "a_share_2026"
    seats = fastexcel.read_excel(folder / "listed_company_basic_info.xlsx").load_sheet(0, dtypes="string").to_polars()
    listed = pl.read_csv(folder / "stock_basic_2026-06.csv", infer_schema=False)
    seated = listed.join(seats, on="ts_code").with_columns(year=pl.col("list_date").str.slice(0, 4))
    counted = published.execute(
        "select city, period, value from marts.city_counts where dataset = 'a_share_2026' and measure = 'new listings'"
    ).fetchall()
    assert sum(value for *_, value in counted) == 5_524
    for city, printed in (("Hangzhou", "杭州市"), ("Hefei", "合肥市"), ("Chengdu", "成都市")):
        by_year = dict(seated.filter(pl.col("城市") == printed).group_by("year").len().iter_rows())
        assert {year: value for name, year, value in counted if name == city} == by_year, city


def test_wealth_by_city_adds_up_to_that_of_the_lists(published: duckdb.DuckDBPyConnection, recordings: Path) -> None:
    with (recordings / "hurun_rich_list" / "derived_hq_year.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counted = published.execute(
        "select period, sum(value), sum(value) filter (city = 'Beijing') from marts.city_counts "
        "where measure = 'wealth on the rich list, 100m CNY' group by all"
    ).fetchall()
    for year, total, in_beijing in counted:
        wealth = {row["hq"]: float(row["wealth_100m_cny"]) for row in rows if row["year"] == year}
        assert (total, in_beijing) == (pytest.approx(sum(wealth.values())), pytest.approx(wealth["北京"])), year


def test_cities_of_a_census_add_up_to_the_country_but_for_chaohu(published: duckdb.DuckDBPyConnection) -> None:
    counted = published.execute(
        "select year, sum(population), count(*) from core.census_residents group by all order by all"
    ).fetchall()
    assert [(year, population) for year, population, _ in counted] == [
        (2010, 1_332_810_869 - 444 - 3_873_102),
        (2020, 1_409_778_724),
    ]
    assert min(cities for *_, cities in counted) >= 360


def test_institutions_by_edition(published: duckdb.DuckDBPyConnection) -> None:
    counted = published.execute(
        "select edition, count(*), count(city) from core.institutions group by all order by all"
    ).fetchall()
    assert [(edition, n) for edition, n, _ in counted] == [(2017, 2631), (2022, 2759), (2025, 2919)]
    assert all(located == n for _, n, located in counted)


def test_every_elite_university_has_its_city(published: duckdb.DuckDBPyConnection) -> None:
    counted = published.execute(
        "select programme, count(distinct university), sum(share), count(*) - count(city) "
        "from core.elite_universities group by all order by all"
    ).fetchall()
    assert counted == [
        ("211", 112, 112, 0),
        ("985", 39, 39, 0),
        ("Double First-Class 2017", 42, 42, 0),
        ("Double First-Class 2022", 147, 147, 0),
    ]


@pytest.mark.parametrize(
    ("university", "cities"),
    [
        ("华北电力大学", {"Beijing": 0.5, "Baoding": 0.5}),
        ("中国石油大学", {"Beijing": 0.5, "Qingdao": 0.5}),
        ("国防科学技术大学", {"Changsha": 1}),
        ("西南石油大学", {"Chengdu": 1}),
    ],
)
def test_a_university_of_two_cities_counts_half_in_each(
    published: duckdb.DuckDBPyConnection, university: str, cities: dict[str, float]
) -> None:
    counted = published.execute(
        "select distinct city, share from core.elite_universities where university = ?", [university]
    ).fetchall()
    assert dict(counted) == cities


def test_places_stated_lead_to_cities_and_the_rest_say_why(published: duckdb.DuckDBPyConnection) -> None:
    """Of all rows that state more than a province or country, 97% lead to a city, and of most sources' rows too."""
    share = "sum(n_city) / (sum(n_city) + sum(n_unplaced))"
    ((overall,),) = published.execute(f"select {share} from core.place_coverage").fetchall()
    assert overall >= 0.97
    low = published.execute("select dataset from core.place_coverage where city_share < 0.97 order by all").fetchall()
    # Points of CSRankings in China are known to be off and lead nowhere; of Form D 3 of 37 rows, a misspelt Houston and a hamlet.
    assert low == [("csrankings",), ("form_d",)]
    ((china,),) = published.execute(
        "select sum(n) filter (where level <> 'none') / sum(n) from core.places "
        "where coalesce(place, region) is not null and country in ('CN', 'HK', 'TW')"
    ).fetchall()
    assert china >= 0.99
    ((listed, unexplained),) = published.execute("select sum(n), count(*) filter (reason is null) from core.unplaced").fetchall()
    ((expected,),) = published.execute("select sum(n_rows - n_city) from core.place_coverage").fetchall()
    assert (listed, unexplained) == (expected, 0)
