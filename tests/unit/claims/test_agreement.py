"""One verdict from several lists: which decides, and when they disagree."""

from typing import Any

import numpy as np
import pytest

from pipelines.claims import agreement

SURE = {"supported": (1.2, 1.4), "contradicted": (0.6, 0.8), "not separable": (0.9, 1.3)}


def listed(verdict: str, n: int = 100, completeness: str = "sample", measure: str = "m", **own: Any) -> agreement.Row:
    low, high = SURE.get(verdict, (None, None))
    row = {"dataset": f"{verdict} {n}", "verdict": verdict, "n": n, "completeness": completeness, "measure": measure}
    row["expected"] = None
    row["estimate"] = None if low is None or high is None else (low + high) / 2
    return row | {"low": low, "high": high, "found": f"it is {verdict}", "first_year": 2009, "last_year": 2012} | own


def test_most_complete_list_that_can_say_decides() -> None:
    lists = [listed("not separable", 9000), listed("supported", 50, "enumeration"), listed("not separable", 70, "all lists")]
    verdict, found, deciding = agreement.combined(lists)
    assert (verdict, found, deciding["n"]) == ("supported", "it is supported", 50)
    silent = [listed("no data", 5, "enumeration"), listed("not separable", 20), listed("not separable", 30)]
    assert agreement.combined(silent)[2]["n"] == 30, "the largest of those that say something"
    assert agreement.combined([listed("no data", 9), listed("not testable here", 3)])[0] == "not testable here"


def test_among_lists_of_rare_events_the_one_that_expects_most_decides() -> None:
    lists = [listed("not separable", 900, expected=3.1), listed("not separable", 60, expected=5.8)]
    assert agreement.combined(lists)[2]["n"] == 60


def test_list_that_says_something_comes_before_one_that_cannot() -> None:
    lists = [listed("no data", 900, "enumeration"), listed("not testable here", 90, "enumeration"), listed("supported", 9)]
    assert [row["n"] for row in agreement.in_order(lists)] == [9, 90, 900]


def test_contradiction_is_the_verdict_and_says_why() -> None:
    verdict, found, deciding = agreement.combined([listed("supported", 900), listed("contradicted", 20)])
    assert (verdict, deciding["n"]) == ("lists disagree", 900)
    assert "supported 900 (m, 2009–2012): it is supported; but contradicted 20 (m, 2009–2012): it is contradicted" in found
    third = [listed("not separable", 5000), listed("supported", 900), listed("contradicted", 20)]
    assert agreement.combined(third)[0] == "lists disagree"


def test_estimates_far_apart_disagree_only_if_verdicts_differ() -> None:
    far = listed("not separable", 20, estimate=0.95, low=0.8, high=1.1)
    assert agreement.combined([listed("supported", 900), far])[0] == "lists disagree"
    assert agreement.combined([listed("supported", 900), far | {"measure": "another"}])[0] == "supported"
    assert (
        agreement.combined([listed("supported", 900), listed("supported", 20, estimate=2.5, low=2.0, high=3.0)])[0] == "supported"
    )
    wide = listed("not separable", 20, estimate=0.95, low=0.4, high=1.5)
    assert agreement.combined([listed("supported", 900), wide])[0] == "supported"


def test_two_complete_lists_that_count_otherwise_disagree() -> None:
    counted = listed("supported", 39, "enumeration") | {"low": None, "high": None, "estimate": 0.6}
    other = listed("not separable", 30, "enumeration") | {"low": None, "high": None, "estimate": 0.5}
    assert agreement.combined([counted, other])[0] == "lists disagree"
    assert agreement.combined([counted, counted | {"n": 30, "estimate": 0.7}])[0] == "supported"


@pytest.mark.parametrize("lists", [1, 2, 5])
def test_more_lists_do_not_support_a_false_claim_more_often(lists: int) -> None:
    """Every list estimates a statistic that is exactly at the limit of the claim."""
    rng, said = np.random.default_rng(44), []
    for _ in range(4000):
        rows = []
        for size in range(lists):
            estimate = rng.normal()
            low, high = estimate - 1.645, estimate + 1.645
            verdict = "supported" if low > 0 else "contradicted" if high < 0 else "not separable"
            rows.append(listed(verdict, 100 + size, estimate=estimate, low=low, high=high))
        said.append(agreement.combined(rows)[0])
    assert np.mean([verdict == "supported" for verdict in said]) <= 0.06
    assert np.mean([verdict == "lists disagree" for verdict in said]) <= 0.025 * lists * (lists - 1)
