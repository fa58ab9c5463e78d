"""Where investors sit, what they join, and how deals flow: by hand, with what is unknown left unknown."""

from pathlib import Path

from tests.support.models import Rows, build, run, with_branch

PLACES: Rows = [
    {"place_key": "bj", "unit": "Beijing", "unit_level": "city", "city": "Beijing", "province": "Beijing", "city_country": "CN"},
    {"place_key": "sh", "unit": "Shanghai", "unit_level": "city", "city": "Shanghai", "city_country": "CN"},
    {"place_key": "cn", "unit": "China (country)", "unit_level": "country", "city_country": "CN"},
    {"place_key": "nowhere", "unit": None},
]  # fmt: skip
NAMES: Rows = [{"mention": name.lower(), "entity": name} for name in ("Alba", "Brno", "Cork")]


def places(*rows: tuple[str, str, str, int]) -> Rows:
    """Return ``core.investor_places`` of (source, investor, place, people)."""
    stated: Rows = [{"dataset": dataset, "mention": mention, "place_key": key, "n": n} for dataset, mention, key, n in rows]
    return run("core.investor_places", {"staging.investor_places": stated, "core.names": NAMES, "staging.place_units": PLACES})


def homes(rows: Rows) -> set[tuple[object, object, object]]:
    return {(row["dataset"], row["investor"], row["unit"]) for row in rows if row["is_home"]}


def test_home_is_where_most_people_are() -> None:
    found = places(("itjuzi", "alba", "bj", 3), ("itjuzi", "alba", "sh", 2), ("itjuzi", "alba", "nowhere", 9))
    assert homes(found) == {("itjuzi", "Alba", "Beijing"), ("all", "Alba", "Beijing")}
    assert [row["n"] for row in found if row["unit"] == "Beijing"] == [3, 3]
    assert {row["unit"] for row in found} == {"Beijing", "Shanghai"}, "a place that is not understood is none"
    assert homes(places(("itjuzi", "alba", "bj", 2), ("itjuzi", "alba", "sh", 2))) == set(), "of two equals neither is the home"
    vague = places(("itjuzi", "alba", "sh", 1), ("itjuzi", "alba", "cn", 9))
    assert homes(vague) == {("itjuzi", "Alba", "Shanghai"), ("all", "Alba", "Shanghai")}, "a city goes before a country"


def test_preferred_source_names_the_home_unless_it_knows_the_country_alone() -> None:
    found = places(("register", "alba", "sh", 1), ("itjuzi", "alba", "bj", 9))
    assert ("all", "Alba", "Shanghai") in homes(found)
    vague = places(("register", "alba", "cn", 1), ("itjuzi", "alba", "bj", 9))
    assert {home for home in homes(vague) if home[0] in ("all", "register")} == {
        ("all", "Alba", "Beijing"), ("register", "Alba", "China (country)"),
    }  # fmt: skip


DATASETS: Rows = [{"dataset": "all", "dataset_number": 0}, {"dataset": "itjuzi", "dataset_number": 1}]
NUMBERED_PLACES: Rows = [
    {"place_key": key, "place_number": number, "area_number": area}
    for number, (key, area) in enumerate([("bj", 1), ("nowhere", None), ("sh", 2)], 1)
]
ALBA, BRNO, CORK = 1, 2, 3


def test_investor_that_the_register_has_as_a_company_alone_is_at_home_there(tmp_path: Path) -> None:
    where = {"country": "CN", "source_file": "f", "source_row": 2}
    rows = build(
        with_branch("staging.listed_investors", "register", tmp_path),
        {
            "landing.register__investors": [where | {"investor": "Alba", "investor_zh": None, "home_city": "Beijing"}],
            "landing.register__companies": [
                where | {"company": company, "company_zh": None, "city": "Shanghai"} for company in ("Alba", "Brno", "Cork")
            ],
            "landing.register__deals": [{"investors": "Alba| Brno"}, {"investors": "Brno"}, {"investors": None}],
            "core.countries": [{"written": "cn", "country": "CN"}],
        },
    )
    assert sorted((row["investor"], row["place"]) for row in rows) == [("Alba", "Beijing"), ("Brno", "Shanghai")]


def deal_investors(*printed: dict[str, object], lists: Rows, homes: Rows) -> Rows:
    """Return ``staging.counted_investors`` of rows as a source prints them, where reports with a list count otherwise."""
    usual = {"dataset": "itjuzi", "report": "r", "is_lead": False, "source_file": "f", "source_row": 1}
    home = {"dataset_number": 1, "area_number": 1, "is_home": True}
    return run(
        "staging.counted_investors",
        {
            "staging.deal_investors": [usual | row for row in printed],
            "staging.numbered_deals": [
                {"report": report, "report_number": number, "dataset_number": 1, "year": 2012}
                for report, number in (("r", 7), ("other", 8))
            ],
            "staging.name_numbers": [
                {"mention": mention, "kind": "investor", "entity_number": number}
                for number, mention in enumerate(("alba", "brno", "cork"), 1)
            ],
            "staging.report_files": [{"dataset": "itjuzi", "source_file": "f", "file_number": 1}],
            "staging.place_units": NUMBERED_PLACES,
            "staging.investor_lists": lists,
            "staging.split_reports": [{"report_number": row["report_number"]} for row in lists],
            "staging.investor_areas": [home | row for row in homes],
        },
    )


def test_place_printed_beside_a_deal_goes_before_the_home() -> None:
    rows = deal_investors(
        {"investor_mention": "alba", "place_key": "sh", "is_lead": True},
        {"investor_mention": "alba", "source_row": 2},
        {"investor_mention": "brno", "place_key": "nowhere"},
        {"investor_mention": "cork"},
        lists=[{"report_number": 7, "deal_number": 5, "deal_year": 2011, "turn": 1}],
        homes=[
            {"investor_number": ALBA},
            {"investor_number": BRNO},
            {"investor_number": CORK, "is_home": False},
            {"investor_number": ALBA, "dataset_number": 0},
        ],
    )
    found = {(row["dataset_number"], row["investor_number"]): row for row in rows}
    assert len(found) == len(rows) == 6, "once for the source, once for all; two rows of one investor are one"
    alba, brno, cork = (found[1, number] for number in (ALBA, BRNO, CORK))
    assert [(row["area_number"], row["is_lead"]) for row in (alba, brno, cork)] == [(2, 1), (1, 0), (None, 0)]
    together = found[0, ALBA]
    assert (together["deal_number"], together["year"], together["area_number"]) == (5, 2011, 1)


def test_list_of_investors_that_another_replaces_counts_for_its_source_alone() -> None:
    rows = deal_investors(
        {"investor_mention": "alba"},
        {"investor_mention": "brno", "report": "other"},
        lists=[{"report_number": 7, "deal_number": 5, "deal_year": 2012, "turn": 2}],
        homes=[{"investor_number": CORK}],
    )
    assert {(row["dataset_number"], row["deal_number"], row["investor_number"]) for row in rows} == {
        (1, 7, ALBA), (-1, 8, BRNO),
    }  # fmt: skip


def test_source_has_the_investors_of_its_first_report_of_a_deal_that_names_any() -> None:
    one = {"deal_number": 5, "deal_year": 2012, "source_deal": 6, "source_year": 2011}
    rows = deal_investors(
        {"investor_mention": "alba"},
        {"investor_mention": "brno", "report": "other"},
        lists=[one | {"report_number": 7, "turn": 2, "source_turn": 1}, one | {"report_number": 8, "turn": 3, "source_turn": 2}],
        homes=[{"investor_number": CORK}],
    )
    assert [(row["dataset_number"], row["deal_number"], row["year"], row["investor_number"]) for row in rows] == [
        (1, 6, 2011, ALBA)
    ]


def test_report_is_split_unless_it_counts_alike_for_its_source_and_for_all() -> None:
    """Report 1 counts alike, 2 is one of two, 3, 4 and 9 have a company elsewhere, 5 to 7 an investor elsewhere, 8 is curated."""
    areas: Rows = [{"area_number": n, "unit_number": n, "level": level, "country": country} for n, level, country in (
        (1, "city", "CN"), (2, "city", "CN"), (3, "country", "US"),
    )]  # fmt: skip
    places = {3: 2, 4: 3}
    rows = run(
        "staging.split_reports",
        {
            "staging.datasets": [*DATASETS, {"dataset": "b", "dataset_number": 2}, {"dataset": "register", "dataset_number": 3}],
            "staging.duplicate_reports": [{"report_number": 2, "deal_number": 1}],
            "staging.reports": [
                {
                    "report_number": n,
                    "dataset_number": 3 if n == 8 else 1,
                    "year": 2009 if n == 9 else 2010,
                    "company_number": 4,
                    "area_number": places.get(n, 1),
                }
                for n in range(1, 10)
            ],
            "staging.areas": areas,
            "staging.company_areas": [
                {"company_number": 4, "first_year": 2010, "last_year": 9999, "country": "CN", "area_number": 1},
                {"company_number": 4, "first_year": 0, "last_year": 2009, "country": "CN", "area_number": 2},
            ],
            "staging.place_units": NUMBERED_PLACES,
            "staging.investor_areas": [
                {"dataset_number": dataset, "investor_number": investor, "area_number": 1, "is_home": True}
                for dataset, investor in ((0, ALBA), (1, ALBA), (0, BRNO), (1, BRNO), (2, BRNO))
            ],
            "staging.offices": [{"dataset_number": dataset, "investor_number": CORK, "unit_number": 1} for dataset in (0, 2)],
            "staging.investments": [
                {"report_number": report, "dataset_number": 1, "investor_number": investor, "place_number": place}
                for report, investor, place in ((1, ALBA, 1), (1, ALBA, None), (5, ALBA, 3), (6, BRNO, 1), (7, CORK, None))
            ],
        },
    )
    assert [row["report_number"] for row in rows] == [2, 3, 4, 5, 6, 7, 8, 9]


def test_row_that_counts_alike_counts_for_its_source_and_for_all() -> None:
    rows = run("staging.counted_datasets", {"staging.datasets": DATASETS})
    assert [(row["dataset_number"], row["dataset"]) for row in rows] == [(-1, "all"), (-1, "itjuzi"), (0, "all"), (1, "itjuzi")]


def test_deal_and_its_investors_are_told_in_words() -> None:
    """Numbers lead back to the readable keys, and an investor without a known home keeps its row."""
    rows = run(
        "core.deal_investors_by_source",
        {
            "staging.counted_investors": [
                {"dataset_number": 1, "deal_number": 7, "year": 2012, "investor_number": number, "is_lead": lead,
                 "area_number": area, "file_number": 1, "source_row": 3}
                for number, lead, area in ((ALBA, 1, 2), (BRNO, 0, 2), (CORK, 0, None))
            ],
            "staging.datasets": DATASETS,
            "staging.numbered_deals": [{"report": "r", "report_number": 7, "source_file": "deals", "source_row": 9}],
            "staging.entities": [
                {"entity": name, "entity_number": number} for name, number in (("Alba", ALBA), ("Brno", BRNO), ("Cork", CORK))
            ],
            "staging.report_files": [{"dataset": "itjuzi", "source_file": "f", "file_number": 1}],
            "staging.areas": [{"area_number": 2, "unit": "Shanghai", "level": "city", "city": "Shanghai", "country": "CN"}],
            "core.investors": [{"investor": "Alba", "kind": "vc"}, {"investor": "Brno", "kind": "bank", "owner_country": "GB"}],
        },
    )  # fmt: skip
    columns = ("dataset", "deal", "investor", "kind", "is_lead", "city", "country", "owner_country", "is_located", "source_row")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("itjuzi", "r", "Alba", "vc", True, "Shanghai", "CN", "CN", True, 3),
        ("itjuzi", "r", "Brno", "bank", False, "Shanghai", "CN", "GB", True, 3),
        ("itjuzi", "r", "Cork", None, False, None, None, None, False, 3),
    ]
    assert {row["source_file"] for row in rows} == {"f"}


def test_office_is_open_from_the_first_and_until_the_last_that_closed() -> None:
    stated: Rows = [
        {"investor": investor, "country": "CN", "city": city, "opened": opened, "closed": closed, "source_row": number}
        for number, (investor, city, opened, closed) in enumerate([
            ("Alba", "Beijing", 2005, 2009), ("Alba", "Beijing", 2003, 2007), ("Alba", "Shanghai", 2001, 2004),
            ("Alba", "Shanghai", 2006, None),
        ])
    ]  # fmt: skip
    at: Rows = [{"place_key": f"CN||{city}", "city": city} for city in ("Beijing", "Shanghai")]
    investors: Rows = [
        {"investor": "Alba", "city": "Beijing", "country": "CN", "founded": 1999, "is_in_register": True, "source_row": 1},
        {"investor": "Brno", "city": "Beijing", "country": "CN", "founded": 2000, "is_in_register": True, "source_row": 2},
        {"investor": "Cork", "city": "Beijing", "country": "CN", "founded": 2000, "is_in_register": False, "source_row": 3},
    ]
    landed = {"landing.register__investor_offices": stated, "core.places": at, "core.investors": investors}
    for row in stated:
        row |= dict.fromkeys(("basis", "source", "url", "source_file"), "x")
    rows = run("core.investor_offices", landed)
    assert {(row["investor"], row["city"], row["opened"], row["closed"]) for row in rows} == {
        ("Alba", "Beijing", 2003, 2009), ("Alba", "Shanghai", 2001, None), ("Brno", "Beijing", 2000, None),
    }  # fmt: skip
    assert len(rows) == 3


def test_flow_counts_deals_that_the_origin_takes_part_in() -> None:
    """A city that lies in two provinces is one origin, and so is one destination of two."""
    units: Rows = [
        {"area_number": number, "unit_number": unit, "unit": city, "city": city, "country": country, "province": province}
        for number, unit, city, country, province in [
            (1, 1, "Basel", "CH", "Alsace"), (2, 1, "Basel", "CH", "Basel-Stadt"), (3, 2, "London", "GB", None),
            (4, 3, "Wuhan", "CN", "Hubei"),
        ]
    ]  # fmt: skip
    place = {"dataset_number": 1, "year": 2010, "country": "CN", "area_number": 4, "n_located": 2, "n_investors": 2}
    rows = run(
        "marts.deal_flows",
        {
            "staging.datasets": DATASETS,
            "staging.areas": units,
            "staging.units": [{"unit_number": 1, "unit": "Basel"}, {"unit_number": 2, "unit": "London"}],
            "staging.attributions": [
                place
                | {"unit_number": unit, "unit_area": area, "any_rule": any_rule}
                | {"fractional_rule": share, "amount_rule_usd": usd}
                for unit, area, any_rule, share, usd in [
                    (1, 1, 1, 0.5, 10.0), (1, 2, 1, 1.0, None), (1, 1, 0, 0.0, 7.0), (2, 3, 1, 0.5, None),
                ]
            ],
        },
    )  # fmt: skip
    found = {str(row["origin"]): row for row in rows}
    columns = ("n_deals", "deals_fractional", "usd_fractional", "is_foreign", "destination")
    assert {name: tuple(row[column] for column in columns) for name, row in found.items()} == {
        "Basel": (2, 1.5, 10.0, True, "Wuhan"), "London": (1, 0.5, None, True, "Wuhan"),
    }  # fmt: skip


def test_amounts_of_a_place_do_not_depend_on_the_order_of_its_deals() -> None:
    place = {"dataset_number": 1, "year": 2010, "country": "CN", "area_number": 4, "n_located": 3, "n_investors": 3}
    deals = [
        place | {"unit_number": 1, "unit_area": 1, "any_rule": 1, "amount_rule_usd": 10.0**power / 3} for power in range(4, 12)
    ]
    forth, back = (run("staging.credits", {"staging.attributions": rows}) for rows in (deals, deals[::-1]))
    assert forth == back
    assert forth[0]["amount_rule_usd"] == 37037036666.66664


def test_adviser_without_a_known_office_is_still_one() -> None:
    staged = {"dataset": "eastmoney", "document": "d", "kind": "law", "firm": "King", "mention": "alba", "dated": "2020-05-01"}
    rows = run(
        "core.listing_advisers",
        {
            "staging.listing_advisers": [
                staged | {"place_key": "bj", "source_row": 1}, staged | {"place_key": None, "source_row": 2},
                staged | {"mention": "unknown", "source_row": 3},
            ],
            "core.names": NAMES,
            "core.places": PLACES,
        },
    )  # fmt: skip
    assert [(row["firm"], row["year"], row["city"]) for row in rows] == [("Alba", 2020, "Beijing"), ("Alba", 2020, None)]
