"""Licences of the packages that the lock names, as ``docs/licences.md``: ``python -m tools.licences`` writes it.

What belongs here: what installed packages say of themselves, and whether code under MIT may use them. What does not: licences of
data (``core.sources``).
"""

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from pipelines import settings

#: Licences under which a package may be used, installed beside this project, by code under MIT. Copyleft that reaches only
#: the package's own files or itself as a library (MPL, LGPL) is among them; the GPL is not.
_COMPATIBLE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|LGPL|Lesser|Unlicense|Public Domain|CC0|zlib|HPND|Artistic", re.I
)
_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==", re.M)


@dataclass(frozen=True)
class Licence:
    package: str
    licence: str

    @property
    def is_compatible(self) -> bool:
        """Of licences to choose from one is enough; of several parts each has its own."""
        choices = re.split(r"\bor\b", self.licence, flags=re.I)
        return any(all(_COMPATIBLE.search(part) for part in re.split(r"\band\b", one, flags=re.I)) for one in choices)


def listed() -> list[Licence]:
    """Every package of the lock that is installed here; some are for other systems or other Pythons."""
    found = []
    for package in sorted(set(_LOCKED.findall(settings.REQUIREMENTS.read_text("utf-8"))), key=str.lower):
        try:
            found.append(Licence(package, _of(distribution(package))))
        except PackageNotFoundError:
            continue
    return found


def _of(installed: Distribution) -> str:
    """The expression, else the classifiers, else the field that people fill with anything, else the licence's own first line."""
    said = {name: installed.metadata.get_all(name) or [] for name in ("License-Expression", "Classifier", "License")}
    classifiers = [one.rsplit(" :: ", 1)[1] for one in said["Classifier"] if one.startswith("License :: ")]
    texts = [
        one
        for one in installed.files or []
        if one.parts[0].endswith(".dist-info") and one.name.upper().startswith(("LICENSE", "LICENCE", "COPYING"))
    ]
    found = [
        *said["License-Expression"],
        " or ".join(one for one in classifiers if one != "OSI Approved"),
        *(one.strip().partition("\n")[0] for one in said["License"]),
        *(one.read_text(encoding="utf-8").strip().partition("\n")[0].strip() for one in texts[:1]),
    ]
    return next(filter(None, found), "not stated")


def line(one: Licence) -> str:
    return f"| {one.package} | {one.licence} |"


def page(found: list[Licence]) -> str:
    head = (
        "# Licences of what is installed\n\n"
        "Written by `python -m tools.licences` from what the locked packages say of themselves; a test keeps it\n"
        "complete and compatible with MIT. Licences of the data are in `core.sources`.\n\n"
        "| package | licence |\n| :-- | :-- |\n"
    )
    return head + "\n".join(line(one) for one in found) + "\n"


if __name__ == "__main__":
    (settings.SHIPPED / "docs" / "licences.md").write_text(page(listed()), "utf-8")
