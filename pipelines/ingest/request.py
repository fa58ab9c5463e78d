"""Describe what is fetched and what came back, without anything that fetches."""

import re
from dataclasses import dataclass
from typing import Literal

#: Stands between a header and the bytes it belongs to: a form feed on a line of its own.
JOINT = b"\n\x0c\n"


@dataclass(frozen=True)
class Request:
    """What to fetch: by GET, or by POST of ``body``, a JSON text.

    ``accepts``: the content types promised, such as ``("text/csv", "text/plain")``; empty for any. ``seconds_between``: the
    pause this address needs where it is longer than the source's. ``md5``: the hash that the publisher states for the bytes.
    ``header``: an address whose bytes describe these; they are kept before them, parted by ``JOINT``.
    """

    url: str
    body: str | None = None
    accepts: tuple[str, ...] = ()
    seconds_between: float = 0.0
    md5: str | None = None
    header: str | None = None

    def __str__(self) -> str:
        """Return its key in archive and replay, which is also what a reader sees: it holds no secret."""
        return shown(self.url) if self.body is None else f"{shown(self.url)} {self.body}"


@dataclass(frozen=True)
class Reply:
    """Status, lower-case headers, and the decoded content if the status is 200; what ``fetch`` returns is 200 or 304.

    ``recorded``: the date of the bytes, if they are older than the reply.
    """

    status: int
    headers: dict[str, str]
    content: bytes
    recorded: str | None = None


@dataclass(frozen=True)
class DocumentedApi:
    """Addresses that a publisher documents for programs, although its robots.txt keeps crawlers away from them.

    ``addresses``: what they begin with. ``page``: where the publisher documents them.
    """

    addresses: str
    page: str


@dataclass(frozen=True)
class Politeness:
    """What a source asks of its clients, and the most that is taken from it.

    ``seconds_between`` two requests to one host; robots.txt may ask for more. ``most_bytes`` of decoded content.
    ``most_seconds`` for a request, from connecting to the last byte. ``contact``: "required" if it refuses anonymous clients,
    "e-mail" if it also refuses any form of the User-Agent but ``name/version mail``. ``referer``: the page it wants to be asked
    from. ``documented_api``: of robots.txt, only the delay holds there. ``allows_plain_http``: it redirects https to http on
    the same host, so its bytes can be read and changed on the way.
    """

    seconds_between: float = 1.0
    most_bytes: int = 500_000_000
    most_seconds: float = 600.0
    contact: Literal["optional", "required", "e-mail"] = "optional"
    referer: str | None = None
    documented_api: DocumentedApi | None = None
    allows_plain_http: bool = False


def shown(url: str) -> str:
    """Return ``url`` without passwords, and without the values of parameters that hold keys, tokens or mail addresses."""
    url = re.sub(r"//[^/?#]*@", "//", url)
    return re.sub(r"([?&;][\w-]*(?:key|token|mailto)=)[^&;#]*", r"\1…", url, flags=re.I)
