"""Connect to public addresses only, with the system's TLS roots, and cut connections that take too long.

Two kinds of network give a public host another address, and both work: NAT64, whose addresses contain the public one, and,
if the user says so, a proxy program in fake-IP mode. Through an HTTP proxy nobody knows which address is reached, so there
only the addresses that this machine finds for the host are checked.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import truststore
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection

from pipelines import settings
from pipelines.errors import FetchFailed

Address = IPv4Address | IPv6Address

_GLOBAL_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
#: Reserved for measurements, so programs use it to stand in for addresses that they look up later.
_FAKE_IPS = IPv4Network("198.18.0.0/15")


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet: not private, local, shared, multicast, reserved or a tunnel."""
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if isinstance(address, IPv6Address):
        return address.is_global and address in _GLOBAL_UNICAST and address.sixtofour is None
    return address.is_global and not address.is_multicast


def proxies_for(url: str) -> dict[str, str]:
    """Return the proxies that the environment, or the system, names for ``url``; raise FetchFailed for any but an HTTP proxy."""
    proxies = get_environ_proxies(url)
    proxy = select_proxy(url, proxies)
    if proxy and "://" in proxy and urlsplit(proxy).scheme not in ("http", "https"):
        problem = f"the proxy for {urlsplit(url).hostname} speaks {urlsplit(proxy).scheme}, which is not supported"
        raise FetchFailed(problem, "Set HTTPS_PROXY to the address at which it speaks HTTP")
    return dict(proxies)


def fake_ips() -> IPv4Network | None:
    """Return the network of stand-in addresses that the user names, or None; raise FetchFailed if it may hold others."""
    named = settings.FAKE_IP.value()
    if not named:
        return None
    with suppress(ValueError):
        network = IPv4Network(named)
        if network.subnet_of(_FAKE_IPS):
            return network
    raise FetchFailed(f"{settings.FAKE_IP} is not a network within {_FAKE_IPS}", f"Set it to {_FAKE_IPS}, or unset it")


class GuardedAdapter(HTTPAdapter):
    """Watch each connection that requests makes: which address it reaches, whom it trusts, and how long it takes."""

    def __init__(self, is_reachable: Callable[[Address], bool]):
        self._is_reachable = is_reachable
        self._sockets: list[socket.socket] = []
        self._expired = threading.Event()
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.poolmanager.pool_classes_by_scheme = self._pools()

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        manager.pool_classes_by_scheme = self._pools()
        return manager

    def _pools(self) -> dict[str, type[HTTPConnectionPool]]:
        pools = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
        return {scheme: _watched(pool, self._check_connection) for scheme, pool in pools.items()}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
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
        if connection.proxy is None:
            self._check_address(connection.host, connection.sock.getpeername()[0])

    def _check_address(self, host: str, address: str) -> None:
        reached = ip_address(address)
        if self._is_reachable(reached):
            return
        if host == address:
            raise FetchFailed(f"{host} is not on the public internet", "Correct the address of the source")
        network, remedy = fake_ips(), "Correct the address of the source"
        if reached in _FAKE_IPS:
            if network and reached in network:
                return
            remedy = f"If a proxy program on this machine answers DNS in fake-IP mode, set {settings.FAKE_IP} to {_FAKE_IPS}"
        raise FetchFailed(f"{host} ({address}) is not on the public internet", remedy)

    @property
    def has_expired(self) -> bool:
        """Return whether the last time limit ran out."""
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
