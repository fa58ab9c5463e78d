"""List the bytes of files that never change, as data/reference/known_files.csv has them: ``python -m tools.known_files FOLDER``.

A source that was published once is read at an address that names a fixed state of it, so its file has one hash for good. A
recording that is reduced or reshaped has another hash, and says nothing about the file at the address.
"""

import csv
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.fetchers import Replay, Shipped, recorded_files
from pipelines.ingest.source import Origin, Source, Table
from pipelines.ingest.sources.reference import KnownFiles

Line = tuple[str, str, int]


def known_files(folder: Path) -> list[Line]:
    """Return address, hash and whether the bytes are derived, for each recording of a file that never changes."""
    final = [(source, table) for source in sources.ALL for table in source.tables if table.is_final]
    tables = [(source, table) for source, table in final if not callable(table.addresses)]
    recorded, shipped = Replay(folder), Shipped(settings.RECORDINGS)
    lines = {line for source, table in tables for line in _lines(recorded, source, table)}
    whole = {(url, sha256): is_derived for url, sha256, is_derived in lines}
    for source, table in tables:
        for url, sha256, _ in _lines(shipped, source, table):
            whole.setdefault((url, sha256), 1)
    return sorted((url, sha256, is_derived) for (url, sha256), is_derived in whole.items())


def _lines(origin: Origin, source: Source, table: Table) -> Iterator[Line]:
    derived = {row["url"]: row["is_derived"] for row in recorded_files()}
    for request in origin.requests(source, table):
        content = origin.fetch(request, None).content
        is_derived = next((flag for url, flag in derived.items() if url == request.url), 0)
        yield request.url, hashlib.sha256(content).hexdigest(), is_derived


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(KnownFiles.column_names())
    writer.writerows(known_files(Path(sys.argv[1])))
