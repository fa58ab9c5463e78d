"""Damaged input for every parser: each case must end, soon and in little memory, in valid rows or in one clear refusal.

A case is made from a good input, a number and nothing else, so each failure can be made again from its seed and number.
"""

import random
import resource
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines import contract, sources
from pipelines.errors import Refused
from pipelines.source import Source, Table
from torture import mutate
from torture.seeds import folder_of

#: Cases per parser after which there is no need for more.
ENOUGH = 10_000

#: Seconds of computing that a case may take, and bytes that the process may grow by over all cases.
LONGEST = 5.0
MOST_MEMORY = 1_500_000_000


@dataclass
class Tally:
    """What became of one parser's cases."""

    parser: str
    cases: int = 0
    accepted: int = 0
    slowest: float = 0.0
    failures: dict[str, bytes] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        self.cases += other.cases
        self.accepted += other.accepted
        self.slowest = max(self.slowest, other.slowest)
        self.failures = other.failures | self.failures


def parsers() -> Iterator[tuple[Source, Table]]:
    for source in sources.ALL:
        for table in source.tables:
            yield source, table


def check(table: Table, content: bytes) -> tuple[bool, str | None]:
    """Was the content accepted, and what is wrong with how it ended, if anything is?"""
    signal.setitimer(signal.ITIMER_PROF, 2 * LONGEST)
    try:
        frame = contract.conform(table.parse(content), table.contract)
    except Refused as refused:
        if not refused.problems or not all(one.problem and one.remedy for one in refused.problems):
            return False, "refused without problem and remedy"
        return False, None
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
        return False, f"{type(error).__name__} at {where}: {str(error)[:100]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return True, _unsound(frame, table)


def _expired(*_: object) -> None:
    raise TimeoutError("no end in sight")


signal.signal(signal.SIGPROF, _expired)


def _unsound(frame: pl.DataFrame, table: Table) -> str | None:
    """What no accepted row may hold."""
    for name, kind in frame.schema.items():
        if kind.is_float() and not frame[name].drop_nulls().is_finite().all():
            return f"column {name} holds a number that is none"
        if kind == pl.String and frame[name].drop_nulls().str.contains("\0", literal=True).any():
            return f"column {name} holds a NUL character"
    return None


def fuzz(source: Source, table: Table, seeds: list[bytes], cases: int, start: int, until: Callable[[], bool]) -> Tally:
    """Run ``cases`` numbered from ``start`` on, until ``until`` says that time is up."""
    tally = Tally(f"{source.name}.{table.name}")
    if not seeds:
        tally.failures["no test feeds it a good input that could be damaged"] = b""
        return tally
    for number in range(start, start + cases):
        chance = random.Random(f"{tally.parser} {number}")
        content = mutate.damaged(chance.choice(seeds), chance)
        began = time.process_time()
        accepted, failure = check(table, content)
        took = time.process_time() - began
        tally.cases += 1
        tally.accepted += accepted
        tally.slowest = max(tally.slowest, took)
        if took > LONGEST:
            failure = failure or f"took longer than {LONGEST:g} s"
        if failure:
            tally.failures.setdefault(failure, content)
        if until():
            break
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MOST_MEMORY:
        tally.failures.setdefault("memory grew beyond its bound", b"")
    return tally


def seeds_of(root: Path, source: Source, table: Table) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder_of(root, source, table).glob("*"))]
