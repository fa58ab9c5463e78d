"""Say what the tests of the claims found, and what a row of evidence is, in the language of the reader: the file has English.

What was found comes in parts, divided by semicolons, and each part has one of the forms of ``findings.txt``, the more general
ones last; a row has one of ``rows.txt``. A place of a form whose name is n with a digit takes a number.
"""

import re
from functools import cache
from pathlib import Path

from pipelines.publish.texts import known, say, spoken

#: Kind of text → its forms.
FORMS = {kind: (Path(__file__).parent / f"{kind}.txt").read_text("utf-8").splitlines() for kind in ("findings", "rows")}


def told(findings: str) -> str:
    """Return findings in the language of the reader; a part of no known form stays as it is."""
    return findings if spoken() == "en" else say("; ").join(_part(part, "findings") for part in findings.split("; "))


def told_row(label: str) -> str:
    """Return what a row of evidence is in the language of the reader."""
    return label if spoken() == "en" else _part(label, "rows")


def _part(text: str, kind: str) -> str:
    """Return a part of a finding, or the words within it that its form leaves open, in the language of the reader."""
    for form, pattern in _patterns(kind):
        if match := pattern.fullmatch(text):
            return say(form, **{name: _part(value, kind) for name, value in match.groupdict().items()})
    return known(text)


@cache
def _patterns(kind: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(form, re.compile(re.sub(r"\\\{(\w+)\\\}", _place, re.escape(form)))) for form in FORMS[kind]]


def _place(name: re.Match[str]) -> str:
    kind = r"[\d.,]+" if re.fullmatch(r"n\d", name[1]) else ".+?"
    return f"(?P<{name[1]}>{kind})"
