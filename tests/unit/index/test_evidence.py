"""Which country is ranked, and what the evidence of lists allows to be computed."""

import polars as pl
import pytest

from pipelines.errors import InputError
from pipelines.index import BENCHMARK
from pipelines.index.evidence import availability
from pipelines.resolve import scope
from tests.support.evidence import evidence


@pytest.mark.parametrize(("named", "code"), [("", "CN"), ("US", "US"), ("gb", "GB"), ("ISR", "IL")])
def test_scope_is_a_country_and_china_by_default(named: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", named)
    assert scope.country() == code
    assert scope.basis(code) == (scope.REGISTER if code == "CN" else scope.LISTS)


def test_unknown_scope_is_one_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", "XX")
    with pytest.raises(InputError, match=r"SCOPE: XX: is not a country\. Give an ISO 3166 code"):
        scope.country()


def indicators(*rows: tuple[str, str, float, float | None, int]) -> pl.DataFrame:
    columns = ["indicator", "pillar", "weight", "ceiling", "window"]
    named = (pl.col("pillar").alias("pillar_name"), pl.col("indicator").alias("name"))
    return pl.DataFrame(rows, columns, orient="row").with_columns(*named)


def test_indicator_needs_evidence_a_goalpost_and_company() -> None:
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


def test_list_covers_years_with_a_whole_window() -> None:
    deals = evidence(*(("deals_received", "A", year, year, None, 1.0) for year in range(2004, 2014)))
    assert availability.first_covered_year(deals) == 2006
    assert availability.first_covered_year(deals.clear()) is None


def test_years_after_the_last_deal_are_not_covered() -> None:
    deals = evidence(*(("deals_received", "A", year, year, None, 1.0) for year in range(2004, 2014) for _ in range(5)))
    assert availability.latest_covered_year(deals, {"A"}) == 2013
