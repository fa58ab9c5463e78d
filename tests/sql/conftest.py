"""What tests of the SQL share."""

from pathlib import Path

import pytest

from tests.support.list_counts import Count, counting


@pytest.fixture
def count(tmp_path: Path) -> Count:
    """Return the function that counts with one branch of the lists."""
    return counting(tmp_path)
