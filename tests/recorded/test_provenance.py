"""Every landed row leads to the bytes it was read from, and their licences to what a release may be used for."""

import contextlib
import hashlib
import html
import io
import json
import re
import zipfile
from pathlib import Path

import duckdb
import fastexcel
import polars as pl


def test_every_landed_row_walks_to_its_bytes(published: duckdb.DuckDBPyConnection, replayed: Path) -> None:
    hashes = {}
    for table, url, sha256, archived in published.execute("select table_name, url, sha256, archived from core.files").fetchall():
        assert hashlib.sha256((replayed / "data" / "archive" / archived).read_bytes()).hexdigest() == sha256
        hashes[table, url] = sha256
    landing = replayed / "data" / "landing"
    for path in landing.glob("*.parquet"):
        counted = duckdb.sql(f"select distinct source_file, source_sha256, source_row is null from '{path}'").fetchall()
        for url, sha256, unnumbered in counted:
            assert hashes[f"landing.{path.stem}", url] == sha256
            assert not unnumbered


def _text_of(content: bytes) -> str:
    """All text in the bytes of any recorded file."""
    if content.startswith(b"PK") or content.startswith(b"\xd0\xcf\x11\xe0"):
        try:
            book = fastexcel.read_excel(content)
        except fastexcel.FastExcelError:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                tables = [name for name in archive.namelist() if name.endswith(".csv")]
                return "".join(archive.read(name).decode("utf-8", errors="replace") for name in tables)
        sheets = [book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in book.sheet_names]
        return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows() for cell in row)
    for encoding in ("utf-8", "gbk"):
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            with contextlib.suppress(json.JSONDecodeError):
                text += json.dumps(json.loads(text), ensure_ascii=False)
            return html.unescape(text)
    return content.decode("mac_roman")


def test_a_row_of_every_landing_stands_in_the_bytes_it_names(published: duckdb.DuckDBPyConnection, replayed: Path) -> None:
    """The middle row of each landing: something printed in it is printed in the archived file it points to."""
    for path in sorted((replayed / "data" / "landing").glob("*.parquet")):
        frame = pl.read_parquet(path)
        row = frame.row(frame.height // 2, named=True)
        ((archived,),) = published.execute(
            "select archived from core.files where table_name = ? and url = ? and sha256 = ?",
            [f"landing.{path.stem}", row["source_file"], row["source_sha256"]],
        ).fetchall()
        text = re.sub(r"\s+", "", _text_of((replayed / "data" / "archive" / archived).read_bytes()))
        printed = [value for name, value in row.items() if isinstance(value, str) and not name.startswith("source_")]
        assert any(re.sub(r"\s+", "", value) in text for value in printed if len(value) > 1), path.stem


def test_restricted_bytes_make_a_release_for_local_use_only(published: duckdb.DuckDBPyConnection) -> None:
    ((text,),) = published.execute("select redistribution from core.release").fetchall()
    assert text.startswith("is for local use only: built with ")
    assert "Crunchbase" in text
