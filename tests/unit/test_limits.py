"""Limits that keep modules readable: length of files and functions, no private Dagster API, no SQL hidden in Python."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = [path for room in ("pipelines", "tools") for path in sorted((ROOT / room).rglob("*.py"))]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40

#: Text that begins like a query.
_QUERY = re.compile(r"\s*((select|with)\b.*\bfrom\s+\w|from\s+\w+\.\w+\s)", re.IGNORECASE | re.DOTALL)


#: What has a limit, and statements, which may be no more than a string that documents something.
_LIMITED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ImportFrom, ast.Constant, ast.JoinedStr, ast.Expr)


@cache
def files() -> list[tuple[str, list[ast.AST]]]:
    """Return the name of each file, and the nodes of its tree that have a limit."""
    trees = ((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))) for path in CODE)
    return [(name, [node for node in ast.walk(tree) if isinstance(node, _LIMITED)]) for name, tree in trees]


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in CODE}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    """A docstring is not counted: it may explain as much as it needs to."""
    too_long = {}
    for name, nodes in files():
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                length = (node.end_lineno or 0) - body[0].lineno + 1
                if length > LONGEST_FUNCTION:
                    too_long[f"{name}:{node.name}"] = length
    assert too_long == {}


def test_no_private_dagster_api_is_imported() -> None:
    imports = [
        f"{name}:{node.lineno}"
        for name, nodes in files()
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dagster._")
    ]
    assert imports == []


def _text(node: ast.AST) -> str:
    """Return the text of a string, formatted or not; empty for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_no_query_of_several_lines_stands_in_python() -> None:
    queries = []
    for name, nodes in files():
        statements = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        strings = [node for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in statements]
        queries += [f"{name}:{node.lineno}" for node in strings if node.end_lineno != node.lineno and _QUERY.match(_text(node))]
    assert queries == []
