"""Pack the recordings that ship, as data/recordings/index.csv lists them: ``python -m tools.recordings FOLDER``.

Each folder becomes a ZIP archive, which any tool opens. The same files always make the same bytes.
"""

import sys
import zipfile
from pathlib import Path

from pipelines import settings
from pipelines.ingest import recordings

#: The most bytes that may ship: they are in every clone and every package.
MOST_BYTES = 12_000_000


def archives() -> list[Path]:
    """Return the archives that ship."""
    return sorted(settings.RECORDINGS.glob("*.zip"))


def pack(folder: Path) -> None:
    """Write the archives anew from the files below ``folder``."""
    files = {name for line in recordings.shipped() for name, _ in recordings.Folder(folder).matches(line["file"])}
    for archive in archives():
        archive.unlink()
    for top in sorted({name.partition("/")[0] for name in files}):
        with zipfile.ZipFile(settings.RECORDINGS / f"{top}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for name in sorted(name for name in files if name.startswith(f"{top}/")):
                packed.writestr(
                    zipfile.ZipInfo(name.removeprefix(f"{top}/")), (folder / name).read_bytes(), zipfile.ZIP_DEFLATED, 9
                )


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
    for path in archives():
        print(f"{path.stat().st_size:10,} {path.name}")
