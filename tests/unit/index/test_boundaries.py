"""Which cities each boundary merges."""

import polars as pl

from pipelines import settings
from pipelines.index.boundaries import ends, presets

TABLE = pl.DataFrame(
    {"preset": ["delta", "metro", "metro"], "city": ["Bex", "Cork", "Dun"], "merged_into": ["Delta", "Bex", "Bex"]}
)


def test_metropolitan_area_takes_in_the_city_it_is_named_after() -> None:
    chosen = presets(TABLE, {"Bex", "Cork", "Dun"})
    assert list(chosen) == ["city", "delta", "metro"]
    assert chosen["metro"] == {"Bex": "Bex", "Cork": "Bex", "Dun": "Bex"}
    assert chosen["delta"] == {"Bex": "Delta"}


def test_area_takes_in_no_city_outside_the_scope() -> None:
    assert presets(TABLE, {"Bex", "Cork"}) == {"city": {}, "delta": {"Bex": "Delta"}, "metro": {"Bex": "Bex", "Cork": "Bex"}}


def test_boundaries_that_change_no_city_are_left_out() -> None:
    assert list(presets(TABLE, {"Cork"})) == ["city", "metro"]
    assert list(presets(TABLE, {"Alba"})) == ["city"]


def test_several_cities_as_one_of_another_name_are_no_end_of_any_of_them() -> None:
    assert ends(presets(TABLE, {"Bex", "Cork", "Dun"})) == [{}, {"Bex": "Bex", "Cork": "Bex", "Dun": "Bex"}]


def test_presets_name_known_cities() -> None:
    table = pl.read_csv(settings.REFERENCE / "boundaries.csv")
    known = {*pl.read_csv(settings.REFERENCE / "prefectures.csv")["city"], "Hong Kong"}
    assert set(table["city"]) <= known
