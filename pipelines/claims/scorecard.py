"""Test every claim for both periods on every source that can test it, and choose the finding for the scorecard."""

from typing import get_args

import dataframely as dy
import polars as pl

from pipelines.claims import capital, founders, growth, outlook, schools, sectors, services
from pipelines.claims.facts import PERIODS, REGISTER_DATASET, ClaimsTable, Facts, Window
from pipelines.claims.finding import ClaimTest, Finding, Verdict, no_data
from pipelines.schema import one_of


class ClaimEvidence(ClaimsTable):
    """One row per claim, period, source that can test it and statistic: what the rule gave."""

    table = "claims.evidence"

    claim = dy.String(primary_key=True, description="Number of the claim.")
    period = dy.String(primary_key=True, check=one_of(*PERIODS), description="baseline (2009–2012) or current.")
    dataset = dy.String(primary_key=True, description="Source that gives the frame; the register, or one of those loaded.")
    measure = dy.String(primary_key=True, description="What was measured.")
    is_rule = dy.Bool(description="The claim's rule is on this; the others are shown beside it, with the verdict it would give.")
    first_year = dy.Int64(nullable=True, description="First year of the period; null: a list without date.")
    last_year = dy.Int64(nullable=True, description="Last year of the period.")
    verdict = dy.String(check=one_of(*get_args(Verdict)), description="supported, contradicted, not separable or no data.")
    estimate = dy.Float64(nullable=True, description="The statistic.")
    low = dy.Float64(nullable=True, description="Lower end of its 90% interval.")
    high = dy.Float64(nullable=True, description="Upper end of that interval.")
    n = dy.Int64(min=0, description="Observations behind it.")
    detail = dy.String(description="What was counted, in a sentence.")
    sources = dy.String(description="Tables the verdict rests on.")
    is_headline = dy.Bool(
        description="On the scorecard: the register's, or the largest other source's where the register has no data."
    )


TESTS: list[ClaimTest] = [
    test for module in (capital, schools, services, founders, growth, sectors, outlook) for test in module.TESTS
]

#: Claims that have a test; claims.csv lists the same.
CLAIMS = {test.claim for test in TESTS}


def evaluate(facts: Facts) -> pl.DataFrame:
    """Return ``ClaimEvidence``, with one row of each claim and period as the headline."""
    rows = [
        _row(test, period, dataset, facts.window(period, dataset), facts)
        for period in PERIODS
        for test in TESTS
        for dataset in test.datasets(facts)
    ]
    table = pl.DataFrame(rows, schema_overrides={"estimate": pl.Float64, "low": pl.Float64, "high": pl.Float64})
    numbered = table.with_row_index("row")
    return numbered.with_columns(pl.col("row").is_in(_headlines(numbered)).alias("is_headline")).drop("row")


def _row(test: ClaimTest, period: str, dataset: str, window: Window, facts: Facts) -> dict[str, object]:
    finding = _finding(test, facts, window, dataset)
    first_year, last_year = window.years
    return {
        "claim": test.claim,
        "period": period,
        "dataset": dataset,
        "measure": test.measure,
        "is_rule": test.is_rule(dataset),
        "first_year": first_year,
        "last_year": last_year,
        **vars(finding),
        "sources": test.sources,
    }


def _finding(test: ClaimTest, facts: Facts, window: Window, dataset: str) -> Finding:
    if window.first > window.last:
        return no_data(0, f"the source covers no year after the baseline; its last is {facts.last_covered(dataset)}")
    return test.function(facts, window, dataset)


def _headlines(numbered: pl.DataFrame) -> list[int]:
    """Return the row of each claim and period that the scorecard shows.

    It is the register's, for which the rules were made, unless the register has no data and another source does; then it is
    that of the source with the most observations.
    """
    order = (pl.col("verdict") == "no data", pl.col("dataset") != REGISTER_DATASET, pl.col("n"), "row")
    first = numbered.filter("is_rule").sort(*order, descending=[False, False, True, False]).group_by("claim", "period").first()
    return first["row"].to_list()


def untested(claims: list[str], why: str) -> pl.DataFrame:
    """Return ``ClaimEvidence`` of a country that the claims are not about: none of them has data."""
    row = {
        "dataset": REGISTER_DATASET,
        "measure": "",
        "is_rule": True,
        "verdict": "no data",
        "n": 0,
        "detail": why,
        "sources": "",
    }
    rows = [{"claim": claim, "period": period, "is_headline": True} | row for period in PERIODS for claim in claims]
    return pl.DataFrame(rows, ClaimEvidence.types())
