"""Do work in another process of the project's own: Python computes in one thread at a time, and a process can be ended."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import IO, ParamSpec, TypeVar

from pipelines import settings

Given = ParamSpec("Given")
Made = TypeVar("Made")


@contextmanager
def work(function: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Iterator[Callable[[], Made]]:
    """Call ``function`` in a process of its own while the block runs, and yield what waits for its result.

    Waiting raises what the function raises, or RuntimeError if its process ends without a word, as one does that the system
    stops for want of memory. Leaving the block ends the process.
    """
    content = pickle.dumps((function, given, named))
    process = start("pipelines.beside")
    assert process.stdin is not None and process.stdout is not None
    results = process.stdout
    # In a thread, since what is given may be large, and the process takes it only once it has started.
    sending = Thread(target=_send, args=(content, process.stdin), daemon=True)
    sending.start()

    def result() -> Made:
        try:
            made, failure = pickle.load(results)
        except EOFError:
            why = f"the process of {function.__qualname__} ended by itself, with exit code {process.wait()}"
            raise RuntimeError(f"{why}: see whether there is enough memory") from None
        if failure is not None:
            raise failure
        return made

    try:
        yield result
    finally:
        process.kill()
        sending.join()
        process.communicate()


def start(module: str) -> subprocess.Popen[bytes]:
    """Start a process that runs ``module``, whose ``main`` is to call ``answer``."""
    # The project first, then what this process imports from, whatever the working directory is by now.
    environment = settings.environment(PYTHONPATH=os.pathsep.join([str(settings.CODE.parent), *sys.path]))
    return subprocess.Popen([sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def _send(content: bytes, pipe: IO[bytes]) -> None:
    with suppress(OSError):  # The process has ended, which whoever waits is told.
        pipe.write(content)
        pipe.flush()


def answer() -> None:
    """Do what arrives, and send back the result or the error, until the process that asks is gone, however it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # An interrupt ends the process that asks, and that one this.
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that what a library prints does not mix with results
    while True:
        try:
            function, given, named = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        result, failure = None, None
        try:
            result = function(*given, **named)
        except Exception as error:
            failure = error
        try:
            pickle.dump((result, failure), results)
            results.flush()
        except BrokenPipeError:
            os._exit(0)  # Nobody waits any more.


if __name__ == "__main__":
    answer()
