"""Hash the project's code by what it does, so that a comment, the layout or a docstring makes nothing out of date."""

import ast
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock

#: Python 3.11 counts how deep it is in a tree for all threads together, and fails where two make one at a time.
_TURN = Lock()


def digest(files: Mapping[Path, bytes]) -> str:
    """Return one hash of the contents of files: of Python what runs, of anything else its bytes."""
    parts = [_of_python(content) if path.suffix == ".py" else hashlib.sha256(content).digest() for path, content in files.items()]
    return hashlib.sha256(b"".join(parts)).hexdigest()


@cache
def _of_python(content: bytes) -> bytes:
    with _TURN:
        tree = ast.parse(content)
    _drop_docstrings(tree)
    return hashlib.sha256(ast.dump(tree).encode()).digest()


def _drop_docstrings(node: ast.AST) -> None:
    """Drop the docstrings of modules and functions; that of a class stays, since a table's is published with it."""
    body: list[ast.stmt] = getattr(node, "body", [])
    if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None:
        del body[0]
    for child in body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            _drop_docstrings(child)
