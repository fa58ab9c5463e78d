"""The commands read well at 80 columns and fail in one line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import cli
from pipelines.cli.console import console

runner = CliRunner(env={"COLUMNS": "80"})


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_width", 80)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["rank"],
            ["Beijing", "Shanghai", "ten points less is half as much", "ranked cities; --all", "cities of China are known"],
        ),
        (["rank", "--all"], ["Lhasa"]),
        (["claims"], ["1 ", "holds", "snowball", "† not by the same statistic"]),
        (
            ["why", "beijing"],
            ["Why Beijing", "Deals received", "a row behind it: the newest up to 2023", "from evidence('Beijing'"],
        ),
        (["why", "xi'an"], ["Why Xi'an", "from evidence('Xi''an'"]),
        (["why", "成都"], ["Why Chengdu"]),
        (["why", "San", "Francisco"], ["Why San Francisco Bay Area"]),
        (["compare", "Beijing", "San", "Francisco", "Bay", "Area"], ["Beijing and San Francisco Bay Area", "difference"]),
        (["sources"], ["register__deals", "open"]),
    ],
)
def test_commands_answer_within_80_columns(in_released: Path, arguments: list[str], words: list[str]) -> None:
    result = runner.invoke(cli.app, arguments)
    assert result.exit_code == 0, result.output
    for word in words:
        assert word in " ".join(result.output.split())
    assert max(len(line) for line in result.output.splitlines()) <= 80


def test_unchanged_refresh_says_so_and_shows_the_ranking(in_released: Path) -> None:
    result = runner.invoke(cli.app, ["refresh"])
    assert result.exit_code == 0
    assert "Nothing changed since the last release." in result.stderr
    assert "Readiness" in result.stdout
    assert "New list" not in result.stdout
    assert "data/nextvalley.duckdb" in result.stdout
    assert re.search("moe +2025-06-20 +institutions 8,309", result.stdout)
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


def test_without_a_release_the_remedy_is_named(home: Path) -> None:
    result = runner.invoke(cli.app, ["rank"])
    assert result.exit_code == 1
    assert "Run `make refresh`" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    "command", [["rank"], ["claims"], ["why", "Beijing"], ["compare", "Beijing", "Shanghai"]], ids=lambda one: one[0]
)
def test_reading_commands_do_not_import_what_builds(command: list[str], released: Path) -> None:
    """The ranking shows within the time the eye waits; Dagster alone takes seconds to import, polars as long as an answer."""
    heavy = "dagster", "dataframely", "polars", "requests", "scipy", "sqlglot", "splink", "pyspark"
    code = (
        "import sys; from pathlib import Path; from pipelines import cli, settings\n"
        f"settings.PUBLISHED = Path({str(released / 'data' / 'nextvalley.duckdb')!r})\n"
        f"cli.app({command}, standalone_mode=False)\n"
        f"print([one for one in {heavy} if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(cli.__file__).parent.parent.parent
    )
    *shown, imported = done.stdout.splitlines()
    assert any("Beijing" in line or "schools" in line for line in shown)
    assert imported == "[]"
