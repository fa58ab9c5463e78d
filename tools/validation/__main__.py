"""Compare the register with a folder of recordings: ``python -m tools.validation FOLDER``.

The coverage measured is written to ``data/reference/register_coverage.csv``.
"""

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipelines import settings
from pipelines.errors import InputError
from tools.validation.comparison import Report, validate


def _tables(report: Report) -> list[Table]:
    agreement = Table(title="Register against recordings", title_justify="left", box=None)
    for column in ("file", "field", "recording", "comparable", "agree", "share"):
        agreement.add_column(column, justify="right" if column in ("comparable", "agree", "share") else "left")
    for row in report.comparisons:
        agreement.add_row(row.file, row.field, row.recording, str(row.comparable), str(row.agree), f"{row.share:.0%}")
    coverage = Table(title="Coverage of the recordings by the register", title_justify="left", box=None)
    for column in ("city", "measure", "recorded", "detected", "rate"):
        coverage.add_column(column, justify="left" if column in ("city", "measure") else "right")
    for city in report.coverage.iter_rows(named=True):
        counts = city["recorded"], city["detected"]
        coverage.add_row(city["city"], city["measure"], *map(str, counts), f"{counts[1] / counts[0]:.0%}")
    return [agreement, coverage]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(f"usage: python -m tools.validation FOLDER, the folder of the recordings; got {arguments}", file=sys.stderr)
        return 2
    try:
        report = validate(Path(arguments[0]))
    except (FileNotFoundError, InputError) as error:
        print(error, file=sys.stderr)
        return 1
    Console(highlight=False).print(*_tables(report), sep="\n")
    report.coverage.write_csv(settings.REFERENCE / "register_coverage.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
