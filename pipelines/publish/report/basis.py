"""Say what the answer rests on: which indicators are compared, which sources count them, and what is inferred."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.index import FIRST_YEAR
from pipelines.publish.texts import city_name, say
from pipelines.publish.wording import compared, list_name, listed

#: What to know of the scores of small cities, beside a table that has them.
END_OF_SCALE = (
    "Below about 20 points neither the rank nor “ten points less is half as much” means much, since the scale ends at 0."
)

#: Rows from which the register is read as covering a city (``pipelines.index.measurement.measured``).
LEAST_ROWS = 10

#: Quantity of new companies.
_NEW_COMPANIES = "founders"


def what_counts(indicators: Sequence[dict[str, Any]], ranking: Sequence[dict[str, Any]]) -> str:
    """Return over what a distance is a mean: how many indicators, how many of them are new companies, and that none is money."""
    shared = [row for row in indicators if row["measure"] == "Readiness" and row["goalpost"] != "leader"]
    new = sum(row["quantity"] == _NEW_COMPANIES for row in shared)
    over = say(_MEAN_OVER, number=len(shared), new=new, compared=compared(indicators))
    return f"{over} {say(_NO_MONEY_IN_CHINA if any(row['city'] == _MEASURED_IN_MONEY for row in ranking) else _NO_MONEY)}"


_MEAN_OVER = (
    "“Times as much” is the average ratio over the {number} indicators that both have{compared}; {new} of them count companies "
    "of any trade that some list names."
)
#: City whose venture capital a source sets against that of the benchmark (core.published_statistics).
_MEASURED_IN_MONEY = "Beijing"
_NO_MONEY = "It counts deals and companies, not money."
_NO_MONEY_IN_CHINA = (
    "It counts deals and companies, not money: of money, one study gave the Bay Area about 14 times Beijing's in 2012."
)


def counted_up_to(indicators: Sequence[dict[str, Any]]) -> str:
    """Return which indicators of Readiness no list counts up to the headline year; nothing where all are.

    ``indicators`` have measure, name, last_year and headline_year.
    """
    of_year: dict[int, list[str]] = {}
    for row in indicators:
        if row["measure"] == "Readiness" and (row["last_year"] or row["headline_year"]) < row["headline_year"]:
            of_year.setdefault(row["last_year"], []).append(say(row["name"]).lower())
    if not of_year:
        return ""
    parts = [say("in {year} for {names}", year=year, names=listed(names)) for year, names in sorted(of_year.items())]
    return say("Lists end {parts}.", parts=say("; ").join(parts))


def old_year(year: int, made: int, place: str) -> str:
    """Return why the ranking is of a year so long before the one in which it was made; nothing if it is not.

    ``place`` is the name of what is ranked.
    """
    return say(_OLD_YEAR, year=year, place=place) if made - year > _RECENT else ""


#: Years after which a ranking is old.
_RECENT = 7
_OLD_YEAR = "{year} is the last year of which lists count enough deals in {place}: what happened since is not in the ranking."


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
    name = say("the project's own register") if source == "register" else list_name(source)
    return say(_ONE_SOURCE, source=name, number=number, all=len(of_indicator))


_FEW_LISTS = "How far each city is from the Bay Area is less certain than its rank, since few lists count both."
_ONE_SOURCE = (
    "How far each city is from the Bay Area is less certain than its rank: on {number} of {all} indicators, {source} alone "
    "counts both."
)


def rests_on(lists: Sequence[dict[str, Any]], indicators: Sequence[dict[str, Any]]) -> str:
    """Return where the lists are from, and how many sources and reports count no city of the scope, or Realised alone.

    Args:
        lists: quantity, dataset, list, is_report, is_in_scope.
        indicators: quantity, measure.
    """
    readiness, here = _of_readiness(lists, indicators), [row for row in lists if row["is_in_scope"]]
    notes = []
    for of_kind, texts in ((_sources, _OF_SOURCES), (_reports, _OF_REPORTS)):
        whole, of_readiness = of_kind(lists), of_kind(readiness)
        numbers = len(whole - of_readiness), len(of_readiness - of_kind(here))
        told = [_of(number, text) for number, text in zip(numbers, texts, strict=True) if number]
        notes.append(say(" ({notes})", notes=say(", ").join(told)) if told else "")
    parts = [part + note for part, note in zip(_parts(lists), notes, strict=False)]
    return say("{lists} lists: {parts}.", lists=len(lists), parts=say(", ").join(parts))


#: What sources, and reports, do not count. Several lists are from one source, so a number of sources says so.
_OF_SOURCES = ("{number} sources for Realised alone", "{number} sources without a city here")
_OF_REPORTS = ("{number} for Realised alone", "{number} without a city here")


def _of(number: int, text: str) -> str:
    return say(text.replace("{number} sources", "1 source") if number == 1 else text, number=number)


def _parts(lists: Sequence[dict[str, Any]]) -> list[str]:
    printed = sum(row["is_report"] for row in lists)
    sources = len(_sources(lists))
    text = "{number} from 1 source" if sources == 1 else "{number} from {sources} sources"
    of_sources = say(text, number=len(lists) - printed, sources=sources)
    return [of_sources, say("{number} from reports", number=printed)] if printed else [of_sources]


def of_readiness(lists: Sequence[dict[str, Any]], indicators: Sequence[dict[str, Any]]) -> str:
    """Return how many sources, and reports that print totals, count Readiness in the scope."""
    counting = [row for row in _of_readiness(lists, indicators) if row["is_in_scope"]]
    sources, reports = _sources(counting), _reports(counting)
    if len(sources) == 1:
        text = "1 source, the project's own" if "register" in sources else "1 source"
    else:
        text = "{sources} sources, one of them the project's own" if "register" in sources else "{sources} sources"
    parts = [say(text, sources=len(sources))]
    if reports:
        text = "1 report" if len(reports) == 1 else "{reports} reports"
        parts.append(say(text, reports=len(reports)))
    return say(", and ").join(parts)


def register_alone(shares: Sequence[dict[str, Any]]) -> str:
    """Return how much of the score of the leading cities (share) nothing but the register counts; nothing where that is none."""
    if not any(row["share"] for row in shares):
        return ""
    low, high = (f"{end(row['share'] for row in shares):.0%}" for end in (min, max))
    share = low if low == high else say("{low} to {high}", low=low, high=high)
    return say(_ALONE_IN_ONE if len(shares) == 1 else _ALONE, share=share, number=len(shares))


_ALONE_IN_ONE = "Of the weight of Readiness {share} rests on what the project's own register alone counts."
_ALONE = (
    "In the cities of rank 1 to {number}, {share} of the weight of Readiness rests on what the project's own register alone "
    "counts."
)


def only_in(benchmark: str, rows: Sequence[dict[str, Any]]) -> str:
    """Return which indicators (name, share) lists count in the benchmark alone; nothing where there are none."""
    if not rows:
        return ""
    names, share = listed([say(row["name"]).lower() for row in rows]), f"{sum(row['share'] for row in rows):.0%}"
    return say(_ONLY_IN_BENCHMARK, benchmark=city_name(benchmark), names=names, share=share)


_ONLY_IN_BENCHMARK = (
    "Outside the {benchmark} no list counts {names}: these, with {share} of the weight of Readiness, are inferred from what else "
    "a city has."
)


def unmeasured(rows: Sequence[dict[str, Any]]) -> str:
    """Return which cities are left out although lists know much of them; nothing where there are none."""
    if not rows:
        return ""
    return say(_ONE_UNMEASURED if len(rows) == 1 else _UNMEASURED, cities=listed([city_name(row["city"]) for row in rows]))


_ONE_UNMEASURED = (
    "Not ranked, since too few lists name it, is {cities}, although a list has more deals of it than any has of a quarter of the "
    "ranked cities."
)

_UNMEASURED = (
    "Not ranked, since too few lists name them, are {cities}, although a list has more deals of each of them than any has of a "
    "quarter of the ranked cities."
)


def none_counted(is_dated: bool) -> str:
    """Return that lists look at a city and count none; of what they date, since when, as rows of years before may stand below."""
    return say("none counted since {year}", year=FIRST_YEAR) if is_dated else say("none counted")


def halves(indicator: str, counted: float | None) -> str:
    """Return why a city has a part of a university; nothing where what a complete list counts there is whole."""
    return say(_HALVES) if indicator == "elite_universities" and (counted or 0) % 1 else ""


_HALVES = "two universities that are one entry of the list count half each"


def _of_readiness(lists: Sequence[dict[str, Any]], indicators: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lists that count an indicator of Readiness, or the residents that some are set against."""
    quantities = {row["quantity"].replace("_", " ") for row in indicators if row["measure"] == "Readiness"} | {"population"}
    return [row for row in lists if row["quantity"].replace("_", " ") in quantities]


def counting(lists: Sequence[dict[str, Any]], number: int) -> str:
    """Return how many sources there are, and how many of them the lists are from."""
    return say(_SOURCES, number=number, counting=len(_sources(lists)))


_SOURCES = (
    "{number} sources with licence and date; the lists are from {counting} of them, the others say what names and places mean, "
    "or stand beside"
)


def _sources(lists: Iterable[dict[str, Any]]) -> set[str]:
    return {row["dataset"] for row in lists if not row["is_report"]}


def _reports(lists: Iterable[dict[str, Any]]) -> set[str]:
    return {row["list"] for row in lists if row["is_report"]}


def inferred_ranks(ranking: Sequence[dict[str, Any]]) -> str:
    """Return from which rank on ranks are less certain than their intervals say, as much of the cities there is inferred.

    ``ranking`` has rank, n_uncounted, n_indicators and inferred_weight, by rank; nothing is said where lists count every
    indicator everywhere. Of how many indicators are inferred, the most common number stands for the others.
    """
    inferred = [row for row in ranking if row["n_uncounted"]]
    if not inferred:
        return ""
    ((common, _),) = Counter(row["n_uncounted"] for row in inferred).most_common(1)
    such = [row for row in inferred if row["n_uncounted"] >= common]
    least = min(such, key=lambda row: row["inferred_weight"])
    values = {"rank": inferred[0]["rank"], "cities": len(such), "number": common, "all": least["n_indicators"]}
    values["share"] = f"{least['inferred_weight']:.0%}"
    return say(_COMPARE_LESS if all(row["n_uncounted"] == common for row in such) else _OR_MORE, **values)


_COMPARE_LESS = (
    "From rank {rank} down, no list counts some indicators of many cities, so these are inferred: in {cities} cities {number} of "
    "the {all}, with {share} of the weight. Ranks of such cities are less certain than their intervals say."
)
_OR_MORE = (
    "From rank {rank} down, no list counts some indicators of many cities, so these are inferred: in {cities} cities {number} or "
    "more of the {all}, with at least {share} of the weight. Ranks of such cities are less certain than their intervals say."
)


def hinges(rows: int | None) -> str:
    """Return the warning for a city on which the register has too few rows or hardly enough; an empty text otherwise."""
    if rows is None or rows >= 2 * LEAST_ROWS:
        return ""
    text = _COUNTS_BARELY if rows >= LEAST_ROWS else _TOO_LITTLE
    return say(text.replace("{rows} rows", "1 row") if rows == 1 else text, rows=rows, least=LEAST_ROWS)


_COUNTS_BARELY = (
    "The project's own register has {rows} rows on this city, a deal of several investors counted in parts; from {least} on it "
    "is read as covering a city. With fewer, what it counts here would be inferred, and the score could differ by more than its "
    "interval says."
)
_TOO_LITTLE = (
    "The project's own register has {rows} rows on this city, a deal of several investors counted in parts. From {least} on it "
    "would be read as covering it, and the score could then differ by more than its interval says."
)
