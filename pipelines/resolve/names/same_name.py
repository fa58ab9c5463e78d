"""Records that bear one name, joined unless something sets them apart; where a crowd bears it, one city has to have both.

What belongs here: names equal once folded. What does not: names that are merely alike (``alike``).
"""

from collections import defaultdict
from collections.abc import Iterator, Set
from itertools import chain, combinations, product
from typing import NamedTuple

from pipelines.resolve.names.entities import Match, Partition
from pipelines.resolve.names.evidence import COINED_IN, CROWD, YEARS_APART, is_coined, surety
from pipelines.resolve.names.records import Bearers, Record


class _Agreement(NamedTuple):
    """What else agrees between two records of one name, and whether both print it letter for letter."""

    agreed: list[str]
    is_verbatim: bool

    @property
    def strength(self) -> tuple[int, bool]:
        return len(self.agreed), self.is_verbatim


def join_same_names(partition: Partition, bearers: Bearers) -> None:
    """Join the pairs of one name, best first, as long as their entities do not contradict each other."""
    for match in _matches(partition.records, bearers):
        one, other = partition.of(match.one), partition.of(match.other)
        if one != other and not partition.entity(one).contradicts(partition.entity(other)):
            partition.join(match)


def _matches(records: list[Record], bearers: Bearers) -> list[Match]:
    """Pairs of one name that nothing sets apart, best first; a record that fits two rivals equally well is in none."""
    found: list[tuple[int, bool, Match]] = []
    words = _words_in_longer_names(records)
    for numbers in bearers.values():
        agreements: dict[tuple[int, int], _Agreement] = {}
        for one, other in _pairs(records, numbers):
            if agreement := _agreement(records[one], records[other], words):
                agreements[one, other] = agreement
        torn = _torn(numbers, agreements)
        for pair, agreement in agreements.items():
            if torn.isdisjoint(pair):
                says = f"the same name but for case, punctuation and legal endings; {_listed(agreement.agreed)}"
                match = Match(*pair, "same name", surety(agreement.agreed), says)
                found.append((-len(agreement.agreed), not agreement.is_verbatim, match))
    return [match for *_, match in sorted(found)]


def _pairs(records: list[Record], numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Each two bearers of one name but those that one source tells apart by key; of a crowd, only those of one city."""
    blocks = [numbers]
    if len(numbers) > CROWD:
        cities: dict[str, list[int]] = defaultdict(list)
        for number in numbers:
            if city := records[number].city:
                cities[city].append(number)
        blocks = list(cities.values())
    for block in blocks:
        closed: dict[str | int, list[int]] = defaultdict(list)
        for number in block:
            closed[number if records[number].key is None else records[number].source].append(number)
        for one, other in chain.from_iterable(product(*two) for two in combinations(closed.values(), 2)):
            yield min(one, other), max(one, other)


def _words_in_longer_names(records: list[Record]) -> set[tuple[str, str]]:
    """Kind and word, for the words that are part of a name of several."""
    long = ((record.kind, form) for record in records for form in record.forms.values() if form.is_long and not form.is_cjk)
    return {(kind, word) for kind, form in long for word in form.core.split()}


def _agreement(one: Record, other: Record, words: Set[tuple[str, str]]) -> _Agreement | None:
    """What agrees between two records of one name; None if something sets them apart."""
    if one.cjk and other.cjk and not one.cjk & other.cjk:
        return None
    if one.founded and other.founded and abs(one.founded - other.founded) > YEARS_APART:
        return None
    shared = one.forms.keys() & other.forms.keys()
    is_verbatim = one.name == other.name
    agreed = []
    if one.region and other.region:
        if one.region != other.region:
            return None
        agreed.append("country")
    if one.city and other.city:
        if one.city == other.city:
            agreed.append("city")
        elif not any(one.forms[full].is_long for full in shared) and not (is_verbatim and _is_coined(one, shared, words)):
            return None  # firms move, but a name of one word is soon taken twice
    if one.founded and other.founded:
        agreed.append("year founded")
    if len(shared) > 1:
        agreed.append("other name")
    return _Agreement(agreed, is_verbatim)


def _is_coined(record: Record, shared: Set[str], words: Set[tuple[str, str]]) -> bool:
    """Whether a shared name is a word that two firms of one country would hardly both choose."""
    return record.region == COINED_IN and any(
        is_coined(record.forms[full]) and (record.kind, full) not in words for full in shared
    )


def _torn(numbers: list[int], agreements: dict[tuple[int, int], _Agreement]) -> set[int]:
    """The bearers of one name whose best partners are rivals: something sets these apart, so they are not in ``agreements``."""
    if len(agreements) == len(numbers) * (len(numbers) - 1) // 2:
        return set()
    partners: dict[int, list[tuple[tuple[int, bool], int]]] = defaultdict(list)
    for (one, other), agreement in agreements.items():
        partners[one].append((agreement.strength, other))
        partners[other].append((agreement.strength, one))
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
