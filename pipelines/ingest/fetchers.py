"""Fetch a source's bytes from the network, from a recording of it, or from the project's own files.

The same code reads all three afterwards, so a recording exercises exactly what a live run does.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipelines import settings
from pipelines.errors import FetchFailed, InputError, Problem
from pipelines.ingest.archive import Snapshot
from pipelines.ingest.http import Client
from pipelines.ingest.readers.text import read_csv
from pipelines.ingest.request import JOINT, Reply, Request
from pipelines.ingest.source import Origin, Source, Table
from pipelines.ingest.sources.reference import Recordings


def _requests(table: Table, origin: Origin) -> list[Request]:
    if isinstance(table.addresses, tuple):
        return [Request(url, accepts=table.accepts) for url in table.addresses]
    return list(table.addresses(lambda request: origin.fetch(request, None).content))


def _read(path: Path, shown: str) -> Reply:
    if not path.is_file():
        raise FetchFailed(f"the file {shown} is missing", "Restore it, or remove the table from its source")
    return Reply(200, {}, path.read_bytes())


class Project:
    """Read files of the project: curated facts, and the user's own exports."""

    via = "project"

    def requests(self, _: Source, table: Table) -> list[Request]:
        return _requests(table, self)

    def fetch(self, request: Request, _: Snapshot | None) -> Reply:
        path = Path(request.url)
        return _read(settings.folder(path.parent.as_posix()) / path.name, request.url)


class Replay:
    """Read recorded bytes from a folder, under the addresses that ``data/reference/replay.csv`` gives them.

    Each ``*`` in a file's path matches any text, which replaces the ``*`` of its address. A file that a row names in full is
    not matched by another row's ``*``.
    """

    via = "replay"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Path] = {}
        self._urls: dict[tuple[str, str], list[str]] = {}
        rows = list(read_csv((settings.REFERENCE / "replay.csv").read_bytes(), Recordings).iter_rows(named=True))
        named = {(row["source"], row["table"], row["file"]) for row in rows}
        for row in rows:
            key = row["source"], row["table"]
            for file, url in self._matches(row["file"], row["url"]):
                if file == row["file"] or (*key, file) not in named:
                    self._files[url] = folder / file
                    self._urls.setdefault(key, []).append(url)

    def _matches(self, file: str, url: str) -> Iterator[tuple[str, str]]:
        """Yield the files that a row's path matches, each with its address."""
        if "*" not in file:
            yield file, url
            return
        pattern = re.compile(re.escape(file).replace(r"\*", "(.*)"))
        for path in sorted(path.relative_to(self._folder).as_posix() for path in self._folder.glob(file)):
            address = url
            for text in pattern.fullmatch(path).groups():  # type: ignore[union-attr]
                address = address.replace("*", text, 1)
            yield path, address

    def requests(self, source: Source, table: Table) -> list[Request]:
        return [Request(url, accepts=table.accepts) for url in self._urls.get((source.name, table.name), [])]

    def fetch(self, request: Request, _: Snapshot | None) -> Reply:
        path = self._files[str(request)]
        return _read(path, path.relative_to(self._folder).as_posix())


class Live:
    """Fetch from the network, politely, and only what changed."""

    via = "live"

    def __init__(self, client: Client) -> None:
        self._client = client

    def requests(self, _: Source, table: Table) -> list[Request]:
        return _requests(table, self)

    def fetch(self, request: Request, last: Snapshot | None) -> Reply:
        reply = self._client.fetch(request, last.headers if last else None)
        if request.header is None or reply.status == 304:
            return reply
        header = self._client.fetch(Request(request.header))
        return replace(reply, content=header.content + JOINT + reply.content)


@cache
def _replay(folder: Path) -> Replay:
    return Replay(folder)


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
    return not source.is_local and replay_folder() is None


@contextmanager
def origin_of(source: Source) -> Iterator[Origin]:
    """Yield the origin of the source's bytes in this process."""
    folder = replay_folder()
    if source.is_local:
        yield Project()
    elif folder is not None:
        yield _replay(folder)
    else:
        with Client(source.politeness) as client:
            yield Live(client)
