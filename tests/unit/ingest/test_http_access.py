"""Ask only addresses that are public, permitted by robots.txt, and whose certificate the system trusts."""

import itertools
import os
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme

from pipelines.errors import FetchFailed
from pipelines.ingest.connections import is_public
from pipelines.ingest.http import Client
from pipelines.ingest.request import Politeness, Request
from tests.support.site import Clock, Handler, Page, Site, fetch, is_public_or_this_machine, refusal

CSV = b"city,deals\nHamburg,3\n"


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


def test_a_valid_certificate_is_accepted(secure: Site) -> None:
    secure.pages["/data.csv"] = Page(CSV)
    assert fetch(secure("/data.csv")).content == CSV


@pytest.mark.parametrize("secure", ["other.example"], indirect=True)
def test_a_certificate_of_another_name_is_refused_at_once(secure: Site, clock: Clock) -> None:
    assert "no valid certificate" in refusal(secure("/data.csv")).problem
    assert (secure.seen, clock.waits) == ([], [])


def test_only_authorities_of_the_system_are_trusted(secure: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", os.environ["SSL_CERT_FILE"])
    monkeypatch.setenv("SSL_CERT_FILE", str(stranger))
    assert "no valid certificate" in refusal(secure("/data.csv")).problem
    assert secure.seen == []


def test_a_redirect_cannot_drop_encryption(secure: Site, site: Site) -> None:
    secure.pages["/old"] = Page(status=301, headers={"Location": site("/data.csv")})
    assert "unencrypted" in refusal(secure("/old")).problem
    assert site.seen == []
