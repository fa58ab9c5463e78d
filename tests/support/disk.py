"""Watch in which order files are synchronised, renamed and removed."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Rename:
    """One renaming, and the inodes that were synchronised before it."""

    target: Path
    synced: frozenset[int]


class Disk:
    """What happens to the disk from now on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.renames: list[Rename] = []
        self.removed: list[Path] = []
        self._synced: list[int] = []
        self._synced_at: dict[Rename, int] = {}
        sync, unlink = os.fsync, Path.unlink

        def watched_sync(handle: int) -> None:
            self._synced.append(os.fstat(handle).st_ino)
            sync(handle)

        def watched_unlink(path: Path, missing_ok: bool = False) -> None:
            self.removed.append(path)
            unlink(path, missing_ok=missing_ok)

        for name in ("rename", "replace"):
            monkeypatch.setattr(os, name, self._renamed_by(getattr(os, name)))
        monkeypatch.setattr(os, "fsync", watched_sync)
        monkeypatch.setattr(Path, "unlink", watched_unlink)

    def inode(self, path: Path) -> int:
        return path.stat().st_ino

    def synced_after(self, rename: Rename) -> set[int]:
        return set(self._synced[self._synced_at[rename] :])

    def _renamed_by(self, function: Callable[..., None]) -> Callable[..., None]:
        def watched(source: Path | str, target: Path | str, **named: int) -> None:
            function(source, target, **named)
            rename = Rename(Path(target), frozenset(self._synced))
            self.renames.append(rename)
            self._synced_at[rename] = len(self._synced)

        return watched
