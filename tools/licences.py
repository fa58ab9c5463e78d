"""List the licences of all locked packages in ``docs/licences.md``: ``python -m tools.licences`` rewrites the page."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass

from pipelines import settings
from tools.sbom import PACKAGE

PAGE = settings.SHIPPED / "docs" / "licences.md"

#: Licences under which code under MIT may use a package installed beside it. Copyleft that reaches only the package's own
#: files or itself as a library (MPL, LGPL) is among them; the GPL is not.
_COMPATIBLE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|LGPL|Lesser|Unlicense|Public Domain|CC0|zlib|HPND|Artistic", re.I
)


@dataclass(frozen=True)
class Licence:
    package: str
    licence: str

    @property
    def is_compatible(self) -> bool:
        """Of licences to choose from one is enough; of several parts each has its own."""
        choices = re.split(r"\bor\b|;", self.licence, flags=re.I)
        return any(all(_COMPATIBLE.search(part) for part in re.split(r"\band\b", choice, flags=re.I)) for choice in choices)


def installed() -> list[Licence]:
    """Return the locked packages that are installed here; others are for other systems, other Pythons or extras."""
    locks = settings.SHIPPED.glob("requirements*.lock")
    locked = {package["name"] for lock in locks for package in PACKAGE.finditer(lock.read_text("utf-8"))}
    options = ["--from=mixed", "--format=json", "--with-system", "--with-license-file", "--packages", *sorted(locked)]
    command = [sys.executable, "-m", "piplicenses", *options]
    packages = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    licences = [Licence(package["Name"], _licence(package)) for package in packages]
    return sorted(licences, key=lambda licence: licence.package.lower())


def _licence(package: dict[str, str]) -> str:
    """Return what the package's metadata state, else the first line of its licence file."""
    stated = package["License"]
    return package["LicenseText"].strip().partition("\n")[0].strip() if stated == "UNKNOWN" else stated


def line(licence: Licence) -> str:
    """Return a package's line of the page."""
    return f"| {licence.package} | {licence.licence} |"


def page(licences: list[Licence]) -> str:
    """Return the page."""
    head = (
        "# Licences of what is installed\n\n"
        "`python -m tools.licences` writes this page from what the locked packages say of themselves. A test keeps it complete,\n"
        "and every licence on it compatible with MIT. Licences of the data are in `core.sources`.\n\n"
        "| package | licence |\n| :-- | :-- |\n"
    )
    return head + "\n".join(map(line, licences)) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(installed()), "utf-8")
