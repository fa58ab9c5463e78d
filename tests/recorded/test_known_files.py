"""Files that never change have the hashes of their recordings, and landmarks are rows of the recordings."""

import csv
from pathlib import Path

from pipelines import settings
from pipelines.ingest.sources import reference
from tools import known_files as tool
from tools.landmarks import landmarks


def test_known_files_are_those_recorded(recordings: Path) -> None:
    listed = reference.FILES.read("known_files").select("url", "sha256", "is_derived").rows()
    assert listed == tool.known_files(recordings), "run `python -m tools.known_files FOLDER > data/reference/known_files.csv`"


def test_landmarks_are_those_recorded(replayed: Path) -> None:
    with (settings.REFERENCE / "landmarks.csv").open(encoding="utf-8", newline="") as file:
        _, *lines = csv.reader(file)
    assert [tuple(line) for line in lines] == [*landmarks(replayed)], "run `python -m tools.landmarks HOME`"
