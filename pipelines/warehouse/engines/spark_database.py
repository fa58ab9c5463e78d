"""Compare names on a Spark Connect endpoint: records go there, and only the pairs that were found come back."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from polars import selectors

from pipelines.warehouse.engines.dialect import Macro, filled_in, macro, parsed, spark_sql

#: Rows of names in a part, which give about a million pairs. By itself Splink makes a hundred parts of however few rows, and
#: each costs memory and time whatever it holds; Sail works on all of them at once.
_ROWS = 100_000


class SparkDatabase:
    """Keep every table as Parquet files in a folder, as the endpoint sees it, and a view of each in the session."""

    def __init__(self, session: Any, folder: str, **tables: pl.DataFrame):
        self._session = session
        self._folder = folder
        self._macros: dict[str, Macro] = {}
        for table, frame in tables.items():
            file = f"{folder}/{table}.parquet"
            # Not every engine knows numbers without a sign.
            frame.cast({selectors.unsigned_integer(): pl.Int64}).write_parquet(file, mkdir=True)
            rows = session.read.parquet(file)
            # A file by polars has lists of another kind than those that an engine writes, though both have one schema.
            rows.to(rows.schema).createOrReplaceTempView(table)

    def run(self, statements: str, variables: Mapping[str, object]) -> None:
        for statement in parsed(statements):
            if made := macro(statement):
                self._macros |= made
            else:
                query = filled_in(statement.expression, variables, self._macros)
                self._make(statement.this.name, spark_sql(query))

    def _make(self, table: str, query: str) -> None:
        """Make a table once, since an engine works out a view again whenever it is read."""
        rows, file = self._session.sql(query), f"{self._folder}/{table}"
        rows.write.mode("overwrite").parquet(file)
        # An engine may write no file for a table without rows, and then cannot tell its columns.
        self._session.read.schema(rows.schema).parquet(file).createOrReplaceTempView(table)

    def query(self, sql: str) -> pl.DataFrame:
        return pl.DataFrame(self._session.sql(spark_sql(parsed(sql)[0])).toArrow())

    def splink(self, table: str) -> Any:
        from splink.backends.spark import SparkAPI  # imported here because only an engine on Spark needs the packages of Spark

        return SparkAPI(
            spark_session=self._session,
            break_lineage_method="persist",  # a checkpoint is not for every endpoint
            num_partitions_on_repartition=1 + self._session.table(table).count() // _ROWS,
            register_udfs_automatically=False,  # they are in Java, and none is needed
        ).register(table)

    def condition(self, sql: str) -> str:
        return spark_sql(filled_in(parsed(sql)[0], {}, self._macros))
