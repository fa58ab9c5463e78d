"""What tests of a release share: a server on this machine."""

from collections.abc import Iterator

import pytest

from tests.support.site import Clock, Site


@pytest.fixture
def site() -> Iterator[Site]:
    """Yield a server that answers as the test says."""
    site = Site(Clock())
    yield site
    site.close()
