"""Build Vega-Lite specifications: the look that all charts share, and the parts that several of them use.

Colours are the page's CSS variables, so that one chart serves light, dark and paper. Colour is never the only sign: what has
a colour also has a place, a shape or a dash of its own. A chart is as wide as its figure; a faceted one has ``usermeta`` for
``charts.js``, which lays out as many columns as fit.
"""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from pipelines.publish.texts import say

Spec = dict[str, Any]

#: Colours that can be told apart without colour vision (Okabe & Ito 2008); page.css has their values for light and for dark.
BLUE, ORANGE, GREEN, PURPLE, GREY = COLOURS = [f"var(--{name})" for name in ("blue", "orange", "green", "purple", "grey")]
TEXT, QUIET, FAINT = "var(--text)", "var(--quiet)", "var(--line)"
DASHES = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [5, 5]]

#: An axis of names, which needs no line and no ticks.
BARE = {"domain": False, "ticks": False}

#: An axis of years, and the signs of a legend of lines.
YEARS = {"format": "d", "tickCount": 6, "grid": False}
LINES = {"symbolType": "stroke", "symbolSize": 500}

_LABELS = {"labelColor": TEXT, "titleColor": QUIET, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
_CONFIG = {
    "font": "system-ui, sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "axis": _LABELS | {"domainColor": FAINT, "tickColor": FAINT, "gridColor": FAINT, "labelLimit": 150},
    "legend": _LABELS | {"orient": "bottom", "title": None, "symbolOpacity": 1, "labelLimit": 280},
    "header": {"labelColor": TEXT, "labelFontSize": 12, "labelFontWeight": "bold", "title": None, "labelAnchor": "start"},
    "text": {"color": TEXT},
}


def styled(chart: Spec) -> Spec:
    """Return the chart with the look that all charts of the page share."""
    fit = {} if "facet" in chart else {"autosize": {"type": "fit-x", "contains": "padding"}}
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json"} | _said(chart) | fit | {"config": _CONFIG}


def _said(part: Any) -> Any:
    """Return a part of a chart with its titles in the language of the reader; data stay as they are."""
    if isinstance(part, list):
        return [_said(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: value if key == "data" else say(value) if key == "title" and isinstance(value, str) else _said(value)
        for key, value in part.items()
    }


def nominal(field: str, **options: Any) -> Spec:
    """Return the encoding of a column of names."""
    return {"field": field, "type": "nominal"} | options


def quantitative(field: str, **options: Any) -> Spec:
    """Return the encoding of a column of numbers."""
    return {"field": field, "type": "quantitative"} | options


def formatted(pattern: str, *fields: str) -> list[Spec]:
    """Return tooltip entries of numbers, written by a d3 format such as ``.1f``."""
    return [quantitative(field, format=pattern) for field in fields]


def down(field: str, names: Sequence[str], **axis: Any) -> Spec:
    """Return the encoding of names that head the rows of a chart, in this order."""
    return nominal(field, sort=names, title=None, axis=BARE | axis)


def across(field: str, names: Sequence[str], angle: int = -40) -> Spec:
    """Return the encoding of names that head the columns of cells, in this order."""
    return nominal(field, sort=names, axis=BARE | {"orient": "top", "labelAngle": angle, "title": None})


def layer(mark: str, encoding: Spec, keep: str | None = None, **options: Any) -> Spec:
    """Return a layer that draws marks of one kind, of the rows for which the expression ``keep`` holds."""
    transform = {"transform": [{"filter": keep}]} if keep else {}
    return {"mark": {"type": mark} | options, "encoding": encoding} | transform


def data(rows: pl.DataFrame) -> Spec:
    """Return the rows as the data of a chart or of one of its layers."""
    return {"data": {"values": rows.to_dicts()}}


def layered(rows: pl.DataFrame, encoding: Spec, layers: list[Spec], height: float, **options: Any) -> Spec:
    """Return a chart of layers that share their rows and their encoding."""
    return data(rows) | {"encoding": encoding, "layer": layers, "width": "container", "height": height} | options


def faceted(rows: pl.DataFrame, facet: Spec, encoding: Spec, layers: list[Spec], columns: int, **usermeta: int) -> Spec:
    """Return a chart repeated for each value of ``facet``, in at most ``columns`` columns.

    ``usermeta`` has the least width of a column, the margin that the axis takes, and the height of a row, in pixels.
    """
    inner = {"encoding": encoding, "layer": layers}
    return data(rows) | {"facet": facet, "spec": inner, "columns": columns, "usermeta": usermeta}


def each(rows: pl.DataFrame, change: Callable[[str], str], *columns: str) -> pl.DataFrame:
    """Return rows with every value of text columns changed, as readers meet it.

    It is done here, one by one: threads of polars do not know the language of the reader.
    """
    return rows.with_columns(
        pl.col(column).replace({value: change(value) for value in rows[column].drop_nulls().unique()}) for column in columns
    )


def chosen(rows: pl.DataFrame, names: Sequence[str]) -> tuple[list[Spec], list[Spec]]:
    """Return the signals that the page sets, at first to the values of the first row, and the filter that keeps to them."""
    signals = [{"name": name, "value": rows[name][0]} for name in names]
    return signals, [{"filter": " && ".join(f"datum.{name} == {name}" for name in names)}]


def courses(low: Spec, middle: str, dash: Spec, opacity: float = 0.12, **line: Any) -> list[Spec]:
    """Return layers of lines, told apart by ``dash`` as well, with the bands of their intervals."""
    return [
        layer("area", {"y": low, "y2": {"field": "high"}}, opacity=opacity),
        layer("line", {"y": quantitative(middle), "strokeDash": dash}, size=2.5, **line),
    ]


def named(field: str, names: Sequence[str], columns: int) -> tuple[Spec, Spec]:
    """Return the encodings by colour, with a legend in so many columns, and by dash of lines that have names."""
    legend = {"columns": columns} | LINES
    colour, dash = ({"domain": names, "range": looks[: len(names)]} for looks in (COLOURS, DASHES))
    return nominal(field, sort=names, scale=colour, legend=legend), nominal(field, sort=names, scale=dash)


def reference_line(channel: str, at: float) -> Spec:
    """Return a dashed line at a value of the axis ``channel``."""
    line = layer("rule", {channel: quantitative("at")}, color=TEXT, strokeDash=[4, 3])
    return {"data": {"values": [{"at": at}]}} | line


def cells(value: str, most: float) -> list[Spec]:
    """Return layers of cells that are fuller the more they hold, with the percentage written in."""
    return [filled_cells(value, most, BLUE), written_cells(quantitative(value, format=".0%"), f"datum['{value}'] >= 0.005")]


def signed_cells(value: str, most: float) -> list[Spec]:
    """Return layers of cells that are fuller the larger ``size`` is, with the signed ``value`` written in from a half on."""
    return [filled_cells("size", most, ORANGE), written_cells(quantitative(value, format="+.1f"), "datum.size >= 0.5")]


def filled_cells(value: str, most: float, colour: str) -> Spec:
    """Return a layer of cells that are fuller the larger ``value`` is, up to ``most``."""
    strength = quantitative(value, scale={"domain": [0, most], "range": [0.02, 0.55], "clamp": True}, legend=None)
    return layer("rect", {"fillOpacity": strength}, fill=colour, stroke=FAINT)


def written_cells(text: Spec, keep: str) -> Spec:
    """Return a layer that writes ``text`` into the cells for which ``keep`` holds."""
    return layer("text", {"text": text}, keep, fontSize=11)


def forest(
    rows: pl.DataFrame, label: str, title: str, at: float, by: str | None = None, scale: Spec | None = None, **options: Any
) -> Spec:
    """Return points with intervals against a line at ``at``.

    ``rows`` has the column ``label``, estimate, low and high. With ``by`` each label has a line per kind, told apart by shape
    and by colour. ``options`` may have ``choices``, the columns that the page chooses by, and ``step``, the height of a line.
    """
    choices, step = options.get("choices", ()), options.get("step", 24)
    kinds = rows[by].unique(maintain_order=True).to_list() if by else [""]
    # Rows that are chosen have an order of their own: from the largest down.
    sort = {"field": "estimate", "op": "max", "order": "descending"} if choices else None
    details = [quantitative(name) for name in ("n", "expected") if name in rows.columns]
    kind, shape = _kinds(by, kinds)
    encoding = kind | {
        "y": nominal(label, sort=sort, title=None, axis=BARE | {"labelLimit": 170}),
        "tooltip": [*(nominal(name) for name in (label, by) if name), *formatted(".2f", "estimate", "low", "high"), *details],
    }
    # A label at the end of the axis is moved inward, or it would be cut.
    axis = {"tickCount": 8, "labelFlush": 12}
    low = quantitative("low", title=title, scale=scale or {"zero": False, "padding": 12}, axis=axis)
    layers = [
        layer("rule", {"x": low, "x2": {"field": "high"}}, size=3),
        layer("point", {"x": quantitative("estimate"), "shape": shape}, size=75, filled=True, opacity=1),
    ]
    points = data(rows) | {"encoding": encoding, "layer": layers}
    most = max(rows.group_by(*choices).len()["len"].to_list()) if choices else rows[label].n_unique() * len(kinds)
    chart = {"layer": [reference_line("x", at), points], "width": "container", "height": step * most}
    if choices:
        chart["params"], points["transform"] = chosen(rows, choices)
    return chart


def _kinds(by: str | None, kinds: list[str]) -> tuple[Spec, Spec]:
    """Return the encoding that tells lines of a forest apart, and the shape of its points."""
    if by is None:
        return {"color": {"value": BLUE}}, {"value": "circle"}
    legend = {"columns": 2}
    colour = nominal(by, sort=kinds, scale={"domain": kinds, "range": COLOURS[: len(kinds)]}, legend=legend)
    shift = nominal(by, sort=kinds, scale={"paddingOuter": 0.5})
    return {"color": colour, "yOffset": shift}, nominal(by, sort=kinds, scale={"domain": kinds}, legend=legend)
