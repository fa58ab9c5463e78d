"""The pipeline as another machine would run it: ``python -m torture.elsewhere refresh`` has one core and lists folders backwards.

How many threads share the work, and in which order a disk lists its files, nothing that is published may depend on.
"""

import os
import runpy
from collections.abc import Iterator
from typing import Any


class _Backwards:
    """What ``os.scandir`` gives, in the opposite order."""

    def __init__(self, *arguments: Any) -> None:
        with _scandir(*arguments) as entries:
            self._entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> "_Backwards":
        return self

    def __exit__(self, *_: object) -> None:
        return None


_scandir, _listdir = os.scandir, os.listdir

if __name__ == "__main__":
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    os.scandir = _Backwards  # type: ignore[assignment]
    os.listdir = lambda *arguments: sorted(_listdir(*arguments), reverse=True)  # type: ignore[assignment]
    runpy.run_module("pipelines", run_name="__main__")
