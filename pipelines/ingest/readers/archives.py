"""Read members of ZIP archives, and gzip files; nothing is unpacked to the disk."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

import polars as pl

from pipelines.errors import refuse
from pipelines.ingest.readers.text import CHANGED, CUT, csv_rows, not_html, rows_at_once

#: An archive counts as a bomb if it unpacks to more bytes than LARGE and to more than this many times its size.
LARGE = 100_000_000
MOST_EXPANSION = 100
#: Bytes beyond which none is opened, however it is packed: the members that are read have to fit in memory.
MOST_UNPACKED = 2_000_000_000
#: Errors of zipfile, and those it lets through from seeking, from decompressors and from passwords.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def zip_member(content: bytes, name: str) -> bytes:
    """Return the only member of a ZIP archive whose path ends with ``name``."""
    with zip_stream(content, name) as stream:
        return stream.read()


def zip_rows(content: bytes, name: str, columns: Sequence[str], *, delimiter: str = ",") -> pl.DataFrame:
    """Return ``columns`` of the CSV file ``name`` in an archive, as ``csv_rows`` does; a regular one is never held whole."""
    with zip_stream(content, name) as stream:
        rows = rows_at_once(stream, columns, delimiter, ignores_others=True)
    if rows is None:
        return csv_rows(zip_member(content, name), columns, delimiter=delimiter, ignores_others=True)
    return rows


@contextmanager
def zip_stream(content: bytes, name: str) -> Iterator[IO[bytes]]:
    """Yield the only member of a ZIP archive whose path ends with ``name``, to be read piece by piece."""
    not_html(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [path for path in archive.namelist() if path.endswith(name) and not path.startswith("__MACOSX/")]
            if len(members) != 1:
                raise refuse(f"the archive contains {len(members)} members called {name}, expected 1", CHANGED)
            not_a_bomb(archive)
            with archive.open(members[0]) as stream:
                yield stream
    except BROKEN_ZIP as error:
        raise refuse(f"not readable as ZIP ({error})", CUT) from error


def not_a_bomb(archive: zipfile.ZipFile) -> None:
    """Raise Refused for an archive that expands far more than tables do, or to more than a source may have.

    No member can expand to more than it declares.
    """
    packed = sum(member.compress_size for member in archive.infolist())
    unpacked = sum(member.file_size for member in archive.infolist())
    problem = f"the archive expands from {packed:,} to {unpacked:,} bytes"
    if unpacked > LARGE and unpacked > packed * MOST_EXPANSION:
        raise refuse(problem, "Inspect it before opening it: data never compress so well, so it may be a ZIP bomb")
    if unpacked > MOST_UNPACKED:
        raise refuse(f"{problem}, more than {MOST_UNPACKED:,}", "Inspect it; if all of it is data, read it in parts")


def gunzipped(content: bytes) -> bytes:
    """Return what a gzip file holds."""
    not_html(content)
    most = max(LARGE, MOST_EXPANSION * len(content))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            unpacked = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise refuse(f"not readable as gzip ({error})", CUT) from error
    if len(unpacked) > most:
        raise refuse(f"unpacks to more than {most:,} bytes", "Do not open it; tell the publisher")
    return unpacked
