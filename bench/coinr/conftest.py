"""Find COINr's results on its ASEM example."""

from pathlib import Path

import pytest

from bench.asem import GOLDEN


@pytest.fixture(scope="session")
def coinr() -> Path:
    if not GOLDEN.is_dir():
        pytest.skip("no COINr results beside the recordings")
    return GOLDEN
