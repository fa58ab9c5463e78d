"""Companies as sources list them: one row for each key, with the country where it is understood."""

from pathlib import Path

import polars as pl

from pipelines.ingest import sources
from pipelines.resolve import names
from tests.support.models import Rows, build, run, with_branch

(PRIORITY,) = (source.priority for source in sources.ALL if source.name == "inbox")


def test_company_is_what_all_its_rows_say_of_it_and_stays_if_its_country_is_unknown(tmp_path: Path) -> None:
    row = {"form": "plain", "company": "Alba", "place": "Cluj", "founded": 2001, "region": None, "source_file": "f"}
    rows = build(
        with_branch("staging.companies", "inbox", tmp_path),
        {
            "landing.inbox__companies": [
                row | {"country": "Romania", "source_row": 3},
                row | {"country": "Romania", "source_row": 2, "founded": None},
                row | {"company": "Brno", "country": "Atlantis", "source_row": 4},
            ],
            "landing.inbox__deals": [
                row | {"company": "Cork", "country": None, "source_row": 5},
                row | {"country": "Romania", "region": "Transylvania", "source_row": 1},
            ],
            "core.countries": [{"written": written, "country": "RO"} for written in ("romania", "ro")],
            "staging.inbox_files": [{"source_file": "another"}],
        },
    )
    assert [(one["company"], one["place_key"], one["founded"], one["source_row"], one["source_priority"]) for one in rows] == [
        ("Alba", "RO|Transylvania|Cluj", 2001, 1, PRIORITY),
        ("Brno", "||Cluj", 2001, 4, PRIORITY),
        ("Cork", "||Cluj", None, 5, PRIORITY),
    ]


def test_company_lies_in_the_province_of_its_own_country() -> None:
    areas = [(1, "BE", "Limburg"), (2, "NL", "Limburg"), (3, "FR", None)]
    rows = run(
        "staging.company_areas",
        {
            "core.company_homes": [
                {"company": country, "country": country, "province": province} for _, country, province in areas
            ],
            "staging.entities": [{"kind": "company", "entity": country, "entity_number": number} for number, country, _ in areas],
            "staging.areas": [
                {"area_number": number, "country": country, "province": province, "level": "province" if province else "country"}
                for number, country, province in areas
            ],
        },
    )
    assert [(row["country"], row["area_number"]) for row in rows] == [("BE", 1), ("NL", 2), ("FR", None)]


MOVED: dict[str, Rows] = {
    "core.companies": [
        {"company": "Jinan Gas", "country": "CN", "province": "Shandong", "city": "Jinan", "city_since": 2020,
         "listing_year": 2015, "exit_how": "acquisition", "exit_year": 2020},
        {"company": "Stayed", "country": "CN", "province": "Shandong", "city": "Jinan", "exit_how": "merger"},
        {"company": "From nowhere", "country": "CN", "province": "Shandong", "city": "Jinan", "city_since": 2010,
         "listing_year": 2009, "exit_how": "merger"},
    ],
    "landing.register__companies": [
        {"company": "Jinan Gas", "country": "CN", "city_founded": "Dalian", "city_since": 2020},
        {"company": "Stayed", "country": "CN", "city_founded": "Dalian"},
        {"company": "From nowhere", "country": "CN", "city_founded": "Utopia", "city_since": 2010},
    ],
    "core.places": [{"place_key": "CN||Dalian", "city_country": "JP", "province": "Liaoning", "city": "Dalian"}],
}  # fmt: skip


def test_company_has_two_homes_if_the_year_in_which_it_moved_is_known() -> None:
    rows = run("core.company_homes", MOVED)
    columns = ("company", "country", "province", "city", "first_year", "last_year")
    assert {tuple(row[column] for column in columns) for row in rows} == {
        ("Jinan Gas", "CN", "Shandong", "Jinan", 2020, None),
        ("Jinan Gas", "JP", "Liaoning", "Dalian", None, 2019),
        ("Stayed", "CN", "Shandong", "Jinan", None, None),
        ("From nowhere", "CN", "Shandong", "Jinan", 2010, None),
        ("From nowhere", None, None, None, None, 2009),
    }


def test_areas_of_a_company_are_those_of_its_homes() -> None:
    """An undated first or last year has no end."""
    rows = run(
        "staging.company_areas",
        MOVED
        | {
            "staging.entities": [{"kind": "company", "entity": "Jinan Gas", "entity_number": 7}],
            "staging.areas": [
                {"area_number": 1, "city": "Jinan", "province": "Shandong", "level": "city"},
                {"area_number": 2, "city": "Dalian", "province": "Liaoning", "level": "city"},
            ],
        },
    )
    columns = ("company_number", "area_number", "first_year", "last_year")
    assert {tuple(row[column] for column in columns) for row in rows} == {(7, 1, 2020, 9999), (7, 2, 0, 2019)}


def test_exit_counts_where_the_company_was_in_that_year() -> None:
    exits = {(row["company"], row["how"], row["country"], row["city"]) for row in run("core.exits", MOVED)}
    assert exits == {
        ("Jinan Gas", "listing", "JP", "Dalian"),
        ("Jinan Gas", "acquisition", "CN", "Jinan"),
        ("Stayed", "merger", "CN", "Jinan"),
        ("From nowhere", "listing", None, None),
        ("From nowhere", "merger", "CN", "Jinan"),
    }


def test_value_is_that_of_the_home_of_its_year() -> None:
    empty = dict.fromkeys(("value_usd_bn", "kind", "basis", "source", "url", "source_file", "source_row"))
    values: Rows = [empty | {"company": "Jinan Gas", "year": year} for year in (2019, 2020)]
    rows = run("core.valuations", MOVED | {"landing.register__valuations": values})
    assert {(row["year"], row["city"]) for row in rows} == {(2019, "Dalian"), (2020, "Jinan")}


def test_unicorn_is_that_of_the_home_of_its_year(tmp_path: Path) -> None:
    """Of a list that prints a year, a month, or neither."""
    printed = {"a": "2019-06", "b": "2020", "c": None}
    empty = dict.fromkeys(("valuation_usd_bn", "industry", "source_file", "source_row"))
    rows = build(
        with_branch("core.unicorns", "hurun", tmp_path),
        MOVED
        | {
            "landing.hurun__unicorns": [
                empty | {"hurun_id": key, "company": "Jinan Gas", "edition": edition} for key, edition in printed.items()
            ],
            "core.names": [{"mention": f"hurun/company:{key}", "entity": "Jinan Gas"} for key in printed],
            "core.countries": [{"written": "cn", "country": "CN"}],
        },
    )
    assert {(row["since"], row["city"]) for row in rows} == {("2019-06", "Dalian"), ("2020", "Jinan"), (None, "Jinan")}


def test_company_that_exports_write_in_several_ways_is_one(tmp_path: Path) -> None:
    printed = [
        ("Zebrafinch Robotics", "CN", "Hefei"),
        ("Zebrafinch Robotics", "China", "Hefei"),
        ("ZEBRAFINCH Robotics, Inc.", "CN", "合肥"),
        ("Wombat Motors", "CN", "Hefei"),
    ]
    exported = [("inbox", "|".join(row), row[0], f"CN||{row[2]}") for row in printed]
    keyed = [("wikidata", key, "Wombat Motors", "CN||") for key in ("Q1", "Q2")]
    mentions = build(
        with_branch("staging.name_mentions", "companies", tmp_path),
        {
            "staging.companies": [
                {"dataset": dataset, "mention": f"{dataset}/company:{key}", "company_key": key, "company": company,
                 "country": "CN", "place_key": place_key}
                for dataset, key, company, place_key in [*exported, *keyed]
            ],
            "core.places": [{"place_key": f"CN||{place}", "city": "Hefei", "city_country": "CN"} for place in ("Hefei", "合肥")],
        },
    )  # fmt: skip
    links = names.resolve(pl.DataFrame(mentions, names.MENTION_SCHEMA), names.NO_OVERRIDES)
    entities = dict(links.select("mention", "entity").iter_rows())
    assert len({entity for mention, entity in entities.items() if "Zebrafinch" in mention.title()}) == 1
    assert entities["wikidata/company:Q1"] != entities["wikidata/company:Q2"], "a source's own keys tell its companies apart"


def test_investor_of_an_export_has_no_key(tmp_path: Path) -> None:
    investors = [
        {"dataset": dataset, "mention": f"{dataset}/investor:Emu", "investor": "Emu", "is_listed": True}
        for dataset in ("inbox", "register")
    ]
    rows = build(
        with_branch("staging.name_mentions", "investors", tmp_path),
        {"staging.investors": investors, "core.places": [{"place_key": "p", "city": "Perth", "city_country": "AU"}]},
    )
    assert {row["source"]: row["key"] for row in rows} == {"inbox": None, "register": "register/investor:Emu"}
