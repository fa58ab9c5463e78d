"""Find the sources: each module of this package with a ``SOURCE`` is one, with its record and its pure parser."""

import pkgutil
from importlib import import_module

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest.source import Source


def discover() -> tuple[Source, ...]:
    """Return the record of every module of this package that has one: what the project curates first, then by name."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    records: list[Source] = [module.SOURCE for module in modules if hasattr(module, "SOURCE")]
    return tuple(sorted(records, key=lambda source: (not source.is_curated, source.name)))


#: Every source, in the order in which they are shown.
ALL: tuple[Source, ...] = discover()


def selected() -> tuple[Source, ...]:
    """Return the sources that ``SOURCES`` names: register (the default), open, all, or names separated by commas.

    Sources whose files lie in the project always take part. ``open`` adds what may be redistributed; the others come only
    with ``all`` or by name. Raise InputError for a name that no source has.
    """
    named = [name.strip() for name in settings.SOURCES.value().split(",") if name.strip()]
    known = {source.name for source in ALL}
    unknown = [name for name in named if name not in known | {"open", "all"}]
    if unknown:
        remedy = f"Use register, open, all, or names out of {', '.join(sorted(known))}"
        raise InputError("SOURCES", [Problem(name, "is not a source", remedy) for name in unknown])
    return tuple(
        source
        for source in ALL
        if source.is_local or "all" in named or source.name in named or ("open" in named and source.licence_class == "open")
    )
