"""The claims as sentences: what was measured, in its unit, against what the claim needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Any

import polars as pl

from pipelines.publish import claim_numbers, wording
from pipelines.publish.report.findings import told
from pipelines.publish.report.tables import Column
from pipelines.publish.texts import known, say
from pipelines.resolve import scope

EVIDENCE = [
    Column("period", "period"),
    Column("dataset", "source"),
    Column("measure", "measured"),
    Column("verdict", "verdict"),
    # Two decimals may be those of a threshold.
    Column("estimate", "statistic", 3),
    Column("low", "from", 3),
    Column("high", "to", 3),
    Column("range_is", "from and to are"),
    Column("n", "n"),
]


FIGURES = [
    Column("city", "city"),
    Column("metric", "figure"),
    Column("edition_or_year", "edition or year"),
    Column("value", "value"),
    Column("unit", "unit"),
    Column("is_list", "read by the index"),
    Column("confidence", "confidence"),
    Column("source", "source"),
    Column("url", "address"),
]

#: What others published → in words, where the name alone does not say it.
METRICS = {
    "hightech_enterprises": "high-tech enterprises",
    "japan_share_outsourcing": "share of outsourcing that is for Japan",
    "japan_share_software_exports": "share of software exports that goes to Japan",
    "national_online_game_share": "share of national online game sales",
    "national_software_share": "share of national software sales",
    "overseas_study_share": "share that studied overseas",
    "share_of_national_electronics": "share of national electronics",
    "share_of_vc_amount": "share of venture capital",
    "software_export_share": "exported share of software sales",
    "vc_received": "venture capital received",
}


@dataclass(frozen=True)
class Scale:
    """How the statistic of a claim is written and drawn.

    ``unit`` follows the interval in a sentence, or is the sentence with a place for it; ``needs`` says in words what
    ``supported_if`` asks of it, ``ends`` are those of the bar, and ``thresholds`` are drawn on it as marks. ``says_found``: what
    was counted stands before it.
    """

    unit: str
    needs: str
    ends: tuple[float, float]
    is_share: bool = False
    is_chance: bool = False
    is_multiple: bool = False
    is_logarithm: bool = False
    says_found: bool = False
    thresholds: tuple[float, ...] = ()

    def text(self, value: float) -> str:
        """Return a value as a reader meets it, with more digits where it would be rounded to a threshold."""
        number, fewest = (exp(value), 1) if self.is_logarithm else (value, 2)
        digits = claim_numbers.decimals(number, fewest, [exp(one) if self.is_logarithm else one for one in self.thresholds])
        if digits == fewest and self.is_logarithm:
            return wording.times(number)
        if digits == fewest and self.is_chance:
            return wording.chance(number)
        return f"{number:.{digits - 2}%}" if self.is_share or self.is_chance else f"{number:.{digits}f}".rstrip("0").rstrip(".")

    def interval(self, low: float, high: float) -> str:
        """Return an interval; of a chance that may be certain, the lower end."""
        if self.is_chance:
            low, high = claim_numbers.outward(low, high, self.thresholds)
        first, last = self.text(low), self.text(high)
        if self.is_chance and last.startswith(">") and low >= 0.5:
            return wording.at_least(low)
        return first if first == last else say("{low} to {high}", low=first, high=last)

    def place(self, value: float) -> float:
        """Return where a value stands along the bar, in per cent; what is beyond the bar stands at its end."""
        low, high = self.ends
        value = exp(value) if self.is_logarithm else value
        if self.is_multiple:
            value, low, high = log(max(value, low)), log(low), log(high)
        return round(min(max(100 * (value - low) / (high - low), 0.0), 100.0), 2)


def _share(unit: str, needs: str, says_found: bool = False) -> Scale:
    return Scale(unit, needs, (0.0, 1.0), is_share=True, says_found=says_found)


def _chance(unit: str, needs: str) -> Scale:
    return Scale(unit, needs, (0.0, 1.0), is_chance=True)


def _multiple(unit: str, needs: str = "the whole interval above 1", most: float = 5.0, is_logarithm: bool = False) -> Scale:
    return Scale(unit, needs, (1 / most, most), is_multiple=True, is_logarithm=is_logarithm)


_FIRST = _share("of the firms that are in Beijing or in the closest other city, but not in both, are in Beijing", "more than 50%")


def _with_thresholds(scales: dict[str, Scale]) -> dict[str, Scale]:
    return {claim: replace(scale, thresholds=claim_numbers.THRESHOLDS[claim]) for claim, scale in scales.items()}


#: Claim → how its statistic is shown; one without a scale shows its numbers alone.
SCALES = _with_thresholds({
    "1": _share(
        "of {list}'s deals have an investor with an office in Beijing",
        "an interval within 60% to 80% that reaches 65% to 75%",
    ),
    "2": _share("of what Beijing and the closest other city have is in Beijing", "more than 50%", says_found=True),
    "3a": _FIRST,
    "3b": _share("of the major audit firms have an office in Beijing, and as many or more in Shanghai", "more than 50%"),
    "3c": _FIRST,
    "4": _multiple("times as many repeat founders as in the next city"),
    "5": _multiple("times as many pairs as chance gives"),
    "6": _multiple(
        "times the odds of technology against finance among Beijing's returnees as among Shanghai's", most=30, is_logarithm=True
    ),
    "7": Scale(
        "the growth exponent, which is above 1 if the lead feeds itself, is {interval}",
        "the whole interval above 1.05, or a narrow one around 1 while the lead grows",
        (0.5, 1.5),
    ),
    "8": _chance(
        "the chance that another city is ahead of Beijing or overtakes it within five years is {interval}",
        "less than 5%, and below 25% throughout",
    ),
    "9": _multiple("times as many gaming companies as a city of that size would have"),
    "10": _multiple("times as many hardware companies as a city of that size would have, and fewer internet companies"),
    "11": _share("of the value of Hangzhou's technology companies is Alibaba's", "more than 50%"),
    "12a": _multiple("times as many semiconductor companies as a city of that size would have"),
    "12b": _multiple("times as much outsourcing as in the country"),
    "12c": _share("of Dalian's outsourcing is for Japan", "more than 50%"),
    "13": _multiple(
        "times as many new companies followed the approval of a park as would have without it, where schools are at their lower "
        "quartile",
        "an interval below 1.25 there, and more where they are strong",
    ),
    "14": _chance("Beijing's chance of ranking first is {interval}", "90%"),
    "15": _multiple(
        "times as many new companies, unicorns and exits in Beijing as in the Bay Area", "the whole interval below 0.5", most=10.0
    ),
})  # fmt: skip


def cards(country: str, scorecard: pl.DataFrame, evidence: pl.DataFrame, figures: pl.DataFrame) -> dict[str, Any]:
    """Return each claim with its periods, what each source says and what others published; none where the scope is another."""
    columns = {"evidence_columns": EVIDENCE, "figure_columns": FIGURES}
    if country not in (scope.CURATED, scope.WORLD):
        return {"claims": [], "tally": ""} | columns
    said = figures.with_columns(pl.col("metric").replace(METRICS).str.replace_all("_", " "))
    periods: dict[str, list[dict[str, Any]]] = {}
    for row in scorecard.iter_rows(named=True):
        periods.setdefault(row["claim"], []).append(
            {"dataset": None, "agreement": None} | row | _shown(row, _readings(row, evidence)) | {"counted": _counted(row)}
        )
    claims = [
        rows[-1]
        | {"periods": rows[::-1], "evidence": evidence if evidence.is_empty() else evidence.filter(pl.col("claim") == claim)}
        | {"figures": said.filter(pl.col("claim") == claim)}
        for claim, rows in periods.items()
    ]
    return {"claims": claims, "tally": tally(claims)} | columns


def tally(claims: list[dict[str, Any]]) -> str:
    """Return all verdicts in one sentence, and the years that most of them are of."""
    verdicts = [claim["verdict"] for claim in claims]
    count = {verdict: verdicts.count(verdict) for verdict in wording.VERDICTS}
    against = count["contradicted"]
    refuted = (
        say("{number} does not" if against == 1 else "{number} do not", number=against) if against else say("none is refuted")
    )
    disagree = say("lists disagree on {number}, ", number=count["lists disagree"]) if count["lists disagree"] else ""
    return say(
        "Of the {all} parts of the argument, {holds} hold in {years}, {refuted}, {disagree}the data cannot decide {undecided}, "
        "and {lacking} cannot be tested.",
        all=len(verdicts),
        years=wording.usual_years(claims),
        holds=count["supported"],
        refuted=refuted,
        disagree=disagree,
        undecided=count["not separable"],
        lacking=count["no data"] + count["not testable here"],
    )


def _counted(row: dict[str, Any]) -> str:
    """Return what was found and counted."""
    return told("; ".join(filter(None, (row["found"], row["detail"]))))


def _readings(row: dict[str, Any], evidence: pl.DataFrame) -> list[dict[str, Any]]:
    """Return what the deciding list gives in the period where the words of the claim mean something else."""
    if "reading" not in evidence.columns:
        return []
    of_row = [pl.col(name) == row[name] for name in ("claim", "period", "dataset")]
    return evidence.filter(*of_row).drop_nulls(["reading", "low"]).sort("estimate", descending=True).to_dicts()


def _shown(row: dict[str, Any], readings: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return the sentence on what was measured, and the bar of its range."""
    scale, range_is = SCALES.get(row["claim"]), row.get("range_is")
    if scale is None or row["estimate"] is None or row["verdict"] == "lists disagree":
        return {"sentence": wording.sentence(told(row["found"])), "bar": None, "readings": ""}
    sentences = []
    if range_is == "range of published figures" or scale.says_found:
        sentences.append(wording.sentence(told(row["found"])))
    if row["low"] is None:
        sentences.append(wording.sentence(_statement(scale, scale.text(row["estimate"]), row)))
        return {"sentence": " ".join(sentences), "bar": None, "readings": ""}
    if range_is != "range of published figures":
        sentences.append(
            say(
                "{statement} (best guess {value}). The claim needs {needs}.",
                statement=_statement(scale, scale.interval(row["low"], row["high"]), row),
                value=scale.text(row["estimate"]),
                needs=say(scale.needs),
            )
        )
    if range_is in claim_numbers.RANGES:
        sentences.append(say(claim_numbers.RANGES[range_is]))
    if row.get("bound_low") is not None:
        bounds = scale.interval(row["bound_low"], row["bound_high"])
        sentences.append(say("With what is not known taken either way: {bounds}.", bounds=bounds))
    if row.get("is_partly_undated"):
        sentences.append(say("Part of it is by lists without dates, as they are today."))
    read = say("; ").join(_reading(scale, reading) for reading in readings)
    other = say("By other readings of its words: {readings}.", readings=read) if readings else ""
    return {"sentence": " ".join(sentences), "bar": _bar(scale, row), "readings": other}


def _statement(scale: Scale, interval: str, row: dict[str, Any]) -> str:
    """Return what was measured, as it begins a sentence."""
    if "{interval}" in scale.unit:
        said = say(scale.unit, interval=interval)
        return f"{said[:1].upper()}{said[1:]}"
    return say("{interval} {unit}", interval=interval, unit=say(scale.unit, list=known(row.get("dataset") or "")))


def _reading(scale: Scale, row: dict[str, Any]) -> str:
    return say(
        "{reading} {interval} ({verdict})",
        reading=say(row["reading"]),
        interval=scale.interval(row["low"], row["high"]),
        verdict=say(wording.VERDICTS[row["verdict"]]),
    )


def _bar(scale: Scale, row: dict[str, Any]) -> dict[str, Any]:
    left, right = scale.place(row["low"]), scale.place(row["high"])
    return {
        "left": left,
        "width": max(right - left, 0.8),
        "at": scale.place(row["estimate"]),
        "marks": [scale.place(threshold) for threshold in scale.thresholds],
    }
