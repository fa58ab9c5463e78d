"""Say what the tests of the claims found in the language of the reader: the file has it in English, with numbers in it.

What was found comes in parts, divided by semicolons, and each part has one of the forms of ``findings.txt``, the more general
ones last. A place of a form whose name is n with a digit takes a number. A figure that others published has a form of
its own.
"""

import re
from functools import cache
from pathlib import Path

from pipelines.publish.texts import known, say, spoken

#: What others published → in words, where the name alone does not say it.
METRICS = {
    "hightech_enterprises": "high-tech enterprises",
    "japan_share_outsourcing": "share of outsourcing that is for Japan",
    "japan_share_software_exports": "share of software exports that goes to Japan",
    "national_online_game_share": "share of national online game sales",
    "national_software_share": "share of national software sales",
    "overseas_study_share": "share that studied overseas",
    "share_of_national_electronics": "share of national electronics",
    "share_of_vc_amount": "share of venture capital",
    "software_export_share": "exported share of software sales",
    "vc_received": "venture capital received",
}

#: A published figure as ``claims.scorecard`` has it.
_FIGURE = re.compile(
    r"(?P<place>.+?) (?P<year>c?\d{4}.*?): (?P<metric>\w+) (?P<value>\S+) (?P<unit>.+?) \((?P<source>.+), (?P<confidence>\w+)\)"
)

FORMS = (Path(__file__).parent / "findings.txt").read_text("utf-8").splitlines()


def told(findings: str) -> str:
    """Return findings in the language of the reader; a part of no known form stays as it is."""
    return findings if spoken() == "en" else say("; ").join(map(_part, findings.split("; ")))


def published(figures: str) -> str:
    """Return figures that others published in words, in the language of the reader."""
    return say("; ").join(map(_figure, figures.split("; ")))


def _figure(text: str) -> str:
    match = _FIGURE.fullmatch(text)
    if match is None:
        return text
    parts = match.groupdict() | {"metric": METRICS.get(match["metric"], match["metric"].replace("_", " "))}
    form = _COUNT if parts["unit"] == "count" else _MEASURED
    return say(form, **{name: known(value) for name, value in parts.items()})


_COUNT = "{place} {year}, {metric}: {value} ({source}, confidence: {confidence})"
_MEASURED = "{place} {year}, {metric}: {value} {unit} ({source}, confidence: {confidence})"


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
