"""Read the named queries under ``sql/``: SELECTs that code runs where it needs them, and that make no table of their own."""

from pipelines import settings


def read(name: str) -> str:
    """Return the text of ``sql/<name>.sql``, for instance of ``report/ranks``."""
    return (settings.SQL / f"{name}.sql").read_text("utf-8")
