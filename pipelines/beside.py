"""Do work in another process of the project's own: Python computes in one thread at a time, and a process can be ended."""

import os
import pickle
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread
from typing import IO, Any, ParamSpec, TypeVar

from pipelines import loading, settings

#: Bytes that a pipe holds, where the system lets them be set: with 64 kB, large arrays take twice as long.
PIPE = 1 << 20

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Another:
    """A process of its own that does one thing after another."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process, self._tasks, self._results = process, process.stdin, process.stdout

    def begin(self, function: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Callable[[], Made]:
        """Have the process call ``function``, and return what waits for its result.

        Arrays that are given must stay as they are until then. Waiting raises what the function raises, or RuntimeError if the
        process ends without a word, as one does that the system stops for want of memory.
        """
        # In a thread, since what is given may be large, and the process takes it only once it is ready.
        Thread(target=_send, args=(packed((function, given, named)), self._tasks), daemon=True).start()

        def result() -> Made:
            try:
                made, failure = receive(self._results)
            except EOFError:
                why = f"the process of {function.__qualname__} ended by itself, with exit code {self._process.wait()}"
                raise RuntimeError(f"{why}: see whether there is enough memory") from None
            if failure is not None:
                raise failure
            return made

        return result


@contextmanager
def another(*modules: str) -> Iterator[Another]:
    """Yield a process that imports ``modules`` meanwhile; leaving the block ends it, whatever it does."""
    process = start("pipelines.beside", *modules)
    try:
        yield Another(process)
    finally:
        process.kill()
        process.wait()


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a process that runs ``module``, which is to call ``answer``."""
    line, environment = command(module, *arguments)
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    for pipe in (process.stdin, process.stdout):
        _widen(pipe)
    return process


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a pipe hold ``PIPE`` bytes; it stays as it is where the system does not know how, or has no more to give."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)  # type: ignore[arg-type]


def command(module: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command that runs a module of the project in another process, and the environment to run it in."""
    # The project first, then what this process imports from, and not the working directory (-P), which may go before the process.
    environment = settings.environment(PYTHONPATH=os.pathsep.join([str(settings.CODE.parent), *sys.path]))
    return [sys.executable, "-P", "-m", module, *arguments], environment


def limit_memory(most: int) -> None:
    """Let this process take at most ``most`` bytes of memory, where the system can hold it to that."""
    with suppress(ImportError, ValueError):  # Windows has no such limit; macOS has one that cannot be set
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def packed(value: object) -> list[memoryview]:
    """Return ``value`` pickled: first all but the arrays in it that lie in one piece of memory, then these, without a copy."""
    arrays = list[pickle.PickleBuffer]()
    rest = pickle.dumps(value, pickle.HIGHEST_PROTOCOL, buffer_callback=arrays.append)
    return [memoryview(rest), *(array.raw() for array in arrays)]


def send(parts: list[memoryview], pipe: IO[bytes]) -> None:
    """Write what ``packed`` returned."""
    pickle.dump([part.nbytes for part in parts], pipe)
    for part in parts:
        pipe.write(part)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read and return the next value that was sent. Arrays that came without a copy cannot be written to.

    Raises EOFError if the pipe is closed before all of it has come.
    """
    sizes = pickle.load(pipe)
    parts = [pipe.read(size) for size in sizes]
    if [len(part) for part in parts] != sizes:
        raise EOFError
    return pickle.loads(parts[0], buffers=parts[1:])


def _send(parts: list[memoryview], pipe: IO[bytes]) -> None:
    with suppress(OSError):  # The process has ended, which whoever waits is told.
        send(parts, pipe)


def answer() -> None:
    """Do what arrives, and send back the result or the error, until the process that asks is gone, however it ended.

    The modules that are arguments are imported first.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent process, and its end ends this one.
    Thread(target=_end_after, args=(os.getppid(),), daemon=True).start()
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that what a library prints does not mix with results
    with loading.unswept():
        for module in sys.argv[1:]:
            import_module(module)
    while True:
        try:
            function, given, named = receive(sys.stdin.buffer)
        except EOFError:
            return
        result, failure = None, None
        try:
            result = function(*given, **named)
        except Exception as error:
            error.add_note(traceback.format_exc())  # It does not come along by itself.
            failure = error
        send(packed((result, failure)), results)


def _end_after(parent: int) -> None:
    """End this process soon after that which asks, also in the middle of work that nobody waits for any more."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


if __name__ == "__main__":
    answer()
