"""Fixtures for all tests: recordings of upstream data, homes of their own, and one released home that tests only read."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from pipelines import beside, loading, settings
from tests.support.homes import copy_home, inside, make_home, refreshed_home

RECORDINGS = Path(os.environ.get("RECORDINGS", settings.SHIPPED.parent / "shared" / "raw"))

#: Folder of tests → the marker that all of its tests carry, so that the default suite leaves them out.
MARKER_OF = {"release": "release", "recorded": "recorded", "browser": "browser", "engines": "engine"}


#: Folders whose long tests the first of two workers begins with: those that fit the model, the longest, then those that
#: share the home of all recordings.
FIRST = ("index", "engines", "recorded")

#: Module in several folders that is long as a whole, though none of its tests is called slow.
LONG = "test_small_world.py"


#: A file system in memory, and the bytes that must be free in it for the folders of all tests.
MEMORY, ROOM = Path("/dev/shm"), 8_000_000_000


def pytest_configure() -> None:
    """Keep temporary folders in memory where it has room: on a disk they wait for each file that is synchronised."""
    if MEMORY.is_dir():
        state = os.statvfs(MEMORY)
        if state.f_bavail * state.f_frsize > ROOM and not state.f_flag & os.ST_NOEXEC:
            for variable in ("PYTEST_DEBUG_TEMPROOT", "TMPDIR"):
                os.environ.setdefault(variable, str(MEMORY))
            tempfile.tempdir = None  # It may have been looked up before.


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Import the modules of tests as those of the project."""
    with loading.unswept():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark tests by their folder, and those that read recordings by their fixture; deal out those that are selected."""
    for item in items:
        folder = _folders(item)[0]
        if folder in MARKER_OF:
            item.add_marker(MARKER_OF[folder])
        fixtures = getattr(item, "fixturenames", ())
        if "recordings" in fixtures:
            item.add_marker("recorded")
        if "released" in fixtures:
            item.add_marker("release")
    yield
    items[:] = _dealt(items)


def _folders(item: pytest.Item) -> tuple[str, ...]:
    here = Path(__file__).parent
    return item.path.relative_to(here).parts if item.path.is_relative_to(here) else ("",)


def _dealt(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return tests so that each half begins with long ones, of other homes, and ends with short ones.

    Two workers begin with a half each. Neither waits for a home that the other refreshes, and in the end one takes over short
    tests of the other, so that both finish together.
    """
    first: dict[str, list[pytest.Item]] = {folder: [] for folder in FIRST}
    second, short = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        if item.path.name == LONG or {mark.name for mark in item.iter_markers()} & {"slow", *MARKER_OF.values()}:
            folder = next((folder for folder in FIRST if folder in _folders(item)), "")
            first.get(folder, second).append(item)
        else:
            short.append(item)
    begun = list(chain(*first.values()))
    middle = max(0, len(items) // 2 - len(begun))
    return [*begun, *short[:middle], *second, *short[middle:]]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: those of an archive hold the time at which it was packed."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do in this process what is done beside it, since another would not see what a test has replaced."""
    if request.path.name != "test_beside.py":
        here = SimpleNamespace(begin=lambda function, *given: lambda: function(*given))
        monkeypatch.setattr(beside, "another", lambda *_: nullcontext(here))


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Return the folder with recordings of upstream data; they stay outside the project."""
    if not RECORDINGS.is_dir():
        pytest.skip("no recordings: set RECORDINGS to their folder")
    return RECORDINGS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a fresh home with the committed register and nothing built yet; it builds from the register alone."""
    monkeypatch.setenv("SOURCES", "register")
    with inside(make_home(tmp_path), monkeypatch) as home:
        yield home


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which one whole refresh has run; tests only read it."""
    return refreshed_home(tmp_path_factory, "released", {})


@pytest.fixture(scope="module")
def published(released: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield the published file of the released home, to read."""
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def replayed(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home refreshed from all recordings; tests only read it, and ask what landed and what the models make of it."""
    environment = {"SOURCES": "all", "REPLAY": str(recordings)}
    return refreshed_home(tmp_path_factory, "replayed", environment, is_fitted=False)


@pytest.fixture(scope="session")
def largest(request: pytest.FixtureRequest) -> Path:
    """Return the home with the most rows: of all recordings, among them those of the project, or of these alone."""
    home: Path = request.getfixturevalue("replayed" if RECORDINGS.is_dir() else "released")
    return home


@pytest.fixture
def in_released(released: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point every path into the released home, and yield it."""
    with inside(released, monkeypatch) as home:
        yield home


@pytest.fixture
def released_copy(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a copy of the released home that the test may change; every path points into it. It builds a rough index."""
    from tests.support.draws import use_rough

    use_rough(monkeypatch.setattr)
    with inside(copy_home(released, tmp_path / "copy"), monkeypatch) as copy:
        yield copy


@pytest.fixture
def named_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the main module a file, as any program has one.

    The workers of pytest-xdist have none. PySpark's client then takes them for its own doctests, and looks for all of Spark.
    """
    monkeypatch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)


@pytest.fixture
def holder(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield another process that holds the lock on the home, as a refresh does."""
    code = "import time; from pipelines.warehouse import lock; lock.acquire(); print('held', flush=True); time.sleep(60)"
    environment = settings.environment(NEXTVALLEY_HOME=str(home), PYTHONPATH=str(settings.SHIPPED))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    yield process
    process.kill()
    process.wait()
