"""Keep raw bytes under their own hash, unchanged for good, and a manifest of where and when each was retrieved."""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines import settings
from pipelines.errors import refuse
from pipelines.ingest.request import Reply


@dataclass(frozen=True)
class Snapshot:
    """A line of the manifest: one retrieval from one address.

    ``via``: live, replay (a recording), shipped (a recording that ships with the project) or project (its own file).
    ``retrieved_at``: when these bytes were first seen, or their own date if they were recorded earlier.
    """

    source: str
    table: str
    url: str
    via: str
    status: int
    headers: dict[str, str]
    sha256: str
    size: int
    retrieved_at: str


#: The fields that lines lack if they were written before sources were fetched from the network.
_EARLIER = {"via": "project", "status": 200, "headers": {}}

#: The start of the names of unfinished files. A crash leaves them behind; ``retention.sweep`` removes them.
PART = ".part-"


def sync(path: Path) -> None:
    """Write a file's content, or a folder's list of names, to the disk, so that it survives a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, a crash or a loss of power leaves the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync(path.parent)


def remove_folder(folder: Path) -> None:
    """Remove a folder, if it is there; one that cannot be removed stays, and the log says why."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        logging.getLogger(__name__).warning("%s was not removed: %s", folder, error)


def _manifest(source: str) -> Path:
    return settings.ARCHIVE / source / "manifest.jsonl"


def _path(source: str, sha256: str) -> Path:
    return settings.ARCHIVE / source / sha256


def snapshots(source: str) -> list[Snapshot]:
    """Return every recorded retrieval of ``source``, oldest first."""
    path = _manifest(source)
    if not path.exists():
        return []
    # An address may hold characters at which splitlines() ends a line too, and JSON leaves them as they are.
    return [Snapshot(**(_EARLIER | json.loads(line))) for line in path.read_text("utf-8").split("\n") if line]


def latest(source: str, via: str) -> dict[str, Snapshot]:
    """Return, by address, the latest retrieval this way of which the bytes are still kept."""
    return {
        snapshot.url: snapshot
        for snapshot in snapshots(source)
        if snapshot.via == via and _path(source, snapshot.sha256).exists()
    }


def read(snapshot: Snapshot) -> bytes:
    """Return the archived bytes; raise Refused if they have changed since they were stored."""
    path = _path(snapshot.source, snapshot.sha256)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        remedy = f"Remove data/archive/{snapshot.source}/{snapshot.sha256} and land it again"
        raise refuse("the archived bytes were altered", remedy)
    return content


def _validators(headers: dict[str, str]) -> tuple[str | None, str | None]:
    """Return the headers that the next conditional request needs."""
    return headers.get("etag"), headers.get("last-modified")


def store(source: str, table: str, url: str, via: str, reply: Reply, before: Snapshot | None) -> Snapshot:
    """Keep the reply's bytes under their hash; the same bytes as ``before`` keep the time at which they were first retrieved."""
    digest = hashlib.sha256(reply.content).hexdigest()
    if not _path(source, digest).exists():
        write_atomically(_path(source, digest), reply.content)
    same = before if before and before.sha256 == digest else None
    retrieved_at = reply.recorded or (same.retrieved_at if same else datetime.now(UTC).isoformat(timespec="seconds"))
    if same and (same.retrieved_at, _validators(same.headers)) == (retrieved_at, _validators(reply.headers)):
        return same
    return Snapshot(source, table, url, via, reply.status, reply.headers, digest, len(reply.content), retrieved_at)


def record(source: str, retrieved: list[Snapshot]) -> None:
    """Add what is new among ``retrieved`` to the manifest."""
    earlier = snapshots(source)
    lines = list(dict.fromkeys(json.dumps(asdict(snapshot), ensure_ascii=False) for snapshot in [*earlier, *retrieved]))
    if len(lines) > len(earlier):
        write_atomically(_manifest(source), ("\n".join(lines) + "\n").encode())
