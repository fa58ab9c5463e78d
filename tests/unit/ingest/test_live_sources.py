"""Every open source lands from its publisher in one run, with a contact and no other setting."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.ingest import sources
from pipelines.ingest.fetchers import origin_of
from pipelines.ingest.landing import land
from tests.support.internet import HOSTS, Internet
from tests.support.site import Clock, resolve_as, trusted

pytestmark = pytest.mark.slow


@pytest.fixture
def internet(clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Internet]:
    """Answer for all publishers, reached through a proxy, so that their real addresses are asked."""
    publishers = Internet(clock, trusted(monkeypatch, tmp_path, *HOSTS))
    proxy = Internet(clock)
    proxy.tunnel_port = publishers.port
    monkeypatch.setenv("https_proxy", proxy(""))
    monkeypatch.setenv("http_proxy", proxy(""))
    resolve_as(monkeypatch, {})
    yield publishers
    proxy.close()
    publishers.close()


def test_every_open_source_lands_with_a_contact_alone(home: Path, internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.SOURCES.name, "open")
    monkeypatch.setenv(settings.CONTACT.name, "someone@example.org")
    landed = {}
    for source in sources.selected():
        if source.is_local:
            continue
        with origin_of(source) as origin:
            for table in source.tables:
                result = land(source, table, origin)
                assert result is not None
                landed[f"{source.name}.{table.name}"] = (result.rows, [row for row in result.quarantined if not row.is_kept])
    assert {source.partition(".")[0] for source in landed} == {
        source.name for source in sources.ALL if source.licence_class == "open" and not source.is_local
    }
    assert {name: quarantined for name, (_, quarantined) in landed.items() if quarantined} == {}
    times = [seen.time for seen in internet.seen if seen.headers["host"] == "zenodo.org"]
    assert all(later - earlier >= 10 for earlier, later in pairwise(times))
    documents = Counter(seen.path for seen in internet.seen if seen.path.startswith("/Archives"))
    assert documents and set(documents.values()) == {1}, "both tables of edgar_covers read them, and they never change"
