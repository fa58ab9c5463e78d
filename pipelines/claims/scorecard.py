"""Test every claim for both periods on every source that can test it, and give one verdict from all of them."""

from typing import get_args

import dataframely as dy
import polars as pl

from pipelines.claims import agreement, capital, founders, growth, kinds, outlook, overtaking, parks, schools, sectors, services
from pipelines.claims.facts import PERIODS, REGISTER_DATASET, ClaimsTable, Facts, Window
from pipelines.claims.finding import ClaimTest, Completeness, Finding, RangeIs, Verdict, no_data, rows_to_decide
from pipelines.schema import one_of


class ClaimEvidence(ClaimsTable):
    """One row per claim, period, source that can test it and statistic: what the rule gave."""

    table = "claims.evidence"

    claim = dy.String(primary_key=True, description="Number of the claim.")
    period = dy.String(primary_key=True, check=one_of(*PERIODS), description="baseline (2009–2012) or current.")
    dataset = dy.String(
        primary_key=True, description="Source that gives the frame: the register, one of those loaded, or all lists together."
    )
    measure = dy.String(primary_key=True, description="What was measured.")
    completeness = dy.String(
        check=one_of(*get_args(Completeness)),
        description="enumeration: nothing left out; published figures: of everything, as others counted it; all lists: measured "
        "from all; sample.",
    )
    is_rule = dy.Bool(description="The claim's rule is on this; the others are shown beside it, with the verdict it would give.")
    reading = dy.String(
        nullable=True, description="What the claim's words mean by this, if not what the rule takes them to mean; null elsewhere."
    )
    first_year = dy.Int64(
        nullable=True, description="First year of what was counted, as a rule the period's; null: all up to the last, or no date."
    )
    last_year = dy.Int64(nullable=True, description="Last year of what was counted; null: a list without date.")
    is_partly_undated = dy.Bool(description="Of the past; part of it is by lists of another year or without one.")
    verdict = dy.String(check=one_of(*get_args(Verdict)), description="Verdict by this source alone.")
    estimate = dy.Float64(nullable=True, description="The statistic.")
    low = dy.Float64(nullable=True, description="Lower end of its range.")
    high = dy.Float64(nullable=True, description="Upper end of that range.")
    range_is = dy.String(
        nullable=True,
        check=one_of(*get_args(RangeIs)),
        description="What low and high are: the 90% interval of the statistic; published figures, each a tenth more or less; or "
        "how exactly a probability was simulated.",
    )
    bound_low = dy.Float64(nullable=True, description="Least it can be, with all that is imputed taken so; null: nothing is.")
    bound_high = dy.Float64(nullable=True, description="Most it can be.")
    n = dy.Int64(min=0, description="Observations behind it.")
    rows_to_decide = dy.Int64(
        nullable=True,
        min=0,
        description="Observations that would decide if the statistic stayed as it is; null where it is decided, or no number of "
        "them is known to.",
    )
    found = dy.String(description="What was found, in a sentence.")
    detail = dy.String(description="What was counted, and what the finding depends on.")
    sources = dy.String(description="Tables the verdict rests on.")
    is_headline = dy.Bool(
        description="The finding that decides: of the most complete list that can say; among equals of that with most "
        "observations, or in which most companies of a sector are expected."
    )


class ClaimVerdict(ClaimsTable):
    """One row per claim and period: the verdict from all lists."""

    table = "claims.verdicts"

    claim = dy.String(primary_key=True, description="Number of the claim.")
    period = dy.String(primary_key=True, check=one_of(*PERIODS), description="baseline (2009–2012) or current.")
    verdict = dy.String(
        check=one_of(*get_args(Verdict)), description="The deciding list's, or lists disagree if another one contradicts it."
    )
    found = dy.String(description="What was found, in a sentence; both findings where lists disagree.")


TESTS: list[ClaimTest] = [
    test
    for module in (capital, kinds, schools, services, founders, growth, overtaking, sectors, parks, outlook)
    for test in module.TESTS
]

#: Claims that have a test; claims.csv lists the same.
CLAIMS = {test.claim for test in TESTS}


def evaluate(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``ClaimEvidence`` and ``ClaimVerdict``."""
    rows = [
        _row(test, period, dataset, facts.window(period, dataset), facts)
        for period in PERIODS
        for test in TESTS
        for dataset in test.datasets(facts)
    ]
    verdicts = [_decide(rows, claim, period) for period in PERIODS for claim in dict.fromkeys(test.claim for test in TESTS)]
    # In the order of the columns; the first rows may have no number.
    return pl.DataFrame(rows, ClaimEvidence.types()), pl.DataFrame(verdicts)


def _decide(rows: list[agreement.Row], claim: str, period: str) -> dict[str, object]:
    """Return the row of ``ClaimVerdict``, and mark the finding that decides."""
    of_claim = [row for row in rows if row["claim"] == claim and row["period"] == period and row["is_rule"]]
    verdict, found, deciding = agreement.combined(of_claim)
    deciding["is_headline"] = True
    return {"claim": claim, "period": period, "verdict": verdict, "found": found}


def _row(test: ClaimTest, period: str, dataset: str, window: Window, facts: Facts) -> agreement.Row:
    finding = _finding(test, facts, window, dataset)
    found = vars(finding) | {"range_is": None if finding.low is None else finding.range_is}
    bound_low, bound_high = found.pop("bounds") or (None, None)
    first_year, last_year = found.pop("years") or window.years
    return {
        "claim": test.claim,
        "period": period,
        "dataset": dataset,
        "measure": test.measure,
        "completeness": test.completeness,
        "is_rule": test.is_rule(dataset),
        "reading": test.reading,
        "first_year": first_year,
        "last_year": last_year,
        **found,
        "bound_low": bound_low,
        "bound_high": bound_high,
        "rows_to_decide": rows_to_decide(finding, test.rule),
        "sources": test.sources,
        "is_headline": False,
    }


def _finding(test: ClaimTest, facts: Facts, window: Window, dataset: str) -> Finding:
    if window.first > window.last:
        return no_data(0, f"the source covers no year after the baseline; its last is {facts.last_covered(dataset)}")
    return test.function(facts, window, dataset)


def untested(claims: list[str], why: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``ClaimEvidence`` and ``ClaimVerdict`` of a country that the claims are not about: none of them has data."""
    row = vars(no_data(0, why)) | {"dataset": REGISTER_DATASET, "measure": "", "completeness": "sample", "range_is": None}
    row |= {"is_rule": True, "is_headline": True, "sources": ""}
    rows = [{"claim": claim, "period": period} | row for period in PERIODS for claim in claims]
    evidence = pl.DataFrame(rows, ClaimEvidence.types())
    return evidence, evidence.select("claim", "period", "verdict", "found")
