"""A made-up source of toys whose bytes a test sets."""

from collections.abc import Iterable, Mapping

import dataframely as dy
import polars as pl

from pipelines.errors import FetchFailed
from pipelines.ingest import archive
from pipelines.ingest.contract import doc
from pipelines.ingest.landing import Landed, land
from pipelines.ingest.readers.text import csv_rows
from pipelines.ingest.request import Reply, Request
from pipelines.ingest.source import Origin, Source, Table


class Toys(dy.Schema):
    """One row per toy. The rest of the docstring is for readers of the code."""

    toy = dy.String(primary_key=True, metadata=doc("Name."))
    price = dy.Float64(nullable=True, min=0, metadata=doc("Price."))


parsed: list[bytes] = []


def parse(content: bytes) -> pl.DataFrame:
    parsed.append(content)
    return csv_rows(content, ["toy", "price"])


URL = "https://toys.example/toys.csv"
OTHER = "https://toys.example/more.csv"
GOOD = b"toy,price\nbear,3\nkite,4.5\n"


def table(**changes: object) -> Table:
    fields: dict[str, object] = {"name": "toys", "contract": Toys, "rows": (2, 4), "parse": parse, "addresses": (URL,)}
    return Table(**(fields | changes))  # type: ignore[arg-type]


def source(*tables: Table) -> Source:
    return Source("shop", "Toys", "Shop", "https://toys.example", "CC0", "open", "Shop", "weekly", tables)


class Shelf:
    """An origin whose bytes the test sets, by address."""

    via = "live"

    def __init__(self, files: Mapping[str, bytes | FetchFailed] | None = None) -> None:
        self.files: dict[str, bytes | FetchFailed] = {URL: GOOD} if files is None else {**files}
        self.asked: list[tuple[str, str | None]] = []

    def requests(self, _: Source, toys: Table) -> Iterable[Request]:
        if isinstance(toys.addresses, tuple):
            return [Request(url) for url in toys.addresses if url in self.files]
        return toys.addresses(lambda request: self.fetch(request, None).content)

    def fetch(self, request: Request, last: archive.Snapshot | None) -> Reply:
        self.asked.append((request.url, last.headers["etag"] if last else None))
        content = self.files[request.url]
        if isinstance(content, FetchFailed):
            raise content
        tag = str(hash(content))
        if last and last.headers["etag"] == tag:
            return Reply(304, {}, b"")
        return Reply(200, {"etag": tag, "content-type": "text/csv; charset=utf-8"}, content)


class Files(Shelf):
    """An origin whose files are all of the table, whatever its addresses."""

    def requests(self, _: Source, toys: Table) -> Iterable[Request]:
        return [Request(url) for url in self.files]


def landed(toys: Table, origin: Origin, *anew: str) -> Landed:
    result = land(source(toys), toys, origin, anew)
    assert result is not None
    return result
