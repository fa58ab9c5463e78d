"""A document of the 1990s to today as columns of lines, as the eye reads them.

What belongs here: HTML tables by cell column, counting colspan and rowspan; two-column plain text by the gap between its
columns. What does not: what the lines mean.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import Any, cast

from lxml import etree, html  # type: ignore[import-untyped]

from pipelines.errors import refuse


@dataclass(frozen=True)
class Line:
    """A printed line; ``row`` grows down the page and is shared by the cells of a table row, ``order`` is the source's."""

    text: str
    row: int
    order: int


Column = list[Line]
#: A line, a column of a table, or the pieces of one line that stand side by side.
_Item = Line | Column | tuple[Line, ...]

_BLOCKS = {
    "address", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl", "dt", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "html", "li", "ol", "p", "page", "ul",
}  # fmt: skip
_HIDDEN = {"head", "ix:header", "script", "style", "title"}
_IS_HTML = re.compile(r"<(html|body|div|p|font|br|span|center)\b", re.I)
#: Numeric entities of Windows characters, which browsers forgive.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
#: Spaces that part what stands side by side on a line without a table; begun at their first, or a long run takes for ever.
_GAP = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]*\u00a0[ \t\u00a0]{3,}")
#: Plain text is read by column as far as a cover can reach; after it, line by line.
_LONGEST_COVER = 600


def columns(document: str) -> list[Column]:
    """The lines of a document, in reading order, each column of a table or of two-column text on its own."""
    if not _IS_HTML.search(document):
        return _text_columns(document, 0)
    # Typefaces say nothing here, and unclosed ones nest deeper than a parser goes; lxml refuses text that declares an encoding.
    plain = re.sub(r"<\?xml[^>]*\?>|</?(?:font|b|i|u|a|em|strong|big|small|su[bp])(?:\s[^>]*)?>", "", document, flags=re.I)
    parser = html.HTMLParser(huge_tree=True)
    root = html.document_fromstring(f"<body>{plain}", parser=parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" or "depth" in error.message for error in parser.error_log):
        raise refuse("nests its tags too deeply to be read", "Save the document again from a browser")
    return _Reader().read(root)


def in_order(page: list[Column]) -> list[Line]:
    """All lines as the source has them."""
    return sorted((line for column in page for line in column), key=lambda line: line.order)


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text.translate(_WINDOWS))).strip()


@dataclass(eq=False)
class _Cell:
    """A cell from grid column ``start`` up to ``end``; the whole document is one, too."""

    start: int
    end: int
    row: int
    items: list[_Item] = field(default_factory=list)

    def lines(self) -> Column:
        return [replace(item, row=self.row) for item in self.items if isinstance(item, Line)]

    def overlaps(self, other: "_Cell") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass
class _Grid:
    """A table while it is read; ``spans``: grid column → rows it is still taken for, and where it ends."""

    cells: list[_Cell] = field(default_factory=list)
    row: int = 0
    at: int = 0
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def start_row(self, row: int) -> None:
        self.row, self.at = row, 0
        self.spans = {at: (left - 1, end) for at, (left, end) in self.spans.items() if left > 1}

    def add(self, colspan: int, rowspan: int) -> _Cell:
        while self.at in self.spans:
            self.at = self.spans[self.at][1]
        cell = _Cell(self.at, self.at + colspan, self.row)
        if rowspan > 1:
            self.spans[self.at] = (rowspan, cell.end)
        self.at = cell.end
        self.cells.append(cell)
        return cell


class _Reader:
    """Walks the tree once and without recursion: filings nest tags thousands deep that they never close."""

    def __init__(self) -> None:
        self._cells = [_Cell(0, 1, 0)]
        self._grids: list[_Grid] = []
        self._text: list[str] = []
        self._row = 0
        self._hidden = 0

    def read(self, root: Any) -> list[Column]:
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                self._open(element)
                self._add(element.text)
            else:
                if event == "end":
                    self._close(element)
                self._add(element.tail)
        self._flush()
        return _below_each_other(self._cells[0].items)

    def _open(self, element: Any) -> None:
        self._hidden += _is_hidden(element)
        if element.tag in (*_BLOCKS, "pre"):
            self._flush()
        elif element.tag == "table":
            self._flush()
            self._grids.append(_Grid())
        elif element.tag == "tr" and self._grids:
            self._row += 1
            self._grids[-1].start_row(self._row)
        elif element.tag in ("td", "th") and self._grids:
            self._flush()
            self._cells.append(self._grids[-1].add(_number(element.get("colspan")), _number(element.get("rowspan"))))

    def _close(self, element: Any) -> None:
        if element.tag in _BLOCKS:
            self._flush()
        elif element.tag == "pre":
            text, self._text = "".join(self._text), []
            self._cells[-1].items += _text_columns(text, self._row)
            self._row += text.count("\n") + 1
        elif element.tag in ("td", "th") and self._grids:
            self._flush()
            self._cells.pop()
        elif element.tag == "table":
            self._flush()
            self._cells[-1].items += _table_columns(self._grids.pop().cells)
        self._hidden -= _is_hidden(element)

    def _add(self, text: str | None) -> None:
        if text and not self._hidden:
            self._text.append(text)

    def _flush(self) -> None:
        text, self._text = "".join(self._text), []
        self._row += 1
        parts = [Line(part, self._row, self._row) for piece in _GAP.split(text) if (part := _clean(piece))]
        if len(parts) > 1 and len(self._cells) == 1:
            self._cells[-1].items.append(tuple(parts))
        elif parts:
            self._cells[-1].items.append(Line(_clean(text), self._row, self._row))


def _is_hidden(element: Any) -> bool:
    return element.tag in _HIDDEN or bool(re.search(r"display:\s*none", element.get("style") or "", re.I))


def _number(span: str | None) -> int:
    """Columns or rows of a cell, at most as many as HTML allows a column span."""
    return min(max(1, int(span)), 1000) if span and re.fullmatch(r"[0-9]{1,9}", span) else 1


def _below_each_other(items: list[_Item]) -> list[Column]:
    """Runs of lines become columns of their own; pieces of following lines are put below each other."""
    found: list[Column] = []
    for kind, group in groupby(items, key=type):
        if kind is Line:
            found.append(cast(Column, list(group)))
        elif kind is list:
            found += cast(list[Column], group)
        else:
            rows = cast(list[tuple[Line, ...]], list(group))
            found += [[row[at] for row in rows if at < len(row)] for at in range(max(map(len, rows)))]
    return found


def _table_columns(cells: list[_Cell]) -> list[_Item]:
    """A table's columns, left to right; one that holds tables, or a single column, only arranges what it holds."""
    cells = [cell for cell in cells if cell.items]
    rows = _by_row(cells)
    if any(not isinstance(item, Line) for cell in cells for item in cell.items):
        return [item for cell in cells for item in cell.items]
    if all(len(row) == 1 for row in rows):
        return [line for cell in cells for line in cell.lines()]
    wide = [row[0] for row in rows if len(row) == 1 and any(sum(map(row[0].overlaps, other)) > 1 for other in rows)]
    groups: list[list[_Cell]] = []
    for cell in cells:
        if cell not in wide:
            touching = [group for group in groups if any(map(cell.overlaps, group))]
            groups = [group for group in groups if group not in touching] + [
                [*(one for group in touching for one in group), cell]
            ]
    groups = [column for group in groups for column in _apart(group)]
    groups.sort(key=lambda group: min(cell.start for cell in group))
    return [*(_lines([cell]) for cell in wide), *map(_lines, groups)]


def _by_row(cells: Iterable[_Cell]) -> list[list[_Cell]]:
    rows: dict[int, list[_Cell]] = defaultdict(list)
    for cell in cells:
        rows[cell.row].append(cell)
    return list(rows.values())


def _apart(group: list[_Cell]) -> list[list[_Cell]]:
    """One column, or several whose cells do not line up: then most rows hold several, and count from the left."""
    rows = _by_row(sorted(group, key=lambda cell: cell.start))
    crowded = sum(len(row) > 1 for row in rows)
    if crowded < 2 or crowded * 2 <= len(rows):
        return [group]
    fullest = max(rows, key=len)
    found: list[list[_Cell]] = [[] for _ in fullest]
    for row in rows:
        for rank, cell in enumerate(row):
            nearest = min(range(len(fullest)), key=lambda at: abs(fullest[at].start - cell.start))
            found[rank if len(row) == len(fullest) else nearest].append(cell)
    return found


def _lines(cells: list[_Cell]) -> Column:
    return [line for cell in sorted(cells, key=lambda cell: (cell.row, cell.start)) for line in cell.lines()]


_Text = tuple[int, str]


def _text_columns(document: str, first_row: int) -> list[Column]:
    """Columns of plain text; paragraphs belong together as long as they leave the same gap between columns."""
    found: list[Column] = [[]]
    block: list[_Text] = []
    last_row = first_row + _LONGEST_COVER
    for paragraph in _paragraphs(document, first_row):
        joined = [*block, *paragraph]
        if block and paragraph[0][0] <= last_row and len(_gaps(joined)) >= max(1, len(_gaps(block))):
            block = joined
        else:
            _put(block, found, last_row)
            block = paragraph
    _put(block, found, last_row)
    return [column for column in found if column]


def _paragraphs(document: str, first_row: int) -> Iterable[list[_Text]]:
    rows = enumerate(document.translate(_WINDOWS).replace("\u00a0", " ").split("\n"), start=first_row + 1)
    # <PAGE>, <TABLE>, <S> and <C> mark up plain text too.
    lines = [(row, re.sub(r"</?[A-Z]{1,8}>", "", text).expandtabs(8).rstrip()) for row, text in rows]
    for has_words, group in groupby(lines, key=lambda line: bool(re.search(r"\w", line[1]))):
        if has_words:
            yield list(group)


def _gaps(block: list[_Text]) -> list[tuple[int, int]]:
    """Stretches of two or more blanks at the same place in every line, with text on both sides of at least two."""
    width = max(len(text) for _, text in block)
    blank = "".join(" " if all(text[at : at + 1] in ("", " ") for _, text in block) else "x" for at in range(width))
    return [
        gap.span()
        for gap in re.finditer(r"(?<=x) {2,}(?=x)", blank)
        if sum(bool(text[: gap.start()].strip() and text[gap.end() :].strip()) for _, text in block) > 1
    ]


def _put(block: list[_Text], found: list[Column], last_row: int) -> None:
    """Add the block's columns; what is no column, or stands below ``last_row``, runs on from the block before."""
    pieces = _pieces(block) if block and block[0][0] <= last_row else None
    if pieces is None:
        found[-1] += [Line(_clean(text), row, row) for row, text in block]
        return
    for column in zip(*pieces, strict=True):
        found.append([Line(_clean(text), row, row) for (row, _), text in zip(block, column, strict=True) if text.strip()])
    found.append([])


def _pieces(block: list[_Text]) -> list[list[str]] | None:
    """Each line cut into the block's columns; None if it has but one. One line may be too long for its column."""
    if gaps := _gaps(block):
        return [_cut(text, gaps) for _, text in block]
    for at, (_, text) in enumerate(block):
        own = [gap.span() for gap in re.finditer(r"(?<=\S) {2,}(?=\S)", text)]
        gaps = _gaps(block[:at] + block[at + 1 :]) if own and len(block) > 3 else []
        if gaps and len(gaps) == len(own):
            return [_cut(line, own if line == text else gaps) for _, line in block]
    return None


def _cut(text: str, gaps: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *(end for _, end in gaps), None])]
