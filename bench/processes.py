"""What processes took: seconds, CPU seconds and the most memory that they held."""

import os
import time
from pathlib import Path


def peak(process: int | str = "self") -> float:
    """Return the most memory a process has held, GB; of its program alone, unlike ``ru_maxrss``; 0 if it has ended."""
    lines = _read(f"/proc/{process}/status").splitlines()
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e9, 2)


def cpu_seconds(process: int) -> float:
    """Return the CPU seconds of a process and of its children that have ended; 0 if it has ended itself."""
    fields = _read(f"/proc/{process}/stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def family(process: int) -> list[int]:
    """Return a process and all that it started and that still run."""
    children = [int(child) for file in Path(f"/proc/{process}/task").glob("*/children") for child in _read(file).split()]
    return [process, *(each for child in children for each in family(child))]


def _read(file: str | Path) -> str:
    try:
        return Path(file).read_text()
    except (FileNotFoundError, ProcessLookupError):  # A process may end at any time.
        return ""


class Clock:
    """Seconds and CPU seconds since it was made."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        """Return both, and the peak memory in GB."""
        return {
            "seconds": round(time.perf_counter() - self._began, 1),
            "cpu_seconds": round(time.process_time() - self._cpu, 1),
            "peak_gb": peak(),
        }


class ServerClock:
    """The same where a server works for this process: CPU seconds and memory are the server's, those of this process besides.

    Memory is the sum of the most that each process of the server has held.
    """

    def __init__(self, server: int) -> None:
        self._own, self._server = Clock(), server
        self._cpu = self._used()

    def _used(self) -> float:
        return sum(map(cpu_seconds, family(self._server)))

    def read(self) -> dict[str, float]:
        own = self._own.read()
        return {
            "seconds": own["seconds"],
            "cpu_seconds": round(self._used() - self._cpu, 1),
            "peak_gb": round(sum(map(peak, family(self._server))), 2),
            "client_cpu_seconds": own["cpu_seconds"],
            "client_peak_gb": own["peak_gb"],
        }
