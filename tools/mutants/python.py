"""Find the faults that can be planted in a Python file.

A comparison, an arithmetic or logical operator, a number or a condition is changed, a filter or a statement left out, or a
function returns None. Words, types, decorators and messages of errors are left alone: they say, and do not compute.
"""

import ast
from collections.abc import Iterator
from copy import deepcopy
from itertools import accumulate

from tools.mutants.fault import Fault

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip

#: Parts of a node that do not compute.
_SILENT = {"annotation", "returns", "decorator_list", "type_params", "bases"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

#: Arguments that check or show and change no result: of zip, of fields of a dataclass, of frames whose order does not matter.
_GUARDS = {"strict", "repr", "maintain_order"}


def faults(file: str, text: str) -> list[Fault]:
    """Return every fault that can be planted in ``text``, in the order of its lines."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    starts = [0, *accumulate(map(len, lines))]
    content = text.encode()
    planted = []
    for node, is_in_function, is_condition in _nodes(ast.parse(text), False):
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        for changed in _changes(node, is_condition):
            code = ast.unparse(changed) if isinstance(changed, ast.stmt) else f"({ast.unparse(changed)})"
            changed_text = (content[:begin] + code.encode() + content[end:]).decode()
            last = len(lines) - (node.end_lineno or node.lineno)
            before, after = (_span(of, node.lineno, last) for of in (text, changed_text))
            planted.append(Fault(file, node.lineno, is_in_function, before, after, changed_text))
    return planted


def _span(text: str, first: int, following: int) -> str:
    """Return the lines from the ``first`` on in one, without the last ``following``."""
    lines = text.splitlines()[first - 1 :]
    return " ".join(line.strip() for line in lines[: len(lines) - following])


def _nodes(node: ast.AST, is_in_function: bool, is_condition: bool = False) -> Iterator[tuple[ast.expr | ast.stmt, bool, bool]]:
    """Yield everything that computes, whether it is in a function, and whether it is a condition."""
    if isinstance(node, ast.expr | ast.stmt):
        yield node, is_in_function, is_condition
    for name, value in ast.iter_fields(node):
        if (
            name in _SILENT
            or isinstance(node, ast.JoinedStr | ast.Raise)
            or (isinstance(node, ast.keyword) and node.arg in _GUARDS)
        ):
            continue
        within = is_in_function or (isinstance(node, _FUNCTIONS) and name == "body")
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _nodes(child, within, name == "test")


def _changes(node: ast.expr | ast.stmt, is_condition: bool) -> list[ast.expr | ast.stmt]:
    """Return what may stand in place of ``node``; a condition that no other change fits becomes its opposite."""
    match node:
        case ast.Compare(ops=ops):
            return [_with_operator(node, position, _COMPARISONS[type(operator)]()) for position, operator in enumerate(ops)]
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC and not (_is_text(node.left) or _is_text(node.right)):
            return [ast.BinOp(node.left, _ARITHMETIC[type(operator)](), node.right)]
        case ast.BoolOp(op=operator):
            return [ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), node.values)]
        case ast.UnaryOp(op=ast.Not()):
            return [node.operand]
        case ast.Constant(value=bool(value)):
            return [ast.Constant(not value)]
        case ast.Constant(value=int() | float() as value):
            return [ast.Constant(_other(value))]
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            return [ast.Pass()]
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            return [ast.Return(ast.Constant(None))]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return _without_filters(node)
    return [ast.UnaryOp(ast.Not(), node)] if is_condition and isinstance(node, ast.expr) else []


def _with_operator(node: ast.Compare, position: int, operator: ast.cmpop) -> ast.expr:
    changed = deepcopy(node)
    changed.ops[position] = operator
    return changed


def _without_filters(node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> list[ast.expr | ast.stmt]:
    changes: list[ast.expr | ast.stmt] = []
    for number, generator in enumerate(node.generators):
        for condition in range(len(generator.ifs)):
            changed = deepcopy(node)
            del changed.generators[number].ifs[condition]
            changes.append(changed)
    return changes


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _other(value: float) -> float:
    """Return another number of the same kind: the next small one, ten times a large one, another share."""
    if isinstance(value, int):
        return value + 1 if value <= 10 else value * 10
    return 1.0 if value == 0 else value * 0.9 if value < 1 else value * 2
