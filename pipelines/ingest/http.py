"""Fetch politely and cautiously: a request goes in, and the whole reply or one clear error comes out.

The client names itself and its contact, obeys robots.txt, pauses between requests and retries a few times. It limits size and
time, and accepts neither incomplete bodies nor pages that block automated clients.
"""

import hashlib
import logging
import ssl
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from protego import Protego
from requests.models import REDIRECT_STATI
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random_exponential
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import Retry

from pipelines import settings
from pipelines.errors import FetchFailed
from pipelines.ingest import pages, turns
from pipelines.ingest.agent import NAME, user_agent
from pipelines.ingest.connections import Address, GuardedAdapter, is_public, proxies_for
from pipelines.ingest.download import Download
from pipelines.ingest.request import Politeness, Reply, Request, shown

ATTEMPTS = 5
MOST_REDIRECTS = 5
#: Seconds without a byte after which a connection counts as cut.
SILENCE = 60.0
#: Seconds a server may ask to wait before the next attempt; for a longer pause a person has to come back.
LONGEST_WAIT = 120.0
#: Seconds that a failure may last to count as one that goes away by itself: later attempts at a landing span them.
WITHIN_THE_HOUR = 3600.0
#: Seconds for which a host is left alone that has throttled this client: the SEC counts the requests of ten minutes.
QUIET = 600.0
#: 1, 2, 4 and 8 seconds, each shortened or lengthened by up to half.
PAUSES = wait_exponential(multiplier=0.5) + wait_random_exponential(multiplier=1)

_TRANSIENT = {429, 500, 502, 503, 504}
_BROKEN = (OSError, HTTPError, EOFError, zlib.error)  # requests' errors are OSErrors
_KEPT_HEADERS = ("etag", "last-modified", "content-type", "date")
_REMEDIES = {
    401: "It now asks for a login: read the terms on the source's landing page",
    403: f"The publisher refuses this client: read its terms, set {settings.CONTACT}, or fetch by hand where the terms allow it",
    404: "Find the new address on the source's landing page and correct it",
    410: "The publisher withdrew it for good: find a successor on the landing page, or retire the source",
}


class _Busy(Exception):
    """A failure that another attempt may not meet, and the seconds that the server asks to wait before it."""

    def __init__(self, trouble: str, pause: float = 0.0):
        super().__init__(trouble)
        self.pause = pause


class Client:
    """Fetch for one source, one request at a time; a context manager.

    ``is_reachable`` decides which addresses may be connected to. The proxy of the environment is used, passwords in files are
    not.
    """

    def __init__(self, politeness: Politeness, *, is_reachable: Callable[[Address], bool] = is_public):
        self._politeness = politeness
        self._adapter = GuardedAdapter(is_reachable)
        self._rules: dict[str, Protego] = {}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("https://", self._adapter)
        self._session.mount("http://", self._adapter)
        # Even when told not to follow redirects, requests reads their bodies whole, however large.
        self._session.resolve_redirects = lambda *_, **__: iter(())  # type: ignore[method-assign]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def fetch(self, request: Request, known: Mapping[str, str] | None = None) -> Reply:
        """Fetch ``request``, unless it is unchanged since a retrieval with the headers ``known`` (etag, last-modified).

        Raises FetchFailed for everything but a whole reply of the promised type.
        """
        headers = self._own_headers() | {"Accept": ", ".join(request.accepts) or "*/*"}
        if self._politeness.referer:
            headers["Referer"] = self._politeness.referer
        if request.body is None:
            conditions = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
            headers |= {name: known[key] for name, key in conditions.items() if known and key in known}
        else:
            headers["Content-Type"] = "application/json"
        reply = self._follow(request.url, request.body, headers, lambda url: self._delay_asked(url, request.seconds_between))
        if reply.status == 200:
            pages.check_type(shown(request.url), reply.headers.get("content-type", ""), reply.content, request.accepts)
            _check_hash(request, reply.content)
        elif reply.status != 304 or not known:
            remedy = _REMEDIES.get(reply.status, "Open the address in a browser to see what it shows")
            raise FetchFailed(f"{shown(request.url)} answered HTTP {reply.status}", remedy)
        return replace(reply, headers={key: reply.headers[key] for key in _KEPT_HEADERS if key in reply.headers})

    def _own_headers(self) -> dict[str, str]:
        return {"User-Agent": user_agent(self._politeness), "Accept-Encoding": "gzip"}

    def _follow(self, url: str, body: str | None, headers: dict[str, str], delay: Callable[[str], float]) -> Reply:
        """Return the first reply that is not a redirect; every address on the way is held to the same rules."""
        for _ in range(MOST_REDIRECTS + 1):
            prepared = self._prepare(url, body, headers)
            url = str(prepared.url)
            self._adapter.check_host(url)
            reply = self._ask(prepared, delay(url))
            if "location" not in reply.headers or reply.status not in REDIRECT_STATI:
                return reply
            if body is not None and reply.status not in (307, 308):
                raise FetchFailed(f"{shown(url)} redirects a POST with HTTP {reply.status}", "Correct the address of the source")
            target = reply.headers["location"].encode("latin-1").decode("utf-8", "replace")
            url, previous = urljoin(url, target), url
            if self._drops_encryption(urlsplit(previous), urlsplit(url)):
                problem = f"{shown(previous)} redirects to the unencrypted {shown(url)}"
                raise FetchFailed(problem, "Find an https address that works")
        problem = f"more than {MOST_REDIRECTS} redirects, the last to {shown(url)}"
        raise FetchFailed(problem, "Find the address that holds the data")

    def _drops_encryption(self, previous: SplitResult, target: SplitResult) -> bool:
        is_allowed = self._politeness.allows_plain_http and previous.hostname == target.hostname
        return (previous.scheme, target.scheme) == ("https", "http") and not is_allowed

    def _prepare(self, url: str, body: str | None, headers: dict[str, str]) -> requests.PreparedRequest:
        method, data = ("GET", None) if body is None else ("POST", body.encode())
        with suppress(ValueError):  # every fault of an address is one, in requests as in the standard library
            parts = urlsplit(url)
            (parts.hostname or "").encode("idna")
            if parts.scheme in ("http", "https"):
                return self._session.prepare_request(requests.Request(method, url, headers, data=data))
        raise FetchFailed(f"{shown(url)} is not a web address", "Use one that begins with https://")

    def _delay_asked(self, url: str, least: float) -> float:
        """Return the seconds to leave between two requests; raise FetchFailed if robots.txt forbids the address."""
        rules = self._robots(url)
        api = self._politeness.documented_api
        if not (rules.can_fetch(url, NAME) or (api and url.startswith(api.addresses))):
            raise FetchFailed(f"the site's robots.txt disallows {shown(url)}", "Ask the publisher, or leave this source out")
        return max(least, self._politeness.seconds_between, rules.crawl_delay(NAME) or 0.0)

    def _robots(self, url: str) -> Protego:
        """Return a site's rules as RFC 9309 reads them: no file means no rules, a server error means no access."""
        address = urljoin(url, "/robots.txt")
        if address not in self._rules:
            try:
                reply = self._follow(address, None, self._own_headers(), lambda _: self._politeness.seconds_between)
                if reply.status != 200 and not 400 <= reply.status < 500:
                    raise FetchFailed(f"HTTP {reply.status}", "Try again later", is_transient=True)
            except FetchFailed as error:
                problem = f"{shown(address)} cannot be read, so nothing may be fetched there: {error.problem}"
                raise FetchFailed(problem, error.remedy, is_transient=error.is_transient) from None
            self._rules[address] = Protego.parse(reply.content.decode("utf-8-sig", "replace"))
        return self._rules[address]

    def _ask(self, prepared: requests.PreparedRequest, delay: float) -> Reply:
        """Return the reply of one address, retrying after growing pauses while it is busy or the connection breaks."""
        retrying = Retrying(
            retry=retry_if_exception_type(_Busy),
            stop=stop_after_attempt(ATTEMPTS),
            wait=lambda state: max(state.outcome.exception().pause, PAUSES(state)),  # type: ignore[union-attr]
            sleep=time.sleep,
        )
        try:
            return retrying(self._attempt, prepared, delay, Download(shown(str(prepared.url)), self._politeness.most_bytes))
        except RetryError as error:
            trouble = error.last_attempt.exception()
        problem = f"{shown(str(prepared.url))} failed {ATTEMPTS} times, the last time with {trouble}"
        raise FetchFailed(problem, "Try again later", is_transient=True)

    def _attempt(self, prepared: requests.PreparedRequest, delay: float, download: Download) -> Reply:
        """Return the reply of one attempt; raise _Busy if another may succeed, FetchFailed otherwise."""
        url, host = shown(str(prepared.url)), str(urlsplit(str(prepared.url)).hostname)
        turns.take_turn(host, delay)
        reply = self._reply_in_time(prepared, download)
        if reply.headers.get("cf-mitigated") == "challenge":
            raise pages.blocked(url)
        if reply.status == 403 and pages.throttles(reply.content):
            logging.getLogger(__name__).warning("%s asks for fewer requests; it is left alone for %.0f minutes", host, QUIET / 60)
            turns.keep_quiet(host, QUIET)
            raise _Busy("HTTP 403, too many requests")
        if reply.status == 403:
            pages.check_refusal(url, reply.content, prepared.headers["User-Agent"])
        if reply.status not in _TRANSIENT:
            return reply
        pause = _retry_after(reply.headers)
        if pause > LONGEST_WAIT:
            until = datetime.now(UTC) + timedelta(seconds=pause)
            problem = f"{url} answered HTTP {reply.status} and asks for a pause of {pause:.0f} seconds"
            remedy = f"Run again after {until:%Y-%m-%d %H:%M} UTC"
            raise FetchFailed(problem, remedy, is_transient=pause <= WITHIN_THE_HOUR)
        raise _Busy(f"HTTP {reply.status}", pause)

    def _reply_in_time(self, prepared: requests.PreparedRequest, download: Download) -> Reply:
        """Return the reply; errors are raised without the chain behind them, which would show the keys in the address."""
        url = shown(str(prepared.url))
        broken: BaseException | None = None
        try:
            with self._adapter.time_limit(self._politeness.most_seconds):
                reply = self._exchange(prepared, download)
        except _BROKEN as error:
            broken = _first_cause(error)
        if self._adapter.has_expired:
            problem = f"{url} took longer than {self._politeness.most_seconds:g} seconds"
            raise FetchFailed(problem, "Try again later, or give the source more time", is_transient=True)
        if isinstance(broken, ssl.SSLCertVerificationError):
            problem = f"{url} has no valid certificate: {broken.verify_message}"
            raise FetchFailed(problem, "Check the address and this machine's clock; certificates are always verified")
        if isinstance(broken, ssl.SSLError) and broken.reason == "UNSAFE_LEGACY_RENEGOTIATION_DISABLED":
            problem = f"{url} speaks a TLS without secure renegotiation, which OpenSSL 3 refuses"
            raise FetchFailed(problem, "Tell the publisher, or allow it for this source alone as docs/deploy.md says")
        if broken:
            raise _Busy(shown(str(broken)) or type(broken).__name__)
        return reply

    def _exchange(self, prepared: requests.PreparedRequest, download: Download) -> Reply:
        for name in ("Range", "If-Range"):
            prepared.headers.pop(name, None)
        prepared.headers.update(download.headers())
        silence = min(SILENCE, self._politeness.most_seconds)
        proxies = proxies_for(str(prepared.url))
        with self._session.send(prepared, stream=True, allow_redirects=False, timeout=silence, proxies=proxies) as response:
            headers = {key.lower(): value for key, value in response.headers.items()}
            match response.status_code:
                case 200 | 206:
                    return Reply(200, headers, download.read(response))
                case 403:
                    return Reply(403, headers, download.beginning(response))
                case status:
                    return Reply(status, headers, b"")


def _first_cause(error: BaseException) -> BaseException:
    """Return the error that led to ``error``; urllib3 keeps some only as the argument of its own."""
    while (
        cause := error.__cause__
        or error.__context__
        or next((item for item in error.args if isinstance(item, ssl.SSLError)), None)
    ):
        error = cause
    return error


def _check_hash(request: Request, content: bytes) -> None:
    """Raise FetchFailed unless the bytes have the hash that the publisher states, if it states one."""
    actual = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if request.md5 and actual != request.md5:
        problem = f"{shown(request.url)} has the MD5 hash {actual}, but the publisher states {request.md5}"
        raise FetchFailed(problem, "Try again later; it was damaged on the way, or is being replaced", is_transient=True)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds a server asks to wait, from a number or a date: 0 if it does not say, a year at most."""
    try:
        return Retry(retry_after_max=365 * 86_400).parse_retry_after(headers.get("retry-after", "0"))
    except (InvalidHeader, ValueError, OverflowError):
        return 0.0
