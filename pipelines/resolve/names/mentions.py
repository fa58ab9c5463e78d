"""Read mentions of names into records: the mentions of one source that are one entity for certain."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.resolve.names.normalisation import Form, forms
from pipelines.resolve.names.vocabulary import KINDS

#: What ``resolve`` takes: one row per mention of a name in a source.
#: mention: unique id. key: the source's own identity (permalink, stock code), or the name where its spelling is settled
#: there. name_other: names in another language and former names, separated by ``|``. country: ISO 3166 alpha-2.
#: city: as resolved. founded: year. rank: trust in the source, 0 the most; the best ranked mention names the entity.
MENTION_SCHEMA = pl.Schema(
    {
        "mention": pl.String,
        "kind": pl.String,
        "source": pl.String,
        "key": pl.String,
        "name": pl.String,
        "name_other": pl.String,
        "country": pl.String,
        "city": pl.String,
        "founded": pl.Int32,
        "rank": pl.Int32,
    }
)

_SHELLS = frozenset({"KY", "VG", "BM"})  # where companies are registered, not where they are
_REGION = {"HK": "CN", "MO": "CN"}  # sources put a firm of Hong Kong in either

#: Kind and ``Form.full`` → the numbers of the records that bear it, ascending.
Bearers = Mapping[tuple[str, str], list[int]]


@dataclass(slots=True)
class Record:
    """Mentions of one source that are one entity for certain, with the facts of the best ranked that states them.

    ``forms`` by ``Form.full``. A record is known by its number: its place in the list, the best ranked first.
    """

    kind: str
    source: str
    key: str | None
    name: str
    mentions: list[str]
    forms: dict[str, Form]
    country: str | None
    city: str | None
    founded: int | None

    @property
    def region(self) -> str | None:
        return _REGION.get(self.country, self.country) if self.country else None

    @property
    def cjk(self) -> set[str]:
        return {full for full, form in self.forms.items() if form.is_cjk}


def read_mentions(mentions: pl.DataFrame) -> list[Record]:
    """Return the records, joined by key or by equal facts, the best ranked first.

    Raises InputError for a mention without an id of its own, a kind, source, rank or name.
    """
    records: dict[tuple[object, ...], Record] = {}
    # Kinds, sources, countries, cities and years are few, but every row would bring objects of its own.
    known: dict[object, Any] = {}
    ranked = _checked(mentions).sort("rank", "source", "name", "key", "mention", nulls_last=True)
    for row in ranked.iter_rows(named=True):
        kind, source, key, country, city, founded = (
            row[name] if name == "key" else known.setdefault(row[name], row[name])
            for name in ("kind", "source", "key", "country", "city", "founded")
        )
        if kind == "service_firm":  # its mentions stand at its offices
            country = city = None
        if kind in ("service_firm", "university"):  # sources disagree on when a university was founded
            founded = None
        if country in _SHELLS:
            country = None
        names = filter(str.strip, [row["name"], *(row["name_other"] or "").split("|")])
        borne = {form.full: form for name in names for form in forms(kind, name) if form.full}
        certain = (key,) if key is not None else (frozenset(borne), country, city, founded)
        new = Record(kind, source, key, row["name"], [], borne, country, city, founded)
        record = records.setdefault((kind, source, *certain), new)
        record.mentions.append(row["mention"])
        record.forms = borne | record.forms
        record.country = record.country or country
        record.city = record.city or city
        record.founded = record.founded or founded
    return list(records.values())


def bearers_of_names(records: list[Record]) -> Bearers:
    """Return the records that bear each name."""
    bearers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        for full in record.forms:
            bearers[record.kind, full].append(number)
    return bearers


def _checked(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions in the types of ``MENTION_SCHEMA``; raises InputError for what they lack."""
    mentions = mentions.select(pl.col(name).cast(dtype) for name, dtype in MENTION_SCHEMA.items())
    faults = {
        "mention": (pl.col("mention").is_null() | pl.col("mention").is_duplicated(), "is empty or not unique"),
        "kind": (~pl.col("kind").is_in(KINDS).fill_null(False), f"is none of {', '.join(KINDS)}"),
        "source": (pl.col("source").is_null(), "is empty"),
        "name": (~pl.col("name").str.contains(r"[\p{L}\p{N}]").fill_null(False), "holds no letter or digit"),
        "rank": (pl.col("rank").is_null(), "is empty"),
    }
    problems = [
        Problem("mentions", f"{row[column]!r} {fault}", "Correct it where it is made", row["row"], column)
        for column, (condition, fault) in faults.items()
        for row in mentions.with_row_index("row").filter(condition).iter_rows(named=True)
    ]
    if problems:
        raise InputError("names", problems)
    return mentions
