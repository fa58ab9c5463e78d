"""Find recorded bytes in a folder, and the recordings that ship with the project in ``data/recordings``."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import dataframely as dy

from pipelines import settings
from pipelines.errors import FetchFailed, InputError, Problem, Refused
from pipelines.ingest import columns
from pipelines.ingest.readers.archives import BROKEN_ZIP
from pipelines.ingest.readers.text import read_csv

INDEX = "index.csv"
#: A line of the index.
Line = Mapping[str, str]
RESTORE = "Restore it, or leave the recordings out with SOURCES=register"


class Index(dy.Schema):
    """The recordings that ship with the project: how old they are, under which licence, and where they were taken from."""

    source = columns.text("Source.", primary_key=True)
    file = columns.text("Files, as in data/reference/replay.csv; a * stands for any text.", primary_key=True)
    recorded = columns.text(
        "Date of the bytes, as far as it is known.", r"^20[0-9][0-9](-[0-9][0-9]){0,2}$", "Write YYYY, YYYY-MM or YYYY-MM-DD"
    )
    licence = columns.text("Licence.")
    origin = columns.url("Where the bytes were taken from, in a state that does not change.")
    note = columns.text("What the files contain, and how they were dated.")


class Folder:
    """Read recorded files below a folder; what is in a subfolder may be packed as a ZIP archive of its name."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def matches(self, pattern: str) -> list[tuple[str, Sequence[str]]]:
        """Return the files that a pattern matches, each with the texts that its ``*`` stand for; none stands for a /."""
        form = re.compile(re.escape(pattern).replace(r"\*", "([^/]*)"))
        found = [(name, form.fullmatch(name)) for name in self._names(pattern)]
        return [(name, match.groups()) for name, match in found if match]

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; raise FetchFailed if it is missing or cannot be unpacked."""
        path, archive = self._path / name, self._archive(name)
        if path.is_file():
            return path.read_bytes()
        if archive.is_file():
            with suppress(KeyError), _opened(archive) as packed:
                return packed.read(name.partition("/")[2])
        raise FetchFailed(f"the file {name} is missing", "Restore it, or remove the table from its source")

    def _archive(self, name: str) -> Path:
        return self._path / f"{name.partition('/')[0]}.zip"

    def _names(self, pattern: str) -> list[str]:
        if "*" not in pattern:
            return [pattern]
        archive = self._archive(pattern)
        if not archive.is_file():
            return sorted(path.relative_to(self._path).as_posix() for path in self._path.glob(pattern))
        with _opened(archive) as packed:
            return sorted(f"{archive.stem}/{name}" for name in packed.namelist())


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as packed:
            yield packed
    except BROKEN_ZIP as error:
        raise FetchFailed(f"{archive.name} is not readable as ZIP ({error})", RESTORE) from error


def shipped() -> tuple[Line, ...]:
    """Return the index of the recordings that ship; raise InputError for a line that breaks its contract."""
    return _shipped(settings.RECORDINGS / INDEX)


@cache
def _shipped(path: Path) -> tuple[Line, ...]:
    shown = f"data/recordings/{INDEX}"
    try:
        return tuple(read_csv(path.read_bytes(), Index).iter_rows(named=True))
    except FileNotFoundError:
        raise InputError("recordings", [Problem(shown, "is missing", RESTORE)]) from None
    except Refused as refused:
        raise refused.located("recordings", shown) from None


def line_of(source: str, file: str) -> Line | None:
    """Return the line of the index that a file, or a pattern of files, of the source belongs to; None if it does not ship."""
    return next((line for line in shipped() if line["source"] == source and fnmatchcase(file, line["file"])), None)
