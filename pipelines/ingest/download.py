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
        total = None if response.status_code == 200 else self._total(response)
        if total is None:
            self._content.clear()
            is_plain = response.headers.get("Content-Encoding", "identity").lower() == "identity"
            takes_ranges = response.headers.get("Accept-Ranges", "").lower() == "bytes"
            self._state = _state_of(response) if is_plain and takes_ranges else ""
        stream = self._decoded(response)
        # urllib3 checks the length of a body; gzip, unlike urllib3's decoder, checks that its end arrived.
        while chunk := stream.read(CHUNK):
            self._content += chunk
            if len(self._content) > self._most_bytes:
                problem = f"{self._address} is larger than {self._most_bytes:,} bytes"
                raise FetchFailed(problem, "Look at what it holds now; if it grew for good, raise the source's limit")
        received = len(self._content)
        if total is not None and received != total:
            if received > total:
                self._content.clear()
            raise OSError(f"the server sent {received:,} of {total:,} bytes")
        return bytes(self._content)

    def _total(self, response: requests.Response) -> int:
        """Return the size of the file that a reply with HTTP 206 is a part of; raise OSError unless it is the part asked for.

        A part whose file has no known size is not taken, since nothing would tell that it is the last.
        """
        stated = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        if self.headers() and stated and int(stated[1]) == len(self._content):
            return int(stated[2])
        self._content.clear()
        raise OSError("the server sent another part of the file than was asked for, or did not say which")

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
