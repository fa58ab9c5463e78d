"""Change files of the register, or of the reference tables, in a test's home."""

from collections.abc import Callable
from pathlib import Path

Change = Callable[[list[str]], list[str]]


def edit(home: Path, file: str, change: Change, folder: str = "register") -> None:
    """Rewrite the lines of a file of the register, or of another folder of ``data``."""
    path = home / "data" / folder / file
    path.write_text("\n".join(change(path.read_text("utf-8").splitlines())) + "\n", "utf-8")


def replace_cell(column: int, value: str) -> Change:
    """Return the change of one cell of the first row."""

    def change(lines: list[str]) -> list[str]:
        cells = lines[1].split(",")
        cells[column] = value
        return [lines[0], ",".join(cells), *lines[2:]]

    return change


def drop_last_column(lines: list[str]) -> list[str]:
    """Leave out the last column."""
    name = lines[0].split(",")[-1]
    return [lines[0].removesuffix(f",{name}"), *(line.rsplit(",", 1)[0] for line in lines[1:])]


def drop_last_row(lines: list[str]) -> list[str]:
    """Leave out the last row."""
    return lines[:-1]


def retold(lines: list[str]) -> list[str]:
    """Say in other words where the second row is from, which changes text and no number."""
    return [*lines[:2], lines[2].replace("SINA.com", "told anew"), *lines[3:]]
