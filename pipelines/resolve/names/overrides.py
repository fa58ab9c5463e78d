"""Apply ``name_overrides.csv``: reviewed decisions that two names are one entity, or are not, win over everything else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.resolve.names.clustering import Mark, Match, Partition
from pipelines.resolve.names.mentions import Bearers, Records
from pipelines.resolve.names.normalisation import form

OVERRIDES = "data/reference/name_overrides.csv"

#: No decisions, with the columns of the file.
NO_OVERRIDES = pl.DataFrame(schema=dict.fromkeys(["kind", "name_a", "name_b", "same", "why"], pl.String))


class Override(NamedTuple):
    """One row of the file; ``names`` as ``Form.full``."""

    row: int
    kind: str
    names: tuple[str, str]
    same: bool
    reason: str


def read_overrides(overrides: pl.DataFrame) -> list[Override]:
    """Return the decisions by row of their file: ``source_row`` where the frame has it, else as they stand."""
    return sorted(
        Override(
            decision.get("source_row", row),
            decision["kind"],
            (form(decision["kind"], decision["name_a"]).full, form(decision["kind"], decision["name_b"]).full),
            str(decision["same"]) == "1",
            f"a reviewed decision says that “{decision['name_a']}” is “{decision['name_b']}”: {decision['why']}",
        )
        for row, decision in enumerate(overrides.iter_rows(named=True), start=2)
    )


def bearers_of_overrides(records: Records, overrides: Iterable[Override]) -> Bearers:
    """Return the bearers of every name in the decisions."""
    return records.bearers({(override.kind, name) for override in overrides for name in override.names})


def marks_of_records(bearers: Bearers, overrides: Iterable[Override]) -> Mapping[int, set[Mark]]:
    """Return, by record, the sides that its names are on in decisions that part two names."""
    marks: dict[int, set[Mark]] = defaultdict(set)
    for override in overrides:
        if not override.same:
            for is_first, name in zip((True, False), override.names, strict=True):
                for number in bearers.get((override.kind, name), ()):
                    marks[number].add((override.row, is_first))
    return marks


def join_by_overrides(partition: Partition, bearers: Bearers, overrides: Iterable[Override]) -> None:
    """Join what reviewed decisions call the same; raises InputError if other decisions part it."""
    for override in overrides:
        if override.same:
            _join(partition, bearers, override)


def _join(partition: Partition, bearers: Bearers, override: Override) -> None:
    """Join the best ranked entity of each name, the two best ranked if the names are one.

    Further entities of these names follow unless something contradicts.
    """
    # Entity → the best ranked of its records that bears the name.
    first, second = (
        {partition.of(number): number for number in reversed(bearers.get((override.kind, name), []))} for name in override.names
    )
    if not first or not second:
        return
    best = min(first)
    bearing = second | first
    meant = {best, min(second)} if first != second else set(sorted(first)[:2])
    for number in sorted(bearing, key=lambda number: (number not in meant, number)):
        keep, lose = partition.of(best), partition.of(number)
        if keep == lose or (number not in meant and partition.entity(keep).contradicts(partition.entity(lose))):
            continue
        if partition.entity(keep).parted(partition.entity(lose)):
            problem = "by this row the two are the same, by others they are not"
            raise InputError("reference", [Problem(OVERRIDES, problem, "Remove one of the rows", override.row, "same")])
        partition.join(Match(bearing[best], bearing[number], "override", 1.0, override.reason))
