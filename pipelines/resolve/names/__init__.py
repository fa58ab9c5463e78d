"""Names of companies, investors, universities and service firms → one entity each, whatever the source, language or spelling.

Four steps, each of which says why. A source's own key joins its mentions (``records``). Names that are equal once case,
punctuation and legal endings are gone join mentions that nothing else sets apart; of a crowd that bears one name, only
those of one city (``same_name``). Names that are merely alike, and equal names that something sets apart, are weighed by
Splink (``alike``) with the weights of ``evidence``. A reviewed decision wins over all of it (``decisions``).

What keeps an entity from growing by chains (``entities``): no two mentions in it may contradict each other (two keys of
one source, two countries, founding years more than three apart), and alikeness joins a mention only to the best trusted
of an entity. A mention that fits two entities equally well joins neither.

What belongs here: comparing names. What does not: places (``pipelines/resolve/places/resolve``) and how any source reads.
"""

from dataclasses import dataclass

import polars as pl

from pipelines.resolve.names.alike import join_alike
from pipelines.resolve.names.decisions import OVERRIDES, join_decided, marks_of_names, read_decisions
from pipelines.resolve.names.entities import Partition
from pipelines.resolve.names.forms import fold
from pipelines.resolve.names.outcome import LINK_SCHEMA, links
from pipelines.resolve.names.records import KINDS, MENTION_SCHEMA, bearers_of_names, read_mentions
from pipelines.resolve.names.same_name import join_same_names

__all__ = ["KINDS", "LINK_SCHEMA", "MENTION_SCHEMA", "OVERRIDES", "Resolution", "fold", "resolve"]


@dataclass(frozen=True)
class Resolution:
    """``links`` (``LINK_SCHEMA``), sorted by mention: the entity of each, unique within a kind, and why.

    ``how`` is alone, same key, same name, splink or override; ``matched`` is the mention it was compared with, null if
    alone; ``explanation`` one sentence saying what agreed. From match to match, all lead to the best ranked mention.
    """

    links: pl.DataFrame


def resolve(mentions: pl.DataFrame, overrides: pl.DataFrame) -> Resolution:
    """Every mention's entity; the same whatever the order of rows and the number of threads.

    ``mentions`` has the columns of ``MENTION_SCHEMA``, ``overrides`` those of ``name_overrides.csv``: kind, name_a,
    name_b, same ("1" or "0"), why. Raises InputError for a mention without an id of its own, a kind, source, rank or
    name, and for decisions that contradict one another.
    """
    records = read_mentions(mentions)
    bearers = bearers_of_names(records)
    decisions = read_decisions(overrides)
    partition = Partition(records, marks_of_names(decisions))
    join_same_names(partition, bearers)
    join_decided(partition, bearers, decisions)
    join_alike(partition)
    return Resolution(links(partition))
