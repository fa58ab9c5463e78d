"""One module per upstream: its record and its pure parser. ``ALL`` is every source, in the order they run."""

from pipelines.source import Source
from pipelines.sources import reference, register

ALL: tuple[Source, ...] = (reference.SOURCE, register.SOURCE)
