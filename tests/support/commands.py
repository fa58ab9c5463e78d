"""Run a command of the program and return what it prints."""

from typer.testing import CliRunner

from pipelines import cli

runner = CliRunner()


def output(*arguments: str) -> str:
    """Return what a command prints, on one line, once it has ended well and no line is wider than 80 letters."""
    result = runner.invoke(cli.app, arguments)
    assert result.exit_code == 0, result.output
    assert max(len(line) for line in result.output.splitlines()) <= 80
    return " ".join(result.output.split())
