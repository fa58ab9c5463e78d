"""Immutable raw bytes and their manifest.

What belongs here: storing bytes under their own hash, and remembering where and when each came from.
What does not: understanding the bytes (``pipelines/sources``) or fetching them (``pipelines/source``).
"""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines import paths


@dataclass(frozen=True)
class Snapshot:
    """One retrieval of one URL: the manifest's line."""

    source: str
    table: str
    url: str
    sha256: str
    size: int
    retrieved_at: str


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
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


def _manifest(source: str) -> Path:
    return paths.ARCHIVE / source / "manifest.jsonl"


def snapshots(source: str) -> list[Snapshot]:
    """Every retrieval on record for ``source``, oldest first."""
    path = _manifest(source)
    if not path.exists():
        return []
    return [Snapshot(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def store(source: str, table: str, url: str, content: bytes) -> Snapshot:
    """Keep ``content`` under its hash; bytes seen last time keep the time at which they were first seen."""
    digest = hashlib.sha256(content).hexdigest()
    earlier = snapshots(source)
    last = next((one for one in reversed(earlier) if one.url == url), None)
    path = paths.ARCHIVE / source / f"{digest}{Path(url).suffix}"
    if not path.exists():
        write_atomically(path, content)
    if last is not None and last.sha256 == digest:
        return last
    now = datetime.now(UTC).isoformat(timespec="seconds")
    snapshot = Snapshot(source, table, url, digest, len(content), now)
    lines = [json.dumps(asdict(one), ensure_ascii=False) for one in [*earlier, snapshot]]
    write_atomically(_manifest(source), ("\n".join(lines) + "\n").encode())
    return snapshot
