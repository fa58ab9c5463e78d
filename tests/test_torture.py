"""The torture in small: a sample of its cases, and proof that it would notice."""

import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import dataframely as dy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import csv_rows, json_value, read_csv, zip_member
from pipelines.errors import Refused
from pipelines.sheet import sheet_rows
from tests.test_contract import archive_of
from tests.workbook import workbook
from torture import mutate

ROOT = Path(__file__).parent.parent

CRASH = """
import sys
from pathlib import Path
from torture import crashes
folder = Path(sys.argv[1])
{sabotage}
bases, expected = crashes.expectations(folder)
trials = [one for one in crashes.trials(expected, 1) if not one.from_nothing and one.kind == "{kind}"]
step = max(1, len(trials[{first}:]) // {count})
judge = lambda one: crashes.judge(folder / "home", one, bases[one.from_nothing], expected[one.from_nothing])
faults = [judge(one).fault for one in trials[{first}::step]]
print(len(faults), "trials", sum(one is not None for one in faults), "lost")
print(*filter(None, faults), sep="\\n")
"""


def crash(folder: Path, kind: str, count: int, first: int = 0, sabotage: str = "") -> str:
    script = CRASH.format(kind=kind, count=count, first=first, sabotage=sabotage)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", ["kill", "full", "power", "size"])
def test_nothing_is_lost_at_a_few_points(tmp_path: Path, kind: str) -> None:
    assert "trials 0 lost" in crash(tmp_path, kind, 3)


def test_a_publication_in_place_would_be_noticed(tmp_path: Path) -> None:
    """Were the folder that readers see filled file by file, some point would show a mix."""
    sabotage = """
from pipelines import release
def unsafe(link, target):
    link.unlink(missing_ok=True)
    link.symlink_to(target)
release._swap = unsafe
"""
    assert "trials 0 lost" not in crash(tmp_path, "kill", 40, sabotage)


def test_a_rename_that_nothing_synchronised_would_be_noticed(tmp_path: Path) -> None:
    sabotage = """
from pipelines import archive
archive.sync = lambda path: None
"""
    assert "trials 0 lost" not in crash(tmp_path, "power", 40, sabotage)


# Damaged input: the shared ways of opening a file. ``make torture`` does the same to every parser.


SEEDS = {
    "csv": (b'toy,price\nbear,3\n"kite, red",4.5\n', lambda content: csv_rows(content, ["toy", "price"])),
    "tsv": (b"toy\tprice\nbear\t3\n", lambda content: csv_rows(content, ["toy", "price"], delimiter="\t")),
    "json": (b'{"toys": [{"toy": "bear", "price": 3.5}, null, true]}', json_value),
    "zip": (archive_of("toys.csv", b"toy,price\nbear,3\n"), lambda content: zip_member(content, "toys.csv")),
    "workbook": (workbook([["toy", "price"], ["bear", "3"]]), sheet_rows),
    "contract": (b"name,population\nBeijing,1\nBerlin,2\n", lambda content: read_csv(content, Cities)),
}


class Cities(dy.Schema):
    """Cities"""

    name = dy.String(primary_key=True)
    population = dy.Int32(min=0)


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=150, derandomize=True, deadline=None)
@given(number=st.integers(0, 10**9))
def test_damaged_content_is_read_or_refused(kind: str, number: int) -> None:
    seed, read = SEEDS[kind]
    content = mutate.damaged(seed, random.Random(number))
    try:
        read(content)
    except Refused as refused:
        assert all(one.problem and one.remedy for one in refused.problems)


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=100, derandomize=True, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(kind: str, content: bytes) -> None:
    with suppress(Refused):
        SEEDS[kind][1](content)
