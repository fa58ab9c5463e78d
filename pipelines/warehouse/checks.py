"""Check what a table promises, whether SQL or Python makes it, and word each broken promise."""

from dataclasses import dataclass

import dataframely as dy
import duckdb
import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.schema import TableSchema
from pipelines.warehouse import database
from pipelines.warehouse.model import Check

#: Rows named of those that break a promise.
SHOWN = 5


@dataclass(frozen=True)
class Outcome:
    """What a check found: how many rows break it, and the first few worded as problems."""

    check: Check
    failing: int
    problems: list[Problem]


_WORDS = {
    "unique": "{value!r} occurs more than once",
    "not_null": "is empty",
    "in": "{value!r} is not in {check.argument}",
    "check": "{value!r} breaks “{check.argument}”",
}
_REMEDIES = {
    "unique": "Keep one row per key",
    "not_null": "Fill the field it is made from",
    "in": "Correct the spelling, or add the row it refers to",
    "check": "Correct the value",
}


def examine(connection: duckdb.DuckDBPyConnection, table: str, check: Check) -> Outcome:
    """Run one check on a table of the build."""
    failing = check.failing(table)
    (count,) = connection.execute(f"select count(*) from ({failing})").fetchall()[0]
    few = database.query(connection, f"select * from ({failing}) limit {SHOWN}") if count else pl.DataFrame()
    return Outcome(check, int(count), _problems(table, check, few))


def examine_frame(connection: duckdb.DuckDBPyConnection, table: type[TableSchema], frame: pl.DataFrame) -> list[Outcome]:
    """Check every promise of a table that Python made, of which ``frame`` are the rows as written."""
    _, failure = table.filter(frame)
    broken = failure.details() if len(failure) else frame.clear()
    outcomes = []
    for rule, check in rules(table).items():
        rows = broken.filter(pl.col(rule) == "invalid").select(frame.columns) if rule in broken.columns else frame.clear()
        outcomes.append(Outcome(check, rows.height, _problems(table.table, check, rows.head(SHOWN))))
    return outcomes + [examine(connection, table.table, check) for check in references(table)]


def require(connection: duckdb.DuckDBPyConnection, table: type[TableSchema], frame: pl.DataFrame) -> None:
    """Raise InputError unless ``frame`` keeps every promise of its table."""
    enforce(table.table, examine_frame(connection, table, table.arrange(frame)))


def enforce(table: str, outcomes: list[Outcome]) -> None:
    """Raise InputError if a promise is broken."""
    if problems := [problem for outcome in outcomes for problem in outcome.problems]:
        raise InputError(table, problems)


def rules(table: type[TableSchema]) -> dict[str, Check]:
    """Return what a declaration promises of each row, by the name that dataframely gives the rule."""
    key = table.primary_key()
    found = {"primary_key": Check("unique", ", ".join(key))} if key else {}
    for name, column in table.columns().items():
        for rule in column.validation_rules(pl.col(name)):
            found[f"{name}|{rule}"] = _check(name, rule, column)
    return found


def references(table: type[TableSchema]) -> list[Check]:
    """Return the columns whose values stand in another table."""
    return [Check("in", column, target) for column, target in table.references().items()]


def _check(name: str, rule: str, column: dy.Column) -> Check:
    kinds = {"nullability": "not_null", "unique": "unique"}
    if rule in kinds:
        return Check(kinds[rule], name)
    finite, bound = "is a finite number", getattr(column, rule, None)
    words = {"min": f">= {bound}", "max": f"<= {bound}", "regex": f"matches {bound}", "inf": finite, "nan": finite}
    return Check("check", name, f"{name} {words.get(rule, rule.removeprefix('check__'))}")


def _problems(table: str, check: Check, rows: pl.DataFrame) -> list[Problem]:
    problems = []
    for row in rows.iter_rows(named=True):
        values = [row[name] for name in check.column.split(", ")]
        problem = _WORDS[check.kind].format(value=values[0] if len(values) == 1 else values, check=check)
        if row.get("source_row") is None:  # Nothing else tells which row it is.
            problem += f" in the row {', '.join(f'{name} {value}' for name, value in row.items())}"
        file, remedy = row.get("source_file") or table, _REMEDIES[check.kind]
        problems.append(Problem(file, problem, remedy, row=row.get("source_row"), column=check.column))
    return problems
