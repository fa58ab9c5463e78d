"""Census: hand-made rows in the format of the upstream, and the recorded ones."""

from pathlib import Path

import pytest

from pipelines.ingest.sources import census
from tests.support.parsing import read, refusal

(PREFECTURES,) = census.SOURCE.tables


def prefecture(*, has_polygon: bool = False, **changes: str) -> bytes:
    row = dict.fromkeys(census.HEADER, "") | {
        "city": "深圳市", "city_code": "440300", "province": "广东省", "province_code": "440000",
        "popu_2020": "17560061", "popu_2010": "10423973", "household_2020": "2.25",
    } | changes  # fmt: skip
    row |= {"coord": "POLYGON((1 2,3 4))"} if has_polygon else {}
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in (row, row.values())).encode()


@pytest.mark.parametrize("has_polygon", [True, False])
def test_row_becomes_one_per_census(has_polygon: bool) -> None:
    frame = read(PREFECTURES, prefecture(has_polygon=has_polygon))
    assert frame.select("place", "place_code", "region", "year", "population", "household_size", "source_row").rows() == [
        ("深圳市", "440300", "广东省", 2010, 10423973, None, 2),
        ("深圳市", "440300", "广东省", 2020, 17560061, 2.25, 2),
    ]


def test_persons_with_decimals_are_rounded() -> None:
    frame = read(PREFECTURES, prefecture(popu_2020="17560061.5", popu_urban_2020="17000000.0000"))
    assert frame.filter(year=2020).select("population", "urban_population", "household_size").row(0) == (17_560_062, 17e6, 2.25)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"city_code": "44030"}, "column place_code: '44030' has the wrong form"),
        ({"popu_2020": "174943980"}, "column population: '174943980' is above"),
        ({"age_0_14_2020": "1749439"}, "column age_0_14_pct: '1749439' is above 100"),
    ],
)
def test_impossible_figure_is_refused(changes: dict[str, str], problem: str) -> None:
    for has_polygon in (True, False):
        assert problem in refusal(PREFECTURES, prefecture(has_polygon=has_polygon, **changes))


def test_recorded_census_has_every_prefecture_twice(recordings: Path) -> None:
    frame = read(PREFECTURES, (recordings / "census_china/derived_nogeom.csv").read_bytes())
    assert frame.height == 2 * 369
    assert frame.filter(place="深圳市").select("year", "population").rows() == [(2010, 10_423_973), (2020, 17_560_061)]
