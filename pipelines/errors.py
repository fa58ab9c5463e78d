"""Define the errors a person meets when an input is bad: each says what is wrong, where, and what to do about it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Problem:
    """A bad cell, row or file of an input.

    ``row`` counts as a text editor or spreadsheet does (the header is row 1); None where the whole file is meant.
    """

    file: str
    problem: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in self.file)
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.problem}. {self.remedy}"


class InputError(Exception):
    """Report bad input from ``source``, one line per problem."""

    SHOWN = 20

    def __init__(self, source: str, problems: list[Problem]):
        self.source = source
        self.problems = problems
        shown = problems[: self.SHOWN]
        lines = [str(problem) if problem.file == source else f"{source}: {problem}" for problem in shown]
        if len(problems) > self.SHOWN:
            lines.append(f"{source}: … and {len(problems) - self.SHOWN} more problems")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type["InputError"], tuple[str, list[Problem]]]:
        """Pickle what it was made of, so that it crosses from one process to another."""
        return type(self), (self.source, self.problems)


class Refused(Exception):
    """Report content that breaks its contract. A parser sees only bytes, so ``located`` adds where they came from."""

    def __init__(self, *problems: Problem):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[type["Refused"], tuple[Problem, ...]]:
        """Pickle the problems as well, so that they cross from one process to another."""
        return type(self), self.problems

    def located(self, source: str, file: str) -> InputError:
        """Return the same problems as an error in ``file`` of ``source``."""
        return InputError(source, [replace(problem, file=file) for problem in self.problems])


def refuse(problem: str, remedy: str, row: int | None = None, column: str | None = None) -> Refused:
    """Return a refusal for a single problem, for a parser to raise."""
    return Refused(Problem("content", problem, remedy, row, column))


class FetchFailed(Exception):
    """Report that nothing was fetched: ``problem`` says why, and ``remedy`` what to do about it.

    ``is_transient``: it is likely to go away by itself within the hour.
    """

    def __init__(self, problem: str, remedy: str, *, is_transient: bool = False):
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy
        self.is_transient = is_transient

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}"


class BuildBusy(Exception):
    """Report that another process is building, so this one stops."""
