"""Outlines of places for a flat map: projected, cut to a frame, and no finer than a screen shows."""

import json
from collections.abc import Callable, Iterable
from itertools import pairwise
from math import asinh, degrees, radians, tan
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

#: West, south, east and north end of a map, in projected degrees.
Frame = tuple[float, float, float, float]


def mercator(latitude: float) -> float:
    """Return how far north a latitude stands on Mercator's map, in degrees of longitude."""
    return degrees(asinh(tan(radians(latitude))))


def shape(geometries: Iterable[str], frame: Frame, step: float) -> dict[str, Any]:
    """Return GeoJSON polygons, in longitude and latitude, as one shape on Mercator's map, cut to ``frame``.

    Points nearer to each other than ``step`` degrees become one.
    """
    rings = [_coarse(_cut(_projected(ring), frame), step) for text in geometries for ring in _rings(json.loads(text))]
    polygons = [[[list(point) for point in ring]] for ring in rings if len(ring) > 3]
    return {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    """Return the outer rings of a geometry; lakes and enclaves are left out."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [polygon[0] for polygon in polygons]


def _projected(ring: Ring) -> Ring:
    # Mercator's map has no poles.
    return [(longitude, mercator(min(max(latitude, -85.0), 85.0))) for longitude, latitude, *_ in ring]


def _cut(ring: Ring, frame: Frame) -> Ring:
    """Return the part of a ring within the frame (Sutherland and Hodgman 1974)."""
    west, south, east, north = frame
    for axis, end, is_inside in (
        (0, west, lambda value: value >= west),
        (0, east, lambda value: value <= east),
        (1, south, lambda value: value >= south),
        (1, north, lambda value: value <= north),
    ):
        ring = _cut_at(ring, axis, end, is_inside)
    return ring


def _cut_at(ring: Ring, axis: int, end: float, is_inside: Callable[[float], bool]) -> Ring:
    kept: Ring = []
    for before, point in pairwise([*ring[-1:], *ring]):
        if is_inside(before[axis]) != is_inside(point[axis]):
            share = (end - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if is_inside(point[axis]):
            kept.append(point)
    return kept


def _coarse(ring: Ring, step: float) -> Ring:
    """Return the ring with its points on a grid, each once in a row, and closed."""
    points = [(round(round(x / step) * step, 3), round(round(y / step) * step, 3)) for x, y in ring]
    kept = points[:1] + [point for before, point in pairwise(points) if point != before]
    return [*kept, kept[0]] if kept and kept[0] != kept[-1] else kept
