"""Fail on known vulnerabilities of the locked packages; say so where the advisory service cannot be reached."""

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes", "--disable-pip"]
    done = subprocess.run([*command, "--format", "json", "--progress-spinner", "off"], capture_output=True, text=True)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        # Without a network there is nothing to compare with; a release is audited where there is one.
        print(f"not audited: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no answer'}")
        return 0
    skipped = [one for one in packages if "skip_reason" in one]
    found = [(one["name"], one["version"], bug["id"], bug["fix_versions"]) for one in packages for bug in one.get("vulns", [])]
    for name, version, bug, fixed in found:
        print(f"{name} {version}: {bug}, fixed in {', '.join(fixed) or 'no release yet'}")
    if len(skipped) == len(packages):
        print("not audited: the service that knows was not reached")
    else:
        print(f"{len(packages) - len(skipped)} of {len(packages)} packages audited, {len(found)} vulnerabilities known")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
