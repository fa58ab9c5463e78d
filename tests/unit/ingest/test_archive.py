"""The archive keeps every version of the bytes, and a write that is interrupted changes nothing."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.ingest import archive
from pipelines.ingest.request import Reply
from tests.support.disk import Disk


def test_every_version_is_kept_with_the_time_it_was_first_seen(home: Path) -> None:
    first = archive.store("s", "t", "a.csv", "live", Reply(200, {}, b"one"), None)
    archive.record("s", [first])
    again = archive.store("s", "t", "a.csv", "live", Reply(200, {}, b"one"), archive.latest("s", "live")["a.csv"])
    other = archive.store("s", "t", "a.csv", "live", Reply(200, {}, b"two"), first)
    archive.record("s", [again, other])
    assert again == first
    assert archive.snapshots("s") == [first, other]
    assert archive.read(first) == b"one"
    assert archive.latest("s", "live") == {"a.csv": other}
    assert archive.latest("s", "replay") == {}


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\n", "\r"])
def test_address_may_hold_whatever_ends_a_line(home: Path, end: str) -> None:
    odd = archive.store("s", "t", f"deals{end}of 2020.csv", "project", Reply(200, {}, b"one"), None)
    archive.record("s", [odd])
    other = archive.store("s", "t", "b.csv", "project", Reply(200, {}, b"two"), None)
    archive.record("s", [other])
    assert archive.snapshots("s") == [odd, other]


def test_new_etag_of_the_same_bytes_is_kept(home: Path) -> None:
    first = archive.store("s", "t", "a.csv", "live", Reply(200, {"etag": "1"}, b"one"), None)
    second = archive.store("s", "t", "a.csv", "live", Reply(200, {"etag": "2"}, b"one"), first)
    assert (second.headers["etag"], second.retrieved_at) == ("2", first.retrieved_at)


def test_same_bytes_keep_the_day_on_which_they_were_first_seen(home: Path) -> None:
    first = archive.store("s", "t", "a.csv", "live", Reply(200, {}, b"one"), None)
    earlier = replace(first, retrieved_at="2020-01-02T00:00:00+00:00")
    assert archive.store("s", "t", "a.csv", "live", Reply(200, {}, b"one"), earlier) == earlier
    assert archive.store("s", "t", "a.csv", "live", Reply(200, {}, b"two"), earlier).retrieved_at >= first.retrieved_at
    assert archive.store("s", "t", "a.csv", "live", Reply(200, {}, b"one", "2019-01-01"), earlier).retrieved_at == "2019-01-01"


def test_interrupted_write_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    archive.write_atomically(path, b"old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        archive.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_content_is_on_the_disk_before_its_name_and_the_name_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    archive.write_atomically(tmp_path / "file", b"new")
    named, *_ = disk.renames
    assert named.target == tmp_path / "file"
    assert disk.inode(tmp_path / "file") in named.synced, "a loss of power would leave an empty file under the name"
    assert disk.inode(tmp_path) in disk.synced_after(named), "a loss of power would undo the renaming"
