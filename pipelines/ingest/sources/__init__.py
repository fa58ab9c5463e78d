"""Find the sources: each module of this package with a ``SOURCE`` is one, with its record and its pure parser."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Literal, get_args, get_origin, get_type_hints

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest.recordings import shipped
from pipelines.ingest.source import Source


def discover() -> tuple[Source, ...]:
    """Return the record of every module of this package that has one: what the project curates first, then by name.

    Raise InputError for a record whose name is not that of its module, or that states what it may not.
    """
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    modules = [module for module in modules if hasattr(module, "SOURCE")]
    if problems := [problem for module in modules for problem in _problems(module, module.SOURCE)]:
        raise InputError("sources", problems)
    records: list[Source] = [module.SOURCE for module in modules]
    return tuple(sorted(records, key=lambda source: (not source.is_curated, source.name)))


def _problems(module: ModuleType, record: Source) -> Iterator[Problem]:
    """Yield what is wrong with the record in a module."""
    name = module.__name__.rpartition(".")[2]
    file = f"pipelines/ingest/sources/{name}{'/__init__' if hasattr(module, '__path__') else ''}.py"
    if record.name != name:
        yield Problem(file, f"its source has the name {record.name!r}", f"Write name={name!r}, or rename the file")
    for named in (record.name, *(table.name for table in record.tables)):
        if not re.fullmatch("[a-z][a-z0-9_]*", named):
            yield Problem(file, f"{named!r} is not a name for a source or table", "Use lower-case letters, digits and _ only")
    for field, kind in get_type_hints(Source).items():
        value, allowed = getattr(record, field), kind
        if get_origin(kind) is tuple:
            allowed = get_args(kind)[0]
        if get_origin(allowed) is Literal:
            for stated in value if allowed is not kind else (value,):
                if stated not in get_args(allowed):
                    yield Problem(file, f"{field} {stated!r} is unknown", f"Write one of {', '.join(get_args(allowed))}")


#: Every source, in the order in which they are shown.
ALL: tuple[Source, ...] = discover()


def selected() -> tuple[Source, ...]:
    """Return the sources that ``SOURCES`` names: shipped (the default), register, open, all, or names separated by commas.

    Sources whose files lie in the project always take part. ``shipped`` adds those with a recording that ships, ``open`` what
    may be redistributed; the others come only with ``all`` or by name. Raise InputError for a name that no source has.
    """
    return tuple(source for source in ALL if source.is_local or _is_named(source) or is_read_as_shipped(source))


def is_read_as_shipped(source: Source) -> bool:
    """Return whether the source takes part through ``shipped`` alone, so that its bytes are those that ship."""
    return "shipped" in _named() and not _is_named(source) and any(line["source"] == source.name for line in shipped())


def is_named_itself(source: Source) -> bool:
    """Return whether ``SOURCES`` names the source, not only a group that it belongs to."""
    return source.name in _named()


def _is_named(source: Source) -> bool:
    named = _named()
    return "all" in named or source.name in named or ("open" in named and source.licence_class == "open")


def _named() -> set[str]:
    """Return the words of ``SOURCES``."""
    named = [name.strip() for name in settings.SOURCES.value().split(",") if name.strip()]
    known = {source.name for source in ALL}
    unknown = [name for name in named if name not in known | {"shipped", "open", "all"}]
    if unknown:
        remedy = f"Use shipped, register, open, all, or names out of {', '.join(sorted(known))}"
        raise InputError("SOURCES", [Problem(name, "is not a source", remedy) for name in unknown])
    return set(named)
