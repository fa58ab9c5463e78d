"""The project installs as a wheel, and the installed command works in any folder."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import cli

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


def _run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DAGSTER_HOME", "NEXTVALLEY_HOME")}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=clean | environment, capture_output=True, text=True, timeout=900
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


def _install(wheel: Path, interpreter: str | Path, folder: Path) -> Path:
    """Install the wheel alone into a new virtual environment, and return its folder of commands."""
    made = _run(interpreter, "-m", "venv", "--without-pip", folder, cwd=ROOT)
    assert made.returncode == 0, made.stderr
    options = "--quiet", "--no-index", "--no-deps"
    installed = _run(sys.executable, "-m", "pip", "--python", folder, "install", *options, wheel, cwd=ROOT)
    assert installed.returncode == 0, installed.stderr
    return folder / "bin"


@pytest.fixture(scope="session")
def commands(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel, which borrows the locked packages of this one."""
    folder = tmp_path_factory.mktemp("installed")
    commands = _install(wheel, sys.executable, folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "borrowed.pth").write_text("\n".join(borrowed))
    return commands


def test_installed_command_refreshes_an_empty_folder(commands: Path, few_draws: Path, tmp_path: Path) -> None:
    before = _run(commands / "nextvalley", "rank", cwd=tmp_path)
    assert before.returncode == 1
    assert "`nextvalley refresh`" in before.stderr
    (package,) = commands.parent.glob("lib/python*/site-packages/pipelines")
    shipped = set((package / "shipped").rglob("*"))
    shutil.copytree(few_draws, tmp_path / "data" / "posterior")
    refreshed = _run(commands / "nextvalley", "refresh", cwd=tmp_path)
    assert refreshed.returncode == 0, refreshed.stderr
    assert "DuckDB file: data/nextvalley.duckdb" in refreshed.stdout
    assert "Read from the recordings that ship" in refreshed.stdout
    assert (tmp_path / "data" / "nextvalley.duckdb").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert set((package / "shipped").rglob("*")) == shipped
    ranked = _run(commands / "nextvalley", "rank", cwd=tmp_path)
    assert ranked.stdout.strip() in refreshed.stdout


def test_home_is_read_from_the_environment(commands: Path, released: Path, tmp_path: Path) -> None:
    ranked = _run(commands / "nextvalley", "rank", cwd=tmp_path, NEXTVALLEY_HOME=str(released))
    assert ranked.returncode == 0, ranked.stderr
    assert "Beijing" in ranked.stdout
    assert not list(tmp_path.iterdir())


def _newer_python() -> str | None:
    """Return an interpreter that is newer than this one, by a minor version at least."""
    for minor in range(14, sys.version_info.minor, -1):
        interpreter = shutil.which(f"python3.{minor}")
        if interpreter and _run(interpreter, "-c", "import venv", cwd=ROOT).returncode == 0:
            return interpreter
    return None


#: What reading commands import, and what that imports: the build stack takes a minute to install, and they do without.
READING = (
    "annotated-doc", "annotated-types", "click", "duckdb", "filelock", "markdown-it-py", "mdurl", "pydantic", "pydantic-core",
    "pygments", "rich", "shellingham", "typer", "typing-extensions", "typing-inspection",
)  # fmt: skip


def _locked(names: Sequence[str]) -> str:
    """Return the lines of the lock that are about these packages."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    of_package = {entry.partition("==")[0]: entry for entry in re.findall(r"^\S+==.*(?:\n .*)*", lock, flags=re.MULTILINE)}
    return "\n".join(of_package[name] for name in names)


def test_reading_commands_run_on_a_newer_python(wheel: Path, in_released: Path, tmp_path: Path) -> None:
    interpreter = _newer_python()
    if interpreter is None:
        pytest.skip("no newer Python is installed")
    commands = _install(wheel, interpreter, tmp_path / "newer")
    (tmp_path / "reading.lock").write_text(_locked(READING), "utf-8")
    options = "--quiet", "--no-deps", "--require-hashes", "--requirement", tmp_path / "reading.lock"
    if shutil.which("uv"):
        installed = _run("uv", "pip", "install", "--python", commands / "python", *options, cwd=ROOT)
    else:
        installed = _run(
            sys.executable, "-m", "pip", "--python", commands / "python", "install", "--no-compile", *options, cwd=ROOT
        )
    if installed.returncode:
        pytest.skip(f"the locked packages cannot be installed: {installed.stderr[-300:]}")
    for arguments in (["rank"], ["claims"], ["why", "Beijing"], ["compare", "Beijing", "Shanghai"], ["sources"]):
        answer = _run(commands / "nextvalley", *arguments, cwd=tmp_path, NEXTVALLEY_HOME=str(in_released))
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout == CliRunner().invoke(cli.app, arguments).stdout
