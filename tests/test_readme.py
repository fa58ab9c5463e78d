"""The README shows what the release says, and every command and query in it works."""

import re
import shlex
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines import cli, readme

TEXT = readme.README.read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Contents of the fenced blocks in ``language``; the empty name is a block without one."""
    fences = re.split(r"^```(.*)$", TEXT, flags=re.MULTILINE)
    # Text, opening fence, content, closing fence, text, …
    return [content for opening, content in zip(fences[1::4], fences[2::4], strict=True) if opening == language]


def test_results_are_those_of_the_release(released: Path) -> None:
    assert readme.render(TEXT) == TEXT, "run `make readme`"


@pytest.mark.parametrize("query", [one.strip() for block in blocks("sql") for one in block.split(";") if one.strip()])
def test_queries_answer(released: Path, query: str) -> None:
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as connection:
        if "since.index" in query:
            (earlier,) = (released / "data" / "releases").glob("2*/nextvalley.duckdb")
            copy = released / "earlier.duckdb"
            copy.write_bytes(earlier.read_bytes())
            connection.execute(f"attach '{copy}' as since (read_only)")
        assert connection.execute(query).fetchall()


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (readme.README.parent / "Makefile").read_text("utf-8")
    for command in re.findall(r"make (\w+)", TEXT):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


def test_commands_run(released: Path) -> None:
    commands = [line for block in blocks("") for line in block.splitlines() if "-m pipelines" in line]
    assert commands
    for command in commands:
        result = CliRunner().invoke(cli.app, shlex.split(command.split("-m pipelines")[1]))
        assert result.exit_code == 0, command
