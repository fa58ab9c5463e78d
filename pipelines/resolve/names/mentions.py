"""Read mentions of names into records: the mentions of one source that are one entity for certain."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.resolve.names.normalisation import Form, forms
from pipelines.resolve.names.vocabulary import KINDS
from pipelines.resolve.names.weights import is_coined

#: What ``resolve`` takes: one row per mention of a name in a source.
#: mention: unique id. key: the source's own identity (permalink, stock code), or the name where its spelling is settled
#: there. name_other: names in another language and former names, separated by ``|``. country: ISO 3166 alpha-2.
#: city: as resolved. founded: year. rank: trust in the source, 0 the most; the best ranked mention names the entity.
MENTION_SCHEMA = pl.Schema(
    dict.fromkeys(("mention", "kind", "source", "key", "name", "name_other", "country", "city"), pl.String())
    | dict.fromkeys(("founded", "rank"), pl.Int32())
)
#: A name in the columns of ``Form``, and whether it is a coined word; ``row``: its mention.
_NAME_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.UInt32,
    "printed": pl.String,
    "folded": pl.String,
    "core": pl.String,
    "meanings": pl.List(pl.String),
    "place": pl.String,
    "initials": pl.List(pl.String),
    "is_cjk": pl.Boolean,
    "is_long": pl.Boolean,
    "is_coined": pl.Boolean,
}
_FACTS = ("country", "city", "founded")
_SHELLS = ("KY", "VG", "BM")  # where companies are registered, not where they are
_REGION = {"HK": "CN", "MO": "CN"}  # sources put a firm of Hong Kong in either

#: Names taken apart at once: as Python objects those of millions would take many times the memory of columns.
_BATCH = 100_000

#: Kind and ``Form.full`` → the numbers of the records that bear it, ascending.
Bearers = Mapping[tuple[str, str], list[int]]


@dataclass(frozen=True, slots=True)
class Records:
    """Mentions of one source that are one entity for certain; each record has a number, the best ranked the lowest.

    ``facts``: a row a record, in their order, with what the best ranked of its mentions states. ``names``: a row for each
    name of a record, as in ``Form``. ``mentions``: the ids, each with the number of its record, the best ranked first.
    """

    facts: pl.DataFrame
    names: pl.DataFrame
    mentions: pl.DataFrame

    def bearers(self, names: Collection[tuple[str, str]]) -> Bearers:
        wanted = pl.DataFrame(list(names), {"kind": pl.String, "folded": pl.String}, orient="row").unique()
        kinds = self.facts.select("number", "kind")
        borne = self.names.join(wanted, on="folded", how="semi").join(kinds, on="number").join(wanted, on=["kind", "folded"])
        listed = borne.group_by("kind", "folded").agg(pl.col("number").sort())
        return {(kind, full): numbers for kind, full, numbers in listed.iter_rows()}


def read_mentions(mentions: pl.DataFrame) -> Records:
    """Return the records, joined by key or by equal facts.

    Raises InputError for a mention without an id of its own, a kind, source, rank or name.
    """
    ranked = _checked(mentions).sort("rank", "source", "name", "key", "mention", nulls_last=True).with_row_index("row")
    names = pl.concat([pl.DataFrame(schema=_NAME_SCHEMA), *map(_names, ranked.iter_slices(_BATCH))])
    is_keyless = pl.col("key").is_null()
    borne = names.join(ranked.filter(is_keyless), on="row", how="semi").group_by("row").agg(pl.col("folded").sort().str.join(" "))
    certain = [pl.when(is_keyless).then(fact).alias(f"certain_{fact}") for fact in ("folded", *_FACTS)]
    grouped = (
        ranked.with_columns(_stated())
        .join(borne, on="row", how="left", maintain_order="left")
        .group_by("kind", "source", "key", *certain, maintain_order=True)
        .agg("mention", "row", pl.col("name").first(), *(pl.col(fact).first(ignore_nulls=True) for fact in _FACTS))
        .with_row_index("number")
    )
    listed = grouped.select("number", "mention", "row").explode("mention", "row")
    return Records(
        grouped.select("number", "kind", "source", "key", "name", *_FACTS, region=pl.col("country").replace(_REGION)),
        names.join(listed.select("number", "row"), on="row")
        .sort("number", "row", maintain_order=True)
        .unique(["number", "folded"], keep="first", maintain_order=True)
        .drop("row"),
        listed.select("mention", "number"),
    )


def _stated() -> list[pl.Expr]:
    """Return the facts that count: a service firm's mentions stand at its offices, and sources disagree on when a university
    was founded."""
    is_firm = pl.col("kind") == "service_firm"
    return [
        pl.when(~is_firm & ~pl.col("country").is_in(["", *_SHELLS])).then("country").alias("country"),
        pl.when(~is_firm & (pl.col("city") != "")).then("city").alias("city"),
        pl.when(~is_firm & (pl.col("kind") != "university") & (pl.col("founded") != 0)).then("founded").alias("founded"),
    ]


def _names(batch: pl.DataFrame) -> pl.DataFrame:
    """Return ``_NAME_SCHEMA`` of some mentions."""
    mentions = batch.select("row", "kind", "name", "name_other").iter_rows()
    rows = [(row, *form, is_coined(form)) for row, kind, *names in mentions for form in _forms(kind, *names).values()]
    return pl.DataFrame(rows, _NAME_SCHEMA, orient="row")


def _forms(kind: str, name: str, name_other: str | None) -> dict[str, Form]:
    """Return the forms of the names of a mention, by ``full``."""
    names = filter(str.strip, [name, *(name_other or "").split("|")])
    return {form.full: form for name in names for form in forms(kind, name) if form.full}


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
