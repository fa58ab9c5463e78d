"""Keep what parsers look up in files of ``data/reference`` until one of the files changes, and tell which files these are."""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TypeVar

from pipelines import settings

T = TypeVar("T")

#: Attribute of a function that names the files it reads.
_FILES = "reference_files"


def reads(*names: str) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Return a decorator for a function that reads these files of ``data/reference``: its result is kept until one changes.

    A table whose parser uses the function is then parsed again.
    """

    def decorate(read: Callable[[], T]) -> Callable[[], T]:
        @lru_cache(maxsize=1)
        def kept(_: tuple[object, ...]) -> T:
            return read()

        @wraps(read)
        def look_up() -> T:
            return kept(tuple(map(_state, names)))

        setattr(look_up, _FILES, names)
        return look_up

    return decorate


def _state(name: str) -> tuple[object, ...]:
    """Return what changes whenever a file does; to read its bytes at each look-up would take too long."""
    path = settings.REFERENCE / name
    try:
        status = path.stat()
    except FileNotFoundError:
        return (path,)
    return path, status.st_mtime_ns, status.st_size


def named_in(modules: Iterable[ModuleType]) -> list[str]:
    """Return the files of ``data/reference`` that functions of these modules are declared to read."""
    functions = [value for module in modules for value in vars(module).values() if isinstance(value, FunctionType)]
    return sorted({name for function in functions for name in getattr(function, _FILES, ())})


def paths_of(modules: Iterable[ModuleType]) -> list[Path]:
    """Return the paths of these files; one that is missing is left out, since its reader says so."""
    return [path for name in named_in(modules) if (path := settings.REFERENCE / name).is_file()]
