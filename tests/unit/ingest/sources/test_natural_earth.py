"""Natural Earth: a made-up country in the format of the upstream, and the recorded outlines."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.sources import natural_earth
from tests.support.parsing import as_json, read, refusal

COUNTRIES, PROVINCES = natural_earth.SOURCE.tables
SQUARE = [[[1.00049, 2], [1.0, 3.12345678], [2, 3], [1.00049, 2]]]
COUNTRY = {"ADM0_A3": "UTO", "ISO_A2": "-99", "NAME_EN": "Utopia", "NAME_ZH": "乌托邦", "POP_EST": 5}
PROVINCE = {"adm1_code": "UTO+00?", "adm0_a3": "UTO", "name_en": "East", "name_zh": "东省"}


def collection(properties: dict[str, Any], kind: str = "Polygon", coordinates: Any = SQUARE) -> bytes:
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
    return as_json({"type": "FeatureCollection", "features": [feature]})


def test_outline_is_rounded_and_properties_may_be_in_capitals() -> None:
    ((code, name, name_zh, geometry, row),) = read(COUNTRIES, collection(COUNTRY)).rows()
    assert (code, name, name_zh, row) == ("UTO", "Utopia", "乌托邦", 1)
    assert json.loads(geometry) == {"type": "Polygon", "coordinates": [[[1.0, 2], [1.0, 3.123], [2, 3], [1.0, 2]]]}


@pytest.mark.parametrize(
    ("table", "content", "problem"),
    [
        (COUNTRIES, collection(COUNTRY | {"NAME_ZH": None}), "row 1, column name_zh: contains None, expected text"),
        (COUNTRIES, collection(COUNTRY, "Point", [1, 2]), "row 1, column geometry: the geometry is a Point"),
        (COUNTRIES, collection(COUNTRY, coordinates=[[[1, 200]]]), "row 1, column geometry: 200 is not a coordinate"),
        (COUNTRIES, as_json({"type": "Feature"}), "is not a collection of features"),
        (PROVINCES, collection(PROVINCE), "row 1, column code: 'UTO+00?' has the wrong form"),
    ],
)
def test_malformed_collection_is_refused(table: natural_earth.Table, content: bytes, problem: str) -> None:
    assert problem in refusal(table, content)


def test_recorded_outlines_hold_the_provinces_of_china(recordings: Path) -> None:
    folder = recordings / "natural_earth"
    countries = read(COUNTRIES, (folder / "derived_countries110.geojson").read_bytes())
    provinces = read(PROVINCES, (folder / "derived_states50.geojson").read_bytes())
    assert (countries.height, provinces.height) == (177, 294)
    assert provinces.filter(country="CHN").height == 31
    assert countries.filter(code="TWN").height == 1
