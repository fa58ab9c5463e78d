"""What the test of a claim is, and what it returns: a statistic with its interval and the verdict that the rule gives."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Literal

import scipy

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.index.draws import LEVEL

#: All but the first two are results, not failures; "lists disagree" is given to a claim, never to a single list.
Verdict = Literal["supported", "contradicted", "lists disagree", "not separable", "not testable here", "no data"]

#: How much of what it counts a list holds; the most complete one that can say decides, and among equals the largest.
Completeness = Literal["enumeration", "all lists", "sample"]

#: What the two ends of a statistic are: a list's own uncertainty, or what stands in its place where that is not known.
RangeIs = Literal["90% interval", "range of published figures", "range over years", "precision of the simulation"]

#: Fewest observations on which a verdict is given.
LEAST = 10

SEED = 30_000


@dataclass(frozen=True)
class Finding:
    """What a test found: the verdict, the statistic with its interval, n, what was found in a sentence, and the detail.

    ``bounds`` are the ends with all that is imputed taken either way. A claim that they leave possible is not contradicted.
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


@dataclass(frozen=True)
class ClaimTest:
    """One statistic of a claim: ``datasets`` are the sources it is tried on, ``sources`` the tables it rests on.

    Those that ``is_rule`` excludes are shown beside the claim with the verdict that the rule would give; ``reading`` says what
    the claim's words mean by one of them, if not what the rule takes them to mean. ``limit`` is the number that the statistic's
    interval has to leave for a verdict, where it is one.
    """

    claim: str
    measure: str
    function: Callable[[Facts, Window, str], Finding]
    sources: str
    datasets: Callable[[Facts], list[str]] = lambda facts: [REGISTER_DATASET]
    is_rule: Callable[[str], bool] = lambda dataset: True
    completeness: Completeness = "sample"
    limit: float | None = None
    reading: str | None = None


def beside(dataset: str) -> bool:
    """Return False for every source: the statistic is shown beside the claim's rule."""
    return False


def no_data(n: int, why: str) -> Finding:
    """Return the finding of a test that has too few observations."""
    return Finding("no data", None, None, None, n, why)


def verdict(supported: bool, contradicted: bool) -> Verdict:
    """Return the verdict of a rule with two conditions."""
    return "supported" if supported else "contradicted" if contradicted else "not separable"


def rows_to_decide(finding: Finding, limit: float | None) -> int | None:
    """Return how many observations would take the interval off the limit if the statistic stayed as it is.

    Intervals narrow with the root of the observations. None where the finding is decided, or has no interval.
    """
    ends = (finding.estimate, finding.low, finding.high)
    if finding.verdict != "not separable" or limit is None or None in ends or finding.estimate == limit:
        return None
    estimate, low, high = (float(end) for end in ends if end is not None)
    reach = estimate - low if estimate > limit else high - estimate
    return max(finding.n, ceil(finding.n * (reach / (estimate - limit)) ** 2))


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
