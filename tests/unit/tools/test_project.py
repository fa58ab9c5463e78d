"""The files around the code agree with each other."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pytest
import yaml

from pipelines import __version__, settings
from pipelines.claims.finding import ClaimTest
from pipelines.index.measurement import model
from tools import paper

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def test_citation_names_the_current_version() -> None:
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"] == __version__


def test_every_extra_has_a_lock() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    assert {lock.name for lock in LOCKS} == {"requirements.lock", *(f"requirements-{extra}.lock" for extra in extras)}


def requirements(lock: Path) -> list[tuple[str, str, str]]:
    """Return (package, version, marker) of every requirement of a lock, each of which must have a hash."""
    text = lock.read_text("utf-8")
    assert "://" not in text, lock.name
    heads = re.findall(r"^\S.*$", text, flags=re.MULTILINE)
    matches = [re.fullmatch(r"([\w.-]+)(?:\[.*\])?==([^ ]+)(?: ; (.*))? \\", head) for head in heads]
    assert all(matches), f"{lock.name}: a package without a version or a hash"
    return [(match[1], match[2], match[3] or "") for match in matches if match]


def test_locks_agree_on_versions_and_name_no_host() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for package, version, marker in requirements(lock):
            if "python_full_version" not in marker:
                versions.setdefault(package, set()).add(version)
    assert {package: several for package, several in versions.items() if len(several) > 1} == {}


def test_refresh_needs_at_most_75_packages() -> None:
    packages = {package for package, _, marker in requirements(ROOT / "requirements.lock") if "sys_platform" not in marker}
    assert len(packages) <= 75
    command = ["make", "--no-print-directory", "--eval", "count: ; @echo $(call packages,requirements.lock)", "count"]
    counted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pages = "".join((ROOT / page).read_text("utf-8") for page in ("README.md", "docs/architecture.md", "docs/performance.md"))
    assert {int(counted), *map(int, re.findall(r"(\d+) packages", pages))} == {len(packages)}


def test_project_files_are_valid_yaml_and_name_existing_targets() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    files = [*ROOT.glob(".github/**/*.yml"), ROOT / ".pre-commit-config.yaml", ROOT / "deploy" / "compose.yaml"]
    for file in files:
        text = file.read_text("utf-8")
        assert yaml.safe_load(text), file.name
        assert set(re.findall(r"run: make ([\w-]+)", text)) <= targets, file.name


def test_the_method_gives_the_priors_that_widen_a_distance() -> None:
    text = " ".join((ROOT / "docs" / "method.md").read_text("utf-8").split())
    median, spread = model.NATIONAL
    assert f"the log has a standard deviation of about {median:g} (prior: a factor of {np.exp(spread):.1f} either way)" in text
    assert f"chosen by hand differs {model.CHOSEN:g} times as much, a publication within its family {model.OWN:g} times" in text


IGNORED, *KEPT = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
IN_IMAGE = {line.removeprefix("!") for line in KEPT if line.startswith("!")}


def test_image_takes_in_what_it_copies_and_what_the_wheel_ships() -> None:
    assert IGNORED == "*"
    copied = re.findall(r"requirements\S*\.lock", (ROOT / "deploy" / "Dockerfile").read_text("utf-8"))
    assert {*copied, *PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]} <= IN_IMAGE
    assert [path for path in IN_IMAGE if not (ROOT / path).exists()] == []


@pytest.mark.slow
def test_what_is_in_the_image_is_enough_to_load_the_definitions(tmp_path: Path) -> None:
    for path in IN_IMAGE:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / path).is_dir() else shutil.copy)(ROOT / path, tmp_path / path)
    command = [sys.executable, "-m", "dagster", "definitions", "validate"]
    home = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"DAGSTER_HOME": str(tmp_path)}
    loaded = subprocess.run(command, cwd=tmp_path, env=home, capture_output=True, text=True)
    assert loaded.returncode == 0, loaded.stdout[-2000:] + loaded.stderr[-2000:]
    assert f"code location {PROJECT['tool']['dg']['project']['code_location_name']}." in loaded.stdout + loaded.stderr


def test_readme_lists_every_reference_table() -> None:
    folder = ROOT / "data" / "reference"
    listed = re.findall(r"^\| `([\w.]+/?)` \|", (folder / "README.md").read_text("utf-8"), flags=re.MULTILINE)
    present = [f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir() if path.name != "README.md"]
    assert sorted(listed) == sorted(present)


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_fence_names_a_language_and_nothing_more(page: Path) -> None:
    # The website takes a fence with more words for text, and headings up to the next fence for code; GitHub hides the words.
    assert re.findall(r"^```\w* .*$", page.read_text("utf-8"), flags=re.MULTILINE) == []


def test_page_names_the_fields_of_a_claim_test() -> None:
    page = (ROOT / "docs" / "how-to.md").read_text("utf-8")
    (section,) = re.findall(r"^Then add a `ClaimTest`.*?\n\n", page, flags=re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`([a-z_]+)`", section)) <= {field.name for field in fields(ClaimTest)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_code_that_exists(page: Path) -> None:
    # Left out are blocks, and the files that docs/how-to.md says to write them into.
    text = re.sub(r"^(`\S+`:\n\n)?```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    rooms = "pipelines|sql|tools|tests|bench|torture|deploy"
    paths = re.findall(rf"`((?:{rooms})/[\w./-]*|[\w./-]+\.(?:py|sql))`", text)
    known = {path.name for room in rooms.split("|") for path in (ROOT / room).rglob("*.*")}
    known.add("pipelines/shipped/")  # of the wheel
    assert [path for path in paths if path not in known and not ("/" in path and (ROOT / path).exists())] == []


def test_browser_is_found_by_the_names_that_systems_give_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert paper.installed() is None
    for name in ("google-chrome", "chromium-browser", "chromium"):
        (tmp_path / name).touch(mode=0o755)
        assert paper.installed() == str(tmp_path / name)


def test_clean_keeps_what_cannot_be_made_again() -> None:
    (recipe,) = re.findall(r"^clean:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)
    removed = re.findall(r"data/(\w+)", recipe)
    assert not any(fnmatch(f"data/{settings.LOCK.name}", word) for word in recipe.split()), "somebody may hold it"
    kept = {settings.ARCHIVE, settings.RELEASES, settings.RELEASE, settings.PUBLISHED, settings.INBOX}
    assert settings.LANDING.name in removed
    assert not {path.stem for path in kept} & set(removed)


def test_every_make_target_is_described() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, flags=re.MULTILINE)
    described = set(re.findall(r"^([a-z-]+):.*## ", text, flags=re.MULTILINE))
    assert set(phony.split()) == described
