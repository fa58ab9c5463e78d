"""Read the body of one address, over as many attempts as it takes: what arrived before a break is not asked for again."""

import gzip
import re
from typing import Protocol

import requests

from pipelines.errors import FetchFailed

CHUNK = 1 << 16


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Download:
    """What has arrived of one body so far.

    A server is asked for the rest only if it takes ranges and names the state of the file, so that no two states are mixed.
    """

    def __init__(self, address: str, most_bytes: int) -> None:
        self._address = address
        self._most_bytes = most_bytes
        self._content = bytearray()
        self._state = ""

    def headers(self) -> dict[str, str]:
        """Return the headers that ask for the rest; none if there is nothing to resume."""
        if not (self._content and self._state):
            return {}
        return {"Range": f"bytes={len(self._content)}-", "If-Range": self._state, "Accept-Encoding": "identity"}

    def read(self, response: requests.Response) -> bytes:
        """Return the whole body of a reply with HTTP 200, or with 206 the rest behind what has arrived before."""
        if response.status_code == 200:
            self._content.clear()
            is_plain = response.headers.get("Content-Encoding", "identity").lower() == "identity"
            takes_ranges = response.headers.get("Accept-Ranges", "").lower() == "bytes"
            self._state = _state_of(response) if is_plain and takes_ranges else ""
        elif not re.match(rf"bytes {len(self._content)}-", response.headers.get("Content-Range", "")):
            self._content.clear()
            raise OSError("the server resumed at a different byte than requested")
        stream = self._decoded(response)
        # urllib3 checks the length of a body; gzip, unlike urllib3's decoder, checks that its end arrived.
        while chunk := stream.read(CHUNK):
            self._content += chunk
            if len(self._content) > self._most_bytes:
                problem = f"{self._address} is larger than {self._most_bytes:,} bytes"
                raise FetchFailed(problem, "Look at what it holds now; if it grew for good, raise the source's limit")
        return bytes(self._content)

    def beginning(self, response: requests.Response) -> bytes:
        """Return enough of a page to see why it refuses."""
        return self._decoded(response).read(CHUNK)

    def _decoded(self, response: requests.Response) -> _Stream:
        encoding = response.headers.get("Content-Encoding", "identity").lower()
        if encoding not in ("identity", "gzip", "x-gzip"):
            raise FetchFailed(f"{self._address} came encoded as {encoding}, but only gzip was accepted", "Tell the publisher")
        return response.raw if encoding == "identity" else gzip.GzipFile(fileobj=response.raw)


def _state_of(response: requests.Response) -> str:
    """Return the header that names the state of a file, as ``If-Range`` takes it: weak tags do not promise the same bytes."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
