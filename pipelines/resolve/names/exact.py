"""Join records whose names are equal once folded, unless something sets them apart.

Where a crowd bears one name, only records of the same city are compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Set
from itertools import chain, combinations, product
from typing import NamedTuple

from pipelines.resolve.names.clustering import Match, Partition
from pipelines.resolve.names.mentions import Bearers, Record
from pipelines.resolve.names.weights import COINED_IN, CROWD, YEARS_APART, is_coined, same_name_probability


class _Agreement(NamedTuple):
    """What else agrees between two records of one name, and whether both print it letter for letter."""

    agreed: list[str]
    is_verbatim: bool

    @property
    def strength(self) -> tuple[int, bool]:
        return len(self.agreed), self.is_verbatim


#: Pair of records, by number, the lower first.
_Pair = tuple[int, int]


def join_same_names(partition: Partition, bearers: Bearers) -> None:
    """Join the pairs of one name, best first, as long as their entities do not contradict each other."""
    for match in _matches(partition.records, bearers):
        left, right = partition.of(match.left), partition.of(match.right)
        if left != right and not partition.entity(left).contradicts(partition.entity(right)):
            partition.join(match)


def _matches(records: list[Record], bearers: Bearers) -> list[Match]:
    """Return pairs of one name that nothing sets apart, best first; a record that fits two rivals equally well is in none."""
    ranked: list[tuple[int, bool, Match]] = []
    words = _words_in_longer_names(records)
    for numbers in bearers.values():
        agreements: dict[_Pair, _Agreement] = {}
        for left, right in _pairs(records, numbers):
            if agreement := _agreement(records[left], records[right], words):
                agreements[left, right] = agreement
        torn = _torn(numbers, agreements)
        for pair, agreement in agreements.items():
            if torn.isdisjoint(pair):
                reason = f"the same name but for case, punctuation and legal endings; {_listed(agreement.agreed)}"
                match = Match(*pair, "same name", same_name_probability(agreement.agreed), reason)
                ranked.append((-len(agreement.agreed), not agreement.is_verbatim, match))
    return [match for *_, match in sorted(ranked)]


def _pairs(records: list[Record], numbers: list[int]) -> Iterator[_Pair]:
    """Yield each two bearers of one name but those that one source tells apart by key; of a crowd, only those of one city."""
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
        for left, right in chain.from_iterable(product(*two) for two in combinations(closed.values(), 2)):
            yield min(left, right), max(left, right)


def _words_in_longer_names(records: list[Record]) -> set[tuple[str, str]]:
    """Return kind and word, for the words that are part of a name of several."""
    long = ((record.kind, form) for record in records for form in record.forms.values() if form.is_long and not form.is_cjk)
    return {(kind, word) for kind, form in long for word in form.core.split()}


def _agreement(left: Record, right: Record, words: Set[tuple[str, str]]) -> _Agreement | None:
    """Return what agrees between two records of one name; None if something sets them apart."""
    years_apart = abs(left.founded - right.founded) if left.founded and right.founded else None
    if (left.cjk and right.cjk and left.cjk.isdisjoint(right.cjk)) or (years_apart or 0) > YEARS_APART:
        return None
    if left.region and right.region and left.region != right.region:
        return None
    shared = left.forms.keys() & right.forms.keys()
    is_verbatim = left.name == right.name
    is_one_city = bool(left.city) and left.city == right.city
    is_elsewhere = bool(left.city and right.city) and not is_one_city
    # Firms move, but a name of one word is soon taken twice.
    if is_elsewhere and not any(left.forms[full].is_long or (is_verbatim and _is_coined(left, full, words)) for full in shared):
        return None
    facts = {
        "country": bool(left.region and right.region),
        "city": is_one_city,
        "year founded": years_apart is not None,
        "other name": len(shared) > 1,
    }
    return _Agreement([fact for fact, agrees in facts.items() if agrees], is_verbatim)


def _is_coined(record: Record, full: str, words: Set[tuple[str, str]]) -> bool:
    """Return whether a name is a word that two firms of one country would hardly both choose."""
    return record.region == COINED_IN and is_coined(record.forms[full]) and (record.kind, full) not in words


def _torn(numbers: list[int], agreements: dict[_Pair, _Agreement]) -> set[int]:
    """Return the bearers of one name whose best partners are rivals: something sets these apart, so no agreement holds them."""
    if len(agreements) == len(numbers) * (len(numbers) - 1) // 2:
        return set()
    partners: dict[int, list[tuple[tuple[int, bool], int]]] = defaultdict(list)
    for (left, right), agreement in agreements.items():
        partners[left].append((agreement.strength, right))
        partners[right].append((agreement.strength, left))
    torn = set()
    for number, ranked in partners.items():
        most, _ = max(ranked)
        best = sorted(partner for strength, partner in ranked if strength == most)
        if any(pair not in agreements for pair in combinations(best, 2)):
            torn.add(number)
    return torn


def _listed(agreed: list[str]) -> str:
    if not agreed:
        return "nothing else is known of both"
    return f"{' and '.join(filter(None, (', '.join(agreed[:-1]), agreed[-1])))} agree{'s' if len(agreed) == 1 else ''}"
