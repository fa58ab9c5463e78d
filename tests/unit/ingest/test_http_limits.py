"""Accept no reply that is cut, too large or too slow, and show no secret in an error."""

import gzip
import socket
import threading
import traceback
import tracemalloc
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from pipelines.ingest.connections import GuardedAdapter
from pipelines.ingest.request import shown
from tests.support.site import Handler, Page, Raw, Site, fetch, in_turn, refusal

CSV = b"city,deals\nHamburg,3\n"


# Completeness, size and time

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\n" + CSV
CHUNKS = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n" + CSV + b"\r\n"
PACKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(CSV)[:-9]


@pytest.mark.parametrize("cut", [b"", LENGTH, CHUNKS, PACKED], ids=["before the reply", "length", "chunks", "gzip"])
def test_a_cut_connection_is_retried_and_never_accepted(site: Site, cut: bytes) -> None:
    site.pages["/data.csv"] = in_turn(Raw(cut), Page(CSV))
    assert fetch(site("/data.csv")).content == CSV
    site.pages["/data.csv"] = Raw(cut)
    assert "failed 5 times" in refusal(site("/data.csv")).problem


def test_a_gzip_bomb_is_stopped_while_it_expands(site: Site) -> None:
    packed = gzip.compress(bytes(50_000_000))
    site.pages["/data.csv"] = Page(packed, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    failed = refusal(site("/data.csv"), most_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "larger than 1,000,000 bytes" in failed.problem
    assert peak < 10_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nX-Header: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ],
    ids=["in the headers", "in the body", "in a body without length"],
)
def test_a_slow_drip_is_cut_off(site: Site, start: bytes) -> None:
    assert_drip_is_cut(site, start)


@pytest.mark.slow
def test_an_encrypted_drip_is_cut_off_too(secure: Site) -> None:
    assert_drip_is_cut(secure, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")


def assert_drip_is_cut(site: Site, start: bytes) -> None:
    was_cut = threading.Event()

    def drip(handler: Handler) -> None:
        handler.wfile.write(start)
        try:
            for _ in range(500):
                site.closing.wait(0.01)
                handler.wfile.write(b"x")
        except OSError:
            was_cut.set()

    site.pages["/data.csv"] = drip
    assert "took longer than 0.5 seconds" in refusal(site("/data.csv"), most_seconds=0.5).problem
    assert was_cut.wait(5)
    assert len(site.asked("/data.csv")) == 1


def test_every_open_connection_is_cut() -> None:
    adapter = GuardedAdapter(lambda address: True)
    pairs = [socket.socketpair() for _ in range(2)]
    for ours, theirs in pairs:
        theirs.settimeout(5)
        adapter._check_connection(SimpleNamespace(sock=ours, proxy="a proxy"))  # type: ignore[arg-type]
    with adapter.time_limit(0):
        assert [theirs.recv(1) for _, theirs in pairs] == [b"", b""]
    for ours, theirs in pairs:
        ours.close()
        theirs.close()


# Secrets


@pytest.mark.parametrize(
    "page",
    [
        Page(status=404),
        Page(status=503),
        Page(status=429, headers={"Retry-After": "9999"}),
        Page(b"<html>", "text/html"),
        Page(b"x" * 2000),
        Raw(LENGTH),
        Page(status=302, headers={"Location": "http://10.0.0.1/?token=SECRET"}),
        Page(status=302, headers={"Location": "ftp://someone:SECRET@a.example/"}),
        Page(status=302, headers={"Location": "http://127.0.0.1:9/?mailto=SECRET"}),
    ],
)
def test_errors_show_no_secret(site: Site, page: Callable[[Handler], None]) -> None:
    site.pages["/data.csv"] = page
    failed = refusal(site("/data.csv?page=1&api_key=SECRET&Key=SECRET"), accepts=("text/csv",), most_bytes=1000)
    assert "SECRET" not in "".join(traceback.format_exception(failed))


def test_an_address_is_shown_without_its_secrets() -> None:
    url = "https://me:pw@a.example/x@y?page=2&key=s&token=s&api_key=s&mailto=s&keyword=w#end"
    assert shown(url) == "https://a.example/x@y?page=2&key=…&token=…&api_key=…&mailto=…&keyword=w#end"
