"""The numbers of the claims as text: their unit, their thresholds, and the signs that stand with them."""

from collections.abc import Iterable
from typing import Any

from pipelines.publish import wording

#: Claim → what its statistic is, beside numbers that no sentence explains.
UNITS = {
    **dict.fromkeys(("1", "2", "3a", "3b", "3c", "11", "12c"), "share"),
    **dict.fromkeys(("4", "5", "13", "15"), "ratio"),
    **dict.fromkeys(("9", "10", "12a", "12b"), "quotient"),
    **dict.fromkeys(("8", "14"), "chance"),
    "6": "log odds ratio",
    "7": "exponent",
}

#: Claim → the values of its statistic on which the verdict turns.
THRESHOLDS: dict[str, tuple[float, ...]] = {
    "1": (0.65, 0.75),
    **dict.fromkeys(("2", "3a", "3b", "3c", "11", "12c", "15"), (0.5,)),
    **dict.fromkeys(("4", "5", "9", "10", "12a", "12b"), (1.0,)),
    "6": (0.0,),
    "7": (1.05,),
    "8": (0.05, 0.25),
    "13": (1.25,),
    "14": (0.9,),
}

#: What the ends of a claim's statistic are, where they are no 90% interval → in plain words.
RANGES = {
    "range of published figures": "The range is of published figures, each a tenth more or less.",
    "precision of the simulation": "The range is the precision of the simulation.",
}

#: Signs after the result of a claim → what they mean, wherever they stand.
SIGNS = {
    "*": "wholly or partly by lists without dates, as they are today",
    "†": "not by the same statistic of the same list in both periods, which do not compare",
    "‡": "not a 90% interval (range_is says what)",
    "§": "bounds for what is not known count too (bound_low and bound_high)",
    "¶": "of other years than the column's (first_year and last_year)",
}


def decimals(value: float, fewest: int, thresholds: Iterable[float]) -> int:
    """Return with how many decimals to write a value so that it is not rounded to a threshold that it is not at."""
    near = next((threshold for threshold in thresholds if round(value, fewest) == threshold != value), None)
    return fewest if near is None else decimals(value, fewest + 1, (near,))


def statistic(claim: str, value: float) -> str:
    """Return a value of a claim's statistic with two decimals, or as many more as tell it from a threshold."""
    return f"{value:.{decimals(value, 2, THRESHOLDS.get(claim, ()))}f}"


def outward(low: float, high: float, thresholds: Iterable[float]) -> tuple[float, float]:
    """Return both ends of an interval of a chance in whole per cent, rounded outwards unless to a threshold they are not at."""
    rounded = wording.rounded_down(low), wording.rounded_up(high)
    return rounded[0] if rounded[0] not in thresholds else low, rounded[1] if rounded[1] not in thresholds else high


def ends(claim: str, low: float, high: float) -> str:
    """Return both ends of an interval of a claim's statistic; where they agree on a share near 1, a bound below it.

    Those of a chance are rounded outwards, as they are in per cent on the page.
    """
    if UNITS[claim] == "chance":
        low, high = outward(low, high, THRESHOLDS[claim])
    first, last = statistic(claim, low), statistic(claim, high)
    if first == last:
        return f"≥{wording.rounded_down(low):.2f}" if low >= 0.95 and high <= 1 else first
    return f"{first}–{last}"


def measured(row: dict[str, Any]) -> str:
    """Return the interval of a row of ``claims.scorecard``, or the statistic alone; nothing where there is neither."""
    if row["estimate"] is None:
        return ""
    return statistic(row["claim"], row["estimate"]) if row["low"] is None else ends(row["claim"], row["low"], row["high"])


def signs(row: dict[str, Any], span: str) -> str:
    """Return the signs of a row of ``claims.scorecard`` in a column of the years ``span``."""
    marked = {
        "*": row["last_year"] is None or row["is_partly_undated"],
        "†": not row["is_same_measure"],
        "‡": row["low"] is not None and row["range_is"] in RANGES,
        "§": row["bound_low"] is not None,
        "¶": row["last_year"] is not None and wording.years(row["first_year"], row["last_year"]) != span,
    }
    return "".join(sign for sign, is_marked in marked.items() if is_marked)
