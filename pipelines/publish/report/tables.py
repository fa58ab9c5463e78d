"""Frames as HTML tables, each sortable and downloadable once ``table.js`` has seen it."""

from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup, escape

from pipelines.index import BENCHMARK
from pipelines.publish.report.explorer import file_name
from pipelines.publish.texts import city_name, known, say, spoken, unit
from pipelines.publish.wording import about, chance, host, low_chance, times


@dataclass(frozen=True)
class Column:
    """How one column is shown. ``digits`` counts decimals; ``share`` shows a fraction as per cent, ``is_city`` a link."""

    name: str
    title: str
    digits: int = 2
    share: bool = False
    is_city: bool = False


def interval(of: str = "", digits: int = 2) -> tuple[Column, Column]:
    """Return the columns of both ends of a 90% interval; they are called low and high, after what it is ``of``."""
    start = f"{of}_" if of else ""
    return Column(f"{start}low", "90% from", digits), Column(f"{start}high", "to", digits)


def text(value: Any, column: Column) -> str:
    """Return what a reader sees of a value; a dash for what is missing."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, float):
        if column.share:
            # Columns of probabilities have names like p_first and, for the low end of an interval, p_first_low.
            if not column.name.startswith("p_"):
                return f"{value:z.0%}"
            return low_chance(value) if column.name.endswith("_low") else chance(value)
        if column.name.startswith("times_less"):
            return times(value)
        if column.name.startswith("goalpost_"):
            return about(value)
        return f"{value:z,.{column.digits}f}"
    if isinstance(value, int):
        return str(value) if "year" in column.name or "origin" in column.name else f"{value:,}"
    return unit(str(value)) if column.name == "unit" else known(str(value))


def table(rows: pl.DataFrame, columns: list[Column], name: str, caption: str) -> Markup:
    """Return an HTML table; ``name`` becomes that of its CSV file, whose columns are named as in the published file."""
    columns, caption = [column for column in columns if column.name in rows.columns], say(caption)
    numeric = {column.name for column in columns if rows[column.name].dtype.is_numeric()}
    head = Markup("").join(
        Markup('<th scope="col" data-name="{}"{}>{}</th>').format(
            one.name, Markup("") if one.name in numeric else Markup(' class="text"'), say(one.title)
        )
        for one in columns
    )
    shown = [(rows.get_column_index(column.name), column, column.name in numeric) for column in columns]
    # Whoever writes a hundred thousand cells joins text, since Markup takes several times as long to format.
    body = "".join(
        f"<tr>{''.join(_cell(row[place], column, is_numeric) for place, column, is_numeric in shown)}</tr>\n"
        for row in rows.iter_rows()
    )
    return Markup(
        '<div class="wide" tabindex="0" role="group" aria-label="{}"><table data-name="{}">'
        "<caption>{}</caption><thead><tr>{}</tr></thead><tbody>\n{}</tbody></table></div>"
    ).format(caption, name, caption, head, Markup(body))


def city_link(city: str) -> Markup:
    """Return the name of a city as a link to its own page; where scripts run it shows the city in this one."""
    address = "#city-title" if city == BENCHMARK else f"city/{file_name(city, spoken())}"
    return Markup('<a class="link" href="{}" data-look="{}">{}</a>').format(address, city, city_name(city))


def _cell(value: Any, column: Column, is_numeric: bool) -> str:
    """Return the HTML of a cell; what it shows is escaped here."""
    shown = str(city_link(value) if column.is_city else escape(text(value, column)))
    exact = f' data-value="{value!r}"' if isinstance(value, float) else ""
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        shown = f'<a href="{escape(value)}" rel="noreferrer noopener">{escape(host(value))}</a>'
        # A CSV file of the table has the address.
        exact = f' data-name="{escape(value)}"'
    elif column.is_city:
        exact = f' data-name="{escape(city_name(value))}"'
    elif column.name.endswith("_zh"):
        exact = ' lang="zh"'
    return f"<td{exact}{'' if is_numeric else _TEXT}>{shown}</td>"


_TEXT = ' class="text"'
