"""Damage recorded bytes in the ways that happen; each copy must be refused."""

import json
import re
from collections.abc import Callable
from typing import Any

from pipelines.ingest.readers.workbook import sheet_rows
from tests.support.workbook import workbook

HTML_ERROR = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def damaged_csv(content: bytes, encoding: str, column: str, times: int = 5) -> dict[str, bytes]:
    """Return copies: cut, in another encoding, with ``column`` renamed, one row shifted, empty, an error page, rows repeated."""
    ending = re.search(rb"\r\n|\r|\n", content)
    assert ending is not None
    end = ending.group()
    lines = content.split(end)
    middle = len(lines) // 2
    while b"," not in lines[middle] or b'"' in lines[middle]:
        middle += 1
    shifted = [*lines[:middle], lines[middle].replace(b",", b"", 1), *lines[middle + 1 :]]
    other = "utf-16" if encoding == "utf-8" else "utf-8"
    body = content if content.endswith(end) else content + end
    return {
        "truncated": content[: int(len(content) * 0.6)],
        "wrong encoding": content.decode(encoding).encode(other),
        "renamed column": lines[0].replace(column.encode(encoding), b"renamed") + content[len(lines[0]) :],
        "shifted row": end.join(shifted),
        "empty": b"",
        "error page": HTML_ERROR,
        "repeated": lines[0] + end + body[len(lines[0]) + len(end) :] * times,
    }


def with_moved_cells(content: bytes, encoding: str) -> bytes:
    """Return a CSV file in which a row in the middle lost its first cell and gained a blank last one."""
    text = content.decode(encoding)
    end = next(ending for ending in ("\r\n", "\n", "\r") if ending in text)
    lines = text.split(end)
    middle = len(lines) // 2
    while '"' in lines[middle] or not lines[middle].strip(","):
        middle -= 1
    lines[middle] = lines[middle].partition(",")[2] + ","
    return end.join(lines).encode(encoding)


def damaged(content: bytes) -> dict[str, bytes]:
    """Return copies of a text: cut short, in another encoding, empty, an error page."""
    return {
        "truncated": content[: int(len(content) * 0.6)],
        "wrong encoding": content.decode("utf-8").encode("utf-16"),
        "empty": b"",
        "error page": HTML_ERROR,
    }


def damaged_json(content: bytes, key: str = "", repeated: Callable[[Any], Any] | None = None) -> dict[str, bytes]:
    """Return copies damaged as any text, with ``key`` renamed, and with records repeated."""
    copies = damaged(content)
    if key:
        copies["renamed field"] = content.replace(f'"{key}"'.encode(), b'"renamed"')
    if repeated:
        copies["repeated"] = json.dumps(repeated(json.loads(content))).encode()
    return copies


def damaged_workbook(content: bytes, header: int) -> dict[str, bytes]:
    """Return copies of a workbook whose header is row ``header``, counted from 0: cut, re-encoded, with rows or cells changed."""
    rows = [list(row) for row in sheet_rows(content)]
    moved = [rows[header + 2][0], None, *rows[header + 2][1:-1]]
    return {
        "truncated": content[: int(len(content) * 0.6)],
        "re-encoded": content.decode("latin-1").encode("utf-8"),
        "rows lost": workbook(rows[: int(len(rows) * 0.6)]),
        "renamed column": workbook([*rows[:header], [*rows[header][:-1], "renamed"], *rows[header + 1 :]]),
        "a cell moved": workbook([*rows[: header + 2], moved, *rows[header + 3 :]]),
        "repeated": workbook(rows[: header + 1] + rows[header + 1 :] * 5),
        "empty": b"",
        "error page": HTML_ERROR,
    }
