"""Cluster records into entities, and say what would contradict joining two of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.resolve.names.mentions import Record
from pipelines.resolve.names.weights import YEARS_APART

#: A side of a reviewed decision that parts two names: the row of the decision, and whether its first name is meant.
Mark = tuple[int, bool]


class Match(NamedTuple):
    """Two records that are one entity, by number, and why."""

    left: int
    right: int
    how: str
    probability: float
    reason: str

    def beyond(self, number: int) -> int:
        """Return the record of the two that is not ``number``."""
        return self.right if number == self.left else self.left


@dataclass(frozen=True, slots=True)
class Entity:
    """Records taken for one entity, and whatever would contradict a further one."""

    members: frozenset[int]
    keys: Mapping[str, frozenset[str]]
    regions: frozenset[str]
    years: frozenset[int]
    marks: frozenset[Mark]

    def contradicts(self, other: "Entity", *, but_region: bool = False) -> bool:
        """Return whether the two cannot be one; ``but_region`` if it was weighed already that their countries differ."""
        years = self.years | other.years
        return (
            any(self.keys[source] != other.keys[source] for source in self.keys.keys() & other.keys.keys())
            or (not but_region and self.is_abroad(other))
            or bool(years and max(years) - min(years) > YEARS_APART)
            or self.parted(other)
        )

    def is_abroad(self, other: "Entity") -> bool:
        """Return whether the countries of both are known, and none is the same."""
        return bool(self.regions and other.regions) and self.regions.isdisjoint(other.regions)

    def parted(self, other: "Entity") -> bool:
        """Return whether a reviewed decision holds them apart."""
        return any((row, not is_first) in other.marks for row, is_first in self.marks)

    def joined(self, other: "Entity") -> "Entity":
        """Return the entity of the records of both."""
        return Entity(
            self.members | other.members,
            {key: self.keys.get(key, frozenset()) | other.keys.get(key, frozenset()) for key in {*self.keys, *other.keys}},
            self.regions | other.regions,
            self.years | other.years,
            self.marks | other.marks,
        )


class Partition:
    """The records in entities, each under the number of its best ranked record, and the matches that joined them."""

    def __init__(self, records: list[Record], marks: Mapping[tuple[str, str], Iterable[Mark]]):
        """``marks``: kind and ``Form.full`` → the marks of whoever bears that name."""
        self.records = records
        self.matches: list[Match] = []
        self._marks = marks
        self._of = list(range(len(records)))
        self._joined: dict[int, Entity] = {}  # most entities are one record, and are made when asked for

    def of(self, record: int) -> int:
        """Return the number of the entity that a record is in."""
        return self._of[record]

    def leads(self, number: int) -> bool:
        """Return whether a record gives its number to its entity."""
        return self._of[number] == number

    def entity(self, number: int) -> Entity:
        """Return the entity under ``number``, which must lead it."""
        if number in self._joined:
            return self._joined[number]
        record = self.records[number]
        return Entity(
            frozenset({number}),
            {} if record.key is None else {record.source: frozenset({record.key})},
            frozenset({record.region} if record.region else ()),
            frozenset({record.founded} if record.founded else ()),
            frozenset(mark for full in record.forms for mark in self._marks.get((record.kind, full), ())),
        )

    def join(self, match: Match) -> None:
        """Join the two entities; the better ranked keeps its number."""
        keep, lose = sorted((self._of[match.left], self._of[match.right]))
        lost = self.entity(lose)
        self._joined[keep] = self.entity(keep).joined(lost)
        self._joined.pop(lose, None)
        for number in lost.members:
            self._of[number] = keep
        self.matches.append(match)
