"""Name every mention's entity, and explain what joined it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import dataframely as dy
import polars as pl

from pipelines.resolve.names.clustering import Match, Partition
from pipelines.resolve.names.mentions import Record
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
        check=one_of("alone", "same key", "same name", "splink", "override"),
        description="alone, same key, same name, splink or override.",
    )
    probability = dy.Float64(
        min=0, max=1, description="Probability that it is the one it was matched with; 1 where a rule decided."
    )
    matched = dy.String(nullable=True, description="Mention it was matched with.")
    explanation = dy.String(description="Which fields agreed, in a sentence.")
    kind = dy.String(
        check=one_of(*KINDS),
        description="company, investor, university or service_firm.",
    )
    dataset = dy.String(description="Source.")
    name = dy.String(description="Name as printed.")


#: What ``links`` says of a mention; the rest of ``Names`` is carried over from the mention.
LINK_SCHEMA = pl.Schema(list(Names.types().items())[:6])
_Link = tuple[str, str, str, float, str | None, str]


def links(partition: Partition) -> pl.DataFrame:
    """Return ``LINK_SCHEMA``, sorted by mention."""
    touching: dict[int, list[Match]] = defaultdict(list)
    for match in partition.matches:
        touching[match.left].append(match)
        touching[match.right].append(match)
    taken: dict[tuple[str, str], int] = {}
    rows: list[_Link] = []
    for leader in filter(partition.leads, range(len(partition.records))):
        entity = _entity_name(partition.records[leader], taken)
        for number, towards in _towards(leader, touching).items():
            rows += _explained(partition.records, number, towards, entity)
    return pl.DataFrame(rows, schema=LINK_SCHEMA, orient="row").sort("mention")


def _towards(leader: int, touching: Mapping[int, list[Match]]) -> dict[int, Match | None]:
    """Return each record of an entity with the match that leads towards its leader; the leader with its own best match."""
    towards = {leader: max(touching.get(leader, ()), key=lambda match: match.probability, default=None)}
    ahead = [leader]
    while ahead:
        number = ahead.pop()
        for match in touching.get(number, ()):
            other = match.beyond(number)
            if other not in towards:
                towards[other] = match
                ahead.append(other)
    return towards


def _explained(records: list[Record], number: int, match: Match | None, entity: str) -> Iterator[_Link]:
    """Yield the first mention of a record by its match, the others by the first."""
    record = records[number]
    first, *others = record.mentions
    if record.key is not None:
        how, probability, why = "same key", 1.0, f"{record.source} gives both the key {record.key!r}"
    else:
        stated = [fact for fact in ("country", "city", "founded") if getattr(record, fact)]
        how, probability, why = "same name", same_name_probability(stated), f"{record.source} says the very same of both"
    if match:
        other = records[match.beyond(number)]
        reason = f"“{record.name}” ({record.source}) and “{other.name}” ({other.source}): {match.reason}"
        yield first, entity, match.how, match.probability, other.mentions[0], reason
    elif others:
        yield first, entity, how, probability, others[0], why
    else:
        yield first, entity, "alone", 1.0, None, "no other mention is the same, or alike enough"
    for mention in others:
        yield mention, entity, how, probability, first, why


def _entity_name(record: Record, taken: dict[tuple[str, str], int]) -> str:
    """Return the record's name; where a better ranked entity has it, with the country, the city or a number.

    ``taken``: kind and name → the least number that may be free for another of the name.
    """
    qualified = [f"{record.name} ({fact})" for fact in (record.country, record.city) if fact]
    borne = record.kind, record.name.casefold()
    for name in (record.name, *qualified):
        if (record.kind, name.casefold()) not in taken:
            break
    else:
        while (record.kind, (name := f"{record.name} ({taken[borne]})").casefold()) in taken:
            taken[borne] += 1
    taken[record.kind, name.casefold()] = 2
    return name
