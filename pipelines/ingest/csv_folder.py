"""Turn a folder of CSV files, each with its contract, into a source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import dataframely as dy
import polars as pl

from pipelines.errors import Refused
from pipelines.ingest.readers.text import csv_rows, read_csv
from pipelines.ingest.source import LAST_PRIORITY, Source, Subject, Table


@dataclass(frozen=True)
class Curated:
    """Describe the files ``data/<name>/<file>.csv``: each has a contract, and a range of rows that is expected."""

    name: str
    contracts: Mapping[str, tuple[type[dy.Schema], tuple[int, int]]]

    def parse(self, file: str, content: bytes) -> pl.DataFrame:
        """Return the typed rows of a file; raise InputError for what breaks its contract."""
        try:
            return read_csv(content, self.contracts[file][0])
        except Refused as refused:
            raise refused.located(self.name, self._path(file)) from None

    def source(
        self, *, title: str, licence: str, citation: str, subjects: tuple[Subject, ...] = (), priority: int = LAST_PRIORITY
    ) -> Source:
        """Return the folder as a source."""
        return Source(
            name=self.name,
            title=title,
            publisher="nextvalley",
            landing_page=f"data/{self.name}",
            licence=licence,
            licence_class="open",
            citation=citation,
            cadence="when edited",
            subjects=subjects,
            priority=priority,
            is_local=True,
            is_curated=True,
            tables=tuple(
                Table(file, schema, rows, partial(csv_rows, columns=schema.column_names()), (self._path(file),))
                for file, (schema, rows) in self.contracts.items()
            ),
        )

    def _path(self, file: str) -> str:
        return f"data/{self.name}/{file}.csv"
