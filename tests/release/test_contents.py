"""Every table that SQL makes of the shipped facts holds what it held when somebody last looked."""

from pathlib import Path

import pytest

from pipelines import settings
from tools import contents


def test_tables_hold_what_is_recorded(released: Path) -> None:
    made = set(contents.contents(released / "data" / settings.BUILD.name).splitlines())
    recorded = set(contents.FILE.read_text("utf-8").splitlines())
    if made != recorded:
        changed = sorted({line.split(",")[0] for line in made ^ recorded})
        pytest.fail(f"{', '.join(changed)} changed. If that was meant: `make docs`, and say so in CHANGELOG.md")
