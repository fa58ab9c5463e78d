"""The numbers of the claims as text: their unit, their thresholds, and the signs that stand with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log
from typing import Any, Literal

from pipelines.publish import wording
from pipelines.publish.texts import say

#: What the statistic of a claim is, beside numbers that no sentence explains.
Unit = Literal["share", "ratio", "quotient", "chance", "log odds ratio", "exponent"]

#: What the ends of a claim's statistic are, where they are no 90% interval → in plain words.
RANGES = {
    "range of published figures": "The range is of published figures, each a tenth more or less.",
    "precision of the simulation": "The range is the precision of the simulation.",
}

#: Signs after the result of a claim → what they mean, wherever they stand.
SIGNS = {
    "*": "wholly or partly by lists of another year or without one",
    "†": "not by the same statistic of the same list in both periods, which do not compare",
    "‡": "not a 90% interval: the text of the claim says what",
    "§": "bounds for what is not known count too, and stand below",
    "¶": "of other years than the column's: the text of the claim names them",
}


def decimals(value: float, fewest: int, thresholds: Iterable[float]) -> int:
    """Return with how many decimals to write a value so that it is not rounded to a threshold that it is not at."""
    near = next((threshold for threshold in thresholds if round(value, fewest) == threshold != value), None)
    return fewest if near is None else decimals(value, fewest + 1, (near,))


def outward(low: float, high: float, thresholds: Iterable[float]) -> tuple[float, float]:
    """Return both ends of an interval of a chance in whole per cent, rounded outwards unless to a threshold they are not at."""
    rounded = wording.rounded_down(low), wording.rounded_up(high)
    return rounded[0] if rounded[0] not in thresholds else low, rounded[1] if rounded[1] not in thresholds else high


#: Signs of a chance that the draws do not tell from 0 or 1 → in words, since a sentence cannot be read aloud with them.
_BEYOND = {"<": "below {share}", ">": "above {share}"}


@dataclass(frozen=True)
class Scale:
    """How the statistic of a claim is written and drawn.

    ``statement`` follows the interval in a sentence, or is the sentence with a place for it; ``needs`` says in words what
    ``supported_if`` asks of it. The verdict turns on the ``thresholds``, which are marks on a bar with these ``ends``.
    ``says_found``: what was counted stands before the statement.
    """

    unit: Unit
    statement: str
    needs: str
    thresholds: tuple[float, ...]
    ends: tuple[float, float] = (0.0, 1.0)
    says_found: bool = False

    @property
    def is_logarithm(self) -> bool:
        return self.unit == "log odds ratio"

    @property
    def is_chance(self) -> bool:
        return self.unit == "chance"

    def text(self, value: float) -> str:
        """Return a value as a reader meets it, with more digits where it would be rounded to a threshold."""
        number, fewest = (exp(value), 1) if self.is_logarithm else (value, 2)
        digits = decimals(number, fewest, [exp(one) if self.is_logarithm else one for one in self.thresholds])
        if digits == fewest and self.is_logarithm:
            return wording.times(number)
        if digits == fewest and self.is_chance:
            share = wording.chance(number)
            return say(_BEYOND[share[0]], share=share[1:]) if share[0] in _BEYOND else share
        return f"{number:.{digits - 2}%}" if self.unit in ("share", "chance") else f"{number:.{digits}f}"

    def interval(self, low: float, high: float) -> str:
        """Return an interval; of a chance that may be certain, the lower end."""
        if self.is_chance:
            low, high = outward(low, high, self.thresholds)
        first, last = self.text(low), self.text(high)
        if self.is_chance and wording.chance(high).startswith(">") and low >= 0.5:
            return wording.at_least(low)
        if first == last:
            return first
        # "Is below 1% to above 99%" would be read as two statements.
        is_beyond = self.is_chance and wording.chance(low).startswith("<")
        return say("anything from {low} to {high}" if is_beyond else "{low} to {high}", low=first, high=last)

    def place(self, value: float) -> float:
        """Return where a value stands along the bar, in per cent; what is beyond the bar stands at its end."""
        low, high = self.ends
        value = exp(value) if self.is_logarithm else value
        if self.unit in ("ratio", "quotient", "log odds ratio"):
            value, low, high = log(max(value, low)), log(low), log(high)
        return round(min(max(100 * (value - low) / (high - low), 0.0), 100.0), 2)


def _multiple(
    unit: Unit,
    statement: str,
    needs: str = "the whole interval above 1",
    thresholds: tuple[float, ...] = (1.0,),
    most: float = 5.0,
) -> Scale:
    return Scale(unit, statement, needs, thresholds, (1 / most, most))


_FIRST = Scale(
    "share",
    "of the firms that are in Beijing or in the closest other city, but not in both, are in Beijing",
    "more than 50%",
    (0.5,),
)

#: Claim → how its statistic is shown; one without a scale shows its numbers alone.
SCALES = {
    "1": Scale(
        "share",
        "of {list}'s deals have an investor with an office in Beijing",
        "an interval within 60% to 80% that reaches 65% to 75%",
        (0.65, 0.75),
    ),
    "2": Scale(
        "share", "of what Beijing and the closest other city have is in Beijing", "more than 50%", (0.5,), says_found=True
    ),
    "3a": _FIRST,
    "3b": Scale(
        "share", "of the major audit firms have an office in Beijing, and as many or more in Shanghai", "more than 50%", (0.5,)
    ),
    "3c": _FIRST,
    "4": _multiple("ratio", "times as many repeat founders as in the next city"),
    "5": _multiple("ratio", "times as many pairs as chance gives"),
    "6": _multiple(
        "log odds ratio",
        "times the odds of technology against finance among Beijing's returnees as among Shanghai's",
        thresholds=(0.0,),
        most=30,
    ),
    "7": Scale(
        "exponent",
        "the growth exponent, which is above 1 if the lead feeds itself, is {interval}",
        "the whole interval above 1.05, or a narrow one around 1 while the lead grows",
        (1.05,),
        (0.5, 1.5),
    ),
    "8": Scale(
        "chance",
        "the chance that another city is ahead of Beijing or overtakes it within five years is {interval}",
        "less than 5%, and below 25% throughout, both by more than the error of the simulation",
        (0.05, 0.25),
    ),
    "9": _multiple("quotient", "times as many gaming companies as the city's share of the list's companies would give"),
    "10": _multiple(
        "quotient",
        "times as many hardware companies as the city's share of the list's companies would give, and fewer internet companies",
    ),
    "11": Scale("share", "of the value of Hangzhou's technology companies is Alibaba's", "more than 50%", (0.5,)),
    "12a": _multiple("quotient", "times as many semiconductor companies as the city's share of the list's companies would give"),
    "12b": _multiple("quotient", "times as much outsourcing as in the country"),
    "12c": Scale("share", "of Dalian's outsourcing is for Japan", "more than 50%", (0.5,)),
    "13": _multiple(
        "ratio",
        "times as many new companies followed the approval of a park as would have without it, where schools are at their lower "
        "quartile",
        "an interval below 1.25 there, and more where they are strong",
        (1.25,),
    ),
    "14": Scale("chance", "Beijing's chance of ranking first is {interval}", "90%", (0.9,)),
    "15": _multiple(
        "ratio",
        "times as many new companies, unicorns and exits in Beijing as in the Bay Area",
        "the whole interval below 0.5",
        (0.5,),
        most=10.0,
    ),
}


def unit(claim: str) -> str:
    """Return what the statistic of a claim is."""
    return SCALES[claim].unit if claim in SCALES else "statistic"


def statistic(claim: str, value: float) -> str:
    """Return a value of a claim's statistic with two decimals, or as many more as tell it from a threshold."""
    return f"{value:.{decimals(value, 2, SCALES[claim].thresholds if claim in SCALES else ())}f}"


def ends(claim: str, low: float, high: float) -> str:
    """Return both ends of an interval of a claim's statistic; where they agree on a share near 1, a bound below it.

    Those of a chance are rounded outwards, as they are in per cent on the page.
    """
    if unit(claim) == "chance":
        low, high = outward(low, high, SCALES[claim].thresholds)
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
