"""Give one verdict on a claim from what all lists found: the most complete one decides, unless another contradicts it.

Taking the verdict of one list, chosen before its result is known, errs as often as that list does. Taking any list that supports
a claim would err more often with each list that is added.
"""

from math import hypot, sqrt
from typing import Any, get_args

from pipelines.claims.finding import Completeness, Verdict

#: Verdicts of a list that cannot say, the more telling one first.
SILENT = ("not testable here", "no data")

#: Verdicts that cannot both be true.
OPPOSED = ("supported", "contradicted")

Row = dict[str, Any]


def in_order(rows: list[Row]) -> list[Row]:
    """Return the findings on a claim and period: those that say something first, the most complete list first.

    Among equals it is the one with most observations; of those that look for rare events, the one in which most are expected.
    """
    completeness = {name: rank for rank, name in enumerate(get_args(Completeness))}
    silence = {verdict: rank for rank, verdict in enumerate(SILENT, 1)}
    return sorted(rows, key=lambda row: (silence.get(row["verdict"], 0), completeness[row["completeness"]], -_size(row)))


def _size(row: Row) -> float:
    return float(row["n"] if row["expected"] is None else row["expected"])


def combined(rows: list[Row]) -> tuple[Verdict, str, Row]:
    """Return the verdict on a claim and period, what was found in a sentence, and the finding that decides.

    Two lists disagree if one supports the claim and another contradicts it, or if the deciding list and another give different
    verdicts and their estimates of the same statistic are further apart than chance puts them in 98% of cases.
    """
    first, *others = in_order(rows)
    speaking = [row for row in (first, *others) if row["verdict"] not in SILENT]
    pairs = [(first, other) for other in speaking if _is_apart(first, other)]
    pairs += [(a, b) for a in speaking for b in speaking if (a["verdict"], b["verdict"]) == OPPOSED]
    if not pairs:
        return first["verdict"], first["found"], first
    one, another = pairs[0]
    return "lists disagree", f"{_named(one)}: {one['found']}; but {_named(another)}: {another['found']}", first


def _is_apart(first: Row, other: Row) -> bool:
    """Say whether two findings differ in their verdict and by more than their intervals of 90% (Cochran's test, at 2%).

    Of two that are equally wide, that is where they do not meet. A count has no interval.
    """
    if first["verdict"] == other["verdict"] or first["measure"] != other["measure"]:
        return False
    widths = [0.0 if row["low"] is None else row["high"] - row["low"] for row in (first, other)]
    return bool(abs(first["estimate"] - other["estimate"]) > hypot(*widths) / sqrt(2))


def _named(row: Row) -> str:
    span = f"up to {row['last_year']}" if row["first_year"] is None else f"{row['first_year']}–{row['last_year']}"
    years = "" if row["last_year"] is None else f", {span}"
    return f"{row['dataset']} ({row['measure']}{years})"
