"""A home refreshed from all recordings by the code that also fetches; the tests work its figures out by other means."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support.homes import inside


@pytest.fixture
def in_replayed(replayed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point every path into the replayed home, and yield it."""
    with inside(replayed, monkeypatch) as home:
        yield home


@pytest.fixture(scope="module")
def published(replayed: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to what was published from the recordings."""
    with duckdb.connect(replayed / "data" / "nextvalley.duckdb", read_only=True) as connection:
        yield connection
