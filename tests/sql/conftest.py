"""Fixtures for the tests of single models."""

import pytest

from tests.support import models


@pytest.fixture
def run() -> models.Run:
    """Return the function that runs a model on hand-made rows."""
    return models.run
