"""Find COINr's results on its ASEM example, which stand beside the recordings."""

import os
from pathlib import Path

import pytest

from pipelines import settings

RECORDINGS = Path(os.environ.get("RECORDINGS", settings.ROOT.parent / "shared" / "raw"))


@pytest.fixture(scope="session")
def coinr() -> Path:
    folder = RECORDINGS.parent / "golden" / "coinr"
    if not folder.is_dir():
        pytest.skip("no COINr results beside the recordings")
    return folder
