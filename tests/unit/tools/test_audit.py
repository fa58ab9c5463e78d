"""An audit that did not take place passes only where there is no network."""

import json
import runpy
import subprocess
from pathlib import Path

import pytest

MAIN = runpy.run_path(str(Path(__file__).parents[3] / ".ci" / "audit.py"))["main"]
SAFE = {"name": "a", "version": "1", "vulns": []}
BUG = {"id": "CVE-1", "fix_versions": ["2"]}


@pytest.mark.parametrize(
    ("out", "error", "code", "says"),
    [
        (json.dumps({"dependencies": [SAFE]}), "", 0, "1 of 1 packages audited, 0 vulnerabilities known"),
        (json.dumps({"dependencies": [SAFE | {"vulns": [BUG]}]}), "", 1, "a 1: CVE-1, fixed in 2"),
        ("", "Traceback\nrequests.exceptions.ConnectionError: HTTPSConnectionPool", 0, "not audited: requests.exceptions.Conn"),
        ("", "Traceback\nrequests.exceptions.ReadTimeout: read timed out", 0, "not audited: requests.exceptions.ReadTimeout"),
        ("", "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed", 0, "not audited: ERROR"),
        ("", "No module named pip_audit", 1, "not audited: No module named pip_audit"),
        ("", "error: a requirement has no hash", 1, "not audited: error: a requirement has no hash"),
        ("", "", 1, "not audited: no answer"),
    ],
)
def test_only_a_missing_network_excuses(
    out: str, error: str, code: int, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, out, error))
    assert MAIN() == code
    assert capsys.readouterr().out.startswith(says)
