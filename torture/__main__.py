"""``make torture``: all faults, bounded in time, and a table of what was injected, survived and lost.

``python -m torture [MINUTES] [SEED]``: ten minutes by default. More minutes make more cases of the same kinds; the
seed chooses which. The first cases are the same every time, so what fails can be made to fail again.
"""

import os
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from torture import crashes, fuzz, guided, readers, seeds, soak, whole

MINUTES = 10.0
#: Shares of the time by which each ends: what is left of one goes to the next.
CRASHES, WHOLE, FUZZ, GUIDED = 0.35, 0.50, 0.86, 0.98

WORKERS = os.cpu_count() or 1

#: Failures shown of each kind.
SHOWN = 8

console = Console(highlight=False)


class WorkerDied(Exception):
    """A process of ours is gone, or failed; not one that was to be killed."""


def _shared_out(items: list[Any], work: Callable[[list[Any]], list[Any]]) -> list[Any]:
    """Return ``work`` on all items, dealt to one process per core; raise WorkerDied for one that did not outlive it."""
    children = [crashes.start(partial(work, items[first::WORKERS])) for first in range(WORKERS)]
    results = []
    for child in children:
        outcome = crashes.result(child)
        if not isinstance(outcome, list):
            raise WorkerDied(f"a worker died: {outcome}")
        results += outcome
    return results


def _crashes(folder: Path, until: float, seed: int) -> list[crashes.Verdict]:
    bases, expected = crashes.expectations(folder)
    trials = list(crashes.trials(expected, seed))
    random.Random(seed).shuffle(trials)

    def work(mine: list[crashes.Trial]) -> list[crashes.Verdict]:
        home = folder / f"home-{os.getpid()}"
        verdicts = []
        for trial in mine:
            if time.monotonic() > until:
                break
            verdicts.append(crashes.judge(home, trial, bases[trial.from_nothing], expected[trial.from_nothing]))
        return verdicts

    return _shared_out(trials, work)


def _fuzz(root: Path, until: float) -> list[fuzz.Tally]:
    """Feed every parser rounds of cases until time is up, so that all get equally many."""
    everything = list(fuzz.parsers())

    def work(mine: list[Any]) -> list[fuzz.Tally]:
        warnings.simplefilter("ignore")
        # Readers of damaged files complain on the way to their error, some from where no handler of Python hears them.
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        tallies = {f"{source.name}.{table.name}": fuzz.Tally(f"{source.name}.{table.name}") for source, table in mine}
        position = root / f"at-{os.getpid()}"
        cases = 100
        number = 0
        while time.monotonic() < until and number < fuzz.ENOUGH:
            for source, table in mine:
                inputs = fuzz.seeds_of(root, source, table)
                position.write_text(f"{source.name}.{table.name} from case {number}")
                tally = fuzz.fuzz(source, table, inputs, cases, number, lambda: time.monotonic() > until)
                tallies[tally.parser].add(tally)
            number += cases
        return list(tallies.values())

    try:
        return _shared_out(everything, work)
    except WorkerDied as died:
        places = ", ".join(path.read_text() for path in root.glob("at-*"))
        raise WorkerDied(f"{died}, at one of: {places}") from died


def _note_cases(note: Callable[[str, int, list[str], str], None], name: str, tallies: list[fuzz.Tally]) -> None:
    wrong = [f"{tally.parser}: {failure}: {content[:60]!r}" for tally in tallies for failure, content in tally.failures.items()]
    cases = [tally.cases for tally in tallies]
    words = f"{len(tallies)} parsers, {min(cases):,} to {max(cases):,} cases each"
    note(name, sum(cases), wrong, f"{words}; slowest {max(tally.slowest for tally in tallies):.1f} s")


def main(minutes: float, seed: int) -> int:
    begin = time.monotonic()
    table = Table(title="Torture", title_justify="left", box=None)
    for column in ("", "faults", "survived", "lost", ""):
        table.add_column(column, justify="right" if column in ("faults", "survived", "lost") else "left")
    lost: list[str] = []

    def note(name: str, faults: int, wrong: list[str], words: str) -> None:
        table.add_row(name, f"{faults:,}", f"{faults - len(wrong):,}", f"{len(wrong):,}", words)
        lost.extend(f"{name}: {failure}" for failure in wrong)
        console.print(f"{name}: {faults:,} faults, {len(wrong)} lost [{time.monotonic() - begin:.0f} s]", markup=False)

    with tempfile.TemporaryDirectory(prefix="torture-") as place:
        folder = Path(place)
        reads, wrong = readers.run(folder)
        note("readers", readers.PUBLICATIONS, wrong, f"{readers.READERS} readers, {reads:,} reads")
        struck, wrong, words = soak.run(folder, seed)
        note("soak", struck, wrong, f"{soak.REFRESHES} refreshes; {words}")
        verdicts = _crashes(folder, begin + 60 * minutes * CRASHES, seed)
        names = {"kill": "killed at an operation", "moment": "killed at a moment", "full": "disk full", "size": "file too large",
                 "power": "power lost"}  # fmt: skip
        counts = Counter(verdict.trial.kind for verdict in verdicts)
        for kind, name in names.items():
            wrong = [f"{verdict.trial}: {verdict.fault}" for verdict in verdicts if verdict.trial.kind == kind and verdict.fault]
            note(name, counts[kind], wrong, "fetch, landing, build, publication")
        kills, wrong = whole.run(folder, begin + 60 * minutes * WHOLE, seed)
        note("whole refresh killed", kills, wrong, "then again, and as another machine makes it from nothing")
        root = folder / "seeds"
        seeds.collect(root)
        tallies = _fuzz(root, begin + 60 * minutes * FUZZ)
        _note_cases(note, "damaged input", tallies)
        if guided.IS_HERE:
            seconds = begin + 60 * minutes * GUIDED - time.monotonic()
            grown = guided.run(root, [tally.parser for tally in tallies], seconds, WORKERS)
            _note_cases(note, "input grown by coverage", grown)
        else:
            console.print("input grown by coverage: not tried, there is no atheris for this machine")
    console.print(table)
    for failure in lost[: SHOWN * 8]:
        console.print(failure, markup=False, style="red")
    return 1 if lost else 0


if __name__ == "__main__":
    arguments = [float(argument) for argument in sys.argv[1:]]
    sys.exit(main(arguments[0] if arguments else MINUTES, int(arguments[1]) if len(arguments) > 1 else 1))
