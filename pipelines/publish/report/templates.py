"""Templates of the page with what all of them use, and the texts that stand in them as they are: scripts and styles."""

import json
import re
from functools import cache
from math import log10
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from pipelines.publish import texts, wording
from pipelines.publish.report import findings, vega
from pipelines.publish.report.explorer import TOP
from pipelines.publish.report.figures.figure import in_words
from pipelines.publish.report.tables import Column, city_link, table
from pipelines.publish.texts import say

HERE = Path(__file__).parent


@cache
def template(name: str) -> Template:
    """Return a template of this folder with what all of them use."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=select_autoescape(("html", "svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"json": as_json, "log": log10, "along_bar": along_bar}
    everywhere: dict[str, Any] = {
        "table": table,
        "column": Column,
        "city_link": city_link,
        "styled": vega.styled,
        "wording": wording,
        "say": say,
        "in_words": in_words,
        "said": lambda text, /, **values: Markup(say(text)).format(**values),
        "city_name": texts.city_name,
        "known": texts.known,
        "unit": texts.unit,
        "told": findings.told,
        "told_row": findings.told_row,
    }
    environment.globals.update(everywhere)
    return environment.get_template(name)


def as_json(value: Any) -> Markup:
    """Return JSON that may stand in a script element: nothing in it can end the element."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"))


def along_bar(score: float) -> str:
    """Return how far along a bar a score lies, in per cent of the bar; what is beyond its end lies there."""
    return f"{min(100 * score / TOP, 100):.1f}"


def script(source: str) -> Markup:
    """Return a script that nothing in it can end; the modules share one scope in the page, so ``export`` goes."""
    return Markup(re.sub(r"^export (?=function|const)", "", source, flags=re.MULTILINE).replace("</script", "<\\/script"))


def style(*names: str) -> Markup:
    """Return the style sheets of these names as one."""
    return Markup("").join(Markup((HERE / name).read_text("utf-8")) for name in names)


def reach(rows: list[dict[str, Any]]) -> float:
    """Return how far beyond the benchmark the intervals of cities go, as the power of ten; 0 where none goes beyond."""
    return max([0.0, *(-log10(row["times_less_low"]) for row in rows if row["times_less_low"])])
