"""Read an HTML document as columns of lines, as the eye reads it.

Tables are read by cell column, counting colspan and rowspan.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, cast

from lxml import etree, html  # type: ignore[import-untyped]

from pipelines.errors import refuse
from pipelines.ingest.sources.edgar_covers.lines import Column, Line, clean
from pipelines.ingest.sources.edgar_covers.plain_text import text_columns

#: A line, a column of a table, or the pieces of one line that stand side by side.
_Item = Line | Column | tuple[Line, ...]

_BLOCKS = {
    "address", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl", "dt", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "html", "li", "ol", "p", "page", "ul",
}  # fmt: skip
_HIDDEN = {"head", "ix:header", "script", "style", "title"}
_IS_HTML = re.compile(r"<(html|body|div|p|font|br|span|center)\b", re.I)
#: Spaces between pieces of a line without a table. The match must begin at the first space, or a long run takes forever.
_GAP = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]*\u00a0[ \t\u00a0]{3,}")


def read_page(document: str) -> list[Column]:
    """Return the lines of a document in reading order; each column of a table or of two-column text stands alone."""
    if not _IS_HTML.search(document):
        return text_columns(document, 0)
    # Typefaces carry no meaning here, and unclosed ones nest deeper than the parser allows. lxml rejects text that declares
    # an encoding.
    plain = re.sub(r"<\?xml[^>]*\?>|</?(?:font|b|i|u|a|em|strong|big|small|su[bp])(?:\s[^>]*)?>", "", document, flags=re.I)
    parser = html.HTMLParser(huge_tree=True)
    root = html.document_fromstring(f"<body>{plain}", parser=parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" or "depth" in error.message for error in parser.error_log):
        raise refuse("nests its tags too deeply", "Save the document again from a browser")
    return _Reader().read(root)


@dataclass(eq=False)
class _Cell:
    """A cell that spans the grid columns from ``start`` up to ``end``; the whole document is one as well."""

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
    """A table while it is read; ``spans`` maps a grid column to the rows for which it is still taken, and to its end."""

    cells: list[_Cell] = field(default_factory=list)
    row: int = 0
    column: int = 0
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def start_row(self, row: int) -> None:
        self.row, self.column = row, 0
        self.spans = {column: (left - 1, end) for column, (left, end) in self.spans.items() if left > 1}

    def add(self, colspan: int, rowspan: int) -> _Cell:
        while self.column in self.spans:
            self.column = self.spans[self.column][1]
        cell = _Cell(self.column, self.column + colspan, self.row)
        if rowspan > 1:
            self.spans[self.column] = (rowspan, cell.end)
        self.column = cell.end
        self.cells.append(cell)
        return cell


class _Reader:
    """Walk the tree once and without recursion, because filings nest thousands of tags that they never close."""

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
            self._cells[-1].items += text_columns(text, self._row)
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
        parts = [Line(part, self._row, self._row) for piece in _GAP.split(text) if (part := clean(piece))]
        if len(parts) > 1 and len(self._cells) == 1:
            self._cells[-1].items.append(tuple(parts))
        elif parts:
            self._cells[-1].items.append(Line(clean(text), self._row, self._row))


def _is_hidden(element: Any) -> bool:
    return element.tag in _HIDDEN or bool(re.search(r"display:\s*none", element.get("style") or "", re.I))


def _number(span: str | None) -> int:
    """Return the columns or rows of a cell, limited to what HTML allows for a column span."""
    return min(max(1, int(span)), 1000) if span and re.fullmatch(r"[0-9]{1,9}", span) else 1


def _below_each_other(items: list[_Item]) -> list[Column]:
    """Return runs of lines as columns of their own, and the pieces of successive lines below each other."""
    columns: list[Column] = []
    for kind, group in groupby(items, key=type):
        if kind is Line:
            columns.append(cast(Column, list(group)))
        elif kind is list:
            columns += cast(list[Column], group)
        else:
            rows = cast(list[tuple[Line, ...]], list(group))
            columns += [[row[rank] for row in rows if rank < len(row)] for rank in range(max(map(len, rows)))]
    return columns


def _table_columns(cells: list[_Cell]) -> list[_Item]:
    """Return a table's columns from left to right; a table of tables, or of a single column, only arranges its content."""
    cells = [cell for cell in cells if cell.items]
    rows = _by_row(cells)
    if any(not isinstance(item, Line) for cell in cells for item in cell.items):
        return [item for cell in cells for item in cell.items]
    if all(len(row) == 1 for row in rows):
        return [line for cell in cells for line in cell.lines()]
    wide = [row[0] for row in rows if len(row) == 1 and any(sum(map(row[0].overlaps, other)) > 1 for other in rows)]
    groups = [column for group in _overlapping(cell for cell in cells if cell not in wide) for column in _split(group)]
    groups.sort(key=lambda group: min(cell.start for cell in group))
    return [*(_lines([cell]) for cell in wide), *map(_lines, groups)]


def _overlapping(cells: Iterable[_Cell]) -> list[list[_Cell]]:
    """Return the cells in groups that share grid columns."""
    groups: list[list[_Cell]] = []
    for cell in cells:
        touching = [group for group in groups if any(map(cell.overlaps, group))]
        groups = [group for group in groups if group not in touching]
        groups.append([*(member for group in touching for member in group), cell])
    return groups


def _by_row(cells: Iterable[_Cell]) -> list[list[_Cell]]:
    rows: dict[int, list[_Cell]] = defaultdict(list)
    for cell in cells:
        rows[cell.row].append(cell)
    return list(rows.values())


def _split(group: list[_Cell]) -> list[list[_Cell]]:
    """Return one column, or several if its cells do not line up: then most rows hold several, counted from the left."""
    rows = _by_row(sorted(group, key=lambda cell: cell.start))
    crowded = sum(len(row) > 1 for row in rows)
    if crowded < 2 or crowded * 2 <= len(rows):
        return [group]
    fullest = max(rows, key=len)
    columns: list[list[_Cell]] = [[] for _ in fullest]
    for row in rows:
        for rank, cell in enumerate(row):
            nearest = min(range(len(fullest)), key=lambda column: abs(fullest[column].start - cell.start))
            columns[rank if len(row) == len(fullest) else nearest].append(cell)
    return columns


def _lines(cells: list[_Cell]) -> Column:
    return [line for cell in sorted(cells, key=lambda cell: (cell.row, cell.start)) for line in cell.lines()]
