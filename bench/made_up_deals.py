"""Make up deals, as many as are asked for, in the schemas of a real source."""

import shutil
from pathlib import Path
from string import Template

import duckdb

from pipelines import settings

SQL = Path(__file__).with_suffix(".sql")

#: What DuckDB may take of 4 GB: the interpreter, the packages and what DuckDB does not count come on top.
MEMORY, THREADS = "3.4GB", 2


def generate(folder: Path, deals: int) -> None:
    """Land ``deals`` rounds and all that belongs to them as Parquet in ``folder``; the same for the same number.

    The countries, kinds of rounds and exchange rates land as they are; the landings of all other sources are empty.
    """
    # Imported here: what reads and lands files is not to be measured with the models.
    from pipelines.ingest import catalogue, sources
    from pipelines.ingest.fetchers import Project
    from pipelines.ingest.landing import empty_landing, landing_path
    from pipelines.ingest.landing import land as land_table

    for source in sources.ALL:
        for table in source.tables:
            landed = empty_landing(source, table)
            if source.name == "reference" and table.name in ("countries", "rounds", "exchange_rates", "periods"):
                land_table(source, table, Project())
                landed = landing_path(source.name, table.name)
            shutil.copy(landed, folder / f"{source.name}__{table.name}.parquet")
    numbers = {"deals": deals, "companies": deals // 10, "investors": max(deals // 100, 10), "folder": folder.as_posix()}
    with duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY, "temp_directory": folder.as_posix()}) as connection:
        connection.execute(Template(SQL.read_text("utf-8")).substitute(numbers))
        catalogue.profiles().write_parquet(folder / "source_profiles.parquet")
        connection.execute("create schema landing")
        connection.execute(f"create view landing.reference__countries as from '{folder}/reference__countries.parquet'")
        countries = (settings.SQL / "core" / "countries.sql").read_text("utf-8")
        connection.execute(f"copy ({countries}) to '{folder}/countries.parquet'")
