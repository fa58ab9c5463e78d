"""Read outlines of countries (1:110m) and of provinces of large countries (1:50m) from Natural Earth.

The borders are de facto: Taiwan is apart, and the South China Sea bears no line. Whoever publishes a map inside China must
use the official base map instead. Names of properties are in capitals for countries and in small letters for provinces.
Coordinates are rounded to a thousandth of a degree, about a hundred metres; the recording was rounded in the same way. This
parser has not read the live files yet.
"""

import json
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.errors import refuse
from pipelines.ingest import columns
from pipelines.ingest.readers.records import field, text_rows
from pipelines.ingest.readers.text import CHANGED, json_value, not_html
from pipelines.ingest.source import Source, Table

FILES = "https://raw.githubusercontent.com/nvkelso/natural-earth-vector/v5.1.2/geojson/"
TYPES = ("text/plain", "application/json", "application/geo+json")
#: Decimals of a degree.
DECIMALS = 3


def _geometry() -> dy.String:
    return columns.text("Outline: a GeoJSON geometry, degrees east and north (WGS 84).", r"^\{.*\}$", "Write a GeoJSON geometry")


class Countries(dy.Schema):
    """One row per country, or territory that is shown apart."""

    code = columns.text("Natural Earth's code, mostly ISO 3166 alpha-3.", r"^[A-Z]{3}$", "Write three letters", primary_key=True)
    name = columns.text("English name.")
    name_zh = columns.text("Chinese name.")
    geometry = _geometry()


class Provinces(dy.Schema):
    """One row per province or state of Australia, Brazil, Canada, China, India, Indonesia, Russia, South Africa and the US."""

    code = columns.text("Natural Earth's code.", r"^[A-Z]{3}[+-][0-9]+$", "Write a code such as CHN-1150", primary_key=True)
    country = columns.country3("Natural Earth's code of the country.")
    name = columns.text("English name.")
    name_zh = columns.text("Chinese name.")
    geometry = _geometry()


def parse_countries(content: bytes) -> pl.DataFrame:
    return _outlines(content, {"code": "adm0_a3", "name": "name_en", "name_zh": "name_zh"})


def parse_provinces(content: bytes) -> pl.DataFrame:
    return _outlines(content, {"code": "adm1_code", "country": "adm0_a3", "name": "name_en", "name_zh": "name_zh"})


def _outlines(content: bytes, fields: dict[str, str]) -> pl.DataFrame:
    """Return one row per feature, numbered from 1: the ``fields`` of its properties, and its geometry."""
    not_html(content)
    collection = json_value(content)
    if field(collection, "type", str) != "FeatureCollection":
        raise refuse("is not a collection of features", CHANGED)
    records, geometries = [], []
    for row, feature in enumerate(field(collection, "features", list), start=1):
        properties = field(feature, "properties", dict, row=row)
        records.append({name.lower(): value for name, value in properties.items()})
        geometries.append(_geometry_text(field(feature, "geometry", dict, row=row), row))
    return text_rows(records, fields, str).with_columns(geometry=pl.Series(geometries, dtype=pl.String))


def _geometry_text(geometry: dict[str, Any], row: int) -> str:
    """Return a polygon, or several, as text; raise Refused for anything else."""
    kind, coordinates = field(geometry, "type", str, row=row), field(geometry, "coordinates", list, row=row)
    if kind not in ("Polygon", "MultiPolygon"):
        raise refuse(f"the geometry is a {kind}, expected a polygon", CHANGED, row=row, column="geometry")
    return json.dumps({"type": kind, "coordinates": _rounded(coordinates, row)}, separators=(",", ":"))


def _rounded(value: Any, row: int) -> Any:
    if isinstance(value, list):
        return [_rounded(part, row) for part in value]
    if isinstance(value, bool) or not isinstance(value, int | float) or not -180 <= value <= 180:
        raise refuse(f"{value!r} is not a coordinate", CHANGED, row=row, column="geometry")
    return round(value, DECIMALS)


SOURCE = Source(
    name="natural_earth",
    title="Natural Earth: outlines of countries and provinces",
    publisher="Natural Earth",
    landing_page="https://www.naturalearthdata.com",
    licence="public domain (CC0)",
    licence_class="open",
    citation="Made with Natural Earth, naturalearthdata.com",
    cadence="yearly",
    tables=(
        Table("countries", Countries, (170, 200), parse_countries, (FILES + "ne_110m_admin_0_countries.geojson",), TYPES),
        Table("provinces", Provinces, (290, 300), parse_provinces, (FILES + "ne_50m_admin_1_states_provinces.geojson",), TYPES),
    ),
)
