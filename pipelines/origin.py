"""Where a source's bytes come from: the network, a recording of it, or the project's own files.

What belongs here: turning a table's addresses into requests and requests into bytes. All three are read by the same
code afterwards, so a recording exercises exactly what a live run does.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pipelines import paths
from pipelines.archive import Snapshot
from pipelines.contract import read_csv
from pipelines.errors import InputError, Problem
from pipelines.source import Origin, Source, Table
from pipelines.sources.reference import Recordings
from pipelines.web import Client, FetchFailed, Reply, Request


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
        return _read(paths.ROOT / request.url, request.url)


class Replay:
    """A folder of recorded bytes, served under the addresses that ``data/reference/replay.csv`` gives them.

    A ``*`` in a recorded file's path stands for several files; what it matched replaces the ``*`` of the address.
    """

    via = "replay"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Path] = {}
        self._urls: dict[tuple[str, str], list[str]] = {}
        for row in read_csv((paths.REFERENCE / "replay.csv").read_bytes(), Recordings).iter_rows(named=True):
            before, star, after = row["file"].partition("*")
            found = sorted(folder.glob(row["file"])) if star else [folder / row["file"]]
            for path in found:
                name = path.relative_to(folder).as_posix()
                url = row["url"].replace("*", name[len(before) : len(name) - len(after)] if star else "*")
                self._files[url] = path
                self._urls.setdefault((row["source"], row["table"]), []).append(url)

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
