"""Pack the recordings that ship, as data/recordings/index.csv lists them: ``python -m tools.recordings FOLDER``.

Each folder becomes a ZIP archive, which any tool opens. The same files always make the same bytes. Of the workbooks of the
census, which have 150 columns and more, only the columns that are read are packed.
"""

import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import xlsxwriter

from pipelines import settings
from pipelines.ingest import recordings
from pipelines.ingest.readers.workbook import sheet_rows
from pipelines.ingest.sources import census_county

#: The most bytes that may ship: they are in every clone and every package.
MOST_BYTES = 12_000_000

#: Columns before the figures: codes and names of places.
PLACE_COLUMNS = 4


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
                content = (folder / name).read_bytes()
                content = reduced(content) if top == census_county.SOURCE.name else content
                packed.writestr(zipfile.ZipInfo(name.removeprefix(f"{top}/")), content, zipfile.ZIP_DEFLATED, 9)


def reduced(content: bytes) -> bytes:
    """Return a workbook of the census by county with the columns that are read, and the same rows."""
    classes = [printed for names in census_county.CLASSES.values() for printed in names.values()]
    read = {name for printed in (*census_county.PERSONS.values(), *census_county.TOTALS.values(), *classes) for name in printed}
    rows = sheet_rows(content)
    header = [re.sub(r"\s", "", name or "") for name in rows[0]]
    kept = [place for place, name in enumerate(header) if place < PLACE_COLUMNS or name in read]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2022, 1, 1)})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, place in enumerate(kept):
                if row[place] is not None:
                    sheet.write_string(number, column, row[place])
    return buffer.getvalue()


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
    for path in archives():
        print(f"{path.stat().st_size:10,} {path.name}")
