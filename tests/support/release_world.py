"""A build of a small made-up world, by formulas that give the same digits everywhere: all that a release is published from."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.claims.growth import Leads, Snowball
from pipelines.claims.scorecard import ClaimEvidence
from pipelines.claims.specialisation import SectorQuotients
from pipelines.index import BENCHMARK, gather
from pipelines.index import tables as index_tables
from pipelines.ingest.catalogue import Files, Sources
from pipelines.publish import claim_numbers, state
from pipelines.publish.report.figures.lists import _MOST_LISTS
from pipelines.resolve.names.links import Names
from pipelines.resolve.places.table import Places
from pipelines.schema import TableSchema
from pipelines.warehouse import database
from pipelines.warehouse.model import SCHEMAS as SCHEMAS_OF_MODELS
from pipelines.warehouse.model import Model
from tests.support import release_facts
from tests.support.databases import written
from tests.support.homes import make_home, move_paths
from tests.support.models import MODELS, full
from tests.support.release_facts import CITIES, HEADLINE, INDICATORS, Row

#: When the release is made.
MOMENT = datetime(2026, 1, 2, 3, 4, 5)
YEARS = (2017, 2018, 2019)
MEASURES = ("Readiness", "Realised", "P1", "P2", "P6")
WAYS = ("mean of scores, by reliability", "mean of ranks, equal weights")
#: Models that are made from the other tables.
MADE = ("index.ranking", "marts.indicator_detail")


def tables() -> dict[str, pl.DataFrame]:
    """Return every table that is written here."""
    rows = {
        **_of_python(),
        **release_facts.core(),
        **release_facts.marts(),
        "claims.scorecard": [*_scorecard()],
        "claims.figures": [FIGURE],
    }
    return {name: _of_model(name, of_table) if name in MODELS else _typed(name, of_table) for name, of_table in rows.items()}


def published(file: Path) -> Path:
    """Write a published file with what the page is made from, and return its path."""
    if not _made:
        about = {"content_hash": "a" * 64, "method_version": "2.0", "scope": "CN", "redistribution": "is for local use only"}
        with written(file) as connection:
            _write(connection)
            connection.register("about", pl.DataFrame([about | {"made_at": MOMENT}]))
            connection.execute("create table core.release as from about")
        _made.append(file.read_bytes())
    file.write_bytes(_made[0])
    return file


#: The bytes of the published file, once it is made.
_made: list[bytes] = []


def publishable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Model], list[type[TableSchema]]]:
    """Write the build of a home in ``folder``, point every path there, and return what is to be published of it."""
    move_paths(monkeypatch, make_home(folder, is_linked=True))
    monkeypatch.setenv("SOURCES", "register")
    monkeypatch.setattr(state, "moment", lambda: MOMENT)
    # Neither the landings nor the code of the index are read for what is tested here, and both take long.
    monkeypatch.setattr(database, "_show_landings", lambda connection: None)
    monkeypatch.setattr(gather, "method_hash", lambda connection: "method")
    with database.connect() as connection:
        names = _write(connection)
    schemas = [schema for schema in DECLARED.values() if schema.table in names]
    return [model for name, model in MODELS.items() if name in names], schemas


def _write(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Write all tables and what models make of them; return their names."""
    made = tables()
    with database.at_once(connection):
        for schema in ("landing", *SCHEMAS_OF_MODELS):
            connection.execute(f"create schema if not exists {schema}")
        for name, frame in made.items():
            connection.register("frame", frame)
            connection.execute(f"create table {name} as from frame")
        for name in MADE:
            database.build(connection, MODELS[name])
    return [*made, *MADE]


#: Table → its declaration.
DECLARED = {
    schema.table: schema
    for schema in (*index_tables.TABLES, ClaimEvidence, SectorQuotients, Snowball, Leads, Files, Sources, Names, Places)
}


def _typed(name: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, DECLARED[name].types())


def _of_model(name: str, rows: list[Row]) -> pl.DataFrame:
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys((column.name for column in MODELS[name].columns), pl.String))
    return full(name, rows).with_columns(pl.col(pl.Int64).cast(pl.Int32))


def _score(place: int, measure: int, year: int) -> float:
    """Return a score: each city has nine points less than the one before, and all rise with the years."""
    return 101.0 - 9 * place - 2.5 * measure + 1.5 * (year - HEADLINE) + 0.25 * place * measure


def _interval(value: float, reach: float) -> Row:
    return {"low": value - reach, "high": value + reach}


def _named(name: str, value: float, reach: float) -> Row:
    return {name: value, f"{name}_low": value - reach, f"{name}_high": value + reach}


def _scores() -> Iterator[Row]:
    for number, measure in enumerate(MEASURES):
        for year in YEARS:
            for place, city in enumerate((*CITIES, BENCHMARK), 1):
                is_ranked = city not in ("Wuhan", BENCHMARK)
                score = _score(0 if city == BENCHMARK else place, number, year)
                ranks = {"rank": place, "rank_low": max(place - 1, 1), "rank_high": place + 1, "rank_set_low": 1}
                chances = {"p_first": (0.75, 0.2, 0.05, 0.0)[min(place, 4) - 1], "p_first_low": 0.6, "p_first_high": 0.9}
                standing = ranks | chances | {"p_top3": 0.5, "rank_set_high": 4}
                row = {"measure": measure, "year": year, "city": city, "is_ranked": is_ranked}
                is_unknown = (city, measure) == ("Wuhan", "P6")
                scored = _named("score", score, 4.0 + place) if not is_unknown else {}
                yield row | scored | (standing if is_ranked else {})


def _distances() -> Iterator[Row]:
    for number, measure in enumerate(MEASURES):
        if measure != "P1":
            for place, city in enumerate(CITIES, 1):
                less = float(2 ** (place + number - 2))
                low, high = less / 2, less * 3
                how = "level or ahead" if high <= 1 else "may be level" if low < 1 else "within the record"
                how = "beyond the record" if place > 2 and low >= 1 else how
                yield {
                    "measure": measure, "city": city, "year": HEADLINE, "score": _score(place, number, HEADLINE), "how": how,
                    "benchmark_score": 98.0 + number, "times_less": less, "times_less_low": low, "times_less_high": high,
                    "years_behind": 3.5 * (place - 1) if how == "within the record" else None, "record_from": 2000,
                    "n_compared": 8, "n_inferred": place - 1,
                }  # fmt: skip


def _lists() -> Iterator[Row]:
    for number in range(_MOST_LISTS + 2):
        moved = {"most_moved": "Beijing", "most_moved_by": 1.25 - number} if number % 3 else {}
        yield {
            "quantity": "deals_received" if number % 2 else "founders", "list": f"list {number:02}",
            "dataset": f"list {number:02}",
            "n": 1200.0 + 10 * number, "n_cities": 5, "is_yardstick": number < 2, **_named("share", 1 / (1 + number), 0.01),
            "elasticity": 1 + number / 100, "attention_noise": None if number == 3 else 0.2 + 0.03 * (number * 7 % 17),
            "scores_moved": number % 3, **moved,
        }  # fmt: skip


def _growth() -> Iterator[Row]:
    for place, city in enumerate(CITIES):
        change = 6.0 - 3 * place
        yield {
            "measure": "Readiness", "city": city, "year_from": 2013, "year_to": 2018, **_named("change", change, 2.0),
            **_named("times", 1.5, 0.25), "benchmark_change": 4.0, "gap": 8.0 * place,
            "p_narrows": (0.97, 0.5, 0.03)[min(place, 2)],
            "years_to_catch_up": 5.0, "n_sources": 2, "how": "the gap narrows",
        }  # fmt: skip


def _differs() -> Iterator[Row]:
    parts = ("scope", "boundary", "indicators", "weights", "data", "year")
    for ranking, editions in (("Best Towns", ("2017", "2018")), ("Global", ("1",))):
        for edition in editions:
            for place, city in enumerate(("Beijing", "Shanghai", "Suzhou"), 1):
                gap = place - 1
                by = {f"by_{name}": gap * number / 10 for number, name in enumerate(parts)}
                mainly = None if not gap else "year" if ranking == "Global" else "scope"
                ranks = {"our_rank": place, "their_rank": place + gap, "difference": gap}
                yield (
                    {"ranking": ranking, "edition": edition, "city": city}
                    | ranks
                    | by
                    | {"not_explained": -gap / 2, "mainly": mainly}
                )


def _left_out() -> Iterator[Row]:
    for number, (name, *_) in enumerate(INDICATORS[:3]):
        for place, city in enumerate(list(CITIES)[:4], 1):
            yield {
                "measure": "Readiness", "year": HEADLINE, "left_out": name, "leader": "Shanghai" if number == 2 else "Beijing",
                "city": city, "score": 90.0 - place, "score_change": number - 0.5 * place, "rank": place,
                "rank_change": (place + number) % 3 - 1,
            }  # fmt: skip


def _of_python() -> dict[str, list[Row]]:
    """Return the tables of the index and the claims."""
    ranked = list(CITIES)[:4]
    return {
        "index.headline": [
            {"year": HEADLINE, "period_begins": 2015, "measured_to": 2017, "scope": "CN", "n_lists": 17, "n_cities": 5,
             "countries": "CN", "n_ranked": 4, "skill": "It told.", "left_out": "Patents"}
        ],
        "index.scores": [*_scores()],
        "index.distance": [*_distances()],
        "index.growth": [*_growth()],
        "index.lists": [*_lists()],
        "marts.list_profiles": [
            {"quantity": quantity, "list": name, "dataset": name.partition(":")[0], "is_report": False,
             "completeness": "selection" if ":" in name else "sample"}
            for quantity, name in (*((row["quantity"], row["list"]) for row in _lists()), *release_facts.COUNTED)
        ],
        "index.differs": [*_differs()],
        "index.leave_one_out": [*_left_out()],
        "index.goalposts": [
            {"indicator": name, "pillar": pillar, "unit": "a year", "yardstick": yardstick, "base_year": 2015,
             "city": "Beijing" if goal == "leader" else BENCHMARK, **_named("value", 100.0 / (1 + place), 8.0 + place)}
            for place, ((name, pillar, _, _, goal), yardstick) in enumerate(
                zip(INDICATORS, ("moe: schools_of_all", "register", "published: founders", "hurun: exits"), strict=True)
            )
        ],
        "index.pillars": [
            {"pillar": pillar, "measure": measure, "reliability": reliability, "weight": weight, "n_near_top": near}
            for pillar, measure, reliability, weight, near in (
                ("P1", "Readiness", 0.9, 0.6, 1), ("P2", "Readiness", 0.6, 0.4, 2), ("P6", "Realised", 0.5, 1.0, 1)
            )
        ],
        "index.alternatives": [
            {"way": way, "is_published": not number, "city": city, "p_first": 0.7 - 0.45 * place + 0.1 * number}
            for number, way in enumerate(WAYS) for place, city in enumerate(("Beijing", "Shanghai"))
        ],
        "index.attention": [
            {"quantity": quantity, "list": name, "dataset": name, "city": city,
             **_named("attention", 2.0 - 0.5 * place + 0.1 * number, 0.3)}
            for number, quantity in enumerate(("deals_received", "founders", "deals_originated", "returnee_founders"))
            for place, city in enumerate(ranked)
            for name in ("register", "itjuzi")
        ],
        "index.backtest": [
            {"target": target, "horizon": 5, "first_origin": 2004, "last_origin": 2012, "n_origins": 9, "n_learned": 4,
             "n_cities": 12, "n": 108, "p": 0.01 if skill > 0.3 else 0.2, "tilt_least": -0.2, "tilt_most": 0.3,
             "skill": skill, "low": skill - 0.2, "high": skill + 0.2, "trend_skill": 0.1, "trend_low": -0.1, "trend_high": 0.3}
            for target, skill in (("deals received, itjuzi", 0.4), ("exits, exchange", 0.1), ("founders, press", -0.4))
        ],
        "index.boundaries": [
            {"preset": preset, "measure": "Readiness", "year": HEADLINE, "city": city, "score": 92.0 - 9 * rank + shift,
             "rank": rank}
            for preset, cities, shift in (("city", ranked, 0.0), ("gba", ["Delta", "Shanghai", "Beijing"], 0.75))
            for rank, city in enumerate(cities, 1)
        ],
        "index.list_influence": [
            {"quantity": "deals_received", "list": f"list {number:02}", "dataset": f"list {number:02}", "measure": "Readiness",
             "city": city, "moved": (-1) ** number * (4.0 - 0.2 * number - place)}
            for number in range(_MOST_LISTS + 2) for place, city in enumerate(ranked)
        ],
        "index.sensitivity": [
            {"measure": "Readiness", "year": HEADLINE, "city": city, "factor": factor, "first_order": total / 2, "total": total}
            for place, city in enumerate(ranked)
            for factor, total in (("data", 0.6 - 0.1 * place), ("pillar weights", 0.3), ("boundary", 0.05 + 0.1 * place))
        ],
        "index.weight_flips": [
            {"measure": "Readiness", "year": HEADLINE, "level": level, "city": "Beijing", "other": other, "member": member,
             "weight": 0.5, "weight_at_flip": None if other == "Suzhou" else 0.25 * place,
             "moved": (0.1 if level == "pillars" else 0.02) + 0.2 * place}
            for level, members in (("pillars", ("P1", "P2")), ("indicators", ("deals",)))
            for place, other in enumerate(("Shanghai", "Shenzhen", "Suzhou")) for member in members
        ],
        "index.pairwise": [
            {"measure": "Readiness", "year": HEADLINE, "city": city, "other": other, "p_above": 0.8 if city < other else 0.2}
            for city in ranked for other in ranked if city != other
        ],
        "index.forecasts": [
            {"forecast": "seal", "measure": "Readiness", "what": "rank", "city": city, "made_in": HEADLINE,
             "year": HEADLINE + 1,
             "now": float(rank), "value": float(rank), **_interval(rank, 0.5)}
            for rank, city in enumerate(ranked, 1)
        ],
        "index.shares": [
            {"indicator": "deals", "city": city, "year": 2017, "share": 0.4 / rank} for rank, city in enumerate(ranked, 1)
        ],
        "index.earlier_data": [],
        "index.snowball": [*_snowball()],
        "index.leads": [*_leads()],
        "index.quotients": [*_quotients()],
        "claims.evidence": [*_evidence_of_claims()],
        "marts.indicator_values": [*_values()],
        "core.sources": [*release_facts.sources()],
        "core.files": [
            {"source": "register", "table_name": "landing.register__rows", "url": release_facts.SOURCE["source_file"],
             "via": "project", "status": 200, "retrieved_at": "2025-12-01T00:00:00Z", "sha256": 64 * "0", "size": 9,
             "archived": "f"}
        ],
        "core.names": [
            {"kind": kind, "mention": f"register/{kind}:{name}", "dataset": "register", "name": name, "entity": name}
            for kind, name in (("company", "Acme"), ("company", "Bolt"), ("investor", "Fund"))
        ],
        "core.places": [
            {"place_key": f"CN||{city}", "country": "CN", "place": city, "city": city, "geoname_id": number,
             "municipality": city}
            for number, city in enumerate(CITIES)
        ],
    }  # fmt: skip


def _values() -> Iterator[Row]:
    for year in YEARS:
        for place, city in enumerate((*CITIES, BENCHMARK)):
            for number, (name, *_, goal) in enumerate(INDICATORS):
                if city == BENCHMARK and goal == "leader":
                    continue
                value, score = 1000.0 / (1 + place) / (1 + 3 * number), _score(place, number, year)
                yield {
                    "city": city, "year": year, "indicator": name, **_named("value", value, value / 4), **_named("score",
                    score, 6.0),
                    "n_lists": 0 if (place, number) in ((2, 1), (3, 1), (3, 2)) else 1 + number, "n_rows": 10.0,
                    "known": 0.9 - 0.1 * place,
                    "rows_to_halve": 5 * (1 + place) if year == HEADLINE else None,
                }  # fmt: skip


def _snowball() -> Iterator[Row]:
    for dataset in ("register", "itjuzi"):
        for panel in ("all", "constant coverage"):
            years = {"first_year": 2005, "last_year": 2018, "n": 14, "dataset": dataset, "panel": panel}
            is_own = dataset == "register"
            yield years | {
                "flow_or_stock": "flow",
                "statistic": "alpha",
                "estimate": 1.1,
                **_interval(1.1, 0.05 if is_own else 0.2),
            }
            slope = 0.05 if panel == "all" else -0.07
            trend = {
                "flow_or_stock": "flow",
                "statistic": "log_lead_trend",
                "city": "Beijing",
                "rival": "Shanghai",
                "estimate": slope,
            }
            yield years | trend | _interval(slope, 0.02 if is_own else 0.1)


def _leads() -> Iterator[Row]:
    for dataset in ("register", "itjuzi"):
        for panel in ("all", "constant coverage"):
            for year in YEARS:
                for place, city in enumerate(("Beijing", "Shanghai")):
                    lead = 0.5 + 0.125 * (year - 2017) - place
                    yield {
                        "dataset": dataset, "panel": panel, "year": year, "city": city, "is_city": True, "flow": 20 - 5 * place,
                        "stock": 100 - 30 * place + year - 2017, "share": 0.5 - 0.1 * place, "stock_share": 0.5,
                        "log_lead": lead,
                        "rival": "Shanghai" if place == 0 else "Beijing", **_interval(lead, 0.25),
                    }  # fmt: skip


def _quotients() -> Iterator[Row]:
    for period in ("baseline", "current"):
        for sector in ("gaming", "hardware"):
            for place, city in enumerate((*CITIES, *(f"Town {number:02}" for number in range(9)))):
                quotient = 3.0 / (1 + place)
                yield {
                    "dataset": "register", "period": period, "first_year": 2009, "last_year": 2012, "counted": "companies",
                    "unit": city, "is_city": True, "sector": sector, "observed": 30 - 2 * place, "total": 100 - 5 * place,
                    "expected": 10.5, "quotient": quotient, **_interval(quotient, quotient / 2),
                    "p_above_one": 0.99 - place / 20,
                    "is_specialised": place == 1 and sector == "gaming", "is_wider_class": False,
                }  # fmt: skip


def _evidence_of_claims() -> Iterator[Row]:
    verdicts = ("supported", "contradicted", "not separable", "no data", "lists disagree", "not testable here")
    ranges = ("90% interval", "range of published figures")
    for number, claim in enumerate(claim_numbers.SCALES):
        for period in ("baseline", "current"):
            verdict = verdicts[(number + (period == "current")) % len(verdicts)]
            has_number = verdict not in ("no data", "not testable here")
            estimate = 0.3 + 0.09 * number if has_number else None
            ends = {} if estimate is None or number % 7 == 6 else _interval(estimate, 0.2)
            yield {
                "claim": claim, "period": period, "dataset": "register", "measure": f"measure of {claim}",
                "completeness": "sample",
                "is_rule": True, "is_partly_undated": False, "range_is": ranges[number % 2] if ends else None,
                "first_year": 2009, "last_year": 2012, "verdict": verdict, "estimate": estimate, **ends,
                "n": 40 + number, "found": f"{number} of 40 outsourcing companies of Dalian",
                "detail": "not weighted by revenue",
                "sources": "core.companies", "is_headline": True,
            }  # fmt: skip


FIGURE: Row = {
    "claim": "1", "city": "Beijing", "metric": "share_of_vc_amount", "edition_or_year": "2009", "value": "39", "unit": "percent",
    "is_list": False, "confidence": "medium", "note": None, "source": "Gazette", "url": "https://example.org/gazette",
    "source_file": "data/register/published_statistics.csv", "source_row": 2,
}  # fmt: skip


def _scorecard() -> Iterator[Row]:
    for place, row in enumerate(_evidence_of_claims()):
        yield row | {
            "claim_order": place // 2 + 1, "title": f"Claim {row['claim']}", "agreement": "one source", "others": None,
            "is_same_measure": place % 4 < 2, "readings": None,
            "statistic": "a part", "supported_if": "more", "contradicted_if": "less", "would_change": "rows",
        }  # fmt: skip
