"""Damaged input for every parser: each case must end, soon and in little memory, in valid rows or in one clear refusal.

A case is made from a good input, a number and nothing else, so each failure can be made again from its seed and number.
"""

import random
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.errors import Problem, Refused
from pipelines.ingest import contract, sources
from pipelines.ingest.source import Source, Table
from torture import mutate
from torture.seeds import folder_of

#: Cases per parser after which there is no need for more.
ENOUGH = 10_000

#: Contents whose rows go through their contract together.
TOGETHER = 16

#: Seconds of computing that a case may take, and bytes that the process may grow by over all cases.
LONGEST = 5.0
MOST_MEMORY = 1_500_000_000


@dataclass
class Tally:
    """What became of one parser's cases."""

    parser: str
    cases: int = 0
    slowest: float = 0.0
    failures: dict[str, bytes] = field(default_factory=dict)

    def note(self, content: bytes, seconds: float, failure: str | None) -> None:
        """Note one more case, of so many seconds of computing."""
        self.cases += 1
        self.slowest = max(self.slowest, seconds)
        if seconds > LONGEST:
            failure = failure or f"took longer than {LONGEST:g} s"
        if failure:
            self.failures.setdefault(failure, content)

    def add(self, other: "Tally") -> None:
        self.cases += other.cases
        self.slowest = max(self.slowest, other.slowest)
        self.failures = other.failures | self.failures


def parsers() -> Iterator[tuple[Source, Table]]:
    for source in sources.ALL:
        for table in source.tables:
            yield source, table


def guarded(work: Callable[[], Any]) -> tuple[Any, str | None]:
    """Return what ``work`` makes, None if it refuses or fails, and what is wrong with how it ended, if anything is."""
    signal.setitimer(signal.ITIMER_PROF, 2 * LONGEST)
    try:
        return work(), None
    except Refused as refused:
        return None, _clear(refused.problems)
    except BaseException as error:
        # A panic of a Rust library is no Exception.
        if isinstance(error, KeyboardInterrupt):
            raise
        last = error.__traceback__
        where = ""
        while last is not None:
            if "/pipelines/" in last.tb_frame.f_code.co_filename:
                where = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"
            last = last.tb_next
        return None, f"{type(error).__name__} at {where}: {str(error)[:100]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _clear(problems: Sequence[Problem]) -> str | None:
    is_clear = problems and all(problem.problem and problem.remedy for problem in problems)
    return None if is_clear else "refused without problem and remedy"


def _expired(*_: object) -> None:
    raise TimeoutError("no end in sight")


signal.signal(signal.SIGPROF, _expired)


def unsound(table: Table, frame: pl.DataFrame) -> str | None:
    """What no row that keeps the contract may hold, and no refusal of the others lack."""
    sound, problems = contract.sift(frame, table.contract)
    if problems and (vague := _clear(problems)):
        return vague
    for name, kind in sound.schema.items():
        if kind.is_float() and not sound[name].drop_nulls().is_finite().all():
            return f"column {name} holds a number that is none"
        if kind == pl.String and sound[name].drop_nulls().str.contains("\0", literal=True).any():
            return f"column {name} holds a NUL character"
    return None


def sifted(table: Table, read: list[tuple[bytes, pl.DataFrame]]) -> Iterator[tuple[bytes, str]]:
    """Contents that were read, each with what is wrong once the contract sees its rows.

    All go through the contract together, which costs as much as one alone, and alone only if that goes wrong.
    """
    if not read:
        return
    verdict, failure = guarded(lambda: unsound(table, pl.concat([frame for _, frame in read], how="vertical_relaxed")))
    if verdict is None and failure is None:
        return
    for content, frame in read:
        verdict, failure = guarded(partial(unsound, table, frame))
        if verdict or failure:
            yield content, str(verdict or failure)


def feed(tally: Tally, table: Table, content: bytes, read: list[tuple[bytes, pl.DataFrame]], is_last: bool) -> None:
    """Run one case, and once there are enough rows ``read``, or at the end, see what is wrong with them."""
    began = time.process_time()
    frame, failure = guarded(partial(table.parse, content))
    tally.note(content, time.process_time() - began, failure)
    if frame is not None:
        read.append((content, frame))
    if len(read) == TOGETHER or is_last:
        for culprit, wrong in sifted(table, read):
            tally.failures.setdefault(wrong, culprit)
        read.clear()


def fuzz(source: Source, table: Table, seeds: list[bytes], cases: int, start: int, until: Callable[[], bool]) -> Tally:
    """Run ``cases`` numbered from ``start`` on, until ``until`` says that time is up."""
    tally = Tally(f"{source.name}.{table.name}")
    if not seeds:
        tally.failures["no test feeds it a good input that could be damaged"] = b""
        return tally
    read: list[tuple[bytes, pl.DataFrame]] = []
    for number in range(start, start + cases):
        chance = random.Random(f"{tally.parser} {number}")
        is_last = until() or number == start + cases - 1
        feed(tally, table, mutate.damaged(chance.choice(seeds), chance), read, is_last)
        if is_last:
            break
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MOST_MEMORY:
        tally.failures.setdefault("memory grew beyond its bound", b"")
    return tally


def seeds_of(root: Path, source: Source, table: Table) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder_of(root, source, table).glob("*"))]
