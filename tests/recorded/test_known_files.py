"""The files that never change have the hashes that the recordings have."""

from pathlib import Path

from pipelines.ingest.table_files import known_files
from tools import known_files as tool


def test_known_files_are_those_recorded(recordings: Path) -> None:
    listed = [(line["url"], line["sha256"], line["is_derived"]) for line in known_files()]
    assert listed == tool.known_files(recordings), "run `python -m tools.known_files FOLDER > data/reference/known_files.csv`"
