"""Install what the benchmarks compare with in a virtual environment of its own; the project needs none of it."""

import subprocess
import sys
from pathlib import Path

from pipelines import settings

#: Removed by ``make clean``.
FOLDER = settings.DATA / "peers"


def python() -> Path:
    return FOLDER / "bin" / "python"


def install(*requirements: str) -> None:
    """Install the requirements with pip, unless they are there; raise CalledProcessError if one cannot be had."""
    missing = [requirement for requirement in requirements if not _mark(requirement).exists()]
    if not python().exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
    if missing:
        print(f"Installing {', '.join(missing)} in {FOLDER}", file=sys.stderr)
        subprocess.run([python(), "-m", "pip", "install", "--quiet", *missing], check=True)
    for requirement in missing:
        _mark(requirement).touch()


def _mark(requirement: str) -> Path:
    return FOLDER / f"{requirement}.installed"


def packages() -> Path:
    """Return the folder of the installed packages."""
    (folder,) = FOLDER.glob("lib/python3*/site-packages")
    return folder
