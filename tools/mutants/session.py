"""Plant one fault after the other in a copy of the project, and run the tests that reach it there.

Run in the copy, as ``python -m tools.mutants.session FAULTS VERDICTS BUILD TEST …``. Each trial is a fork of this process, which
has imported the libraries but nothing of the project, so a trial costs little more than its tests.

BUILD is the build file of a refresh, if there is one. A query with a fault that no fast test notices makes its table anew from
it: if the table differs, the test of the contents of a release notices (``tests/release/test_contents.py``).
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import coverage
import pytest

from tools.mutants.fault import Fault

FAST = "not slow and not recorded and not browser and not engine and not release"

#: Imported once. None of them may start a thread, which a fork would not have; polars and DuckDB do so when they are used.
LIBRARIES = (
    "hypothesis.strategies", "polars", "duckdb", "dataframely", "sqlglot.lineage", "scipy.stats", "scipy.optimize", "dagster",
    "splink", "jinja2", "bs4", "lxml.etree", "requests", "typer", "rich.console", "xlsxwriter", "fastexcel", "sqlalchemy",
    "trustme",
)  # fmt: skip

#: Tests of what modules declare when they are imported, of which coverage cannot say which test relies on it.
DECLARATIONS = {
    "tests/unit/warehouse/test_promises.py::test_promises_are_those_recorded",
    "tests/unit/test_constants.py::test_constants_are_those_written_down",
}

#: Seconds that the tests of a fault may take beyond five times what they take without it.
LEEWAY = 90.0

#: Tests run for one fault: first the quickest of those that reach it.
MOST_TESTS = 200

#: Seconds that a test takes at most that is run although it does not reach the fault itself.
QUICK = 0.02


class Watch:
    """Note, as a plugin of pytest, which test reaches each line of the given files, which it names, and how long it takes."""

    def __init__(self, files: set[str]) -> None:
        self.reach: dict[str, set[str]] = {}
        self.seconds: dict[str, float] = {}
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[str(Path(file).resolve()) for file in files]
        )
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        began = time.monotonic()
        result = yield
        self.seconds[item.nodeid] = time.monotonic() - began
        self._coverage.switch_context("")
        return result

    def pytest_collection_finish(self) -> None:
        """Note the models that tests make."""
        database = import_module("pipelines.warehouse.database")
        build = database.build

        def remember(connection: object, target: Any) -> Any:
            self.reach.setdefault(target.table, set()).add(os.environ["PYTEST_CURRENT_TEST"].rpartition(" (")[0])
            return build(connection, target)

        database.build = remember  # type: ignore[attr-defined]

    def written(self, result: Path) -> None:
        self._coverage.stop()
        data = self._coverage.get_data()
        for file in data.measured_files():
            for line, tests in data.contexts_by_lineno(file).items():
                self.reach[f"{Path(file).relative_to(Path.cwd())}:{line}"] = set(tests) - {""}
        result.write_text(json.dumps([{place: sorted(tests) for place, tests in self.reach.items()}, self.seconds]), "utf-8")


def main(faults_file: Path, verdicts: Path, build: Path, tests: list[str]) -> None:
    """Write the verdict on every fault, in their order, and the number of tests that reach it."""
    for library in LIBRARIES:
        import_module(library)
    faults = [Fault(**fault) for fault in json.loads(faults_file.read_text("utf-8"))]
    reach, seconds = _reached(tests, {fault.file for fault in faults}, verdicts.with_suffix(".reach"))
    sys.dont_write_bytecode = True  # A changed file must not leave anything behind.
    with verdicts.open("w", encoding="utf-8") as file:
        for fault in faults:
            reaching = _tests(_reaching(reach, fault), seconds)
            limit = LEEWAY + 5 * sum(seconds.get(test, 0.0) for test in reaching)
            verdict = _verdict(fault, reaching, limit)
            is_query = fault.file.endswith(".sql")
            # A function may have run while modules were imported, when coverage knows of no test.
            if verdict != "killed" and not is_query and _verdict(fault, sorted(DECLARATIONS), limit) == "killed":
                verdict = "killed"
            if verdict != "killed" and is_query and build.exists():
                verdict = _verdict_of_contents(fault, build) or verdict
            file.write(json.dumps([verdict, len(reaching)]) + "\n")
            file.flush()


def _reached(tests: list[str], files: set[str], result: Path) -> tuple[dict[str, set[str]], dict[str, float]]:
    """Return the tests that reach each line (``file:line``) or model, and the seconds that each test takes.

    Raise RuntimeError if a test fails without any fault.
    """

    def watch() -> int:
        plugin = Watch(files)
        code = _pytest(["-q", "-m", FAST, *tests], plugin)
        plugin.written(result)
        return code

    if (code := _ended(watch, 7200.0)) != 0:
        raise RuntimeError(f"the tests fail without any fault, or did not end ({code})")
    reach, seconds = json.loads(result.read_text("utf-8"))
    return {place: set(of_place) for place, of_place in reach.items()}, seconds


def _pytest(arguments: list[str], *plugins: object) -> int:
    return int(pytest.main(["-x", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments], plugins=list(plugins)))


def _reaching(reach: dict[str, set[str]], fault: Fault) -> set[str]:
    """Return the tests that reach a fault; of code that runs when it is imported, those that reach any line of the file."""
    path = Path(fault.file)
    if path.suffix == ".sql":
        places = [f"{path.parts[1]}.{part.removesuffix('.sql')}" for part in path.parts[2:]]
        return set().union(*(reach.get(place, set()) for place in places))
    of_file = set().union(*(tests for place, tests in reach.items() if place.startswith(f"{fault.file}:")))
    if not fault.is_in_function:
        return DECLARATIONS | of_file
    # A function that no test reaches may make what the file declares.
    return reach.get(f"{fault.file}:{fault.line}", set()) or of_file


def _tests(reaching: set[str], seconds: dict[str, float]) -> list[str]:
    """Return the tests to run for a fault: those that reach it, the quickest first, then the quick ones of their files.

    What one test makes, in a fixture of its file or a cache, others may judge without reaching the lines that make it.
    """
    files = {test.partition("::")[0] for test in reaching}
    beside = {test for test, taken in seconds.items() if test.partition("::")[0] in files and taken < QUICK} - reaching
    ordered = (sorted(tests, key=lambda test: seconds.get(test, 0.0)) for tests in (reaching, beside))
    return [test for tests in ordered for test in tests][:MOST_TESTS]


def _verdict(fault: Fault, tests: list[str], limit: float) -> str:
    """Return whether the tests notice a fault: killed, survived, or that no test reaches it."""
    if not tests:
        return "not reached"
    with _planted(fault):
        return "survived" if _ended(lambda: _quietly(tests), limit) == 0 else "killed"


def _verdict_of_contents(fault: Fault, build: Path) -> str | None:
    """Return "killed" if the table of a query differs from that of the build, or cannot be made."""
    with _planted(fault):
        code = _ended(lambda: int(_differs(fault, build)), LEEWAY)
    return None if code == 0 else "killed"


def _differs(fault: Fault, build: Path) -> bool:
    contents, model = import_module("tools.contents"), import_module("pipelines.warehouse.model")
    path = Path(fault.file)
    path = path.parent if (path.parent / model.TABLE_FILE).exists() else path
    changed = model.read(path, path.parent.name)
    if changed.table not in contents.tables():
        return False
    with import_module("duckdb").connect(build, read_only=True) as connection:
        sums = "select count(*), sum(hash(t)::hugeint)"
        made = connection.execute(f"{sums} from ({changed.sql}\n) as t").fetchall()
        return bool(made != connection.execute(f"{sums} from {changed.table} as t").fetchall())


@contextmanager
def _planted(fault: Fault) -> Iterator[None]:
    file = Path(fault.file)
    text, state = file.read_text("utf-8"), file.stat()
    file.write_text(fault.text, "utf-8")
    try:
        yield
    finally:
        file.write_text(text, "utf-8")
        os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


def _quietly(tests: list[str]) -> int:
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    return _pytest(tests)


def _ended(work: Callable[[], int], limit: float) -> int | None:
    """Do ``work`` in a fork and return its exit code; None if it took too long."""
    child = os.fork()
    if child == 0:
        os.setsid()
        code = 1
        with suppress(BaseException):
            code = work()
        os._exit(code)
    until = time.monotonic() + limit
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
