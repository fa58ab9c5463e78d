"""Say what the tests of the claims found in the language of the reader: the file has it in English, with numbers in it.

What was found comes in parts, divided by semicolons, and each part has one of the forms of ``findings.txt``, the more general
ones last. A place of a form whose name is n with a digit takes a number.
"""

import re
from functools import cache
from pathlib import Path

from pipelines.publish.texts import known, say, spoken

FORMS = (Path(__file__).parent / "findings.txt").read_text("utf-8").splitlines()


def told(findings: str) -> str:
    """Return findings in the language of the reader; a part of no known form stays as it is."""
    return findings if spoken() == "en" else say("; ").join(map(_part, findings.split("; ")))


def _part(text: str) -> str:
    """Return one part, or what stands at a place of its form, in the language of the reader."""
    for form, pattern in _patterns():
        if match := pattern.fullmatch(text):
            return say(form, **{name: _part(value) for name, value in match.groupdict().items()})
    return known(text)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(form, re.compile(re.sub(r"\\\{(\w+)\\\}", _place, re.escape(form)))) for form in FORMS]


def _place(name: re.Match[str]) -> str:
    kind = r"[\d.,]+" if re.fullmatch(r"n\d", name[1]) else ".+?"
    return f"(?P<{name[1]}>{kind})"
