"""Cities that specialise, and those that rest on one company or one market."""

from functools import partial
from typing import Any

import pytest

from pipelines.claims import sectors, specialisation
from pipelines.claims.facts import Window
from pipelines.claims.finding import Finding
from pipelines.claims.models import quotients
from pipelines.index import UNDATED
from tests.support.claims import NOW, facts


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no more than a test needs."""
    monkeypatch.setattr(quotients, "_SWEEPS", 500)


def companies(**counts: int) -> list[dict[str, Any]]:
    """``city__sector=n`` companies."""
    rows = []
    for key, n in counts.items():
        city, sector = key.split("__")
        rows += [{"company": f"{key}{i}", "country": "CN", "city": city, "sector": sector, "founded": 2005} for i in range(n)]
    return rows


@pytest.mark.slow
def test_specialisation() -> None:
    games = partial(sectors.specialised, "Shanghai", "gaming")
    strong = companies(Shanghai__gaming=40, Shanghai__ai=40, Beijing__gaming=10, Beijing__ai=150)
    weak = companies(Shanghai__gaming=4, Shanghai__ai=76, Beijing__gaming=60, Beijing__ai=60)
    assert games(facts(companies=strong), NOW).verdict == "supported"
    assert games(facts(companies=weak), NOW).verdict == "contradicted"
    assert games(facts(companies=companies(Shanghai__gaming=3, Beijing__ai=50)), NOW).verdict == "no data"


@pytest.mark.parametrize(("elsewhere", "verdict"), [(10, "no data"), (20, "contradicted")])
def test_a_list_in_which_hardly_any_are_expected_says_nothing(elsewhere: int, verdict: str) -> None:
    """Without one company of a sector, a city has few of it only where three or more are expected."""
    table = companies(Chengdu__ai=40, Beijing__ai=100, Beijing__semiconductors=elsewhere)
    found = sectors.specialised("Chengdu", "semiconductors", facts(companies=table), NOW)
    assert (found.verdict, found.estimate is None, found.n) == (verdict, verdict == "no data", 40)
    assert found.found.startswith("too few are expected: 0 of 40 companies of Chengdu") == (verdict == "no data")


@pytest.mark.parametrize(
    ("own", "hardware", "internet", "verdict"), [(30, 40, 80, "supported"), (30, 40, 8, "no data"), (3, 4, 80, "no data")]
)
def test_shenzhen_needs_enough_of_both_groups_to_be_expected(own: int, hardware: int, internet: int, verdict: str) -> None:
    table = companies(Shenzhen__telecom_equipment=own, Shenzhen__ai=10, Beijing__telecom_equipment=hardware)
    table += companies(Beijing__ai=50, Beijing__internet=internet)
    assert sectors.shenzhen(facts(companies=table), NOW).verdict == verdict


def test_companies_count_whenever_they_were_founded_and_deals_of_the_period_alone() -> None:
    table = companies(Chengdu__ai=40, Beijing__ai=100, Beijing__semiconductors=20)
    found = sectors.specialised("Chengdu", "semiconductors", facts(companies=table), NOW)
    assert found.years == (None, NOW.last), "founded in 2005, before the period"
    assert specialisation.years(NOW, "itjuzi") == (NOW.first, NOW.last)
    assert specialisation.years(Window("current", UNDATED, UNDATED), "a_share_2026") == (None, None)


@pytest.mark.parametrize(("when", "before"), [({"exit_year": 2008}, 20), ({}, 60)], ids=["before", "nobody knows when"])
def test_closed_companies_do_not_make_a_specialisation(when: dict[str, int], before: int) -> None:
    """Those of which nobody knows when they closed are closed today."""
    closed = [row | {"exit_how": "closure"} | when for row in companies(Shanghai__gaming=40)]
    world = facts(companies=closed + companies(Shanghai__ai=20, Beijing__gaming=20))
    games = partial(sectors.specialised, "Shanghai", "gaming")
    assert games(world, NOW).found.startswith("0 of 20 companies of Shanghai founded by 2013 are of gaming")
    assert games(world, Window("baseline", 2009, 2012)).n == before


def test_shenzhen_counts_internet_without_tencent() -> None:
    table = companies(Shenzhen__telecom_equipment=40, Shenzhen__internet=2, Beijing__telecom_equipment=10, Beijing__internet=90)
    tencent = {"company": "Tencent", "country": "CN", "city": "Shenzhen", "sector": "internet", "founded": 1998}
    found = sectors.shenzhen(facts(companies=[*table, tencent]), NOW)
    assert found.verdict == "supported"
    assert "2 of 42 companies of Shenzhen founded by 2013 are of internet without Tencent where" in found.found


def of_hangzhou(*rest: dict[str, Any], others: int = 10) -> list[dict[str, Any]]:
    """Values of Alibaba, 100, of others at 2 each, and of the rest, in 2012 unless they say otherwise."""
    rows = [
        {"company": "Alibaba", "value_usd_bn": 100.0},
        *({"company": f"H{one}", "value_usd_bn": 2.0} for one in range(others)),
    ]
    return [{"city": "Hangzhou", "year": 2012} | row for row in (*rows, *rest)]


def test_hangzhou_does_not_add_a_part_of_a_firm_to_it() -> None:
    own = {"company": "Alibaba.com", "parent": "Alibaba", "value_usd_bn": 50.0}
    other = {"company": "H0 Bikes", "parent": "H0", "value_usd_bn": 1.0}
    found = sectors.hangzhou(facts(valuations=of_hangzhou(own, other)), NOW)
    assert (found.verdict, found.estimate, found.n) == ("supported", pytest.approx(100 / 120), 11)
    assert found.bounds == pytest.approx((100 / 121, 150 / 170))
    assert "2 companies that came out of these are not added (with its own, Alibaba would be worth US$150bn)" in found.detail
    alone = sectors.hangzhou(facts(valuations=of_hangzhou(own)), NOW)
    assert alone.detail.startswith("1 company that came out of these is not added (with its own, ")
    assert sectors.hangzhou(facts(valuations=of_hangzhou(others=4)), NOW).verdict == "no data"


def test_hangzhou_is_valued_at_one_time() -> None:
    """Around the year of most values, each company by the nearest; what is valued years away is left out."""
    far = {"company": "Ant Group", "year": 2009, "value_usd_bn": 900.0}
    again = {"company": "H1", "year": 2013, "value_usd_bn": 500.0}
    found = sectors.hangzhou(facts(valuations=of_hangzhou(far, again)), NOW)
    assert (found.n, found.estimate, found.years) == (11, pytest.approx(100 / 120), (2011, 2013))
    assert "11 companies of Hangzhou are valued in 2011–2013" in found.found


def test_listed_companies_without_a_value_may_be_worth_as_much_as_others() -> None:
    listed = {"city": "Hangzhou", "listing_year": 2012}
    firms = [listed | {"company": f"L{one}"} for one in range(45)]
    known = [listed | {"company": "H0"}, listed | {"company": "H0 Bikes", "parent": "H0"}]
    gone = [listed | {"company": "G", "exit_year": 2012}, listed | {"company": "late", "listing_year": 2013}]
    elsewhere = [listed | {"company": "N", "city": "Ningbo"}]
    found = sectors.hangzhou(facts(companies=[*firms, *known, *gone, *elsewhere], valuations=of_hangzhou()), NOW)
    assert found.bounds == pytest.approx((100 / (120 + 45 * 2), 100 / 120))
    assert (found.verdict, found.low is not None and found.low > 0.5) == ("not separable", True)
    few = sectors.hangzhou(facts(companies=firms[:30], valuations=of_hangzhou()), NOW)
    assert few.verdict == "supported"


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
    japan = partial(sectors.published, sectors.JAPAN)
    assert japan(facts(published=figures(90.9, 70)), NOW).verdict == "supported"
    assert japan(facts(published=figures(30, 20)), NOW).verdict == "contradicted"
    assert japan(facts(published=figures(90, 30)), NOW).verdict == "not separable"
    assert japan(facts(published=figures(90, 54)), NOW).verdict == "not separable", "54% may be 49%"
    of_dalian = "of the part of Japan in outsourcing of Dalian for this period"
    (one, before) = (japan(facts(published=rows), NOW) for rows in (figures(90), figures(90, 80, year=2006)))
    assert (one.verdict, one.found.split(";")[0]) == ("no data", f"the register has 1 published figure {of_dalian}")
    assert (before.verdict, before.found) == ("no data", f"the register has no published figure {of_dalian}")


def test_one_publisher_under_several_names_is_one() -> None:
    japan, row = partial(sectors.published, sectors.JAPAN), figures(90)[0]

    def by(*sources: str) -> Finding:
        return japan(facts(published=[row | {"source": source, "year": 2010 + at} for at, source in enumerate(sources)]), NOW)

    assert by("Gazette, 2011-03-02", "Gazette, 2012-07-13").verdict == "no data"
    own = by(
        "Dalian Foreign Trade Bureau, in Gazette, 2011-03", "Nikkei ITpro, 2012 (Dalian Committee)", "Paper (the mayor of Dalian)"
    )
    assert (own.verdict, own.n) == ("no data", 3)
    assert own.found == (
        "the register has 3 published figures of the part of Japan in outsourcing of Dalian for this period; two publishers are "
        "needed, and bodies of one city are one"
    )
    assert by("Dalian Foreign Trade Bureau", "Annals, Clusters (Dalian)").verdict == "supported"
    assert "published figures" in {test.completeness for test in sectors.TESTS}
    assert "enumeration" not in {test.completeness for test in sectors.TESTS}


@pytest.mark.parametrize(
    ("note", "verdict"),
    [
        ("Citing the Dalian Economic and Information Technology Committee (2009)", "no data"),
        ("Share of all; citing the city's information industry bureau and software association (2012)", "no data"),
        ("Of exports; Dalian USD 260m", "supported"),
        ("Citing the Shanghai Commission of Economy", "supported"),
        (None, "supported"),
    ],
)
def test_a_paper_that_cites_a_body_of_the_city_is_no_other_publisher(note: str | None, verdict: str) -> None:
    own, paper = figures(90, 80)
    found = sectors.published(
        sectors.JAPAN,
        facts(published=[own | {"source": "Dalian Foreign Trade Bureau"}, paper | {"source": "Annals, Clusters", "note": note}]),
        NOW,
    )
    assert (found.verdict, found.n) == (verdict, 2)


def test_figures_that_are_compared_with_one_say_so() -> None:
    exports, metric = partial(sectors.published, sectors.EXPORTS), "software_export_share"
    ours, one = figures(24, 22, metric=metric), figures(13, city="China", metric=metric, year=2010)
    assert exports(facts(published=ours + one), NOW).detail.endswith("; all against one figure, by China 0")
    years = [row | {"year": 2010 + at} for at, row in enumerate(ours)]
    two = [*one, one[0] | {"year": 2011, "source": "China 1"}]
    assert "one figure" not in exports(facts(published=years + two), NOW).detail


def test_exports_are_compared_with_the_country_of_the_same_years() -> None:
    exports, metric = partial(sectors.published, sectors.EXPORTS), "software_export_share"
    ours = figures(24, 22, metric=metric)
    found = exports(facts(published=ours + figures(13, city="China", metric=metric, year=2010)), NOW)
    assert (found.verdict, found.estimate) == ("supported", pytest.approx(23 / 13))
    old = figures(13, city="China", metric=metric, year=2001)
    assert exports(facts(published=ours + old), NOW).verdict == "no data"


def test_games_are_compared_with_the_software_of_the_same_city() -> None:
    games = partial(sectors.published, sectors.GAMES)
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
    games = sectors.specialised("Shanghai", "gaming", facts(sectors=table), NOW, "itjuzi")
    assert (games.verdict, games.n) == ("no data", 0)
