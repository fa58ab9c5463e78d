"""Limits that keep modules readable: length of files and functions, no private Dagster API, no SQL hidden in Python."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CODE = [path for room in ("pipelines", "tools") for path in sorted((ROOT / room).rglob("*.py"))]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40

#: Text that begins like a query.
_QUERY = re.compile(r"\s*((select|with)\b.*\bfrom\s+\w|from\s+\w+\.\w+\s)", re.IGNORECASE | re.DOTALL)


#: How the text of a string begins that may be such a query: only files with one are looked through for strings.
_MAY_BE_QUERY = re.compile(r"[\"'](\\?\s|\\[nt])*(select|with|from)\b", re.IGNORECASE)


@cache
def files() -> list[tuple[str, str, ast.Module]]:
    """Return name, text and tree of each file."""
    texts = ((path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in CODE)
    return [(name, text, ast.parse(text)) for name, text in texts]


def statements(body: Iterable[Any]) -> Iterator[Any]:
    """Yield statements and those within them; to go through expressions takes ten times as long."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from statements(getattr(statement, part, ()))


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in CODE}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    """A docstring is not counted: it may explain as much as it needs to."""
    too_long = {}
    for name, _, tree in files():
        for node in statements(tree.body):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                length = (node.end_lineno or 0) - body[0].lineno + 1
                if length > LONGEST_FUNCTION:
                    too_long[f"{name}:{node.name}"] = length
    assert too_long == {}


def test_no_private_dagster_api_is_imported() -> None:
    imports = [
        f"{name}:{node.lineno}"
        for name, _, tree in files()
        for node in statements(tree.body)
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
    for name, _, tree in (file for file in files() if _MAY_BE_QUERY.search(file[1])):
        nodes = list(ast.walk(tree))
        alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        strings = [node for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in alone]
        queries += [f"{name}:{node.lineno}" for node in strings if node.end_lineno != node.lineno and _QUERY.match(_text(node))]
    assert queries == []
