"""What a release is deployed with: units without needless rights, a pinned container, and a bill of materials."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tools import sbom

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy").glob("*.service"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_units_are_exposed_by_two_of_ten_at_most(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(unit)]
    rated = subprocess.run(command, capture_output=True, text=True)
    assert rated.returncode == 0, rated.stdout[-400:] + rated.stderr
    assert "Overall exposure level" in rated.stdout


def test_services_load_the_code_location_under_the_name_that_make_ui_gives_it() -> None:
    # Dagster keeps which schedules are on by that name. A command without a target takes it from pyproject.toml, as dg does.
    texts = [path.read_text("utf-8") for path in (*UNITS, ROOT / "deploy" / "compose.yaml")]
    commands = [line for text in texts for line in re.findall(r"(?m)^(?:ExecStart=|    command: ).*dagster-\w+(.*)", text)]
    assert len(commands) == 4
    assert [
        line for line in commands if re.search(r" (-[mfw]|--(module|package|workspace|python|location|grpc)\S*)( |=|$)", line)
    ] == []


def test_web_process_sees_the_sockets_of_the_runs_that_the_daemon_started() -> None:
    """They are in /tmp, and a run is terminated by them."""
    daemon, web = (path.read_text("utf-8").splitlines() for path in UNITS)
    assert "PrivateTmp=yes" in daemon and "PrivateTmp=yes" in web
    assert "JoinsNamespaceOf=nextvalley-daemon.service" in web
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    assert all("tmp:/tmp" in service["volumes"] and "tmpfs" not in service for service in compose["services"].values())
    assert "tmp" in compose["volumes"]


def test_container_has_a_pinned_base_and_runs_as_a_user() -> None:
    lines = (ROOT / "deploy" / "Dockerfile").read_text("utf-8").splitlines()
    bases = [line for line in lines if line.startswith("FROM ")]
    assert bases
    assert [base for base in bases if not re.search(r"@sha256:[0-9a-f]{64}$", base)] == []
    users = [line.removeprefix("USER ") for line in lines if line.startswith("USER ")]
    assert users[-1] not in ("root", "0"), "what runs last runs as a user"


def test_bill_of_materials_is_valid_and_complete() -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    bill = sbom.bill(ROOT)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    assert bill == sbom.bill(ROOT)
    locked: set[str] = set()
    for lock in ROOT.glob("requirements*.lock"):
        locked |= {"==".join(found) for found in re.findall(r"(?m)^([\w.-]+)(?:\[.*\])?==(\S+)", lock.read_text("utf-8"))}
    assert {f"{one['name']}=={one['version']}" for one in bill["components"]} == locked
    required = {one["name"] for one in bill["components"] if one["scope"] == "required"}
    assert "duckdb" in required and "pytest" not in required
    assert all(one["externalReferences"][0]["hashes"] for one in bill["components"])
