"""Do work in a second process beside this one, since Python computes in one thread at a time."""

import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


@contextmanager
def work(function: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Iterator[Callable[[], Made]]:
    """Call ``function`` in a process of its own while the block runs, and yield what waits for its result.

    Waiting raises what the function raises, or RuntimeError if its process ends without a word, as one does that the system
    stops for want of memory. Leaving the block ends the process.
    """
    content = pickle.dumps((function, given, named))
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_do, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    # In a thread, since what is given may be large, and the process takes it only once it has started.
    Thread(target=_send, args=(ours, content), daemon=True).start()

    def result() -> Made:
        try:
            made, failure = ours.recv()
        except EOFError:
            process.join()
            why = f"the process of {function.__qualname__} ended by itself, with exit code {process.exitcode}"
            raise RuntimeError(f"{why}: see whether there is enough memory") from None
        if failure is not None:
            raise failure
        return made

    try:
        yield result
    finally:
        process.kill()
        process.join()
        ours.close()


def _send(pipe: Connection, content: bytes) -> None:
    with suppress(OSError):  # The process has ended, which whoever waits is told.
        pipe.send_bytes(content)


def _do(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # An interrupt ends the first process, and that one this.
    function, given, named = pickle.loads(pipe.recv_bytes())
    outcome: tuple[Any, Exception | None]
    try:
        outcome = function(*given, **named), None
    except Exception as error:
        outcome = None, error
    with suppress(OSError):  # Nobody waits any more.
        pipe.send(outcome)
