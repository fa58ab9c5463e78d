"""List the known forms of export: the table each is for, its headers, and how its cells become our columns."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import dataframely as dy
import polars as pl

from pipelines.ingest import columns, missing
from pipelines.ingest.amounts import KINDS
from pipelines.ingest.contract import ROW, doc
from pipelines.ingest.sources.crunchbase_rounds_2026 import PLACE, company_in, split_names
from pipelines.ingest.sources.inbox.files import Cells, Sheet
from pipelines.ingest.sources.itjuzi import split_investors

#: The smallest amount of a round, in units of any currency, and the most investors that a round has.
LEAST, MOST_INVESTORS = 1_000, 300


class Deals(dy.Schema):
    """One row per financing round in one of your exports."""

    form = columns.text("Form of the export.")
    company = columns.text("Company financed, as printed.")
    country = columns.text("Its country, as printed: a name or a code.", nullable=True)
    region = columns.text("Its state or province, as printed.", nullable=True)
    place = columns.text("Its city, as printed.", nullable=True)
    date = dy.String(
        nullable=False,
        regex=r"^[0-9]{4}(-[0-9][0-9](-[0-9][0-9])?)?$",
        check=columns.was("1950"),
        metadata=doc("Day, month or year of the announcement.", "Write YYYY, YYYY-MM or YYYY-MM-DD", "Give at least the year"),
    )
    round = columns.text("Round, as printed.", nullable=True)
    amount = columns.text("Amount, as printed.", nullable=True)
    currency = columns.currency(nullable=True)
    amount_low = columns.number("Lowest possible amount in that currency; empty if undisclosed.", 0, nullable=True)
    amount_high = columns.number("Highest possible amount; empty if open.", 0, nullable=True)
    amount_kind = columns.category("exact, range, order of magnitude or undisclosed.", KINDS)
    investors = columns.names("Investors, separated by |.")
    lead = columns.names("Lead investors, separated by |.")

    amount_reads_as_a_number_with_its_size_and_currency = columns.rule(pl.col("amount_kind").cast(pl.String) != "unreadable")
    amount_is_at_least_1000_or_names_its_size_as_in_5_million = columns.rule(pl.coalesce("amount_high", "amount_low") >= LEAST)
    lead_is_among_investors = columns.rule(
        pl.col("lead").str.split("|").list.set_difference(pl.col("investors").fill_null("").str.split("|")).list.len() == 0
    )
    investors_are_a_few_hundred_at_most = columns.rule(pl.col("investors").str.count_matches("|", literal=True) < MOST_INVESTORS)


class Companies(dy.Schema):
    """One row per company in one of your exports."""

    form = columns.text("Form of the export.")
    company = columns.text("Company, as printed.")
    country = columns.text("Country, as printed: a name or a code.", nullable=True)
    place = columns.text("City, as printed.", nullable=True)
    founded = columns.year("Year of founding.", 1800, nullable=True)
    sector = columns.text("Sector, as printed.", nullable=True)


class Investors(dy.Schema):
    """One row per investor in one of your exports."""

    form = columns.text("Form of the export.")
    investor = columns.text("Investor, as printed.")
    country = columns.text("Country of the home office, as printed: a name or a code.", nullable=True)
    place = columns.text("City of the home office, as printed.", nullable=True)


CONTRACTS: dict[str, type[dy.Schema]] = {"deals": Deals, "companies": Companies, "investors": Investors}


@dataclass(frozen=True)
class Form:
    """Describe a form of export: the table it is for, the headers it needs, and how its cells become our columns.

    ``headers`` maps our columns to printed headers, alternatives separated by ``|``, of which the first that is filled is read;
    those of ``optional`` may be missing.
    ``reads`` gives the columns that are more than the printed cell. ``is_record`` holds for the rows that are records.
    """

    name: str
    table: str
    headers: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, pl.Expr] = field(default_factory=dict)
    is_record: pl.Expr = field(default_factory=lambda: pl.lit(True))

    def missing(self, header: Cells) -> list[str]:
        """Return the headers that the form needs and ``header`` lacks, whether in capitals or not."""
        found = set(_folded(header))
        return [names.replace("|", " or ") for names in self.headers.values() if not found & set(_folded(names.split("|")))]

    def repeated(self, header: Cells) -> list[str]:
        """Return the headers of the form that ``header`` has more than once."""
        names = [name for group in (*self.headers.values(), *self.optional.values()) for name in group.split("|")]
        return [name for name in dict.fromkeys(names) if _folded(header).count(name.casefold()) > 1]

    def printed(self, columns: str) -> str:
        """Return the headers that some of our columns, separated by commas, are read from."""
        headers = {**self.headers, **self.optional}
        # Amounts are read into columns of their own.
        ours = ["amount" if name.startswith("amount_") else name for name in columns.split(", ")]
        read = [cell for name in ours for cell in (self.reads[name].meta.root_names() if name in self.reads else [name])]
        named = [header for cell in read for header in headers.get(cell, cell).split("|")]
        return " or ".join(dict.fromkeys(named)) if len(ours) == 1 else ", ".join(dict.fromkeys(map(self.printed, ours)))

    def read(self, header: Cells, rows: Sheet) -> pl.DataFrame:
        """Return the rows under ``header``, with their numbers in the file, as the form's table."""
        cells: dict[str, list[str | None]] = {}
        folded = _folded(header)
        for column, names in {**self.headers, **self.optional}.items():
            positions = [folded.index(name) for name in _folded(names.split("|")) if name in folded]
            cells[column] = [next(filter(None, (row[position] for position in positions)), None) for _, row in rows]
        frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)).with_columns(
            pl.Series(ROW, [number for number, _ in rows], dtype=pl.Int32), form=pl.lit(self.name)
        )
        frame = frame.filter(self.is_record).with_columns(cell.alias(column) for column, cell in self.reads.items())
        absent = [column for column in CONTRACTS[self.table].column_names() if column not in frame.columns]
        return frame.with_columns(pl.lit(None, pl.String).alias(column) for column in absent)


def _folded(cells: Iterable[str | None]) -> list[str]:
    """Return cells as headers are compared."""
    return [(cell or "").casefold() for cell in cells]


def _date(column: str = "date") -> pl.Expr:
    """Return days, months and years in ISO form, without the time of day; others stay, so that the contract refuses them."""
    cell = pl.col(column).str.replace(r"[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$", "")
    # A month after a dot may have been a number, 2021.10, that lost its last digit.
    forms = (r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", r"([0-9]{4})[-/年]([0-9]{1,2})月?", r"([0-9]{4})年?")
    iso = [
        pl.concat_str([cell.str.extract(f"^{form}$", part + 1).str.zfill(2) for part in range(3 - place)], separator="-")
        for place, form in enumerate(forms)
    ]
    spelt = cell.str.to_date("%d-%b-%Y", strict=False)
    return pl.coalesce(*iso, spelt.dt.to_string("%Y-%m-%d"), column)


def _each(split: Callable[[str], list[str]], column: str) -> pl.Expr:
    """Return the names in a cell, separated by |; null if there are none, or none was disclosed."""

    def joined(text: str) -> str | None:
        return "|".join(name for name in split(text) if name.casefold() not in missing.WORDS) or None

    return pl.col(column).map_elements(joined, pl.String)


def _in_china(column: str) -> pl.Expr:
    """Return places without the country before them: 中国-北京."""
    return pl.col(column).str.replace(r"^中国[-·\s]*([^-·\s])", "$1")


def _trimmed(column: str) -> pl.Expr:
    """Return names separated by |, without the blanks around it."""
    return pl.col(column).str.replace_all(r"\s*\|\s*", "|")


#: What an investor did in a round, led it or followed, where that ends its name.
_PART = r"[(（]?(领投|跟投|参投)([)）]|(?=[\s,;]|$))"


def split_pitchbook_names(text: str) -> list[str]:
    """Return names of firms without the persons in brackets who acted for them, because persons are never kept."""
    return split_names(re.sub(r"\([^()]*\)", "", text))


def split_itjuzi_names(text: str) -> list[str]:
    """Return names separated by Chinese or Western punctuation, without what each did: 红杉中国领投、IDG资本等跟投."""
    return [name for name, _ in _itjuzi_parts(text)]


def split_itjuzi_leads(text: str) -> list[str]:
    """Return the names that are said to lead."""
    return [name for name, part in _itjuzi_parts(text) if part == "领投"]


def _itjuzi_parts(text: str) -> list[tuple[str, str]]:
    """Return each name with its part in the round: that after it, also of the names before it unless it is in brackets."""
    # The part ends a name, so a comma may be missing.
    marked = re.sub(_PART, r"\g<0>,", re.sub("[，、；]", ",", text))
    found, following = [], ""
    for name in reversed(split_investors(marked)):
        match = re.search(_PART, name)
        part = match[1] if match else following
        following = "" if match and match[2] else part
        found.append((re.sub(f"等?({_PART})?$", "", name).strip(), part))
    return [(name, part) for name, part in reversed(found) if name]


FORMS = [
    Form(
        "plain deals",
        "deals",
        {
            "company": "company", "country": "country", "place": "city", "date": "date", "round": "round", "amount": "amount",
            "currency": "currency", "investors": "investors", "lead": "lead",
        },
        reads={"date": _date(), "investors": _trimmed("investors"), "lead": _trimmed("lead")},
    ),
    Form(
        "plain companies",
        "companies",
        {"company": "company", "country": "country", "place": "city", "founded": "founded"},
        optional={"sector": "sector"},
    ),
    Form("plain investors", "investors", {"investor": "investor", "country": "country", "place": "city"}),
    # Crunchbase exports the columns that the user has chosen: without that of companies, the name of a round ends with it, and
    # without that of investors only the leads are known.
    Form(
        "Crunchbase funding rounds",
        "deals",
        {
            "company": "Organization Name|Transaction Name", "location": "Organization Location", "date": "Announced Date",
            "round": "Funding Type", "amount": "Money Raised", "currency": "Money Raised Currency",
            "investors": "Investor Names|Lead Investors", "lead": "Lead Investors",
        },
        optional={"transaction": "Transaction Name", "usd": "Money Raised (in USD)"},
        reads={
            "company": pl.when(pl.col("company") == pl.col("transaction")).then(company_in("company")).otherwise("company"),
            "date": _date(),
            **PLACE,
            "amount": pl.coalesce("usd", "amount"),
            "currency": pl.when(pl.col("usd").is_not_null()).then(pl.lit("USD")).otherwise("currency"),
            "investors": _each(split_names, "investors"),
            "lead": _each(split_names, "lead"),
        },
    ),
    Form(
        "Crunchbase companies",
        "companies",
        {
            "company": "Organization Name", "location": "Headquarters Location", "founded": "Founded Date",
        },
        optional={"sector": "Industries"},
        reads={
            "country": PLACE["country"],
            "place": PLACE["place"],
            "founded": _date("founded").str.head(4),
        },
    ),
    # Amounts are millions of the account's currency, so export in US dollars, the default. Places are "Austin, TX", "London,
    # United Kingdom" or one name, such as "Hong Kong"; the ticker of a listed company follows its name; the last line is a
    # copyright notice. The series says which round one of venture capital was; that of an IPO or a sale may be the shares of the
    # round before.
    Form(
        "PitchBook deals",
        "deals",
        {
            "deal": "Deal ID", "company": "Companies", "date": "Deal Date", "amount": "Deal Size", "round": "Deal Type",
            "investors": "Investors", "lead": "Lead/Sole Investors", "location": "HQ Location",
        },
        optional={"series": "Series"},
        reads={
            "company": pl.col("company").str.replace(r"\s*\([A-Z]+: [A-Z0-9.]+\)$", ""),
            "date": _date(),
            "round": pl.when(pl.col("round").str.ends_with(" VC")).then(pl.coalesce("series", "round")).otherwise("round"),
            "amount": pl.col("amount") + " million",
            "currency": pl.when(pl.col("amount").is_not_null()).then(pl.lit("USD")),
            "region": pl.col("location").str.extract(r", ([A-Z]{2})$"),
            "country": pl.col("location").str.extract(r", ([^,]{3,})$"),
            "place": pl.coalesce(pl.col("location").str.extract(r"^(.+), [^,]+$"), "location"),
            "investors": _each(split_pitchbook_names, "investors"),
            "lead": _each(split_pitchbook_names, "lead"),
        },
        is_record=~pl.col("deal").fill_null("").str.starts_with("©"),
    ),
    # The place is a province or municipality; only some exports add the city. The English header is that of collections
    # published on GitHub.
    Form(
        "IT桔子 events",
        "deals",
        {
            "company": "公司名称|公司简称|项目名称|company", "date": "融资时间|获投时间|投资时间|date",
            "round": "融资轮次|轮次|投资轮次|round", "amount": "融资金额|金额|投资金额|amount",
            "investors": "投资方|投资机构|investor", "region": "省份|地区|所在地区|place",
        },
        optional={"place": "城市|所在城市"},
        reads={
            "date": _date(),
            "round": pl.col("round").str.replace(r"\s+轮$", "轮"),
            "investors": _each(split_itjuzi_names, "investors"),
            "lead": _each(split_itjuzi_leads, "investors"),
            "region": _in_china("region"),
            "place": _in_china("place"),
        },
    ),
]  # fmt: skip


def printed(form: str, columns: str) -> str:
    """Return the headers that a form's columns, separated by commas, are read from."""
    return next(each for each in FORMS if each.name == form).printed(columns)
