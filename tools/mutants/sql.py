"""Find the faults that can be planted in a model: a query, and the comments that document it.

A comparison or a number is changed, a join keeps more or fewer rows, a condition or the removal of duplicates is left out, an
order is turned round, a sum becomes a maximum.
"""

from collections.abc import Callable

import sqlglot
from sqlglot import exp

from tools.mutants.fault import Fault

_Change = Callable[[exp.Expr], exp.Expr | None]

#: Tables that say what the numbers of a build stand for: whatever has a number has a row there.
_NAMED = {"datasets", "counted_datasets", "entities", "areas", "units", "numbered_deals", "report_files"}

_OTHER: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.EQ: exp.NEQ, exp.NEQ: exp.EQ, exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT,
    exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Div, exp.Div: exp.Mul, exp.And: exp.Or, exp.Or: exp.And,
    exp.Min: exp.Max, exp.Max: exp.Min, exp.Sum: exp.Max,
}  # fmt: skip


def faults(file: str, text: str) -> list[Fault]:
    """Return every fault that can be planted in the query ``text``."""
    planted = []
    unchanged = sqlglot.parse_one(text, read="duckdb")
    tree = unchanged.copy()
    nodes = list(tree.walk())
    for number, original in enumerate(unchanged.walk()):
        for change in (_operator, _number, _join, _filter, _duplicates, _order, _fallback):
            if (changed := change(nodes[number])) is not None:
                before, after = _around(original), _around(changed)
                if before != after:
                    planted.append(Fault(file, _line(original), False, before, after, _documented(text, tree)))
                tree = unchanged.copy()
                nodes = list(tree.walk())
    return planted


def _around(node: exp.Expr) -> str:
    """Return a node as text, with what it is part of: a number alone would say little."""
    return (node.parent or node).sql("duckdb", comments=False)


def _line(node: exp.Expr) -> int:
    return min((int(part.meta["line"]) for part in node.walk() if "line" in part.meta), default=1)


def _documented(text: str, tree: exp.Expr) -> str:
    """Return the changed query below the comments of the file, from which the table's columns and checks are read.

    ``tree`` is of no use afterwards.
    """
    comments = [
        f"-- {line}" if "--" in line and not line.startswith("--") else line for line in text.splitlines() if "--" in line
    ]
    return "\n".join([*comments, tree.sql("duckdb", pretty=True, comments=False, copy=False), ""])


def _operator(node: exp.Expr) -> exp.Expr | None:
    # The condition of a join the other way round would pair everything with everything.
    if type(node) not in _OTHER or (isinstance(node, exp.EQ) and _above(node) is exp.Join) or _changes_nothing(node):
        return None
    return node.replace(_OTHER[type(node)](**{name: value for name, value in node.args.items() if value is not None}))


def _changes_nothing(node: exp.Expr) -> bool:
    """Return whether a factor of one is multiplied or divided by, which makes a number of a whole number."""
    return isinstance(node, exp.Mul | exp.Div) and isinstance(node.expression, exp.Literal) and float(node.expression.this) == 1


def _above(node: exp.Expr) -> type[exp.Expr] | None:
    """Return what a condition decides: a join, or which rows are kept."""
    above = node.find_ancestor(exp.Join, exp.Where, exp.Having, exp.Case, exp.Select)
    return type(above) if above else None


def _number(node: exp.Expr) -> exp.Expr | None:
    if not isinstance(node, exp.Literal) or node.is_string or node.find_ancestor(exp.DataType):
        return None
    value = float(node.this)
    case = node.find_ancestor(exp.Case, exp.Select)
    if isinstance(case, exp.Case) and _is_outcome(node):
        # Of outcomes only their order or their difference counts, so that one of them becomes the other.
        other = float(value == 0)
        if isinstance(case.parent, exp.Count):
            return None
    else:
        other = value + 1 if value <= 10 else value * 10
    return node.replace(exp.Literal.number(int(other) if other.is_integer() else other))


def _is_outcome(node: exp.Expr) -> bool:
    """Return whether a number stands alone after THEN or ELSE."""
    return (isinstance(node.parent, exp.If) and node.arg_key == "true") or (
        isinstance(node.parent, exp.Case) and node.arg_key == "default"
    )


def _join(node: exp.Expr) -> exp.Expr | None:
    """Keep rows that a join drops, or drop those that it keeps."""
    if not isinstance(node, exp.Join) or node.args.get("on") is None or node.args.get("kind") not in (None, "", "INNER", "OUTER"):
        return None
    if node.side != "LEFT" and isinstance(node.this, exp.Table) and node.this.name in _NAMED:
        return None
    changed = node.copy()
    changed.set("side", None if node.side == "LEFT" else "LEFT")
    changed.set("kind", "INNER" if node.side == "LEFT" else None)
    return node.replace(changed)


def _filter(node: exp.Expr) -> exp.Expr | None:
    """Leave out one condition on rows."""
    above = node.parent
    if not isinstance(above, exp.Where | exp.Having | exp.And) or isinstance(node, exp.And):
        return None
    return node.replace(exp.true()) if _above(node) in (exp.Where, exp.Having) else None


def _duplicates(node: exp.Expr) -> exp.Expr | None:
    """Keep duplicates."""
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        node.set("distinct", None)
        return node
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
        return node.replace(exp.Count(this=node.this.expressions[0]))
    if isinstance(node, exp.Union) and node.args.get("distinct"):
        node.set("distinct", False)
        return node
    return None


def _order(node: exp.Expr) -> exp.Expr | None:
    if not isinstance(node, exp.Ordered):
        return None
    changed = node.copy()
    changed.set("desc", not node.args.get("desc"))
    return node.replace(changed)


def _fallback(node: exp.Expr) -> exp.Expr | None:
    return node.replace(node.this.copy()) if isinstance(node, exp.Coalesce) else None
