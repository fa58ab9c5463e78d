"""Build the project as a wheel, install it beside this checkout, and run what is installed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: Variables that point into a checkout, and beginnings of those that linear algebra reads.
_CHECKOUT = ("PYTHONPATH", "DAGSTER_HOME", "NEXTVALLEY_HOME")
_ALGEBRA = ("OPENBLAS_", "OMP_", "MKL_", "VECLIB_", "NPY_")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command that knows nothing of this checkout, nor of what this machine says to linear algebra.

    A refresh states that itself, and one that did not has crashed where the machine said nothing.
    """
    clean = {name: value for name, value in os.environ.items() if name not in _CHECKOUT and not name.startswith(_ALGEBRA)}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=clean | environment, capture_output=True, text=True, timeout=900
    )


def build(folder: Path) -> None:
    """Write the wheel to ``folder``."""
    built = run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr


def install(wheel: Path, interpreter: str | Path, folder: Path) -> Path:
    """Install the wheel alone into a new virtual environment, and return its folder of commands."""
    made = run(interpreter, "-m", "venv", "--without-pip", folder, cwd=ROOT)
    assert made.returncode == 0, made.stderr
    options = "--quiet", "--no-index", "--no-deps"
    installed = run(sys.executable, "-m", "pip", "--python", folder, "install", *options, wheel, cwd=ROOT)
    assert installed.returncode == 0, installed.stderr
    return folder / "bin"


def install_here(wheel: Path, folder: Path) -> None:
    """Install the wheel into a new virtual environment, which borrows the locked packages of this one."""
    install(wheel, sys.executable, folder)
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (package_of(folder).parent / "borrowed.pth").write_text("\n".join(borrowed))


def package_of(folder: Path) -> Path:
    """Return the folder of the installed package in a virtual environment."""
    (package,) = folder.glob("lib/python*/site-packages/pipelines")
    return package
