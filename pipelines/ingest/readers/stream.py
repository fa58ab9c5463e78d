"""Read long files of JSON records piece by piece: what is held is one piece, and the record that goes on in the next."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from pipelines.errors import Refused, refuse
from pipelines.ingest.readers.text import CUT, json_at

#: Characters read at once, and those that a record cannot exceed.
PIECE, LONGEST = 1 << 20, 1 << 24

_BETWEEN = re.compile(r"[\[\], \t\r\n]*")


def json_records(stream: IO[bytes]) -> Iterator[Any]:
    """Yield the records of a file in UTF-8, which stand in an array or on lines of their own; an error names their number."""
    reader = io.TextIOWrapper(stream, "utf-8-sig")
    text, position, number, depth, is_over = "", 0, 1, 0, False
    while True:
        gap = _BETWEEN.match(text, position)
        assert gap is not None
        depth += gap[0].count("[") - gap[0].count("]")
        position = gap.end()
        if is_over and position == len(text):
            break
        try:
            value, position = json_at(text, position)
        except Refused as refused:
            # The record may go on in the next piece.
            if is_over or len(text) - position > LONGEST:
                raise Refused(replace(refused.problems[0], row=number)) from None
            piece = _piece(reader, number)
            text, position, is_over = text[position:] + piece, 0, not piece
        else:
            yield value
            number += 1
    if depth:
        raise refuse("the list of records does not end", CUT, row=number)


def _piece(reader: io.TextIOWrapper, number: int) -> str:
    try:
        return reader.read(PIECE)
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise refuse(f"byte {byte:#04x} is not UTF-8", "Fetch it again as UTF-8", row=number) from error
