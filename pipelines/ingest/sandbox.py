"""Read files that may bring their reader down in a process of its own, with limits on memory and time.

Libraries in Rust end the process when a damaged file makes them ask for more memory than there is; no handler can catch that.
"""

import pickle
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from pipelines import beside
from pipelines.errors import refuse

#: Bytes of memory and seconds that reading a file may take.
MEMORY = 4_000_000_000
SECONDS = 120.0

Result = TypeVar("Result")

_turn = threading.Lock()
_reader: subprocess.Popen[bytes] | None = None


def isolated(read: Callable[[bytes], Result], content: bytes, kind: str) -> Result:
    """Return ``read(content)``, run in another process that stays for the next file; raise what it raises.

    Raises Refused, for content that was to be ``kind``, if reading ends the process or takes more than ``MEMORY`` or ``SECONDS``.
    """
    global _reader
    with _turn:
        _reader = _reader or beside.start("pipelines.ingest.sandbox")
        assert _reader.stdin is not None and _reader.stdout is not None
        timer = threading.Timer(SECONDS, _reader.kill)
        timer.start()
        error: BaseException | None = None
        try:
            beside.send(beside.packed((read, (pickle.PickleBuffer(content),), {})), _reader.stdin)
            result, error = beside.receive(_reader.stdout)
        except BaseException as interruption:
            _reader.kill()
            _reader.communicate()
            _reader = None
            if not isinstance(interruption, (EOFError, BrokenPipeError, pickle.UnpicklingError)):
                raise
            error = MemoryError()
        finally:
            timer.cancel()
    if isinstance(error, MemoryError):
        problem = f"not readable as {kind} (it takes more memory or time than any such file should)"
        raise refuse(problem, "Fetch or save it again; it was cut off or damaged")
    if error:
        raise error
    return result


def main() -> None:
    """Read what arrives, within ``MEMORY``."""
    beside.limit_memory(MEMORY)
    beside.answer()


@contextmanager
def unreadable(kind: str, *errors: type[Exception]) -> Iterator[None]:
    """Raise Refused, for content that was to be ``kind``, in place of a library's ``errors`` and of a panic in Rust."""
    try:
        yield
    except BaseException as error:
        # A panic arrives as a BaseException of a class that cannot be imported.
        if not isinstance(error, errors) and type(error).__name__ != "PanicException":
            raise
        reason = (str(error).splitlines() or ["damaged"])[0]
        raise refuse(f"not readable as {kind} ({reason})", "Fetch or save it again; it was cut off or damaged") from error


if __name__ == "__main__":
    main()
