"""Resolve a place as written to a city, a province, a country, or none with a reason; never to a guess."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import InputError
from tests.support.places import BAY, NO_ALIASES, Mention, by_mention, committed, mentions, resolve

#: A city of each state of the United States and of the district, as exports write them: without the country.
AMERICAN = {
    "AL": "Birmingham", "AK": "Anchorage", "AZ": "Phoenix", "AR": "Little Rock", "CA": "Los Angeles", "CO": "Denver",
    "CT": "Hartford", "DC": "Washington", "DE": "Wilmington", "FL": "Miami", "GA": "Atlanta", "HI": "Honolulu",
    "IA": "Des Moines", "ID": "Boise", "IL": "Chicago", "IN": "Indianapolis", "KS": "Wichita", "KY": "Louisville",
    "LA": "New Orleans", "MA": "Boston", "MD": "Baltimore", "ME": "Portland", "MI": "Detroit", "MN": "Minneapolis",
    "MO": "Kansas City", "MS": "Jackson", "MT": "Billings", "NC": "Charlotte", "ND": "Fargo", "NE": "Omaha", "NH": "Manchester",
    "NJ": "Newark", "NM": "Albuquerque", "NV": "Las Vegas", "NY": "New York", "OH": "Columbus", "OK": "Oklahoma City",
    "OR": "Portland", "PA": "Philadelphia", "RI": "Providence", "SC": "Charleston", "SD": "Sioux Falls", "TN": "Nashville",
    "TX": "Austin", "UT": "Salt Lake City", "VA": "Richmond", "VT": "Burlington", "WA": "Seattle", "WI": "Milwaukee",
    "WV": "Charleston", "WY": "Cheyenne",
}  # fmt: skip

#: Cities of a country whose code is also a state's, of which the state has no such city.
ABROAD = [
    ("CA", "Toronto", "Toronto"),
    ("IL", "Tel Aviv", "Tel Aviv"),
    ("DE", "Munich", "Munich"),
    ("IN", "Bangalore", "Bengaluru"),
    ("CO", "Medellín", "Medellín"),
    ("GA", "Libreville", "Libreville"),
    ("MA", "Casablanca", "Casablanca"),
]

#: Everything that is found out of a place, read by eye, and what some of them show.
RECORDED = pl.read_csv(Path(__file__).with_name("places.csv"), schema_overrides={"region": pl.String}, infer_schema_length=None)


def test_everything_found_of_a_place_is_as_recorded() -> None:
    """A province is never taken for its capital, and what is refused has a reason and what is known of it."""
    recorded = by_mention(RECORDED.drop("shows"))
    found = by_mention(resolve(mentions(recorded)))
    assert {mention: {name: found[mention][name] for name in row} for mention, row in recorded.items()} == recorded


def test_city_beside_the_code_of_a_state_is_american_though_a_country_has_that_code() -> None:
    states = dict(committed("provinces").filter(pl.col("country") == "US").select("code", "province").iter_rows())
    assert AMERICAN.keys() == states.keys()
    apart: list[Mention] = [(None, code, place) for code, place in AMERICAN.items()]
    joined: list[Mention] = [(None, None, f"{place}, {code}") for code, place in AMERICAN.items()]
    found = by_mention(resolve(mentions([*apart, *joined])))
    for row, code in zip([*apart, *joined], [*AMERICAN, *AMERICAN], strict=True):
        meant = found[row]
        assert (meant["level"], meant["city_country"], meant["province"]) == ("city", "US", states[code]), row


def test_city_beside_the_code_of_a_country_is_abroad_where_the_state_has_none() -> None:
    apart: list[Mention] = [(None, code, place) for code, place, _ in ABROAD]
    joined: list[Mention] = [(None, None, f"{place}, {code}") for code, place, _ in ABROAD]
    found = by_mention(resolve(mentions([*apart, *joined])))
    for (code, _, city), *forms in zip(ABROAD, apart, joined, strict=True):
        assert [(found[form]["city"], found[form]["city_country"]) for form in forms] == [(city, code)] * 2


def test_namesakes_are_refused_unless_one_dwarfs_the_others() -> None:
    rows = by_mention(resolve(mentions([("US", None, "Springfield"), ("US", None, "Atlanta"), ("MX", None, "Guadalajara")])))
    assert str(rows["US", None, "Springfield"]["reason"]).startswith("fits 8 cities: Springfield 4409896 (170,188 people)")
    assert rows["MX", None, "Guadalajara"]["city"] == "Guadalajara"


def test_city_has_the_name_it_is_known_by_and_not_that_of_its_largest_part() -> None:
    called = {"Kochi": "Kochi", "Kanayannur": "Kochi", "Visakhapatnam": "Visakhapatnam"}
    indian = by_mention(resolve(mentions([("IN", None, city) for city in called])))
    assert {city: row["city"] for (_, _, city), row in indian.items()} == called


def test_city_stands_where_the_gazetteer_or_else_its_row_puts_it() -> None:
    found = by_mention(resolve(mentions([("CN", None, "Beijing"), ("CN", None, "Sansha")])))
    assert {place: (row["latitude"], row["longitude"]) for (_, _, place), row in found.items()} == {
        "Beijing": (39.9075, 116.39723),
        "Sansha": (16.8, 112.3),
    }


def test_city_has_its_own_province_whatever_that_of_a_part_of_it() -> None:
    parts = [
        ("US", "NJ", "Hoboken"),
        ("US", "NH", "Portsmouth"),
        ("IN", None, "Gurugram"),
        ("CN", None, "Kunshan"),
        ("CN", None, "广东"),
    ]
    found = by_mention(resolve(mentions(parts)))
    assert [(found[part]["province"], found[part]["city_province"]) for part in parts] == [
        ("New Jersey", "New York"),
        ("New Hampshire", "Massachusetts"),
        ("Haryana", "Delhi"),
        ("Jiangsu", "Jiangsu"),
        ("Guangdong", None),
    ]


def test_each_country_region_and_place_is_one_row() -> None:
    frame = resolve(mentions([("CN", None, "广东"), ("CN", None, "广东"), (None, None, None)]))
    assert frame.select("country", "region", "place").rows() == [(None, None, None), ("CN", None, "广东")]


# Curated files.


@pytest.mark.parametrize("place", ["Palo Alto", "Fremont", "San Francisco", BAY, "Stanford"])
def test_municipalities_of_the_bay_area_are_one_city(place: str) -> None:
    assert resolve(mentions([("US", None, place)], strict=True))["city"].to_list() == [BAY]


@pytest.mark.parametrize(
    ("place", "state", "geoname_id"),
    [("Arlington", "VA", 4744709), ("Lexington", "MA", 4941935), ("Kansas City", "MO", 4393217), ("Troy", "NY", 5141502)],
)
def test_name_that_several_states_share_needs_its_state(place: str, state: str, geoname_id: int) -> None:
    assert resolve(mentions([("US", None, place)]))["level"].to_list() == ["none"]
    stated = resolve(mentions([("US", None, f"{place}, {state}")], strict=True))
    assert stated["geoname_id"].to_list() == [geoname_id]


def test_unknown_place_names_file_row_column_and_remedy() -> None:
    with pytest.raises(InputError, match=r"f\.csv, row 7, column city: the place 'Atlantis'.*place_aliases\.csv"):
        resolve(mentions([("CN", None, "Atlantis")], strict=True))


@pytest.mark.parametrize(
    ("country", "place", "fault", "upstream"),
    [
        ("CN", "Guangdong", "is a province", "province"),
        ("US", "Skaneateles", "is not in the", "city"),
        ("US", "Jacksonville", "fits 4 cities", "none"),
    ],
)
def test_curated_place_must_be_a_city_without_doubt(country: str, place: str, fault: str, upstream: str) -> None:
    bare = {"place_aliases": NO_ALIASES, "areas": committed("areas").clear()}
    assert resolve(mentions([(country, None, place)]), **bare)["level"].to_list() == [upstream]
    with pytest.raises(InputError, match=f"'{place}' in {country} {fault}"):
        resolve(mentions([(country, None, place)], strict=True), **bare)


def test_curated_place_is_held_to_it_although_another_source_has_it_too() -> None:
    place = [("CN", None, "Guangdong")]
    with pytest.raises(InputError, match="'Guangdong' in CN is a province"):
        resolve(pl.concat([mentions(place), mentions(place, strict=True), mentions(place)]))


def test_ambiguous_municipality_is_an_error_of_areas_csv() -> None:
    with pytest.raises(InputError, match=r"areas\.csv, row \d+, column city: the place 'Fremont' in US fits 3 cities"):
        resolve(mentions([("CN", None, "Beijing")]), place_aliases=NO_ALIASES)


def test_district_of_no_city_is_an_error_of_districts_csv() -> None:
    pekin = pl.when(pl.col("name_zh") == "海淀区").then(pl.lit("Pekin")).otherwise("city")
    with pytest.raises(InputError, match=r"districts\.csv, row \d+, column city: 'Pekin' is not a city of prefectures\.csv"):
        resolve(mentions([("CN", None, "Beijing")]), districts=committed("districts").with_columns(city=pekin))


def test_homonyms_in_two_countries_carry_their_country() -> None:
    both = mentions([("US", None, "Birmingham"), ("GB", None, "Birmingham")], strict=True)
    assert resolve(both)["city"].to_list() == ["Birmingham, GB", "Birmingham, US"]


def test_upstream_namesakes_do_not_rename_a_curated_city() -> None:
    curated = [("US", None, "Richmond, VA"), ("FR", None, "Paris")]
    upstream = [("US", "IN", "Richmond"), ("CA", "BC", "Richmond"), ("GB", None, "Paris"), ("US", "TX", "Paris")]
    rows = by_mention(resolve(pl.concat([mentions(curated, strict=True), mentions(upstream)])))
    assert [rows[mention]["city"] for mention in curated] == ["Richmond", "Paris"]
    assert rows["US", "IN", "Richmond"]["city"] == "Richmond, IN, US"
    assert rows["CA", "BC", "Richmond"]["city"] == "Vancouver"
    assert rows["US", "TX", "Paris"]["city"] == "Paris, US"
