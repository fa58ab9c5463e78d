"""Every mention's entity, and why.

What belongs here: naming entities, and telling what joined them. What does not: deciding any of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import dataframely as dy
import polars as pl

from pipelines.resolve.names.entities import Match, Partition
from pipelines.resolve.names.evidence import surety
from pipelines.resolve.names.records import Record
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
        check=one_of("company", "investor", "university", "service_firm"),
        description="company, investor, university or service_firm.",
    )
    dataset = dy.String(description="Source.")
    name = dy.String(description="Name as printed.")


#: What ``links`` says of a mention; the rest of ``Names`` is carried over from the mention.
LINK_SCHEMA = pl.Schema(list(Names.types().items())[:6])
_Link = tuple[str, str, str, float, str | None, str]


def links(partition: Partition) -> pl.DataFrame:
    """``LINK_SCHEMA``, sorted by mention."""
    touching: dict[int, list[Match]] = defaultdict(list)
    for match in partition.matches:
        touching[match.one].append(match)
        touching[match.other].append(match)
    taken: dict[tuple[str, str], int] = {}
    found: list[_Link] = []
    for leader in filter(partition.leads, range(len(partition.records))):
        entity = _entity_name(partition.records[leader], taken)
        for number, towards in _towards(leader, touching).items():
            found += _explained(partition.records, number, towards, entity)
    return pl.DataFrame(found, schema=LINK_SCHEMA, orient="row").sort("mention")


def _towards(leader: int, touching: Mapping[int, list[Match]]) -> dict[int, Match | None]:
    """Each record of an entity with the match that leads towards its leader; the leader with its own best match."""
    found = {leader: max(touching.get(leader, ()), key=lambda one: one.probability, default=None)}
    ahead = [leader]
    while ahead:
        number = ahead.pop()
        for match in touching.get(number, ()):
            other = match.beyond(number)
            if other not in found:
                found[other] = match
                ahead.append(other)
    return found


def _explained(records: list[Record], number: int, match: Match | None, entity: str) -> Iterator[_Link]:
    """The first mention of a record by its match, the others by the first."""
    record = records[number]
    first, *others = record.mentions
    if record.key is not None:
        how, probability, why = "same key", 1.0, f"{record.source} gives both the key {record.key!r}"
    else:
        stated = [fact for fact in ("country", "city", "founded") if getattr(record, fact)]
        how, probability, why = "same name", surety(stated), f"{record.source} says the very same of both"
    if match:
        other = records[match.beyond(number)]
        says = f"“{record.name}” ({record.source}) and “{other.name}” ({other.source}): {match.says}"
        yield first, entity, match.how, match.probability, other.mentions[0], says
    elif others:
        yield first, entity, how, probability, others[0], why
    else:
        yield first, entity, "alone", 1.0, None, "no other mention is the same, or alike enough"
    for mention in others:
        yield mention, entity, how, probability, first, why


def _entity_name(record: Record, taken: dict[tuple[str, str], int]) -> str:
    """The record's name; where a better ranked entity has it, with the country, the city or a number.

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
