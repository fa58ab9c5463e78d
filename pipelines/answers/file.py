"""Read the published file: rows of a query, or one sentence on why there are none."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from pipelines import settings
from pipelines.publish import state

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

#: Memory for one question, and threads that it takes.
MEMORY, THREADS = "1GB", 2


class Refusal(Exception):
    """The release cannot say what was asked; the message says why, in a sentence for the reader."""


def newest() -> Path:
    """Return the file of the newest release, not the link to it, which moves on; raise Refusal if there is none to read."""
    if not settings.PUBLISHED.exists():
        raise Refusal(
            f"There is no release in {settings.HOME}. Run `make refresh` (installed: `nextvalley refresh`) first, or name the "
            f"folder that has one: {settings.HOME_FOLDER}=FOLDER."
        )
    if log := state.changes_of_others():
        raise Refusal(
            f"Somebody opened the published file for writing and left {log.name} beside it. Replace both: `make refresh`."
        )
    return settings.PUBLISHED.resolve()


def as_json(value: Any) -> Any:
    """Return a value as JSON has it, also within lists and records: text as keys, and neither infinity nor NaN."""
    if isinstance(value, dict):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def opened(file: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that only reads: it reaches no other file and no network, and its settings are locked.

    Raise Refusal if the file cannot be opened.
    """
    config: dict[str, Any] = {
        "enable_external_access": False,
        "max_temp_directory_size": "0GB",
        "memory_limit": MEMORY,
        "threads": THREADS,
        "lock_configuration": True,
    }
    try:
        return duckdb.connect(file, read_only=True, config=config)
    except duckdb.Error as error:
        remedy = "Close the program that has it open, if one does; if the file is damaged, replace it: `make refresh`."
        raise Refusal(f"{file} cannot be read ({str(error).splitlines()[0]}). {remedy}") from None


@contextmanager
def kept_open() -> Iterator[None]:
    """Keep the files that are asked open until the end: reading their catalogue takes longer than most answers."""
    if _kept.get() is not None:
        yield
        return
    files: dict[Path, duckdb.DuckDBPyConnection] = {}
    before = _kept.set(files)
    try:
        yield
    finally:
        _kept.reset(before)
        for connection in files.values():
            connection.close()


_kept: ContextVar[dict[Path, duckdb.DuckDBPyConnection] | None] = ContextVar("kept", default=None)


def rows(sql: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
    """Return rows of the published file; raise Refusal with the file's own words where it cannot answer."""

    def dictionaries(answer: duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]

    return _ask(sql, parameters, dictionaries)


def query(sql: str, parameters: list[Any] | None = None) -> "pl.DataFrame":
    """Return the same as a frame."""
    # Imported here because polars takes as long to import as a command that only reads takes to run.
    import polars as pl

    return _ask(sql, parameters, pl.DataFrame)


def _ask(sql: str, parameters: list[Any] | None, take: Callable[[duckdb.DuckDBPyRelation], T]) -> T:
    file, files = newest(), _kept.get()
    if files is not None and file not in files:
        files[file] = opened(file)
    with opened(file) as connection:
        try:
            return take(connection.sql(sql, params=parameters))
        except duckdb.InvalidInputException as error:
            raise Refusal(str(error).removeprefix("Invalid Input Error: ")) from None
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            lacks = str(error).splitlines()[0]
            raise Refusal(f"{file} is not a release that this version can read ({lacks}). Replace it: `make refresh`.") from None
        except (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException) as error:
            raise Refusal(f"{file} is damaged ({str(error).splitlines()[0]}). Replace it: `make refresh`.") from None


def named(city: str) -> str:
    """Return the name of a city as the file spells it."""
    return str(rows("select city_named($1) as city", [city])[0]["city"])
