"""The commands that set two cities side by side and show one claim, on a published file made by hand."""

from pathlib import Path

import pytest

from pipelines import cli
from pipelines.index import BENCHMARK
from tests.support import published
from tests.support.commands import output, runner


@pytest.mark.parametrize(
    ("p_above", "difference", "says"),
    [
        (0.97, "20 Realised", "Alba is ahead of Brno: its chance of having the higher Readiness is 97%."),
        (
            0.76,
            "20 ~ Realised",
            "It is not settled whether Alba is ahead of Brno: its chance of having the higher Readiness is 76%.",
        ),
        (0.02, "20 Realised", "Brno is ahead of Alba: its chance of having the higher Readiness is 98%."),
    ],
)
def test_compare_says_which_city_is_ahead_and_how_surely(file: Path, p_above: float, difference: str, says: str) -> None:
    published.write(file, index_pairwise=[published.TABLES["index.pairwise"][0] | {"p_above": p_above}])
    said = output("compare", "Alba", "Brno")
    assert f"Readiness rank 1 rank 2 70 50 {difference}" in said
    assert said.endswith(says)


@pytest.mark.parametrize(
    ("high", "low", "says"),
    [(1, 2, "Alba is ahead of Brno: the 90% intervals of their ranks do not"), (2, 2, "not settled which of Brno and Alba is")],
)
def test_compare_of_a_year_without_draws_goes_by_the_ranks(file: Path, high: int, low: int, says: str) -> None:
    ends = {"Alba": {"rank_high": high}, "Brno": {"rank_low": low}}
    published.write(file, index_scores=[row | ends[str(row["city"])] for row in published.SCORES])
    said = output("compare", "Brno", "Alba", "--year", "2019")
    assert said.startswith("Brno and Alba 2019") and says in said


def test_compare_with_the_benchmark_tells_the_distance_and_no_difference_of_readiness(file: Path) -> None:
    theirs = [row | {"city": BENCHMARK, "rank": None} for row in published.SCORES if row["city"] == "Alba"]
    rows = [row | {"city": BENCHMARK} for row in published.TABLES["marts.indicator_detail"] if row["city"] == "Alba"]
    published.write(
        file,
        index_scores=[*published.SCORES, *theirs],
        marts_indicator_detail=[*published.TABLES["marts.indicator_detail"], *rows],
        core_cities=published.WITH_BENCHMARK,
    )
    said = output("compare", "Alba", BENCHMARK)
    assert "Readiness rank 1 – 70 70 –" in said and "Realised rank 1 – 70 70 0 ~" in said
    assert "has 8 times as much of these conditions as Alba" in said and "the two scores do not say which has more." in said


@pytest.mark.parametrize(
    ("changes", "below"),
    [
        ({"status": "none counted"}, "relative relative none counted Schools"),
        ({"status": "none counted", "census_count": 0.0}, "relative Schools"),
        ({"last_year": 2017}, "relative relative to 2017 Schools"),
        ({}, "relative relative Schools"),
    ],
)
def test_compare_marks_values_that_no_list_counts_or_counts_no_more(file: Path, changes: dict[str, object], below: str) -> None:
    published.write(file, marts_indicator_detail=published.detail(**changes))
    assert below in output("compare", "Alba", "Brno")


CLAIM = {"detail": "nine rows", "statistic": "A share", "supported_if": "Above a half", "contradicted_if": "Below a half"} | {
    "would_change": "More rows",
    "found": "Alba has more",
    "dataset": "register",
    "is_same_measure": True,
}


def scorecard() -> list[dict[str, object]]:
    """Return two claims in two periods each, the second in two parts."""
    row = published.TABLES["claims.scorecard"][0] | CLAIM | {"low": None, "high": None, "bound_low": None, "bound_high": None}
    parts = {"1": "Alba leads", "2a": "Brno lags", "2b": "Cork sleeps"}
    return [
        row | {"claim": claim, "claim_order": order, "title": title, "period": period}
        for order, (claim, title) in enumerate(parts.items(), 1)
        for period in ("baseline", "current")
    ]


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        (["1"], ["1. Alba leads"], ["Brno", "Cork"]),
        (["2"], ["2a. Brno lags", "2b. Cork sleeps"], ["Alba leads"]),
        (["2B"], ["2b. Cork sleeps"], ["Brno"]),
        (["cork", "sleeps"], ["2b. Cork sleeps"], ["Brno"]),
    ],
)
def test_one_claim_is_shown_with_its_rule(file: Path, asked: list[str], shown: list[str], hidden: list[str]) -> None:
    published.write(file, claims_scorecard=scorecard(), claims_evidence=[{"claim": "1"}])
    said = output("claims", *asked)
    assert all(title in said for title in shown) and not any(title in said for title in hidden)
    assert "2009–2012 holds" in said and "n = 9; Alba has more; nine rows" in said
    assert said.endswith("Measured: A share. Holds if: Above a half. Does not hold if: Below a half. Would change it: More rows.")


def test_a_claim_that_there_is_not_is_an_error_that_says_which_there_are(file: Path) -> None:
    published.write(file, claims_scorecard=scorecard(), claims_evidence=[{"claim": "1"}])
    result = runner.invoke(cli.app, ["claims", "99"])
    assert result.exit_code == 1
    assert "No claim '99': neither a number (1, 2a, 2b) nor words of a title." in " ".join(result.stderr.split())


@pytest.mark.parametrize(("n", "is_said"), [(9.0, True), (20.0, False)])
def test_why_says_that_the_register_has_too_few_rows_to_count(file: Path, n: float, is_said: bool) -> None:
    row = published.TABLES["marts.list_counts"][0]
    published.write(file, marts_list_counts=[row | {"n": n}])
    said = "The project's own register has 9 rows on this city, a deal of several investors counted in parts."
    assert (said in output("why", "Alba")) == is_said
    assert "on this city" not in output("why", "Brno")
