"""The index of any country: what SCOPE means, what the evidence of lists is, and what is left out where it has nothing."""

from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from pipelines.errors import InputError
from pipelines.index import BENCHMARK, compute, scope
from pipelines.index.evidence import availability, gather
from pipelines.index.inputs import inputs_of
from pipelines.index.measure import cells
from pipelines.orchestration.assets import claims
from pipelines.orchestration.assets.index import EVIDENCE_MODEL
from pipelines.warehouse import fingerprint
from tests.unit.index.test_index import evidence

# SCOPE


@pytest.mark.parametrize(("named", "code"), [("", "CN"), ("US", "US"), ("gb", "GB"), ("ISR", "IL")])
def test_scope_is_a_country_and_china_by_default(named: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", named)
    assert scope.country() == code
    assert scope.basis(code) == (scope.REGISTER if code == "CN" else scope.LISTS)


def test_unknown_scope_is_one_error_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", "XX")
    with pytest.raises(InputError, match=r"SCOPE: XX: is not a country\. Give an ISO 3166 code"):
        scope.country()


def test_the_scope_is_part_of_what_a_release_depends_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for code in ("CN", "US"):
        monkeypatch.setenv("SCOPE", code)
        found.add(fingerprint.present())
    assert len(found) == 2
    assert None not in found


def test_a_scope_without_its_sources_names_them(released: Path) -> None:
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        gathered = gather.gather(connection, "IL", EVIDENCE_MODEL)
        with pytest.raises(InputError, match=r"IL: no worldwide list .*\. Load one: SOURCES=all") as caught:
            inputs_of(connection, "IL", gathered["marts.evidence"])
    assert len(caught.value.problems) == 1


def test_claims_are_not_tested_elsewhere() -> None:
    tables = claims.untested(["1", "2"])
    assert {name: frame.schema for name, frame in tables.items()} == {table.table: table.types() for table in claims.TABLES}
    card = tables["claims.evidence"]
    assert card.height == 4
    assert set(card["verdict"]) == {"no data"}
    assert card["is_headline"].all()


# What there is evidence for


def indicators(*rows: tuple[str, str, float, float | None, int]) -> pl.DataFrame:
    columns = ["indicator", "pillar", "weight", "ceiling", "window"]
    named = (pl.col("pillar").alias("pillar_name"), pl.col("indicator").alias("name"))
    return pl.DataFrame(rows, columns, orient="row").with_columns(*named)


def test_an_indicator_needs_evidence_a_goalpost_and_company() -> None:
    table = indicators(
        ("deals", "P2", 1, None, 3),
        ("old", "P2", 1, None, 1),
        ("fixed", "P2", 1, 10, 1),
        ("nowhere", "P3", 1, None, 1),
        ("elsewhere", "P3", 1, None, 1),
        ("shown", "P4", 0, None, 1),
    )
    pieces = evidence(
        *((name, city, 2013, 2013, None, 1.0) for name in ("deals", "shown") for city in ("A", BENCHMARK)),
        ("old", "A", 2012, None, None, 1.0),
        ("old", BENCHMARK, 2000, 2009, None, 1.0),
        ("fixed", "A", 2012, 2012, None, 1.0),
        ("elsewhere", BENCHMARK, 2012, 2012, None, 1.0),
    )
    found = availability.availability(table, pieces, {"A", "B"}, (2010, 2013), 2013)
    assert dict(found.select("indicator", "is_available").iter_rows()) == {
        "deals": True,
        "old": False,
        "fixed": True,
        "nowhere": False,
        "elsewhere": False,
        "shown": False,
    }
    reasons = dict(found.select("indicator", "reason").iter_rows())
    assert reasons["deals"] is None
    assert reasons["old"] == f"{BENCHMARK} has none in 2013, so there is no goalpost"
    none = "no source of the basis that is loaded has it for a city of the scope in 2010–2013"
    assert reasons["nowhere"] == reasons["elsewhere"] == none
    assert "does not count by itself" in reasons["shown"]
    assert availability.left_out(table, found) == ["P3 P3", "P4 P4"]
    assert availability.resting_on_one(table, found) == []
    fewer = found.with_columns(pl.col("is_available") & (pl.col("indicator") != "fixed"))
    assert availability.resting_on_one(table, fewer) == ["P2 P2 (deals)"]


def test_a_list_covers_the_years_of_which_it_has_the_whole_window() -> None:
    deals = evidence(*(("deals_received", "A", year, year, None, 1.0) for year in range(2004, 2014)))
    assert availability.first_covered_year(deals) == 2006
    assert availability.first_covered_year(deals.clear()) is None


def test_years_after_the_last_deal_are_not_covered() -> None:
    deals = evidence(*(("deals_received", "A", year, year, None, 1.0) for year in range(2004, 2014) for _ in range(5)))
    assert compute.latest_covered_year(deals, {"A"}) == 2013


# The benchmark


def test_the_benchmark_keeps_its_own_share_and_sets_no_prior() -> None:
    """Five cities at 60% and a benchmark at 20%: what is common to the five says nothing of it."""
    table = pl.DataFrame(
        {"indicator": ["share"], "kind": ["share"], "denominator": ["of"], "window": [1], "denominator_window": [1], "min_n": [3]}
    )
    cities = [*"ABCDE", BENCHMARK]
    rows = [("of", city, 2000, 2000, city, 10.0) for city in cities]
    rows += [("share", city, 2000, 2000, city, 2.0 if city == BENCHMARK else 6.0) for city in cities]
    laid = cells.panel(evidence(*rows), [("share", 1), ("of", 1)], cities, np.array([2000]))
    at_home = np.array([city != BENCHMARK for city in cities])
    arguments = (laid, laid.as_is, laid.as_is, table, at_home)
    shrunk = cells.values(*arguments)[0][0, 0, :, 0]
    kept = cells.values(*arguments, apart=~at_home)[0][0, 0, :, 0]
    assert shrunk[-1] > 0.5
    assert kept.tolist() == [*shrunk[:-1].tolist(), 0.2]


def test_levels_and_ratios_are_not_divided_by_the_detection_rate() -> None:
    table = pl.DataFrame(
        {
            "indicator": ["level", "ratio"],
            "kind": ["level", "ratio"],
            "denominator": ["n", "chance"],
            "window": [1, 1],
            "denominator_window": [1, 1],
            "min_n": [5, 0],
        }
    )
    rows = [("level", "A", 2000, 2000, None, 7.0), ("level", "B", 2000, 2000, None, 9.0)]
    rows += [("n", "A", 2000, 2000, None, 5.0), ("n", "B", 2000, 2000, None, 4.0)]
    rows += [(name, city, 2000, 2000, city, 4.0 if name == "chance" else 8.0) for name in ("ratio", "chance") for city in "AB"]
    laid = cells.panel(evidence(*rows), [(one, 1) for one in ("level", "n", "ratio", "chance")], ["A", "B"], np.array([2000]))
    found = cells.values(laid, laid.as_is, laid.as_is * 3, table, np.array([True, True]))
    value = found[0][0, 0]
    assert value[0].tolist() == [7.0, 2.0]
    assert np.isnan(value[1, 0]), "four of the five it takes"
