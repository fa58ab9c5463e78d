"""The torture in small: a sample of its cases, and proof that it would notice."""

import io
import json
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import dataframely as dy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import Refused
from pipelines.ingest.readers.archives import zip_member
from pipelines.ingest.readers.regular_csv import regular_rows
from pipelines.ingest.readers.text import csv_rows, json_value, read_csv
from pipelines.ingest.readers.workbook import sheet_rows
from tests.support.parsing import zipped
from tests.support.workbook import workbook
from torture import mutate

ROOT = Path(__file__).parents[2]

WORLD = """
import json, os, sys
from pathlib import Path
import duckdb
from torture import crashes, world

folder = Path(sys.argv[1])
bases, expected = crashes.expectations(folder)
faults = {}
for kind in ("kill", "full", "power", "size"):
    trials = [trial for trial in crashes.trials(expected, 1) if trial.kind == kind and not trial.from_nothing]
    trial = trials[len(trials) * 2 // 3]
    faults[kind] = crashes.judge(folder / "home", trial, bases[False], expected[False]).fault

def mix():
    published = (folder / "home" / "data" / "nextvalley.duckdb").resolve()
    os.chmod(published, 0o644)
    with duckdb.connect(published) as connection:
        connection.execute("update core.makers set generation = 1")
    return world.inspect(folder / "home")["fault"]

faults["mix"] = crashes.in_child(mix)
print(json.dumps(faults))
"""

LOSS = """
import os, sys
from pathlib import Path
from torture import faults

home = Path(sys.argv[1])
(home / "old").write_bytes(b"old " * 10)
disk = faults.Disk(home, "power", int(sys.argv[2]))
disk.watch()
handle = os.open(home / "new", os.O_CREAT | os.O_WRONLY)  # 1
os.write(handle, b"new " * 10)
os.fsync(handle)  # 2
os.replace(home / "new", home / "old")  # 3
os.fsync(os.open(home, os.O_RDONLY))  # 4
os.mkdir(home / "end")  # 5
"""


def script(text: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", text, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


def test_nothing_is_lost_at_a_few_points_and_a_mix_is_noticed(tmp_path: Path) -> None:
    done = script(WORLD, tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "kill": None,
        "full": None,
        "power": None,
        "size": None,
        "mix": "generations [1, 2] in one file",
    }


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        (2, {"old": b"old " * 10, "new": b"new " * 5}),
        (3, {"old": b"old " * 10, "new": b"new " * 10}),
        (4, {"old": b"old " * 10, "new": b"new " * 10}),
        (5, {"old": b"new " * 10}),
    ],
    ids=["written", "synchronised", "renamed", "rename synchronised"],
)
def test_a_loss_of_power_takes_what_nothing_synchronised(tmp_path: Path, operation: int, left: dict[str, bytes]) -> None:
    assert script(LOSS, tmp_path, operation).returncode == -signal.SIGKILL
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == left


# Damaged input: the shared ways of opening a file. ``make torture`` does the same to every parser.


SEEDS = {
    "csv": (b'toy,price\nbear,3\n"kite, red",4.5\n', lambda content: csv_rows(content, ["toy", "price"])),
    "csv at once": (b"toy,price\nbear,3\n", lambda content: regular_rows(io.BytesIO(content), ["toy", "price"], ["price"], ",")),
    "tsv": (b"toy\tprice\nbear\t3\n", lambda content: csv_rows(content, ["toy", "price"], delimiter="\t")),
    "json": (b'{"toys": [{"toy": "bear", "price": 3.5}, null, true]}', json_value),
    "zip": (zipped({"toys.csv": b"toy,price\nbear,3\n"}), lambda content: zip_member(content, "toys.csv")),
    "workbook": (workbook([["toy", "price"], ["bear", "3"]]), sheet_rows),
    "contract": (b"name,population\nBeijing,1\nBerlin,2\n", lambda content: read_csv(content, Cities)),
}


class Cities(dy.Schema):
    """Cities"""

    name = dy.String(primary_key=True)
    population = dy.Int32(min=0)


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=60, derandomize=True, deadline=None)
@given(number=st.integers(0, 10**9))
def test_damaged_content_is_read_or_refused(kind: str, number: int) -> None:
    seed, read = SEEDS[kind]
    content = mutate.damaged(seed, random.Random(number))
    try:
        read(content)
    except Refused as refused:
        assert all(problem.problem and problem.remedy for problem in refused.problems)


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=60, derandomize=True, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(kind: str, content: bytes) -> None:
    with suppress(Refused):
        SEEDS[kind][1](content)
