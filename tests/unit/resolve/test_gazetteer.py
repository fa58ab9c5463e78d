"""Look up cities and countries, and hold the reference tables against the gazetteer."""

import polars as pl
import pytest

from pipelines.resolve.places.countries import countries, iso2
from pipelines.resolve.places.gazetteer import Ambiguous, Gazetteer, by_id, cities, names, towns
from pipelines.resolve.places.reading import normalise
from tests.support.places import NO_ALIASES, committed


@pytest.mark.parametrize("name", ["Xi'an", "Xi’an", "Xian", "XI AN"])
def test_apostrophes_case_and_spaces_do_not_matter(name: str) -> None:
    assert Gazetteer(NO_ALIASES).resolve("CN", name).name == "Xi'an"
    assert normalise(name) == "xian"


@pytest.mark.slow
def test_folding_a_column_is_folding_each_name() -> None:
    own = names().filter("is_own").join(towns(), on="geoname_id")
    assert own["key"].to_list() == [normalise(name) for name in own["name"]]
    alternates = names().filter(~pl.col("is_own"))["key"]
    assert alternates.to_list() == [normalise(name) for name in alternates]


def test_chinese_names_resolve() -> None:
    assert Gazetteer(NO_ALIASES).resolve("CN", "深圳").name == "Shenzhen"


def test_ambiguous_pinyin_needs_an_alias() -> None:
    with pytest.raises(Ambiguous, match="fits 2 cities"):
        Gazetteer(NO_ALIASES).resolve("CN", "Suzhou")
    jiangsu = Gazetteer(committed("place_aliases")).resolve("CN", "Suzhou")
    assert (jiangsu.geoname_id, jiangsu.latitude < 32) == (1886760, True)


def test_country_written_with_the_place_wins() -> None:
    assert Gazetteer(NO_ALIASES).resolve("SG", "Guangzhou, CN").country == "CN"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CN", "CN"), ("CHN", "CN"), ("China", "CN"), ("USA", "US"), ("U.S.", "US"), ("United States", "US"),
        ("UAE", "AE"), ("Korea, Republic of", "KR"), ("Czech Republic", "CZ"), ("ROM", "RO"), ("Macau", "MO"),
        ("香港", "HK"), ("台湾", "TW"), ("美国", "US"), ("Netherlands", "NL"), ("Virgin Islands, British", "VG"),
        ("Atlantis", None), ("Man", None), ("", None),
        ("Peru", "PE"), ("Per", None), ("PER", "PE"), ("Cuba", "CU"),
    ],
)  # fmt: skip
def test_country_is_read_by_code_or_name(written: str, code: str | None) -> None:
    assert iso2(written) == code


def test_each_name_of_a_country_means_one() -> None:
    meant: dict[str, set[str]] = {}
    for code, country in countries().items():
        for name in country.written:
            meant.setdefault(normalise(name), set()).add(code)
    assert {name: codes for name, codes in meant.items() if len(codes) > 1} == {}


def test_aliases_and_areas_are_in_the_gazetteer() -> None:
    ids = [*committed("place_aliases")["geoname_id"], *committed("areas")["geoname_id"].drop_nulls()]
    assert [geoname_id for geoname_id in ids if by_id(geoname_id) is None] == []


def test_aliases_in_china_mean_cities_of_prefectures_csv() -> None:
    aliases = committed("place_aliases").filter(pl.col("country") == "CN")
    assert aliases.join(committed("prefectures"), on="geoname_id", how="anti")["place"].to_list() == []


def test_cities_of_china_lie_in_their_province() -> None:
    china, prefectures = committed("provinces").filter(pl.col("country") == "CN"), committed("prefectures")
    assert china.height == 31
    placed = prefectures.join(cities(), on="geoname_id").join(china, on="province", suffix="_p")
    assert placed.height == prefectures["geoname_id"].count()
    assert placed.filter(pl.col("admin1") != pl.col("gazetteer_code"))["city"].to_list() == []
    codes = prefectures.join(china, on="province", suffix="_p")
    assert codes.filter(pl.col("code").str.head(2) != pl.col("code_p").str.head(2))["city"].to_list() == []
