"""Publishers' rules as public clients met them: a server on this machine that plays each of them."""

import hashlib
import itertools
import re
from collections.abc import Iterator

import dataframely as dy
import polars as pl
import pytest

from pipelines import settings
from pipelines.ingest import archive
from pipelines.ingest.fetchers import Live
from pipelines.ingest.http import Client
from pipelines.ingest.request import JOINT, DocumentedApi, Politeness, Request
from pipelines.ingest.source import Get, Source, Table
from pipelines.ingest.sources.edgar.identifiers import POLITENESS as SEC
from tests.support.site import Clock, Handler, Page, Site, fetch, in_turn, is_public_or_this_machine, refusal

CSV = b"city,deals\nHamburg,3\n"
#: The SEC's pages, shortened. The first also contains words of the second.
THROTTLED = Page(
    b"<html><title>SEC.gov | Request Rate Threshold Exceeded</title>To allow for equitable access to all users, SEC reserves "
    b"the right to limit requests originating from undeclared automated tools.",
    "text/html",
    403,
)
UNDECLARED = Page(b"<html><h1>Your Request Originates from an Undeclared Automated Tool</h1>", "text/html", 403)


@pytest.fixture(autouse=True)
def contact(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.CONTACT.name, "someone@example.org")


def sec(handler: Handler) -> None:
    """Answer as the SEC does: only to ``name/version mail``."""
    is_declared = re.fullmatch(r"[\w-]+/[\d.]+ [^\s()]+@[^\s()]+", handler.headers["User-Agent"])
    (Page(CSV) if is_declared else UNDECLARED)(handler)


def test_the_sec_gets_the_user_agent_it_asks_for(site: Site) -> None:
    site.pages["/data.csv"] = sec
    assert fetch(site("/data.csv"), contact=SEC.contact).content == CSV
    failed = refusal(site("/data.csv"), contact="required")
    assert re.search(r"refuses the User-Agent nextvalley/\S+ \(someone@example\.org\) as undeclared", failed.problem)
    assert settings.CONTACT.name in failed.remedy


def test_the_sec_is_not_asked_with_a_web_page_as_contact(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.CONTACT.name, "https://example.org")
    assert "e-mail address" in refusal(site("/data.csv"), contact="e-mail").remedy
    assert site.seen == []


def test_a_throttled_host_is_left_alone_for_ten_minutes(site: Site, clock: Clock) -> None:
    site.pages["/data.csv"] = in_turn(THROTTLED, Page(CSV))
    site.pages["/other.csv"] = Page(CSV)
    assert fetch(site("/data.csv"), seconds_between=0.0).content == CSV
    first, second = site.asked("/data.csv")
    assert second.time - first.time == pytest.approx(600)


def test_a_host_that_throttles_on_is_given_up_for_now(site: Site, clock: Clock) -> None:
    site.pages["/data.csv"] = THROTTLED
    failed = refusal(site("/data.csv"))
    assert "failed 5 times, the last time with HTTP 403, too many requests" in failed.problem
    assert failed.is_transient
    times = [seen.time for seen in site.asked("/data.csv")]
    assert len(times) == 5
    assert all(later - earlier >= 600 for earlier, later in itertools.pairwise(times))


def test_an_address_may_need_a_longer_pause_than_its_source(site: Site) -> None:
    site.pages["/search"] = Page(CSV)
    fetch(Request(site("/search"), seconds_between=1.0), seconds_between=0.15)
    robots, search = site.seen
    assert search.time - robots.time == 1.0


# robots.txt


ROBOTS = Page(b"User-agent: *\nDisallow: /sparql\nDisallow: /private\nCrawl-delay: 10\n", "text/plain")


def test_of_robots_txt_only_the_delay_holds_for_a_documented_api(site: Site) -> None:
    site.pages |= {"/robots.txt": ROBOTS, "/sparql": Page(CSV), "/private": Page(CSV)}
    api = DocumentedApi(site("/sparql"), "https://example.org/manual")
    assert fetch(site("/sparql?query=x"), documented_api=api).content == CSV
    robots, asked = site.seen
    assert asked.time - robots.time == 10
    assert "disallows" in refusal(site("/private"), documented_api=api).problem
    assert "disallows" in refusal(site("/sparql")).problem


# Encryption, origin and hashes


def test_a_redirect_may_drop_encryption_on_the_same_host_only(secure: Site, site: Site) -> None:
    site.pages["/list"] = Page(CSV)
    secure.pages["/list"] = Page(status=302, headers={"Location": site("/list")})
    assert fetch(secure("/list"), allows_plain_http=True).content == CSV
    secure.pages["/list"] = Page(status=302, headers={"Location": "http://localhost.example/list"})
    assert "unencrypted" in refusal(secure("/list"), allows_plain_http=True).problem


def test_a_source_is_asked_from_the_page_it_names(site: Site) -> None:
    site.pages["/rows"] = Page(CSV)
    fetch(site("/rows"), referer="https://example.org/list")
    assert site.asked("/rows")[0].headers["referer"] == "https://example.org/list"


def test_bytes_have_the_hash_that_the_publisher_states(site: Site) -> None:
    site.pages["/dump"] = Page(CSV)
    assert fetch(Request(site("/dump"), md5=hashlib.md5(CSV).hexdigest())).content == CSV
    failed = refusal(Request(site("/dump"), md5="0" * 32))
    assert "but the publisher states 0000" in failed.problem
    assert failed.is_transient


def test_a_header_is_kept_before_the_bytes_it_describes(site: Site) -> None:
    site.pages |= {
        "/f.htm": Page(b"<html>cover</html>", "text/html", headers={"ETag": '"1"'}),
        "/f.hdr.sgml": Page(b"<SEC-HEADER>"),
    }
    request = Request(site("/f.htm"), header=site("/f.hdr.sgml"))
    with Client(Politeness(), is_reachable=is_public_or_this_machine) as client:
        reply = Live(client).fetch(request, None)
        assert reply.content == b"<SEC-HEADER>" + JOINT + b"<html>cover</html>"
        site.pages["/f.htm"] = Page(status=304)
        known = archive.Snapshot("s", "t", request.url, "live", 200, reply.headers, "", 0, "")
        assert Live(client).fetch(request, known).status == 304
    assert len(site.asked("/f.hdr.sgml")) == 1


def test_a_page_that_lists_files_is_asked_for_once_in_a_run(site: Site) -> None:
    site.pages |= {"/list": Page(b"[]", "application/json"), "/file": Page(CSV)}

    def find(get: Get) -> Iterator[Request]:
        get(Request(site("/list")))
        yield from (Request(site("/list")), Request(site("/file")))

    table = Table("t", dy.Schema, (1, 1), lambda _: pl.DataFrame(), find)
    source = Source("s", "S", "S", "https://s.example", "CC0", "open", "S", "weekly", (table,))
    with Client(Politeness(), is_reachable=is_public_or_this_machine) as client:
        origin = Live(client)
        for _ in range(2):
            assert [origin.fetch(request, None).content for request in origin.requests(source, table)] == [b"[]", CSV]
    assert (len(site.asked("/list")), len(site.asked("/file"))) == (1, 2)
