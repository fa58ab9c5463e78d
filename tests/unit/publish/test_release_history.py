"""The history of releases: contents may come back, for instance when a source is left out again."""

from datetime import datetime

import polars as pl

from pipelines.publish.history import ReleaseHistory

RELEASED = {"content_hash": "a", "method_version": "1.1", "country": "CN", "measure": "Readiness", "subject": "Beijing"}
PARTS = dict.fromkeys(("news", "late_data", "correction", "method"), 0.0)


def history(*moments: datetime) -> pl.DataFrame:
    rows = [RELEASED | {"made_at": moment, "rank": 1, "value": 85.0, "verdict": None} | PARTS for moment in moments]
    return pl.DataFrame(rows, ReleaseHistory.empty().schema, orient="row")


def test_contents_may_be_released_again_later() -> None:
    assert ReleaseHistory.is_valid(history(datetime(2026, 1, 1), datetime(2026, 1, 3)))


def test_one_release_stands_once() -> None:
    assert not ReleaseHistory.is_valid(history(datetime(2026, 1, 1), datetime(2026, 1, 1)))
