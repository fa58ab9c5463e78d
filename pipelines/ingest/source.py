"""Describe a source: its record, its tables, and the protocol of where its bytes come from."""

import inspect
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Literal, Protocol

import dataframely as dy
import polars as pl

from pipelines import code
from pipelines.errors import Problem
from pipelines.ingest import archive, contract, lookups
from pipelines.ingest.request import Politeness, Reply, Request

Get = Callable[[Request], bytes]
Find = Callable[[Get], Iterable[Request]]

#: What a source can tell of.
Subject = Literal["deals", "companies", "investors", "universities", "services", "listings", "people"]

#: How a source chooses what it holds.
Completeness = Literal["sample", "census", "selection", "largest"]

#: Priority of a source that states none.
LAST_PRIORITY = 9

#: Share of a table's rows that may break its contract, unless it says otherwise: one in a thousand.
TOLERATED = 0.001


@dataclass(frozen=True)
class Parts:
    """What the files of a table stand for, such as quarters or cities, so that one of them can be fetched anew by name.

    ``of`` returns the part that the file at an address stands for; None if it stands for none.
    """

    kind: str
    of: Callable[[str], str | None]


@dataclass(frozen=True)
class Table:
    """A landing table of a source, made from one file or from several of the same form.

    ``contract`` documents, types and checks its rows. ``rows`` is the range expected over all files: fewer rows are an error,
    more a warning, and very many more an error. ``parse`` is pure: it turns the bytes of one file into the contract's columns
    and ``source_row``, and raises Refused for content it does not understand. ``addresses`` are fixed addresses (without a
    scheme: below the project's root), or a function that finds them in other pages, such as the one that links the latest
    file; none if the table is read from a recording only. ``is_final``: bytes at an address never change, so they are fetched
    once. ``tolerates``: the share of rows that may break the contract and are quarantined while the others land; beyond it the
    source has changed, and the table fails. ``review`` compares rows that keep the contract with other files of the project,
    whenever the table is landed, and returns what is wrong with them; then the table fails. ``subject``: a column that says whom
    a file is about, and the pattern of the same digits in its address, so that one file cannot stand in for another. ``parts``:
    what its files stand for, if a person may want one of them anew.
    """

    name: str
    contract: type[dy.Schema]
    rows: tuple[int, int]
    parse: Callable[[bytes], pl.DataFrame]
    addresses: tuple[str, ...] | Find
    accepts: tuple[str, ...] = ()
    is_final: bool = False
    tolerates: float = TOLERATED
    review: Callable[[pl.DataFrame], list[Problem]] | None = None
    subject: tuple[str, str] | None = None
    parts: Parts | None = None

    @property
    def title(self) -> str:
        """Return what a row is: the first paragraph of the contract's docstring."""
        return inspect.cleandoc(self.contract.__doc__ or "").split("\n\n")[0].replace("\n", " ")

    def empty(self) -> pl.DataFrame:
        """Return a frame without rows that has the columns of every landed row."""
        return with_origin(self.contract.create_empty().with_columns(pl.lit(None, pl.Int32).alias(contract.ROW)), "", "")

    def parser_version(self) -> str:
        """Return a hash of what turns bytes into rows: the code of the parser, and the reference files that it looks up."""
        modules = self.modules()
        files = [*(Path(module.__file__) for module in modules if module.__file__), *lookups.paths_of(modules)]
        return code.digest({file: file.read_bytes() for file in files})

    def modules(self) -> list[ModuleType]:
        """Return the parser's module, that of the contract, and all modules of the project they use."""
        used: set[str] = set()
        new = {getattr(self.parse, "func", self.parse).__module__, self.contract.__module__}
        while new:
            used |= new
            values = [value for name in new for value in vars(sys.modules[name]).values()]
            names = {value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "") for value in values}
            new = {name for name in names if str(name).startswith("pipelines.")} - used
        return [sys.modules[name] for name in sorted(used)]


def fixed_table(
    name: str,
    contract: type[dy.Schema],
    rows: int,
    parse: Callable[[bytes], pl.DataFrame],
    addresses: tuple[str, ...],
    accepts: tuple[str, ...] = (),
) -> Table:
    """Return a table whose files never change, so that the number of its rows is known."""
    return Table(name, contract, (rows, rows), parse, addresses, accepts, is_final=True)


@dataclass(frozen=True)
class Source:
    """The record of a source: who publishes it, under which licence, and what it can tell.

    ``licence_class``: open (may be redistributed), terms (official or free to read, never redistributed), restricted
    (non-commercial or no licence stated: only where the user names it). ``subjects``: the common tables it has rows in; each
    has a mapping file of the source's name. ``priority``: where sources differ, the one with the lowest number is preferred.
    ``is_worldwide``: it covers all countries equally, so that places in different countries may be compared by it.
    ``completeness``: sample (a place it does not name has little of what it counts), census (it counts nearly all), selection
    (it names only some places, and tells nothing of the others), largest (it counts in full the places that have most, and
    the others have less). ``family``: sources that copy each other, and so overlook the same places, share a name; by
    default, sources whose facts were collected by the same publisher do.
    ``is_local``: its files lie in the project's folder. ``is_curated``: the project maintains it, so an error in it stops a
    refresh.
    """

    name: str
    title: str
    publisher: str
    landing_page: str
    licence: str
    licence_class: Literal["open", "terms", "restricted"]
    citation: str
    cadence: Literal["once", "when edited", "daily", "weekly", "monthly", "quarterly", "yearly"]
    tables: tuple[Table, ...]
    subjects: tuple[Subject, ...] = ()
    priority: int = LAST_PRIORITY
    is_worldwide: bool = False
    completeness: Completeness = "sample"
    family: str = ""
    politeness: Politeness = field(default_factory=Politeness)
    is_local: bool = False
    is_curated: bool = False

    @property
    def collected_by(self) -> str:
        """Return who collected the facts: the publisher, without what follows on the way they came."""
        return re.split(r", by way of |;", self.publisher)[0]


class Origin(Protocol):
    """Supply bytes: from the network, from a recording, or from the project itself."""

    via: str

    def requests(self, source: Source, table: Table, /) -> Iterable[Request]:
        """Return what to fetch for the table, found while it is iterated; nothing if this origin has nothing for it."""

    def fetch(self, request: Request, last: archive.Snapshot | None, /) -> Reply:
        """Return the bytes, or status 304 if those of ``last`` are still current."""


def with_origin(frame: pl.DataFrame, url: str, sha256: str) -> pl.DataFrame:
    """Add the columns that say which bytes, from which address, the rows come from."""
    return frame.with_columns(pl.lit(url).alias("source_file"), pl.lit(sha256).alias("source_sha256"))
