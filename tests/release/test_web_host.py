"""A copy of ``data/releases`` on a web host of plain files is read where it lies: no server, and no download of the whole."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import requests
from fsspec import AbstractFileSystem
from fsspec.spec import AbstractBufferedFile

from tests.support.web_host import serving

Host = tuple[str, list[int]]

RANKING = "select city, rank, score from ranking where measure = 'Readiness' order by rank limit 5"


@pytest.fixture
def host(released: Path) -> Iterator[Host]:
    with serving(released / "data" / "releases") as served:
        yield served


def newest(address: str) -> str:
    """Return the path of the newest release's file, as the list of the host names it."""
    with urllib.request.urlopen(f"{address}/releases.json") as answer:
        return str(json.load(answer)[0]["file"])


class Parts(AbstractBufferedFile):  # type: ignore[misc]
    def _fetch_range(self, start: int, end: int) -> bytes:
        answer = requests.get(self.fs.address(self.path), headers={"Range": f"bytes={start}-{end - 1}"}, timeout=10)
        assert answer.status_code == requests.codes.partial_content
        return answer.content


class Web(AbstractFileSystem):  # type: ignore[misc]
    """HTTP for DuckDB without its extension: of ``http:`` itself DuckDB says that it needs httpfs."""

    protocol = "web"

    def address(self, path: str) -> str:
        return f"http://{self._strip_protocol(path)}"

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        answer = requests.head(self.address(path), timeout=10)
        answer.raise_for_status()
        return {"name": path, "size": int(answer.headers["Content-Length"]), "type": "file"}

    def _open(self, path: str, mode: str = "rb", **_: Any) -> Parts:
        return Parts(self, path, mode, block_size=2**16)


def check_reads_in_place(connection: duckdb.DuckDBPyConnection, url: str, file: Path, sent: list[int]) -> None:
    """Attach the file at an address, ask it by table and by macro, and compare with the file on disk."""
    connection.execute(f"attach '{url}' as far (read_only)")
    connection.execute(f"attach '{file}' as near (read_only)")
    queries = (RANKING.replace("ranking", "index.ranking"), "from why('Beijing')", "select count(*) from core.deals")
    answers = []
    for database in ("far", "near"):
        connection.execute(f"use {database}")
        answers.append([connection.execute(query).fetchall() for query in queries])
    assert answers[0] == answers[1]
    assert all(answers[0])
    assert 0 < sum(sent) < file.stat().st_size / 2


def test_file_is_attached_in_place(host: Host, released: Path) -> None:
    address, sent = host
    with duckdb.connect() as connection:
        connection.register_filesystem(Web())
        url = f"{address}/{newest(address)}".replace("http:", "web:")
        sent.clear()
        check_reads_in_place(connection, url, released / "data" / "nextvalley.duckdb", sent)


def test_file_is_attached_in_place_by_httpfs(host: Host, released: Path) -> None:
    address, sent = host
    with duckdb.connect() as connection:
        try:
            connection.execute("load httpfs")
        except duckdb.Error:
            pytest.skip("DuckDB's extension httpfs is not installed: `install httpfs` needs the network")
        url = f"{address}/{newest(address)}"
        sent.clear()
        check_reads_in_place(connection, url, released / "data" / "nextvalley.duckdb", sent)


def test_table_is_scanned_in_place(host: Host, released: Path) -> None:
    address, sent = host
    folder = newest(address).partition("/")[0]
    scanned = pl.scan_parquet(f"{address}/{folder}/index.scores.parquet").filter(pl.col("city") == "Beijing")
    near = pl.read_parquet(released / "data" / "release" / "index.scores.parquet").filter(pl.col("city") == "Beijing")
    assert scanned.collect().sort("measure", "year").equals(near.sort("measure", "year"))
    assert near.height
    assert len(sent) > 1
