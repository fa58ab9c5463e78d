"""Fetch from a real server on this machine that misbehaves in every way we know; all content is made up."""

import gzip
import itertools
import os
import re
import socket
import threading
import traceback
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme

from pipelines import settings
from pipelines.errors import FetchFailed
from pipelines.ingest.connections import is_public
from pipelines.ingest.http import Client
from pipelines.ingest.request import Politeness, Request, shown
from tests.support.site import Clock, Handler, Page, Raw, Site, fetch, in_turn, is_public_or_this_machine, refusal

CSV = b"city,deals\nHamburg,3\n"


# Replies


def test_reply_has_the_bytes_and_a_few_headers(site: Site) -> None:
    site.pages["/data.csv"] = Page(CSV, headers={"ETag": '"1"', "X-Other": "no"})
    reply = fetch(site("/data.csv"), accepts=("text/csv",))
    assert (reply.status, reply.content) == (200, CSV)
    assert reply.headers.keys() == {"etag", "content-type", "date"}
    assert reply.headers["etag"] == '"1"'


def test_gzip_is_requested_and_decoded(site: Site) -> None:
    packed = gzip.compress(CSV[:8]) + gzip.compress(CSV[8:])
    site.pages["/data.csv"] = Page(packed, headers={"Content-Encoding": "gzip"})
    assert fetch(site("/data.csv")).content == CSV
    assert site.asked("/data.csv")[0].headers["accept-encoding"] == "gzip"


def test_an_unrequested_encoding_is_refused(site: Site) -> None:
    site.pages["/data.csv"] = Page(CSV, headers={"Content-Encoding": "br"})
    assert "came encoded as br" in refusal(site("/data.csv")).problem


def test_unchanged_content_is_not_sent_again(site: Site) -> None:
    site.pages["/data.csv"] = Page(status=304, headers={"ETag": '"1"'})
    known = {"etag": '"1"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    reply = fetch(site("/data.csv"), accepts=("text/csv",), known=known)
    assert (reply.status, reply.content, reply.headers["etag"]) == (304, b"", '"1"')
    (seen,) = site.asked("/data.csv")
    assert (seen.headers["if-none-match"], seen.headers["if-modified-since"]) == (known["etag"], known["last-modified"])


def test_a_first_request_cannot_be_answered_unchanged(site: Site) -> None:
    site.pages["/data.csv"] = Page(status=304)
    assert "HTTP 304" in refusal(site("/data.csv")).problem


def test_a_post_carries_its_json_and_no_conditions(site: Site) -> None:
    site.pages["/api"] = Page(b"[]", "application/json")
    assert fetch(site("/api"), body='{"城市": 1}', known={"etag": '"1"'}).content == b"[]"
    (seen,) = site.asked("/api")
    assert (seen.method, seen.body.decode(), seen.headers["content-type"]) == ("POST", '{"城市": 1}', "application/json")
    assert "if-none-match" not in seen.headers


def test_a_request_is_identified_by_address_and_body() -> None:
    assert str(Request("https://a.example/x")) == "https://a.example/x"
    assert str(Request("https://a.example/x", '{"page": 2}')) == 'https://a.example/x {"page": 2}'


# Identity


def test_the_user_agent_names_project_version_and_contact(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/data.csv"] = Page(CSV)
    monkeypatch.setenv(settings.CONTACT.name, "someone@example.org")
    fetch(site("/data.csv"), contact="required")
    agents = {seen.headers["user-agent"] for seen in site.seen}
    (agent,) = agents
    assert re.fullmatch(r"nextvalley/\d+\.\d+\.\d+ \(someone@example\.org\)", agent)


def test_a_source_that_requires_a_contact_is_not_asked_without(site: Site) -> None:
    failed = refusal(site("/data.csv"), contact="required")
    assert settings.CONTACT.name in failed.remedy
    assert site.seen == []


@pytest.mark.parametrize("contact", ["someone", "a@b.example\r\nX-Injected: 1", "me (at home)"])
def test_a_malformed_contact_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    monkeypatch.setenv(settings.CONTACT.name, contact)
    assert settings.CONTACT.name in refusal(site("/data.csv")).problem
    assert site.seen == []


# Pauses and retries


def test_clients_share_the_pause_between_requests_to_a_host(site: Site) -> None:
    site.pages["/data.csv"] = Page(CSV)
    fetch(site("/data.csv"), seconds_between=2.5)
    fetch(site("/data.csv"), seconds_between=2.5)
    times = [seen.time for seen in site.seen]
    assert len(times) == 4
    assert all(later - earlier >= 2.5 for earlier, later in itertools.pairwise(times))


def test_a_crawl_delay_lengthens_the_pause(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 7\n", "text/plain")
    site.pages["/data.csv"] = Page(CSV)
    fetch(site("/data.csv"), seconds_between=0.5)
    robots, data = site.seen
    assert data.time - robots.time == 7


@pytest.mark.parametrize(
    ("status", "headers", "least"), [(429, {"Retry-After": "30"}, 30.0), (503, {"Retry-After": "soon"}, 0.5), (500, {}, 0.5)]
)
def test_a_busy_server_is_retried_after_a_pause(
    site: Site, clock: Clock, status: int, headers: dict[str, str], least: float
) -> None:
    site.pages["/data.csv"] = in_turn(Page(status=status, headers=headers), Page(CSV))
    assert fetch(site("/data.csv"), seconds_between=0.0).content == CSV
    (wait,) = clock.waits
    assert least <= wait <= max(least, 1.5)


def test_pauses_grow_until_the_last_attempt(site: Site, clock: Clock) -> None:
    site.pages["/data.csv"] = Page(status=503)
    assert "failed 5 times, the last time with HTTP 503" in refusal(site("/data.csv"), seconds_between=0.0).problem
    assert len(site.asked("/data.csv")) == 5
    assert [0.5 * 2**n <= wait <= 1.5 * 2**n for n, wait in enumerate(clock.waits)] == [True] * 4


@pytest.mark.parametrize("as_date", [False, True])
def test_a_server_that_asks_for_a_long_pause_is_left_alone(site: Site, clock: Clock, as_date: bool) -> None:
    back = datetime.now(UTC) + timedelta(hours=5)
    site.pages["/data.csv"] = Page(status=429, headers={"Retry-After": format_datetime(back) if as_date else "18000"})
    failed = refusal(site("/data.csv"), seconds_between=0.0)
    time = re.search(r"Run again after (.*) UTC", failed.remedy)
    assert time is not None
    assert abs(datetime.fromisoformat(time[1]).replace(tzinfo=UTC) - back) < timedelta(minutes=2)
    assert len(site.asked("/data.csv")) == 1
    assert clock.waits == []


# Permitted addresses


def test_robots_txt_is_obeyed_and_read_once(site: Site) -> None:
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /closed\n", "text/plain")
    site.pages["/open.csv"] = site.pages["/closed.csv"] = Page(CSV)
    with Client(Politeness(), is_reachable=is_public_or_this_machine) as client:
        client.fetch(Request(site("/open.csv")))
        with pytest.raises(FetchFailed, match=r"robots\.txt disallows .*/closed\.csv"):
            client.fetch(Request(site("/closed.csv")))
    assert [seen.path for seen in site.seen] == ["/robots.txt", "/open.csv"]


@pytest.mark.parametrize(
    ("robots", "problem"),
    [
        (Page(b"User-agent: nextvalley\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "text/plain"), "robots.txt disallows"),
        (Page(status=501), "robots.txt cannot be read"),
        (Page(status=503), "robots.txt cannot be read"),
    ],
    ids=["disallowed by name", "not implemented", "busy"],
)
def test_a_site_whose_rules_forbid_or_fail_is_left_alone(site: Site, robots: Page, problem: str) -> None:
    site.pages |= {"/robots.txt": robots, "/data.csv": Page(CSV)}
    assert problem in refusal(site("/data.csv")).problem
    assert site.asked("/data.csv") == []


def test_a_forbidden_robots_txt_means_no_rules(site: Site) -> None:
    site.pages |= {"/robots.txt": Page(status=403), "/data.csv": Page(CSV)}
    assert fetch(site("/data.csv")).content == CSV


def test_redirects_are_followed(site: Site) -> None:
    site.pages["/old"] = Page(status=301, headers={"Location": "/newer"})
    site.pages["/newer"] = Page(status=302, headers={"Location": site("/data.csv")})
    site.pages["/data.csv"] = Page(CSV)
    assert fetch(site("/old")).content == CSV


def test_a_redirect_obeys_the_rules_of_its_target(site: Site, open_site: Callable[..., Site]) -> None:
    other = open_site()
    other.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /\n", "text/plain")
    site.pages["/old"] = Page(status=301, headers={"Location": other("/data.csv")})
    assert "disallows" in refusal(site("/old")).problem
    assert [seen.path for seen in other.seen] == ["/robots.txt"]


def test_a_redirect_loop_ends(site: Site) -> None:
    site.pages["/a"] = Page(status=302, headers={"Location": "/a"})
    assert "more than 5 redirects" in refusal(site("/a")).problem
    assert len(site.asked("/a")) == 6


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("http://10.0.0.1/", "10.0.0.1 is not on the public internet"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254 is not on the public internet"),
        ("http://[fd00::1]/", "fd00::1 is not on the public internet"),
        ("file:///etc/passwd", "file:///etc/passwd is not a web address"),
        ("http://a..b/", "http://a..b/ is not a web address"),
    ],
)
def test_a_redirect_cannot_lead_to_a_private_address(site: Site, target: str, problem: str) -> None:
    site.pages["/old"] = Page(status=302, headers={"Location": target})
    assert refusal(site("/old")).problem == problem


@pytest.mark.parametrize("url", ["", "data.csv", "http://", "ftp://a.example/", "https://a.example:no/", "https://[::1/"])
def test_a_malformed_address_is_refused(url: str) -> None:
    assert refusal(url).problem == f"{url} is not a web address"


def test_a_redirected_post_keeps_its_body_or_is_refused(site: Site) -> None:
    site.pages["/kept"] = Page(status=307, headers={"Location": "/api"})
    site.pages["/lost"] = Page(status=302, headers={"Location": "/api"})
    site.pages["/api"] = Page(b"[]", "application/json")
    fetch(site("/kept"), body='{"page": 1}')
    assert "redirects a POST" in refusal(site("/lost"), body='{"page": 1}').problem
    assert [seen.body for seen in site.asked("/api")] == [b'{"page": 1}']


def test_the_body_of_a_redirect_is_not_read(site: Site) -> None:
    def endless(handler: Handler) -> None:
        Page(status=302, headers={"Location": "/data.csv", "Content-Length": "1000000000"})(handler)
        site.closing.wait(30)

    site.pages["/old"] = endless
    site.pages["/data.csv"] = Page(CSV)
    assert fetch(site("/old"), most_seconds=5.0).content == CSV


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_refused_unless_allowed(site: Site, host: str) -> None:
    with Client(Politeness()) as client, pytest.raises(FetchFailed, match="is not on the public internet"):
        client.fetch(Request(f"http://{host}:{site.port}/data.csv"))
    assert site.seen == []


def test_a_name_that_is_rebound_after_the_check_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # Looked up before the page, before robots.txt, and then by the connection itself.
    addresses = itertools.chain(["93.184.216.34"] * 2, itertools.repeat("127.0.0.1"))

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(addresses), site.port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with Client(Politeness()) as client, pytest.raises(FetchFailed, match=r"rebinding\.example \(127\.0\.0\.1\) is not"):
        client.fetch(Request(f"http://rebinding.example:{site.port}/data.csv"))
    assert site.seen == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.0.0.1", False), ("172.16.0.1", False),
        ("192.168.1.1", False), ("127.0.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("224.0.0.1", False), ("240.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False),
        ("fe80::1", False), ("fd00::1", False), ("fec0::1", False), ("ff02::1", False), ("::ffff:10.0.0.1", False),
        ("2002:a00:1::1", False), ("64:ff9b::a00:1", False), ("64:ff9b::5db8:d822", True), ("2001:db8::1", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_public(address: str, expected: bool) -> None:
    assert is_public(ip_address(address)) is expected


def test_passwords_in_files_are_ignored(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    passwords = tmp_path / "netrc"
    passwords.write_text("machine 127.0.0.1 login someone password hand-made\n")
    monkeypatch.setenv("NETRC", str(passwords))
    site.pages["/data.csv"] = Page(CSV)
    assert fetch(site("/data.csv")).content == CSV
    assert "authorization" not in site.asked("/data.csv")[0].headers


# Encryption


@pytest.mark.parametrize("secure", ["127.0.0.1"], indirect=True)
def test_a_valid_certificate_is_accepted(secure: Site) -> None:
    secure.pages["/data.csv"] = Page(CSV)
    assert fetch(secure("/data.csv")).content == CSV


@pytest.mark.parametrize("secure", ["other.example"], indirect=True)
def test_a_certificate_of_another_name_is_refused_at_once(secure: Site, clock: Clock) -> None:
    assert "no valid certificate" in refusal(secure("/data.csv")).problem
    assert (secure.seen, clock.waits) == ([], [])


@pytest.mark.parametrize("secure", ["127.0.0.1"], indirect=True)
def test_only_authorities_of_the_system_are_trusted(secure: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", os.environ["SSL_CERT_FILE"])
    monkeypatch.setenv("SSL_CERT_FILE", str(stranger))
    assert "no valid certificate" in refusal(secure("/data.csv")).problem
    assert secure.seen == []


@pytest.mark.parametrize("secure", ["127.0.0.1"], indirect=True)
def test_a_redirect_cannot_drop_encryption(secure: Site, site: Site) -> None:
    secure.pages["/old"] = Page(status=301, headers={"Location": site("/data.csv")})
    assert "unencrypted" in refusal(secure("/old")).problem
    assert site.seen == []


# Completeness, size and time

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\n" + CSV
CHUNKS = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n" + CSV + b"\r\n"
PACKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(CSV)[:-9]


@pytest.mark.parametrize("cut", [b"", LENGTH, CHUNKS, PACKED], ids=["before the reply", "length", "chunks", "gzip"])
def test_a_cut_connection_is_retried_and_never_accepted(site: Site, cut: bytes) -> None:
    site.pages["/data.csv"] = in_turn(Raw(cut), Page(CSV))
    assert fetch(site("/data.csv")).content == CSV
    site.pages["/data.csv"] = Raw(cut)
    assert "failed 5 times" in refusal(site("/data.csv")).problem


def test_a_gzip_bomb_is_stopped_while_it_expands(site: Site) -> None:
    packed = gzip.compress(bytes(50_000_000))
    site.pages["/data.csv"] = Page(packed, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    failed = refusal(site("/data.csv"), most_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "larger than 1,000,000 bytes" in failed.problem
    assert peak < 10_000_000


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nX-Header: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ],
    ids=["in the headers", "in the body", "in a body without length"],
)
def test_a_slow_drip_is_cut_off(site: Site, start: bytes) -> None:
    assert_drip_is_cut(site, start)


@pytest.mark.parametrize("secure", ["127.0.0.1"], indirect=True)
def test_an_encrypted_drip_is_cut_off_too(secure: Site) -> None:
    assert_drip_is_cut(secure, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")


def assert_drip_is_cut(site: Site, start: bytes) -> None:
    was_cut = threading.Event()

    def drip(handler: Handler) -> None:
        handler.wfile.write(start)
        try:
            for _ in range(500):
                site.closing.wait(0.01)
                handler.wfile.write(b"x")
        except OSError:
            was_cut.set()

    site.pages["/data.csv"] = drip
    assert "took longer than 0.5 seconds" in refusal(site("/data.csv"), most_seconds=0.5).problem
    assert was_cut.wait(5)
    assert len(site.asked("/data.csv")) == 1


# Data or web page


MOVED = b"\n<!-- moved --><!DOCTYPE html><title>We moved</title>"


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        (Page(MOVED, "text/html; charset=utf-8"), "is an HTML page, but text/csv or text/plain was promised"),
        (Page(MOVED, "text/csv"), "is an HTML page, but text/csv or text/plain was promised"),
        (Page(CSV, "application/pdf"), "came as application/pdf, but text/csv or text/plain was promised"),
        (Page(CSV, ""), "came as no content type, but text/csv or text/plain was promised"),
    ],
    ids=["page", "page as data", "other type", "no type"],
)
def test_another_type_than_promised_is_refused(site: Site, page: Page, problem: str) -> None:
    site.pages["/data.csv"] = page
    assert problem in refusal(site("/data.csv"), accepts=("text/csv", "text/plain")).problem


@pytest.mark.parametrize(
    "wall",
    [
        "<title>Just a moment...</title>",
        "<title>Attention Required! | Cloudflare</title>",
        "<title>安全验证</title>",
        "<script>window._cf_chl_opt = {}</script>",
        '<div class="box g-recaptcha" data-sitekey="x">',
    ],
)
@pytest.mark.parametrize("accepts", [("text/html",), ("text/csv",), ()])
def test_a_blocking_page_is_recognised(site: Site, wall: str, accepts: tuple[str, ...]) -> None:
    site.pages["/list"] = Page(f"<!DOCTYPE html><html><head>{wall}".encode(), "text/html")
    assert "blocks automated clients" in refusal(site("/list"), accepts=accepts).problem


def test_a_declared_challenge_is_not_retried(site: Site) -> None:
    site.pages["/list"] = Page(status=503, headers={"cf-mitigated": "challenge"})
    assert "blocks automated clients" in refusal(site("/list")).problem
    assert len(site.asked("/list")) == 1


def test_a_page_that_mentions_captchas_is_accepted(site: Site) -> None:
    page = b"<html><title>Prospectus</title>Just a moment, our captcha business (recaptcha) asks: are you human?"
    site.pages["/list"] = Page(page, "text/html")
    assert fetch(site("/list"), accepts=("text/html",)).content == page


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(401, "login"), (403, settings.CONTACT.name), (404, "landing page"), (410, "withdrew"), (418, "browser")],
)
def test_each_status_has_its_remedy(site: Site, status: int, remedy: str) -> None:
    site.pages["/data.csv"] = Page(status=status)
    failed = refusal(site("/data.csv"))
    assert f"HTTP {status}" in failed.problem
    assert remedy in failed.remedy
    assert len(site.asked("/data.csv")) == 1


# Secrets


@pytest.mark.parametrize(
    "page",
    [
        Page(status=404),
        Page(status=503),
        Page(status=429, headers={"Retry-After": "9999"}),
        Page(b"<html>", "text/html"),
        Page(b"x" * 2000),
        Raw(LENGTH),
        Page(status=302, headers={"Location": "http://10.0.0.1/?token=SECRET"}),
        Page(status=302, headers={"Location": "ftp://someone:SECRET@a.example/"}),
        Page(status=302, headers={"Location": "http://127.0.0.1:9/?mailto=SECRET"}),
    ],
)
def test_errors_show_no_secret(site: Site, page: Callable[[Handler], None]) -> None:
    site.pages["/data.csv"] = page
    failed = refusal(site("/data.csv?page=1&api_key=SECRET&Key=SECRET"), accepts=("text/csv",), most_bytes=1000)
    assert "SECRET" not in "".join(traceback.format_exception(failed))


def test_an_address_is_shown_without_its_secrets() -> None:
    url = "https://me:pw@a.example/x@y?page=2&key=s&token=s&api_key=s&mailto=s&keyword=w#end"
    assert shown(url) == "https://a.example/x@y?page=2&key=…&token=…&api_key=…&mailto=…&keyword=w#end"
