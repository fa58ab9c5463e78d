"""Describe a source: its record, its tables, and the protocol of where its bytes come from."""

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Literal, Protocol

import dataframely as dy
import polars as pl

from pipelines.ingest import archive, contract
from pipelines.ingest.request import Politeness, Reply, Request

Get = Callable[[Request], bytes]
Find = Callable[[Get], Iterable[Request]]

#: Share of a table's rows that may break its contract, unless it says otherwise: one in a thousand.
TOLERATED = 0.001


@dataclass(frozen=True)
class Table:
    """One landing table of a source, made from one file or from several of one form.

    ``contract`` documents, types and checks its rows. ``rows`` is the range expected over all files: fewer is an
    error, more a warning, and far more an error. ``parse`` is pure: bytes of one file in, the contract's columns and
    ``source_row`` out; it raises Refused for content it does not understand. ``at`` says where the files are: fixed
    addresses (without a scheme: below the project's root), or a function that finds them by way of others, such as
    the page that links the latest file. ``is_final``: bytes at an address never change, so are fetched once. ``tolerates``:
    the share of rows that may break the contract; they are quarantined, and the others land. A larger share is no slip of
    the upstream's but a change that nobody has understood yet, and fails the table.
    """

    name: str
    contract: type[dy.Schema]
    rows: tuple[int, int]
    parse: Callable[[bytes], pl.DataFrame]
    at: tuple[str, ...] | Find
    accepts: tuple[str, ...] = ()
    is_final: bool = False
    tolerates: float = TOLERATED

    @property
    def title(self) -> str:
        """What a row is."""
        return inspect.cleandoc(self.contract.__doc__ or "").split("\n\n")[0].replace("\n", " ")

    def empty(self) -> pl.DataFrame:
        """No rows, with the columns every landed row has."""
        return with_origin(self.contract.create_empty().with_columns(pl.lit(None, pl.Int32).alias(contract.ROW)), "", "")

    def code_version(self) -> str:
        """Hash of what turns bytes into rows: the parser's module and, in turn, those of the project it takes from."""
        found: set[str] = set()
        ahead = {getattr(self.parse, "func", self.parse).__module__, self.contract.__module__}
        while ahead:
            found |= ahead
            taken = (value for name in ahead for value in vars(sys.modules[name]).values())
            names = {value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "") for value in taken}
            ahead = {name for name in names if str(name).startswith("pipelines.")} - found
        files = [Path(str(sys.modules[name].__file__)) for name in sorted(found) if hasattr(sys.modules[name], "__file__")]
        return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()


@dataclass(frozen=True)
class Source:
    """What a source says about itself; every field is published in the ``core.sources`` table.

    ``licence_class``: open (may be redistributed), terms (official or free to read, never redistributed), restricted
    (non-commercial or no licence stated: only where the user names it). ``is_local``: files of the project itself.
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
    politeness: Politeness = field(default_factory=Politeness)
    is_local: bool = False


class Origin(Protocol):
    """Where bytes come from: the network, a recording, or the project itself."""

    via: str

    def requests(self, source: Source, table: Table) -> list[Request]:
        """What to fetch for the table; empty if this origin has nothing for it."""

    def fetch(self, request: Request, last: archive.Snapshot | None) -> Reply:
        """The bytes, or status 304 if those of ``last`` are still current."""


def with_origin(frame: pl.DataFrame, url: str, sha256: str) -> pl.DataFrame:
    return frame.with_columns(pl.lit(url).alias("source_file"), pl.lit(sha256).alias("source_sha256"))
