"""Claims, periods, and which source's verdict is the headline."""

import numpy as np
import pytest

from pipelines.claims import scorecard
from pipelines.claims.facts import Facts, Window
from pipelines.claims.finding import ClaimTest, Finding, Rule, Verdict, beyond, rows_to_decide
from pipelines.ingest.sources import reference
from tests.support.claims import facts, index_of

ABOVE_ONE = beyond(1.0)


def apart(low: float, high: float) -> Verdict:
    """Return the verdict of a rule that decides nothing between a half and one."""
    return "supported" if low > 1 else "contradicted" if high < 0.5 else "not separable"


def test_claims_csv_and_the_functions_are_the_same_claims() -> None:
    table = reference.FILES.read("claims")
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


def test_the_verdict_is_that_of_the_most_complete_list(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"register": Finding("supported", 1.0, 0.9, 1.1, 10, "ours"), "large": Finding("no data", None, None, None, 0, "")}
    said["complete"] = Finding(
        "not separable", 1.0, 0.8, 1.2, 5, "theirs", bounds=(0.5, 1.5), range_is="range of published figures", years=(2001, 2012)
    )

    def test(facts: Facts, window: Window, dataset: str) -> Finding:
        return said[dataset]

    tests = [
        ClaimTest("1", "m", test, "core.deals", lambda facts: ["register", "large"]),
        ClaimTest("1", "m", test, "core.deals", lambda facts: ["complete"], completeness="enumeration"),
    ]
    monkeypatch.setattr(scorecard, "TESTS", tests)
    evidence, verdicts = scorecard.evaluate(facts(index_of(np.ones((2, 3)))))
    assert set(evidence.filter("is_headline").select("period", "dataset").rows()) == {
        ("baseline", "complete"),
        ("current", "complete"),
    }
    assert set(verdicts.select("verdict", "found").rows()) == {("not separable", "theirs")}
    columns = evidence.select("dataset", "range_is", "bound_low", "bound_high").unique().sort("dataset").rows()
    assert columns == [
        ("complete", "range of published figures", 0.5, 1.5),
        ("large", None, None, None),
        ("register", "90% interval", None, None),
    ]
    spans = evidence.filter(period="baseline").select("dataset", "first_year", "last_year").sort("dataset").rows()
    assert spans == [("complete", 2001, 2012), ("large", 2009, 2012), ("register", 2009, 2012)]
    assert evidence.schema == scorecard.ClaimEvidence.types()
    assert verdicts.schema == scorecard.ClaimVerdict.types()


@pytest.mark.parametrize(
    ("verdict", "estimate", "low", "high", "rule", "rows"),
    [
        ("not separable", 1.5, 0.5, 2.5, ABOVE_ONE, 401),
        ("not separable", 0.75, 0.25, 1.25, ABOVE_ONE, 401),
        ("not separable", 1.5, 1.25, 2.5, ABOVE_ONE, None),
        ("not separable", 1.0, 0.5, 1.5, ABOVE_ONE, None),
        ("not separable", 1.5, 0.5, 2.5, None, None),
        ("not separable", 1.5, 0.5, 2.5, apart, 401),
        ("not separable", 0.75, 0.25, 1.25, apart, None),
        ("supported", 1.5, 1.1, 2.5, ABOVE_ONE, None),
        ("no data", None, None, None, ABOVE_ONE, None),
    ],
)
def test_rows_that_would_decide(
    verdict: Verdict, estimate: float | None, low: float | None, high: float | None, rule: Rule | None, rows: int | None
) -> None:
    """An interval that reaches twice as far as the limit needs four times the rows, and one more to leave it.

    No number of rows helps a statistic between two limits, nor a claim that something else than the interval leaves open.
    """
    assert rows_to_decide(Finding(verdict, estimate, low, high, 100, ""), rule) == rows


def test_nothing_is_promised_where_more_than_an_interval_decides_or_not_all_of_it_would_narrow() -> None:
    promised = {test.claim for test in scorecard.TESTS if test.rule is not None}
    assert promised == {"6", "9", "12a", "12b", "12c"}
