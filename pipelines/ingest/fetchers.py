"""Where a source's bytes come from: the network, a recording of it, or the project's own files.

What belongs here: turning a table's addresses into requests and requests into bytes. All three are read by the same
code afterwards, so a recording exercises exactly what a live run does.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pipelines import settings
from pipelines.errors import FetchFailed, InputError, Problem
from pipelines.ingest.archive import Snapshot
from pipelines.ingest.http import Client
from pipelines.ingest.readers.text import read_csv
from pipelines.ingest.request import Reply, Request
from pipelines.ingest.source import Origin, Source, Table
from pipelines.ingest.sources.reference import Recordings


def _requests(table: Table, origin: Origin) -> list[Request]:
    if isinstance(table.at, tuple):
        return [Request(url, accepts=table.accepts) for url in table.at]
    return list(table.at(lambda request: origin.fetch(request, None).content))


def _read(path: Path, shown: str) -> Reply:
    if not path.is_file():
        raise FetchFailed(f"the file {shown} is missing", "Put it back, or remove the table from its source")
    return Reply(200, {}, path.read_bytes())


class Project:
    """Files of the project: what is curated, and the user's own exports."""

    via = "project"

    def requests(self, _: Source, table: Table) -> list[Request]:
        return _requests(table, self)

    def fetch(self, request: Request, _: Snapshot | None) -> Reply:
        path = Path(request.url)
        return _read(settings.folder(path.parent.as_posix()) / path.name, request.url)


class Replay:
    """A folder of recorded bytes, served under the addresses that ``data/reference/replay.csv`` gives them.

    Each ``*`` in a recorded file's path stands for any text, and the same text stands for the ``*`` of its address. A
    file that a row names outright is not matched by another row's ``*``.
    """

    via = "replay"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Path] = {}
        self._urls: dict[tuple[str, str], list[str]] = {}
        rows = list(read_csv((settings.REFERENCE / "replay.csv").read_bytes(), Recordings).iter_rows(named=True))
        outright = {(row["source"], row["table"], row["file"]) for row in rows}
        for row in rows:
            key = row["source"], row["table"]
            pattern = re.compile(re.escape(row["file"]).replace(r"\*", "(.*)"))
            matched = sorted(path.relative_to(folder).as_posix() for path in folder.glob(row["file"]))
            for file in [row["file"]] if "*" not in row["file"] else [one for one in matched if (*key, one) not in outright]:
                url = row["url"]
                for text in pattern.fullmatch(file).groups() if "*" in row["file"] else ():  # type: ignore[union-attr]
                    url = url.replace("*", text, 1)
                self._files[url] = folder / file
                self._urls.setdefault(key, []).append(url)

    def requests(self, source: Source, table: Table) -> list[Request]:
        return [Request(url, accepts=table.accepts) for url in self._urls.get((source.name, table.name), [])]

    def fetch(self, request: Request, _: Snapshot | None) -> Reply:
        path = self._files[str(request)]
        return _read(path, path.relative_to(self._folder).as_posix())


class Live:
    """The network, asked politely and only for what changed."""

    via = "live"

    def __init__(self, client: Client) -> None:
        self._client = client

    def requests(self, _: Source, table: Table) -> list[Request]:
        return _requests(table, self)

    def fetch(self, request: Request, last: Snapshot | None) -> Reply:
        return self._client.fetch(request, last.headers if last else None)


@cache
def _replay(folder: Path) -> Replay:
    return Replay(folder)


def replay_folder() -> Path | None:
    """The folder of recorded bytes that ``REPLAY`` names; raises InputError if there is none."""
    named = os.environ.get("REPLAY")
    if not named:
        return None
    folder = Path(named).resolve()
    if not folder.is_dir():
        raise InputError("REPLAY", [Problem(named, "is not a folder", "Give the folder that holds the recordings")])
    return folder


def is_live(source: Source) -> bool:
    """Would the source's bytes be asked for over the network?"""
    return not source.is_local and replay_folder() is None


@contextmanager
def origin_of(source: Source) -> Iterator[Origin]:
    """Where the source's bytes come from in this process."""
    folder = replay_folder()
    if source.is_local:
        yield Project()
    elif folder is not None:
        yield _replay(folder)
    else:
        with Client(source.politeness) as client:
            yield Live(client)
