"""One set of models, several engines: the whole warehouse of all recordings, row by row."""

import contextlib
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.warehouse.engines.spark import Spark
from tests.support.partitions import built_in_parts
from tools.engines import rebuild, sail


@pytest.mark.usefixtures("named_main")
def test_every_model_is_equal_on_sail(in_replayed: Path, tmp_path: Path) -> None:
    with sail() as remote, contextlib.closing(Spark(remote, tmp_path.as_posix())) as spark:
        differing = {table: difference for table, _, difference in rebuild(spark, settings.BUILD) if difference}
    assert differing == {}


def test_every_model_is_equal_part_by_part(in_replayed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    differing, _ = built_in_parts(monkeypatch)
    assert differing == {}
