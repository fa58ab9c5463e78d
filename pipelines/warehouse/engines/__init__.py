"""Choose where the SQL models run and names are compared: in DuckDB, or on a Spark Connect endpoint, Apache Spark or Sail.

``ENGINE`` is duckdb (the default) or spark. ``SPARK_REMOTE`` is the endpoint, ``sc://host:port``. ``SPARK_FILES`` is a folder
or an object-store address that both the endpoint and this machine reach, by default ``data/exchange``. The models are the
same files on every engine, and every table returns to the build file with the types that DuckDB gives the query. So only
the place of computing changes, and the rest of the pipeline does not depend on the engine.
"""

from functools import cache

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.warehouse.engines.duckdb import DuckDB


def engine() -> DuckDB:
    """Return the engine that ``ENGINE`` names; raise InputError if it, or the address of Spark, is missing or wrong."""
    check()
    return _engine(
        settings.ENGINE.value(), settings.SPARK_REMOTE.value(), settings.SPARK_FILES.value() or settings.EXCHANGE.as_posix()
    )


def check() -> None:
    """Raise InputError if ``ENGINE`` names no engine, or ``SPARK_REMOTE`` no address where it has to; connect to nothing."""
    name, remote = settings.ENGINE.value(), settings.SPARK_REMOTE.value()
    if name not in ("duckdb", "spark"):
        raise InputError("ENGINE", [Problem(repr(name), "is not an engine", "Set it to duckdb or spark")])
    if name == "spark" and not remote.startswith("sc://"):
        raise InputError("SPARK_REMOTE", [Problem(repr(remote), "is not a Spark Connect endpoint", "Set it to sc://host:port")])


def setting() -> str:
    """Return the engine as the user names it and the place of its tables; another engine or place has none of them yet."""
    return " ".join(filter(None, (settings.ENGINE.value(), settings.SPARK_FILES.value())))


@cache
def _engine(name: str, remote: str, files: str) -> DuckDB:
    if name == "duckdb":
        return DuckDB()
    # Imported here because only an engine on Spark needs the packages of Spark.
    from pipelines.warehouse.engines.spark import Spark

    try:
        return Spark(remote, files)
    except ImportError as error:
        remedy = "Install the packages of the extra engines in pyproject.toml"
        raise InputError("ENGINE", [Problem("spark", f"{error.name} is missing", remedy)]) from error
