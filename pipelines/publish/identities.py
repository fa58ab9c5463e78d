"""Give companies, investors, cities and the like ids that last from release to release, and log what becomes of them.

An id is made from the first key by which a source knows the entity. Afterwards it stays with that key, whatever the entity is
called, and whichever other keys are found to mean the same.
"""

import dataframely as dy
import duckdb

from pipelines.publish.release_before import attached, kept, take_over
from pipelines.schema import TableSchema, one_of, refers_to
from pipelines.warehouse import queries

KINDS = ("company", "investor", "city", "university", "service_firm")


class Entities(TableSchema):
    """One row per company, investor, city, university and service firm, with an id that stays from release to release."""

    table = "core.entities"

    id = dy.String(primary_key=True, regex="^[0-9a-f]{12}$", description="Stable id.")
    kind = dy.String(check=one_of(*KINDS), description="company, investor, city, university or service_firm.")
    entity = dy.String(description="Its name now: the key of core.companies, core.investors, core.cities and so on.")
    since = dy.Datetime(time_unit="us", description="When the first release with the id was made, UTC.")


class EntityKeys(TableSchema):
    """One row per key by which a source knows an entity: the bridge between stable ids and the sources' own."""

    table = "core.entity_keys"

    kind = dy.String(primary_key=True, check=one_of(*KINDS), description="Kind of entity.")
    dataset = dy.String(primary_key=True, description="Source; for cities places (as sources write them) or geonames.")
    key = dy.String(primary_key=True, description="The source's own key; for places, country, region and place joined by |.")
    id = dy.String(metadata=refers_to("core.entities.id"), description="Stable id of the entity.")
    printed = dy.String(nullable=True, description="Name as the source prints it.")


class EntityChanges(TableSchema):
    """One row per change of an id, in this release and those before it: the log of merges, splits, new names and losses.

    Empty while no id has changed.
    """

    table = "core.entity_changes"

    made_at = dy.Datetime(time_unit="us", primary_key=True, description="When the release with the change was made, UTC.")
    kind = dy.String(check=one_of(*KINDS), description="Kind of entity.")
    id = dy.String(primary_key=True, description="Id that changed.")
    change = dy.String(
        primary_key=True,
        check=one_of("merged", "split", "renamed", "gone"),
        description="merged: the id is now part of other_id; split: the id is new, taken out of other_id; renamed: the same "
        "entity under another name; gone: no source that is loaded knows it any more.",
    )
    entity = dy.String(description="Its name before; of one that was split, its name now.")
    other_id = dy.String(nullable=True, description="Id that it went to or came from; null if renamed or gone.")
    other = dy.String(nullable=True, description="Name of that one; the new name if renamed; null if gone.")


#: Tables that publishing makes after the release is known, each by the query of its name; no part of the content hash.
MADE: tuple[type[TableSchema], ...] = (Entities, EntityKeys, EntityChanges)


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the tables of ``MADE`` to the attached file ``published``, with the ids of the release before."""
    named = {table.table.removeprefix("core."): table for table in MADE}
    with attached(connection):
        take_over(connection, *(kept(f"earlier_{name}", table) for name, table in named.items()))
    connection.execute(f"create or replace temp table mentions as {queries.read('release/mentions')}")
    connection.execute(f"create or replace temp table inherited as {queries.read('release/inherited')}")
    for name, table in named.items():
        connection.execute(f"create table published.{table.table} as from ({queries.read(f'release/{name}')}) order by all")
