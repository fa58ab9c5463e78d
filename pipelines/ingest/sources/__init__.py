"""Find the sources: each module of this package with a ``SOURCE`` is one, with its record and its pure parser."""

import pkgutil
from importlib import import_module

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest.recordings import shipped
from pipelines.ingest.source import Source


def discover() -> tuple[Source, ...]:
    """Return the record of every module of this package that has one: what the project curates first, then by name."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    records: list[Source] = [module.SOURCE for module in modules if hasattr(module, "SOURCE")]
    return tuple(sorted(records, key=lambda source: (not source.is_curated, source.name)))


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
