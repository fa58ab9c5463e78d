"""Every table that SQL makes of the shipped facts holds what it held when somebody last looked; pilots settled these lists."""

from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from pipelines.index import gather
from pipelines.index.measurement import run, settled
from tools import contents


def test_tables_hold_what_is_recorded(released: Path) -> None:
    made = set(contents.contents(released / "data" / settings.BUILD.name).splitlines())
    recorded = set(contents.FILE.read_text("utf-8").splitlines())
    if made != recorded:
        changed = sorted({line.split(",")[0] for line in made ^ recorded})
        pytest.fail(f"{', '.join(changed)} changed. If that was meant: `make docs`, and say so in CHANGELOG.md")


def test_what_pilots_settled_is_of_the_lists_that_ship(released: Path) -> None:
    with duckdb.connect(released / "data" / settings.BUILD.name, read_only=True) as connection:
        key = run.lists_key(gather.layout(connection, gather.counts_of(connection)))
    known = settled.read(settings.SETTLED)
    assert known is not None
    assert known.lists == key, "a first refresh would run pilots: `make docs`"
