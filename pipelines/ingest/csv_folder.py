"""Turn a folder of CSV files, each with its contract, into a source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import dataframely as dy
import polars as pl

from pipelines import settings
from pipelines.errors import InputError, Problem, Refused
from pipelines.ingest.readers.text import csv_rows, read_csv
from pipelines.ingest.source import LAST_PRIORITY, Source, Subject, Table

#: Reviews of each file read others again: as many are kept as there are files, and a few changed ones.
_read_once = lru_cache(maxsize=64)(read_csv)


@dataclass(frozen=True)
class Curated:
    """Describe the files ``data/<name>/<file>.csv``: each has a contract, and a range of rows that is expected.

    ``review`` compares the rows of a file with those of others, and says what is wrong; nothing while another file cannot be
    read, which is said where that lands. No row of a curated file is ever left out: a person can mend it, so whatever is wrong
    with one stops a refresh.
    """

    name: str
    contracts: Mapping[str, tuple[type[dy.Schema], tuple[int, int]]]
    review: Callable[[str, pl.DataFrame], list[Problem]] = lambda file, frame: []

    def parse(self, file: str, content: bytes) -> pl.DataFrame:
        """Return the typed rows of a file; raise InputError for what breaks its contract."""
        try:
            return _read_once(content, self.contracts[file][0])
        except Refused as refused:
            raise refused.located(self.name, self._path(file)) from None

    def read(self, file: str) -> pl.DataFrame:
        """Return the typed rows of the home's own file; raise InputError if it is missing or breaks its contract."""
        path = settings.folder(f"data/{self.name}") / f"{file}.csv"
        if not path.is_file():
            raise InputError(self.name, [Problem(self._path(file), "the file is missing", "Restore it")])
        return self.parse(file, path.read_bytes())

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
                Table(
                    file,
                    schema,
                    rows,
                    partial(csv_rows, columns=schema.column_names()),
                    (self._path(file),),
                    tolerates=0.0,
                    review=partial(self._reviewed, file),
                )
                for file, (schema, rows) in self.contracts.items()
            ),
        )

    def _reviewed(self, file: str, frame: pl.DataFrame) -> list[Problem]:
        try:
            return self.review(file, frame)
        except InputError:
            return []

    def _path(self, file: str) -> str:
        return f"data/{self.name}/{file}.csv"
