"""Numbers to words by fixed rules, so that no sentence claims more than the draws carry."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil, floor, sqrt
from typing import Any
from urllib.parse import urlsplit

from pipelines.index import BENCHMARK
from pipelines.publish.texts import city_name, known, say, spoken, unit
from pipelines.resolve.places.countries import countries

#: Cities named in one sentence; more are only counted.
NAMED = 5

#: Verdict of a claim as the file has it → in plain words.
VERDICTS = {
    "supported": "holds",
    "contradicted": "does not hold",
    "lists disagree": "lists disagree",
    "not separable": "undecided",
    "not testable here": "not testable here",
    "no data": "too few data",
}

#: A city is ahead of another if it scores above it in so large a share of the draws, as an interval of 90% has it; or behind it.
AHEAD, BEHIND = 0.95, 0.05

#: Draws of the posterior, which a probability of the first rank is a share of.
DRAWS = 1_000

#: Share of them from which the interval of a probability (Wilson's, 90%, as of claim 14) is above 99%; the rest: below 1%.
SURE = 0.99 + 1.645 * sqrt(0.99 * 0.01 / DRAWS)

#: That rule, as programs are told it.
ORDER = (
    "A city is ahead of another in the headline year where p_above of index.pairwise is .95 or more, and behind it at .05 or "
    "less; in other years, where the intervals of their ranks do not overlap. Else the two are not separable. Intervals of "
    "scores do not tell, since what is unknown of the Bay Area moves all scores together."
)

#: Countries whose names take an article in a sentence, if the name itself has none.
WITH_ARTICLE = ("AE", "BS", "CD", "CF", "CG", "DO", "GB", "GM", "KM", "MH", "MV", "PH", "SB", "US")

#: Countries that are named where they are all that is ranked of the world.
FEW_COUNTRIES = 5

#: Country of which only the mainland is ranked.
_CHINA = "CN"

#: Score of what others are measured against.
GOALPOST = 100

#: What a score of 0 stands for, or less than that (``index.scale``).
LEAST = 1_000


def headline(ranking: Sequence[dict[str, Any]], place: str) -> str:
    """Return who is likeliest to be first, in plain words, and among whose cities.

    ``ranking`` holds the rows of ``index.ranking`` of one score; ``place`` is the name of what is ranked.
    """
    if not ranking:
        return say("No city is known well enough for a rank.")
    first, *others = sorted(ranking, key=lambda row: (row["rank"], row["city"]))
    likeliest = max(ranking, key=lambda row: row["p_first"])
    rivals = [row for row in others if row["can_be_first"]]
    values = {"city": city_name(first["city"]), "chance": in_a_sentence(first["p_first"]), "place": place}
    if not others:
        text = "{city} is the only city of {place} that has a rank."
    elif likeliest["p_first"] > first["p_first"]:
        text = (
            "{city} ranks first in {place} by its median score, but {other} has the greater chance of being first ({greater} "
            "against {chance})."
        )
        values |= {"other": city_name(likeliest["city"]), "greater": in_a_sentence(likeliest["p_first"])}
    elif not rivals and first["p_first"] < 0.5:
        text = "{city} ranks first in {place}, but its chance of being first is only {chance}: many cities are level."
    else:
        text = _settled(first["city"] == BENCHMARK, bool(rivals))
        by_all_ways = say("{chance} ({range} if scored in other ways)", chance=values["chance"], range=over_other_ways(first))
        values |= {"chance": by_all_ways, "rivals": _rivals(rivals), "next": city_name(others[0]["city"])}
        values |= {"low": others[0]["rank_low"], "high": others[0]["rank_high"]}
    return say(text, **values)


def same_in_all_years(indicators: Iterable[Mapping[str, Any]]) -> str:
    """Return how many indicators (measure, is_dated) of Readiness no list dates, to follow a sentence; nothing if none."""
    readiness = [row["is_dated"] for row in indicators if row["measure"] == "Readiness"]
    if all(readiness):
        return ""
    return say(_SAME_IN_ALL_YEARS, number=readiness.count(False), all=len(readiness))


_SAME_IN_ALL_YEARS = (
    " {number} of the {all} indicators of Readiness stand the same in all years: lists count them in one year, or without one."
)


def _settled(is_benchmark: bool, has_rivals: bool) -> str:
    """Return the text for one likeliest city; in a ranking of the world the benchmark itself is ranked too.

    Rivals are the other cities with the first rank in the 90% interval of their own.
    """
    if is_benchmark:
        if has_rivals:
            return "The {city} itself ranks first in {place}, with a chance of {chance}. " + _ALSO_FIRST
        return "The {city} itself is ahead of every other city in {place}: its chance of ranking first is {chance}. " + _NEXT
    return f"{_MOST} {_ALSO_FIRST}" if has_rivals else _MOST


_MOST = "In {place}, {city} has the most of what a Silicon Valley needs: its chance of ranking first is {chance}."
_NEXT = "Next is {next}, of rank {low}–{high} with 90% probability."
_ALSO_FIRST = "{rivals} could be first too."


def _rivals(rivals: Sequence[dict[str, Any]]) -> str:
    """Return the names of rivals, and of a single one the range of its chance; nothing of none."""
    if not rivals:
        return ""
    names = [city_name(rival["city"]) for rival in rivals]
    if len(names) == 1:
        return say("{city} ({chance})", city=names[0], chance=over_other_ways(rivals[0]))
    return listed(names)


def place_name(country: str) -> str:
    """Return the name of a country as it stands after "in", by its ISO alpha-2 code."""
    names = countries()[country].written
    if spoken() != "en":
        return next((name for name in names if not name.isascii()), names[0])
    return f"the {names[0]}" if country in WITH_ARTICLE else names[0].replace("The ", "the ")


def mainland(country: str) -> str:
    """Return the same where it has to be plain what is ranked: the cities of China are those of its mainland."""
    return say("mainland China") if country == _CHINA else place_name(country)


def ranked_in(about: Mapping[str, Any], name: Callable[[str], str] = place_name) -> str:
    """Return what is ranked, as it stands after "in": a country, or the world, or the few countries of it that are measured.

    ``about`` is the row of ``index.headline``; ``name`` names a country that is ranked alone.
    """
    measured = about["countries"].split(",")
    if len(measured) == 1:
        return name(measured[0])
    return say("the world") if len(measured) > FEW_COUNTRIES else listed([mainland(country) for country in measured])


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence; of many the first few, and how many more there are."""
    shown = [*names] if len(names) <= NAMED + 1 else [*names[:NAMED], say("{number} others", number=len(names) - NAMED)]
    return say(", ").join(shown[:-1]) + (say(" and ") if len(shown) > 1 else "") + shown[-1]


def chance(probability: float) -> str:
    """Return a probability in per cent: above 99%, or below 1%, only if so few draws as there are show it."""
    if probability < 1 - SURE:
        return "<1%"
    return ">99%" if probability > SURE else f"{min(max(probability, 0.01), 0.99):.0%}"


def in_a_sentence(probability: float) -> str:
    """Return the same without a sign that a sentence cannot be read aloud with; the draws do not tell 1% or 99% from beyond."""
    share = chance(probability)
    words = {">99%": "above {share}", "<1%": "below {share}", "99%": "about {share}", "1%": "about {share}"}
    return say(words[share], share=share.lstrip("<>")) if share in words else share


def over_other_ways(row: dict[str, Any]) -> str:
    """Return the range of the probability of the first rank over the ways to make the score."""
    low, high = low_chance(row["p_first_low"]), chance(row["p_first_high"])
    if low == high:
        return low
    return at_least(row["p_first_low"]) if row["p_first_high"] > 0.99 else f"{low.removesuffix('%')}–{high}"


def low_chance(probability: float) -> str:
    """Return the low end of an interval of a probability: rounded down, so that nothing below it is left out."""
    return chance(rounded_down(probability))


def at_least(probability: float) -> str:
    """Return that a probability is at least as many per cent; draws never show that something is certain."""
    return say("at least {share}", share=f"{rounded_down(probability):.0%}")


def rounded_down(share: float) -> float:
    """Return a share in whole per cent, rounded down, 99% at most."""
    return min(floor(round(100 * share, 6)), 99) / 100


def rounded_up(share: float) -> float:
    """Return a share in whole per cent, rounded up, 1% at least."""
    return max(ceil(round(100 * share, 6)), 1) / 100


def counted(value: float) -> str:
    """Return what a list counts: exactly, but no more than one decimal, as a city may have a part only."""
    return f"{value:,.1f}".removesuffix(".0")


def about(value: float | None) -> str:
    """Return an estimate with no more digits than it is worth: 11,000, 0.015, <0.0001; a dash for none."""
    if value is None or 0 < value < 0.0001:
        return "–" if value is None else "<0.0001"
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"


def times(value: float) -> str:
    """Return a multiple with two digits: 0.56, 1.4, 16, 240; what a score of 0 stands for and less is more than 1,000."""
    if value >= LEAST:
        return f">{LEAST:,}"
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.2g}"


def times_less(row: dict[str, Any]) -> str:
    """Return how many times as much as a city the benchmark has, with its interval unless all of it is beyond the scale."""
    if row["times_less_low"] >= LEAST:
        return times(LEAST)
    return f"{times(row['times_less'])} ({times(row['times_less_low'])}–{times(row['times_less_high'])})"


def leaders(indicators: Sequence[dict[str, Any]]) -> str:
    """Return, to go on with, in which indicators (name, goalpost) another city than the benchmark scores 100; else nothing."""
    led = [say(row["name"]).lower() for row in indicators if row["goalpost"] == "leader"]
    return say(", or the city that leads in {names}", names=listed(led)) if led else ""


def repeats(year: int, measured: int) -> str:
    """Return that a year has the scores of another one (measured_year); nothing if it has its own."""
    says = "{year} repeats {other}, the nearest year that is measured."
    return "" if year == measured else say(says, year=year, other=measured)


def compared(indicators: Sequence[dict[str, Any]]) -> str:
    """Return, to go on with, what part of Readiness is compared with the benchmark where some is not; else nothing.

    ``indicators`` have pillar, pillar_name, measure, name and goalpost; the benchmark lacks those whose goalpost is the leader.
    """
    parts = []
    readiness = [row for row in indicators if row["measure"] == "Readiness"]
    for pillar in sorted({row["pillar"] for row in readiness if row["goalpost"] == "leader"}):
        members = [row for row in readiness if row["pillar"] == pillar]
        shared = [say(row["name"]).lower() for row in members if row["goalpost"] != "leader"]
        name = say(members[0]["pillar_name"])
        if shared:
            parts.append(say("of {pillar} only {indicators}", pillar=name, indicators=listed(shared)))
        else:
            parts.append(say("without {pillar}", pillar=name))
    return say(" ({notes})", notes=say("; ").join(parts)) if parts else ""


def score_interval(low: float, high: float) -> str:
    """Return the interval of a score in whole points; for an interval without width, the reason."""
    if (low, high) == (GOALPOST, GOALPOST):
        return say("by definition")
    if (low, high) == (0, 0):
        return "≤ 0"  # The scale ends there: a thousandth or less.
    return f"{low:.0f}–{high:.0f}"


def in_unit_of(row: dict[str, Any]) -> str:
    """Return the unit of an estimate, that of a list (unit, counted_by); where ``is_relative`` it only compares cities."""
    text = "{unit}, relative, on the scale of: {list}" if row["is_relative"] else "{unit}, estimated in the unit of: {list}"
    return say(text, unit=unit(row["unit"]), list=known(row["counted_by"]))


def list_name(name: str) -> str:
    """Return the name of a list as a sentence has it: that of a report without the sign that it is published."""
    return known(name).removeprefix(known("published: "))


def sentence(text: str) -> str:
    """Return a finding as a sentence, with a capital and a full stop."""
    return say("{text}.", text=f"{text[:1].upper()}{text[1:]}")


def host(address: str) -> str:
    """Return the host of a web address: whoever prints a number need not be whoever found it."""
    return urlsplit(address).netloc.removeprefix("www.")


def usual_years(rows: Iterable[dict[str, Any]]) -> str:
    """Return the most common years of the rows (first_year, last_year), leaving out undated rows."""
    spans = Counter((row["first_year"], row["last_year"]) for row in rows if row.get("last_year") is not None)
    return years(*spans.most_common(1)[0][0]) if spans else say("undated list")


def years(first: int | None, last: int | None) -> str:
    """Return the years of what was counted in words; without a first one, that it is all up to the last."""
    if last is None:
        return say("undated list")
    if first is None:
        return say("up to {year}", year=last)
    return str(last) if first == last else f"{first}–{last}"
