"""Make homes for tests: folders with the committed data in which a refresh can run without touching the real ``data/``."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines import settings

#: The root of the project, wherever a test has moved the paths to.
ROOT = settings.SHIPPED

GAZETTEER = settings.GAZETTEER.relative_to(ROOT)


def make_home(folder: Path, is_linked: bool = False) -> Path:
    """Copy what is committed under ``data/`` into ``folder``, or link it if the test changes nothing; return the folder.

    The gazetteer is always linked: it is most of the bytes, and no test changes it.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name in ("register", "reference"):
        if is_linked:
            (folder / "data" / name).symlink_to(ROOT / "data" / name)
        else:
            shutil.copytree(ROOT / "data" / name, folder / "data" / name, ignore=shutil.ignore_patterns(GAZETTEER.name))
    if not is_linked:
        (folder / GAZETTEER).symlink_to(ROOT / GAZETTEER)
    (folder / "data" / "recordings").symlink_to(ROOT / "data" / "recordings")
    for name in ("sql", "pipelines", "dagster.yaml", "requirements.lock"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def move_paths(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Point every path of ``pipelines.settings``, and Dagster's storage, below ``home``."""
    from pipelines.warehouse import lock

    root = settings.SHIPPED
    for name, value in vars(settings).copy().items():
        # The code stays: a process that reads files for one test goes on reading for the next, when this home is gone.
        if isinstance(value, Path) and name != "CODE":
            monkeypatch.setattr(settings, name, home / value.relative_to(root))
    monkeypatch.setattr(lock, "_held", None)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    monkeypatch.chdir(home)


@contextmanager
def inside(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Point every path into ``home``, and give its lock back at the end: who takes it next would discard the build."""
    from pipelines.warehouse import lock

    move_paths(monkeypatch, home)
    yield home
    lock.release()


def copy_home(home: Path, folder: Path) -> Path:
    """Copy a home, so that a test may change it, and return the copy.

    Who holds the lock of the home meanwhile is left out: in the copy it would look like one who died with it.
    """
    holder = settings.LOCK.with_suffix(".pid").name
    shutil.copytree(home, folder, symlinks=True, ignore=shutil.ignore_patterns(holder))
    return folder


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all workers of this test run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder that ``make`` fills, the same one for every worker of the test run."""
    base = shared_folder(factory)
    folder, is_done = base / name, base / f"{name}.done"
    with FileLock(base / f"{name}.lock"):
        if not is_done.exists():
            folder.mkdir()
            make(folder)
            is_done.touch()
    return folder


def refreshed_home(factory: pytest.TempPathFactory, name: str, environment: Mapping[str, str], *, is_fitted: bool = True) -> Path:
    """Return a home in which one whole refresh has run; unless ``is_fitted``, its index is one of rough draws.

    The paths stay where they are: a fixture that lives longer than a test must not move them, since fixtures do not end in the
    order in which paths have to move back.
    """
    from pipelines.orchestration.refresh import refresh
    from pipelines.warehouse import lock
    from tests.support.draws import use_rough

    def refreshed(home: Path) -> None:
        make_home(home)
        with pytest.MonkeyPatch.context() as monkeypatch:
            move_paths(monkeypatch, home)
            if not is_fitted:
                use_rough(monkeypatch.setattr)
            for variable, value in environment.items():
                monkeypatch.setenv(variable, value)
            done = refresh()
            lock.release()
        assert (done.published, done.failures) == (True, "")

    return made_once(factory, name, refreshed)
