"""One set of models, several engines: the whole warehouse of the register, row by row."""

from contextlib import closing
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.warehouse import model
from pipelines.warehouse.engines.spark import Spark
from tests.support.partitions import built_in_parts
from tools.engines import rebuild, sail


@pytest.mark.usefixtures("named_main")
@pytest.mark.parametrize(("mode", "scheme"), [("local", ""), ("local-cluster", "file://")])
def test_every_model_is_equal_on_sail(
    mode: str, scheme: str, in_released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads of this process; then two workers that shuffle rows, and tables at an address as in an object store."""
    monkeypatch.setenv("SAIL_MODE", mode)
    monkeypatch.setenv("SAIL_CLUSTER__WORKER_INITIAL_COUNT", "2")
    with sail() as remote, closing(Spark(remote, f"{scheme}{tmp_path.as_posix()}")) as spark:
        compared = {table: how for table, _, how in rebuild(spark, settings.BUILD)}
    assert len(compared) > 60
    assert {table: how for table, how in compared.items() if how} == {}


def test_every_model_is_equal_part_by_part(in_released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    differing, parts = built_in_parts(monkeypatch)
    assert differing == {}
    divided = {one.sql for one in model.read_all(settings.SQL) if one.part and not one.is_view}
    assert parts.keys() == divided
    assert min(parts.values()) > 1
