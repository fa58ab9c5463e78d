"""Licences of the packages that the lock names, as ``docs/licences.md``: ``python -m pipelines.licences`` writes it.

What belongs here: what installed packages say of themselves, and whether code under MIT may use them. What does not: licences of
data (``core.sources``).
"""

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from pipelines import paths

#: Licences under which a package may be used, installed beside this project, by code under MIT. Copyleft that reaches only
#: the package's own files or itself as a library (MPL, LGPL) is among them; the GPL is not.
_COMPATIBLE = re.compile(
    r"\b(MIT(-0|-CMU)?|BSD|[0-9]-Clause|0BSD|Apache|ISC|ISCL|PSF|Python|MPL|Mozilla|LGPL|Lesser|Unlicense|Public Domain|CC0|zlib|HPND)\b", re.I
)
_INCOMPATIBLE = re.compile(r"\b(A?GPL)(v?[0-9]|-|\b)", re.I)
_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==", re.M)


@dataclass(frozen=True)
class Licence:
    package: str
    licence: str

    @property
    def is_compatible(self) -> bool:
        allowed = _COMPATIBLE.search(self.licence) is not None
        return allowed and _INCOMPATIBLE.search(re.sub(r"LGPL\S*", "", self.licence)) is None


def listed() -> list[Licence]:
    """Every package of the lock that is installed here; some are for other systems or other Pythons."""
    found = []
    for package in sorted(set(_LOCKED.findall((paths.ROOT / "requirements.lock").read_text("utf-8"))), key=str.lower):
        try:
            found.append(Licence(package, _of(distribution(package))))
        except PackageNotFoundError:
            continue
    return found


def _of(installed: Distribution) -> str:
    """The expression, else the classifiers, else the first line of the field that people fill with anything."""
    metadata = installed.metadata
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classifiers = [one.rsplit(" :: ", 1)[1] for one in metadata.get_all("Classifier") or [] if one.startswith("License :: ")]
    named = [one for one in classifiers if one != "OSI Approved"]
    return " or ".join(named) or (metadata.get("License") or "not stated").strip().splitlines()[0]


def line(one: Licence) -> str:
    return f"| {one.package} | {one.licence} |"


def page(found: list[Licence]) -> str:
    head = (
        "# Licences of what is installed\n\nWritten by `python -m pipelines.licences` from what the locked packages say of themselves; "
        "a test keeps it\ncomplete and compatible with MIT. Licences of the data are in `core.sources`.\n\n"
        "| package | licence |\n| :-- | :-- |\n"
    )
    return head + "\n".join(line(one) for one in found) + "\n"


if __name__ == "__main__":
    (paths.ROOT / "docs" / "licences.md").write_text(page(listed()), "utf-8")
