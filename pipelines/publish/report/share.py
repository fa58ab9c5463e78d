"""Draw the picture that goes along with a link to the page or to a city, as SVG: no browser is needed for it."""

import re
from collections.abc import Sequence
from typing import Any

from pipelines.publish.report.templates import reach, template
from pipelines.publish.texts import say

#: The picture of the release, by language.
FILES = {"en": "share.svg", "zh": "share.zh.svg"}

#: Cities that the picture of the release shows.
SHOWN = 5

#: A Chinese character stands alone, a word with the space after it.
_WORD = re.compile(r"[\u2e80-\uffef]\s*|[^\s\u2e80-\uffef]+\s*")


def lines(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` letters; a Chinese character is as wide as two."""
    broken = [""]
    for word in _WORD.findall(text):
        # A line does not begin with a full stop or a closing bracket.
        if _width(broken[-1] + word.rstrip()) > width and word.strip() not in "，。；：、）":
            broken.append("")
        broken[-1] += word
    return [line.rstrip() for line in broken]


def _width(text: str) -> int:
    return len(text) + sum(map("\u2e7f".__lt__, text))


def picture(title: str, deck: str, rows: Sequence[dict[str, Any]], year: int) -> str:
    """Return the picture of a sentence, what to add to it, and how far the cities of ``rows`` are from the benchmark."""
    known = [row for row in rows if row["times_less"] is not None]
    foot = say("nextvalley {year} · the Bay Area (mark) has … times as much, with 90% intervals", year=year)
    return template("share.svg").render(title=title, deck=deck, rows=known, reach=reach(known), foot=foot, lines=lines)
