"""The portable subset of SQL: what a model must not say, so that it means the same on DuckDB, Spark and Sail.

What belongs here: the rules, each with the portable way to say it. What does not: running a model elsewhere
(``pipelines/warehouse/engines``). Several of these constructs parse everywhere and fail silently, so a parse proves nothing:
the tests compare results, and this check names the line before they have to. ``python -m tools.portable`` runs it.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from pipelines import settings
from pipelines.errors import InputError
from pipelines.warehouse.model import TABLE_FILE, branch_files, of_project, paths, sql_files

#: Table → its columns, for every table a model may read.
Columns = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Finding:
    """One construct outside the subset; printed as ``file:line: what; the portable way``."""

    file: Path
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


@dataclass(frozen=True)
class Rule:
    """A kind of node that is not portable, where ``breaks`` holds of it."""

    node: type[exp.Expr]
    what: str
    remedy: str
    breaks: Callable[[exp.Expr], bool] = lambda node: True


def _joins_by(method: str) -> Callable[[exp.Expr], bool]:
    return lambda node: node.args.get("method") == method


def _is_list(node: exp.Expr) -> bool:
    return isinstance(node, exp.RegexpSplit | exp.Split | exp.ArrayAgg | exp.ArraySort | exp.Array)


_NUMBER = "number the rows in a WITH part by `row_number() over (partition by … order by …, <a unique column>)` and keep turn 1"
_LISTED = "name the columns"

RULES = (
    Rule(exp.Qualify, "QUALIFY", f"{_NUMBER}; for large tables join on the latest row's key"),
    Rule(exp.Distinct, "DISTINCT ON", _NUMBER, lambda node: bool(node.args.get("on"))),
    Rule(exp.ArgMax, "arg_max, max_by", f"{_NUMBER}: it breaks ties, which arg_max does by chance"),
    Rule(exp.ArgMin, "arg_min, min_by", f"{_NUMBER}: it breaks ties, which arg_min does by chance"),
    Rule(exp.AnyValue, "any_value", "take min(…), which every engine chooses alike"),
    Rule(exp.First, "first", "take min(…), or number the rows: which comes first is chance"),
    Rule(exp.Last, "last", "take max(…), or number the rows: which comes last is chance"),
    Rule(exp.Join, "USING", "join `on a.key = b.key`", lambda node: bool(node.args.get("using"))),
    Rule(exp.Join, "NATURAL JOIN", "join `on a.key = b.key`", _joins_by("NATURAL")),
    Rule(exp.Join, "POSITIONAL JOIN", "join `on` a row number", _joins_by("POSITIONAL")),
    Rule(
        exp.Join,
        "ASOF JOIN",
        "join on a range whose end is `lead(valid_from) over (partition by … order by …)`",
        _joins_by("ASOF"),
    ),
    Rule(exp.In, "several columns IN a query", "join on each of them", lambda node: isinstance(node.this, exp.Tuple)),
    Rule(exp.Lambda, "a lambda", "unnest the list, work on rows, and gather them by list_sort(list(…))"),
    Rule(exp.Comprehension, "a list comprehension", "unnest the list, work on rows, and gather them by list_sort(list(…))"),
    Rule(exp.Pivot, "PIVOT or UNPIVOT", "write sum(case when … then … end) per column, or one SELECT per column and UNION ALL"),
    Rule(exp.Columns, "COLUMNS()", _LISTED),
    Rule(exp.Star, "* EXCLUDE, REPLACE or RENAME", _LISTED, lambda node: any(node.args.values())),
    Rule(exp.Group, "GROUP BY ALL", _LISTED, lambda node: bool(node.args.get("all"))),
    Rule(exp.Group, "GROUP BY a position", _LISTED, lambda node: any(isinstance(one, exp.Literal) for one in node.expressions)),
    Rule(exp.Order, "ORDER BY ALL", _LISTED, lambda node: any(isinstance(one.this, exp.Var) for one in node.expressions)),
    Rule(
        exp.SetOperation,
        "UNION BY NAME",
        "list the columns of both sides in one order",
        lambda node: bool(node.args.get("by_name")),
    ),
    Rule(
        exp.With,
        "a recursive WITH",
        "repeat the step as often as it can be needed",
        lambda node: bool(node.args.get("recursive")),
    ),
    Rule(exp.PercentileCont, "percentile_cont, quantile_cont", "median(…), or work it out in Python"),
    Rule(exp.Quantile, "quantile", "median(…), or work it out in Python"),
    Rule(
        exp.ArrayAgg,
        "a list in whatever order rows come",
        "list_sort(list(…))",
        lambda node: not isinstance(node.parent, exp.ArraySort),
    ),
    Rule(exp.GroupConcat, "string_agg", "array_to_string(list_sort(list(…)), '; ')"),
    Rule(exp.Split, "string_split", "string_split_regex(x, '[|]')"),
    Rule(exp.Length, "the length of a list", "array_length(…)", lambda node: _is_list(node.this)),
    Rule(exp.JarowinklerSimilarity, "jaro_winkler_similarity", "compare names in pipelines/resolve/names"),
    Rule(exp.Rand, "random()", "a model gives the same rows every time"),
    Rule(exp.CurrentDate, "the current date", "a model gives the same rows every time"),
    Rule(exp.CurrentTimestamp, "the current time", "a model gives the same rows every time"),
    Rule(
        exp.Anonymous,
        "now() or today()",
        "a model gives the same rows every time",
        lambda node: node.name.lower() in ("now", "today"),
    ),
)


def findings(file: Path, columns: Columns) -> list[Finding]:
    """Return what in a model file is not portable, in the order of lines.

    ``columns`` tells, of the tables that are known, whether a name is a column or only an alias beside it.
    """
    sql = file.read_text("utf-8")
    tree = _parsed(sql)
    found = [
        Finding(file, _written(rule.what, sql, _line(node)), rule.what, rule.remedy)
        for node in tree.walk()
        for rule in _rules_of(type(node))
        if rule.breaks(node)
    ]
    untyped = [*_untyped_nulls(tree)]
    typed = _typed_by_other_branches(file) if untyped else set[str]()
    found += [
        Finding(file, _line(node), "a null without a type", "cast(null as …)") for node in untyped if node.alias not in typed
    ]
    for node in _lateral_aliases(tree, columns):
        found.append(
            Finding(
                file, _line(node), f"the alias {node.name} used beside itself", "repeat the expression, or give it a WITH part"
            )
        )
    return sorted(found, key=lambda one: one.line)


@cache
def _rules_of(kind: type[exp.Expr]) -> list[Rule]:
    """Return the rules on nodes of a kind: there are far more nodes than kinds."""
    return [rule for rule in RULES if issubclass(kind, rule.node)]


@cache
def _parsed(sql: str) -> exp.Expr:
    """Return the tree of a query, which the other branches of its table ask for again."""
    return sqlglot.parse_one(sql, read="duckdb")


def _line(node: exp.Expr | None) -> int:
    """Return the line a node stands in: its own, that of what it holds, or that of what holds it."""
    while node is not None:
        lines = [one.meta["line"] for one in node.walk() if "line" in one.meta]
        if lines:
            return int(node.meta.get("line", min(lines)))
        node = node.parent
    return 1


def _written(what: str, sql: str, line: int) -> int:
    """Return the first line from ``line`` on that says ``what``, for nodes without a line of their own."""
    lines = enumerate(sql.splitlines(), start=1)
    return next((number for number, text in lines if number >= line and what.lower() in text.lower()), line)


def _untyped_nulls(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yield columns that are null in every row, of queries that give a table its types: later branches of a union do not."""
    for query in tree.find_all(exp.Select):
        if not (isinstance(query.parent, exp.SetOperation) and query.arg_key == "expression"):
            yield from (column for column in query.selects if isinstance(column.unalias(), exp.Null))


def _typed_by_other_branches(file: Path) -> set[str]:
    """Return the columns that get their type from another file of the same branch folder."""
    if not file.with_name(TABLE_FILE).exists() or file.name == TABLE_FILE:
        return set()
    others = [_parsed(other.read_text("utf-8")) for other in branch_files(file.parent) if other != file]
    selects = [column for query in others for part in query.find_all(exp.Select) for column in part.selects]
    return {column.alias_or_name for column in selects if not isinstance(column.unalias(), exp.Null)}


def _lateral_aliases(tree: exp.Expr, columns: Columns) -> Iterator[exp.Column]:
    """Return the columns that no table of their SELECT has, but a neighbouring alias."""
    for scope in traverse_scope(tree):
        if not isinstance(scope.expression, exp.Select):
            continue
        known = [_of_source(source, columns) for source in scope.sources.values()]
        if any(one is None for one in known):
            continue
        given = frozenset[str]().union(*(one for one in known if one is not None))
        aliases = {one.alias for one in scope.expression.selects if isinstance(one, exp.Alias)}
        ordered = scope.expression.args.get("order")
        for column in scope.columns:
            if column.table or column.name not in aliases - given or (ordered and column.find_ancestor(exp.Order) is ordered):
                continue
            yield column


def _of_source(source: exp.Expr | Scope, columns: Columns) -> frozenset[str] | None:
    """Return the columns of a table or a part of the query; None if they are not known."""
    if isinstance(source, exp.Table):
        return columns.get(f"{source.db}.{source.name}")
    names: set[str] = set()
    query = source.expression
    while isinstance(query, exp.SetOperation):
        query = query.this
    if not isinstance(query, exp.Select):
        return None
    inner = next((one for one in traverse_scope(source.expression) if one.expression is query), None)
    for column in query.selects:
        if column.is_star:
            wanted = column.table if isinstance(column, exp.Column) else ""
            for name, one in inner.sources.items() if inner else ():
                if wanted in ("", name):
                    found = _of_source(one, columns)
                    if found is None:
                        return None
                    names |= found
        else:
            names.add(column.alias_or_name)
    return frozenset(names)


def known_columns() -> dict[str, frozenset[str]]:
    """Return the columns of every table a model may read: of models, landings, and tables that Python makes."""
    from pipelines.ingest import sources
    from pipelines.ingest.landing import table_name
    from pipelines.orchestration.assets.schemas import ALL

    return {
        **{one.table: frozenset(column.name for column in one.columns) for one in of_project()},
        **{table.table: frozenset(table.column_names()) for table in ALL},
        **{table_name(source, table): frozenset(table.empty().columns) for source in sources.ALL for table in source.tables},
    }


def main() -> int:
    """Print what is not portable in ``sql/``; returns the number of findings."""
    try:
        columns = known_columns()
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    files = [file.relative_to(settings.SHIPPED) for path in paths(settings.SQL) for file in sql_files(path)]
    found = [finding for file in files for finding in findings(file, columns)]
    for one in found:
        print(one, file=sys.stderr)
    return len(found)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
