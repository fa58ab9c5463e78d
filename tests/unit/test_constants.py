"""The constants of the rooms are as written down: a change of one is a decision, and shows in a diff."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
import polars as pl

from pipelines import settings
from tests.support import expected

ROOMS = ("ingest", "resolve", "warehouse", "index", "claims", "publish")


def test_constants_are_those_written_down() -> None:
    rows = [(module, name, value) for room in ROOMS for module, name, value in _constants(settings.CODE / room)]
    expected.compare("constants", {"constants": pl.DataFrame(rows, ["module", "name", "value"], orient="row")}, most=10_000)


def _constants(room: Path) -> Iterator[tuple[str, str, str]]:
    """Yield module, name and value of every name in capitals that a module of the room assigns."""
    for file in sorted(room.rglob("*.py")):
        name = ".".join(file.relative_to(settings.CODE.parent).with_suffix("").parts).removesuffix(".__init__")
        module = import_module(name)
        for constant in _assigned(ast.parse(file.read_text("utf-8"))):
            if (value := _plain(getattr(module, constant))) is not None:
                yield name, constant, value


def _assigned(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (
                node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name) and node.id.isupper()
            )


def _plain(value: object) -> str | None:
    """Return a value as text if it is a number or holds some; words are left to their readers, functions to other tests."""
    if isinstance(value, np.ndarray):
        value = [float(f"{number:.6g}") for number in value.ravel()]
    value = value.item() if isinstance(value, np.generic) else value
    text = repr(sorted(value) if isinstance(value, set | frozenset) else value)
    return text if _has_number(value) and " at 0x" not in text and "<class" not in text else None


def _has_number(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_number, (*value, *value.values())))
    if isinstance(value, list | tuple | set | frozenset):
        return any(map(_has_number, value))
    return isinstance(value, int | float) or (is_dataclass(value) and any(map(_has_number, vars(value).values())))
