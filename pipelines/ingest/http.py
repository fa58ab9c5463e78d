"""The polite client: one request in, the whole reply or one clear sentence out.

What belongs here: manners (a name and a contact, robots.txt, pauses, few retries) and caution (public addresses only,
limits of size and time, whole bodies, no wall page taken for data). What does not: which addresses a source has
(``pipelines/ingest/sources``), how bytes read (there too), and where they are kept (``pipelines/ingest/archive``).
"""

import gzip
import math
import os
import random
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from protego import Protego
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import Retry

from pipelines import __version__

Address = IPv4Address | IPv6Address

#: The name robots.txt may address.
AGENT = "nextvalley"
CONTACT = "NEXTVALLEY_CONTACT"

ATTEMPTS = 5
MOST_REDIRECTS = 5
#: Seconds without a byte after which a connection counts as cut.
SILENCE = 60.0
#: Seconds a server may ask to wait before the next attempt; for longer waits a person comes back.
LONGEST_WAIT = 120.0

_TRANSIENT = {429, 500, 502, 503, 504}
_BROKEN = (OSError, HTTPError, EOFError, zlib.error)  # requests' errors are OSErrors
_HTML = {"text/html", "application/xhtml+xml"}
_KEPT_HEADERS = ("etag", "last-modified", "content-type", "date")
_CHUNK = 1 << 16

_REMEDIES = {
    401: "It now asks for a login: read the terms on the source's landing page",
    403: f"The publisher refuses this client: read its terms, set {CONTACT}, or fetch by hand where the terms allow it",
    404: "Find the new address on the source's landing page and correct it",
    410: "The publisher withdrew it for good: find a successor on the landing page, or retire the source",
}

_LOOKS_HTML = re.compile(rb"(\xef\xbb\xbf)?\s*+(<\?xml[^>]*>\s*+)?(?><!--.*?-->\s*+)*+<(!doctype\s+html|html)\b", re.I | re.S)
# Marks of pages that stand in front of data. Words alone would not do: a prospectus may well speak of captchas.
_WALL = re.compile(
    (
        r"<title[^>]*>\s*(just a moment|attention required!|access denied|security check|checking your browser|captcha"
        r"|verify(ing)? (that )?you are (a )?human|are you (a )?(human|robot)|安全验证|人机验证)"
        r"|_cf_chl_opt|id=[\"']?challenge-form|class=[\"']?[\w\s-]*(g-recaptcha|h-captcha|cf-turnstile|px-captcha)"
        r"|captcha-delivery\.com|incapsula incident id|originates from an undeclared automated tool"
    ).encode(),
    re.I,
)
#: Wall pages are small; a long document is not searched to its end.
_WALL_WITHIN = 200_000
_CONTACT_FORM = re.compile(r"[!-~]+@[!-~]+\.[!-~]+|https?://[!-~]+")
_GLOBAL_UNICAST = ip_network("2000::/3")


@dataclass(frozen=True)
class Request:
    """One thing to fetch: by GET, or by POST of ``body``, a JSON text.

    ``accepts``: the content types promised, such as ``("text/csv", "text/plain")``; empty for any.
    """

    url: str
    body: str | None = None
    accepts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Its key in archive and replay, and what a reader sees: no secret is in it."""
        return shown(self.url) if self.body is None else f"{shown(self.url)} {self.body}"


@dataclass(frozen=True)
class Reply:
    """Status 200 with the whole, decoded content, or 304 with none; ``headers`` are lower-case and few."""

    status: int
    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True)
class Politeness:
    """What one source asks of those who fetch from it, and what is taken from it at most.

    ``seconds_between`` two requests to one host; robots.txt may ask for more. ``most_bytes`` of decoded content.
    ``most_seconds`` for one request from connecting to the last byte. ``needs_contact``: it refuses strangers.
    """

    seconds_between: float = 1.0
    most_bytes: int = 500_000_000
    most_seconds: float = 600.0
    needs_contact: bool = False


class FetchFailed(Exception):
    """Nothing was fetched: ``problem`` says why and ``remedy`` what to do, in a sentence each.

    ``is_transient``: it may well go away by itself within the hour.
    """

    def __init__(self, problem: str, remedy: str, *, is_transient: bool = False):
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy
        self.is_transient = is_transient

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}"


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet; not private, local, shared, multicast, reserved or a tunnel."""
    if isinstance(address, IPv6Address):
        return address.is_global and address in _GLOBAL_UNICAST and address.sixtofour is None
    return address.is_global and not address.is_multicast


def shown(url: str) -> str:
    """``url`` without passwords, and without the values of parameters that hold keys, tokens or mail addresses."""
    url = re.sub(r"//[^/?#]*@", "//", url)
    return re.sub(r"([?&;][\w-]*(?:key|token|mailto)=)[^&;#]*", r"\1…", url, flags=re.I)


@dataclass(frozen=True)
class _Answer:
    """What one request brought: lower-case headers, content if the status is 200, where to go on if it is a redirect."""

    status: int
    headers: dict[str, str]
    content: bytes
    target: str | None


class Client:
    """Fetches for one source, one request at a time; used as a context manager.

    ``is_reachable`` says which addresses may be connected to. Proxies and passwords of the environment are not
    used: through a proxy there is no telling which address is reached.
    """

    def __init__(self, politeness: Politeness, *, is_reachable: Callable[[Address], bool] = is_public):
        self._politeness = politeness
        self._is_reachable = is_reachable
        self._rules: dict[str, Protego] = {}
        self._sockets: list[socket.socket] = []
        self._expired = threading.Event()
        self._session = _Session()
        self._session.trust_env = False
        adapter = _Adapter(self._reached)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def fetch(self, request: Request, known: Mapping[str, str] | None = None) -> Reply:
        """Fetch ``request``, unless it is unchanged since a retrieval with the headers ``known`` (etag, last-modified).

        Raises FetchFailed for everything but a whole reply of the promised kind.
        """
        headers = self._own_headers() | {"Accept": ", ".join(request.accepts) or "*/*"}
        if request.body is None:
            conditions = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
            headers |= {name: known[key] for name, key in conditions.items() if known and key in known}
        else:
            headers["Content-Type"] = "application/json"
        answer = self._follow(request.url, request.body, headers, self._delay_asked)
        if answer.status != 200 and not (answer.status == 304 and known):
            remedy = _REMEDIES.get(answer.status, "Open the address in a browser and see what became of it")
            raise FetchFailed(f"{shown(request.url)} answered HTTP {answer.status}", remedy)
        if answer.status == 200:
            _check_kind(request, answer)
        return Reply(answer.status, {key: answer.headers[key] for key in _KEPT_HEADERS if key in answer.headers}, answer.content)

    def _own_headers(self) -> dict[str, str]:
        contact = os.environ.get(CONTACT, "")
        if not contact and self._politeness.needs_contact:
            raise FetchFailed("the publisher wants to know whom to write to", f"Set {CONTACT} to an e-mail address or a web page")
        if contact and not _CONTACT_FORM.fullmatch(contact):
            raise FetchFailed(f"{CONTACT} is neither an e-mail address nor a web page", "Correct it, or unset it")
        return {"User-Agent": f"{AGENT}/{__version__}" + (f" ({contact})" if contact else ""), "Accept-Encoding": "gzip"}

    def _follow(self, url: str, body: str | None, headers: dict[str, str], delay: Callable[[str], float]) -> _Answer:
        """The first answer that is no redirect; every address on the way is held to the same rules."""
        for _ in range(MOST_REDIRECTS + 1):
            prepared = self._prepare(url, body, headers)
            url = str(prepared.url)
            self._check_host(url)
            answer = self._ask(prepared, delay(url))
            if answer.target is None:
                return answer
            if body is not None and answer.status not in (307, 308):
                raise FetchFailed(f"{shown(url)} redirects a POST with HTTP {answer.status}", "Correct the address of the source")
            url, left = urljoin(url, answer.target), url
            if urlsplit(left).scheme == "https" and urlsplit(url).scheme == "http":
                raise FetchFailed(f"{shown(left)} redirects to the unencrypted {shown(url)}", "Find an https address that works")
        problem = f"more than {MOST_REDIRECTS} redirects, the last to {shown(url)}"
        raise FetchFailed(problem, "Find the address that holds the data")

    def _prepare(self, url: str, body: str | None, headers: dict[str, str]) -> requests.PreparedRequest:
        method, data = ("GET", None) if body is None else ("POST", body.encode())
        with suppress(ValueError):  # whatever is wrong with an address is one, in requests as in the standard library
            parts = urlsplit(url)
            (parts.hostname or "").encode("idna")
            if parts.scheme in ("http", "https"):
                return self._session.prepare_request(requests.Request(method, url, headers, data=data))
        raise FetchFailed(f"{shown(url)} is no address of the web", "Give one that begins with https://")

    def _delay_asked(self, url: str) -> float:
        """Seconds to keep between two requests, as robots.txt and the source ask; FetchFailed if robots.txt says no."""
        rules = self._robots(url)
        if not rules.can_fetch(url, AGENT):
            raise FetchFailed(f"the site's robots.txt disallows {shown(url)}", "Ask the publisher, or leave this source out")
        return max(self._politeness.seconds_between, rules.crawl_delay(AGENT) or 0.0)

    def _robots(self, url: str) -> Protego:
        """The rules of a site as RFC 9309 reads them: no file, no rules; but a site that cannot say is left alone."""
        address = urljoin(url, "/robots.txt")
        if address not in self._rules:
            failed = None
            try:
                answer = self._follow(address, None, self._own_headers(), lambda _: self._politeness.seconds_between)
                if answer.status != 200 and not 400 <= answer.status < 500:
                    failed = FetchFailed(f"HTTP {answer.status}", "Try again later", is_transient=True)
            except FetchFailed as error:
                failed = error
            if failed:
                problem = f"{shown(address)} cannot be read, so nothing may be fetched there: {failed.problem}"
                raise FetchFailed(problem, failed.remedy, is_transient=failed.is_transient)
            self._rules[address] = Protego.parse(answer.content.decode("utf-8-sig", "replace"))
        return self._rules[address]

    def _ask(self, prepared: requests.PreparedRequest, delay: float) -> _Answer:
        """The answer of one address, asked again after pauses while it is busy or the connection breaks."""
        url = str(prepared.url)
        wait = 0.0
        for attempt in range(ATTEMPTS):
            time.sleep(wait)
            _take_turn(str(urlsplit(url).hostname), delay)
            answer = self._attempt(prepared)
            asked = 0.0
            if isinstance(answer, BaseException):
                trouble = shown(str(answer)) or type(answer).__name__
            elif answer.headers.get("cf-mitigated") == "challenge":
                raise _wall(url)
            elif answer.status in _TRANSIENT:
                trouble = f"HTTP {answer.status}"
                asked = _retry_after(answer.headers)
            else:
                return answer
            if asked > LONGEST_WAIT:
                until = datetime.now(UTC) + timedelta(seconds=asked)
                problem = f"{shown(url)} answered {trouble} and asks for a pause of {asked:.0f} seconds"
                raise FetchFailed(problem, f"Run again after {until:%Y-%m-%d %H:%M} UTC")
            wait = max(asked, 2**attempt * random.uniform(0.5, 1.5))
        problem = f"{shown(url)} failed {ATTEMPTS} times, at last with {trouble}"
        raise FetchFailed(problem, "Try again later", is_transient=True)

    def _attempt(self, prepared: requests.PreparedRequest) -> _Answer | BaseException:
        """The answer, or what broke, without the errors around it: those spell out the address with its keys."""
        answer: _Answer | BaseException
        try:
            with self._time_limit():
                answer = self._exchange(prepared)
        except _BROKEN as error:
            answer = error
            while inner := answer.__cause__ or answer.__context__:
                answer = inner
        url = shown(str(prepared.url))
        if self._expired.is_set():
            problem = f"{url} took longer than {self._politeness.most_seconds:g} seconds"
            raise FetchFailed(problem, "Try again later, or give the source more time", is_transient=True)
        if isinstance(answer, ssl.SSLCertVerificationError):
            problem = f"{url} has no valid certificate: {answer.verify_message}"
            raise FetchFailed(problem, "Check the address and this machine's clock; certificates are always verified")
        return answer

    def _exchange(self, prepared: requests.PreparedRequest) -> _Answer:
        silence = min(SILENCE, self._politeness.most_seconds)
        with self._session.send(prepared, stream=True, allow_redirects=False, timeout=silence) as response:
            headers = {key.lower(): value for key, value in response.headers.items()}
            content = self._content(str(prepared.url), response) if response.status_code == 200 else b""
            return _Answer(response.status_code, headers, content, self._session.get_redirect_target(response))

    def _content(self, url: str, response: requests.Response) -> bytes:
        """The decoded body. urllib3 checks its length; gzip, unlike urllib3's decoder, that its end was received."""
        encoding = response.headers.get("Content-Encoding", "identity").lower()
        if encoding not in ("identity", "gzip", "x-gzip"):
            raise FetchFailed(f"{shown(url)} came encoded as {encoding}, asked for was gzip", "Tell the publisher")
        body = response.raw if encoding == "identity" else gzip.GzipFile(fileobj=response.raw)
        content = bytearray()
        while chunk := body.read(_CHUNK):
            content += chunk
            if len(content) > self._politeness.most_bytes:
                problem = f"{shown(url)} is larger than {self._politeness.most_bytes:,} bytes"
                raise FetchFailed(problem, "Look at what it holds now; if it grew for good, raise the source's limit")
        return bytes(content)

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        """Cuts the connection when time is up: timeouts of sockets bound each wait for a byte, not their sum."""

        def cut() -> None:
            self._expired.set()
            for one in list(self._sockets):
                with suppress(OSError):
                    socket.socket.shutdown(one, socket.SHUT_RDWR)  # not SSLSocket's, which confuses a read going on

        self._expired.clear()
        timer = threading.Timer(self._politeness.most_seconds, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _check_host(self, url: str) -> None:
        """Refuse a host any of whose addresses is not reachable, before a packet is sent there."""
        parts = urlsplit(url)
        with suppress(socket.gaierror):  # connecting will fail likewise, and is tried again
            for *_, address in socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM):
                self._check_address(str(parts.hostname), str(address[0]))

    def _reached(self, connection: HTTPConnection) -> None:
        """Look at the address a connection did reach: by then the name may resolve to another than when checked."""
        assert connection.sock is not None
        self._sockets = [one for one in self._sockets if one.fileno() != -1] + [connection.sock]
        if self._expired.is_set():
            raise TimeoutError
        self._check_address(connection.host, connection.sock.getpeername()[0])

    def _check_address(self, host: str, address: str) -> None:
        if not self._is_reachable(ip_address(address)):
            place = host if host == address else f"{host} ({address})"
            raise FetchFailed(f"{place} is not on the public internet", "Correct the address of the source")


class _Session(requests.Session):
    """Leaves redirects alone: even when told not to follow, requests reads their bodies whole, however large."""

    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:
        return iter(())


class _Adapter(HTTPAdapter):
    """Shows every new connection to ``reached`` before anything is asked over it."""

    def __init__(self, reached: Callable[[HTTPConnection], None]):
        self._pools = _pools(reached)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _pools(reached: Callable[[HTTPConnection], None]) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            reached(self)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            reached(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


_turns = threading.Lock()
_last_turn: dict[str, float] = {}


def _take_turn(host: str, delay: float) -> None:
    """Wait until ``delay`` seconds after the last request of this process to ``host``."""
    with _turns:
        turn = max(time.monotonic(), _last_turn.get(host, -math.inf) + delay)
        _last_turn[host] = turn
    time.sleep(max(0.0, turn - time.monotonic()))


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds the server asks to wait, given as a number or a date; 0 if it does not say, a year at most."""
    try:
        return Retry(retry_after_max=365 * 86_400).parse_retry_after(headers.get("retry-after", "0"))
    except (InvalidHeader, ValueError, OverflowError):
        return 0.0


def _check_kind(request: Request, answer: _Answer) -> None:
    """Refuse content of another type than promised, and wall pages, which come with status 200."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_html = kind in _HTML or _LOOKS_HTML.match(answer.content) is not None
    if is_html and _WALL.search(answer.content[:_WALL_WITHIN]):
        raise _wall(request.url)
    if not request.accepts:
        return
    promised = " or ".join(request.accepts)
    if is_html and not _HTML.intersection(request.accepts):
        raise FetchFailed(
            f"{shown(request.url)} is an HTML page where {promised} was promised", "Open it in a browser and see why"
        )
    if kind not in request.accepts:
        problem = f"{shown(request.url)} came as {kind or 'no content type'} where {promised} was promised"
        raise FetchFailed(problem, "Look at what it holds; if only its name changed, add that to what the source accepts")


def _wall(url: str) -> FetchFailed:
    problem = f"{shown(url)} gave a wall page against automated clients, not data"
    return FetchFailed(problem, "Wait and try again; if it stays, ask the publisher or fetch by hand where the terms allow it")
