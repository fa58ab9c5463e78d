"""Exports in a folder of the inbox: a list of their own, of every city of the place and of no other."""

from pathlib import Path

from tests.support.list_counts import Count
from tests.support.models import Rows, build, run, with_branch

COUNTRIES: Rows = [{"written": "cn", "country": "CN"}, {"written": "china", "country": "CN"}]
CHENGDU, SICHUAN, WHOLE = "data/inbox/成都/a.csv", "data/inbox/Sichuan/b.csv", "data/inbox/c.csv"
NOWHERE = {"form": "plain deals", "country": None, "region": None, "place": None, "founded": None, "source_row": 2}
LANDED: dict[str, Rows] = {
    "core.countries": COUNTRIES,
    "landing.inbox__deals": [
        NOWHERE | {"company": "A", "country": "China", "place": "高新区", "source_file": CHENGDU},
        NOWHERE | {"company": "B", "region": "四川", "source_file": CHENGDU, "source_row": 3},
        NOWHERE | {"company": "C", "country": "CN", "source_file": WHOLE},
    ],
    "landing.inbox__companies": [NOWHERE | {"company": "D", "source_file": SICHUAN}],
    "landing.inbox__investors": [{"country": "US", "source_file": "data/inbox/成都/investors.csv"}],
}


def test_row_without_a_place_is_of_its_folder() -> None:
    rows = run("staging.inbox_rows", LANDED)
    columns = ("company", "kind", "dataset", "country", "region", "place")
    assert sorted(tuple(row[name] for name in columns) for row in rows) == [
        ("A", "deals", "inbox: 成都", "CN", None, "高新区"),
        ("B", "deals", "inbox: 成都", "CN", "四川", "成都"),
        ("C", "deals", "inbox", "CN", None, None),
        ("D", "companies", "inbox: Sichuan", None, None, "Sichuan"),
    ]


def test_homes_of_investors_are_of_the_list_of_their_folder(tmp_path: Path) -> None:
    homes = [
        {"investor": file, "country": "CN", "place": None, "source_file": file, "source_row": 2}
        for file in (WHOLE, "data/inbox/成都/investors.csv")
    ]
    rows = build(with_branch("staging.listed_investors", "inbox", tmp_path), LANDED | {"landing.inbox__investors": homes})
    assert {row["investor"]: row["dataset"] for row in rows} == {
        homes[0]["investor"]: "inbox",
        homes[1]["investor"]: "inbox: 成都",
    }


SICHUAN_CITIES: dict[str, Rows] = {
    "core.cities": [
        {"city": "Chengdu", "country": "CN", "province": "Sichuan"},
        {"city": "Mianyang", "country": "CN", "province": "Sichuan"},
        {"city": "Beijing", "country": "CN", "province": "Beijing"},
    ],
    "core.places": [
        {"place_key": "CN||成都", "level": "city", "city": "Chengdu", "province": "Sichuan", "city_country": "CN"},
        {"place_key": "||Sichuan", "level": "province", "city": None, "province": "Sichuan", "city_country": "CN"},
    ],
}


def test_cities_of_the_place_that_a_list_does_not_name_have_none(count: Count) -> None:
    deals: Rows = [
        {"dataset": dataset, "country": "CN", "province": "Sichuan", "city": city, "year": year}
        for dataset, city, year in (
            ("inbox: 成都", "Chengdu", 2012),
            ("inbox: Sichuan", "Chengdu", 2011),
            ("inbox: Sichuan", None, 2013),
            ("inbox", "Chengdu", 2012),
        )
    ]
    looked_at = run("staging.inbox_cities", LANDED | SICHUAN_CITIES)
    cities = {"core.cities": SICHUAN_CITIES["core.cities"], "staging.inbox_cities": looked_at}
    counts = count("deals_received", cities | {"staging.venture_deals": deals})
    assert {(key[1], key[4], key[5]): n for key, n in counts.items()} == {
        ("inbox: 成都", "Chengdu", 2012): 1,
        ("inbox: Sichuan", "Chengdu", 2011): 1,
        ("inbox: Sichuan", "Mianyang", 2011): 0,
        ("inbox: Sichuan", None, 2013): 1,
        ("inbox", "Chengdu", 2012): 1,
    }


def test_a_list_of_some_places_credits_no_investor() -> None:
    # OpenAlex is the source at hand that tells of some places alone.
    deals = [{"dataset": dataset, "deal": "1", "year": 2012} for dataset in ("inbox", "openalex")]
    rows = run(
        "staging.counted_credits",
        {
            "core.deal_investors_by_source": [deal | {"investor": "I", "is_located": True, "city": "Beijing"} for deal in deals],
            "staging.venture_deals": deals,
            "core.investor_places": [{"dataset": "all", "investor": "another"}],
        },
    )
    assert [row["dataset"] for row in rows] == ["inbox"]
