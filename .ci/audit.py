"""Fail on known vulnerabilities of the locked packages; without the network, say that nothing was audited."""

import json
import re
import subprocess
import sys
from pathlib import Path

#: What the last line of a failed audit says where the advisory service was not reached.
NO_NETWORK = re.compile(r"^requests\.exceptions\.(\w*Connection\w*|ProxyError|SSLError|\w*Timeout)\b|Could not connect to PyPI")

LOCKS = sorted((Path(__file__).parent.parent).glob("requirements*.lock"))


def main() -> int:
    options = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    for lock in LOCKS:
        options += ["--requirement", str(lock)]
    audit = subprocess.run([sys.executable, "-m", "pip_audit", *options], capture_output=True, text=True)
    try:
        packages = json.loads(audit.stdout)["dependencies"]
    except ValueError:
        # Without a network there is nothing to compare with; a release is audited where there is one.
        reason = (audit.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"not audited: {reason}")
        return 0 if NO_NETWORK.search(reason) else 1
    skipped = [package for package in packages if "skip_reason" in package]
    vulnerable = [(package, bug) for package in packages for bug in package.get("vulns", [])]
    for package, bug in vulnerable:
        fixed = ", ".join(bug["fix_versions"]) or "no release yet"
        print(f"{package['name']} {package['version']}: {bug['id']}, fixed in {fixed}")
    if len(skipped) == len(packages):
        print("not audited: the advisory service cannot be reached")
    else:
        print(f"{len(packages) - len(skipped)} of {len(packages)} packages audited, {len(vulnerable)} vulnerabilities known")
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
