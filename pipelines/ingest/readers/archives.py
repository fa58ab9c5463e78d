"""Read members of ZIP archives; nothing is unpacked to the disk."""

import io
import lzma
import zipfile
import zlib

from pipelines.errors import refuse
from pipelines.ingest.readers.text import CHANGED, not_html

#: An archive is taken for a bomb if it unfolds to more bytes than these, and to so many times its size.
LARGE = 100_000_000
MOST_UNFOLDING = 100


def zip_member(content: bytes, name: str) -> bytes:
    """The one member of a ZIP archive whose path ends with ``name``; nothing is unpacked to the disk."""
    not_html(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [one for one in archive.namelist() if one.endswith(name) and not one.startswith("__MACOSX/")]
            if len(found) != 1:
                raise refuse(f"the archive holds {len(found)} members called {name}, expected one", CHANGED)
            not_a_bomb(archive)
            return archive.read(found[0])
    except BROKEN_ZIP as error:
        raise refuse(f"not readable as ZIP ({error})", "Fetch it again; it was cut or damaged") from error


#: Beside its own error, zipfile lets through those of what it reads with: of seeking, of decompressors, of passwords.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def not_a_bomb(archive: zipfile.ZipFile) -> None:
    """Raises Refused for an archive that unfolds to very much more than tables do; no member can unfold to more than it says."""
    packed = sum(one.compress_size for one in archive.infolist())
    unpacked = sum(one.file_size for one in archive.infolist())
    if unpacked > LARGE and unpacked > packed * MOST_UNFOLDING:
        problem = f"the archive unfolds from {packed:,} to {unpacked:,} bytes"
        raise refuse(problem, "Look what it holds before anything opens it; data do not repeat themselves so")
