"""Registered names, founders without names, and closures, on small hand-made frames."""

from pathlib import Path

import pytest

from tests.support.list_counts import NOWHERE
from tests.support.models import Rows, build, run, with_branch

UNITS: dict[str, Rows] = {
    "landing.reference__prefectures": [{"name_zh": name} for name in ("杭州市", "吉林市", "东方市", "武汉市")],
    "landing.reference__districts": [{"name_zh": name} for name in ("昆山市", "西湖区")],
    "landing.reference__provinces": [
        {"country": "CN", "name_zh": "浙江省", "short_zh": "浙江"},
        {"country": "CN", "name_zh": "吉林省", "short_zh": "吉林"},
        {"country": "US", "name_zh": None, "short_zh": None},
    ],
}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("杭州甲科技有限公司", "杭州"),
        ("杭州市甲科技有限公司", "杭州市"),
        ("甲科技(武汉)有限公司", "武汉"),
        ("浙江甲科技（杭州）有限公司", "杭州"),
        ("吉林甲科技有限公司", "吉林"),
        ("吉林市甲科技有限公司", "吉林市"),
        ("昆山市甲科技有限公司", "昆山市"),
        ("昆山甲科技有限公司", None),
        ("东方甲科技有限公司", None),
        ("西湖区甲科技有限公司", None),
        ("甲武汉科技有限公司", None),
    ],
)
def test_registered_name_states_its_seat_in_front_or_in_brackets(name: str, place: str | None) -> None:
    rows = run("staging.registered_places", {"landing.investor_graph_2008_2019__edges": [{"company": name}], **UNITS})
    assert [row["place"] for row in rows] == ([place] if place else [])


@pytest.fixture
def founders() -> dict[str, Rows]:
    """Return three founders of two companies in London."""
    companies = [
        {"yc_id": key, "slug": slug, "company": slug.title(), "batch_year": 2020} for key, slug in ((1, "acme"), (2, "bolt"))
    ]
    return {
        "landing.yc_founders_schools__companies": companies,  # type: ignore[dict-item]
        "landing.yc_founders_schools__founders": [
            {"founder": "f1", "slug": "acme"},
            {"founder": "f2", "slug": "acme"},
            {"founder": "f3", "slug": "bolt"},
            {"founder": "f4", "slug": "gone"},
        ],
        "staging.companies": [{"mention": f"yc_founders_schools/company:{key}", "place_key": "GB||London"} for key in (1, 2)],
        "core.places": [
            {"place_key": "GB||London", "city_country": "GB", "province": None, "city": "London"},
            {"place_key": "GB||Oxford", "city_country": "GB", "province": None, "city": "Oxford"},
        ],
    }


def test_founders_of_other_companies_in_one_entry_year_are_peers(founders: dict[str, Rows]) -> None:
    def studied(founder: str, year: int, school: str = "Oxford University", kind: str = "university") -> dict[str, object]:
        where = {"source_file": "schools.csv", "source_row": 2}
        return {"founder": founder, "school": school, "kind": kind, "entry_year": year, **where}

    schools = [
        studied("f1", 2001),
        studied("f1", 2001),
        studied("f2", 2005),
        studied("f3", 2001),
        studied("f4", 2001),
        studied("f2", 1999, "Y Combinator", "programme"),
        studied("f2", 1999, "Unheard of"),
        studied("f2", 1999, "Twin College"),
    ]
    names = [
        ("university", "OXFORD university", "Oxford", "u"),
        ("university", "Oxford", "Oxford", "v"),
        ("university", "Twin College", "Twin of Bonn", "w"),
        ("university", "Twin College", "Twin of Cork", "x"),
        ("company", "Unheard of", "Unheard of", "y"),
    ]
    rows = run(
        "core.founders_by_school",
        {
            **founders,
            "landing.yc_founders_schools__schools": schools,
            "core.names": [dict(zip(("kind", "name", "entity", "mention"), name, strict=True)) for name in names],
            "staging.universities": [
                {"mention": mention, "place_key": f"GB||{place}", "source_priority": 1}
                for mention, place in (("v", "London"), ("u", "Oxford"))
            ],
        },
    )
    columns = ("school", "university", "university_city", "city", "year", "n_founders", "n_with_peers")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("Oxford University", "Oxford", "Oxford", "London", 2020, 3, 2),
        ("Twin College", None, None, "London", 2020, 1, 0),
        ("Unheard of", None, None, "London", 2020, 1, 0),
    ]


def test_employers_of_few_and_own_companies_are_left_out(founders: dict[str, Rows]) -> None:
    worked = [
        ("f1", "Search"),
        ("f2", "Search"),
        ("f3", "Search"),
        ("f3", "Search"),
        ("f1", "Acme"),
        ("f2", "Rare"),
        ("f3", "Rare"),
    ]
    employers = [{"founder": founder, "employer": name, "source_file": "e.csv", "source_row": 2} for founder, name in worked]
    rows = run("core.founders_by_employer", {**founders, "landing.yc_founders_schools__employers": employers})
    assert [(row["employer"], row["city"], row["n_founders"]) for row in rows] == [("Search", "London", 3)]


def test_founders_are_counted_at_their_companies(founders: dict[str, Rows], tmp_path: Path) -> None:
    model = with_branch("marts.list_counts", "yc_founders_schools", tmp_path)
    cities: Rows = [{"city": "London", "country": "GB", "province": "England"}]
    (row,) = build(model, {**founders, "core.cities": cities, "staging.inbox_cities": [NOWHERE]})
    assert (row["quantity"], row["city"], row["year"], row["n"]) == ("founders", "London", 2020, 3)


def test_a_closure_listed_twice_counts_once(tmp_path: Path) -> None:
    closed = {"company": "甲网", "founded": "2014-05-01", "closed": "2018-03-31", "province": "浙江", "funding_status": "天使轮"}
    mention = "itjuzi_dead_2017_2020/company:甲网|2014-05-01|2018-03-31|浙江"
    model = with_branch("core.closures", "itjuzi_dead_2017_2020", tmp_path)
    rows = build(
        model,
        {
            "landing.itjuzi_dead_2017_2020__companies": [closed | {"source_file": "d.csv", "source_row": row} for row in (2, 9)],
            "staging.companies": [{"mention": mention, "company": "甲网", "place_key": "CN||浙江"}],
            "core.names": [{"mention": mention, "entity": "甲网"}],
            "core.places": [{"place_key": "CN||浙江", "city_country": "CN", "province": "Zhejiang", "city": None}],
        },
    )
    columns = ("company", "province", "city", "founded", "closed_year", "age", "funding", "source_row")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("甲网", "Zhejiang", None, "2014-05", 2018, 4, "天使轮", 2)
    ]


def test_years_whose_rates_are_not_published_yet_have_the_last_one() -> None:
    provenance = dict.fromkeys(("source", "url", "source_file"), "x") | {"basis": "verified", "source_row": 2}
    rates = [{"currency": "CNY", "year": year, "per_usd": per_usd, **provenance} for year, per_usd in ((2024, 7.1), (2025, 7.0))]
    deals = [
        {"currency": currency, "year": year} for currency, year in (("CNY", 2026), ("CNY", 2023), ("EUR", 2026), (None, 2027))
    ]
    rows = run("core.exchange_rates", {"landing.reference__exchange_rates": rates, "staging.deals": [*deals, deals[0]]})
    assert [(row["currency"], row["year"], row["per_usd"], row["basis"], row["source"]) for row in rows] == [
        ("CNY", 2024, 7.1, "verified", "x"),
        ("CNY", 2025, 7.0, "verified", "x"),
        ("CNY", 2026, 7.0, None, "Rate of 2025: x"),
        *(("USD", year, 1.0, "verified", "By definition") for year in range(2023, 2028)),
    ]
