"""The index of any country or of the world: what depends on SCOPE, and what if the lists know no city of it."""

from pathlib import Path

import duckdb
import pytest

from pipelines.errors import InputError
from pipelines.index import gather
from pipelines.warehouse import fingerprint


def test_the_scope_is_part_of_what_a_release_depends_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for code in ("CN", "US", "world"):
        monkeypatch.setenv("SCOPE", code)
        found.add(fingerprint.present())
    assert len(found) == 3
    assert None not in found


def test_a_scope_that_no_list_knows_names_the_remedy(
    published: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCOPE", "AQ")
    with pytest.raises(InputError, match=r"AQ: no list that is loaded names a city of it often enough") as caught:
        gather.inputs(published, print)
    assert len(caught.value.problems) == 1
