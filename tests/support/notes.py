"""Note all that tests read, ask for or resolve, and compare it with what is written down in ``tests/expected``.

So a column that no test asks about cannot change in silence. A test that is not written down yet is not compared;
``make expected`` writes it down.
"""

import csv
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from io import StringIO
from operator import itemgetter

import pytest

from tests.support import expected

Note = list[str]

#: A year that the clock may have put there.
_OF_THE_CLOCK = re.compile("20(2[6-9]|[3-9][0-9])")

#: What the present test has noted: of what, how many, and a hash of them.
_noted: list[Note] = []
#: File → what the tests of this run have noted, each with its name.
_found: dict[str, list[Note]] = defaultdict(list)


def note(what: str, count: int, text: str) -> None:
    """Note something of the present test, unless it has a year of the clock in it."""
    if not _OF_THE_CLOCK.search(text):
        _noted.append([what, str(count), hashlib.sha256(text.encode()).hexdigest()[:8]])


@cache
def _written(file: str) -> dict[str, list[Note]]:
    """Return the notes of each test."""
    with (expected.FOLDER / f"{file}.csv").open(encoding="utf-8", newline="") as opened:
        notes: dict[str, list[Note]] = defaultdict(list)
        for test, *line in csv.reader(opened):
            notes[test].append(line)
    return notes


def compared_with(file: str) -> Callable[..., Iterator[None]]:
    """Return a fixture that compares what each test notes with ``file``.csv."""

    @pytest.fixture(autouse=True)
    def compared(request: pytest.FixtureRequest) -> Iterator[None]:
        _noted.clear()
        yield
        test, found = f"{request.path.name}::{request.node.name}", list(_noted)
        if os.environ.get(expected.REWRITE):
            _found[file] += [[test, *line] for line in found]
        elif test in _written(file) and found != _written(file)[test]:
            changed = [f"{new} instead of {old}" for old, new in zip(_written(file)[test], found, strict=False) if old != new]
            pytest.fail(f"{changed or 'other notes'}: some column has another value. If that was meant: `make expected`")

    return compared


def write(file: str) -> None:
    """Write down what was noted, if it is to be written anew."""
    if _found[file]:
        text = StringIO()
        # By name, since tests run in the order of how long they took.
        csv.writer(text, lineterminator="\n").writerows(sorted(_found[file], key=itemgetter(0)))
        (expected.FOLDER / f"{file}.csv").write_text(text.getvalue(), "utf-8")
