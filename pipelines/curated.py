"""Folders of CSV files kept in the repository: one contract per file, and the source they make together."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import dataframely as dy
import polars as pl

from pipelines.contract import read_csv
from pipelines.source import Source, Table


@dataclass(frozen=True)
class Curated:
    """``data/<name>/<file>.csv`` for every file of ``contracts``: its schema and the range of rows expected."""

    name: str
    contracts: Mapping[str, tuple[type[dy.Schema], tuple[int, int]]]

    def parse(self, file: str, content: bytes) -> pl.DataFrame:
        """The typed rows of one file; raises InputError for what breaks its contract."""
        return read_csv(content, self.contracts[file][0], source=self.name, file=self._path(file))

    def source(self, *, title: str, licence: str, citation: str) -> Source:
        """The record of the folder as a source."""
        return Source(
            name=self.name,
            title=title,
            publisher="nextvalley",
            landing_page=f"data/{self.name}",
            licence=licence,
            licence_class="open",
            citation=citation,
            cadence="when edited",
            tables=tuple(
                Table(file, (schema.__doc__ or "").strip(), self._path(file), rows, partial(self.parse, file))
                for file, (schema, rows) in self.contracts.items()
            ),
        )

    def _path(self, file: str) -> str:
        return f"data/{self.name}/{file}.csv"
