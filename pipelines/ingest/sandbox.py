"""Reading that may bring its process down, in a process of its own.

Libraries in Rust end the process when a damaged file makes them ask for more memory than there is; no handler can catch that.

What belongs here: the process, and its bounds. What does not: what is read (the caller's function, which a module holds by name).
"""

import os
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pipelines.errors import Refused, refuse

#: Bytes that reading may take, and seconds.
MEMORY = 4_000_000_000
SECONDS = 120.0

_PROJECT = Path(__file__).resolve().parents[2]

Result = TypeVar("Result")

_reading = threading.Lock()
_reader: subprocess.Popen[bytes] | None = None


@contextmanager
def unreadable(kind: str, *errors: type[Exception]) -> Iterator[None]:
    """Raises Refused, for content that was to be ``kind``, in place of a library's ``errors`` and of panics of one in Rust."""
    try:
        yield
    except BaseException as error:
        # A panic arrives as a BaseException of a class that cannot be imported.
        if not isinstance(error, errors) and type(error).__name__ != "PanicException":
            raise
        reason = (str(error).splitlines() or ["damaged"])[0]
        raise refuse(f"not readable as {kind} ({reason})", "Fetch or save it again; it was cut or damaged") from error


def apart(read: Callable[[bytes], Result], content: bytes, kind: str) -> Result:
    """``read(content)`` in another process, which is kept for the next reading; raises what it raises.

    Raises Refused, for content that was to be ``kind``, if reading takes the process down, or longer than ``SECONDS``.
    """
    global _reader
    with _reading:
        if _reader is None:
            _reader = _start()
        assert _reader.stdin is not None and _reader.stdout is not None
        end = threading.Timer(SECONDS, _reader.kill)
        end.start()
        answer = None
        try:
            pickle.dump((read, content), _reader.stdin)
            _reader.stdin.flush()
            answer = pickle.load(_reader.stdout)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
            raise _too_much(kind) from error
        finally:
            end.cancel()
            if answer is None:
                _reader.kill()
                _reader.communicate()
                _reader = None
    is_read, result = answer
    if isinstance(result, MemoryError):
        raise _too_much(kind) from result
    if not is_read:
        raise result
    return result


def _too_much(kind: str) -> Refused:
    problem = f"not readable as {kind} (it takes more memory or time than any such file)"
    return refuse(problem, "Fetch or save it again; it was cut or damaged")


def _start() -> subprocess.Popen[bytes]:
    # Whatever the working directory is by now: the project first, then what this process imports from.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(_PROJECT), *sys.path])}
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.ingest.sandbox"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )


def main() -> None:
    """Read what comes in until the one that asks is gone, however it went."""
    with suppress(ValueError):  # macOS knows the limit and does not let it be set
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while True:
        try:
            read, content = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = True, read(content)
        except Exception as error:
            answer = False, error
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    main()
