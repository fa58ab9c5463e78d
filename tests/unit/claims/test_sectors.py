"""Cities that specialise, and those that rest on one company or one market."""

from typing import Any

import pytest

from pipelines.claims import sectors
from tests.support.claims import NOW, facts


def companies(**counts: int) -> list[dict[str, Any]]:
    """``city__sector=n`` companies."""
    rows = []
    for key, n in counts.items():
        city, sector = key.split("__")
        rows += [{"company": f"{key}{i}", "country": "CN", "city": city, "sector": sector, "founded": 2005} for i in range(n)]
    return rows


def test_specialisation() -> None:
    games = sectors.specialised("Shanghai", "gaming")
    strong = companies(Shanghai__gaming=40, Shanghai__ai=40, Beijing__gaming=10, Beijing__ai=150)
    weak = companies(Shanghai__gaming=4, Shanghai__ai=76, Beijing__gaming=60, Beijing__ai=60)
    assert games(facts(companies=strong), NOW).verdict == "supported"
    assert games(facts(companies=weak), NOW).verdict == "contradicted"
    assert games(facts(companies=companies(Shanghai__gaming=3, Beijing__ai=50)), NOW).verdict == "no data"


def test_closed_companies_do_not_make_a_specialisation() -> None:
    closed = [row | {"exit_how": "closure", "exit_year": 2008} for row in companies(Shanghai__gaming=40)]
    found = sectors.specialised("Shanghai", "gaming")(
        facts(companies=closed + companies(Shanghai__ai=20, Beijing__gaming=20)), NOW
    )
    assert found.found.startswith("0 of 20 companies of Shanghai are of gaming")


def test_shenzhen_counts_internet_without_tencent() -> None:
    table = companies(Shenzhen__telecom_equipment=40, Shenzhen__internet=2, Beijing__telecom_equipment=10, Beijing__internet=90)
    tencent = {"company": "Tencent", "country": "CN", "city": "Shenzhen", "sector": "internet", "founded": 1998}
    found = sectors.shenzhen(facts(companies=[*table, tencent]), NOW)
    assert found.verdict == "supported"
    assert "2 of 42 companies of Shenzhen are of internet without Tencent where" in found.found


def test_hangzhou_counts_the_offspring() -> None:
    firms = [{"company": "Alibaba"}, {"company": "Ant Group", "parent": "Alibaba"}, *({"company": f"H{i}"} for i in range(10))]
    value = {"Alibaba": 100.0, "Ant Group": 50.0}
    valued = [
        {"company": one["company"], "city": "Hangzhou", "year": 2012, "value_usd_bn": value.get(one["company"], 2.0)}
        for one in firms
    ]
    found = sectors.hangzhou(facts(companies=firms, valuations=valued), NOW)
    assert (found.verdict, found.estimate) == ("supported", pytest.approx(150 / 170))
    assert sectors.hangzhou(facts(companies=firms, valuations=valued[:5]), NOW).verdict == "no data"


def test_japan_needs_five_published_markets() -> None:
    row = {"city": "Dalian", "sector": "it_outsourcing", "founded": 2000}
    table = [row | {"company": str(i), "main_market": "JP" if i < 9 else "US"} for i in range(10)]
    assert sectors.japan(facts(companies=table), NOW).verdict == "supported"
    assert sectors.japan(facts(companies=table[:4]), NOW).verdict == "no data"


def figures(
    *values: float, city: str = "Dalian", metric: str = "japan_share_outsourcing", year: int = 2011
) -> list[dict[str, Any]]:
    row = {"city": city, "metric": metric, "year": year}
    return [row | {"value": value, "source": f"{city} {position}"} for position, value in enumerate(values)]


def test_published_figures_of_two_publishers_decide() -> None:
    japan = sectors.published(sectors.JAPAN)
    assert japan(facts(published=figures(90.9, 70)), NOW).verdict == "supported"
    assert japan(facts(published=figures(30, 20)), NOW).verdict == "contradicted"
    assert japan(facts(published=figures(90, 30)), NOW).verdict == "not separable"
    assert japan(facts(published=figures(90, 54)), NOW).verdict == "not separable", "54% may be 49%"
    assert japan(facts(published=figures(90)), NOW).verdict == "no data"
    assert japan(facts(published=figures(90, 80, year=2006)), NOW).verdict == "no data", "before the period"


def test_exports_are_compared_with_the_country_of_the_same_years() -> None:
    exports, metric = sectors.published(sectors.EXPORTS), "software_export_share"
    ours = figures(24, 22, metric=metric)
    found = exports(facts(published=ours + figures(13, city="China", metric=metric, year=2010)), NOW)
    assert (found.verdict, found.estimate) == ("supported", pytest.approx(23 / 13))
    old = figures(13, city="China", metric=metric, year=2001)
    assert exports(facts(published=ours + old), NOW).verdict == "no data"


def test_games_are_compared_with_the_software_of_the_same_city() -> None:
    games = sectors.published(sectors.GAMES)
    ours = figures(33, 30, city="Shanghai", metric="national_online_game_share")
    base = figures(10, city="Shanghai", metric="national_software_share", year=2010)
    elsewhere = figures(50, city="Dalian", metric="national_software_share")
    found = games(facts(published=ours + base + elsewhere), NOW)
    assert (found.verdict, found.estimate, found.low) == ("supported", pytest.approx(3.15), pytest.approx(2.7))
    assert found.found.endswith("of Shanghai: 33% in 2011, 30% in 2011, against 10% of software sales")
    assert games(facts(published=ours + elsewhere), NOW).verdict == "no data"
    assert games(facts(published=ours[:1] + base), NOW).verdict == "no data"


def test_what_is_known_of_a_province_is_not_said_of_its_city() -> None:
    def rows(unit: str, sector: str, count: int) -> list[dict[str, Any]]:
        row = {"dataset": "itjuzi", "classification": "deals", "country": "CN", "unit": unit, "sector": sector, "year": 2012}
        return [row | {"company": f"{unit}{sector}{one}", "is_city": "province" not in unit} for one in range(count)]

    table = [
        *rows("Guangdong (province)", "硬件", 40),
        *rows("Guangdong (province)", "社交网络", 10),
        *rows("Beijing", "硬件", 10),
    ]
    table += rows("Beijing", "社交网络", 90)
    found = sectors.shenzhen(facts(sectors=table), NOW, "itjuzi")
    assert (found.verdict, found.estimate) == ("no data", None)
    assert "40 of 50 companies with a deal in the period of Guangdong (province) are of hardware" in found.found
    games = sectors.specialised("Shanghai", "gaming")(facts(sectors=table), NOW, "itjuzi")
    assert (games.verdict, games.n) == ("no data", 0)
