"""Connect to public addresses only, with the system's TLS roots, and cut connections that take too long."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import truststore
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection

from pipelines.errors import FetchFailed

Address = IPv4Address | IPv6Address

_GLOBAL_UNICAST = ip_network("2000::/3")


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet: not private, local, shared, multicast, reserved or a tunnel."""
    if isinstance(address, IPv6Address):
        return address.is_global and address in _GLOBAL_UNICAST and address.sixtofour is None
    return address.is_global and not address.is_multicast


class GuardedAdapter(HTTPAdapter):
    """Watch each connection that requests makes: which address it reaches, whom it trusts, and how long it takes."""

    def __init__(self, is_reachable: Callable[[Address], bool]):
        self._is_reachable = is_reachable
        self._sockets: list[socket.socket] = []
        self._expired = threading.Event()
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        pools = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
        watched = {scheme: _watched(pool, self._check_connection) for scheme, pool in pools.items()}
        self.poolmanager.pool_classes_by_scheme = watched

    def cert_verify(self, *_: Any) -> None:
        """Leave certificates to the context: requests would also trust the authorities of its own list."""

    def check_host(self, url: str) -> None:
        """Raise FetchFailed if any address of the host is not reachable, before a packet is sent there."""
        parts = urlsplit(url)
        with suppress(socket.gaierror):  # connecting will fail in the same way, and is tried again
            for *_, address in socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM):
                self._check_address(str(parts.hostname), str(address[0]))

    def _check_connection(self, connection: HTTPConnection) -> None:
        """Check the address that was reached: the name may have changed its address since ``check_host``."""
        assert connection.sock is not None
        self._sockets = [sock for sock in self._sockets if sock.fileno() != -1] + [connection.sock]
        if self.has_expired:
            raise TimeoutError
        self._check_address(connection.host, connection.sock.getpeername()[0])

    def _check_address(self, host: str, address: str) -> None:
        if not self._is_reachable(ip_address(address)):
            place = host if host == address else f"{host} ({address})"
            raise FetchFailed(f"{place} is not on the public internet", "Correct the address of the source")

    @property
    def has_expired(self) -> bool:
        """Whether the last time limit ran out."""
        return self._expired.is_set()

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Cut the connection after ``seconds``: a socket's timeout limits each wait for a byte, not the sum of all waits."""
        self._expired.clear()
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self._expired.set()
        for sock in list(self._sockets):
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # SSLSocket's own shutdown would disturb a read in progress


def _watched(pool: type[HTTPConnectionPool], check: Callable[[HTTPConnection], None]) -> type[HTTPConnectionPool]:
    """Return ``pool`` with connections that are checked before anything is asked over them."""

    class Connection(pool.ConnectionCls):  # type: ignore[name-defined, misc]
        def connect(self) -> None:
            super().connect()
            check(self)

    return type(pool.__name__, (pool,), {"ConnectionCls": Connection})
