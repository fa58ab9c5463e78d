"""Charts: pure functions from frames to Vega-Lite, drawn in the browser by the library that the page carries.

Colours are the page's CSS variables, so that one chart serves light, dark and paper. Nothing is told by colour alone:
what has a colour also has a place, a shape or a dash of its own. A chart is as wide as its figure; one with facets has
``usermeta`` for ``charts.js``, which lays out as many columns as fit.
"""

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt
import polars as pl

Chart = alt.Chart | alt.LayerChart | alt.FacetChart

#: Distinguishable without colour vision (Okabe & Ito 2008); page.css has their values for light and for dark.
COLOURS = ["var(--blue)", "var(--orange)", "var(--green)", "var(--purple)", "var(--grey)"]
TEXT, QUIET, FAINT = "var(--text)", "var(--quiet)", "var(--line)"
DASHES = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [5, 5]]


def spec(chart: Chart) -> dict[str, Any]:
    """A chart as Vega-Lite with the look that all of them share."""
    words = {"labelColor": TEXT, "titleColor": QUIET, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    made = chart.to_dict()
    if "facet" not in made:
        made["autosize"] = {"type": "fit-x", "contains": "padding"}
    made["config"] = {
        "font": "system-ui, sans-serif",
        "background": "transparent",
        "view": {"stroke": None},
        "axis": words | {"domainColor": FAINT, "tickColor": FAINT, "gridColor": FAINT, "labelLimit": 150},
        "legend": words | {"orient": "bottom", "title": None, "symbolOpacity": 1, "labelLimit": 280},
        "header": {"labelColor": TEXT, "labelFontSize": 12, "labelFontWeight": "bold", "title": None, "labelAnchor": "start"},
        "text": {"color": TEXT},
    }
    return made


def _facets(chart: Chart, least: int, margin: int, height: int) -> Chart:
    """Leave the number of columns to the page: as many as have ``least`` pixels each beside the axis's ``margin``."""
    return chart.properties(usermeta={"least": least, "margin": margin, "height": height})


def _chosen(rows: pl.DataFrame, names: Sequence[str]) -> tuple[list[alt.Parameter], str]:
    """Signals the page sets, at first to what the first row has, and the filter that keeps to them."""
    return [alt.param(name=name, value=rows[name][0]) for name in names], " && ".join(f"datum.{name} == {name}" for name in names)


def rank_intervals(ranking: pl.DataFrame) -> Chart:
    """Per city a bar for each layer of uncertainty and a dot at its rank.

    ``ranking``: city, rank, rank_low, rank_high, and the same with ``_companies`` and ``_choices``.
    """
    layers = {"companies resampled": "_companies", "choices of measurement and index": "_choices", "all together": ""}
    rows = pl.concat(
        ranking.select(
            "city",
            "rank",
            pl.lit(name).alias("layer"),
            pl.col(f"rank_low{end}").alias("low"),
            pl.col(f"rank_high{end}").alias("high"),
        )
        for name, end in layers.items()
    )
    last = int(max(rows["high"].max(), rows["rank"].max()))  # type: ignore[type-var,arg-type]
    axis = alt.Axis(values=list(range(1, last + 1)), format="d", orient="top", title="rank", domain=False, ticks=False)
    base = alt.Chart(rows).encode(
        y=alt.Y("city:N", sort=ranking["city"].to_list(), title=None),
        yOffset=alt.YOffset("layer:N", sort=list(layers), scale=alt.Scale(paddingInner=0.2, paddingOuter=0.6)),
        tooltip=["city", "layer", "rank", "low", "high"],
    )
    legend = alt.Legend(columns=1, symbolType="stroke", symbolSize=500, symbolStrokeWidth=4)
    colour = alt.Color("layer:N", sort=list(layers), scale=alt.Scale(range=COLOURS[:3]), legend=legend)
    at = alt.X("low:Q", axis=axis, scale=alt.Scale(domain=[0.6, last + 0.4], nice=False))
    dash = alt.StrokeDash("layer:N", sort=list(layers), scale=alt.Scale(range=[[1, 0], [2, 2], [1, 0]]), legend=None)
    bars = base.mark_rule(size=5).encode(x=at, x2="high:Q", color=colour, strokeDash=dash)
    ends = base.mark_tick(thickness=3, size=9).encode(x=at, color=colour)
    other_ends = base.mark_tick(thickness=3, size=9).encode(x="high:Q", color=colour)
    dots = base.transform_filter(alt.datum.layer == "all together").mark_point(
        size=95, filled=True, opacity=1, color=TEXT, shape="diamond"
    )
    return (bars + ends + other_ends + dots.encode(x="rank:Q")).properties(width="container", height=52 * ranking.height)


def rank_probabilities(rows: pl.DataFrame, order: list[str]) -> Chart:
    """Share of all draws by city and rank, written into the cells; ``rows``: city, rank, probability."""
    base = alt.Chart(rows).encode(
        x=alt.X("rank:O", axis=alt.Axis(orient="top", labelAngle=0, title="rank", domain=False, ticks=False)),
        y=alt.Y("city:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=["city", "rank", alt.Tooltip("probability:Q", format=".1%")],
    )
    return _cells(base, "probability", 1.0).properties(width="container", height=26 * len(order))


def _cells(base: alt.Chart, value: str, most: float) -> alt.LayerChart:
    """Cells that are fuller the more they hold, with the per cent written in."""
    strength = alt.FillOpacity(f"{value}:Q", scale=alt.Scale(domain=[0, most], range=[0.02, 0.55], clamp=True), legend=None)
    fill = base.mark_rect(fill=COLOURS[0], stroke=FAINT).encode(fillOpacity=strength)
    words = (
        base.transform_filter(alt.datum[value] >= 0.005).mark_text(fontSize=11).encode(text=alt.Text(f"{value}:Q", format=".0%"))
    )
    return fill + words


def rank_ribbons(rows: pl.DataFrame, order: list[str]) -> Chart:
    """Per city its rank over the years with its interval, and how many cities had a rank.

    ``rows``: city, year, rank, low, high, n_ranked, run; lines join the years of one run.
    """
    last = int(rows["n_ranked"].max())  # type: ignore[arg-type]
    base = alt.Chart().encode(
        x=alt.X(
            "year:Q",
            title=None,
            axis=alt.Axis(format="d", tickCount=4, grid=False),
            scale=alt.Scale(nice=False, zero=False, padding=6),
        ),
        tooltip=["city", "year", "rank", "low", "high", alt.Tooltip("n_ranked", title="cities with a rank")],
    )
    scale = alt.Scale(domain=[last + 0.5, 0.5], nice=False)
    worst = base.mark_tick(color=QUIET, thickness=1, size=5, orient="horizontal").encode(
        y=alt.Y("n_ranked:Q", scale=scale, title=None)
    )
    band = base.mark_rule(color=COLOURS[0], opacity=0.35, size=4).encode(
        y=alt.Y("low:Q", scale=scale, title=None, axis=alt.Axis(values=[1, 3, 5, 7, 9, 11], format="d")), y2="high:Q"
    )
    line = base.mark_line(color=COLOURS[0], size=2, point=alt.OverlayMarkDef(size=18, color=COLOURS[0])).encode(
        y="rank:Q", detail="run:N"
    )
    layered = alt.layer(worst, band, line, data=rows)
    return _facets(layered.facet(facet=alt.Facet("city:N", sort=order), columns=4), 130, 40, 110)


def scores_over_years(rows: pl.DataFrame, cities: list[str], benchmark: str) -> Chart:
    """Scores by year with the band of resampled companies, each line with a dash of its own and its name at its end.

    ``rows``: city, year, score, low, high, run.
    """
    everyone = [*cities, benchmark]
    scale = alt.Scale(domain=everyone, range=[*COLOURS[: len(cities)], COLOURS[-1]])
    dashes = alt.Scale(domain=everyone, range=[*DASHES[: len(cities)], DASHES[-1]])
    base = alt.Chart(rows).encode(
        x=alt.X("year:Q", title=None, axis=alt.Axis(format="d", tickCount=6, grid=False), scale=alt.Scale(nice=False)),
        color=alt.Color("city:N", sort=everyone, scale=scale, legend=alt.Legend(columns=2, symbolType="stroke", symbolSize=500)),
        detail="run:N",
        tooltip=["city", "year", *(alt.Tooltip(f"{name}:Q", format=".1f") for name in ("score", "low", "high"))],
    )
    low = alt.Y("low:Q", title="Readiness", scale=alt.Scale(domain=[0, 100]))
    band = base.mark_area(opacity=0.15).encode(y=low, y2="high:Q")
    line = base.mark_line(size=2.5, point=alt.OverlayMarkDef(size=22)).encode(
        y="score:Q", strokeDash=alt.StrokeDash("city:N", sort=everyone, scale=dashes)
    )
    return (band + line).properties(width="container", height=300)


def pillars(rows: pl.DataFrame, order: list[str], benchmark: str) -> Chart:
    """Per pillar a bar for each city with its interval, and a line where the benchmark stands.

    ``rows``: pillar, city, score, low, high, benchmark_score.
    """
    base = alt.Chart().encode(
        y=alt.Y("city:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=[
            "pillar",
            "city",
            *(alt.Tooltip(f"{name}:Q", format=".1f") for name in ("score", "low", "high")),
            alt.Tooltip("benchmark_score:Q", format=".1f", title=benchmark),
        ],
    )
    at = alt.X("score:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=3))
    bars = base.mark_bar(color=COLOURS[0], opacity=0.55, height={"band": 0.6}).encode(x=at)
    whiskers = base.mark_rule(color=TEXT, size=1.5).encode(x="low:Q", x2="high:Q")
    line = base.mark_tick(color=COLOURS[1], thickness=3, size=17, opacity=1).encode(x="benchmark_score:Q")
    layered = alt.layer(bars, whiskers, line, data=rows)
    facet = alt.Facet("pillar:N", sort=rows["pillar"].unique(maintain_order=True).to_list())
    return _facets(layered.facet(facet=facet, columns=3), 190, 90, 17 * len(order))


def city_map(ranked: pl.DataFrame, others: pl.DataFrame) -> Chart:
    """Cities at their coordinates, larger the higher they score; small rings have too little data.

    ``ranked``: preset, city, rank, score, latitude, longitude, label; ``others``: city, latitude, longitude. The signal
    ``boundary`` chooses the preset.
    """
    chosen = alt.param(name="boundary", value=ranked["preset"][0])
    place = {"longitude": "longitude:Q", "latitude": "latitude:Q"}
    at = ranked.select("longitude", "latitude")
    west, south, east, north = *at.min().row(0), *at.max().row(0)
    extent = [[west - 6, south - 3], [east + 6, north + 3]]
    pixels = min(MOST_PIXELS, PHONE / (extent[1][0] - extent[0][0]))
    placed = with_label_places(ranked, pixels, (extent[0][0], extent[1][0]))
    shown = others.filter(
        pl.col("longitude").is_between(extent[0][0], extent[1][0]) & pl.col("latitude").is_between(extent[0][1], extent[1][1])
    )
    grid = alt.Chart(alt.graticule(extent=extent, step=[5, 5])).mark_geoshape(stroke=FAINT, filled=False)
    rings = alt.Chart(shown).mark_point(size=14, color=COLOURS[-1], strokeWidth=1).encode(**place, tooltip="city")
    base = alt.Chart(placed).transform_filter("datum.preset == boundary")
    tooltip = ["city", "rank", alt.Tooltip("score:Q", format=".1f")]
    size = alt.Size("score:Q", scale=alt.Scale(domain=[0, 100], range=[20, 500]), legend=None)
    dots = base.mark_point(filled=True, color=COLOURS[0], opacity=0.8).encode(**place, size=size, tooltip=tooltip)
    words = [
        base.transform_filter(alt.datum.place == name)
        .mark_text(align=align, dx=dx, dy=dy, fontSize=12, fontWeight="bold")
        .encode(**place, text="label:N", tooltip=tooltip)
        for name, (align, dx, dy) in LABEL_PLACES.items()
    ]
    # Mercator, because on it a degree is as wide everywhere, which is what the labels were placed by.
    high = min(520, 2 * PHONE * (extent[1][1] - extent[0][1]) / (extent[1][0] - extent[0][0]))
    return alt.layer(grid, rings, dots, *words).add_params(chosen).project("mercator").properties(width="container", height=high)


#: Pixels that a map has across on a phone, and that a degree has at most.
PHONE, MOST_PIXELS = 350, 16

#: Where a label may stand about its dot: alignment, pixels right, pixels down.
LABEL_PLACES: dict[str, tuple[Literal["left", "center", "right"], int, int]] = {
    "right": ("left", 12, 0),
    "left": ("right", -12, 0),
    "above": ("center", 0, -18),
    "below": ("center", 0, 18),
    "upper right": ("left", 5, -16),
    "lower right": ("left", 5, 16),
    "upper left": ("right", -5, -16),
    "lower left": ("right", -5, 16),
}


def with_label_places(rows: pl.DataFrame, pixels: float, ends: tuple[float, float]) -> pl.DataFrame:
    """``rows`` with a ``place`` for each label, the first between the ``ends`` that covers no dot and no label before it.

    ``pixels`` has a degree on a phone, a letter 7 and a line 13; what fits there fits on wider screens.
    """
    places = []
    for preset in rows["preset"].unique(maintain_order=True):
        mine = list(rows.filter(pl.col("preset") == preset).iter_rows(named=True))
        dot = 6.4 / pixels
        taken = [(row["longitude"] - dot, row["latitude"] - dot, row["longitude"] + dot, row["latitude"] + dot) for row in mine]
        for row in mine:
            boxes = {name: label_box(row, pixels, *place) for name, place in LABEL_PLACES.items() if row["label"] is not None}
            free = [
                name
                for name, (left, low, right, top) in boxes.items()
                if ends[0] <= left
                and right <= ends[1]
                and not any(left < c and a < right and low < d and b < top for a, b, c, d in taken)
            ]
            # A label without room, or not given, is left out; its dot still tells when pointed at, and the table does.
            places.append(free[0] if free else None)
            taken.extend(boxes[name] for name in free[:1])
    return rows.with_columns(pl.Series("place", places))


def label_box(row: dict[str, Any], pixels: float, align: str, right: int, down: int) -> tuple[float, float, float, float]:
    """West, south, east and north end of the label of ``row`` (label, longitude, latitude), in degrees."""
    wide, high = 7 / pixels * len(row["label"]), 13 / pixels
    west = row["longitude"] + right / pixels - wide * {"left": 0, "center": 0.5, "right": 1}[align]
    south = row["latitude"] - down / pixels / 1.18 - high / 2  # At China's latitudes Mercator stretches a degree north by that.
    return west, south, west + wide, south + high


def flows(rows: pl.DataFrame, origins: list[str], destinations: list[str]) -> Chart:
    """From where (rows) to where (columns): each destination's deals by the home of their investors.

    ``rows``: dataset, period, origin, destination, deals, share; the signals ``dataset`` and ``period`` choose.
    """
    signals, kept = _chosen(rows, ("dataset", "period"))
    base = (
        alt.Chart(rows)
        .transform_filter(kept)
        .encode(
            x=alt.X("destination:N", sort=destinations, scale=alt.Scale(domain=destinations)).axis(
                orient="top", labelAngle=-40, title="companies in", domain=False, ticks=False
            ),
            y=alt.Y("origin:N", sort=origins, scale=alt.Scale(domain=origins)).axis(
                title=None, domain=False, ticks=False, labelLimit=150
            ),
            tooltip=["origin", "destination", alt.Tooltip("deals:Q", format=",.1f"), alt.Tooltip("share:Q", format=".1%")],
        )
    )
    return _cells(base, "share", 1.0).add_params(*signals).properties(width="container", height=26 * len(origins))


def intervals(
    rows: pl.DataFrame,
    label: str,
    axis: str,
    at: float,
    by: str | None = None,
    step: int = 24,
    log: bool = False,
    choices: Sequence[str] = (),
) -> Chart:
    """Points with intervals against a line at ``at``: a forest.

    ``rows``: ``label``, estimate, low, high; with ``by`` a second line per label, told by shape as well as by colour; the signals
    ``choices`` choose among the rows.
    """
    signals, kept = _chosen(rows, choices)
    scale = alt.Scale(type="log", nice=False, padding=12) if log else alt.Scale(zero=False, padding=12)
    kinds = rows[by].unique(maintain_order=True).to_list() if by else [""]
    encoded: dict[str, Any] = {"color": alt.value(COLOURS[0]), "shape": alt.value("circle")}
    if by:
        legend, domain = alt.Legend(columns=2), alt.Scale(domain=kinds)
        encoded = {
            "yOffset": alt.YOffset(f"{by}:N", sort=kinds, scale=alt.Scale(paddingOuter=0.5)),
            "color": alt.Color(f"{by}:N", sort=kinds, scale=alt.Scale(domain=kinds, range=COLOURS[: len(kinds)]), legend=legend),
            "shape": alt.Shape(f"{by}:N", sort=kinds, scale=domain, legend=legend),
        }
    shape = encoded.pop("shape")
    # Chosen rows have an order of their own: from the largest down.
    sort = alt.EncodingSortField("estimate", op="max", order="descending") if choices else None
    y = alt.Y(f"{label}:N", sort=sort, title=None, axis=alt.Axis(labelLimit=170, domain=False, ticks=False))
    numbers = [alt.Tooltip(f"{name}:Q", format=".2f") for name in ("estimate", "low", "high")]
    extra = [name for name in ("n", "expected", "verdict") if name in rows.columns]
    base = alt.Chart(rows).encode(y=y, **encoded, tooltip=[label, *([by] if by else []), *numbers, *extra])
    base = base.transform_filter(kept) if choices else base
    x = alt.X("low:Q", title=axis, scale=scale)
    bars = base.mark_rule(size=3).encode(x=x, x2="high:Q")
    dots = base.mark_point(size=75, filled=True, opacity=1).encode(x="estimate:Q", shape=shape)
    line = alt.Chart(pl.DataFrame({"at": [at]})).mark_rule(color=TEXT, strokeDash=[4, 3]).encode(x="at:Q")
    most = max(rows.group_by(*choices).len()["len"].to_list()) if choices else rows[label].n_unique() * len(kinds)
    return (line + bars + dots).add_params(*signals).properties(width="container", height=step * most)


def lines(rows: pl.DataFrame, axis: str, at: float, by: str, choices: Sequence[str]) -> Chart:
    """Estimates over the years with their bands against a line at ``at``.

    ``rows``: year, estimate, low, high, ``by``; the signals ``choices`` choose among them.
    """
    signals, kept = _chosen(rows, choices)
    kinds = rows[by].unique(maintain_order=True).to_list()
    legend = alt.Legend(columns=1, symbolType="stroke", symbolSize=500)
    base = (
        alt.Chart(rows)
        .transform_filter(kept)
        .encode(
            x=alt.X(
                "year:Q", title=None, axis=alt.Axis(format="d", tickCount=6, grid=False), scale=alt.Scale(nice=False, zero=False)
            ),
            color=alt.Color(f"{by}:N", sort=kinds, scale=alt.Scale(domain=kinds, range=COLOURS[: len(kinds)]), legend=legend),
            tooltip=[by, "year", *(alt.Tooltip(f"{name}:Q", format=".2f") for name in ("estimate", "low", "high"))],
        )
    )
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title=axis), y2="high:Q")
    dash = alt.StrokeDash(f"{by}:N", sort=kinds, scale=alt.Scale(domain=kinds, range=DASHES[: len(kinds)]))
    line = base.mark_line(size=2.5).encode(y="estimate:Q", strokeDash=dash)
    zero = alt.Chart(pl.DataFrame({"at": [at]})).mark_rule(color=TEXT, strokeDash=[4, 3]).encode(y="at:Q")
    return (zero + band + line).add_params(*signals).properties(width="container", height=280)


def shares(rows: pl.DataFrame, order: list[str], benchmark: str) -> Chart:
    """Per indicator a dot for each city, its numbers written beside; the benchmark as a ring.

    ``rows``: name, city, value, words.
    """
    base = alt.Chart().encode(
        y=alt.Y("city:N", sort=[*order, benchmark], title=None, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=["name", "city", alt.Tooltip("value:Q", format=".1%"), alt.Tooltip("words:N", title="counted")],
    )
    at = alt.X("value:Q", title=None, scale=alt.Scale(domain=[0, 1.4], nice=False)).axis(format=".0%", values=[0, 0.5, 1])
    dots = base.mark_point(size=70, filled=True, color=COLOURS[0], opacity=1).encode(
        x=at,
        shape=alt.condition(alt.datum.city == benchmark, alt.value("diamond"), alt.value("circle")),
        color=alt.condition(alt.datum.city == benchmark, alt.value(COLOURS[1]), alt.value(COLOURS[0])),
    )
    words = base.mark_text(align="left", dx=8, fontSize=11, color=QUIET).encode(x="value:Q", text="words:N")
    layered = alt.layer(dots, words, data=rows)
    facet = alt.Facet("name:N", sort=rows["name"].unique(maintain_order=True).to_list())
    return _facets(layered.facet(facet=facet, columns=3), 200, 155, 20 * (len(order) + 1))


def returnees(rows: pl.DataFrame, order: list[str]) -> Chart:
    """Returnee founders by city and field, counts written in; ``rows``: city, field, n."""
    fields = ["tech", "finance", "other", "not known"]
    base = alt.Chart(rows).encode(
        y=alt.Y("city:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)), tooltip=["city", "field", "n"]
    )
    bars = base.mark_bar(stroke="var(--page)").encode(
        x=alt.X("n:Q", title="founders who came back from abroad", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color(
            "field:N", sort=fields, scale=alt.Scale(domain=fields, range=[COLOURS[0], COLOURS[1], COLOURS[2], COLOURS[4]])
        ),
        order=alt.Order("place:Q"),
    )
    return bars.properties(width="container", height=22 * len(order))


def sobol(rows: pl.DataFrame) -> Chart:
    """Per output and factor the total index as a bar with its error and the first-order one as a diamond.

    ``rows``: output, factor, first, total, low, high, the last two of the total.
    """
    order = (
        rows.group_by("factor", maintain_order=True).agg(pl.col("total").max()).sort("total", descending=True)["factor"].to_list()
    )
    numbers = [alt.Tooltip(f"{name}:Q", format=".2f") for name in ("first", "total", "low", "high")]
    base = alt.Chart().encode(
        y=alt.Y("factor:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=["output", "factor", *numbers],
    )
    at = alt.X("total:Q", title=None, axis=alt.Axis(tickCount=3, format=".0%"))
    bars = base.mark_bar(color=COLOURS[0], opacity=0.5, height={"band": 0.6}).encode(x=at)
    whiskers = base.mark_rule(color=TEXT, size=1.5).encode(x="low:Q", x2="high:Q")
    dots = base.mark_point(color=COLOURS[1], filled=True, size=60, opacity=1, shape="diamond").encode(x="first:Q")
    layered = alt.layer(bars, whiskers, dots, data=rows)
    facet = alt.Facet("output:N", sort=rows["output"].unique(maintain_order=True).to_list())
    return _facets(layered.facet(facet=facet, columns=3), 190, 130, 24 * len(order))


def changes(rows: pl.DataFrame, columns: list[str], lines: list[str]) -> Chart:
    """Changes of rank as signed numbers in cells, fuller the larger; ``rows``: line, column, change."""
    base = alt.Chart(rows).encode(
        x=alt.X("column:N", sort=columns).axis(orient="top", labelAngle=-40, title=None, domain=False, ticks=False),
        y=alt.Y("line:N", sort=lines, title=None, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=[alt.Tooltip("line:N", title="left out"), alt.Tooltip("column:N", title="city"), "rank", "change"],
    )
    strength = alt.FillOpacity("size:Q", scale=alt.Scale(domain=[0, 4], range=[0.02, 0.55], clamp=True), legend=None)
    fill = base.mark_rect(fill=COLOURS[1], stroke=FAINT).encode(fillOpacity=strength)
    words = base.transform_filter(alt.datum.size > 0).mark_text(fontSize=11).encode(text="words:N")
    return (fill + words).properties(width="container", height=22 * len(lines))
