"""The map of cities, and where its labels stand."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipelines.publish.report import vega
from pipelines.publish.report.figures import outlines
from pipelines.publish.report.figures.figure import Figure, in_words
from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec, layer, nominal, quantitative
from pipelines.publish.texts import city_name, say
from pipelines.publish.wording import listed

#: Ranks that the map labels.
_LABELLED = 12

#: Widths of the map, from a phone to a wide screen, and of a degree at most, in pixels.
_WIDTHS, _DEGREE = (290, 450, 700, 1060), 16

#: Height of the map at most, in pixels.
_HEIGHT = 560

#: Degrees from which a map is one of continents, with smaller dots and coarser outlines.
_WIDE = 90

#: Degrees around the outermost cities.
_MARGIN = 4

#: Where a label may stand about its dot: alignment, pixels to the right, pixels down.
LABEL_PLACES = {
    "right": ("left", 12, 0),
    "left": ("right", -12, 0),
    "above": ("center", 0, -18),
    "below": ("center", 0, 18),
    "upper right": ("left", 5, -16),
    "lower right": ("left", 5, 16),
    "upper left": ("right", -5, -16),
    "lower left": ("right", -5, 16),
}


def map_of_cities(rows: pl.DataFrame, outlines: pl.DataFrame) -> Figure:
    """Return the map.

    Args:
        rows: preset, city, members, rank, score, latitude, longitude and is_inferred, the published boundary first; preset is
            null for a city without a rank, and members for all but an area of another name than its cities.
        outlines: level (country or province) and geometry, as GeoJSON.
    """
    ranked, others = _named(rows.drop_nulls("preset")), rows.filter(pl.col("preset").is_null())
    label = pl.format("{} {}", pl.col("rank").cast(pl.Int64), "city")
    numbered = ranked.with_columns(pl.when(pl.col("rank") <= _LABELLED).then(label).alias("label"))
    presets = numbered["preset"].unique(maintain_order=True).to_list()
    published = ranked.filter(pl.col("preset") == presets[0])
    firsts = {preset: numbered.filter(pl.col("preset") == preset)["city"][0] for preset in presets}
    says = say("{city} is first wherever the cities are said to end.", city=firsts[presets[0]])
    if len(set(firsts.values())) > 1:
        named = listed([f"{city}{say(' ({notes})', notes=preset)}" for preset, city in firsts.items()])
        says = say("Who is first depends on where a city ends: {cities}.", cities=named)
    elif len(presets) == 1:
        says = say("{number} cities are known well enough for a rank.", number=numbered.height)
    return Figure(
        says,
        numbered.drop("label", "latitude", "longitude"),
        [Column("preset", "boundary"), Column("city", "city"), Column("rank", "rank", 0), Column("score", "Readiness", 1)],
        _map(numbered, others, outlines),
        say(
            "Dot: city; the larger, the higher its Readiness; pale where half of the indicators or more are inferred; the first "
            "{number} have rank and name where there is room. Ring: a city with a score, not known well enough for a rank. "
            "Every city of the scope is on the map. A merged area stands at its city or between its cities. Outlines: Natural "
            "Earth, de facto borders.",
            number=_LABELLED,
        ),
        {"boundary": presets},
        {preset: _news(ranked.filter(pl.col("preset") == preset), published) for preset in presets} if len(presets) > 1 else {},
    )


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with boundaries in words, and with the cities of an area for its name, since others mean more by that."""
    words, names = {preset: in_words(preset) for preset in rows["preset"].unique()}, dict[str, str]()
    for preset, area, members in rows.drop_nulls("members").select("preset", "city", "members").iter_rows():
        cities = [city_name(member) for member in members]
        words[preset], names[area] = say("{cities} as one", cities=listed(cities)), "–".join(cities)
    return rows.with_columns(pl.col("preset").replace(words), pl.col("city").replace(names)).drop("members")


def _news(rows: pl.DataFrame, published: pl.DataFrame) -> str:
    """Return what a boundary changes against the published one: areas that are new, scores that move, cities that are gone.

    Both: city, rank, score, by rank.
    """
    before = published.select("city", pl.col("rank").alias("rank_before"), pl.col("score").alias("score_before"))
    joined = rows.join(before, on="city", how="left", maintain_order="left")
    changes = [change for row in joined.iter_rows(named=True) if (change := _change(row))]
    gone = published.filter(~pl.col("city").is_in(rows["city"].implode()))["city"].to_list()
    if not changes and not gone:
        return say("This is the published boundary: each city with all that its administration covers.")
    parts = [*changes, *([say("Part of another here: {cities}.", cities=listed(gone))] if gone else [])]
    return " ".join(parts)


def _change(row: dict[str, Any]) -> str:
    """Return how a boundary changes a city; an empty text if neither its rank nor its score changes as printed."""
    score, rank = f"{row['score']:.0f}", row["rank"]
    if row["rank_before"] is None:
        return say(_NEW_AREA, city=row["city"], rank=rank, score=score)
    before, rank_before = f"{row['score_before']:.0f}", row["rank_before"]
    if abs(row["score"] - row["score_before"]) < _MOVED or (score, rank) == (before, rank_before):
        return ""
    text = _STAYS if rank == rank_before else _MOVES_ALONE if score == before else _MOVES
    return say(text, city=row["city"], rank=rank, rank_before=rank_before, score=score, score_before=before)


#: Points from which on a score is said to move.
_MOVED = 0.5

_NEW_AREA = "{city} ranks {rank} with a score of {score}."
_MOVES = "{city} ranks {rank} instead of {rank_before}, with a score of {score} instead of {score_before}."
_MOVES_ALONE = "{city} ranks {rank} instead of {rank_before}, with a score of {score} as before."
_STAYS = "{city} still ranks {rank}, with a score of {score} instead of {score_before}."


def _map(ranked: pl.DataFrame, others: pl.DataFrame, borders: pl.DataFrame) -> Spec:
    """Draw the cities of the boundary that the signal ``boundary`` chooses, and rings for ``others``, within their outlines."""
    # Projected here, because a flat map can be cut to its frame, and labels are placed by its degrees.
    north = pl.col("latitude").map_elements(outlines.mercator, return_dtype=pl.Float64)
    ranked, others = (rows.rename({"longitude": "x"}).with_columns(north.alias("y")) for rows in (ranked, others))
    corners = pl.concat([ranked.select("x", "y"), others.select("x", "y")])
    (west, south), (east, top) = corners.min().row(0), corners.max().row(0)
    frame = (west - _MARGIN, south - _MARGIN, east + _MARGIN, top + _MARGIN)
    width = frame[2] - frame[0]
    degrees = [min(_DEGREE, screen / width) for screen in _WIDTHS]
    placed = with_label_places(ranked, degrees, (frame[0], frame[2]))
    position = {"longitude": quantitative("x"), "latitude": quantitative("y")}
    largest, step = (420, 0.05) if width < _WIDE else (120, 0.25)
    encoding = position | {"tooltip": [nominal("city"), quantitative("rank"), *vega.formatted(".1f", "score")]}
    size = quantitative("score", scale={"domain": [0, 100], "clamp": True, "range": [6, largest]}, legend=None)
    fill = {"condition": {"test": "datum.is_inferred", "value": 0.3}, "value": 0.75}
    dots = layer("point", {"size": size, "opacity": fill}, filled=True, color=vega.BLUE)
    # A halo of the page's colour keeps a label apart from the dots behind it.
    labels = [
        layer(
            "text", {"text": nominal("label")}, f"datum.place === '{place}'",
            align=align, dx=right, dy=down, fontSize=12, fontWeight="bold", **look,
        )
        for look in ({"stroke": "var(--page)", "strokeWidth": 4}, {})
        for place, (align, right, down) in LABEL_PLACES.items()
    ]  # fmt: skip
    chosen = vega.data(placed.drop("latitude")) | {"transform": [{"filter": "datum.preset == boundary"}], "encoding": encoding}
    land = [
        {"data": {"values": [outlines.shape(borders.filter(pl.col("level") == level)["geometry"], frame, step)]}}
        | layer("geoshape", {}, fill=fill, stroke=stroke, strokeWidth=0.7)
        for level, fill, stroke in (("country", "var(--land)", "var(--page)"), ("province", "var(--country)", vega.FAINT))
    ]
    ring = vega.data(others.select("city", "x", "y")) | layer(
        "point", position | {"tooltip": nominal("city")}, size=14, color=vega.GREY, strokeWidth=1
    )
    return {
        "layer": [*land, ring, chosen | {"layer": [dots, *labels]}],
        "projection": {"type": "identity", "reflectY": True},
        "params": [{"name": "boundary", "value": ranked["preset"][0]}],
        "width": "container",
        "height": _HEIGHT,
        "usermeta": {"most": _HEIGHT, "aspect": (frame[3] - frame[1]) / width},
    }


def with_label_places(rows: pl.DataFrame, degrees: Sequence[float], ends: tuple[float, float]) -> pl.DataFrame:
    """Return ``rows`` with a ``place`` for each label, the first between the ``ends`` that covers no labelled dot and no
    other label. The other dots are too many to spare.

    ``degrees`` are the widths of a degree on some screens, in pixels, the narrowest first; a letter takes 7 of them and a line
    13. A place has to be free on all of them, since dots move apart on a wider one and labels stay as far from their dots; if
    there is none, it may touch a dot on a wider one. A label without room has no place: its dot still answers when pointed at,
    and the table lists it.
    """
    places: list[str | None] = []
    for preset in rows["preset"].unique(maintain_order=True):
        named = rows.filter(pl.col("preset") == preset).to_dicts()
        dots = {degree: [_dot(row, degree) for row in named if row["label"] is not None] for degree in degrees}
        labels: dict[float, list[Box]] = {degree: [] for degree in degrees}
        for row in named:
            place = None if row["label"] is None else _free_place(row, dots, labels, ends)
            places.append(place)
            for degree in degrees if place else ():
                labels[degree].append(label_box(row, degree, *LABEL_PLACES[place or ""]))
    return rows.with_columns(pl.Series("place", places, pl.String))


def _free_place(
    row: dict[str, Any], dots: dict[float, list["Box"]], labels: dict[float, list["Box"]], ends: tuple[float, float]
) -> str | None:
    """Return the first place of a label that is free on every screen, or else the first that covers no dot on the narrowest."""
    for spared in (list(dots), list(dots)[:1]):
        for name, place in LABEL_PLACES.items():
            taken = {degree: labels[degree] + (dots[degree] if degree in spared else []) for degree in dots}
            if all(_is_free(label_box(row, degree, *place), taken[degree], ends) for degree in dots):
                return name
    return None


def _dot(row: dict[str, Any], degree: float) -> "Box":
    """Return the ends of a dot."""
    reach = 6.4 / degree
    return row["x"] - reach, row["y"] - reach, row["x"] + reach, row["y"] + reach


Box = tuple[float, float, float, float]


def _is_free(box: Box, taken: list[Box], ends: tuple[float, float]) -> bool:
    left, low, right, top = box
    is_inside = ends[0] <= left and right <= ends[1]
    return is_inside and not any(left < c and a < right and low < d and b < top for a, b, c, d in taken)


def label_box(row: dict[str, Any], degree: float, align: str, right: int, down: int) -> Box:
    """Return the west, south, east and north end of the label of ``row`` (label, x, y), in degrees of longitude."""
    # A Chinese character is as wide as it is high.
    width, height = sum(13 if letter > "\u2e7f" else 7 for letter in row["label"]) / degree, 13 / degree
    west = row["x"] + right / degree - width * {"left": 0, "center": 0.5, "right": 1}[align]
    south = row["y"] - down / degree - height / 2
    return west, south, west + width, south + height
