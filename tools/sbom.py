"""Write the bill of materials of a release as CycloneDX: every locked package with its version and hashes.

``python -m tools.sbom FILE``. Packages of ``requirements.lock`` are required; those of the other locks come with an extra.
"""

import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any

from pipelines import __version__, settings

#: The line of a lock that names a package.
PACKAGE = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,.-]+\])?==(?P<version>[\w.+!-]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(folder: Path) -> dict[str, Any]:
    """Return the bill of materials of the locks in ``folder``; the same locks give the same bill."""
    components: dict[str, dict[str, Any]] = {}
    for lock in sorted(folder.glob("requirements*.lock"), key=lambda path: (path.name != "requirements.lock", path.name)):
        scope = "required" if lock.name == "requirements.lock" else "optional"
        for component in _components(lock.read_text("utf-8"), scope):
            components.setdefault(component["bom-ref"], component)
    listed = [components[reference] for reference in sorted(components)]
    root = {"type": "application", "bom-ref": "nextvalley", "name": "nextvalley", "version": __version__}
    required = [component["bom-ref"] for component in listed if component["scope"] == "required"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([root, listed]))}",
        "version": 1,
        "metadata": {"component": root | {"licenses": [{"license": {"id": "MIT"}}]}},
        "components": listed,
        "dependencies": [{"ref": "nextvalley", "dependsOn": required}],
    }


def _components(lock: str, scope: str) -> list[dict[str, Any]]:
    starts = [*PACKAGE.finditer(lock)]
    ends = [match.start() for match in starts[1:]] + [len(lock)]
    return [_component(match, lock[match.end() : end], scope) for match, end in zip(starts, ends, strict=True)]


def _component(package: re.Match[str], rest: str, scope: str) -> dict[str, Any]:
    name, version = package["name"].lower(), package["version"]
    address = f"pkg:pypi/{name}@{version}"
    # A package has one hash for each of its files, so they belong to its distribution, not to itself.
    files = [{"alg": "SHA-256", "content": content} for content in _HASH.findall(rest)]
    distribution = {"type": "distribution", "url": address, "hashes": files}
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "scope": scope,
        "purl": address,
        "externalReferences": [distribution],
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(bill(settings.SHIPPED), indent=1) + "\n", "utf-8")
