"""Damaged recordings: one clear error each, and what was good before stays."""

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import sources
from pipelines.ingest.archive import Snapshot
from pipelines.ingest.contract import ROW
from pipelines.ingest.fetchers import Replay
from pipelines.ingest.landing import land, landing_path
from pipelines.ingest.request import Reply, Request
from pipelines.ingest.table_files import SPARED
from pipelines.orchestration import refresh as refreshing
from tests.support.corruption import HTML_ERROR
from tests.support.homes import copy_home, inside

RECORDED = sorted(
    {(row["source"], row["table"]) for row in csv.DictReader((settings.REFERENCE / "replay.csv").open(encoding="utf-8"))}
)

ORDER = ("source_file", ROW)

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: content[: int(len(content) * 0.6)],
    "wrong encoding": lambda content: content.decode("latin-1").encode("utf-16"),
    "empty": lambda _: b"",
    "error page": lambda _: HTML_ERROR,
}

#: Files of a table from which on as many bad ones as there are kinds of damage are set aside.
MANY = len(DAMAGES) / SPARED


class Damaged(Replay):
    """Recordings some of which are damaged, each in its way."""

    def __init__(self, folder: Path, damaged: Mapping[Request, str]) -> None:
        super().__init__(folder)
        self._damaged = damaged

    def fetch(self, request: Request, last: Snapshot | None) -> Reply:
        reply = super().fetch(request, last)
        kind = self._damaged.get(request)
        return Reply(200, {}, DAMAGES[kind](reply.content)) if kind else reply


@pytest.fixture(scope="module")
def replayed_copy(replayed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the replayed home, because a source that fails leaves a note in its home."""
    return copy_home(replayed, tmp_path_factory.mktemp("damage") / "copy")


@pytest.fixture(autouse=True)
def in_replayed_copy(replayed_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Point every path into the copy."""
    with inside(replayed_copy, monkeypatch):
        yield


def test_damaged_recordings_fail_alone_and_the_release_stays(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "damaged"
    for path in recordings.rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(recordings)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(path)
    events = recordings / "itjuzi_events_2016" / "invest_event.csv"
    for name, content in (
        ("itjuzi_events_2016/invest_event.csv", events.read_bytes()[: events.stat().st_size // 2]),
        ("gawc_2020/da31_gnc2020.xlsx", HTML_ERROR),
        ("census_china/derived_nogeom.csv", b""),
    ):
        (folder / name).unlink()
        (folder / name).write_bytes(content)
    monkeypatch.setenv("SOURCES", "all")
    monkeypatch.setenv("REPLAY", str(folder))
    file = settings.PUBLISHED.resolve()
    landed = landing_path("itjuzi", "events").read_bytes()

    done = refreshing.refresh()

    assert not done.published
    failed = {line.split(": ", 1)[0] for line in done.failures.splitlines()}
    assert failed == {"itjuzi", "gawc", "census"}
    assert "Traceback" not in done.failures
    assert settings.PUBLISHED.resolve() == file
    assert landing_path("itjuzi", "events").read_bytes() == landed


@pytest.mark.parametrize(("name", "table_name"), RECORDED)
def test_damage_is_one_clear_error_and_the_landing_stays(recordings: Path, name: str, table_name: str) -> None:
    source = next(source for source in sources.ALL if source.name == name)
    table = next(table for table in source.tables if table.name == table_name)
    requests = Replay(recordings).requests(source, table)
    # A table of many files takes long to land, so each kind of damage befalls another of them at once.
    each, at_once = [{requests[0]: kind} for kind in DAMAGES], dict(zip(requests, DAMAGES, strict=False))
    landed = pl.read_parquet(landing_path(name, table_name))
    for damaged in [at_once] if len(requests) >= MANY else each:
        try:
            done = land(source, table, Damaged(recordings, damaged))
        except InputError as error:
            ((request, kind),) = damaged.items()
            assert error.source == name
            assert error.problems[0].remedy and str(request).startswith(error.problems[0].file.rstrip("…")), kind
        else:
            assert done is not None
            for request, kind in damaged.items():
                # One bad file of many is set aside by name, and what it held before stays.
                (aside,) = [row for row in done.quarantined if str(request).startswith(row.source_file.rstrip("…"))]
                assert "The file is set aside" in aside.reason, kind
        # A file that is set aside comes first or last, as its bytes come from the archive.
        assert pl.read_parquet(landing_path(name, table_name)).sort(*ORDER).equals(landed.sort(*ORDER)), damaged
