"""Claims, periods, and which source's verdict is the headline."""

import numpy as np
import pytest

from pipelines import settings
from pipelines.claims import scorecard
from pipelines.claims.facts import Facts, Window
from pipelines.claims.finding import ClaimTest, Finding
from pipelines.ingest.sources import reference
from tests.support.claims import facts, index_of


def test_claims_csv_and_the_functions_are_the_same_claims() -> None:
    table = reference.FILES.parse("claims", (settings.REFERENCE / "claims.csv").read_bytes())
    assert set(table["claim"]) == scorecard.CLAIMS


def windowed(months: dict[int, int]) -> Facts:
    rows = [
        {"dataset": "a", "deal": f"{year}", "company": "C", "country": "CN", "unit": "Beijing", "year": year, "month": month}
        for year, month in months.items()
    ]
    return facts(index_of(np.ones((2, 3))), deals=rows)


def test_current_period_ends_with_coverage_after_the_baseline() -> None:
    assert windowed({2012: 12, 2015: 11, 2016: 9}).window("current", "a") == Window("current", 2013, 2015)
    assert windowed({2012: 12, 2013: 12}).window("current", "a") == Window("current", 2013, 2013)
    before = windowed({2012: 12}).window("current", "a")
    assert before.first > before.last
    assert windowed({}).window("current", "register") == Window("current", 2010, 2013)
    assert windowed({}).window("baseline", "a") == Window("baseline", 2009, 2012)


def test_register_is_the_headline_unless_it_has_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[tuple[str, str], Finding] = {
        ("1", "register"): Finding("supported", 1.0, 0.9, 1.1, 10, ""),
        ("1", "large"): Finding("contradicted", 0.1, 0.0, 0.2, 1000, ""),
        ("2", "register"): Finding("no data", None, None, None, 5000, ""),
        ("2", "small"): Finding("supported", 1.0, 0.9, 1.1, 10, ""),
        ("2", "large"): Finding("not separable", 0.5, 0.0, 1.2, 1000, ""),
    }
    tests = [
        ClaimTest(
            claim,
            "m",
            lambda facts, window, dataset, claim=claim: said[claim, dataset],  # type: ignore[misc]
            "core.deals",
            lambda facts, claim=claim: [dataset for one, dataset in said if one == claim],  # type: ignore[misc]
        )
        for claim in ("1", "2")
    ]
    monkeypatch.setattr(scorecard, "TESTS", tests)
    found = scorecard.evaluate(facts(index_of(np.ones((2, 3)))))
    headline = found.filter("is_headline").select("claim", "period", "dataset").rows()
    assert headline == [
        ("1", "baseline", "register"),
        ("2", "baseline", "large"),
        ("1", "current", "register"),
        ("2", "current", "large"),
    ]
