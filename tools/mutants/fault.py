"""What a planted fault is, and how it is found again when lines have moved."""

import csv
from dataclasses import dataclass
from pathlib import Path

ACCEPTED = Path(__file__).with_name("accepted.csv")


@dataclass(frozen=True)
class Fault:
    """One change of one file: ``before`` and ``after`` are what is changed, in one line each, and ``text`` the changed file."""

    file: str
    line: int
    is_in_function: bool
    before: str
    after: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.file, self.before, self.after

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {_apart(self.before, self.after)}"


def _apart(before: str, after: str) -> str:
    """Return both texts from a little before where they differ to a little after."""
    start = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    end = next((place for place, (a, b) in enumerate(zip(before[::-1], after[::-1], strict=False)) if a != b), 0)
    end = min(end, len(before) - start, len(after) - start)
    return "  →  ".join(text[max(0, start - 50) : len(text) - max(0, end - 30)] for text in (before, after))


def accepted() -> dict[tuple[str, str, str], str]:
    """Return the faults that no test needs to notice, each with the reason."""
    with ACCEPTED.open(encoding="utf-8", newline="") as file:
        return {(row["file"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}
