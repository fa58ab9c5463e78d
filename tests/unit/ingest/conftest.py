"""Fixtures for tests that land a made-up source, or fetch from a server on this machine."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.ingest import http, turns
from tests.support.shelf import Shelf, parsed
from tests.support.site import Clock, Site, trusted


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(http, "time", clock)
    monkeypatch.setattr(turns, "time", clock)
    monkeypatch.setattr(turns, "_last_turn", {})
    monkeypatch.setattr(turns, "_quiet_until", {})
    proxies = ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY")
    for name in (settings.CONTACT.name, settings.FAKE_IP.name, settings.OPENALEX_KEY.name, *proxies):
        monkeypatch.delenv(name, raising=False)
    return clock


@pytest.fixture
def open_site(clock: Clock) -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def open_new(context: ssl.SSLContext | None = None) -> Site:
        sites.append(Site(clock, context))
        return sites[-1]

    yield open_new
    for site in sites:
        site.close()


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    return open_site()


@pytest.fixture
def secure(
    open_site: Callable[..., Site], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Site:
    """A site whose authority is trusted; its certificate is made out to this machine, or to the test's parameter."""
    return open_site(trusted(monkeypatch, tmp_path, getattr(request, "param", "127.0.0.1")))


@pytest.fixture
def shelf(home: Path) -> Iterator[Shelf]:
    parsed.clear()
    yield Shelf()
