"""Describe what is fetched and what came back, without anything that fetches."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """What to fetch: by GET, or by POST of ``body``, a JSON text.

    ``accepts``: the content types promised, such as ``("text/csv", "text/plain")``; empty for any.
    """

    url: str
    body: str | None = None
    accepts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return its key in archive and replay, which is also what a reader sees: it holds no secret."""
        return shown(self.url) if self.body is None else f"{shown(self.url)} {self.body}"


@dataclass(frozen=True)
class Reply:
    """Status, lower-case headers, and the decoded content if the status is 200; what ``fetch`` returns is 200 or 304."""

    status: int
    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True)
class Politeness:
    """What a source asks of its clients, and the most that is taken from it.

    ``seconds_between`` two requests to one host; robots.txt may ask for more. ``most_bytes`` of decoded content.
    ``most_seconds`` for a request, from connecting to the last byte. ``needs_contact``: it refuses anonymous clients.
    """

    seconds_between: float = 1.0
    most_bytes: int = 500_000_000
    most_seconds: float = 600.0
    needs_contact: bool = False


def shown(url: str) -> str:
    """Return ``url`` without passwords, and without the values of parameters that hold keys, tokens or mail addresses."""
    url = re.sub(r"//[^/?#]*@", "//", url)
    return re.sub(r"([?&;][\w-]*(?:key|token|mailto)=)[^&;#]*", r"\1…", url, flags=re.I)
