"""Say how far a city is from the benchmark, in a sentence that claims no more than the interval carries."""

from typing import Any

from pipelines.publish.texts import city_name, say
from pipelines.publish.wording import LEAST, times

#: A city has about as much as the benchmark between these numbers of times less: with two digits, neither has a fifth more.
ALIKE = (5 / 6, 6 / 5)


def how_far(row: dict[str, Any], benchmark: str) -> str:
    """Return how many times as much the benchmark has as the city of a row in the same year (``index.distance``).

    The interval goes with it; where it has 1 inside, which of the two has more is not known.
    """
    less, low, high = row["times_less"], row["times_less_low"], row["times_less_high"]
    names = {"city": city_name(row["city"]), "benchmark": city_name(benchmark)}
    if low >= LEAST:
        return say(_FAR_BEHIND, least=f"{LEAST:,}", **names)
    if less >= LEAST:
        return say(_FAR, least=f"{LEAST:,}", low=times(low), **names)
    is_ahead = less < ALIKE[0]
    known, unknown = _AHEAD if is_ahead else _LEVEL if less < ALIKE[1] else _BEHIND
    return say(
        unknown if low < 1 < high else known,
        times=times(1 / less if is_ahead else less),
        low=times(1 / high if is_ahead else low),
        high=times(1 / low if is_ahead else high),
        **names,
    )


def inferred(row: dict[str, Any]) -> str:
    """Return how many of the indicators that a distance rests on lists count in the city (``index.distance``), if not all."""
    if not row["n_inferred"]:
        return ""
    text = "Of the {all} indicators compared, lists count {counted} there; the rest is inferred."
    return say(text, all=row["n_compared"], counted=row["n_compared"] - row["n_inferred"])


#: How far a city is that has less than the benchmark, about as much, or more: where that is sure, and where it is not.
_BEHIND = (
    "The {benchmark} has {times} times as much of these conditions as {city}, on average (90% interval: {low} to {high} times).",
    "The {benchmark} has {times} times as much of these conditions as {city}, on average (90% interval: {low} to {high} times): "
    "which has more is not known.",
)
_FAR = (
    "The {benchmark} has more than {least} times as much of these conditions as {city}, on average (90% interval: {low} times or "
    "more)."
)
_FAR_BEHIND = "The {benchmark} has more than {least} times as much of these conditions as {city}, on average."
_LEVEL = (
    "The {benchmark} and {city} have about as much of these conditions, on average (90% interval: the {benchmark} has {low} to "
    "{high} times as much).",
    "The {benchmark} and {city} may have as much of these conditions, on average (90% interval: the {benchmark} has {low} to "
    "{high} times as much).",
)
_AHEAD = (
    "{city} has {times} times as much of these conditions as the {benchmark}, on average (90% interval: {low} to {high} times).",
    "{city} has {times} times as much of these conditions as the {benchmark}, on average (90% interval: {low} to {high} times): "
    "which has more is not known.",
)
