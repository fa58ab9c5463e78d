"""The project installs as a wheel, and the installed command works in any folder."""

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from pipelines import cli
from tests.support.installed import ROOT, install, package_of, run

pytestmark = pytest.mark.slow


def test_installed_command_without_a_release_says_what_to_do(venv: Path, tmp_path: Path) -> None:
    before = run(venv / "bin" / "nextvalley", "rank", cwd=tmp_path)
    assert before.returncode == 1
    assert "`nextvalley refresh`" in before.stderr


def test_installed_command_refreshes_an_empty_folder(venv: Path, wheel: Path, from_nothing: Path) -> None:
    said = (from_nothing.parent / "said").read_text("utf-8")
    assert "DuckDB file: data/nextvalley.duckdb" in said
    assert "Read from the recordings that ship" in said
    assert (from_nothing / "data" / "nextvalley.duckdb").is_file()
    assert [path.name for path in from_nothing.iterdir()] == ["data"]
    package = package_of(venv)
    with ZipFile(wheel) as packed:
        shipped = {name for name in packed.namelist() if name.startswith("pipelines/shipped/")}
    files = (path for path in (package / "shipped").rglob("*") if path.is_file())
    assert {path.relative_to(package.parent).as_posix() for path in files} == shipped, "nothing is written there"
    ranked = run(venv / "bin" / "nextvalley", "rank", cwd=from_nothing)
    assert ranked.stdout.strip() in said


def test_home_is_read_from_the_environment(venv: Path, released: Path, tmp_path: Path) -> None:
    ranked = run(venv / "bin" / "nextvalley", "rank", cwd=tmp_path, NEXTVALLEY_HOME=str(released))
    assert ranked.returncode == 0, ranked.stderr
    assert "Beijing" in ranked.stdout
    assert not list(tmp_path.iterdir())


def _newer_python() -> str | None:
    """Return an interpreter that is newer than this one, by a minor version at least."""
    for minor in range(14, sys.version_info.minor, -1):
        interpreter = shutil.which(f"python3.{minor}")
        if interpreter and run(interpreter, "-c", "import venv", cwd=ROOT).returncode == 0:
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
    commands = install(wheel, interpreter, tmp_path / "newer")
    (tmp_path / "reading.lock").write_text(_locked(READING), "utf-8")
    options = "--quiet", "--no-deps", "--require-hashes", "--requirement", tmp_path / "reading.lock"
    if shutil.which("uv"):
        installed = run("uv", "pip", "install", "--python", commands / "python", *options, cwd=ROOT)
    else:
        installed = run(
            sys.executable, "-m", "pip", "--python", commands / "python", "install", "--no-compile", *options, cwd=ROOT
        )
    if installed.returncode:
        pytest.skip(f"the locked packages cannot be installed: {installed.stderr[-300:]}")
    for arguments in (["rank"], ["claims"], ["why", "Beijing"], ["compare", "Beijing", "Shanghai"], ["sources"]):
        answer = run(commands / "nextvalley", *arguments, cwd=tmp_path, NEXTVALLEY_HOME=str(in_released))
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout == CliRunner().invoke(cli.app, arguments).stdout
