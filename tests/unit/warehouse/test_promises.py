"""No promise of a table is dropped, loosened or tightened unless somebody decides it."""

import pytest

from tools import promises


def test_promises_are_those_recorded() -> None:
    made, recorded = set(promises.listed().splitlines()), set(promises.FILE.read_text("utf-8").splitlines())
    if made != recorded:
        changes = [*(f"- {line}" for line in sorted(recorded - made)), *(f"+ {line}" for line in sorted(made - recorded))]
        pytest.fail("\n".join(["Promises changed. If that was meant: `python -m tools.promises`", *changes[:20]]))
