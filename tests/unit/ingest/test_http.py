"""Fetch from a real server on this machine that misbehaves in every way we know; all content is made up."""

import gzip
import itertools
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipelines import settings
from pipelines.ingest.request import Request
from tests.support.site import Clock, Page, Site, fetch, in_turn, refusal

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


@pytest.mark.parametrize(("pause", "is_transient"), [(180, True), (3600, True), (3601, False)])
def test_a_pause_of_an_hour_at_most_goes_away_by_itself(site: Site, pause: int, is_transient: bool) -> None:
    site.pages["/data.csv"] = Page(status=429, headers={"Retry-After": str(pause)})
    failed = refusal(site("/data.csv"), seconds_between=0.0)
    assert f"asks for a pause of {pause} seconds" in failed.problem
    assert failed.is_transient is is_transient


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
