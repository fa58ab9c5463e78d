"""Hash the project's code by what it does, so that a comment, the layout or a docstring makes nothing out of date."""

import ast
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock

#: Python 3.11 counts how deep it is in a tree for all threads together, and fails where two make one at a time.
_TURN = Lock()


def digest(files: Mapping[Path, bytes], *, with_classes: bool = True) -> str:
    """Return one hash of the contents of files: of Python what runs, of anything else its bytes.

    The docstrings ``with_classes`` are those of tables too, which are published, though no row depends on them.
    """
    parts = [
        _of_python(content, with_classes or b"class " not in content)
        if path.suffix == ".py"
        else hashlib.sha256(content).digest()
        for path, content in files.items()
    ]
    return hashlib.sha256(b"".join(parts)).hexdigest()


@cache
def _of_python(content: bytes, with_classes: bool) -> bytes:
    with _TURN:
        tree = ast.parse(content)
    _drop_docstrings(tree, (ast.Module, ast.FunctionDef) if with_classes else (ast.Module, ast.FunctionDef, ast.ClassDef))
    return hashlib.sha256(_written(tree).encode()).digest()


def _written(node: object) -> str:
    """Return a tree as text without its empty fields, of which every version of Python has others."""
    if isinstance(node, list):
        return f"[{','.join(map(_written, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = ((name, value) for name, value in ast.iter_fields(node) if value is not None and value != [])
    return f"{type(node).__name__}({','.join(f'{name}={_written(value)}' for name, value in fields)})"


def _drop_docstrings(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> None:
    """Drop the docstrings of nodes of these kinds."""
    body: list[ast.stmt] = getattr(node, "body", [])
    if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:  # type: ignore[arg-type]
        del body[0]
    for child in body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            _drop_docstrings(child, kinds)
