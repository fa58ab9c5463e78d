"""Fetch a source's bytes from the network, from recordings of it, or from the project's own files.

The same code reads all of them afterwards, so a recording exercises exactly what a live run does.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, reduce
from pathlib import Path
from typing import Any

from pipelines import settings
from pipelines.errors import FetchFailed, InputError, Problem
from pipelines.ingest import recordings, sources
from pipelines.ingest.archive import Snapshot
from pipelines.ingest.http import Client
from pipelines.ingest.recordings import Folder
from pipelines.ingest.request import JOINT, Reply, Request
from pipelines.ingest.review import unknown
from pipelines.ingest.source import Get, Origin, Source, Table
from pipelines.ingest.sources import reference
from pipelines.ingest.spelling import Names


def _requests(table: Table, get: Get) -> Iterable[Request]:
    if isinstance(table.addresses, tuple):
        return [Request(url, accepts=table.accepts) for url in table.addresses]
    return table.addresses(get)


class Project:
    """Read files of the project: curated facts, and the user's own exports."""

    via = "project"

    def requests(self, _: Source, table: Table) -> Iterable[Request]:
        return _requests(table, lambda request: self.fetch(request, None).content)

    def fetch(self, request: Request, _: Snapshot | None) -> Reply:
        url = Path(request.url)
        path = settings.folder(url.parent.as_posix()) / url.name
        try:
            if not path.is_file():
                raise FetchFailed(f"the file {url} is missing", "Restore it, or remove the table from its source")
            return Reply(200, {}, path.read_bytes())
        except OSError as error:
            problem = f"the file {url} cannot be read ({error.strerror})"
            raise FetchFailed(problem, "Give this user the right to read it") from error


def recorded_files() -> list[dict[str, Any]]:
    """Return the rows of ``data/reference/replay.csv``."""
    return list(reference.FILES.read("replay").iter_rows(named=True))


def require_known_recordings() -> None:
    """Raise InputError for the rows of ``data/reference/replay.csv`` that name no landing table: nothing reads them."""
    rows = reference.FILES.read("replay")
    tables = {source.name: Names(table.name for table in source.tables) for source in sources.ALL}
    remedy = "Write the name of a module of pipelines/ingest/sources"
    found = list(unknown(rows, "source", Names(tables), "is not a source", remedy))
    for source, names in tables.items():
        problem = f"is not a landing table of {source}"
        found += unknown(rows.filter(source=source), "table", names, problem, f"Write one of {', '.join(names)}")
    if found:
        problems = [replace(problem, file="data/reference/replay.csv") for problem in found]
        raise InputError(reference.SOURCE.name, sorted(problems, key=lambda problem: problem.row or 0))


class Replay:
    """Read recorded bytes from a folder, under the addresses that ``data/reference/replay.csv`` gives them.

    Each ``*`` in a file's path matches any text, which replaces the ``*`` of its address. A file that a row names in full is
    not matched by another row's ``*``.
    """

    via = "replay"

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder)
        self._rows: dict[tuple[str, str], dict[str, str]] = {}
        self._files: dict[str, tuple[str, str]] = {}
        for row in recorded_files():
            self._rows.setdefault((row["source"], row["table"]), {})[row["file"]] = row["url"]

    def requests(self, source: Source, table: Table) -> list[Request]:
        rows = self._rows.get((source.name, table.name), {})
        urls = []
        for pattern, url in rows.items():
            for file, texts in self._folder.matches(pattern):
                if file == pattern or file not in rows:
                    address = reduce(lambda address, text: address.replace("*", text, 1), texts, url)
                    self._files[address] = source.name, file
                    urls.append(address)
        return [Request(url, accepts=table.accepts) for url in urls]

    def fetch(self, request: Request, _: Snapshot | None, /) -> Reply:
        return Reply(200, {}, self._folder.read(self._files[str(request)][1]))


class Shipped(Replay):
    """Read the recordings that ship with the project: those of ``replay.csv`` that their index lists."""

    via = "shipped"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for (source, _), rows in self._rows.items():
            for file in [file for file in rows if recordings.line_of(source, file) is None]:
                del rows[file]

    def requests(self, source: Source, table: Table) -> list[Request]:
        requests = super().requests(source, table)
        if not requests and self._rows.get((source.name, table.name)):
            raise FetchFailed(f"data/recordings lacks the files of {source.name}", recordings.RESTORE)
        return requests

    def fetch(self, request: Request, last: Snapshot | None, /) -> Reply:
        line = recordings.line_of(*self._files[str(request)])
        return replace(super().fetch(request, last), recorded=line["recorded"] if line else None)


class Live:
    """Fetch from the network, politely, and only what changed; a page that lists files is requested once per run."""

    via = "live"

    def __init__(self, client: Client) -> None:
        self._client = client
        self._pages: dict[str, Reply] = {}

    def requests(self, _: Source, table: Table) -> Iterable[Request]:
        return _requests(table, self._page)

    def _page(self, request: Request) -> bytes:
        if str(request) not in self._pages:
            self._pages[str(request)] = self._client.fetch(request)
        return self._pages[str(request)].content

    def fetch(self, request: Request, last: Snapshot | None) -> Reply:
        if str(request) in self._pages:
            return self._pages[str(request)]
        reply = self._client.fetch(request, last.headers if last else None)
        if request.header is None or reply.status == 304:
            return reply
        header = self._client.fetch(Request(request.header))
        return replace(reply, content=header.content + JOINT + reply.content)


@cache
def _recorded(kind: type[Replay], folder: Path) -> Replay:
    return kind(folder)


def replay_folder() -> Path | None:
    """Return the folder of recordings that ``REPLAY`` names, or None; raise InputError if it is not a folder."""
    named = settings.REPLAY.value()
    if not named:
        return None
    folder = Path(named).resolve()
    if not folder.is_dir():
        raise InputError("REPLAY", [Problem(named, "is not a folder", "Set REPLAY to the folder with the recordings")])
    return folder


def is_live(source: Source) -> bool:
    """Return whether the source's bytes would be fetched from the network."""
    return not source.is_local and not sources.is_read_as_shipped(source) and replay_folder() is None


@contextmanager
def origin_of(source: Source) -> Iterator[Origin]:
    """Yield the origin of the source's bytes in this process."""
    if source.is_local:
        yield Project()
    elif sources.is_read_as_shipped(source):
        yield _recorded(Shipped, settings.RECORDINGS)
    else:
        with recorded_or_live(source) as origin:
            yield origin


@contextmanager
def recorded_or_live(source: Source) -> Iterator[Origin]:
    """Yield the network, or the folder that ``REPLAY`` names."""
    if (folder := replay_folder()) is not None:
        yield _recorded(Replay, folder)
    else:
        with Client(source.politeness) as client:
            yield Live(client)
