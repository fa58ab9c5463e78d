"""Facts of the small made-up release: cities, indicators, companies and what else the models of ``core`` and ``marts`` make."""

from collections.abc import Iterator
from typing import Any

from pipelines.index import BENCHMARK

Row = dict[str, Any]

#: City → its Chinese name and where it lies.
CITIES = {
    "Beijing": ("北京", 39.9, 116.4), "Shanghai": ("上海", 31.2, 121.5), "Shenzhen": ("深圳", 22.5, 114.1),
    "Suzhou": ("苏州", 31.3, 120.6), "Wuhan": (None, 30.6, 114.3),
}  # fmt: skip
HEADLINE = 2018
INDICATORS = (
    ("schools", "P1", "schools", "Readiness", "leader"), ("deals", "P2", "venture deals", "Readiness", "benchmark"),
    ("founders", "P2", "venture deals", "Readiness", "benchmark"), ("exits", "P6", "outcomes", "Realised", "benchmark"),
)  # fmt: skip
#: Quantity and list of every count; the last two count the benchmark alone, and all but the benchmark.
COUNTED = (("deals", "register"), ("deals", "register: rounds"), ("founders", "us"), ("founders", "cn"))
SOURCE = {"source": "Gazette", "url": "https://example.org/gazette", "source_file": "data/register/deals.csv"}


def core() -> dict[str, list[Row]]:
    """Return the tables of ``core`` that models make."""
    basis = ("verified", "cited")
    row = {"country": "CN", "is_in_register": True, "n_sources": 1, **SOURCE}
    return {
        "core.cities": [
            {"city": city, "city_zh": chinese, "country": "CN", "province": city, "latitude": north, "longitude": east}
            | {"geoname_id": number, "is_in_register": True}
            for number, (city, (chinese, north, east)) in enumerate(CITIES.items())
        ] + [{"city": BENCHMARK, "city_zh": "旧金山湾区", "country": "US", "latitude": 37.6, "longitude": -122.2}],
        "core.countries": [{"written": "china", "country": "CN"}],
        "core.place_names": [{"name": city, "kind": "city", "city": city} for city in (*CITIES, BENCHMARK)],
        "core.indicators": [
            {"indicator": name, "pillar": pillar, "pillar_name": title, "measure": measure, "name": name.title(),
             "quantity": name}
            | {"definition": f"Number of {name}.", "unit": "a year", "goalpost": goal, "weight": 1.0 + (name == "deals")}
            | {"source_file": "indicators.csv", "source_row": number + 2}
            for number, (name, pillar, title, measure, goal) in enumerate(INDICATORS)
        ],
        "core.companies": [
            row | {"company": name, "city": "Beijing", "city_founded": "Beijing", "founded": 2001 + number, "sector": "internet"}
            | {"basis": basis[number % 2], "source_row": number + 2, "company_zh": "=1+1" if number else None}
            for number, name in enumerate(("Acme", "Bolt", "Cask"))
        ] + [row | {"company": "Dent", "city": "Wuhan", "is_in_register": False, "source_row": 5}],
        "core.deals": [
            row | {"deal": f"Acme | {round_}", "company": "Acme", "city": "Beijing", "year": 2010 + number, "round": round_}
            | {"usd_low": 1.5, "usd_high": 2.25, "basis": basis[number % 2], "source_row": number + 2}
            for number, round_ in enumerate("ABC")
        ],
        "core.founders": [
            {"founding": f"{name} | Acme", "founder": name, "company": "Acme", "city": city, "founded": year, "field": field}
            | {"is_returnee": name != "Fay", "basis": "cited", **SOURCE, "source_row": 2}
            for name, city, field, year in (
                ("Ann", "Beijing", "tech", 2009), ("Ben", "Beijing", "finance", 2018), ("Cy", "Shanghai", None, 2012),
                ("Dee", "Beijing", "tech", 2008), ("Eve", "Beijing", "tech", 2019), ("Fay", "Beijing", "tech", 2012),
            )
        ],
        "core.investors": [row | {"investor": "Fund", "kind": "vc", "city": "Beijing", "basis": "cited", "source_row": 2}],
        "core.investor_offices": [{"investor": "Fund", "city": "Beijing", "basis": "verified", **SOURCE, "source_row": 2}],
        "core.universities": [{"university": "Uni", "city": "Beijing", "basis": "verified", **SOURCE, "source_row": 2}],
        "core.service_offices": [
            {"firm": "Firm", "kind": "law", "city": "Beijing", "basis": "cited", **SOURCE, "source_row": 2}
        ],
        "core.zones": [{"zone": "Zone", "city": "Beijing", "approved_year": 1988, "basis": "cited", **SOURCE, "source_row": 2}],
        "core.outlines": [
            {"level": level, "country": "CN", "province": "Hubei" if level == "province" else None, "name_zh": "湖北",
             "geometry": '{"type": "Polygon", "coordinates": [[[100, 20], [125, 20], [125, 42], [100, 42.5], [100, 20]]]}',
             "source_row": 2}
            for level in ("country", "province")
        ],
        "core.boundaries": [
            {"preset": "gba", "city": city, "merged_into": "Delta", "source_file": "b.csv"} for city in ("Shenzhen", "Suzhou")
        ],
        "core.audited_errors": [{"dataset": "register", "quantity": "deals", "wrong": 0.02, "source_file": "e.csv"}],
        # No row, made from a table that is not published.
        "core.ventures": [],
        "staging.founders": [{"founding": "Ann | Acme"}],
        "core.periods": [{"period": "baseline", "first_year": 2009, "last_year": 2012}],
        "core.deal_reports": [
            {"report": report, "dataset": dataset, "deal": "Acme | A"}
            for report, dataset in (("r1", "inbox"), ("r2", "register"))
        ],
    }  # fmt: skip


def marts() -> dict[str, list[Row]]:
    """Return the tables of ``marts`` and others that models make."""
    return {
        "marts.evidence": [
            {"indicator": name, "list": "printed: Report" if number == 1 else "register", "dataset": "register", "city": city,
             "company": None, "year": None if number == 5 else 2018 - number, "year_to": 2018 - number,
             "label": f"{name} {number}", "value": float(number), **SOURCE, "source_row": number + 2}
            for name, *_ in INDICATORS for city in ("Beijing", "Wuhan", BENCHMARK)
            for number in range(12 if name == "deals" else 3)
        ],
        "core.published_counts": [
            {"quantity": "deals", "list": "printed: Report", "city": "Beijing", "year": 2017, "n": 1.0, **SOURCE, "source_row": 3}
        ],
        "marts.list_counts": [
            {"quantity": quantity, "list": name, "dataset": name.partition(":")[0], "country": country, "city": city,
             "year": year, "year_to": year, "n": 3.0}
            for quantity, name in COUNTED for year in (2017, 2018)
            for country, city in (*(("CN", city) for city in CITIES), ("US", BENCHMARK))
            if name != ("us" if country == "CN" else "cn")
        ],
        "marts.deal_flows": [
            {"dataset": dataset, "origin": origin, "is_foreign": origin == "US", "destination": city, "company_country": "CN",
             "year": year, "deals_fractional": ((3.5 if origin == city else 1.25) + place) / (2 if year > HEADLINE - 5 else 4)}
            for dataset in ("register", "itjuzi") for year in (2008, 2009, 2012, 2013, 2014, 2015, 2018, 2019)
            for place, origin in enumerate(("Beijing", "Shanghai", "Nowhere", "US"))
            for city in ("Beijing", "Shanghai", "Elsewhere")
        ],
        "marts.city_profile": [{"city": city, "country": "CN", "n_companies": 3, "n_deals": 4} for city in CITIES],
        "index.published_rankings": [
            {"ranking": "Best Towns", "edition": "2018", "year": 2018, "scope": "CN", "city": "Beijing", "rank": 1,
             "url": "https://example.org", "source_row": 2}
        ],
    }  # fmt: skip


def sources() -> Iterator[Row]:
    listed = (("register", "Own register", "open"), ("itjuzi", "ITjuzi: deals", "terms"), ("moe", "Ministry: schools", "open"))
    for number, table in ((0, "rows"), (1, "rows"), (1, "people"), (2, "rows")):
        source, title, licence = listed[number]
        yield {
            "source": source, "title": title, "publisher": f"Publisher {number}",
            "licence": "CC0" if licence == "open" else "terms", "licence_class": licence,
            "table_name": f"landing.{source}__{table}", "table_title": f"{title} {table}",
            "n_rows": (7, 107, 0)[number], "status": "failed: no answer" if number == 2 else "landed", "cadence": "once",
            "via": ("project", "shipped", "live")[number],
            "retrieved_at": "2025-12-01T00:00:00Z", "landing_page": "https://example.org", "verified": number < 2,
        }  # fmt: skip
