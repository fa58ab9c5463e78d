"""Where investors sit, what they join, and how deals flow: by hand, with what is unknown left unknown."""

from tests.support.models import Rows, run

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


def test_preferred_source_names_the_home_unless_it_knows_the_country_alone() -> None:
    found = places(("register", "alba", "sh", 1), ("itjuzi", "alba", "bj", 9))
    assert ("all", "Alba", "Shanghai") in homes(found)
    vague = places(("register", "alba", "cn", 1), ("itjuzi", "alba", "bj", 9))
    assert {home for home in homes(vague) if home[0] in ("all", "register")} == {
        ("all", "Alba", "Beijing"), ("register", "Alba", "China (country)"),
    }  # fmt: skip


def deal_investor(mention: str, **own: object) -> dict[str, object]:
    return {"dataset": "itjuzi", "report": "r", "year": 2012, "investor_mention": mention, "is_lead": False,
            "source_file": "f", "source_row": 1} | own  # fmt: skip


def test_place_printed_beside_a_deal_goes_before_the_home() -> None:
    home = {"unit": "Beijing", "level": "city", "city": "Beijing", "province": "Beijing", "country": "CN", "is_home": True}
    rows = run(
        "core.deal_investors_by_source",
        {
            "staging.deal_investors": [
                deal_investor("alba", place_key="sh", is_lead=True),
                deal_investor("alba", source_row=2),
                deal_investor("brno", place_key="nowhere"),
                deal_investor("cork"),
            ],
            "core.names": NAMES,
            "staging.place_units": PLACES,
            "staging.investor_lists": [{"report": "r", "deal": "D", "deal_year": 2011, "turn": 1}],
            "core.investor_places": [
                home | {"dataset": "itjuzi", "investor": "Alba"},
                home | {"dataset": "itjuzi", "investor": "Brno"},
                home | {"dataset": "itjuzi", "investor": "Cork", "is_home": False},
                home | {"dataset": "all", "investor": "Alba"},
            ],
            "core.investors": [{"investor": "Alba", "kind": "vc"}],
        },
    )
    found = {(row["dataset"], row["investor"]): row for row in rows}
    assert len(found) == len(rows) == 6, "once for the source, once for all; two rows of one investor are one"
    alba, brno, cork = (found["itjuzi", name] for name in ("Alba", "Brno", "Cork"))
    assert (alba["city"], alba["level"], alba["is_lead"], alba["kind"]) == ("Shanghai", "city", True, "vc")
    assert (brno["city"], brno["level"], brno["is_lead"], brno["kind"]) == ("Beijing", "city", False, None)
    assert (cork["city"], cork["is_located"]) == (None, False)
    together = found["all", "Alba"]
    assert (together["deal"], together["year"], together["city"]) == ("D", 2011, "Beijing")


def test_list_of_investors_that_another_replaces_counts_for_its_source_alone() -> None:
    rows = run(
        "core.deal_investors_by_source",
        {
            "staging.deal_investors": [deal_investor("alba"), deal_investor("brno", report="other")],
            "core.names": NAMES,
            "staging.place_units": PLACES,
            "staging.investor_lists": [{"report": "r", "deal": "D", "deal_year": 2012, "turn": 2}],
            "core.investor_places": [{"dataset": "x", "investor": "x"}],
            "core.investors": [{"investor": "x"}],
        },
    )
    assert {(row["dataset"], row["deal"], row["investor"]) for row in rows} == {
        ("itjuzi", "r", "Alba"), ("itjuzi", "other", "Brno"), ("all", "other", "Brno"),
    }  # fmt: skip


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
    origin = {"dataset": "register", "origin_country": "CN", "company_country": "CN", "destination": "Wuhan", "year": 2010}
    rows = run(
        "marts.deal_flows",
        {
            "marts.deal_origin": [
                origin | {"deal": "1", "origin": "Beijing", "any_rule": 1, "fractional_rule": 0.5, "amount_rule_usd": 10.0},
                origin | {"deal": "2", "origin": "Beijing", "any_rule": 1, "fractional_rule": 1.0, "amount_rule_usd": None},
                origin | {"deal": "3", "origin": "Beijing", "any_rule": 0, "fractional_rule": 0.0, "amount_rule_usd": 7.0},
                origin | {"deal": "1", "origin": "London", "origin_country": "GB", "any_rule": 1, "fractional_rule": 0.5},
            ]
        },
    )
    found = {str(row["origin"]): row for row in rows}
    columns = ("n_deals", "deals_fractional", "usd_fractional", "is_foreign")
    assert {name: tuple(row[column] for column in columns) for name, row in found.items()} == {
        "Beijing": (2, 1.5, 10.0, False), "London": (1, 0.5, None, True),
    }  # fmt: skip


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
