"""Whether a process is still there."""

import os
import time
from contextlib import suppress
from pathlib import Path


def has_ended(process: int, seconds: float = 20.0) -> bool:
    """Return whether a process ends within ``seconds``."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        with suppress(FileNotFoundError):  # Systems without /proc.
            if Path(f"/proc/{process}/stat").read_text().split()[2] == "Z":  # nobody waits for it, so it stays as a name
                return True
        time.sleep(0.02)
    return False
