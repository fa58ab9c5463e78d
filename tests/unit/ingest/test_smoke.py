"""One file of a source, looked at without landing it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import settings
from pipelines.cli import app
from pipelines.errors import FetchFailed
from pipelines.ingest.landing import land, landing_of
from pipelines.ingest.request import Request
from pipelines.ingest.smoke import probe
from pipelines.ingest.source import Get
from tests.support.shelf import OTHER, URL, Shelf, source, table

LIST = "https://toys.example/list"


def find(get: Get) -> Iterator[Request]:
    get(Request(LIST))
    yield from map(Request, (URL, OTHER))


TABLE = table(rows=(1, 1_000), addresses=find, tolerates=0.5)
SHOP = source(TABLE)


def shelf_of(content: bytes | FetchFailed) -> Shelf:
    """Return an origin that answers every address with the same bytes."""
    return Shelf(dict.fromkeys((LIST, URL, OTHER), content))


def toys(price: str) -> bytes:
    return b"toy,price\n" + b"".join(f"toy {number},{price}\n".encode() for number in range(100))


def test_working_source_is_asked_for_one_file_and_lands_nothing(home: Path) -> None:
    shelf = shelf_of(toys("1"))
    result = probe(SHOP, shelf)
    assert (result.status, result.shape, result.n_rows, result.remarks) == ("works", "text/csv, 2 of 2 columns", 100, ())
    assert [url for url, _ in shelf.asked] == [LIST, URL]
    assert landing_of(SHOP, TABLE) is None


def test_a_renamed_column_is_named(home: Path) -> None:
    result = probe(SHOP, shelf_of(toys("1").replace(b"price", b"cost")))
    assert result.status == "changed"
    assert "row 1, column price: the column is missing" in result.remarks[0]


def test_a_column_that_breaks_its_contract_is_named(home: Path) -> None:
    result = probe(SHOP, shelf_of(toys("free")))
    assert (result.status, result.n_rows) == ("changed", 0)
    assert "row 2, column price: 'free' is not a number" in result.remarks[0]


def test_what_differs_from_the_last_landing_is_a_remark(home: Path) -> None:
    land(SHOP, TABLE, shelf_of(toys("1").replace(b"toy 1,1", b"toy 1,")))
    emptier = b"toy,price\n" + b"".join(b"toy %d,%s\n" % (number, b"1" if number % 2 else b"") for number in range(100))
    result = probe(SHOP, shelf_of(emptier))
    assert (result.status, result.remarks) == ("works", ("column price: 50% empty, 1% before",))


def test_a_source_that_fails_says_why(home: Path) -> None:
    result = probe(SHOP, shelf_of(FetchFailed("the server is down", "Try again tomorrow")))
    assert (result.status, result.remarks) == ("failed", ("the server is down. Try again tomorrow",))


@pytest.mark.slow
def test_the_command_ends_with_the_sources_that_need_a_look(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What ships is a folder of recordings as well. It holds the Ministry's list, but nothing of GaWC.
    monkeypatch.setenv(settings.REPLAY.name, str(settings.SHIPPED / "data" / "recordings"))
    monkeypatch.setenv(settings.SOURCES.name, "moe,gawc")
    result = CliRunner().invoke(app, ["smoke"])
    assert result.exit_code == 1
    assert "Changed or failed: gawc. Nothing was landed." in result.output
    assert "2,631" in result.output
