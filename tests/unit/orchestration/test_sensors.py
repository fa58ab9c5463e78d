"""What the sensors ask for: a landing of the inbox when what the landing reads has changed, and a build for what landed."""

import os
from pathlib import Path

import dagster as dg
import pytest

from pipelines import settings
from pipelines.orchestration import sensors

LONG_AGO = 1_000_000_000


@pytest.fixture
def inbox(home: Path) -> Path:
    settings.INBOX.mkdir(parents=True, exist_ok=True)
    return settings.INBOX


def is_asked_for(cursors: list[str]) -> bool:
    """Return whether a tick of the sensor asks for a landing, and keep its cursor."""
    context = dg.build_sensor_context(cursor=cursors[-1])
    request = sensors.request_inbox(context)
    cursors.append(context.cursor or "")
    return isinstance(request, dg.RunRequest)


def write(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.mark.parametrize(
    ("name", "is_read"),
    [("mine.csv", True), ("~mine.csv", True), ("~$mine.xlsx", False), (".mine.csv", False), ("README.md", False)],
)
def test_sensor_watches_the_files_that_the_landing_reads(inbox: Path, name: str, is_read: bool) -> None:
    cursors = [""]
    is_asked_for(cursors)
    write(inbox / name, "a")
    assert is_asked_for(cursors) == is_read
    write(inbox / name, "ab")
    assert is_asked_for(cursors) == is_read


def test_link_that_leads_nowhere_stops_no_sensor(inbox: Path) -> None:
    cursors = [""]
    is_asked_for(cursors)
    (inbox / "mine.csv").symlink_to(inbox.parent / "mine.csv")
    assert is_asked_for(cursors)
    assert not is_asked_for(cursors)
    write(inbox.parent / "mine.csv", "a")
    assert is_asked_for(cursors)
