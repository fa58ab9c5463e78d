"""Unicorns of the world, current and former, from the English Wikipedia's "List of unicorn startup companies".

What bites: volunteers write the two tables by hand, so dates come in five forms, valuations as "80-90" or "1+", and
footnote marks stand in cells; there is no city. Founders are dropped. Two shapes are read, told apart by content: the
page as served, and a CSV of one of its tables with its footnotes, as recorded on 2025-06-19.

Evidence: the columns from that recording, from a reader of the page's markup, and from a test page that heads one column
"Country/ countries" where the CSV says "Country". The page itself not yet seen live.
"""

import re
from collections.abc import Sequence

import dataframely as dy
import polars as pl
from bs4 import BeautifulSoup, Tag

from pipelines.errors import refuse
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.source import Source, Table

CURRENT = ["Company", "Valuation (US$ billions)", "Valuation date", "Industry", "Country", "Founder(s)"]
FORMER = [
    "Company", "Last valuation (US$ billions)", "Valuation date", "Exit date", "Exit reason",
    "Exit valuation (US$ billions)", "Country", "Founders",
]  # fmt: skip

_CHANGED = "Compare the page with the columns expected; if it changed for good, change its parser"
_DATE = r"^(19|20)[0-9][0-9](-(0[1-9]|1[0-2])(-[0-3][0-9])?)?$"
_FORM = "A year, a month with its year, or a day with both"


class Unicorns(dy.Schema):
    """One row per company on the list of current unicorns; a few stand there twice."""

    company = dy.String(nullable=False, metadata=doc("Name as printed."))
    country = dy.String(nullable=True, metadata=doc("Countries as printed, in varying order and with varying signs between."))
    industry = dy.String(nullable=True, metadata=doc("Industry as printed."))
    valuation_usd_bn = dy.Float64(nullable=True, min=0, metadata=doc("Billions of US dollars; lower end of a range or of “1+”."))
    valuation_date = dy.String(nullable=True, regex=_DATE, metadata=doc("Year, month or day of the valuation.", _FORM))


class FormerUnicorns(dy.Schema):
    """One row per company on the list of former unicorns."""

    company = dy.String(nullable=False, metadata=doc("Name as printed."))
    country = dy.String(nullable=True, metadata=doc("Countries as printed, in varying order and with varying signs between."))
    valuation_usd_bn = dy.Float64(
        nullable=True, min=0, metadata=doc("Last private valuation, billions of US dollars; lower end of “1+”.")
    )
    valuation_date = dy.String(nullable=True, regex=_DATE, metadata=doc("Year, month or day of that valuation.", _FORM))
    exit_date = dy.String(nullable=True, regex=_DATE, metadata=doc("Year, month or day of the exit.", _FORM))
    exit_reason = dy.String(nullable=True, metadata=doc("How it left the list, as printed: IPO, Acquired, SPAC merger …"))
    exit_valuation_usd_bn = dy.Float64(nullable=True, min=0, metadata=doc("Valuation at the exit, billions of US dollars."))


def parse_current(content: bytes) -> pl.DataFrame:
    """The table of current unicorns; ``source_row`` counts its rows, the header included."""
    rows = _rows(content, CURRENT)
    return rows.select(
        ROW,
        company="Company",
        country="Country",
        industry="Industry",
        valuation_usd_bn=_billions("Valuation (US$ billions)"),
        valuation_date=_date("Valuation date"),
    )


def parse_former(content: bytes) -> pl.DataFrame:
    """The table of former unicorns; ``source_row`` counts its rows, the header included."""
    rows = _rows(content, FORMER)
    # In the recorded edition Loom's industry stands in the place of its exit date.
    is_slipped = (pl.col("Company") == "Loom") & (pl.col("Exit date") == "Video messaging")
    rows = rows.with_columns(pl.when(~is_slipped.fill_null(False)).then("Exit date"))
    return rows.select(
        ROW,
        company="Company",
        country="Country",
        valuation_usd_bn=_billions("Last valuation (US$ billions)"),
        valuation_date=_date("Valuation date"),
        exit_date=_date("Exit date"),
        exit_reason="Exit reason",
        exit_valuation_usd_bn=_billions("Exit valuation (US$ billions)"),
    )


def _rows(content: bytes, columns: Sequence[str]) -> pl.DataFrame:
    """The rows of the table with these ``columns``, as text without footnote marks; null where nothing is left."""
    rows = _page_rows(content, columns) if content.lstrip().startswith(b"<") else csv_rows(content, columns)
    text = pl.col(columns).str.replace_all(r"\[[^\]]*\]", "").str.replace_all(r"[\s\u00a0]+", " ").str.strip_chars()
    return rows.with_columns(pl.when(text != "").then(text).name.keep())


def _page_rows(content: bytes, columns: Sequence[str]) -> pl.DataFrame:
    try:
        page = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(f"byte {content[error.start]:#04x} is not UTF-8", "Fetch the page again") from error
    if not page.rstrip().endswith("</html>"):
        raise refuse("the page has no end", "Fetch it again; it was cut")
    soup = BeautifulSoup(page, "lxml")
    found = [rows for table in soup.select("table.wikitable") if (rows := table.select("tr")) and _head(rows[0]) == list(columns)]
    if len(found) != 1:
        raise refuse(f"{len(found)} tables have the columns {', '.join(columns)}, expected one", _CHANGED)
    cells = [row.find_all(["td", "th"], recursive=False) for row in found[0][1:]]
    for number, row in enumerate(cells, start=2):
        if len(row) != len(columns) or any({"rowspan", "colspan"} & cell.attrs.keys() for cell in row):
            raise refuse(f"{len(row)} cells, expected {len(columns)} of one row and column each", _CHANGED, row=number)
    texts = [[_text(cell) for cell in row] for row in cells]
    frame = pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_row_index(ROW, offset=2)


def _head(row: Tag) -> list[str]:
    return [re.sub(r"^Country/\s*countries$", "Country", _text(cell)) for cell in row.find_all("th", recursive=False)]


def _text(cell: Tag) -> str:
    for line_break in cell.select("br"):
        line_break.replace_with(" ")
    return " ".join(cell.get_text().split())


def _billions(column: str) -> pl.Expr:
    """The number, or the lower end of "80-90" and "1+"; whatever is none of these stays as it is, to be refused."""
    return pl.col(column).str.replace(r"^([0-9]+(?:\.[0-9]+)?)(?:\+|[-–][0-9]+(?:\.[0-9]+)?)$", "$1")


def _date(column: str) -> pl.Expr:
    """ISO date of "2018", "May 2018", "06/01/18" (a month), "26 January 2024" or "July 26, 2023"; others stay."""
    text = pl.col(column)
    return pl.coalesce(
        ("1 " + text).str.to_date("%d %B %Y", strict=False).dt.strftime("%Y-%m"),
        text.str.to_date("%d %B %Y", strict=False).dt.strftime("%Y-%m-%d"),
        text.str.to_date("%B %d, %Y", strict=False).dt.strftime("%Y-%m-%d"),
        text.str.replace(r"^([0-9][0-9])/01/([0-9][0-9])$", "20$2-$1"),
    )


_PAGE = ("https://en.wikipedia.org/wiki/List_of_unicorn_startup_companies",)

SOURCE = Source(
    name="wikipedia_unicorns",
    title="Wikipedia: list of unicorn startup companies",
    publisher="Wikipedia contributors",
    landing_page=_PAGE[0],
    licence="CC BY-SA 4.0",
    licence_class="terms",
    citation="Wikipedia contributors, List of unicorn startup companies, en.wikipedia.org",
    cadence="monthly",
    tables=(
        Table("unicorns", Unicorns, (500, 2_000), parse_current, _PAGE, accepts=("text/html",)),
        Table("former_unicorns", FormerUnicorns, (150, 600), parse_former, _PAGE, accepts=("text/html",)),
    ),
)
