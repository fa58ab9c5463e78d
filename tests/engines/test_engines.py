"""One set of models, several engines: the whole warehouse, row by row, of all recordings where they are."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.warehouse import model
from pipelines.warehouse.engines.spark import Spark
from tests.support.homes import inside
from tests.support.partitions import built_in_parts
from tools.engines import rebuild, sail


@pytest.fixture
def in_largest(largest: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Point every path into the home with the most rows."""
    with inside(largest, monkeypatch):
        yield


def differing_on_sail(folder: str) -> dict[str, str]:
    """Return how each table differs that Sail builds and keeps in ``folder``."""
    with sail() as remote, closing(Spark(remote, folder)) as spark:
        compared = {table: how for table, _, how in rebuild(spark, settings.BUILD)}
    assert len(compared) > 60
    return {table: how for table, how in compared.items() if how}


@pytest.mark.usefixtures("named_main", "in_largest")
def test_every_model_is_equal_on_sail(tmp_path: Path) -> None:
    assert differing_on_sail(tmp_path.as_posix()) == {}


@pytest.mark.usefixtures("named_main", "in_released")
def test_every_model_is_equal_on_a_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers that shuffle rows, and tables at an address as in an object store."""
    monkeypatch.setenv("SAIL_MODE", "local-cluster")
    monkeypatch.setenv("SAIL_CLUSTER__WORKER_INITIAL_COUNT", "2")
    assert differing_on_sail(f"file://{tmp_path.as_posix()}") == {}


@pytest.mark.usefixtures("in_largest")
def test_every_model_is_equal_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    differing, parts = built_in_parts(monkeypatch)
    assert differing == {}
    divided = {one.sql for one in model.read_all(settings.SQL) if one.part and not one.is_view}
    assert parts.keys() == divided
    assert min(parts.values()) > 1
