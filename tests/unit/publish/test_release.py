"""A publication is whole or leaves no trace, and old releases are removed."""

from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from pipelines.publish import release


def test_failed_publication_leaves_no_trace(home: Path) -> None:
    with pytest.raises(duckdb.CatalogException, match="does not exist"):
        release.publish([], [], "fingerprint")
    assert list(settings.RELEASES.iterdir()) == []
    assert not settings.PUBLISHED.exists()


def test_old_releases_are_removed_but_for_the_current_one(home: Path) -> None:
    for number in range(13):
        (settings.RELEASES / f"r{number:02}").mkdir(parents=True)
    (settings.RELEASES / ".part-x").mkdir()
    settings.RELEASE.symlink_to(Path("releases") / "r00")
    release.prune()
    left = sorted(path.name for path in settings.RELEASES.iterdir())
    assert left == [".part-x", "r00", *(f"r{number:02}" for number in range(3, 13))], "ten, and the current one"
