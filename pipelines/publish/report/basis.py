"""Say what the answer rests on: which indicators are compared, which sources count them, and what is inferred."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipelines.publish.texts import known, say
from pipelines.publish.wording import listed

#: Quantity of new companies; only its indicators say anything of the number of start-ups.
_START_UPS = "founders"


def _with_benchmark(indicators: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in indicators if row["measure"] == "Readiness" and row["goalpost"] != "leader"]


def start_ups(indicators: Sequence[dict[str, Any]]) -> str:
    """Return which of the indicators compared (also quantity) are on new companies: the distance does not count them alone."""
    shared = _with_benchmark(indicators)
    names = [say(row["name"]).lower() for row in shared if row["quantity"] == _START_UPS]
    if not names:
        return say("It counts no start-ups.")
    text = "It is not a count of start-ups, which enter {number} of these {all} indicators ({names})."
    return say(text, names=listed(names), number=len(names), all=len(shared))


def shared_sources(rows: Sequence[dict[str, Any]]) -> str:
    """Return why the distances of cities overlap: how little counts both them and the benchmark.

    ``rows`` has indicator and source, for each that counts the indicator both in a city shown and in the benchmark.
    """
    of_indicator: dict[str, list[str]] = {}
    for row in rows:
        of_indicator.setdefault(row["indicator"], []).append(row["source"])
    alone = Counter(sources[0] for sources in of_indicator.values() if len(sources) == 1)
    if not alone:
        return say(_FEW_LISTS)
    source, number = max(alone.items(), key=lambda pair: (pair[1], pair[0]))
    name = say("the project's own register") if source == "register" else known(source)
    return say(_ONE_SOURCE, source=name, number=number, all=len(of_indicator))


_FEW_LISTS = (
    "The distances overlap because few lists count both these cities and the Bay Area: that doubt moves all of them together and "
    "leaves their order as it is."
)
_ONE_SOURCE = (
    "The distances overlap because {source} alone counts both these cities and the Bay Area on {number} of the {all} indicators "
    "compared: that doubt moves all of them together and leaves their order as it is."
)


def rests_on(lists: Sequence[dict[str, Any]], indicators: Sequence[dict[str, Any]]) -> str:
    """Return what counts the indicators of Readiness, and how many reports print totals of what came of it alone.

    Args:
        lists: quantity, dataset, list.
        indicators: quantity, measure.
    """
    others = len(_reports(lists) - _reports(_of_readiness(lists, indicators)))
    text = of_readiness(lists, indicators)
    text = say("{text}.", text=f"{text[:1].upper()}{text[1:]}")
    return f"{text} {say(_ALSO, others=others)}" if others else text


def of_readiness(lists: Sequence[dict[str, Any]], indicators: Sequence[dict[str, Any]]) -> str:
    """Return of how many sources the lists of Readiness are, and how many reports that print totals there are besides."""
    counting = _of_readiness(lists, indicators)
    sources, reports = {row["dataset"] for row in counting if not _is_report(row)}, _reports(counting)
    text = "{sources} sources, one of them the project's own" if "register" in sources else "{sources} sources"
    parts = [say(text, sources=len(sources))]
    if reports:
        text = "1 report" if len(reports) == 1 else "{reports} reports"
        parts.append(say(text, reports=len(reports)))
    return say(", and ").join(parts)


def _of_readiness(lists: Sequence[dict[str, Any]], indicators: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lists that count an indicator of Readiness, or the residents that some are set against."""
    quantities = {row["quantity"].replace("_", " ") for row in indicators if row["measure"] == "Readiness"} | {"population"}
    return [row for row in lists if row["quantity"].replace("_", " ") in quantities]


def _is_report(row: dict[str, Any]) -> bool:
    return row["list"].startswith("published: ")


def _reports(lists: Sequence[dict[str, Any]]) -> set[str]:
    return {row["list"] for row in lists if _is_report(row)}


_ALSO = "{others} more reports count only in what came of it (Realised)."


def inferred_ranks(ranking: Sequence[dict[str, Any]]) -> str:
    """Return from which rank on ranks compare less well than their intervals say, as much of the cities there is inferred.

    ``ranking`` has rank, n_uncounted and n_indicators, by rank; nothing is said where lists count every indicator everywhere.
    """
    inferred = [row for row in ranking if row["n_uncounted"]]
    if not inferred:
        return ""
    most = max(inferred, key=lambda row: row["n_uncounted"])
    number = sum(row["n_uncounted"] == most["n_uncounted"] for row in ranking)
    values = {"rank": inferred[0]["rank"], "cities": number, "number": most["n_uncounted"], "all": most["n_indicators"]}
    return say(_COMPARE_LESS, **values)


_COMPARE_LESS = (
    "From rank {rank} on, ranks compare less well than their intervals say, since some of the indicators there are inferred: "
    "{number} of {all} in {cities} of the cities."
)
