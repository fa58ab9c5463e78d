"""Cluster records into entities, and say what would contradict joining two of them."""

from array import array
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from pipelines.resolve.names.database import Lend, lend
from pipelines.resolve.names.mentions import Records
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
        """Return the number of the other record."""
        return self.right if number == self.left else self.left


@dataclass(frozen=True, slots=True)
class Entity:
    """What would contradict joining an entity with another: the sources whose keys it has, by number, and other facts."""

    closed: Set[int]
    regions: Set[int]
    years: Set[int]
    marks: Set[Mark]

    def contradicts(self, other: "Entity", *, but_region: bool = False) -> bool:
        """Return whether the two cannot be one; ``but_region`` if it was weighed already that their countries differ."""
        years = self.years | other.years
        return (
            not self.closed.isdisjoint(other.closed)
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


class Partition:
    """The records in entities, each under the number of its best ranked record, and the matches that joined them."""

    def __init__(self, records: Records, marks: Mapping[int, Set[Mark]], lend: Lend = lend):
        """``marks``: those of each record that bears a name held apart; ``lend``: what lends databases to compare names in."""
        self.records = records
        self.lend = lend
        self.matches: list[Match] = []
        self._marks = marks
        self._of = array("i", range(records.facts.height))
        self._members: dict[int, list[int]] = {}  # of entities of several records
        # Columns of numbers, 0 where nothing is known, take a hundredth of the memory of objects.
        source, region = (pl.col(column).rank("dense") for column in ("source", "region"))
        known = records.facts.select(pl.when(pl.col("key").is_not_null()).then(source), region, "founded").fill_null(0)
        self._facts = [array("i", column.cast(pl.Int32).to_numpy().tobytes()) for column in known]

    def of(self, record: int) -> int:
        """Return the number of the entity that a record is in."""
        return self._of[record]

    def leads(self, number: int) -> bool:
        """Return whether a record gives its number to its entity."""
        return self._of[number] == number

    def entities(self) -> pl.Series:
        """Return the entity of each record, in their order."""
        return pl.Series("entity", self._of, pl.UInt32)

    def entity(self, number: int) -> Entity:
        """Return the entity under ``number``, which must lead it."""
        members = self._members.get(number, (number,))
        closed, regions, years = ({column[member] for member in members} - {0} for column in self._facts)
        marks = {mark for member in members for mark in self._marks.get(member, ())} if self._marks else frozenset()
        return Entity(closed, regions, years, marks)

    def join(self, match: Match) -> None:
        """Join the two entities; the better ranked keeps its number."""
        keep, lose = sorted((self._of[match.left], self._of[match.right]))
        lost = self._members.pop(lose, [lose])
        self._members.setdefault(keep, [keep]).extend(lost)
        for number in lost:
            self._of[number] = keep
        self.matches.append(match)
