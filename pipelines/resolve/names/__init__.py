"""Resolve names of companies, investors, universities and service firms to one entity each, across sources and languages.

Five steps, each of which gives its reason. A source's own key joins its mentions (``mentions``). Names that are equal once
case, punctuation and legal endings are gone join mentions that nothing else sets apart. Names that are merely alike, and equal
names that something sets apart, are weighed by Splink with the weights of ``weights``. Names that are nearly one count only if
two sources have more of them than chance explains (all three in ``joins``). A reviewed decision wins over all of it
(``overrides``).

Two rules keep an entity from growing by chains (``clustering``). No two mentions in it may contradict each other: two keys
of one source, two countries, founding years more than three apart. And likeness joins an entity only to a better ranked one
that has joined no other; an entity that fits two others equally well joins neither.
"""

import polars as pl

from pipelines.resolve.names.clustering import Partition
from pipelines.resolve.names.database import Lend, lend
from pipelines.resolve.names.joins import join_alike, join_near_names, join_same_names
from pipelines.resolve.names.links import LINK_SCHEMA, links
from pipelines.resolve.names.mentions import MENTION_SCHEMA, read_mentions
from pipelines.resolve.names.normalisation import fold
from pipelines.resolve.names.overrides import (
    NO_OVERRIDES,
    bearers_of_overrides,
    join_by_overrides,
    marks_of_records,
    read_overrides,
)
from pipelines.resolve.names.vocabulary import KINDS

__all__ = ["KINDS", "LINK_SCHEMA", "MENTION_SCHEMA", "NO_OVERRIDES", "fold", "resolve"]


def resolve(mentions: pl.DataFrame, overrides: pl.DataFrame, lend: Lend = lend) -> pl.DataFrame:
    """Return every mention's entity and why, in ``LINK_SCHEMA`` by mention, whatever the order of rows and number of threads.

    ``how`` is alone, same key, same name, splink, near name or override; ``matched`` is the mention it was compared with, null if
    alone; ``explanation`` one sentence on what agreed. From match to match, all lead to the best ranked mention.

    ``mentions`` has the columns of ``MENTION_SCHEMA``, ``overrides`` those of ``name_overrides.csv``: kind, name_a,
    name_b, same ("1" or "0"), why. ``lend`` lends the databases in which names are compared. Raises InputError for a mention
    without an id of its own, a kind, source, rank or name, and for decisions that contradict one another.
    """
    records = read_mentions(mentions)
    decisions = read_overrides(overrides)
    bearers = bearers_of_overrides(records, decisions)
    partition = Partition(records, marks_of_records(bearers, decisions), lend)
    join_same_names(partition)
    join_by_overrides(partition, bearers, decisions)
    join_alike(partition)
    join_near_names(partition)
    return links(partition)
