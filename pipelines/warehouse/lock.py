"""Lock everything that is made under ``data/``, landings, build and releases, for one process at a time."""

import atexit
import os
import threading
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines import settings
from pipelines.errors import BuildBusy, InputError, Problem
from pipelines.ingest import archive

_held: FileLock | None = None
_acquiring = threading.Lock()


def acquire(patience: float = 0.0) -> None:
    """Take the lock for this process until it ends; a process that holds it already keeps it.

    A whole run happens in one process, so nothing changes under it. What a process left behind that died with the lock is
    removed. Raise InputError for a home that is not a folder, or where DuckDB cannot write, and BuildBusy if another process
    holds the lock for longer than ``patience`` seconds.
    """
    global _held
    with _acquiring:
        if _held is not None:
            return
        _require_home()
        lock, holder = FileLock(settings.LOCK), _holder()
        try:
            lock.acquire(timeout=patience)
        except Timeout as error:
            name = f" (process {holder.read_text().strip()})" if holder.exists() else ""
            raise BuildBusy(
                f"Another refresh{name} is using {settings.BUILD.name}; it goes on. Try again when it has finished."
            ) from error
        if holder.exists():
            _discard_build()
        _remove_partial_files()
        archive.write_atomically(holder, str(os.getpid()).encode())
        _held = lock
        atexit.register(release)


def _require_home() -> None:
    """Raise InputError if the home is not a folder, which a misspelt setting would otherwise make, or has a ? in its path."""
    home, problem, remedy = settings.HOME, None, ""
    if "?" in str(settings.DATA):
        problem = "has a ? in its path"
        remedy = f"Move it, or set {settings.HOME_FOLDER} to a folder without it: DuckDB writes nothing below a ?"
    elif not home.is_dir():
        problem = "is not a folder" if home.exists() else "does not exist"
        remedy = f"Make this folder, or set {settings.HOME_FOLDER} to the one that you mean"
    if problem:
        raise InputError("home", [Problem(str(home), problem, remedy)])


def is_held_elsewhere() -> bool:
    """Return whether another process holds the lock."""
    if _held is not None or not settings.LOCK.exists():
        return False
    try:
        with FileLock(settings.LOCK, timeout=0):
            return False
    except Timeout:
        return True


def release() -> None:
    """Give the lock back; this happens by itself when the process ends."""
    global _held
    with _acquiring:
        if _held is not None:
            _holder().unlink(missing_ok=True)
            _held.release()
            _held = None


def _holder() -> Path:
    """Return the file that names the holder; one that is left without a holder shows that a process died with the lock."""
    return settings.LOCK.with_suffix(".pid")


def _discard_build() -> None:
    """Start the build file anew: a killed process may have left it in any state."""
    for path in (settings.BUILD, settings.BUILD.with_name(f"{settings.BUILD.name}.wal")):
        path.unlink(missing_ok=True)
    archive.remove_folder(settings.BUILD.with_name(f"{settings.BUILD.name}.tmp"))


def _remove_partial_files() -> None:
    """Remove files that a process had not finished when it died; only the holder of the lock writes any."""
    for folder in (settings.DATA, settings.RELEASES, *settings.LANDING.glob("**"), *settings.ARCHIVE.glob("*")):
        for path in folder.glob(f"{archive.PART}*"):
            if path.is_dir() and not path.is_symlink():
                archive.remove_folder(path)
            else:
                path.unlink()
