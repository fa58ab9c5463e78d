"""One file of a source, looked at without landing it."""

from collections.abc import Iterator
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import settings
from pipelines.cli import app
from pipelines.errors import FetchFailed
from pipelines.ingest import archive
from pipelines.ingest.contract import doc
from pipelines.ingest.landing import land, landing_of
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.request import Reply, Request
from pipelines.ingest.smoke import probe
from pipelines.ingest.source import Get, Source, Table

URL, OTHER = "https://toys.example/1.csv", "https://toys.example/2.csv"


class Toys(dy.Schema):
    """One row per toy."""

    toy = dy.String(primary_key=True, metadata=doc("Name."))
    price = dy.Float64(nullable=True, min=0, metadata=doc("Price."))


def parse(content: bytes) -> pl.DataFrame:
    return csv_rows(content, ["toy", "price"])


def find(get: Get) -> Iterator[Request]:
    get(Request("https://toys.example/list"))
    yield from map(Request, (URL, OTHER))


TABLE = Table("toys", Toys, (1, 1_000), parse, find, tolerates=0.5)
SHOP = Source("shop", "Toys", "Shop", "https://toys.example", "CC0", "open", "Shop", "weekly", (TABLE,))


class Shelf:
    """An origin that answers every address with the same bytes, and notes what it was asked."""

    via = "live"

    def __init__(self, content: bytes | FetchFailed) -> None:
        self.content = content
        self.asked: list[str] = []

    def requests(self, _: Source, __: Table) -> Iterator[Request]:
        return find(lambda request: self.fetch(request, None).content)

    def fetch(self, request: Request, _: archive.Snapshot | None) -> Reply:
        self.asked.append(request.url)
        if isinstance(self.content, FetchFailed):
            raise self.content
        return Reply(200, {"content-type": "text/csv; charset=utf-8"}, self.content)


def toys(price: str, count: int = 100) -> bytes:
    return b"toy,price\n" + b"".join(f"toy {number},{price}\n".encode() for number in range(count))


def test_working_source_is_asked_for_one_file_and_lands_nothing(home: Path) -> None:
    shelf = Shelf(toys("1"))
    result = probe(SHOP, shelf)
    assert (result.status, result.shape, result.n_rows, result.remarks) == ("works", "text/csv, 2 of 2 columns", 100, ())
    assert shelf.asked == ["https://toys.example/list", URL]
    assert landing_of(SHOP, TABLE) is None


def test_a_renamed_column_is_named(home: Path) -> None:
    result = probe(SHOP, Shelf(toys("1").replace(b"price", b"cost")))
    assert result.status == "changed"
    assert "row 1, column price: the column is missing" in result.remarks[0]


def test_a_column_that_breaks_its_contract_is_named(home: Path) -> None:
    result = probe(SHOP, Shelf(toys("free")))
    assert (result.status, result.n_rows) == ("changed", 0)
    assert "row 2, column price: 'free' is not a number" in result.remarks[0]


def test_what_differs_from_the_last_landing_is_a_remark(home: Path) -> None:
    land(SHOP, TABLE, Shelf(toys("1").replace(b"toy 1,1", b"toy 1,")))
    emptier = b"toy,price\n" + b"".join(b"toy %d,%s\n" % (number, b"1" if number % 2 else b"") for number in range(100))
    result = probe(SHOP, Shelf(emptier))
    assert (result.status, result.remarks) == ("works", ("column price: 50% empty, 1% before",))


def test_a_source_that_fails_says_why(home: Path) -> None:
    result = probe(SHOP, Shelf(FetchFailed("the server is down", "Try again tomorrow")))
    assert (result.status, result.remarks) == ("failed", ("the server is down. Try again tomorrow",))


def test_the_command_ends_with_the_sources_that_need_a_look(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What ships is a folder of recordings as well. It holds the Ministry's list, but nothing of GaWC.
    monkeypatch.setenv(settings.REPLAY.name, str(settings.SHIPPED / "data" / "recordings"))
    monkeypatch.setenv(settings.SOURCES.name, "moe,gawc")
    result = CliRunner().invoke(app, ["smoke"])
    assert result.exit_code == 1
    assert "Changed or failed: gawc. Nothing was landed." in result.output
    assert "2,631" in result.output
