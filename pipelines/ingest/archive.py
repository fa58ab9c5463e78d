"""Immutable raw bytes and their manifest.

What belongs here: storing bytes under their own hash, and remembering where and when each came from.
What does not: understanding the bytes (``pipelines/ingest/sources``) or fetching them (``pipelines/ingest/http``).
"""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines import settings
from pipelines.errors import refuse
from pipelines.ingest.request import Reply


@dataclass(frozen=True)
class Snapshot:
    """One retrieval of one address: the manifest's line. ``via``: live, replay (recorded bytes) or project (a file of it)."""

    source: str
    table: str
    url: str
    via: str
    status: int
    headers: dict[str, str]
    sha256: str
    size: int
    retrieved_at: str


#: What lines written before there was a network to fetch from leave unsaid.
_BEFORE = {"via": "project", "status": 200, "headers": {}}


#: How names of files begin that are not whole yet. A crash leaves them; ``retention.sweep`` removes them.
PART = ".part-"


def sync(path: Path) -> None:
    """Have the disk keep what a file holds, or which names a folder holds, through a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, a crash, or a loss of power leaves the old content or the new, never a part."""
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


def _manifest(source: str) -> Path:
    return settings.ARCHIVE / source / "manifest.jsonl"


def _path(source: str, sha256: str) -> Path:
    return settings.ARCHIVE / source / sha256


def snapshots(source: str) -> list[Snapshot]:
    """Every retrieval on record for ``source``, oldest first."""
    path = _manifest(source)
    if not path.exists():
        return []
    return [Snapshot(**(_BEFORE | json.loads(line))) for line in path.read_text("utf-8").splitlines()]


def latest(source: str, via: str) -> dict[str, Snapshot]:
    """Address → its latest retrieval this way, of those whose bytes are still there."""
    return {one.url: one for one in snapshots(source) if one.via == via and _path(source, one.sha256).exists()}


def read(snapshot: Snapshot) -> bytes:
    """The archived bytes; raises Refused if they are not those that were stored."""
    path = _path(snapshot.source, snapshot.sha256)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        raise refuse(
            "its archived bytes were altered", f"Remove data/archive/{snapshot.source}/{snapshot.sha256}, and land again"
        )
    return content


def _validators(headers: dict[str, str]) -> tuple[str | None, str | None]:
    """What the next conditional request needs."""
    return headers.get("etag"), headers.get("last-modified")


def store(source: str, table: str, url: str, via: str, reply: Reply, before: Snapshot | None) -> Snapshot:
    """Keep the reply's bytes under their hash; bytes seen ``before`` keep the time at which they were first seen."""
    digest = hashlib.sha256(reply.content).hexdigest()
    if not _path(source, digest).exists():
        write_atomically(_path(source, digest), reply.content)
    known = before is not None and before.sha256 == digest
    if before is not None and known and _validators(before.headers) == _validators(reply.headers):
        return before
    now = datetime.now(UTC).isoformat(timespec="seconds")
    seen = before.retrieved_at if before is not None and known else now
    return Snapshot(source, table, url, via, reply.status, reply.headers, digest, len(reply.content), seen)


def record(source: str, retrieved: list[Snapshot]) -> None:
    """Add what is new among ``retrieved`` to the manifest."""
    earlier = snapshots(source)
    lines = list(dict.fromkeys(map(_line, [*earlier, *retrieved])))
    if len(lines) > len(earlier):
        write_atomically(_manifest(source), ("\n".join(lines) + "\n").encode())


def _line(snapshot: Snapshot) -> str:
    return json.dumps(asdict(snapshot), ensure_ascii=False)
