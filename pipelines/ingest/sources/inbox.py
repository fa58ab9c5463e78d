"""Your own exports: files in ``data/inbox``, known by their header alone, whatever their names.

What belongs here: the forms known, and what their columns are called here. What does not: which places and companies are
meant. Files are CSV (UTF-8, UTF-16 or Chinese GBK), Parquet or XLSX, and stay on your machine. Columns a form does not
need are passed over; what bites is in each form. The headers of Crunchbase and PitchBook are as others' programs read
them, that of IT桔子 as its pages name the fields: none was seen in an export of our own yet.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import dataframely as dy
import polars as pl

from pipelines import settings
from pipelines.errors import Refused, refuse
from pipelines.ingest.amounts import KINDS, with_amounts
from pipelines.ingest.columns import NAMES
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.readers.text import decode, not_html
from pipelines.ingest.readers.workbook import sheets
from pipelines.ingest.request import Request
from pipelines.ingest.sandbox import isolated, unreadable
from pipelines.ingest.source import Find, Get, Source, Table
from pipelines.ingest.sources.itjuzi import split_investors
from pipelines.ingest.sources.register import THIS_YEAR

NAME = "inbox"
#: Rows among which the header stands; PitchBook prints what was searched above it.
HEADER_WITHIN = 20

Cells = list[str | None]


class Deals(dy.Schema):
    """One row per financing round in an export of yours."""

    form = dy.String(nullable=False, metadata=doc("Form of the export."))
    company = dy.String(nullable=False, metadata=doc("Company financed, as printed."))
    country = dy.String(nullable=True, metadata=doc("Its country, as printed: a name or a code."))
    region = dy.String(nullable=True, metadata=doc("Its state or province, as printed."))
    place = dy.String(nullable=True, metadata=doc("Its city, as printed."))
    date = dy.String(
        nullable=True,
        regex=r"^(19|20)[0-9][0-9](-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        metadata=doc("Day, month or year of the announcement.", "Write YYYY, YYYY-MM or YYYY-MM-DD"),
    )
    round = dy.String(nullable=True, metadata=doc("Round, as printed."))
    amount = dy.String(nullable=True, metadata=doc("Amount, as printed."))
    currency = dy.String(nullable=True, regex=r"^[A-Z]{3}$", metadata=doc("ISO 4217 code.", "Write an ISO 4217 code"))
    amount_low = dy.Float64(nullable=True, min=0, metadata=doc("Least it can be, in that currency; null if undisclosed."))
    amount_high = dy.Float64(nullable=True, min=0, metadata=doc("Most it can be; null if open."))
    amount_kind = dy.Enum(KINDS, nullable=False, metadata=doc("exact, range, order of magnitude or undisclosed."))
    investors = dy.String(
        nullable=True, regex=NAMES, metadata=doc("Investors, separated by |.", "Separate names with | and leave none empty")
    )
    lead = dy.String(
        nullable=True, regex=NAMES, metadata=doc("Lead investors, separated by |.", "Separate names with | and leave none empty")
    )

    @dy.rule()
    def amount_reads_as_a_number_with_its_size_and_currency(cls) -> pl.Expr:
        return pl.col("amount_kind").cast(pl.String) != "unreadable"


class Companies(dy.Schema):
    """One row per company in an export of yours."""

    form = dy.String(nullable=False, metadata=doc("Form of the export."))
    company = dy.String(nullable=False, metadata=doc("Company, as printed."))
    country = dy.String(nullable=True, metadata=doc("Country, as printed: a name or a code."))
    place = dy.String(nullable=True, metadata=doc("City, as printed."))
    founded = dy.Int32(nullable=True, min=1800, max=THIS_YEAR, metadata=doc("Year of founding."))
    sector = dy.String(nullable=True, metadata=doc("Sector, as printed."))


class Investors(dy.Schema):
    """One row per investor in an export of yours."""

    form = dy.String(nullable=False, metadata=doc("Form of the export."))
    investor = dy.String(nullable=False, metadata=doc("Investor, as printed."))
    country = dy.String(nullable=True, metadata=doc("Country of the home office, as printed: a name or a code."))
    place = dy.String(nullable=True, metadata=doc("City of the home office, as printed."))


CONTRACTS: dict[str, type[dy.Schema]] = {"deals": Deals, "companies": Companies, "investors": Investors}


@dataclass(frozen=True)
class Form:
    """A form of export: the table it is for, the header of each column it needs, and how these become ours.

    ``headers`` are by our names, those of which any one will do separated by ``|``; ``spare`` ones may be missing.
    ``reads`` gives our columns where they are more than the printed cell, ``records`` the rows that are one.
    """

    name: str
    table: str
    headers: Mapping[str, str]
    spare: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, pl.Expr] = field(default_factory=dict)
    records: pl.Expr = field(default_factory=lambda: pl.lit(True))

    def lacks(self, header: Cells) -> list[str]:
        """The headers needed that are not there."""
        return [names.replace("|", " or ") for names in self.headers.values() if not set(names.split("|")) & set(header)]

    def read(self, header: Cells, rows: list[tuple[int, Cells]]) -> pl.DataFrame:
        """The rows under ``header``, numbered as in their file, as the form's table."""
        columns: dict[str, list[str | None]] = {}
        for name, names in {**self.headers, **self.spare}.items():
            found = [header.index(one) for one in names.split("|") if one in header]
            columns[name] = [cells[found[0]] for _, cells in rows] if found else [None] * len(rows)
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_columns(
            pl.Series(ROW, [number for number, _ in rows], dtype=pl.Int32), form=pl.lit(self.name)
        )
        frame = frame.filter(self.records).with_columns(read.alias(name) for name, read in self.reads.items())
        missing = [name for name in CONTRACTS[self.table].column_names() if name not in frame.columns]
        return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)


def _date(name: str = "date") -> pl.Expr:
    """Dates of exports in ISO form, whole days without their midnight; any other form stays as printed, to be refused."""
    cell = pl.col(name)
    iso = cell.str.extract(r"^([0-9]{4}(?:-[0-9][0-9](?:-[0-9][0-9])?)?)(?:[ T]00:00:00(?:\.0+)?)?$")
    spelt = cell.str.to_date("%d-%b-%Y", strict=False)
    parts = cell.str.extract_groups(r"^([0-9]{4})[/.年]([0-9]{1,2})[/.月]([0-9]{1,2})日?$").struct
    numbers = pl.concat_str(parts.field("1"), parts.field("2").str.zfill(2), parts.field("3").str.zfill(2), separator="-")
    return pl.coalesce(iso, spelt.dt.to_string("%Y-%m-%d"), numbers, cell)


def _each(split: Callable[[str], list[str]], name: str) -> pl.Expr:
    """The names in a cell, separated by |; null if there are none."""
    return pl.col(name).map_elements(lambda text: "|".join(split(text)) or None, pl.String)


#: A comma before one of these belongs to the name.
_LEGAL = r"Inc|LLC|LLP|Ltd|LP|L\.P|Co|Corp|PLC|GmbH|AG|SA|S\.A|BV|B\.V"


def split_names(text: str) -> list[str]:
    """Names separated by commas; a comma before a legal form (``Example Capital, Inc.``) separates nothing."""
    return [name.strip() for name in re.split(rf",(?!\s*(?:{_LEGAL})\b)", text) if name.strip()]


def split_pitchbook_names(text: str) -> list[str]:
    """Names of firms without what brackets hold: the person who acted, for whom there is no place here."""
    return split_names(re.sub(r"\([^()]*\)", "", text))


_CONTINENT = r", (Africa|Antarctica|Asia|Europe|North America|Oceania|South America)$"
_CRUNCHBASE_PLACE = pl.col("location").str.replace(_CONTINENT, "")

FORMS = [
    Form(
        "plain deals",
        "deals",
        {
            "company": "company", "country": "country", "place": "city", "date": "date", "round": "round", "amount": "amount",
            "currency": "currency", "investors": "investors", "lead": "lead",
        },
        reads={"date": _date()},
    ),
    Form(
        "plain companies",
        "companies",
        {"company": "company", "country": "country", "place": "city", "founded": "founded", "sector": "sector"},
    ),
    Form("plain investors", "investors", {"investor": "investor", "country": "country", "place": "city"}),
    # Places run from the city to the continent: Shenzhen, Guangdong, China, Asia.
    Form(
        "Crunchbase funding rounds",
        "deals",
        {
            "company": "Organization Name", "location": "Organization Location", "date": "Announced Date",
            "round": "Funding Type", "amount": "Money Raised", "currency": "Money Raised Currency",
            "investors": "Investor Names", "lead": "Lead Investors",
        },
        reads={
            "date": _date(),
            "country": _CRUNCHBASE_PLACE.str.extract(r"([^,]+)$").str.strip_chars(),
            "region": _CRUNCHBASE_PLACE.str.extract(r"^[^,]+, (.+), [^,]+$"),
            "place": _CRUNCHBASE_PLACE.str.extract(r"^([^,]+),"),
            "investors": _each(split_names, "investors"),
            "lead": _each(split_names, "lead"),
        },
    ),
    Form(
        "Crunchbase companies",
        "companies",
        {
            "company": "Organization Name", "location": "Headquarters Location", "founded": "Founded Date",
            "sector": "Industries",
        },
        reads={
            "country": _CRUNCHBASE_PLACE.str.extract(r"([^,]+)$").str.strip_chars(),
            "place": _CRUNCHBASE_PLACE.str.extract(r"^([^,]+),"),
            "founded": _date("founded").str.head(4),
        },
    ),
    # Amounts are millions of the account's currency, US dollars unless set otherwise: export in US dollars. Places are
    # "Austin, TX" or "London, United Kingdom"; a listed company has its ticker behind the name; the last line is a notice.
    Form(
        "PitchBook deals",
        "deals",
        {
            "deal": "Deal ID", "company": "Companies", "date": "Deal Date", "amount": "Deal Size", "round": "Deal Type",
            "investors": "Investors", "lead": "Lead/Sole Investors", "location": "HQ Location",
        },
        spare={"series": "Series"},
        reads={
            "company": pl.col("company").str.replace(r"\s*\([A-Z]+: [A-Z0-9.]+\)$", ""),
            "date": _date(),
            "round": pl.coalesce("series", "round"),
            "amount": pl.col("amount") + " million",
            "currency": pl.when(pl.col("amount").is_not_null()).then(pl.lit("USD")),
            "region": pl.col("location").str.extract(r", ([A-Z]{2})$"),
            "country": pl.col("location").str.extract(r", ([^,]{3,})$"),
            "place": pl.col("location").str.extract(r"^(.+), [^,]+$"),
            "investors": _each(split_pitchbook_names, "investors"),
            "lead": _each(split_pitchbook_names, "lead"),
        },
        records=~pl.col("deal").fill_null("").str.starts_with("©"),
    ),
    # The place is a province or municipality; the city stands beside it in some exports only. The English header is that
    # of collections that go round.
    Form(
        "IT桔子 events",
        "deals",
        {
            "company": "公司名称|公司简称|项目名称|company", "date": "融资时间|获投时间|投资时间|date",
            "round": "融资轮次|轮次|投资轮次|round", "amount": "融资金额|金额|投资金额|amount",
            "investors": "投资方|投资机构|investor", "region": "省份|地区|所在地区|place",
        },
        spare={"place": "城市|所在城市"},
        reads={"date": _date(), "investors": _each(lambda text: split_investors(re.sub("[，、；]", ",", text)), "investors")},
    ),
]  # fmt: skip


def recognise(content: bytes) -> tuple[Form, pl.DataFrame]:
    """The form of an export and its rows; raises Refused, naming what each form lacks, for one of no form."""
    sheets = _sheets(content)
    found = [
        (form, sheet, at)
        for sheet in sheets
        for at, (_, header) in enumerate(sheet[:HEADER_WITHIN])
        for form in FORMS
        if not form.lacks(header)
    ]
    if not found:
        headers = [header for sheet in sheets for _, header in sheet[:HEADER_WITHIN]]
        lacking = [(form.name, min((form.lacks(header) for header in headers), key=len, default=["any row"])) for form in FORMS]
        wanted = "; ".join(f"to be {name} it lacks {', '.join(columns)}" for name, columns in lacking)
        raise refuse("its header is that of no export known", f"Add the columns, or take the file away: {wanted}")
    if len(found) > 1:
        names = " and ".join(form.name for form, _, _ in found)
        raise refuse(f"its header is that of {names} at once", "Keep one table to a file, with the columns of one form")
    form, sheet, at = found[0]
    _, header = sheet[at]
    for number, cells in sheet[at + 1 :]:
        if len(cells) != len(header):
            problem = f"{len(cells)} fields where the header has {len(header)}"
            raise refuse(problem, "Quote commas inside a field, or add the missing ones", row=number)
    return form, form.read(header, sheet[at + 1 :])


def _sheets(content: bytes) -> list[list[tuple[int, Cells]]]:
    """Every sheet of the file as numbered rows of stripped cells, blank rows left out."""
    not_html(content)
    found: list[list[tuple[int, Sequence[str | None]]]]
    if content.startswith(b"PK"):
        found = [list(enumerate(rows, 1)) for rows in sheets(content)]
    elif content.startswith(b"PAR1"):
        found = [list(enumerate(isolated(_parquet, content, "Parquet"), 1))]
    else:
        found = [_csv(_text(content))]
    stripped = [[(number, [(cell or "").strip() or None for cell in row]) for number, row in sheet] for sheet in found]
    return [[(number, row) for number, row in sheet if any(row)] for sheet in stripped]


def _parquet(content: bytes) -> list[tuple[str | None, ...]]:
    """Header and rows, as text."""
    with unreadable("Parquet", pl.exceptions.PolarsError):
        frame = pl.read_parquet(content).cast(pl.String)
    return [tuple(frame.columns), *frame.rows()]


def _csv(text: str) -> list[tuple[int, Sequence[str | None]]]:
    top = "".join(text.splitlines(keepends=True)[:HEADER_WITHIN])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=top.count), strict=True)
    rows: list[tuple[int, Sequence[str | None]]] = []
    start = 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise refuse(f"not readable as CSV ({error})", "Check the quotes of that row", row=reader.line_num) from error
    return rows


def _text(content: bytes) -> str:
    """The text of a CSV file in UTF-16 (marked), UTF-8 or GBK."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode(content, "utf-16")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # A letter of GBK is mostly two high bytes; a lone one is an accented letter of a Western encoding.
        runs = re.findall(rb"[\x80-\xff]+", content)
        if 2 * sum(len(run) == 1 for run in runs) > len(runs):
            raise refuse("is neither UTF-8, UTF-16 nor GBK", "Save it as UTF-8") from None
        return decode(content, "gb18030")
    return decode(content)


def _parse(content: bytes, table: str) -> pl.DataFrame:
    form, frame = recognise(content)
    if form.table != table:
        raise refuse(f"is an export of {form.table}, not of {table}", "Land the inbox again; the file changed meanwhile")
    return with_amounts(frame, "amount", "currency") if table == "deals" else frame


def _find(table: str) -> Find:
    """The files of the inbox that are of ``table``; one of no form at all is an error, whichever table asks."""

    def find(get: Get) -> Iterator[Request]:
        files = sorted(settings.INBOX.iterdir()) if settings.INBOX.is_dir() else []
        for path in files:
            if path.name.startswith((".", "~$")) or not path.is_file():
                continue
            request = Request(path.relative_to(settings.HOME).as_posix())
            try:
                form, _ = recognise(get(request))
            except Refused as refused:
                raise refused.located(NAME, request.url) from refused
            if form.table == table:
                yield request

    return find


SOURCE = Source(
    name=NAME,
    title="Your own exports",
    publisher="Whoever you took them from",
    landing_page="data/inbox",
    licence="As agreed between you and the publisher",
    licence_class="restricted",
    citation="Exports in data/inbox; a release built with them is for local use only",
    cadence="when edited",
    tables=tuple(
        Table(name, contract, (0, 10_000_000), partial(_parse, table=name), _find(name)) for name, contract in CONTRACTS.items()
    ),
    is_local=True,
)
