"""Records that bear one name, joined unless something sets them apart.

What belongs here: names equal once folded. What does not: names that are merely alike (``alike``).
"""

from collections import defaultdict
from itertools import combinations

from pipelines.names.entities import Match, Partition
from pipelines.names.evidence import YEARS_APART, surety
from pipelines.names.records import Bearers, Record


def join_same_names(partition: Partition, bearers: Bearers) -> None:
    """Join the pairs of one name, best first, as long as their entities do not contradict each other."""
    for match in _matches(partition.records, bearers):
        one, other = partition.of(match.one), partition.of(match.other)
        if one != other and not partition.entity(one).contradicts(partition.entity(other)):
            partition.join(match)


def _matches(records: list[Record], bearers: Bearers) -> list[Match]:
    """Pairs of one name that nothing sets apart, best first; a record that fits two rivals equally well is in none."""
    found: list[tuple[int, Match]] = []
    for numbers in bearers.values():
        agreements: dict[tuple[int, int], list[str]] = {}
        for pair in combinations(numbers, 2):
            if (agreed := _agreement(*(records[number] for number in pair))) is not None:
                agreements[pair] = agreed
        torn = _torn(numbers, agreements)
        for pair, agreed in agreements.items():
            if torn.isdisjoint(pair):
                says = f"the same name but for case, punctuation and legal endings; {_listed(agreed)}"
                found.append((-len(agreed), Match(*pair, "same name", surety(agreed), says)))
    return [match for _, match in sorted(found)]


def _agreement(one: Record, other: Record) -> list[str] | None:
    """What else agrees between two records of one name; None if something sets them apart."""
    if one.source == other.source and one.key is not None and other.key is not None:
        return None
    if one.cjk and other.cjk and not one.cjk & other.cjk:
        return None
    if one.founded and other.founded and abs(one.founded - other.founded) > YEARS_APART:
        return None
    shared = one.forms.keys() & other.forms.keys()
    agreed = []
    if one.region and other.region:
        if one.region != other.region:
            return None
        agreed.append("country")
    if one.city and other.city:
        if one.city == other.city:
            agreed.append("city")
        elif not any(one.forms[full].is_long for full in shared):
            return None  # firms move, but a name of one word is soon taken twice
    if one.founded and other.founded:
        agreed.append("year founded")
    if len(shared) > 1:
        agreed.append("other name")
    return agreed


def _torn(numbers: list[int], agreements: dict[tuple[int, int], list[str]]) -> set[int]:
    """The bearers of one name whose best partners are rivals: something sets these apart, so they are not in ``agreements``."""
    if len(agreements) == len(numbers) * (len(numbers) - 1) // 2:
        return set()
    partners: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (one, other), agreed in agreements.items():
        partners[one].append((len(agreed), other))
        partners[other].append((len(agreed), one))
    torn = set()
    for number, ranked in partners.items():
        most, _ = max(ranked)
        best = sorted(other for strength, other in ranked if strength == most)
        if any(pair not in agreements for pair in combinations(best, 2)):
            torn.add(number)
    return torn


def _listed(agreed: list[str]) -> str:
    if not agreed:
        return "nothing else is known of both"
    return f"{' and '.join(filter(None, (', '.join(agreed[:-1]), agreed[-1])))} agree{'s' if len(agreed) == 1 else ''}"
