"""Read what the published release was made from."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines import settings

#: Form of the time that the name of a release begins with.
TIME = "%Y%m%dT%H%M%SZ"


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
    """Return the input fingerprint of the published release; None if none can be read, or if others changed it."""
    if changes_of_others() is not None:
        return None
    rows = _ask("select input_fingerprint from core.release")
    return rows[0][0] if rows else None


def changes_of_others() -> Path | None:
    """Return the write-ahead log of somebody who opened the published file for writing; readers would take its changes up."""
    file = settings.PUBLISHED.resolve()
    log = file.with_name(f"{file.name}.wal")
    return log if log.exists() else None


def moment() -> datetime:
    """Return the present, UTC, or a second after the newest release if the clock was set back: releases are ordered by it."""
    now = datetime.now(UTC).replace(tzinfo=None)
    names = [path.name for path in settings.RELEASES.iterdir()] if settings.RELEASES.is_dir() else []
    times = [match[0] for name in names if (match := re.match(r"[0-9]{8}T[0-9]{6}Z", name))]
    return max([now, *(datetime.strptime(time, TIME) + timedelta(seconds=1) for time in times)])


def lists() -> set[tuple[str, ...]]:
    """Return quantity and list of every list that the published release rests on; empty if there is none."""
    return set(_ask("select quantity, list from index.lists"))


def scores() -> dict[tuple[str, str, str], float]:
    """Return scope, measure and city → score of the published release; empty if there is none."""
    rows = _ask("select h.scope, r.measure, r.city, r.score from index.ranking as r, index.headline as h")
    return {(scope, measure, city): float(score) for scope, measure, city, score in rows}
