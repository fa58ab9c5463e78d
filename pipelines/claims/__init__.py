"""The claims of the argument, each by the rule in ``data/reference/claims.csv``, on every source that can test it.

What belongs here: from frames to verdicts. A claim's test is one function of the facts, a window of years and the source that
gives the frame; it returns a statistic with its interval and the verdict the rule gives. "no data" and "not separable" are
results, not failures. What does not: reading the warehouse (``pipelines.orchestration.assets.claims``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

import dataframely as dy
import polars as pl

from pipelines.claims import capital, founders, growth, outlook, schools, sectors, services
from pipelines.claims.base import PERIODS, REGISTER, ClaimsTable, Facts, Finding, Verdict, Window
from pipelines.index import UNDATED
from pipelines.schema import one_of

__all__ = ["CLAIMS", "TESTS", "Facts", "Finding", "Test", "Window", "evaluate", "location_quotients"]


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


@dataclass(frozen=True)
class Test:
    """One statistic of a claim: ``datasets`` are the sources it is tried on, ``sources`` the tables it rests on.

    Those that are not the claim's rule are shown beside it with the verdict the rule would give.
    """

    claim: str
    measure: str
    function: Callable[[Facts, Window, str], Finding]
    sources: str
    datasets: Callable[[Facts], list[str]] = lambda facts: [REGISTER]
    is_rule: Callable[[str], bool] = lambda dataset: True


def _deals(facts: Facts) -> list[str]:
    """Sources with deals of the scope's companies."""
    return sorted(facts.deals.filter(pl.col("country") == facts.country)["dataset"].unique())


def _lists(measure: str) -> Callable[[Facts], list[str]]:
    return lambda facts: sorted(facts.school_lists.filter(pl.col("measure") == measure)["dataset"].unique())


def _advisers(facts: Facts) -> list[str]:
    return sorted(facts.listing_advisers["dataset"].unique())


def _sectors(group: str) -> Callable[[Facts], list[str]]:
    def loaded(facts: Facts) -> list[str]:
        return [REGISTER, *(one for one in sorted(set(facts.sectors["dataset"])) if one in sectors.GROUPS[group])]

    return loaded


def _always(dataset: str) -> bool:
    return True


def _never(dataset: str) -> bool:
    return False


def _exact(group: str) -> Callable[[str], bool]:
    return lambda dataset: (dataset, group) not in sectors.WIDER


_ORIGIN = "core.deals_by_source, core.deal_investors, core.investor_places, core.investor_offices"
_INDEX = "marts.evidence, index.scores"
_SECTOR = "index.quotients, core.companies, marts.sector_rows"

TESTS = [
    *(
        Test(
            "1",
            f"{rule} rule",
            capital.origination(rule),
            _ORIGIN,
            _deals,
            _always if rule == "office" else _never,
        )
        for rule in capital.RULES
    ),
    Test("1", "amount-weighted", capital.amount_share, f"{_ORIGIN}, core.deal_reports", _deals, _never),
    Test("2", "schools pillar", schools.schools, "core.universities, core.founder_schools, index.scores"),
    *(
        Test("2", measure, schools.listed(measure), table, _lists(measure))
        for measure, table in (
            ("985", "core.elite_universities"),
            ("211", "core.elite_universities"),
            ("Double First-Class", "core.elite_universities"),
            ("undergraduate institutions", "core.institutions"),
            ("cs_faculty", "core.research"),
            ("top10_works", "core.research"),
        )
    ),
    *(
        one
        for claim, kind in (("3a", "law"), ("3b", "audit"), ("3c", "search"))
        for one in (
            Test(claim, "offices", services.offices(kind), "core.service_offices"),
            Test(claim, "named on listings", services.named(kind), "core.listing_advisers", _advisers),
        )
        if not (kind == "search" and one.measure == "named on listings")
    ),
    Test("4", "repeat founders", founders.repeat_founding, "core.founders"),
    Test("5", "cohorts", schools.schoolmates, "core.founder_schools, core.companies"),
    Test("6", "returnees", founders.returnees, "core.founders"),
    Test("7", "every deal", growth.lead(), "core.deals_by_source, index.snowball", _deals),
    Test("7", "constant coverage", growth.lead(is_steady=True), "core.deals_by_source, index.snowball", _deals, _never),
    Test("8", "stock of backed companies", growth.overtaking, "core.deals_by_source, core.register_coverage", _deals),
    Test("9", "gaming", sectors.specialised("Shanghai", "gaming"), _SECTOR, _sectors("gaming"), _exact("gaming")),
    Test(
        "10",
        "hardware and internet",
        sectors.shenzhen,
        _SECTOR,
        _sectors("hardware"),
        _exact("internet without Tencent"),
    ),
    Test("11", "value", sectors.hangzhou, "core.valuations, core.companies"),
    Test("12a", "semiconductors", sectors.specialised("Chengdu", "semiconductors"), _SECTOR, _sectors("semiconductors")),
    Test(
        "12b",
        "outsourcing",
        sectors.specialised("Dalian", "outsourcing"),
        _SECTOR,
        _sectors("outsourcing"),
        _exact("outsourcing"),
    ),
    Test("12c", "largest market", sectors.japan, "core.companies"),
    Test("13", "zone age", outlook.parks_alone, "core.zones, core.deals_by_source, marts.indicator_values"),
    Test("14", "Readiness", outlook.best_shot, _INDEX),
    Test("15", "Realised", outlook.distance, _INDEX),
    Test("15", "unicorns", outlook.unicorns, "core.unicorns", lambda facts: sorted(facts.unicorns["dataset"].unique())),
]

#: Claims that have a test; claims.csv has the same.
CLAIMS = list(dict.fromkeys(test.claim for test in TESTS))


def evaluate(facts: Facts) -> pl.DataFrame:
    """Return ``ClaimEvidence``: every test for both periods on every source that can make it, one of each claim the headline."""
    rows = [
        {
            "claim": test.claim,
            "period": period,
            "dataset": dataset,
            "measure": test.measure,
            "is_rule": test.is_rule(dataset),
            "first_year": None if window.first == UNDATED else window.first,
            "last_year": None if window.first == UNDATED else window.last,
            "verdict": finding.verdict,
            "estimate": finding.estimate,
            "low": finding.low,
            "high": finding.high,
            "n": finding.n,
            "detail": finding.detail,
            "sources": test.sources,
        }
        for period in PERIODS
        for test in TESTS
        for dataset in test.datasets(facts)
        for window in [facts.window(period, dataset)]
        for finding in [_found(test, facts, window, dataset)]
    ]
    table = pl.DataFrame(rows, {name: kind for name, kind in ClaimEvidence.types().items() if name != "is_headline"})
    # The register, whose rules were made for it, unless it has nothing to say and another source has; then the larger one.
    by_claim = ("claim", "period")
    first = (
        table.with_row_index("row")
        .filter("is_rule")
        .sort(
            pl.col("verdict") == "no data",
            pl.col("dataset") != REGISTER,
            pl.col("n"),
            "row",
            descending=[False, False, True, False],
        )
        .group_by(by_claim)
        .agg(pl.col("row").first())["row"]
    )
    return table.with_row_index("row").with_columns(pl.col("row").is_in(first.to_list()).alias("is_headline")).drop("row")


def _found(test: Test, facts: Facts, window: Window, dataset: str) -> Finding:
    if window.first > window.last:
        last = facts.last_covered(dataset)
        return Finding("no data", None, None, None, 0, f"the source covers no year after the essay's; its last is {last}")
    return test.function(facts, window, dataset)


def location_quotients(facts: Facts) -> pl.DataFrame:
    """Return ``SectorQuotients``: the quotients of the claims' groups of sectors, for every place."""
    parts = []
    for period in PERIODS:
        for dataset in sorted({REGISTER, *facts.sectors["dataset"]} & set(sectors.COUNTED)):
            window = facts.window(period, dataset)
            if window.first <= window.last:
                label = (pl.lit(dataset).alias("dataset"), pl.lit(period).alias("period"))
                years = [None if one == UNDATED else one for one in (window.first, window.last)]
                found = sectors.table(facts, window, dataset)
                parts.append(
                    found.select(
                        *label,
                        pl.lit(years[0], dtype=pl.Int64).alias("year_first"),
                        pl.lit(years[1], dtype=pl.Int64).alias("year_last"),
                        pl.lit(sectors.COUNTED[dataset][1]).alias("counted"),
                        pl.all(),
                        pl.col("sector").is_in([group for one, group in sectors.WIDER if one == dataset]).alias("is_wider_class"),
                    )
                )
    return pl.concat(parts)
