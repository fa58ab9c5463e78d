"""What tests of a release share: a server on this machine, and the project installed as a wheel."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support import installed
from tests.support.homes import made_once
from tests.support.register import edit, retold
from tests.support.site import Clock, Site


@pytest.fixture
def site() -> Iterator[Site]:
    """Yield a server that answers as the test says."""
    site = Site(Clock())
    yield site
    site.close()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel."""
    (wheel,) = made_once(tmp_path_factory, "wheel", installed.build).glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def venv(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a virtual environment with the wheel, whose register says one thing in other words."""

    def install(folder: Path) -> None:
        installed.install_here(wheel, folder)
        edit(installed.package_of(folder) / "shipped", "companies.csv", retold)

    return made_once(tmp_path_factory, "installed", install)


@pytest.fixture(scope="session")
def from_nothing(venv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that the installed command has refreshed from nothing; ``said`` beside it is what it printed."""
    return made_once(tmp_path_factory, "from_nothing", partial(_refresh, venv)) / "home"


def _refresh(venv: Path, folder: Path) -> None:
    (folder / "home").mkdir()
    refreshed = installed.run(venv / "bin" / "nextvalley", "refresh", cwd=folder / "home")
    assert refreshed.returncode == 0, refreshed.stderr
    (folder / "said").write_text(refreshed.stdout, "utf-8")
