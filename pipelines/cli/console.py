"""What the commands share: the application, its console, and rows of the published file as a table, JSON or CSV."""

import csv
import io
import json
import os
import sys
import textwrap
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from pipelines import __version__
from pipelines.answers import file
from pipelines.errors import InputError
from pipelines.index import BENCHMARK, METHOD_VERSION
from pipelines.publish import texts
from pipelines.publish.texts import say


class _Application(typer.Typer):
    """The commands. Bad input that a command does not expect, such as a setting, ends it with its message alone."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        try:
            return super().__call__(*arguments, **options)
        except InputError as error:
            fail(str(error))
            raise SystemExit(1) from None


app = _Application(
    help="Run the refresh, or read the published file and print tables that fit 80 columns.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _say_version(is_asked: bool) -> None:
    if is_asked:
        console.print(f"nextvalley {__version__}, index method {METHOD_VERSION}")
        raise typer.Exit


@app.callback()
def _begin(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version of package and method.")
    ] = False,
) -> None:
    context.with_resource(file.kept_open())


class _Console(Console):
    """A console whose reader may leave before the end, as `head` does."""

    def on_broken_pipe(self) -> None:
        """End without an error; nothing more can be written, not even by Python on its way out."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)


# Half of what is printed is not ASCII. A terminal that takes nothing else gets it escaped, not an error.
for _stream in (sys.stdout, sys.stderr):
    if isinstance(_stream, io.TextIOWrapper):
        _stream.reconfigure(errors="backslashreplace")

# No text has the code of an emoji, whose table takes long to load.
console = _Console(highlight=False, emoji=False)
# In fewer columns numbers would be cut without a sign; a narrower terminal wraps the lines itself.
console.width = max(console.width, 80)
errors = Console(stderr=True, highlight=False, emoji=False)

#: Rows of the published file.
Rows = list[dict[str, Any]]

Json = Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print the rows as CSV.")]


def _speak(context: typer.Context, code: str) -> str:
    """Let the command say its texts in a language, with the names of cities in it."""
    if code not in texts.LANGUAGES:
        raise typer.BadParameter(f"{code!r} is not among {', '.join(texts.LANGUAGES)}")
    if code != "en" and not context.resilient_parsing:
        named = query("select city, city_zh from core.cities where city_zh is not null")
        chinese = {row["city"]: row["city_zh"] for row in named}
        context.with_resource(texts.language(code, chinese | {BENCHMARK: texts.chinese()[BENCHMARK]}))
    return code


Lang = Annotated[str, typer.Option("--lang", callback=_speak, help="Language of what is printed: en, or zh for 中文.")]
Year = Annotated[int | None, typer.Option("--year", help="A year that has scores; the headline year if none is given.")]


def fail(message: str) -> typer.Exit:
    """Print a message as an error and return the exit to raise."""
    errors.print(message, style="red", markup=False)
    return typer.Exit(1)


def query(sql: str, parameters: list[Any] | None = None) -> Rows:
    """Return rows of the published file; end with the file's own words where it cannot answer."""
    try:
        return file.rows(sql, parameters)
    except file.Refusal as refusal:
        raise fail(str(refusal)) from None


def written(rows: Rows, as_json: bool, as_csv: bool) -> bool:
    """Write the rows as JSON or CSV if one of them is asked for; return whether it was. End with an error if both are.

    A reader of another language finds the names of cities in it beside those of the file.
    """
    if as_json and as_csv:
        raise fail("--json and --csv exclude each other: ask for one.")
    if texts.spoken() != "en":
        rows = [_with_name(row) for row in rows]
    if as_json:
        _write(json.dumps(file.as_json(rows), ensure_ascii=False, indent=1, default=str) + "\n")
    elif as_csv:
        text = io.StringIO()
        lines = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
        lines.writeheader()
        lines.writerows({name: _plain(value) for name, value in row.items()} for row in rows)
        _write(text.getvalue())
    return as_json or as_csv


def _with_name(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the name of its city in the language of the reader after that of the file, if it has a city."""
    named: dict[str, Any] = {}
    for column, value in row.items():
        named[column] = value
        if column == "city":
            named[f"city_{texts.spoken()}"] = texts.city_name(value)
    return named


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _write(text: str) -> None:
    try:
        typer.echo(text, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        console.on_broken_pipe()


def table(title: str, *columns: str) -> Table:
    """Return a table without lines; > before a column's name sets it to the right, where it is not wrapped."""
    made = Table(title=title, title_justify="left", box=None)
    for column in columns:
        is_right, english = column.startswith(">"), column.removeprefix(">")
        heading = english if texts.spoken() == "en" else _translated(english)
        made.add_column(heading, justify="right" if is_right else "left", no_wrap=is_right, overflow="fold")
    return made


def _translated(heading: str) -> str:
    """Return a heading in the language of the reader. One of two lines is one in the catalogue, and divided again here."""
    one = heading.replace("\n", " ")
    if "\n" not in heading or one not in texts.chinese():
        return say(heading)
    said = say(one)
    end = said.find("（") if "（" in said else (len(said) + 1) // 2
    return f"{said[:end]}\n{said[end:]}"


def in_lines(name: str, width: int) -> str:
    """Return a name of a place in lines of so many letters, for a heading; a longer word is divided in the middle."""
    lines = []
    for line in textwrap.wrap(name, width, break_long_words=False):
        half = (len(line) + 1) // 2
        lines += [line] if len(line) <= width else [f"{line[:half]}-", line[half:]]
    return "\n".join(lines)


def number(value: float | None, digits: int = 1) -> str:
    """Return a number with so many decimals, or a dash."""
    # Zero is added to what is rounded to -0.
    return "–" if value is None else f"{round(value, digits) + 0.0:,.{digits}f}"


def note(text: str) -> None:
    """Print a remark under a table."""
    console.print(text, style="dim", markup=False)
