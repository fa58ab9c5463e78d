"""Read bytes as landing does, and tell whether they would land."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import polars as pl
import pytest

from pipelines.errors import Refused
from pipelines.ingest.contract import conform
from pipelines.ingest.landing import FAR_TOO_MANY
from pipelines.ingest.request import Request
from pipelines.ingest.source import Table
from tests.support.notes import note


def read(table: Table, content: bytes) -> pl.DataFrame:
    """Return the rows of ``content`` as they land, whatever their number."""
    rows = conform(table.parse(content), table.contract)
    note(table.name, rows.height, rows.write_csv())
    return rows


def refusal(table: Table, content: bytes) -> str:
    """Return the message with which ``content`` is refused; fail if it is read, or if a problem names no remedy."""
    with pytest.raises(Refused) as refused:
        read(table, content)
    assert all(problem.remedy for problem in refused.value.problems)
    return str(refused.value)


def rejection(table: Table, content: bytes) -> str | None:
    """Return why ``content`` would not land; None if it would, even with a warning."""
    try:
        rows = read(table, content).height
    except Refused as refused:
        assert all(problem.remedy for problem in refused.problems)
        return str(refused)
    low, high = table.rows
    return None if low <= rows <= high * FAR_TOO_MANY else f"{rows} rows, expected {low} to {high}"


def requests(find: Callable[..., Iterable[Request]], pages: dict[str, bytes] | bytes) -> list[Request]:
    """Return what ``find`` asks for when addresses answer with ``pages``, or every address with the same page."""
    asked = list(find(lambda request: pages if isinstance(pages, bytes) else pages[request.url]))
    note("requests", len(asked), "\n".join(map(repr, asked)))
    return asked


def as_json(value: Any) -> bytes:
    """Return ``value`` as JSON."""
    return json.dumps(value, ensure_ascii=False).encode()


def zipped(members: dict[str, bytes | str]) -> bytes:
    """Return a ZIP archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unzipped(content: bytes, member: str) -> bytes:
    """Return one member of a ZIP archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(member)


def csv_file(header: Iterable[str], *rows: dict[str, str], line_end: str = "\n", encoding: str = "utf-8") -> bytes:
    """Return a CSV file of ``rows``; cells that a row lacks are blank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(header), restval="", lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
