"""Read what the published release was made from."""

import duckdb

from pipelines import settings


def input_fingerprint() -> str | None:
    """The input fingerprint of the published release; None if there is none that can be read."""
    if not settings.PUBLISHED.exists():
        return None
    try:
        with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
            ((made_from,),) = connection.execute("select input_fingerprint from core.release").fetchall()
    except duckdb.Error:
        return None
    return str(made_from)
