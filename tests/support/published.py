"""A published file made by hand: two cities, two indicators, the macros, and nothing else."""

import atexit
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from pipelines.answers.file import opened
from pipelines.index import BENCHMARK
from pipelines.warehouse import database, queries
from tests.support.databases import written

Rows = list[dict[str, object]]

CITIES = ("Alba", "Brno")


def _score(city: str, measure: str, year: int, rank: int, score: float) -> dict[str, object]:
    times = 2 ** ((100 - score) / 10)
    return {
        "measure": measure, "year": year, "city": city, "score": score, "score_low": score - 5, "score_high": score + 5,
        "times_less": times, "times_less_low": times / 2, "times_less_high": 2 * times,
        "rank": rank, "rank_low": 1, "rank_high": 2,
        "p_first": 1.0 if rank == 1 else 0.0, "p_first_low": 0.6, "p_first_high": 0.9, "can_be_first": True,
    }  # fmt: skip


def _value(city: str, indicator: str, value: float, score: float, n_lists: int) -> dict[str, object]:
    named = {
        "pillar": "P1",
        "pillar_name": "venture deals",
        "measure": "Readiness",
        "indicator": indicator,
        "name": indicator.title(),
        "unit": "deals a year",
    }
    named["yardstick"] = "register" if indicator == "deals" else "moe"
    numbers: dict[str, object] = {
        "value": value, "value_low": value / 2, "value_high": value * 2, "score": score, "score_low": score - 5,
        "score_high": score + 5, "weight": 1.0, "n_lists": n_lists, "known": 0.5, "rows_to_halve": 4,
        "census_count": None, "report_count": None, "first_year": 2009, "last_year": 2020, "is_relative": indicator == "deals",
    }  # fmt: skip
    return {"city": city, "year": 2020, "status": "counted" if n_lists else "inferred"} | named | numbers


def _evidence(label: str, year: int | None) -> dict[str, object]:
    row: dict[str, object] = {
        "indicator": "deals",
        "list": "register",
        "dataset": "register",
        "city": "Alba",
        "company": None,
        "investors": None,
        "value": 1.0,
        "source": "Gazette",
    }
    return row | {"label": label, "year": year, "year_to": year, "url": None, "source_file": "deals.csv", "source_row": 2}


def _list(name: str, moved: int) -> dict[str, object]:
    most = {"most_moved": "Alba", "most_moved_by": 2.0} if moved else {"most_moved": None, "most_moved_by": None}
    return {
        "quantity": "deals",
        "list": name,
        "dataset": name,
        "n": 1200.0,
        "scores_moved": moved,
        "is_yardstick": name == "register",
    } | most


SCORES = [
    _score(city, measure, year, rank, 90.0 - 20 * rank)
    for measure in ("Readiness", "Realised", "P1")
    for year in (2019, 2020)
    for rank, city in enumerate(CITIES, 1)
]

TABLES: Mapping[str, Rows] = {
    "core.cities": [
        {"city": city, "city_zh": name, "country": country, "province": province}
        for city, name, country, province in (
            ("Alba", "阿尔巴", "CN", "Cuneo"),
            ("Brno", None, "CN", "Moravia"),
            ("Cork", None, "CN", "Munster"),
            *((name, None, "PT", None) for name in ("Porto Alto", "Lagos (Algarve)", "Lagos (Minho)")),
        )
    ],
    "core.countries": [
        {"written": written, "country": country, "name": name}
        for country, name, ways in (("CN", "China", ("china", "中国", "cn")), ("PT", "Portugal", ("pt",)))
        for written in ways
    ],
    "core.place_names": [
        {"name": name, "kind": kind, "city": city, "province": province}
        for name, kind, city, province in (
            *((name, "city", name, None) for name in ("Alba", "Brno", "Cork", "Porto Alto", BENCHMARK)),
            ("阿尔巴", "city", "Alba", None),
            ("Al'Pompeia", "city", "Alba", None),
            ("Old Town", "core", "Brno", None),
            ("Newport", "core", "Brno", None),
            ("Newport", "core", "Cork", None),
            ("Roddi", "part", "Alba", None),
            ("罗迪", "part", "Alba", None),
            ("Brno", "part", "Cork", None),
            ("Cuneo", "province", None, "Cuneo"),
            ("库内奥", "province", None, "Cuneo"),
            ("Munster", "province", None, "Munster"),
        )
    ],
    "core.indicators": [
        {"indicator": name, "name": name.title(), "pillar": "P1", "pillar_name": "venture deals", "goalpost": goal}
        | {"quantity": name, "measure": "Readiness", "source_row": row, "weight": 1.0}
        for name, goal, row in (("deals", "benchmark", 2), ("schools", "leader", 3))
    ],
    "core.release_history": [
        {"content_hash": "a", "made_at": datetime(2026, 1, 1), "country": "CN", "measure": "Readiness", "subject": "Alba"}
        | {"rank": 1, "value": 70.0, "verdict": ""}
        | dict.fromkeys(("news", "late_data", "correction", "method"), 0.0)
    ],
    "core.entities": [{"id": "a", "entity": "Alba"}],
    "core.entity_changes": [
        {"made_at": datetime(2025, 1, 1), "kind": "city", "id": "a", "change": "renamed", "entity": "Alba Pompeia"},
    ],
    "marts.evidence": [_evidence("second", 2018), _evidence("first", 2019), _evidence("undated", None)],
    "marts.indicator_detail": [
        _value("Alba", "deals", 1200.4, 70.0, 2),
        _value("Alba", "schools", 0.00004, 30.0, 0),
        _value("Brno", "deals", 600.0, 40.0, 1),
        _value("Brno", "schools", 12.0, 33.0, 1),
    ],
    "index.published_rankings": [
        {"ranking": "Best Towns", "edition": edition, "city": "Alba", "url": "https://example.org/towns"}
        for edition in ("2019", "2020")
    ],
    "index.pairwise": [
        {"measure": "Readiness", "year": 2020, "city": city, "other": other, "p_above": p_above}
        for city, other, p_above in (("Alba", "Brno", 0.76), ("Brno", "Alba", 0.24))
    ],
    "claims.scorecard": [
        {"claim": claim, "claim_order": order, "title": title, "period": period, "verdict": verdict, "estimate": 0.5, "low": 0.25}
        | {"high": 0.75, "n": 9, "first_year": 2009, "last_year": 2012, "range_is": "90% interval", "bound_low": bound}
        | {"bound_high": bound and 0.9, "is_partly_undated": False}
        for claim, order, title, period, verdict, bound in (
            ("1", 1, "Alba leads", "baseline", "supported", None),
            ("1", 1, "Alba leads", "current", "not separable", 0.1),
            ("2", 2, "Brno leads far behind", "current", "contradicted", None),
        )
    ],
    "core.release": [
        {"content_hash": "abc", "made_at": datetime(2026, 1, 1), "method_version": "2.0", "scope": "CN"}
        | {"redistribution": "may be redistributed"}
    ],
    "index.differs": [
        {"ranking": "Best Towns", "edition": edition, "city": "Alba", "our_rank": 1, "their_rank": rank, "difference": rank - 1}
        | {"mainly": "scope", "by_scope": rank - 1.0, "by_boundary": 0.0, "by_indicators": 0.0, "by_weights": 0.0}
        | {"by_data": 0.0, "by_year": 0.0, "not_explained": 0.0}
        for edition, rank in (("2019", 3), ("2020", 4))
    ],
    "index.headline": [
        {"year": 2020, "scope": "CN", "countries": "CN", "n_lists": 3, "n_cities": 3, "n_ranked": 2}
        | {"left_out": "Listings and acquisitions"}
    ],
    "index.goalposts": [{"indicator": name, "base_year": 2015, "city": BENCHMARK} for name in ("deals", "schools")],
    "marts.list_counts": [
        {"quantity": name, "year": year, "year_to": year, "city": city, "list": dataset, "dataset": dataset, "n": 1.0}
        | {"country": "CN", "province": None}
        for name, year, city, dataset in (
            ("deals", 2009, "Alba", "register"), ("deals", 2010, "Brno", "register"), ("deals", 2010, "Brno", "itjuzi"),
            ("schools", 2010, "Alba", "moe"), ("schools", 2010, "Brno", "moe"),
        )
    ],
    "index.scores": SCORES,
    "index.pillars": [{"pillar": "P1", "measure": "Readiness", "weight": 1.0}],
    "index.distance": [
        {"measure": "Readiness", "city": "Alba", "year": 2020, "times_less": 8.0, "times_less_low": 4.0, "times_less_high": 16.0}
        | {"n_compared": 8, "n_inferred": 6}
    ],
    "index.ranking": [row for row in SCORES if row["year"] == 2020 and row["measure"] != "P1"],
    "index.list_influence": [
        {"dataset": dataset, "measure": measure, "city": city}
        for dataset, measure, city in (
            ("inbox", "Readiness", "Alba"),
            ("inbox", "Readiness", "Alba"),
            ("inbox", "Realised", "Brno"),
            ("register", "Realised", "Alba"),
        )
    ],
    "core.sources": [{"source": source, "n_rows": rows} for source, rows in (("inbox", 3), ("inbox", 1), ("register", 900))],
    "core.deal_reports": [
        {"report": report, "dataset": dataset, "deal": deal}
        for report, dataset, deal in (
            ("a", "inbox", "a"),
            ("b", "inbox", "b"),
            ("c", "inbox", None),
            ("B", "register", "b"),
            ("D", "register", "D"),
        )
    ],
    "core.unplaced": [
        {"dataset": dataset, "place": place, "region": None, "level": level, "reason": "is lost", "n": 2, "source_file": "f"}
        | {"source_row": row}
        for dataset, place, level, row in (
            ("inbox", "Xyzzy", "country", 5),
            ("inbox", "Suzhou", "none", 3),
            ("inbox", None, "none", 4),
            ("census", "Else", "none", 1),
        )
    ],
    "core.published_counts": [
        {"city": city, "country": country, "source_file": "f", "source_row": row}
        for city, country, row in (("Alba", None, 1), ("China", "CN", 2), ("Alba (town)", None, 3))
    ],
    "core.names": [
        {"kind": "investor", "mention": mention, "dataset": dataset, "entity": entity}
        for mention, dataset, entity in (("i", "inbox", "Fund"), ("r", "register", "Fund"), ("s", "register", "Other"))
    ],
    "index.lists": [_list("register", 2), _list("itjuzi", 1), _list("dull", 0)],
    "marts.list_profiles": [
        {"quantity": "deals", "list": name, "dataset": name, "is_report": False, "first_year": 2009, "last_year": 2020}
        | {"completeness": "sample"}
        for name in ("register", "itjuzi", "dull")
    ],
}  # fmt: skip

#: The cities, and the benchmark.
WITH_BENCHMARK: Rows = [*TABLES["core.cities"], TABLES["core.cities"][0] | {"city": BENCHMARK, "city_zh": None}]


def detail(**changes: object) -> Rows:
    """Return what is known of Alba and Brno, with the first row, the deals of Alba, changed."""
    first, *others = TABLES["marts.indicator_detail"]
    return [first | changes, *others]


#: The bytes of the file with the tables as they are above, once it is made: most tests want it as it is.
_made: list[bytes] = []


def write(file: Path, **tables: Rows) -> None:
    """Write the file; ``tables`` replaces some of its tables, named with _ for the point."""
    if not _made:
        _write(file, TABLES)
        with written(file) as connection:
            connection.execute(queries.read("macros"))
        _made.append(file.read_bytes())
    file.write_bytes(_made[0])
    if tables:
        _write(file, {name.replace("_", ".", 1): rows for name, rows in tables.items()})


def link(file: Path) -> None:
    """Link to a file that stays open, since to open one takes longer than most answers; nobody may write to it."""
    file.symlink_to(_open())


@cache
def _open() -> Path:
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    file = Path(folder.name) / "published.duckdb"
    write(file)
    atexit.register(opened(file).close)
    return file


def _write(file: Path, tables: Mapping[str, Rows]) -> None:
    with written(file) as connection:
        for name, rows in tables.items():
            connection.execute(f"create schema if not exists {name.split('.')[0]}")
            database.write(connection, name, pl.DataFrame(rows, infer_schema_length=None))
