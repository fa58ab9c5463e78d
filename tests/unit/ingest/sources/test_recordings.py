"""Every recording is read whole, and damaged copies of it are refused for the right reason."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest import sources
from pipelines.ingest.readers.workbook import sheet_rows
from tests.support.corruption import HTML_ERROR, damaged, damaged_csv, damaged_json, damaged_workbook, with_moved_cells
from tests.support.parsing import rejection, unzipped, zipped
from tests.support.workbook import workbook

Damage = Callable[[bytes], dict[str, bytes]]

#: What the message must say for a kind of damage; other kinds may be refused for any reason.
REASONS = {
    "wrong encoding": r"is UTF-8 where \S+ was expected|is not (UTF-8|GBK)|NUL",
    "renamed column": r"column .+?: (the column is missing|column \d+ is called)",
    "renamed field": "is missing|is not a record|the field is unknown",
    "shifted row": r"\d+ fields? where the header has \d+",
    "moved cells": r"row \d+, column \w+: .*(has the wrong form|is not a|is not in the vocabulary|is empty)|breaks? the rule",
    "empty": "the file is empty",
    "error page": "is a web page|0 tables",
}


def csv(column: str, encoding: str = "utf-8", times: int = 5) -> Damage:
    return lambda content: damaged_csv(content, encoding, column, times)


def unquoted(column: str) -> Damage:
    return lambda content: damaged_csv(content.replace(b'"', b""), "utf-8", column)


def crunchbase(column: str, encoding: str = "utf-8") -> Damage:
    return lambda content: damaged_csv(content, encoding, column) | {"moved cells": with_moved_cells(content, encoding)}


def within_archive(member: str, damage: Damage) -> Damage:
    return lambda content: {how: zipped({member: copy}) for how, copy in damage(unzipped(content, member)).items()}


def compressed(column: str) -> Damage:
    def damage(content: bytes) -> dict[str, bytes]:
        plain = damaged_csv(gzip.decompress(content), "utf-8", column)
        moved = {"moved cells": with_moved_cells(gzip.decompress(content), "utf-8")}
        packed = {how: gzip.compress(copy) for how, copy in (plain | moved).items()}
        return packed | {"cut archive": content[: int(len(content) * 0.6)], "error page": HTML_ERROR, "empty": b""}

    return damage


def itjuzi_people(content: bytes) -> dict[str, bytes]:
    leftover, _, people = content.partition(b"][")
    repeated = leftover + b"][" + b",".join([people.strip().removesuffix(b"]")] * 5) + b"]"
    return damaged_json(content, "address") | {"repeated file": content * 5, "repeated records": repeated}


def organisations(content: bytes) -> dict[str, bytes]:
    return damaged_json(content, "names") | {"repeated": content * 5}


def institutions(content: bytes) -> dict[str, bytes]:
    rows = [list(row) for row in sheet_rows(content)]
    hainan = next(number for number, row in enumerate(rows) if row[0] == "海南省（27所）")
    return {
        "truncated": content[: int(len(content) * 0.6)],
        "re-encoded": content.decode("latin-1").encode("utf-8"),
        "cut after a province": workbook(rows[:1500]),
        "a row lost": workbook(rows[:1000] + rows[1001:]),
        "a cell lost": workbook([*rows[:1000], rows[1000][:1] + rows[1000][2:], *rows[1001:]]),
        "another province miscounts": workbook([*rows[:hainan], ["海南省（26所）"], *rows[hainan + 1 :]]),
        "repeated": workbook(rows + rows[3:] * 4),
    }


def outlines(content: bytes) -> dict[str, bytes]:
    return damaged_json(content, "name_zh", lambda answer: answer | {"features": answer["features"] * 5})


def page_of_unicorns(content: bytes) -> dict[str, bytes]:
    return damaged(content) | {
        "renamed": content.replace(b"  * Location:", b"  * Place:"),
        "a line lost": content.replace(b"  * Industry: **Fintech**\n", b"", 1),
        "repeated": content * 5,
    }


def county_census(content: bytes) -> dict[str, bytes]:
    rows = [list(row) for row in sheet_rows(content)]
    industry = next(number for number, name in enumerate(rows[0]) if name == "采矿业")
    return {
        "truncated": content[: int(len(content) * 0.6)],
        "re-encoded": content.decode("latin-1").encode("utf-8"),
        "rows lost": workbook(rows[: int(len(rows) * 0.6)]),
        "renamed column": workbook([[*rows[0][:industry], "renamed", *rows[0][industry + 1 :]], *rows[1:]]),
        "empty": b"",
        "error page": HTML_ERROR,
    }


def notice(content: bytes) -> dict[str, bytes]:
    return damaged(content) | {
        "renamed": content.replace(b"entityName>", b"name>"),
        "shifted": content.replace(b"<stateOrCountry>", b"<zipCode>", 1).replace(b"</stateOrCountry>", b"</zipCode>", 1),
        "repeated": content * 5,
    }


def submission(content: bytes) -> dict[str, bytes]:
    return {
        "truncated": content[: int(len(content) * 0.6)],
        "wrong encoding": content.decode().encode("utf-16"),
        "a field renamed": content.replace(b"ACCESSION NUMBER:", b"NUMBER:", 1),
        "a tag lost": content.replace(b"<TYPE>", b"", 1),
        "repeated": content * 5,
    }


def filings(content: bytes) -> dict[str, bytes]:
    def shifted(record: dict[str, Any]) -> dict[str, Any]:
        recent = record["filings"]["recent"]
        return record | {"filings": {"recent": recent | {"form": recent["form"][1:]}}}

    def repeated(record: dict[str, Any]) -> dict[str, Any]:
        return record | {"filings": {"recent": {name: values * 5 for name, values in record["filings"]["recent"].items()}}}

    return damaged_json(content, "filingDate", repeated) | {"shifted": damaged_json(content, repeated=shifted)["repeated"]}


def companies(content: bytes) -> dict[str, bytes]:
    return damaged_json(content, "all_locations", lambda answer: answer["results"][0]["hits"] * 5)


#: Rows of one file of a table that is made from several: any number is in range, so its content alone must be refused.
ANY = (0, 10**9)
CB_2013, CB_2015, ISSUER = "crunchbase_2013_us/crunchbase-", "crunchbase_export_2015/", "edgar_submissions_raw/CIK0001814722.json"
YC = "yc_founders_schools/"
EXCHANGES = ("SHZ", "HKG", "NCM", "ASE")
MAP = within_archive("UnicornsApp/public_html/maptime.csv", crunchbase("investor_city"))
#: Source, table, recorded files, how they are damaged and, if it is not the table's, the range of rows.
RECORDED: list[tuple[Any, ...]] = [
    ("a_share_2026", "companies", "a_share_2026/*.xlsx", lambda content: damaged_workbook(content, header=0)),
    ("a_share_2026", "listings", "a_share_2026/*.csv", csv("list_date")),
    ("cb_insights", "unicorns", "unicorns/cbinsights_2022-03_ClincieB.csv", csv("Industry")),
    ("cb_insights", "unicorns_2021", "cb_insights_2021/*.md", page_of_unicorns),
    ("census", "prefectures", "census_china/derived_nogeom.csv", csv("popu_2020")),
    ("census_county", "prefectures", "census_county/*_2010_v1.xlsx", county_census, (362, 362)),
    ("census_county", "employment", "census_county/*_2020_v1.xlsx", county_census, (9_629, 9_629)),
    ("city_panels", "gdp", "city_panels/city_gdp_*.csv", unquoted("Gdpct01")),
    ("city_panels", "wages", "city_panels/city_employment_*.csv", unquoted("Eect13")),
    ("crunchbase_2013", "companies", CB_2013 + "companies.csv", crunchbase("city", "mac_roman")),
    ("crunchbase_2013", "rounds", CB_2013 + "rounds.csv", crunchbase("funded_at", "mac_roman")),
    ("crunchbase_2013", "acquisitions", CB_2013 + "acquisitions.csv", crunchbase("price_amount", "mac_roman")),
    ("crunchbase_2015", "rounds", "cb_rounds2_2015/rounds2.zip", within_archive("rounds2.csv", csv("funded_at", "latin-1"))),
    ("crunchbase_2015", "acquisitions", CB_2015 + "acquisitions.csv", crunchbase("acquired_at")),
    ("crunchbase_rounds_2026", "rounds", "crunchbase_rounds_2026/rounds_*.csv", csv("Announced Date"), (301, 337)),
    ("crunchbase_investments", "investments", "crunchbase_investments_2014/UnicornsApp.zip", MAP),
    ("csrankings", "faculty", "csrankings/csrankings.csv", csv("affiliation")),
    ("csrankings", "geolocation", "csrankings/geolocation.csv", csv("longitude")),
    ("csrankings", "country_info", "csrankings/country-info.csv", csv("region")),
    ("edgar", "issuers", ISSUER, lambda content: damaged_json(content, "addresses"), ANY),
    ("edgar", "filings", ISSUER, filings, ANY),
    ("edgar_covers", "counsel", "edgar_filings/*_*.txt", submission, ANY),
    ("edgar_covers", "counsel", "edgar_filings/covers/*.txt", submission, ANY),
    ("edgar_listed", "filers", "edgar_listed_filers/*.csv.gz", compressed("sicDescription")),
    ("elite", "project_985", "moe_elite/moe_985_list.2026-04-21.csv", csv("schoolName")),
    ("elite", "project_211", "moe_elite/moe_211_list.2026-04-21.csv", csv("schoolName")),
    ("elite", "double_first_class", "moe_elite/double_first_class_round2_raw.2026-04-21.csv", csv("disciplinesRaw")),
    ("elite", "double_first_class_2017", "moe_elite/dfc_round1_42_universities.csv", csv("类别")),
    *(("financedatabase", "equities", f"financedatabase/{name}.csv", csv("industry_group"), ANY) for name in EXCHANGES),
    ("form_d", "offerings", "edgar_form_d/*.xml", notice, ANY),
    ("gawc", "connectivity", "gawc_2020/da31_gnc2020.xlsx", lambda content: damaged_workbook(content, header=0)),
    ("india_deals_2015_2017", "deals", "india_deals_2015_2017/startup_funding_2015-2017.csv", csv("AmountInUSD")),
    ("investor_graph_2008_2019", "edges", "investor_graph_2008_2019/edges.csv", csv("round")),
    ("hurun_rich_list", "head_offices", "hurun_rich_list/derived_hq_year.csv", csv("people")),
    ("itjuzi", "events", "itjuzi_events_2016/invest_event.csv", csv("company", "gbk")),
    ("itjuzi", "event_investors", "itjuzi_events_2016/invest_event.csv", csv("company", "gbk")),
    ("itjuzi", "investor_firms", "itjuzi_investors_2016/investorinfo.json", itjuzi_people),
    ("itjuzi_ai_2018", "companies", "itjuzi_ai_2018/deals_reduced.csv", csv("地点")),
    ("itjuzi_ai_2018", "rounds", "itjuzi_ai_2018/deals_reduced.csv", csv("轮次")),
    ("itjuzi_dead_2017_2020", "companies", "itjuzi_dead_2017_2020/dead_companies.csv", csv("province")),
    ("moe", "institutions", "moe_list/moe_2025-06-20.xls", institutions, (2_919, 2_919)),
    ("natural_earth", "countries", "natural_earth/*countries110.geojson", outlines),
    ("natural_earth", "provinces", "natural_earth/*states50.geojson", outlines),
    ("nbs", "gdp", "nbs_major_cities/nbs_36cities_gdp_1999_2018.xls", lambda content: damaged_workbook(content, header=3)),
    ("openalex", "works", "openalex_metrics/open_metrics_2024.csv", csv("works"), (288, 150_000)),
    ("ror", "organisations", "ror/derived_ror_cn_union.ndjson", organisations, (2_265, 250_000)),
    ("wikipedia_unicorns", "unicorns", "unicorns/wikipedia_unicorns_20250619.csv", csv("Country", times=10)),
    ("wikipedia_unicorns", "former_unicorns", "unicorns/wikipedia_former_unicorns_20250619.csv", csv("Country", times=10)),
    ("yc_founders_schools", "companies", YC + "companies.csv", csv("address")),
    ("yc_founders_schools", "founders", YC + "founder_company.csv", csv("company_slug")),
    ("yc_founders_schools", "schools", YC + "founder_school.csv", csv("school")),
    ("yc_founders_schools", "employers", YC + "founder_prior_company.csv", csv("company")),
    ("ycombinator", "companies", "yc_algolia/*_[0-9]*.json", companies, ANY),
]


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: f"{case[0]}-{case[1]}")
def test_recording_lands_and_damaged_copies_are_refused(recordings: Path, case: tuple[Any, ...]) -> None:
    source, name, files, damage, *rows = case
    table = next(table for record in sources.ALL if record.name == source for table in record.tables if table.name == name)
    table = replace(table, rows=rows[0]) if rows else table
    paths = sorted(recordings.glob(files))
    assert paths
    for path in paths:
        content = path.read_bytes()
        assert rejection(table, content) is None, path.name
        if path.suffix in (".xls", ".xlsx"):
            assert rejection(table, workbook(sheet_rows(content))) is None, "a copy without damage lands"
        for kind, copy in damage(content).items():
            reason = rejection(table, copy)
            assert reason is not None and re.search(REASONS.get(kind, ""), reason), (path.name, kind, reason)


def test_addresses_are_secure_and_titles_say_what_a_row_is() -> None:
    tables = [table for source in sources.ALL if not source.is_local for table in source.tables]
    assert [table.name for table in tables if not table.title.startswith("One row per")] == []
    addresses = [url for table in tables if isinstance(table.addresses, tuple) for url in table.addresses]
    assert [url for url in addresses if not url.startswith("https://")] == []
