"""The one error a person meets when an input is bad: where, what, and what to do about it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Problem:
    """One bad cell, row or file of an input.

    ``row`` counts as a text editor or spreadsheet does (the header is row 1); None where a whole file is meant.
    """

    file: str
    problem: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.problem}. {self.remedy}"


class InputError(Exception):
    """Bad input from ``source``; the message lists each problem on a line of its own."""

    SHOWN = 20

    def __init__(self, source: str, problems: list[Problem]):
        self.source = source
        self.problems = problems
        lines = [f"{source}: {problem}" for problem in problems[: self.SHOWN]]
        if len(problems) > self.SHOWN:
            lines.append(f"{source}: … and {len(problems) - self.SHOWN} more problems")
        super().__init__("\n".join(lines))


class Refused(Exception):
    """Content that breaks its contract. A parser knows bytes only, so where they came from is added by ``at``."""

    def __init__(self, *problems: Problem):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[type["Refused"], tuple[Problem, ...]]:
        """So that it comes whole from one process to another."""
        return type(self), self.problems

    def at(self, source: str, file: str) -> InputError:
        """The error a person meets: the same problems, of ``file`` of ``source``."""
        return InputError(source, [replace(problem, file=file) for problem in self.problems])


def refuse(problem: str, remedy: str, row: int | None = None, column: str | None = None) -> Refused:
    """A refusal for one problem, to be raised by a parser."""
    return Refused(Problem("content", problem, remedy, row, column))


class FetchFailed(Exception):
    """Nothing was fetched: ``problem`` says why, and ``remedy`` what to do about it.

    ``is_transient``: it may well go away by itself within the hour.
    """

    def __init__(self, problem: str, remedy: str, *, is_transient: bool = False):
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy
        self.is_transient = is_transient

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}"


class BuildBusy(Exception):
    """Another process holds the build; it goes on, this one stops."""
