"""Read the world's current and former unicorns from the English Wikipedia's "List of unicorn startup companies".

Volunteers write the two tables by hand: dates come in five forms, valuations as "80-90" or "1+", and cells hold footnote
marks. There is no city. Founders are dropped. Two formats are read and told apart by content: the page as served, and a CSV
of one of its tables with its footnotes, as recorded on 2025-06-19.

The columns come from that recording, from a reader of the page's markup, and from a test page that heads one column
"Country/ countries" where the CSV has "Country". This parser has not read the live page yet.
"""

import re
from collections.abc import Sequence

import dataframely as dy
import polars as pl
from bs4 import BeautifulSoup, Tag

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import CHANGED, csv_rows
from pipelines.ingest.request import Politeness
from pipelines.ingest.source import Source, Table

CURRENT = ["Company", "Valuation (US$ billions)", "Valuation date", "Industry", "Country", "Founder(s)"]
FORMER = [
    "Company", "Last valuation (US$ billions)", "Valuation date", "Exit date", "Exit reason",
    "Exit valuation (US$ billions)", "Country", "Founders",
]  # fmt: skip

_DATE = r"^(19|20)[0-9][0-9](-(0[1-9]|1[0-2])(-[0-3][0-9])?)?$"
_PAGE = ("https://en.wikipedia.org/wiki/List_of_unicorn_startup_companies",)


def _printed_date(holds: str) -> dy.String:
    form = "Write a year, a month with its year, or a day with both"
    return dy.String(nullable=True, regex=_DATE, check=columns.was("1990"), metadata=doc(holds, form))


def _usd_bn(holds: str) -> dy.Float64:
    return columns.number(holds, 0, 2_000, nullable=True)


class Unicorns(dy.Schema):
    """One row per company on the list of current unicorns; a few are listed twice."""

    company = columns.text("Name, as printed.")
    country = columns.text("Countries as printed, in varying order and with varying separators.", nullable=True)
    industry = columns.text("Industry, as printed.", nullable=True)
    valuation_usd_bn = _usd_bn("Billions of US dollars; the lower end of a range or of “1+”.")
    valuation_date = _printed_date("Year, month or day of the valuation.")


class FormerUnicorns(dy.Schema):
    """One row per company on the list of former unicorns."""

    company = columns.text("Name, as printed.")
    country = columns.text("Countries as printed, in varying order and with varying separators.", nullable=True)
    valuation_usd_bn = _usd_bn("Last private valuation, billions of US dollars; the lower end of “1+”.")
    valuation_date = _printed_date("Year, month or day of that valuation.")
    exit_date = _printed_date("Year, month or day of the exit.")
    exit_reason = columns.text("How it left the list, as printed, such as IPO, Acquired or SPAC merger.", nullable=True)
    exit_valuation_usd_bn = _usd_bn("Valuation at the exit, billions of US dollars.")


def parse_current(content: bytes) -> pl.DataFrame:
    """Return the table of current unicorns; ``source_row`` is the row of the table, whose header is row 1."""
    return _rows(content, CURRENT).select(
        ROW,
        company="Company",
        country="Country",
        industry="Industry",
        valuation_usd_bn=_billions("Valuation (US$ billions)"),
        valuation_date=_date("Valuation date"),
    )


def parse_former(content: bytes) -> pl.DataFrame:
    """Return the table of former unicorns; ``source_row`` is the row of the table, whose header is row 1."""
    rows = _rows(content, FORMER)
    # The recorded edition prints Loom's industry in the column of its exit date.
    is_misplaced = (pl.col("Company") == "Loom") & (pl.col("Exit date") == "Video messaging")
    return rows.with_columns(pl.when(~is_misplaced.fill_null(False)).then("Exit date")).select(
        ROW,
        company="Company",
        country="Country",
        valuation_usd_bn=_billions("Last valuation (US$ billions)"),
        valuation_date=_date("Valuation date"),
        exit_date=_date("Exit date"),
        exit_reason="Exit reason",
        exit_valuation_usd_bn=_billions("Exit valuation (US$ billions)"),
    )


def _rows(content: bytes, header: Sequence[str]) -> pl.DataFrame:
    """Return the rows of the table with this header as text without footnote marks, null where nothing is left."""
    rows = _page_rows(content, header) if content.lstrip().startswith(b"<") else csv_rows(content, header)
    text = pl.col(header).str.replace_all(r"\[[^\]]*\]", "").str.replace_all(r"[\s\u00a0]+", " ").str.strip_chars()
    return rows.with_columns(pl.when(text != "").then(text).name.keep())


def _page_rows(content: bytes, header: Sequence[str]) -> pl.DataFrame:
    try:
        page = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(f"byte {content[error.start]:#04x} is not UTF-8", "Fetch the page again") from error
    if not page.rstrip().endswith("</html>"):
        raise refuse("the page has no end", "Fetch it again; it was cut off")
    tables = [table.select("tr") for table in BeautifulSoup(page, "lxml").select("table.wikitable")]
    tables = [rows for rows in tables if rows and _header(rows[0]) == list(header)]
    if len(tables) != 1:
        raise refuse(f"{len(tables)} tables have the columns {', '.join(header)}, expected one", CHANGED)
    cells = [row.find_all(["td", "th"], recursive=False) for row in tables[0][1:]]
    for number, row in enumerate(cells, start=2):
        if len(row) != len(header) or any({"rowspan", "colspan"} & cell.attrs.keys() for cell in row):
            raise refuse(f"{len(row)} cells, expected {len(header)} of one row and column each", CHANGED, row=number)
    texts = [[_text(cell) for cell in row] for row in cells]
    frame = pl.DataFrame(texts, schema=dict.fromkeys(header, pl.String), orient="row")
    return frame.with_row_index(ROW, offset=2)


def _header(row: Tag) -> list[str]:
    return [re.sub(r"^Country/\s*countries$", "Country", _text(cell)) for cell in row.find_all("th", recursive=False)]


def _text(cell: Tag) -> str:
    for line_break in cell.select("br"):
        line_break.replace_with(" ")
    return " ".join(cell.get_text().split())


def _billions(column: str) -> pl.Expr:
    """Return the number, or the lower end of "80-90" and "1+"; anything else stays, so that the contract refuses it."""
    return pl.col(column).str.replace(r"^([0-9]+(?:\.[0-9]+)?)(?:\+|[-–][0-9]+(?:\.[0-9]+)?)$", "$1")


def _date(column: str) -> pl.Expr:
    """Return "2018", "May 2018", "06/01/18" (a month), "26 January 2024" and "July 26, 2023" as ISO dates; others stay."""
    text = pl.col(column)
    return pl.coalesce(
        ("1 " + text).str.to_date("%d %B %Y", strict=False).dt.strftime("%Y-%m"),
        text.str.to_date("%d %B %Y", strict=False).dt.strftime("%Y-%m-%d"),
        text.str.to_date("%B %d, %Y", strict=False).dt.strftime("%Y-%m-%d"),
        text.str.replace(r"^([0-9][0-9])/01/([0-9][0-9])$", "20$2-$1"),
    )


SOURCE = Source(
    name="wikipedia_unicorns",
    title="Wikipedia: list of unicorn startup companies",
    publisher="Wikipedia contributors",
    landing_page=_PAGE[0],
    licence="CC BY-SA 4.0",
    family="unicorn lists",
    licence_class="open",
    citation="Wikipedia contributors, List of unicorn startup companies, en.wikipedia.org",
    cadence="monthly",
    subjects=("companies",),
    priority=3,
    is_worldwide=True,
    tables=(
        Table("unicorns", Unicorns, (500, 2_000), parse_current, _PAGE, accepts=("text/html",)),
        Table("former_unicorns", FormerUnicorns, (150, 600), parse_former, _PAGE, accepts=("text/html",)),
    ),
    politeness=Politeness(contact="required"),
)
