"""Name every mention's entity, and explain what joined it."""

from collections import defaultdict

import dataframely as dy
import polars as pl

from pipelines.resolve.names.clustering import Match, Partition
from pipelines.resolve.names.vocabulary import KINDS
from pipelines.resolve.names.weights import same_name_probability
from pipelines.schema import TableSchema, one_of


class Names(TableSchema):
    """One row per company, investor, university or service firm as a source names it, and the entity it was taken to be."""

    table = "core.names"
    reads = tuple(
        f"staging.name_mentions.{column}"
        for column in ("mention", "kind", "key", "name", "name_other", "country", "city", "founded")
    )

    mention = dy.String(primary_key=True, description="Source and its own key.")
    entity = dy.String(description="What it was taken to be; the key of core.companies and core.investors.")
    how = dy.String(
        check=one_of("alone", "same key", "same name", "splink", "near name", "override"),
        description="alone, same key, same name, splink, near name or override.",
    )
    probability = dy.Float64(
        min=0, max=1, description="Probability that it is the one it was matched with; 1 where a rule decided."
    )
    matched = dy.String(nullable=True, description="Mention it was matched with.")
    explanation = dy.String(description="Which fields agreed, in a sentence.")
    kind = dy.String(check=one_of(*KINDS), description="company, investor, university or service_firm.")
    dataset = dy.String(description="Source.")
    name = dy.String(description="Name as printed.")


#: What ``links`` says of a mention; the rest of ``Names`` is carried over from the mention.
LINK_SCHEMA = pl.Schema(list(Names.types().items())[:6])
_MATCH_SCHEMA = {
    "number": pl.UInt32,
    "other_number": pl.UInt32,
    "how": pl.String,
    "probability": pl.Float64,
    "reason": pl.String,
}
_SAME_KEY = pl.col("key").is_not_null()


def links(partition: Partition) -> pl.DataFrame:
    """Return ``LINK_SCHEMA``, sorted by mention: the first mention of a record by its match, the others by the first."""
    mentions = partition.records.mentions.with_columns(is_first=pl.col("number").is_first_distinct())
    first = mentions.filter("is_first").select("number", first="mention")
    second = mentions.filter(~pl.col("is_first")).unique("number", keep="first", maintain_order=True)
    facts = partition.records.facts.with_columns(entity=pl.Series(_entity_names(partition))).join(first, on="number")
    other = facts.select(pl.col("number", "name", "source", "first").name.prefix("other_"))
    matched = _towards_leaders(partition).join(other, on="other_number")
    rows = (
        mentions.join(facts, on="number")
        .join(second.select("number", second="mention"), on="number", how="left")
        .join(matched.with_columns(is_first=True), on=["number", "is_first"], how="left")
    )
    by_match, by_record = pl.col("other_number").is_not_null(), ~pl.col("is_first") | pl.col("second").is_not_null()
    why = pl.format("“{}” ({}) and “{}” ({}): {}", "name", "source", "other_name", "other_source", "reason")
    by_key = pl.format("{} gives both the key '{}'", "source", "key")
    within = pl.when(_SAME_KEY).then(by_key).otherwise(pl.format("{} says the very same of both", "source"))
    verdicts = {
        "how": ("how", pl.when(_SAME_KEY).then(pl.lit("same key")).otherwise(pl.lit("same name")), pl.lit("alone")),
        "probability": ("probability", _probability(), pl.lit(1.0)),
        "matched": ("other_first", pl.when("is_first").then("second").otherwise("first"), pl.lit(None)),
        "explanation": (why, within, pl.lit("no other mention is the same, or alike enough")),
    }
    columns = {
        name: pl.when(by_match).then(of_match).when(by_record).then(of_record).otherwise(alone)
        for name, (of_match, of_record, alone) in verdicts.items()
    }
    return rows.select("mention", "entity", **columns).cast(LINK_SCHEMA).sort("mention")


def _probability() -> pl.Expr:
    """Return the probability that two mentions of one source with the same names, and the same facts, are one entity."""
    is_located = pl.col("city").is_not_null() | pl.col("founded").is_not_null()
    return (
        pl.when(_SAME_KEY)
        .then(1.0)
        .when(is_located)
        .then(same_name_probability(["city"]))
        .when(pl.col("country").is_not_null())
        .then(same_name_probability(["country"]))
        .otherwise(same_name_probability([]))
    )


def _towards_leaders(partition: Partition) -> pl.DataFrame:
    """Return each record of an entity with the match that leads towards its leader; the leader with its own best match."""
    touching: dict[int, list[Match]] = defaultdict(list)
    for match in partition.matches:
        touching[match.left].append(match)
        touching[match.right].append(match)
    towards: dict[int, Match] = {}
    for leader in filter(partition.leads, touching):
        towards[leader] = max(touching[leader], key=lambda match: match.probability)
        ahead = [leader]
        while ahead:
            number = ahead.pop()
            for match in touching[number]:
                other = match.beyond(number)
                if other not in towards:
                    towards[other] = match
                    ahead.append(other)
    rows = [(number, match.beyond(number), *match[2:]) for number, match in towards.items()]
    return pl.DataFrame(rows, _MATCH_SCHEMA, orient="row")


def _entity_names(partition: Partition) -> list[str]:
    """Return the name of the entity of each record: that of its leader; where a better ranked entity has it, with the
    country, the city or a number."""
    names: list[str] = []
    taken: dict[str, dict[str, int]] = defaultdict(dict)
    facts = partition.records.facts.select("number", "kind", "name", "country", "city")
    for number, kind, name, *places in facts.iter_rows():
        leader = partition.of(number)
        names.append(names[leader] if leader < number else _entity_name(name, places, taken[kind]))
    return names


def _entity_name(name: str, places: list[str | None], taken: dict[str, int]) -> str:
    """``taken``: names of this kind → the least number that may be free for another of the name."""
    borne = name.casefold()
    for free in (name, *(f"{name} ({place})" for place in places if place)):
        if free.casefold() not in taken:
            break
    else:
        while (free := f"{name} ({taken[borne]})").casefold() in taken:
            taken[borne] += 1
    taken[free.casefold()] = 2
    return free
