"""Place names: one city, or an error; never a guess."""

import polars as pl
import pytest

from pipelines import paths
from pipelines.errors import InputError
from pipelines.places import Ambiguous, Gazetteer, normalise, resolve_all
from pipelines.sources import reference

NO_ALIASES = pl.DataFrame(schema={"country": pl.String, "place": pl.String, "geoname_id": pl.Int64})


def committed(name: str) -> pl.DataFrame:
    return reference.FILES.parse(name, (paths.REFERENCE / f"{name}.csv").read_bytes())


def mention(country: str, place: str) -> pl.DataFrame:
    return pl.DataFrame({"country": [country], "place": [place], "source_file": ["f.csv"], "source_row": [7], "column": ["city"]})


@pytest.mark.parametrize("name", ["Xi'an", "Xi’an", "Xian", "XI AN"])
def test_apostrophes_case_and_spaces_do_not_matter(name: str) -> None:
    assert Gazetteer(NO_ALIASES).resolve("CN", name).name == "Xi'an"
    assert normalise(name) == "xian"


def test_chinese_names_resolve() -> None:
    assert Gazetteer(NO_ALIASES).resolve("CN", "深圳").name == "Shenzhen"


def test_ambiguous_pinyin_is_refused_without_an_alias_and_resolved_with_one() -> None:
    with pytest.raises(Ambiguous, match="fits 2 cities"):
        Gazetteer(NO_ALIASES).resolve("CN", "Suzhou")
    jiangsu = Gazetteer(committed("place_aliases")).resolve("CN", "Suzhou")
    assert (jiangsu.geoname_id, jiangsu.latitude < 32) == (1886760, True)


def test_country_written_with_the_place_wins() -> None:
    assert Gazetteer(NO_ALIASES).resolve("SG", "Guangzhou, CN").country == "CN"


@pytest.mark.parametrize("place", ["Palo Alto", "Fremont", "San Francisco", "San Francisco Bay Area", "Stanford"])
def test_municipalities_of_the_bay_area_are_one_city(place: str) -> None:
    resolved = resolve_all(mention("US", place), committed("place_aliases"), committed("areas"))
    assert resolved["city"].to_list() == ["San Francisco Bay Area"]


def test_homonyms_in_two_countries_carry_their_country() -> None:
    both = pl.concat([mention("US", "Cambridge"), mention("GB", "Cambridge")])
    assert resolve_all(both, committed("place_aliases"), committed("areas"))["city"].to_list() == [
        "Cambridge, GB",
        "Cambridge, US",
    ]


def test_unknown_place_names_file_row_column_and_remedy() -> None:
    with pytest.raises(InputError, match=r"f\.csv, row 7, column city: the place 'Atlantis'.*place_aliases\.csv"):
        resolve_all(mention("CN", "Atlantis"), committed("place_aliases"), committed("areas"))


def test_ambiguous_municipality_of_an_area_is_an_error_of_that_file() -> None:
    with pytest.raises(InputError, match=r"areas\.csv, row \d+, column city: the place 'Fremont' in US fits 3 cities"):
        resolve_all(mention("CN", "Beijing"), NO_ALIASES, committed("areas"))
