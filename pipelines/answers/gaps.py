"""Say what a city lacks: a rank, or lists that count it."""

from collections.abc import Sequence
from typing import Any

from pipelines.index import BENCHMARK
from pipelines.publish import distances, wording
from pipelines.publish.texts import city_name, say


def standing(city: str, total: dict[str, Any], year: int, inputs: Sequence[dict[str, Any]]) -> list[str]:
    """Return why a city has no rank, if it has none, and how far it is from the benchmark, which is in no distance from itself.

    ``total`` is its Readiness, a row of ``standing`` of the year, and ``inputs`` are its rows of ``why``.
    """
    said = []
    if total["rank"] is None and city == BENCHMARK:
        ends = {name: f"{total[name]:.0f}" for name in ("score", "score_low", "score_high")}
        said.append(say(_BENCHMARK, city=city_name(city), year=year, **ends))
    elif total["rank"] is None:
        said.append(without_rank(city, total["score_low"], total["score_high"], inputs))
    if total["times_less"] is not None:
        said += filter(None, [distances.how_far({"city": city} | total, BENCHMARK), distances.inferred(total)])
    return said


_BENCHMARK = "{city} is what cities are compared with; its Readiness in {year} is {score} ({score_low} to {score_high})."


def without_rank(city: str, low: float, high: float, inputs: Sequence[dict[str, Any]]) -> str:
    """Return why a city with scores has no rank, and what it lacks; ``inputs`` are its rows of ``why``."""
    said = say(
        "{city} has no rank: its Readiness may be anything from {low} to {high}, which is too wide for one.",
        city=city_name(city),
        low=f"{low:.0f}",
        high=f"{high:.0f}",
    )
    inferred = [row["name"] for row in inputs if row["status"] == "inferred"]
    if inferred:
        said += say(" No list counts its {names}.", names=wording.listed([say(name).lower() for name in inferred]))
    wanted = sorted((row["rows_to_halve"], row["name"]) for row in inputs if row["rows_to_halve"] is not None)
    for rows_to_halve, name in wanted[:1]:
        text = " {rows} further rows of a complete list would halve the uncertainty of {name} against other cities."
        said += say(
            text.replace("{rows} further rows", "1 further row") if rows_to_halve == 1 else text,
            rows=f"{rows_to_halve:,}",
            name=say(name).lower(),
        )
    return said


def above(ours: dict[str, Any], theirs: dict[str, Any], share: float | None) -> float:
    """Return the share of the draws in which the first of two cities is above the other.

    In a year without it, the intervals of two ranks (rank, rank_low, rank_high) decide: 1 or 0 where they do not overlap, as the
    chance that the first is above; else a half.
    """
    if share is not None:
        return share
    if None in (ours["rank"], theirs["rank"]):
        return 0.5
    return 1.0 if ours["rank_high"] < theirs["rank_low"] else 0.0 if theirs["rank_high"] < ours["rank_low"] else 0.5
