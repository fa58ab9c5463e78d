"""A build that makes again only what is out of date holds what one made from nothing holds."""

import duckdb
import pytest

from pipelines.warehouse import database, landings, versions
from tests.support import landed_world
from tests.support.models import MODELS
from tests.support.versions import contents

#: Changes of what the models read, one after the other: of a text, a number, a key, a row less, and a place that was found.
CHANGES = (
    "update landing.register__companies set source = 'p. 9' where source_row % 7 = 2",
    "update landing.register__deals set amount_m = amount_m * 2 where amount_m is not null",
    "update landing.register__founders set company = (select min(company) from landing.register__companies)",
    "delete from landing.reference__periods where source_row = (select max(source_row) from landing.reference__periods)",
    "update core.places set city = (select max(city) from core.places) where city = (select min(city) from core.places)",
)


def remade(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Build what is out of date, and return which tables that was."""
    made = set()
    for one, version, rows in database.build_all(connection, [*MODELS.values()]):
        if rows is not None:
            versions.note(connection, one.table, version)
            made.add(one.table)
    return made


def held(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return a hash of what each table of a model holds, found out anew from its rows."""
    for table in MODELS:
        connection.execute(f"comment on table {table} is null")
    return contents(connection, set(MODELS))


@pytest.mark.slow
def test_tables_are_those_of_a_build_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landings, "files", lambda wanted: {})  # Those of this world are tables.
    world = landed_world.build()
    for table in MODELS:
        versions.note(world, table, versions.of_models(world, [MODELS[table]])[table].version)
    assert remade(world) == set()
    for change in CHANGES:
        world.execute(change)
        assert set() < remade(world) < MODELS.keys(), change
        assert remade(world) == set()
    incremental = held(world)
    assert remade(world) == MODELS.keys()
    assert held(world) == incremental
