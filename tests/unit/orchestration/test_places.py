"""Places are resolved from the build, in which exports keep to the place of their folder."""

import pytest

from pipelines.errors import InputError
from pipelines.orchestration.assets import places
from pipelines.resolve.places import resolve
from pipelines.warehouse import database
from tests.support.databases import lent
from tests.support.models import full
from tests.support.places import committed

FILE = {"source_file": "data/inbox/Chengdu/a.csv", "country": "CN"}
ROW = FILE | {"form": "plain deals", "source_row": 2, "region": "Sichuan", "place": "Mianyang"}


def test_export_that_names_a_place_outside_its_folder_is_refused() -> None:
    tables = {
        "staging.place_mentions": full("staging.place_mentions", [ROW | {"place_key": "CN|Sichuan|Mianyang"}]),
        "staging.inbox_rows": full("staging.inbox_rows", [ROW]),
        "staging.inbox_files": full("staging.inbox_files", [FILE | {"folder": "Chengdu"}]),
    } | {f"landing.reference__{name}": committed(name) for name in resolve.REFERENCE}
    with lent() as connection:
        connection.execute("create schema staging; create schema landing")
        for name, frame in tables.items():
            database.write(connection, name, frame)
        with pytest.raises(InputError, match="'Mianyang' counts for Mianyang, and the folder is for Chengdu alone"):
            places._resolved(connection)
