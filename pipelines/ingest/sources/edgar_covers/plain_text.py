"""Read plain text of the 1990s as columns of lines, separated by the gap between them."""

import re
from collections.abc import Iterable
from itertools import groupby, pairwise

from pipelines.ingest.sources.edgar_covers.lines import WINDOWS, Column, Line, clean

#: Text is read by column as far as a cover can reach; after it, line by line.
_LONGEST_COVER = 600

#: Row and text of each line of a block.
_Block = list[tuple[int, str]]


def text_columns(document: str, first_row: int) -> list[Column]:
    """Return the columns of plain text; paragraphs belong together while they leave the same gap between columns."""
    columns: list[Column] = [[]]
    block: _Block = []
    last_row = first_row + _LONGEST_COVER
    for paragraph in _paragraphs(document, first_row):
        joined = [*block, *paragraph]
        if block and paragraph[0][0] <= last_row and len(_gaps(joined)) >= max(1, len(_gaps(block))):
            block = joined
        else:
            _append(block, columns, last_row)
            block = paragraph
    _append(block, columns, last_row)
    return [column for column in columns if column]


def _paragraphs(document: str, first_row: int) -> Iterable[_Block]:
    rows = enumerate(document.translate(WINDOWS).replace("\u00a0", " ").split("\n"), start=first_row + 1)
    # Plain text is marked up too, with <PAGE>, <TABLE>, <S> and <C>.
    lines = [(row, re.sub(r"</?[A-Z]{1,8}>", "", text).expandtabs(8).rstrip()) for row, text in rows]
    for has_words, group in groupby(lines, key=lambda line: bool(re.search(r"\w", line[1]))):
        if has_words:
            yield list(group)


def _gaps(block: _Block) -> list[tuple[int, int]]:
    """Return stretches of two or more blanks at the same place in every line, with text on both sides of at least two."""
    width = max(len(text) for _, text in block)
    blanks = (all(text[place : place + 1] in ("", " ") for _, text in block) for place in range(width))
    outline = "".join(" " if is_blank else "x" for is_blank in blanks)
    return [
        gap.span()
        for gap in re.finditer(r"(?<=x) {2,}(?=x)", outline)
        if sum(bool(text[: gap.start()].strip() and text[gap.end() :].strip()) for _, text in block) > 1
    ]


def _append(block: _Block, columns: list[Column], last_row: int) -> None:
    """Add the block's columns; a block of one column, or below ``last_row``, continues the block before."""
    pieces = _pieces(block) if block and block[0][0] <= last_row else None
    if pieces is None:
        columns[-1] += [Line(clean(text), row, row) for row, text in block]
        return
    for column in zip(*pieces, strict=True):
        columns.append([Line(clean(text), row, row) for (row, _), text in zip(block, column, strict=True) if text.strip()])
    columns.append([])


def _pieces(block: _Block) -> list[list[str]] | None:
    """Return each line cut into the block's columns; None if it has only one. One line may be too long for its column."""
    if gaps := _gaps(block):
        return [_cut(text, gaps) for _, text in block]
    for position, (_, text) in enumerate(block):
        own = [gap.span() for gap in re.finditer(r"(?<=\S) {2,}(?=\S)", text)]
        gaps = _gaps(block[:position] + block[position + 1 :]) if own and len(block) > 3 else []
        if gaps and len(gaps) == len(own):
            return [_cut(line, own if line == text else gaps) for _, line in block]
    return None


def _cut(text: str, gaps: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *(end for _, end in gaps), None])]
