"""Deals, closures and founders of the lists of 2015–2026, against counts of the recorded files by other means."""

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pytest

Rows = list[dict[str, str]]
MARKET = {"IPO轮", "上市定增", "定向增发", "新三板", "新三板定增"}
NO_ROUND = {"IPO上市", "IPO上市后", "新三板", "新三板定增", "并购", "-"}


def printed(path: Path) -> Rows:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def reports(published: duckdb.DuckDBPyConnection, dataset: str, what: str) -> list[tuple[object, ...]]:
    return published.execute(
        f"select {what} from core.deal_reports where dataset = ? group by all order by all", [dataset]
    ).fetchall()


@pytest.mark.parametrize(
    ("location", "city"),
    [("北京-", "Beijing"), ("上海-", "Shanghai"), ("广东-深圳", "Shenzhen"), ("浙江-杭州", "Hangzhou"), ("江苏-苏州", "Suzhou")],
)
def test_rounds_in_artificial_intelligence_reach_their_city(
    published: duckdb.DuckDBPyConnection, recordings: Path, location: str, city: str
) -> None:
    rows = printed(recordings / "itjuzi_ai_2018" / "deals_reduced.csv")
    expected = Counter(row["融资时间"][:4] for row in rows if row["地点"].startswith(location) and row["轮次"] not in NO_ROUND)
    counted = reports(published, "itjuzi_ai_2018", f"year, count(*) filter (city = '{city}') as n")
    assert {str(year): n for year, n in counted if n} == expected


def test_market_making_listings_and_placements_are_no_deals(published: duckdb.DuckDBPyConnection, recordings: Path) -> None:
    rows = printed(recordings / "investor_graph_2008_2019" / "edges.csv")
    rounds = {(row["company"], row["date"], row["round"]) for row in rows if row["round"] not in MARKET}
    assert reports(published, "investor_graph_2008_2019", "count(*)") == [(len(rounds),)]
    firm = "长江证券股份有限公司"
    direct = {
        (row["company"], row["date"], row["round"]) for row in rows if row["investor"] == firm and row["round"] not in MARKET
    }
    ((counted,),) = published.execute(
        "select count(distinct i.deal) from core.deal_investors_by_source as i "
        "inner join core.names as n on n.entity = i.investor "
        "where i.dataset = 'investor_graph_2008_2019' and n.kind = 'investor' and n.name = ?",
        [firm],
    ).fetchall()
    assert sum(row["investor"] == firm for row in rows) == 806
    assert counted == len(direct) < 30


@pytest.mark.parametrize(
    ("beginning", "city"),
    [
        ("深圳", "Shenzhen"),
        ("北京", "Beijing"),
        ("苏州", "Suzhou"),
        ("无锡", "Wuxi"),
        ("江苏", None),
        ("浙江", None),
        ("东方", None),
    ],
)
def test_registered_name_says_where_the_company_sits(
    published: duckdb.DuckDBPyConnection, beginning: str, city: str | None
) -> None:
    placed = reports(published, "investor_graph_2008_2019", f"city, count(*) filter (company_printed like '{beginning}%') as n")
    assert {place for place, n in placed if n} == {city}


def test_dollars_of_2026_are_kept_as_crunchbase_converts_them(published: duckdb.DuckDBPyConnection, recordings: Path) -> None:
    rows = [row for path in (recordings / "crunchbase_rounds_2026").glob("rounds_*.csv") for row in printed(path)]
    (counted,) = reports(published, "crunchbase_rounds_2026", "count(*), sum(usd_low)")
    assert counted == (len(rows), sum(float(row["Money Raised (in USD)"]) for row in rows))
    in_china = sum(", China, " in row["Organization Location"] for row in rows)
    ((placed,),) = reports(published, "crunchbase_rounds_2026", "count(*) filter (country = 'CN')")
    assert placed == in_china


def test_both_exports_of_crunchbase_name_the_same_companies(published: duckdb.DuckDBPyConnection) -> None:
    """A permalink of 2013 is one of 2015; what the names join is compared with it."""
    joined, same, shared = published.execute(
        "with newer as (select entity, substr(mention, 39) as slug from core.names where dataset = 'crunchbase_2015'), "
        "older as (select entity, substr(mention, 34) as slug from core.names where dataset = 'crunchbase_2013') "
        "select count(*) filter (n.entity = o.entity), count(*) filter (n.entity = o.entity and n.slug = o.slug), "
        "count(*) filter (n.slug = o.slug) from newer as n inner join older as o on n.entity = o.entity or n.slug = o.slug"
    ).fetchall()[0]
    assert shared > 16_000
    assert same / joined > 0.98
    assert same / shared > 0.93


def test_bengaluru_goes_by_its_former_name(published: duckdb.DuckDBPyConnection, recordings: Path) -> None:
    rows = printed(recordings / "india_deals_2015_2017" / "startup_funding_2015-2017.csv")
    expected = sum(row["CityLocation"].split("/")[0].strip().casefold() == "bangalore" for row in rows)
    ((counted,),) = reports(published, "india_deals_2015_2017", "count(*) filter (city = 'Bengaluru')")
    assert counted == pytest.approx(expected, abs=2)  # towns nearby count for it


def test_closures_have_their_province_and_no_city(published: duckdb.DuckDBPyConnection, recordings: Path) -> None:
    rows = printed(recordings / "itjuzi_dead_2017_2020" / "dead_companies.csv")
    distinct = {(row["company"], row["founded"], row["closed"], row["province"]) for row in rows}
    expected = Counter(province for *_, province in distinct)
    counted = published.execute(
        "select province, count(*), count(city) from core.closures where dataset = 'itjuzi_dead_2017_2020' group by all"
    ).fetchall()
    found = {province: (n, n_city) for province, n, n_city in counted}
    assert found["Zhejiang"] == (expected["浙江"], 0)
    assert found["Guangdong"] == (expected["广东"], 0)
    assert found["Beijing"] == (expected["北京"],) * 2


def test_founders_are_counted_by_school_and_never_named(published: duckdb.DuckDBPyConnection, recordings: Path) -> None:
    folder = recordings / "yc_founders_schools"
    known = {row["slug"] for row in printed(folder / "companies.csv")}
    founders = {row["founder"] for row in printed(folder / "founder_company.csv") if row["company_slug"] in known}
    studied = {(row["founder"], row["school"]) for row in printed(folder / "founder_school.csv") if row["founder"] in founders}
    schools = Counter(school for _, school in studied)
    counted = dict(published.execute("select school, sum(n_founders) from core.founders_by_school group by school").fetchall())
    assert counted["Stanford University"] == schools["Stanford University"]
    assert counted["University of Waterloo"] == schools["University of Waterloo"]
    assert counted.keys().isdisjoint({"Y Combinator", "Stuyvesant High School"})
    for (table,) in published.execute(
        "select distinct table_name from duckdb_columns() where column_name = 'founder' and schema_name <> 'landing'"
    ).fetchall():
        assert table in ("founders", "founder_schools", "ventures"), "only the curated register names founders"


def test_seat_in_the_name_is_that_of_the_listing(published: duckdb.DuckDBPyConnection) -> None:
    """Companies that were listed later: the stock exchange gives the seat apart from the name."""
    both, same = published.execute(
        "select count(*), count(*) filter (d.city = l.city) from core.listed_companies as l inner join "
        "(select distinct company_printed, city from core.deal_reports where dataset = 'investor_graph_2008_2019') as d "
        "on d.company_printed = l.company_printed where l.dataset = 'a_share_2026' and d.city is not null and l.city is not null"
    ).fetchall()[0]
    assert both > 150
    assert same / both >= 0.99
