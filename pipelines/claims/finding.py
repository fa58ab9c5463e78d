"""What the test of a claim is, and what it returns: a statistic with its interval and the verdict that the rule gives."""

from bisect import bisect_left
from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import scipy

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.index.draws import LEVEL

#: All but the first two are results, not failures; "lists disagree" is given to a claim, never to a single list.
Verdict = Literal["supported", "contradicted", "lists disagree", "not separable", "not testable here", "no data"]

#: How much of what it counts a list holds; the most complete one that can say decides, among equals the one that tells most.
Completeness = Literal["enumeration", "published figures", "all lists", "sample"]

#: What the two ends of a statistic are: a list's own uncertainty, or what stands in its place where that is not known.
RangeIs = Literal["90% interval", "range of published figures", "precision of the simulation"]

#: First and last year, None for a list without dates.
Years = tuple[int | None, int | None]

#: The verdict on an interval, given by its ends.
Rule = Callable[[float, float], Verdict]

#: Fewest observations on which a verdict is given.
LEAST = 10

#: How many times as many observations as there are may be said to decide.
MOST_TIMES = 10_000

SEED = 30_000


@dataclass(frozen=True)
class Finding:
    """What a test found: the verdict, the statistic with its interval, n, what was found in a sentence, and the detail.

    ``bounds`` are the ends with all that is imputed taken either way. A claim that they leave possible is not contradicted.
    ``expected`` is how many events the list would hold by chance, where that says more of what it can tell than ``n``.
    ``years`` are the first and last one of what was counted, None for a list without dates, if they are not the period's.
    ``is_partly_undated``: part of a finding on the past is by lists of another year or without one.
    """

    verdict: Verdict
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    found: str
    detail: str = ""
    bounds: tuple[float, float] | None = None
    range_is: RangeIs = "90% interval"
    expected: float | None = None
    years: Years | None = None
    is_partly_undated: bool = False


@dataclass(frozen=True)
class ClaimTest:
    """One statistic of a claim: ``datasets`` are the sources it is tried on, ``sources`` the tables it rests on.

    If ``is_beside``, and for the sources in ``wider``, which have it within a wider class only, it is shown beside the claim with
    the verdict that the rule would give; ``reading`` says what the claim's words mean by it, if not what the rule takes them to
    mean. ``rule`` gives the verdict on the statistic's interval, where nothing else decides and more observations would narrow
    all of it.
    """

    claim: str
    measure: str
    function: Callable[[Facts, Window, str], Finding]
    sources: str
    datasets: Callable[[Facts], list[str]] = lambda facts: [REGISTER_DATASET]
    is_beside: bool = False
    completeness: Completeness = "sample"
    rule: Rule | None = None
    reading: str | None = None
    wider: Collection[str] = ()

    def is_rule(self, dataset: str) -> bool:
        """Return whether the claim's rule is on this statistic of a source."""
        return not self.is_beside and dataset not in self.wider


def no_data(n: int, why: str, years: Years | None = None) -> Finding:
    """Return the finding of a test that has too few observations."""
    return Finding("no data", None, None, None, n, why, years=years)


def verdict(supported: bool, contradicted: bool) -> Verdict:
    """Return the verdict of a rule with two conditions."""
    return "supported" if supported else "contradicted" if contradicted else "not separable"


def beyond(limit: float) -> Rule:
    """Return the rule of a claim that an interval above the limit supports and one below it contradicts."""
    return lambda low, high: verdict(low > limit, high < limit)


def rows_to_decide(finding: Finding, rule: Rule | None) -> int | None:
    """Return how many observations would give a verdict by the rule if the statistic stayed as it is.

    Intervals narrow with the root of the observations. None where the finding is decided, has no interval, or would not be
    decided: since the statistic is between the limits, or since something else than the interval keeps it from a verdict.
    """
    if (
        finding.verdict != "not separable"
        or rule is None
        or finding.estimate is None
        or finding.low is None
        or finding.high is None
    ):
        return None
    estimate, below, above = finding.estimate, finding.estimate - finding.low, finding.high - finding.estimate

    def is_decided(rows: int) -> bool:
        part = sqrt(finding.n / rows)
        return rule(estimate - part * below, estimate + part * above) != "not separable"

    numbers = range(finding.n, MOST_TIMES * finding.n)
    place = bisect_left(numbers, True, key=is_decided)
    return numbers[place] if 0 < place < len(numbers) else None


def exact(k: int, n: int) -> tuple[float, float]:
    """Return the exact interval of a proportion, for verdicts (Clopper & Pearson 1934, Biometrika 26, 404–413).

    It leaves out a half where the binomial test at half the error of the interval does. Wilson's is shorter in small samples,
    and errs more often than it says on one side.
    """
    bounds = scipy.stats.binomtest(k, n).proportion_ci(confidence_level=LEVEL, method="exact")
    return float(bounds.low), float(bounds.high)


def wilson(k: int, n: int) -> tuple[float, float]:
    """Return Wilson's interval of a proportion, for how exactly one of many draws was simulated."""
    bounds = scipy.stats.binomtest(k, n).proportion_ci(confidence_level=LEVEL, method="wilson")
    return float(bounds.low), float(bounds.high)
