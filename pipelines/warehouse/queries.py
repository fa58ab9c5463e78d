"""Read the named queries under ``sql/``, which code runs where it needs them and which make no table, and quote text for SQL."""

import re
from pathlib import Path

from pipelines import settings


def read(name: str) -> str:
    """Return the text of ``sql/<name>.sql``, for instance of ``report/ranks``."""
    return (settings.SQL / f"{name}.sql").read_text("utf-8")


def parquet(path: Path) -> str:
    """Return the name of a Parquet file as DuckDB reads it: in a path, [ * and ? stand for themselves."""
    return re.sub(r"([\[*?])", r"[\1]", path.as_posix())


def quoted(text: str) -> str:
    """Return ``text`` as an SQL literal, for statements that take no parameters, such as ATTACH, COPY and COMMENT."""
    return "'" + text.replace("'", "''") + "'"
