"""Reviewed decisions that two names are one entity, or are not: they win over everything else.

What belongs here: reading ``name_overrides.csv`` and doing what it says. What does not: any rule of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.resolve.names.entities import Mark, Match, Partition
from pipelines.resolve.names.forms import form
from pipelines.resolve.names.records import Bearers

OVERRIDES = "data/reference/name_overrides.csv"


class Decision(NamedTuple):
    """One row of the file; ``names`` as ``Form.full``."""

    row: int
    kind: str
    names: tuple[str, str]
    same: bool
    says: str


def read_decisions(overrides: pl.DataFrame) -> list[Decision]:
    """The decisions by row of their file: ``source_row`` where the frame has it, else as they stand."""
    return sorted(
        Decision(
            one.get("source_row", row),
            one["kind"],
            (form(one["kind"], one["name_a"]).full, form(one["kind"], one["name_b"]).full),
            str(one["same"]) == "1",
            f"a reviewed decision says that “{one['name_a']}” is “{one['name_b']}”: {one['why']}",
        )
        for row, one in enumerate(overrides.iter_rows(named=True), start=2)
    )


def marks_of_names(decisions: Iterable[Decision]) -> Mapping[tuple[str, str], set[Mark]]:
    """Kind and ``Form.full`` → the sides it is on in decisions that part two names."""
    marks: dict[tuple[str, str], set[Mark]] = defaultdict(set)
    for decision in decisions:
        if not decision.same:
            for is_first, name in zip((True, False), decision.names, strict=True):
                marks[decision.kind, name].add((decision.row, is_first))
    return marks


def join_decided(partition: Partition, bearers: Bearers, decisions: Iterable[Decision]) -> None:
    """Join what reviewed decisions call the same; raises InputError if others part it.

    A decision speaks of the best ranked entity of each name, of the two best ranked if its names are one; further
    entities of these names follow unless something contradicts.
    """
    for decision in decisions:
        if not decision.same:
            continue
        # Entity → the best ranked of its records that bears the name.
        first, second = (
            {partition.of(number): number for number in reversed(bearers.get((decision.kind, name), []))}
            for name in decision.names
        )
        if not first or not second:
            continue
        borne = second | first
        meant = {min(first), min(second)} if first != second else set(sorted(first)[:2])
        for number in sorted(borne, key=lambda one: (one not in meant, one)):
            keep, lose = partition.of(min(first)), partition.of(number)
            if keep == lose or (number not in meant and partition.entity(keep).contradicts(partition.entity(lose))):
                continue
            if partition.entity(keep).parted(partition.entity(lose)):
                problem = "by this row the two are the same, by others they are not"
                raise InputError("reference", [Problem(OVERRIDES, problem, "Remove one of the rows", decision.row, "same")])
            partition.join(Match(borne[min(first)], borne[number], "override", 1.0, decision.says))
