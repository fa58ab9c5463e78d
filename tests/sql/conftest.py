"""What tests of the SQL share."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def count(tmp_path: Path) -> Callable[..., object]:
    """Return the function that counts with one branch of the lists."""
    from tests.support.list_counts import counting

    return counting(tmp_path)
