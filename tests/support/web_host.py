"""A web host of plain files that serves parts of them, as hosts of static files do, and counts what it sends."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _Files(SimpleHTTPRequestHandler):
    """Python's own handler sends whole files only."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, sent: list[int], **named: Any) -> None:
        self._sent = sent
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        if part := self._head():
            content = Path(self.translate_path(self.path)).read_bytes()
            self.wfile.write(content[part.start : part.stop])
            self._sent.append(len(part))

    def do_HEAD(self) -> None:
        self._head()

    def _part(self, size: int) -> range:
        """Return the bytes that are asked for: from and to, from, or the last ones."""
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            return range(size)
        first, last = asked.groups()
        if not first:
            return range(max(0, size - int(last)), size)
        return range(int(first), min(int(last or size), size - 1) + 1)

    def _head(self) -> range | None:
        """Send the headers and return the range of bytes that follows; None if the file does not exist."""
        file = Path(self.translate_path(self.path))
        if not file.is_file():
            self.send_error(404)
            return None
        size = file.stat().st_size
        part = self._part(size)
        self.send_response(200 if len(part) == size else 206)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(part)))
        if len(part) < size:
            self.send_header("Content-Range", f"bytes {part.start}-{part.stop - 1}/{size}")
        self.end_headers()
        return part

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Serve a folder to this machine; yield its address, and the bytes of each answer as they are sent."""
    sent: list[int] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder), sent=sent)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", sent
        server.shutdown()
