"""The index of any country or of the world: what SCOPE means, and what is said where the lists know no city of it."""

from pathlib import Path

import duckdb
import pytest

from pipelines.errors import InputError
from pipelines.index import gather
from pipelines.resolve import scope
from pipelines.warehouse import fingerprint


@pytest.mark.parametrize(
    ("value", "named"), [("CN", "CN"), ("gb", "GB"), ("USA", "US"), ("world", scope.WORLD), ("WORLD", scope.WORLD)]
)
def test_a_scope_is_a_country_or_the_world(monkeypatch: pytest.MonkeyPatch, value: str, named: str) -> None:
    monkeypatch.setenv("SCOPE", value)
    assert scope.named() == named


def test_a_scope_that_is_neither_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPE", "Atlantis")
    with pytest.raises(InputError, match=r"Atlantis.* is not a country\. Give an ISO 3166 code, such as US, IN or GB, or world"):
        scope.named()


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
