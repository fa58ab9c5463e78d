"""The scorecard, from findings made by hand."""

from tests.support.models import Rows, run

CLAIMS: Rows = [
    {"claim": "15", "title": "It has a long way to go", "source_row": 2}
    | dict.fromkeys(("statistic", "supported_if", "contradicted_if", "would_change"), "rule")
]


def finding(period: str, dataset: str, completeness: str, is_headline: bool = True) -> dict[str, object]:
    numbers = ("first_year", "last_year", "estimate", "low", "high", "bound_low", "bound_high", "rows_to_decide", "n")
    texts = {"dataset": dataset, "measure": "m", "completeness": completeness, "found": "found", "detail": "", "sources": ""}
    judged = {"verdict": "supported", "is_rule": True, "is_headline": is_headline, "reading": None, "range_is": None}
    judged["is_partly_undated"] = False
    return {"claim": "15", "period": period} | dict.fromkeys(numbers, 12) | dict.fromkeys(("low", "high"), 12.0) | texts | judged


def scorecard(*evidence: dict[str, object]) -> Rows:
    return run(
        "claims.scorecard",
        {
            "landing.reference__claims": CLAIMS,
            "claims.evidence": [*evidence],
            "claims.verdicts": [{"claim": "15", "period": "current", "verdict": "supported", "found": "found"}],
        },
    )


def test_all_lists_together_are_not_one_source() -> None:
    index, list_ = finding("current", "all lists", "all lists"), finding("current", "hurun", "sample", is_headline=False)
    assert [row["agreement"] for row in scorecard(index)] == ["all lists together"]
    assert [row["agreement"] for row in scorecard(index, list_)] == ["sources agree"]
    assert [row["agreement"] for row in scorecard(finding("current", "hurun", "sample"))] == ["one source"]


def test_ends_of_other_readings_are_not_rounded_to_a_threshold() -> None:
    """Between 65% and 75% claim 1 would hold: an end of 64.5% is outside."""
    headline, other = finding("current", "hurun", "sample"), finding("current", "hurun", "sample", is_headline=False)
    other |= {"reading": "the lead", "verdict": "not separable", "low": 0.645, "high": 0.77}
    assert [row["readings"] for row in scorecard(headline, other)] == ["the lead: not separable 0.645–0.770"]
