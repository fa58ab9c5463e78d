"""The claims as sentences: what was measured, in its unit, against what the claim needs."""

from collections.abc import Sequence
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


def cards(
    country: str, scorecard: pl.DataFrame, evidence: pl.DataFrame, figures: pl.DataFrame, ranking: pl.DataFrame
) -> dict[str, Any]:
    """Return each claim with its periods, what each source says and what others published; none where the scope is another."""
    columns = {"evidence_columns": EVIDENCE, "figure_columns": FIGURES}
    if country not in (scope.CURATED, scope.WORLD):
        return {"claims": [], "tally": ""} | columns
    said = figures.with_columns(pl.col("metric").replace(METRICS).str.replace_all("_", " "))
    judged = evidence if evidence.is_empty() else evidence.with_columns(pl.col("verdict").replace(wording.VERDICTS))
    periods: dict[str, list[dict[str, Any]]] = {}
    for row in scorecard.iter_rows(named=True):
        periods.setdefault(row["claim"], []).append(
            {"dataset": None, "agreement": None}
            | row
            | _shown(row, _readings(row, evidence), _by_other_ways(row, ranking))
            | {"counted": counted(row)}
        )
    claims = [
        rows[-1]
        | {"periods": rows[::-1], "evidence": judged if judged.is_empty() else judged.filter(pl.col("claim") == claim)}
        | {"figures": said.filter(pl.col("claim") == claim)}
        for claim, rows in periods.items()
    ]
    return {"claims": claims, "tally": tally(claims)} | columns


def sentences(row: dict[str, Any], evidence: pl.DataFrame, ranking: pl.DataFrame) -> str:
    """Return what was measured for a row of the scorecard, and what other readings of the claim's words would give."""
    shown = _shown(row, _readings(row, evidence), _by_other_ways(row, ranking))
    return " ".join(filter(None, (shown["sentence"], shown["readings"])))


def counted(row: dict[str, Any]) -> str:
    """Return what was found and counted."""
    return told("; ".join(filter(None, (row["found"], row["detail"]))))


def tally(claims: list[dict[str, Any]]) -> str:
    """Return all verdicts in a sentence or two: first what can be tested, and the years that most of the claims are of."""
    verdicts = [claim["verdict"] for claim in claims]
    count = {verdict: verdicts.count(verdict) for verdict in wording.VERDICTS}
    lacking = count["no data"] + count["not testable here"]
    against = count["contradicted"]
    refuted = (
        say("{number} does not" if against == 1 else "{number} do not", number=against) if against else say("none is refuted")
    )
    disagree = say("lists disagree on {number}, ", number=count["lists disagree"]) if count["lists disagree"] else ""
    found = say(
        "Of the {all} parts of the argument, {tested} can be tested in {years}: {holds} hold, {refuted}, {disagree}and the data "
        "cannot decide {undecided}.",
        all=len(verdicts),
        tested=len(verdicts) - lacking,
        years=wording.usual_years(claims),
        holds=count["supported"],
        refuted=refuted,
        disagree=disagree,
        undecided=count["not separable"],
    )
    return f"{found} {say(_UNTESTED, number=lacking)}" if lacking else found


_UNTESTED = "The other {number} cannot be tested."


def _readings(row: dict[str, Any], evidence: pl.DataFrame) -> list[dict[str, Any]]:
    """Return what the deciding list gives in the period where the words of the claim mean something else."""
    if "reading" not in evidence.columns:
        return []
    of_row = [pl.col(name) == row[name] for name in ("claim", "period", "dataset")]
    return evidence.filter(*of_row).drop_nulls(["reading", "low"]).sort("estimate", descending=True).to_dicts()


def _by_other_ways(row: dict[str, Any], ranking: pl.DataFrame) -> str:
    """Return what the chance of claim 14 is by other ways to make the score, which are of the headline year; else nothing."""
    if row["claim"] != "14" or row["period"] != "current" or row["low"] is None or ranking.is_empty():
        return ""
    beijing = ranking.filter(pl.col("city") == "Beijing").to_dicts()
    if not beijing or beijing[0]["p_first_low"] is None:
        return ""
    (least,) = claim_numbers.SCALES["14"].thresholds
    text = _SOME_UNDECIDED if beijing[0]["p_first_low"] < least <= row["low"] else _IN_OTHER_WAYS
    return say(text, range=wording.over_other_ways(beijing[0]), least=f"{least:.0%}")


_IN_OTHER_WAYS = "Scored in other ways it is {range}."
_SOME_UNDECIDED = "Scored in other ways it is {range}: undecided below {least}."


def _shown(row: dict[str, Any], readings: Sequence[dict[str, Any]] = (), by_other_ways: str = "") -> dict[str, Any]:
    """Return the sentence on what was measured, and the bar of its range."""
    scale, range_is = claim_numbers.SCALES.get(row["claim"]), row.get("range_is")
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
    if by_other_ways:
        sentences.append(by_other_ways)
    if row.get("bound_low") is not None:
        bounds = scale.interval(row["bound_low"], row["bound_high"])
        sentences.append(say("With what is not known taken either way: {bounds}.", bounds=bounds))
    if row.get("is_partly_undated"):
        sentences.append(say("Part of it is by lists of another year or without one."))
    read = say("; ").join(_reading(scale, reading) for reading in readings)
    other = say("By other readings of its words: {readings}.", readings=read) if readings else ""
    return {"sentence": " ".join(sentences), "bar": _bar(scale, row), "readings": other}


def _statement(scale: claim_numbers.Scale, interval: str, row: dict[str, Any]) -> str:
    """Return what was measured, as it begins a sentence."""
    if "{interval}" in scale.statement:
        said = say(scale.statement, interval=interval)
        return f"{said[:1].upper()}{said[1:]}"
    return say("{interval} {unit}", interval=interval, unit=say(scale.statement, list=known(row.get("dataset") or "")))


def _reading(scale: claim_numbers.Scale, row: dict[str, Any]) -> str:
    return say(
        "{reading} {interval} ({verdict})",
        reading=say(row["reading"]),
        interval=scale.interval(row["low"], row["high"]),
        verdict=say(wording.VERDICTS[row["verdict"]]),
    )


def _bar(scale: claim_numbers.Scale, row: dict[str, Any]) -> dict[str, Any]:
    left, right = scale.place(row["low"]), scale.place(row["high"])
    return {
        "left": left,
        "width": max(right - left, 0.8),
        "at": scale.place(row["estimate"]),
        "marks": [scale.place(threshold) for threshold in scale.thresholds],
    }
