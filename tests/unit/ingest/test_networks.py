"""Networks of real users: proxies, stand-in addresses, NAT64 and old TLS, played by servers on this machine."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipelines import settings
from pipelines.errors import FetchFailed
from pipelines.ingest.connections import fake_ips
from pipelines.ingest.http import Client
from pipelines.ingest.request import Politeness, Request
from tests.support.pages import BLOCKS
from tests.support.site import Clock, Page, Site, fetch, refusal, resolve_as

CSV = b"city,deals\nHamburg,3\n"

pytestmark = pytest.mark.usefixtures("clock")


# Proxies


def test_the_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_as(monkeypatch, {})
    monkeypatch.setenv("http_proxy", site(""))
    site.pages["http://data.example/data.csv"] = Page(CSV)
    with Client(Politeness()) as client:
        assert client.fetch(Request("http://data.example/data.csv")).content == CSV
    assert [seen.path for seen in site.seen] == ["http://data.example/robots.txt", "http://data.example/data.csv"]


@pytest.mark.parametrize("secure", ["data.example"], indirect=True)
def test_encryption_reaches_through_a_proxy(secure: Site, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_as(monkeypatch, {})
    monkeypatch.setenv("https_proxy", site(""))
    secure.pages["/data.csv"] = Page(CSV)
    with Client(Politeness()) as client:
        assert client.fetch(Request(f"https://data.example:{secure.port}/data.csv")).content == CSV
        with pytest.raises(FetchFailed, match="no valid certificate"):
            client.fetch(Request(f"https://other.example:{secure.port}/data.csv"))
    assert {(seen.method, seen.path.partition(":")[0]) for seen in site.seen} == {
        ("CONNECT", "data.example"),
        ("CONNECT", "other.example"),
    }


@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://intranet.example/", "http://169.254.169.254/latest"])
def test_no_redirect_leads_through_a_proxy_to_a_private_address(site: Site, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    resolve_as(monkeypatch, {"intranet.example": "10.0.0.2"})
    monkeypatch.setenv("http_proxy", site(""))
    site.pages["http://data.example/old"] = Page(status=302, headers={"Location": target})
    with Client(Politeness()) as client, pytest.raises(FetchFailed, match="is not on the public internet"):
        client.fetch(Request("http://data.example/old"))
    assert {urlsplit(seen.path).hostname for seen in site.seen} == {"data.example"}


def test_a_host_may_be_excepted_from_the_proxy(
    site: Site, open_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = open_site()
    monkeypatch.setenv("http_proxy", proxy(""))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    site.pages["/data.csv"] = Page(CSV)
    assert fetch(site("/data.csv")).content == CSV
    assert proxy.seen == []


def test_a_proxy_of_another_kind_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1080")
    failed = refusal(site("/data.csv"))
    assert "speaks socks5" in failed.problem
    assert "HTTPS_PROXY" in failed.remedy


# Stand-in addresses


def test_a_stand_in_address_needs_the_word_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_as(monkeypatch, {"data.example": "198.18.0.7"})
    failed = refusal("http://data.example/data.csv")
    assert "data.example (198.18.0.7) is not on the public internet" in failed.problem
    assert settings.FAKE_IP.name in failed.remedy


def test_a_name_may_lead_to_a_stand_in_address_but_no_literal(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_as(monkeypatch, {"data.example": "198.18.0.7", "intranet.example": "192.168.0.1"})
    monkeypatch.setenv(settings.FAKE_IP.name, "198.18.0.0/16")
    with Client(Politeness()) as client:
        client._adapter.check_host("https://data.example/data.csv")
        for refused in ("https://198.18.0.7/", "https://intranet.example/"):
            with pytest.raises(FetchFailed, match="is not on the public internet"):
                client._adapter.check_host(refused)


@pytest.mark.parametrize("named", ["yes", "10.0.0.0/8", "198.0.0.0/8", "fc00::/18"])
def test_only_stand_in_addresses_can_be_allowed(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(settings.FAKE_IP.name, named)
    with pytest.raises(FetchFailed, match=r"is not a network within 198\.18\.0\.0/15"):
        fake_ips()


# Old TLS

#: A ServerHello of TLS 1.2 without the extension for secure renegotiation; it chooses ECDHE-RSA-AES128-GCM-SHA256.
SERVER_HELLO = b"\x02\x00\x00\x26\x03\x03" + bytes(32) + b"\x00" + b"\xc0\x2f" + b"\x00"


@pytest.fixture
def old_server() -> Iterator[int]:
    """Yield the port of a server that does not know secure renegotiation."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    connection.sendall(b"\x16\x03\x03" + len(SERVER_HELLO).to_bytes(2) + SERVER_HELLO)
                    connection.recv(65_536)

        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]


def test_a_server_without_secure_renegotiation_is_explained(old_server: int, clock: Clock) -> None:
    failed = refusal(f"https://127.0.0.1:{old_server}/data.csv")
    assert "without secure renegotiation" in failed.problem
    assert "docs/deploy.md" in failed.remedy
    assert clock.waits == []


def test_the_documented_configuration_allows_old_tls(tmp_path: Path) -> None:
    (lines,) = (block.content for block in BLOCKS if "UnsafeLegacyServerConnect" in block.content)
    configuration = tmp_path / "openssl.cnf"
    configuration.write_text(lines + "\n")
    code = "import ssl, truststore; print(truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT).options & 4)"  # LEGACY_SERVER_CONNECT
    options = subprocess.check_output([sys.executable, "-c", code], env=settings.environment(OPENSSL_CONF=str(configuration)))
    assert int(options) == 4
