"""Compare the register with a folder of recordings: ``python -m tools.validation FOLDER``."""

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipelines.errors import InputError
from tools.validation.comparison import Comparison, validate


def _table(comparisons: list[Comparison]) -> Table:
    shown = Table(title="Register against recordings", title_justify="left", box=None)
    for column in ("file", "field", "recording", "comparable", "agree", "share"):
        shown.add_column(column, justify="right" if column in ("comparable", "agree", "share") else "left")
    for row in comparisons:
        shown.add_row(row.file, row.field, row.recording, str(row.comparable), str(row.agree), f"{row.share:.0%}")
    return shown


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(f"usage: python -m tools.validation FOLDER, the folder of the recordings; got {arguments}", file=sys.stderr)
        return 2
    try:
        comparisons = validate(Path(arguments[0]))
    except (FileNotFoundError, InputError) as error:
        print(error, file=sys.stderr)
        return 1
    Console(highlight=False).print(_table(comparisons))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
