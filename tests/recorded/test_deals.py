"""Deals and their origin, from recordings of Crunchbase and IT桔子."""

import csv
import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pytest

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def investments(recordings: Path) -> Rows:
    """Crunchbase 2004–13 as printed."""
    content = (recordings / "crunchbase_investments_2014" / "UnicornsApp.zip").read_bytes()
    text = zipfile.ZipFile(io.BytesIO(content)).read("UnicornsApp/public_html/maptime.csv").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def events(recordings: Path) -> Rows:
    """IT桔子 events as printed, each link once."""
    text = (recordings / "itjuzi_events_2016" / "invest_event.csv").read_bytes().decode("gbk")
    return list({row["link"]: row for row in reversed(list(csv.DictReader(io.StringIO(text))))}.values())


DISTRICTS = {"Beijing", "Haidian", "Chaoyang", "Tongzhou", "Dongguancun"}


def test_share_of_deals_originating_in_beijing(published: duckdb.DuckDBPyConnection, investments: Rows) -> None:
    """Crunchbase 2004–13, Chinese companies: any and fractional rule over deals with a located investor."""
    deals = defaultdict(set)
    for row in investments:
        if row["company_country_code"] == "CHN" and row["company_city"] != "Taiwan":
            key = tuple(row[name] for name in ("company_name", "company_city", "funded_month", "raised_amount_usd"))
            deals[key].add((row["investor_name"], row["investor_country_code"], row["investor_city"]))
    in_beijing = [[country == "CHN" and city in DISTRICTS for _, country, city in investors] for investors in deals.values()]
    counted = published.execute(
        "select n_deals, any_low, fractional_low from marts.origination where dataset = 'crunchbase_investments' "
        "and company_country = 'CN' and company_province = 'all' and period = 'all years' and origin = 'Beijing'"
    ).fetchone()
    assert counted is not None
    assert counted[0] == len(deals) - 1, "Altobeam's deal is there in March and in May"
    assert counted[1] == pytest.approx(sum(map(any, in_beijing)) / len(deals), abs=0.002)
    assert counted[2] == pytest.approx(sum(sum(investors) / len(investors) for investors in in_beijing) / len(deals), abs=0.002)


def _people(recordings: Path) -> dict[str, Counter[str]]:
    """IT桔子 firm → its people by province."""
    first, second = (recordings / "itjuzi_investors_2016" / "investorinfo.json").read_text("utf-8").split("][")
    people = json.loads("[" + second) + json.loads(first + "]")
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for person in people:
        if person.get("service_organization") and person.get("address"):
            named[person["service_organization"][0]][person["address"][0]] += 1
    return named


def _homes(recordings: Path) -> dict[str, str | None]:
    """IT桔子 firm → province named by most of its people; None if two are named equally often."""
    homes: dict[str, str | None] = {}
    for firm, provinces in _people(recordings).items():
        (province, most), *others = provinces.most_common(2)
        homes[firm] = None if others and others[0][1] == most else province
    return homes


@pytest.mark.parametrize("place", [None, "浙江", "上海"])
@pytest.mark.parametrize(("period", "years"), [("all years", "1999-2016"), ("2009-2012",) * 2, ("2013-2016",) * 2, ("2014",) * 2])
def test_share_of_itjuzi_deals_originating_in_beijing(
    published: duckdb.DuckDBPyConnection, events: Rows, recordings: Path, place: str | None, period: str, years: str
) -> None:
    homes = _homes(recordings)
    deals = []
    for row in events:
        if (
            row["place"] in ("香港", "台湾", "国外", "A轮")
            or row["investor"] == "投资方未透露"
            or place not in (None, row["place"])
            or not years[:4] <= row["date"][:4] <= years[-4:]
        ):
            continue
        deals.append([homes.get(name.strip()) for name in re.split("[,;]", row["investor"]) if name.strip()])
    known = [deal for deal in deals if any(deal)]
    counted = published.execute(
        "select n_deals, n_deals_located, any_share, any_low, fractional_share, fractional_low, fractional_high "
        "from marts.origination where dataset = 'itjuzi' and company_country = 'CN' and company_province = ? "
        "and period = ? and origin = 'Beijing'",
        [{None: "all", "浙江": "Zhejiang", "上海": "Shanghai"}[place], period],
    ).fetchone()
    assert counted is not None
    in_beijing = [sum(home == "北京" for home in deal) for deal in deals]
    assert counted[0] == pytest.approx(len(deals), rel=0.004, abs=1), "27 deals of the list are there twice"
    assert counted[1:] == pytest.approx(
        (
            len(known),
            sum(map(bool, in_beijing)) / len(known),
            sum(map(bool, in_beijing)) / len(deals),
            sum(deal.count("北京") / (len(deal) - deal.count(None)) for deal in known) / len(known),
            sum(n / len(deal) for n, deal in zip(in_beijing, deals, strict=True)) / len(deals),
            sum((n + deal.count(None)) / len(deal) for n, deal in zip(in_beijing, deals, strict=True)) / len(deals),
        ),
        rel=max(0.005, 2 / len(known)),  # of few deals, one that the list has twice is more
        abs=0.004,  # a few firms are written in two ways, which the names know and this count does not
    )


def test_share_of_itjuzi_deals_with_an_office_in_beijing(
    published: duckdb.DuckDBPyConnection, events: Rows, recordings: Path
) -> None:
    """By the office rule one person in the city is enough."""
    offices = {firm: set(provinces) for firm, provinces in _people(recordings).items()}
    deals = []
    for row in events:
        if row["place"] not in ("香港", "台湾", "国外", "A轮") and row["investor"] != "投资方未透露":
            deals.append([offices.get(name.strip(), set()) for name in re.split("[,;]", row["investor"]) if name.strip()])
    in_beijing = sum(any("北京" in provinces for provinces in deal) for deal in deals)
    counted = published.execute(
        "select office_share, office_low from marts.origination where dataset = 'itjuzi' and company_country = 'CN' "
        "and company_province = 'all' and period = 'all years' and origin = 'Beijing'"
    ).fetchone()
    assert counted == pytest.approx((in_beijing / sum(map(any, deals)), in_beijing / len(deals)), abs=0.002)


def test_beijings_share_of_deals_by_year(published: duckdb.DuckDBPyConnection, events: Rows) -> None:
    domestic = [row for row in events if row["place"] not in ("香港", "台湾", "国外") and row["place"] != "A轮"]
    years = Counter(row["date"][:4] for row in domestic)
    beijing = Counter(row["date"][:4] for row in domestic if row["place"] == "北京")
    counted = dict(
        published.execute(
            "select year, share from marts.place_shares where dataset = 'itjuzi' and country = 'CN' and unit = 'Beijing'"
        ).fetchall()
    )
    assert counted == {int(year): pytest.approx(n / years[year], abs=0.004) for year, n in beijing.items()}


def test_a_deal_of_a_province_stays_there(published: duckdb.DuckDBPyConnection, events: Rows) -> None:
    ((in_cities,),) = published.execute(
        "select count(*) from core.deal_reports where dataset = 'itjuzi' and province = 'Guangdong' and city is not null"
    ).fetchall()
    ((in_province,),) = published.execute(
        "select count(*) from core.deal_reports where dataset = 'itjuzi' and province = 'Guangdong'"
    ).fetchall()
    assert in_cities == 0
    assert in_province == sum(row["place"] == "广东" for row in events)


def test_sector_quotient_of_shanghai_gaming(published: duckdb.DuckDBPyConnection, events: Rows) -> None:
    domestic = [row for row in events if row["place"] not in ("香港", "台湾", "国外", "A轮")]
    in_shanghai = [row for row in domestic if row["place"] == "上海"]
    games = sum(row["field"] == "游戏" for row in domestic) / len(domestic)
    expected = sum(row["field"] == "游戏" for row in in_shanghai) / len(in_shanghai) / games
    ((counted,),) = published.execute(
        "select quotient from marts.sector_quotients where dataset = 'itjuzi' and classification = 'deals' "
        "and period = 'all years' and country = 'CN' and unit = 'Shanghai' and sector = '游戏'"
    ).fetchall()
    assert counted == pytest.approx(expected, rel=0.01)


def test_claims_on_every_source(published: duckdb.DuckDBPyConnection) -> None:
    """The shares the claims test are those that the SQL models count, and a source of provinces says nothing of Shenzhen."""
    for rule in ("any", "lead", "fractional"):
        ((counted,),) = published.execute(
            f"select {rule}_share from marts.origination where dataset = 'itjuzi' and period = '2009-2012' "
            "and company_country = 'CN' and company_province = 'all' and origin = 'Beijing'"
        ).fetchall()
        ((least, most),) = published.execute(
            "select bound_low, bound_high from claims.evidence where claim = '1' and period = 'baseline' and dataset = 'itjuzi' "
            "and measure = $1 || ' rule'",
            [rule],
        ).fetchall()
        assert least < counted < most, rule
    counted = published.execute(
        "select verdict, found from claims.evidence where claim = '10' and dataset = 'itjuzi' order by period"
    ).fetchall()
    assert [verdict for verdict, _ in counted] == ["no data", "no data"]
    assert all("Guangdong (province)" in found for _, found in counted)
    ((rows,),) = published.execute("select count(*) from claims.scorecard").fetchall()
    assert rows == 38
    ((cities,),) = published.execute(
        "select count(distinct unit) from index.quotients where dataset = 'itjuzi' and is_city"
    ).fetchall()
    assert cities == 4, "the municipalities"


def test_the_same_round_in_two_exports_is_one_deal(published: duckdb.DuckDBPyConnection) -> None:
    """American rounds with equal printed name, month and amount in both Crunchbase exports."""
    ((pairs, different),) = published.execute(
        """
        with old as (
            select lower(company_printed) as name, substr(date, 1, 7) as month, usd_low, deal
            from core.deal_reports where dataset = 'crunchbase_2013'
        ),
        new as (
            select lower(company_printed) as name, substr(date, 1, 7) as month, usd_low, deal
            from core.deal_reports where dataset = 'crunchbase_investments' and country = 'US'
        )
        select count(*), count(*) filter (old.deal <> new.deal) from old join new using (name, month, usd_low)
        """
    ).fetchall()
    assert pairs > 13_000
    assert different / pairs < 0.035
