"""Read what the published release was made from."""

import duckdb

from pipelines import settings


def _ask(sql: str) -> list[tuple[str, ...]]:
    """Return rows of the published release; none if there is no release, or none that can answer."""
    if not settings.PUBLISHED.exists():
        return []
    try:
        with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
            return connection.execute(sql).fetchall()
    except duckdb.Error:
        return []


def input_fingerprint() -> str | None:
    """The input fingerprint of the published release; None if there is none that can be read."""
    rows = _ask("select input_fingerprint from core.release")
    return rows[0][0] if rows else None


def lists() -> set[tuple[str, ...]]:
    """Return quantity and list of every list that the published release rests on; none if there is no release."""
    return set(_ask("select quantity, list from index.lists"))
