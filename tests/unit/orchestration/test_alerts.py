"""Alerts reach whoever the system trusts, and none is lost without a trace."""

import json
import logging
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest
import trustme

from pipelines import settings
from pipelines.errors import InputError, Problem
from pipelines.ingest import sources
from pipelines.ingest.landing import land, note_failure
from pipelines.ingest.sources import inbox
from pipelines.orchestration import alerts
from pipelines.orchestration.assets import landing
from pipelines.warehouse import fingerprint
from tests.support import shelf
from tests.support.site import Clock, Page, Site, trusted


@pytest.mark.parametrize(("is_trusted", "outcome"), [(True, "took the alert"), (False, "could not be reached (SSLError)")])
def test_a_webhook_of_a_private_authority_is_trusted_where_the_system_trusts_it(
    is_trusted: bool, outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(Clock(), trusted(monkeypatch, tmp_path, "127.0.0.1"))
    if not is_trusted:
        trustme.CA().cert_pem.write_to_path(str(tmp_path / "authorities.pem"))
    site.pages["/hook"] = Page()
    monkeypatch.setenv(settings.ALERT_URL.name, site("/hook"))
    try:
        assert alerts.send("title", "text") == (is_trusted, f"the webhook {outcome}")
    finally:
        site.close()
    heard = [json.loads(seen.body)["text"] for seen in site.asked("/hook")]
    assert heard == ["title\ntext"] * is_trusted


def test_a_webhook_that_sends_elsewhere_has_not_taken_the_alert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(Clock(), trusted(monkeypatch, tmp_path, "127.0.0.1"))
    site.pages |= {"/hook": Page(status=302, headers={"Location": "/other"}), "/other": Page()}
    monkeypatch.setenv(settings.ALERT_URL.name, site("/hook"))
    try:
        assert alerts.send("title", "text") == (False, "the webhook answered HTTP 302")
    finally:
        site.close()
    assert not site.asked("/other")


def test_long_alert_is_cut_where_discord_would_refuse_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(Clock(), trusted(monkeypatch, tmp_path, "127.0.0.1"))
    site.pages["/hook"] = Page()
    monkeypatch.setenv(settings.ALERT_URL.name, site("/hook"))
    longest = "x" * 1994
    try:
        assert alerts.send("title", longest) == alerts.send("title", f"{longest}yz") == (True, "the webhook took the alert")
    finally:
        site.close()
    whole, cut = (json.loads(seen.body) for seen in site.asked("/hook"))
    assert whole["content"] == whole["text"] == f"title\n{longest}"
    assert (cut["content"], cut["text"]) == (f"title\n{longest[:-1]}…", f"title\n{longest}yz")


def test_a_command_takes_what_the_locale_cannot_write(tmp_path: Path) -> None:
    """Python reads the locale once, so this takes a process of its own."""
    told = tmp_path / "told"
    changes = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", settings.ALERT_COMMAND.name: f"tee {told}"}
    code = r"from pipelines.orchestration import alerts; print(alerts.send('title', '\u522b\u540d'))"
    command = [sys.executable, "-X", "utf8=0", "-c", code]
    sent = subprocess.run(command, env=settings.environment(**changes), capture_output=True, text=True)
    assert sent.stdout == "(True, 'the command took the alert')\n", sent.stderr[-400:]
    assert told.read_text("ascii") == "title\n\\u522b\\u540d\n"


def test_an_alert_that_nobody_takes_is_in_the_log_without_the_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(settings.ALERT_URL.name, "http://127.0.0.1:9/secret")
    monkeypatch.delenv(settings.ALERT_COMMAND.name, raising=False)
    with caplog.at_level(logging.ERROR):
        alerts.send("title", "why it failed")
    assert "title\nwhy it failed\nThe alert was not delivered: the webhook could not be reached" in caplog.text
    assert "secret" not in caplog.text
    caplog.clear()
    monkeypatch.setenv(settings.ALERT_COMMAND.name, "true")
    alerts.send("title", "text")
    assert caplog.text == ""


def test_landing_of_which_no_run_is_recorded_becomes_stale_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = shelf.source(shelf.table())
    monkeypatch.setattr(sources, "ALL", (source,))
    monkeypatch.setenv("SOURCES", source.name)
    monkeypatch.setattr(fingerprint, "_code", lambda: "code")  # which takes a second to hash
    assert land(source, source.tables[0], shelf.Shelf())
    with dg.DagsterInstance.ephemeral() as instance:
        assert alerts.stale(instance, time.time()) == []
        (late, *_) = alerts.stale(instance, time.time() + 20_000 * alerts.DAY)
    assert late.startswith(f"{source.name}, {source.tables[0].name}: last landed 20000 days ago")


def test_table_that_has_nothing_to_land_any_more_is_not_stale(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "ALL", (inbox.SOURCE,))
    monkeypatch.setattr(fingerprint, "_code", lambda: "code")  # which takes a second to hash
    companies = next(table for table in inbox.SOURCE.tables if table.name == "companies")
    now = time.time() + 4 * alerts.DAY
    with dg.DagsterInstance.ephemeral() as instance:
        for key in landing.keys(inbox.SOURCE):
            instance.report_runless_asset_event(dg.AssetMaterialization(key))
        assert alerts.stale(instance, now) == [], "it was emptied, and that landed"
        note_failure(inbox.SOURCE, companies, InputError("inbox", [Problem("mine.csv", "is odd", "Mend it")]))
        (late,) = alerts.stale(instance, now)
    assert late.startswith("inbox, companies: last landed 4 days ago (when edited): inbox: mine.csv: is odd. Mend it")
