"""Reading that may bring its process down, in a process of its own.

Libraries in Rust end the process when a damaged file makes them ask for more memory than there is; no handler can catch that.

What belongs here: the process, and its bounds. What does not: what is read (the caller's function, which a module holds by name).
"""

import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pipelines.errors import refuse

#: Bytes that reading may take, and seconds.
MEMORY = 4_000_000_000
SECONDS = 120.0

Result = TypeVar("Result")

_reading = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def apart(read: Callable[[bytes], Result], content: bytes, kind: str) -> Result:
    """``read(content)`` in another process, which is kept for the next reading; raises what it raises.

    Raises Refused, for content that was to be ``kind``, if reading takes the process down, or longer than ``SECONDS``.
    """
    global _pool
    with _reading:
        if _pool is None:
            # Started anew and not forked: a fork would lose the threads of this process.
            _pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _bound)
        try:
            return _pool.submit(read, content).result(SECONDS)
        except (BrokenProcessPool, TimeoutError) as error:
            for process in (_pool._processes or {}).values():
                process.kill()
            _pool.shutdown(cancel_futures=True)
            _pool = None
            problem = f"not readable as {kind} (it takes more memory or time than any such file)"
            raise refuse(problem, "Fetch or save it again; it was cut or damaged") from error


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """The process that asked may be killed, and then nobody ends this one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
