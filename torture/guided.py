"""Input grown towards code of a parser that none has reached before: coverage-guided fuzzing with atheris (libFuzzer).

``python -m torture.guided SEEDS OUT SECONDS PARSER…`` spends so many seconds on each parser and leaves a ``fuzz.Tally`` of each
in ``OUT``. A program of its own, since code that is to be watched has to be imported under watch.
"""

import os
import pickle
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: There are builds for Linux on x86-64 only.
IS_HERE = find_spec("atheris") is not None


def run(seeds: Path, parsers: list[str], seconds: float, workers: int) -> list[Any]:
    """Return the tallies of all ``parsers``, which share ``seconds`` of ``workers`` processes."""
    share = seconds * workers / len(parsers)
    with tempfile.TemporaryDirectory() as out:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "torture.guided", str(seeds), out, str(share), *parsers[first::workers]],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for first in range(workers)
        ]
        for process in running:
            process.wait()
        return [pickle.loads(path.read_bytes()) for path in sorted(Path(out).glob("*.tally"))]


def _grow(parser: str, seeds: Path, out: Path, seconds: float) -> None:
    """Feed one parser until time is up, keep the tally, and end this process."""
    import atheris

    from torture import fuzz
    from torture import seeds as seed_folders

    source, table = next((source, table) for source, table in fuzz.parsers() if f"{source.name}.{table.name}" == parser)
    tally = fuzz.Tally(parser)
    read: list[Any] = []
    until = time.monotonic() + seconds

    def feed(content: bytes) -> None:
        is_last = time.monotonic() > until
        fuzz.feed(tally, table, content, read, is_last)
        if is_last:
            (out / f"{parser}.tally").write_bytes(pickle.dumps(tally))
            os._exit(0)

    with tempfile.TemporaryDirectory() as grown:
        options = ["-verbosity=0", f"-rss_limit_mb={fuzz.MOST_MEMORY // 1_000_000}", "-max_len=20000"]
        atheris.Setup([sys.argv[0], *options, grown, str(seed_folders.folder_of(seeds, source, table))], feed)
        atheris.Fuzz()


def main(seeds: str, out: str, seconds: str, *parsers: str) -> None:
    import atheris

    with atheris.instrument_imports(include=["pipelines"]):
        from torture import fuzz
    for parser in parsers:
        child = os.fork()
        if child == 0:
            _grow(parser, Path(seeds), Path(out), float(seconds))
        _, ended = os.waitpid(child, 0)
        if ended != 0:
            lost = fuzz.Tally(parser, failures={f"the process ended with {ended}, perhaps for lack of memory": b""})
            (Path(out) / f"{parser}.tally").write_bytes(pickle.dumps(lost))


if __name__ == "__main__":
    main(*sys.argv[1:])
