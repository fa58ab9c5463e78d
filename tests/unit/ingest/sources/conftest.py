"""Whatever the tests of a source read, in every column, is as written down in ``tests/expected/readings.csv``.

A test that is not written down yet is not compared; ``make expected`` writes it down.
"""

import csv
import os
from collections.abc import Iterator
from functools import cache
from io import StringIO

import pytest

from tests.support import expected, parsing

FILE = expected.FOLDER / "readings.csv"
Reading = list[str]

_found: list[Reading] = []


@cache
def written() -> dict[str, list[Reading]]:
    """Return the readings of each test."""
    with FILE.open(encoding="utf-8", newline="") as file:
        readings: dict[str, list[Reading]] = {}
        for test, *reading in csv.reader(file):
            readings.setdefault(test, []).append(reading)
    return readings


@pytest.fixture(autouse=True)
def readings_as_written_down(request: pytest.FixtureRequest) -> Iterator[None]:
    parsing.noted.clear()
    yield
    test = f"{request.path.name}::{request.node.name}"
    found = [[what, str(count), text] for what, count, text in parsing.noted]
    if os.environ.get(expected.REWRITE):
        _found.extend([test, *reading] for reading in found)
    elif test in written() and found != written()[test]:
        changed = [f"{now} instead of {before}" for before, now in zip(written()[test], found, strict=False) if before != now]
        pytest.fail(f"{changed or 'other readings'}: a column has another value. If that was meant: `make expected`")


def pytest_sessionfinish() -> None:
    if os.environ.get(expected.REWRITE):
        text = StringIO()
        csv.writer(text, lineterminator="\n").writerows(_found)
        FILE.write_text(text.getvalue(), "utf-8")
