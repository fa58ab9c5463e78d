"""A real server on this machine that answers as a test says, and a clock that makes pauses of minutes take no time."""

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme

from pipelines.errors import FetchFailed
from pipelines.ingest.connections import Address, is_public
from pipelines.ingest.http import Client
from pipelines.ingest.request import Politeness, Reply, Request


class Clock:
    """Stands in for the module ``time``: sleeping moves it on and takes no time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if seconds:
            self.waits.append(seconds)


@dataclass
class Seen:
    path: str
    method: str
    headers: dict[str, str]
    body: bytes
    time: float


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else each small answer waits for the other end to acknowledge its headers.
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        site = self.server.site
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {key.lower(): value for key, value in self.headers.items()}
        site.seen.append(Seen(self.path, self.command, headers, body, site.clock.now))
        page = site.find(self)
        if isinstance(page, Iterator):
            page = next(page)
        page(self)

    do_POST = do_GET

    def do_CONNECT(self) -> None:
        """Act as a proxy: pass bytes on to this machine, whatever the name asked for, and to one port if the site says so."""
        self.server.site.seen.append(Seen(self.path, self.command, {}, b"", self.server.site.clock.now))
        port = self.server.site.tunnel_port or int(self.path.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as target:
            target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            self.send_response(200)
            self.end_headers()
            ends = {self.connection: target, target: self.connection}
            while ready := select.select([*ends], [], [], 5)[0]:
                chunk = ready[0].recv(65_536)
                if not chunk:
                    break
                ends[ready[0]].sendall(chunk)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    block_on_close = False
    site: "Site"

    def handle_error(self, *_: object) -> None:
        pass  # many of these tests are about clients that hang up


@dataclass
class Page:
    """A well-formed answer; headers given win over the ones it makes."""

    body: bytes = b""
    kind: str = "text/csv"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, handler: Handler) -> None:
        handler.send_response(self.status)
        for key, value in ({"Content-Type": self.kind, "Content-Length": str(len(self.body))} | self.headers).items():
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(self.body)


@dataclass
class Raw:
    """Bytes on the wire as they are, after which the server hangs up."""

    content: bytes

    def __call__(self, handler: Handler) -> None:
        handler.wfile.write(self.content)
        handler.close_connection = True


def in_turn(*pages: Callable[[Handler], None]) -> Iterator[Callable[[Handler], None]]:
    return iter(pages)


class Site:
    """One server: what it answers by path (a page, or an iterator of pages), and what it was asked."""

    def __init__(self, clock: Clock, context: ssl.SSLContext | None = None) -> None:
        self.clock = clock
        self.pages: dict[str, Callable[[Handler], None] | Iterator[Callable[[Handler], None]]] = {}
        self.seen: list[Seen] = []
        self.tunnel_port: int | None = None
        self.closing = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.site = self
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.scheme = "https" if context else "http"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def __call__(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def find(self, handler: Handler) -> Callable[[Handler], None] | Iterator[Callable[[Handler], None]]:
        """Return what to answer with."""
        return self.pages.get(handler.path.partition("?")[0], Page(status=404))

    def asked(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.path.partition("?")[0] == path]

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def resolve_as(monkeypatch: pytest.MonkeyPatch, addresses: dict[str, str]) -> None:
    """Resolve these names to these addresses; fail for any other name, as within a network that has only a proxy."""
    resolve = socket.getaddrinfo

    def stand_in(host: str, port: object, *arguments: object, **options: object) -> object:
        if host in addresses:
            return resolve(addresses[host], port, *arguments, **options)  # type: ignore[arg-type]
        if host[0].isdigit():
            return resolve(host, port, *arguments, **options)  # type: ignore[arg-type]
        raise socket.gaierror(host)

    monkeypatch.setattr(socket, "getaddrinfo", stand_in)


def trusted(monkeypatch: pytest.MonkeyPatch, folder: Path, *names: str) -> ssl.SSLContext:
    """Return the context of a server with a certificate made out to ``names``, from an authority that clients now trust."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    bundle = folder / "authorities.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return context


def is_public_or_this_machine(address: Address) -> bool:
    return address == ip_address("127.0.0.1") or is_public(address)


def fetch(
    target: str | Request,
    body: str | None = None,
    accepts: tuple[str, ...] = (),
    known: dict[str, str] | None = None,
    **manners: object,
) -> Reply:
    """Fetch an address, or a request of its own, with these manners; this machine counts as public."""
    request = target if isinstance(target, Request) else Request(target, body, accepts)
    with Client(Politeness(**manners), is_reachable=is_public_or_this_machine) as client:  # type: ignore[arg-type]
        return client.fetch(request, known)


def refusal(target: str | Request, **arguments: object) -> FetchFailed:
    """Return the error with which fetching fails."""
    with pytest.raises(FetchFailed) as caught:
        fetch(target, **arguments)  # type: ignore[arg-type]
    assert str(caught.value) == f"{caught.value.problem}. {caught.value.remedy}"
    return caught.value
