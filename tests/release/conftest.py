"""What tests of a release share: its file, and a server on this machine."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support.site import Clock, Site


@pytest.fixture(scope="module")
def published(released: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the published file of the released home, to read."""
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        yield connection


@pytest.fixture
def site() -> Iterator[Site]:
    """Yield a server that answers as the test says."""
    site = Site(Clock())
    yield site
    site.close()
