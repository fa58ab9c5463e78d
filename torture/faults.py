"""Faults at the n-th thing a process does to the disk, injected from inside it: killed, disk full, power lost.

Python announces what it does to files before it does it (PEP 578); synchronising and the statements of DuckDB are counted too.
What DuckDB does within a statement is met by kills at random times and by a limit on the size of files.
"""

import errno
import os
import resource
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import duckdb

Kind = Literal["none", "kill", "full", "power"]

_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate", "os.chmod"}
_TAKES_SPACE = {"open", "os.mkdir", "os.symlink", "os.rename", "fsync"}


class Disk:
    """Counts what this process does to files below ``home``, and brings ``kind`` about at that ``operation``."""

    def __init__(self, home: Path, kind: Kind, operation: int) -> None:
        self.operations = 0
        self._home = str(home)
        self._kind = kind
        self._operation = operation
        #: Files whose content the disk holds: inode → time of the last change that it holds.
        self._synced = {path.stat().st_ino: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
        #: Renames that the disk may not hold yet: from, to, and what stood there before.
        self._unsettled: list[tuple[Path, Path, Path | None]] = []
        self._busy = False

    def watch(self) -> None:
        """Begin counting; it cannot be undone, so only a process of its own does this."""
        fsync, connect = os.fsync, duckdb.connect
        sys.addaudithook(self._heard)

        def noted(handle: Any) -> None:
            self._happens("fsync", ())
            fsync(handle)
            self._note_sync(handle)

        def proxied(*arguments: Any, **named: Any) -> Any:
            return _Statements(connect(*arguments, **named), lambda: self._happens("statement", ()))

        os.fsync = noted  # type: ignore[assignment]
        duckdb.connect = proxied

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._busy:
            return
        if event == "open":
            path, mode, flags = arguments
            writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if writes and str(path).startswith(self._home):
                self._happens(event, arguments)
        elif event in _CHANGES and str(arguments[1 if event == "os.symlink" else 0]).startswith(self._home):
            self._happens(event, arguments)

    def _happens(self, event: str, arguments: tuple[Any, ...]) -> None:
        self.operations += 1
        if self._kind == "full" and self.operations >= self._operation and event in _TAKES_SPACE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._kind in ("kill", "power") and self.operations == self._operation:
            self._busy = True
            if self._kind == "power":
                self._lose()
            os.kill(os.getpid(), signal.SIGKILL)
        if event == "os.rename" and self._kind == "power":
            self._busy = True
            self._note_rename(Path(os.fsdecode(arguments[0])), Path(os.fsdecode(arguments[1])))
            self._busy = False

    def _note_sync(self, handle: int) -> None:
        status = os.fstat(handle)
        if stat.S_ISREG(status.st_mode):
            self._synced[status.st_ino] = status.st_mtime_ns
        else:
            self._unsettled = [rename for rename in self._unsettled if rename[1].parent.stat().st_ino != status.st_ino]

    def _note_rename(self, old: Path, new: Path) -> None:
        before = None
        if new.is_symlink() or new.is_file():
            before = new.with_name(f".before-{self.operations}")
            os.link(new, before, follow_symlinks=False)
        self._unsettled.append((old, new, before))

    def _lose(self) -> None:
        """Leave on the disk the least that it guarantees: renames undone and files cut that nothing had synchronised.

        SQLite synchronises for itself, unseen, so the record of runs is left alone.
        """
        for old, new, before in reversed(self._unsettled):
            if new.is_symlink() or new.exists():
                os.rename(new, old)
            if before is not None:
                os.replace(before, new)
        for path in Path(self._home).rglob("*"):
            if path.name.startswith(".before-"):
                path.unlink()
            elif path.is_file() and not path.is_symlink() and path.suffix != ".lock" and "dagster" not in path.parts:
                status = path.stat()
                if status.st_size and self._synced.get(status.st_ino) != status.st_mtime_ns:
                    os.chmod(path, 0o644)
                    os.truncate(path, status.st_size // 2)


class _Statements:
    """A DuckDB connection whose statements are counted before they run."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, happens: Callable[[], None]) -> None:
        self._connection = connection
        self._happens = happens

    def execute(self, *arguments: Any) -> Any:
        self._happens()
        return self._connection.execute(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def __enter__(self) -> "_Statements":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def limit_files(size: int) -> None:
    """Let no file of this process grow beyond ``size`` bytes: writes end short, then fail, in DuckDB too."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
