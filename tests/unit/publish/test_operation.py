"""A release stands whatever surrounds it: the umask, the clock, a reader who writes, a folder that cannot be removed."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from pipelines.orchestration import retention
from pipelines.publish import exports, release, release_file, state
from tests.support.blank_pages import blank_pages
from tests.support.disk import Disk


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def export(_: Path, folder: Path, *__: object) -> None:
    (folder / "t.parquet").write_bytes(b"rows")
    (folder / "datapackage.json").write_text('{"id": "abc", "version": "2.0"}')


def publish(monkeypatch: pytest.MonkeyPatch, hash_: str, said: str = "may be redistributed") -> Path:
    """Publish a release of one file of each kind, whose contents have this hash."""

    def write(file: Path, _: object, fingerprint: str) -> str:
        with duckdb.connect(file) as connection:
            connection.execute("create schema core")
            connection.execute(
                "create table core.release as select ? as input_fingerprint, ? as redistribution", [fingerprint, said]
            )
            connection.execute("create table core.files as select 'a/b' as archived")
        return hash_

    monkeypatch.setattr(release_file, "write", write)
    monkeypatch.setattr(exports, "export", export)
    blank_pages(monkeypatch.setattr)
    return release.publish([], [], "fingerprint")


def test_every_file_of_a_release_has_one_mode(home: Path, monkeypatch: pytest.MonkeyPatch, umask: None) -> None:
    folder = publish(monkeypatch, "a" * 64)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}
    folders = {folder.name, release.CITIES}
    assert {name: mode for name, mode in modes.items() if mode != (0o755 if name in folders else 0o444)} == {}
    assert {"report.html", "report.zh.html", "alba.en.html", "t.parquet"} < set(modes)
    assert settings.RELEASES.stat().st_mode & 0o777 == 0o755


def test_release_after_the_clock_was_set_back_is_the_newest(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = datetime.now(UTC) + timedelta(days=730)
    (settings.RELEASES / f"{ahead:{state.TIME}}-{'f' * 8}").mkdir(parents=True)
    first, second = publish(monkeypatch, "a" * 64), publish(monkeypatch, "b" * 64)
    assert sorted(path.name for path in settings.RELEASES.glob("2*"))[-2:] == [first.name, second.name]
    assert settings.RELEASE.resolve() == second


def test_kept_releases_are_listed_the_newest_first(home: Path, monkeypatch: pytest.MonkeyPatch, umask: None) -> None:
    first, second = publish(monkeypatch, "a" * 64), publish(monkeypatch, "b" * 64)
    listed = json.loads((settings.RELEASES / release.LIST).read_text("utf-8"))
    assert [row["release"] for row in listed] == [second.name, first.name]
    assert (settings.RELEASES / listed[1]["file"]).parent == first
    assert (listed[0]["id"], listed[0]["version"], listed[0]["created"]) == ("abc", "2.0", None)
    assert (settings.RELEASES / release.LIST).stat().st_mode & 0o777 == 0o644


def test_release_that_may_not_be_passed_on_is_not_listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = publish(monkeypatch, "a" * 64), publish(monkeypatch, "b" * 64, "is for local use only: built with X")
    assert [row["release"] for row in json.loads((settings.RELEASES / release.LIST).read_text("utf-8"))] == [first.name]


@pytest.mark.slow
def test_newest_release_that_may_be_passed_on_is_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(monkeypatch, "a" * 64)
    others = [publish(monkeypatch, f"{number:064}", "is for local use only") for number in range(release.KEPT + 1)]
    assert sorted(path for path in settings.RELEASES.iterdir() if path.is_dir()) == [first, *others[1:]]


def test_release_of_the_same_second_and_contents_has_a_name_of_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "moment", lambda: datetime(2026, 1, 2))
    made = [publish(monkeypatch, "a" * 64) for _ in range(3)]
    assert [path.name for path in made] == [f"20260102T000000Z-aaaaaaaa{end}" for end in ("", "-2", "-3")]
    assert settings.RELEASE.resolve() == made[-1]


def releases_of_which_the_first_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    made = [publish(monkeypatch, f"{number:064}", "is for local use only") for number in range(release.KEPT)]
    unread = made[0] / settings.PUBLISHED.name
    unread.chmod(0o644)
    unread.write_bytes(b"no database")
    return made


@pytest.mark.slow
def test_release_that_cannot_be_read_stops_neither_the_next_nor_the_list(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = releases_of_which_the_first_cannot_be_read(monkeypatch)
    newest = publish(monkeypatch, "a" * 64)
    assert [row["release"] for row in json.loads((settings.RELEASES / release.LIST).read_text("utf-8"))] == [newest.name]
    last = publish(monkeypatch, "b" * 64, "is for local use only")
    assert {*others, newest, last} - {*settings.RELEASES.iterdir()} == {*others[:2]}


@pytest.mark.slow
def test_none_is_removed_while_the_next_may_go_on_from_one_that_cannot_be_read(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    others = releases_of_which_the_first_cannot_be_read(monkeypatch)
    publish(monkeypatch, "a" * 64, "is for local use only")
    assert {*others} <= {*settings.RELEASES.iterdir()}
    assert others[0].name in caplog.text


@pytest.mark.slow
def test_failed_publication_leaves_no_trace(home: Path) -> None:
    with pytest.raises(duckdb.CatalogException, match="does not exist"):
        release.publish([], [], "fingerprint")
    assert list(settings.RELEASES.iterdir()) == []
    assert not settings.PUBLISHED.exists()


def test_old_releases_are_removed_but_for_the_current_one(home: Path) -> None:
    for number in range(13):
        (settings.RELEASES / f"r{number:02}").mkdir(parents=True)
    (settings.RELEASES / ".part-x").mkdir()
    settings.RELEASE.symlink_to(Path("releases") / "r00")
    release.prune()
    left = sorted(path.name for path in settings.RELEASES.iterdir())
    assert left == [".part-x", "r00", *(f"r{number:02}" for number in range(3, 13))], "ten, and the current one"


def test_publishing_removes_what_is_no_longer_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(release.KEPT + 1):
        (settings.RELEASES / f"20200101T0000{number:02}Z-a").mkdir(parents=True)
    made = publish(monkeypatch, "a" * 64)
    kept = sorted(path.name for path in settings.RELEASES.iterdir() if path.is_dir())
    assert len(kept) == release.KEPT
    assert (kept[0], kept[-1]) == ("20200101T000002Z-a", made.name)


def test_time_of_a_release_is_the_present_where_no_release_is_newer(home: Path) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(0) <= state.moment() - now < timedelta(minutes=1)


def test_time_of_a_release_is_after_the_newest_if_the_clock_was_set_back(home: Path) -> None:
    (settings.RELEASES / "29990101T000059Z-a").mkdir(parents=True)
    assert state.moment() == datetime(2999, 1, 1, 0, 1)


def test_release_that_cannot_be_removed_stays_and_the_log_says_why(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(release.KEPT + 1):
        (settings.RELEASES / f"r{number:02}").mkdir(parents=True)

    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    release.prune()
    assert (settings.RELEASES / "r00").is_dir()
    assert "r00 was not removed: [Errno 13] Permission denied" in caplog.text


def test_release_that_cannot_be_linked_is_removed_and_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = publish(monkeypatch, "a" * 64)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release, "_swap", refuse)
    with pytest.raises(OSError, match="No space left on device"):
        publish(monkeypatch, "b" * 64)
    assert [path for path in settings.RELEASES.iterdir() if path.is_dir()] == [before]


def test_file_that_somebody_opened_for_writing_is_replaced(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = publish(monkeypatch, "a" * 64)
    assert state.input_fingerprint() == "fingerprint"
    log = folder / f"{settings.PUBLISHED.name}.wal"
    log.write_bytes(b"changes")
    assert state.changes_of_others() == log
    assert state.input_fingerprint() is None, "so that the next refresh publishes anew"
    publish(monkeypatch, "b" * 64)
    assert state.changes_of_others() is None


def test_release_open_for_writing_stops_no_tidying(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, "a" * 64)
    removed: list[object] = []
    monkeypatch.setattr(retention, "delete_runs", removed.append)

    def locked(*_: object, **__: object) -> None:
        raise duckdb.IOException("Could not set lock on file: Conflicting lock is held")

    monkeypatch.setattr(retention.duckdb, "connect", locked)
    retention.tidy("instance")  # type: ignore[arg-type]
    assert removed == ["instance"]


def test_release_is_on_the_disk_before_it_is_named_and_named_before_it_is_linked(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(monkeypatch, "a" * 64)
    disk = Disk(monkeypatch)
    folder = publish(monkeypatch, "b" * 64)
    named = next(rename for rename in disk.renames if rename.target == folder)
    linked = next(rename for rename in disk.renames if rename.target == settings.RELEASE)
    unsynced = [path.name for path in [folder, *folder.rglob("*")] if disk.inode(path) not in named.synced]
    assert unsynced == [], "a loss of power would leave them empty"
    assert disk.renames.index(named) < disk.renames.index(linked)
    assert disk.inode(settings.RELEASES) in linked.synced - named.synced
    assert disk.inode(settings.DATA) in disk.synced_after(linked)
    assert settings.RELEASE not in disk.removed, "the link is replaced at once: readers never find none"
