"""Take turns at a host: leave pauses between the requests of this process, and leave a host alone when it asks for that."""

import math
import threading
import time

_lock = threading.Lock()
_last_turn: dict[str, float] = {}
_quiet_until: dict[str, float] = {}


def take_turn(host: str, delay: float) -> None:
    """Wait until ``delay`` seconds after the last request of this process to ``host``, and until its quiet period is over."""
    with _lock:
        after_last = _last_turn.get(host, -math.inf) + delay
        turn = max(time.monotonic(), after_last, _quiet_until.get(host, -math.inf))
        _last_turn[host] = turn
    time.sleep(max(0.0, turn - time.monotonic()))


def keep_quiet(host: str, seconds: float) -> None:
    """Hold back this process's requests to ``host`` for ``seconds``."""
    with _lock:
        _quiet_until[host] = time.monotonic() + seconds
