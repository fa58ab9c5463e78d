"""Recorded bytes, damaged in the ways that happen: each must be refused with one clear error."""

import re

HTML_ERROR = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def damaged_csv(content: bytes, encoding: str, column: str, delimiter: bytes = b",") -> dict[str, bytes]:
    """The file cut short, in another encoding, with ``column`` renamed, with one row shifted, empty, an error page, tenfold."""
    ending = re.search(rb"\r\n|\r|\n", content)
    assert ending is not None
    end = ending.group()
    lines = content.split(end)
    middle = len(lines) // 2
    while delimiter not in lines[middle] or b'"' in lines[middle]:
        middle += 1
    shifted = [*lines[:middle], lines[middle].replace(delimiter, b"", 1), *lines[middle + 1 :]]
    other = "utf-16" if encoding == "utf-8" else "utf-8"
    body = content if content.endswith(end) else content + end
    return {
        "truncated": content[: int(len(content) * 0.6)],
        "wrong encoding": content.decode(encoding).encode(other),
        "renamed column": lines[0].replace(column.encode(encoding), b"renamed") + content[len(lines[0]) :],
        "shifted row": end.join(shifted),
        "empty": b"",
        "error page": HTML_ERROR,
        "tenfold": lines[0] + end + body[len(lines[0]) + len(end) :] * 10,
    }


def damaged_json(content: bytes) -> dict[str, bytes]:
    """The same for JSON, where a column is a key of every record and the parser's own test renames it."""
    return {
        "truncated": content[: int(len(content) * 0.6)],
        "wrong encoding": content.decode("utf-8").encode("utf-16"),
        "empty": b"",
        "error page": HTML_ERROR,
    }
