"""Join the names of one firm, and no others: rule by rule."""

import pytest

from pipelines.resolve.names.weights import CROWD
from tests.support.names import are_one, entities, links, mention

# Languages, countries, cities, years.


def test_two_names_in_one_row_join_mentions_of_either() -> None:
    rows = [
        mention("register", "ByteDance", "字节跳动", country="CN", city="Beijing", founded=2012),
        mention("deals", "Bytedance Inc.", country="CN"),
        mention("events", "字节跳动", country="CN"),
        mention("filings", "北京字节跳动科技有限公司", country="CN"),
    ]
    assert entities(*rows) == ["ByteDance"] * 4


@pytest.mark.parametrize("blank", ["–", "...", "（）"])
def test_sign_in_place_of_another_name_joins_nobody(blank: str) -> None:
    rows = [mention("a", "Tarragon", blank, country="US"), mention("b", "Bellwether", blank, country="US")]
    assert entities(*rows) == ["Tarragon", "Bellwether"]


@pytest.mark.slow
@pytest.mark.parametrize("names_given", ["学而思|好未来", "好未来|学而思"])
def test_former_and_foreign_names_join_in_either_order(names_given: str) -> None:
    rows = [
        mention("register", "TAL Education", names_given, country="CN"),
        mention("events", "学而思", country="CN"),
        mention("deals", "好未来", country="CN"),
    ]
    assert entities(*rows) == ["TAL Education"] * 3


@pytest.mark.slow
def test_investor_in_two_languages_joins_either_name() -> None:
    is_one = {
        ("Cherubic Ventures心元资本", "Cherubic Ventures", "心元资本"): True,
        ("FreesFund峰瑞资本", "FreeS Fund", "峰瑞资本"): True,
        ("SIG海纳亚洲", "SIG Asia Investments", "海纳亚洲"): True,
        ("Matrix Partners经纬海外", "Matrix Partners", None): True,
        ("DCM中国", "DCM", None): False,  # its office in China stays apart, as Sequoia Capital China is
        ("CBC资本", "CBC", "博裕资本"): False,
    }
    pairs = [
        (mention("register", english, chinese, kind="investor"), mention("events", printed, kind="investor"))
        for printed, english, chinese in is_one
    ]
    assert dict(zip(is_one, are_one(*pairs), strict=True)) == is_one


@pytest.mark.slow
@pytest.mark.parametrize(("place_a", "place_b"), [(("US", None), ("GB", None)), (("US", "Boston"), ("US", "Denver"))])
def test_one_word_in_two_places_names_two_companies(place_a: tuple[str, str], place_b: tuple[str, str]) -> None:
    pairs = [
        tuple(mention(source, name, country=country, city=city) for source, (country, city) in (("a", place_a), ("b", place_b)))
        for name in ("Apple", "Sky", "Wish", "Orange")
    ]
    assert are_one(*pairs) == [False] * 4


def test_other_name_and_year_outweigh_two_countries() -> None:
    places = (("a", {"country": "CN", "city": "Shanghai"}), ("b", {"country": "US", "city": "Santa Clara"}))
    known = tuple(mention(source, "Agora", "声网", founded=2014, **place) for source, place in places)
    unknown = tuple(mention(source, "Quorum", **place) for source, place in places)
    assert are_one(known, unknown) == [True, False]


def test_several_words_join_across_cities_of_a_country() -> None:
    rows = [
        mention("a", "World Wide Packets", country="US", city="Spokane"),
        mention("b", "World Wide Packets", country="US", city="Dallas"),
    ]
    assert len(set(entities(*rows))) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("country", "is_one"),
    [
        (
            "US",
            {
                "Cernostics": True,  # eight letters or more
                "SpaceClaim": True,
                "AgBio": True,  # words run together
                "Zappos": False,
                "Symphony": False,  # another name has the word
            },
        ),
        ("FR", {"Cernostics": False}),
    ],
    ids=["US", "FR"],
)
def test_coined_word_joins_across_american_cities(country: str, is_one: dict[str, bool]) -> None:
    cities = {"a": "Boston", "b": "Denver"}
    pairs = [tuple(mention(source, name, country=country, city=city) for source, city in cities.items()) for name in is_one]
    assert dict(zip(is_one, are_one(*pairs, (mention("c", "Symphony Robotics"),)), strict=False)) == is_one
    for _, second in pairs:
        second["name"] = second["name"].upper()
    assert are_one(*pairs) == [False] * len(is_one), "it must be printed letter for letter"


def test_founding_years_more_than_three_apart_are_two_firms() -> None:
    founded = {"Figure": (2018, 2022), "Ledger": (2018, 2019), "Vector": (2012, 2015, 2018)}
    pairs = [(name, year) for name, years in founded.items() for year in years]
    found = entities(*(mention(f"{year}", name, country="US", city="San Jose", founded=year) for name, year in pairs))
    firms = {name: len({entity for (of, _), entity in zip(pairs, found, strict=True) if of == name}) for name in founded}
    assert firms == {"Figure": 2, "Ledger": 1, "Vector": 3}, "one in the middle fits two that are apart, so it joins neither"


@pytest.mark.slow
def test_different_chinese_names_outweigh_one_pinyin() -> None:
    rows = [
        mention("a", "Yunji", "云集", country="CN", city="Hangzhou", founded=2015),
        mention("b", "Yunji", "云迹", country="CN", city="Beijing", founded=2014),
    ]
    assert len(set(entities(*rows))) == 2


@pytest.mark.parametrize(("country_a", "country_b"), [("HK", "CN"), ("KY", "CN"), ("BM", "HK")])
def test_hong_kong_and_shell_countries_part_nothing(country_a: str, country_b: str) -> None:
    assert (
        entities(mention("a", "SenseTime", country=country_a), mention("b", "SenseTime", country=country_b)) == ["SenseTime"] * 2
    )


def test_offices_of_a_service_firm_are_one_firm() -> None:
    rows = [
        mention("a", "Ropes & Gray", kind="service_firm", country="US", city="Boston"),
        mention("b", "Ropes & Gray LLP", kind="service_firm", country="HK", city="Hong Kong"),
    ]
    assert entities(*rows) == ["Ropes & Gray"] * 2


def test_kinds_do_not_mix() -> None:
    by_mention = links(mention("a", "Tencent"), mention("b", "Tencent", kind="investor"))
    assert {row["how"] for row in by_mention.values()} == {"alone"}


# Keys, chains and ambiguity.


def test_one_key_joins_different_names() -> None:
    rows = [mention("a", "TransferWise", key="/wise", country="GB"), mention("a", "Wise", key="/wise", country="US")]
    by_mention = links(*rows)
    assert {row["entity"] for row in by_mention.values()} == {"TransferWise"}
    assert by_mention["a:Wise"]["how"] == "same key"
    assert by_mention["a:Wise"]["explanation"] == "a gives both the key '/wise'"


@pytest.mark.slow
def test_two_keys_stay_apart_despite_a_third_mention() -> None:
    rows = [
        mention("a", "Bluebox", key="1", mention="first", country="US"),
        mention("a", "Blue Box", key="2", mention="second", country="US"),
        mention("b", "Blue Box Inc.", mention="third", country="US"),
    ]
    assert len(set(entities(*rows))) == 3, "the third fits both, so it joins neither"
    rows[1]["city"] = rows[2]["city"] = "Seattle"
    first, second, third = entities(*rows)
    assert (first != second, second == third) == (True, True)


@pytest.mark.slow
def test_verbatim_name_wins_over_the_same_letters_spaced() -> None:
    facts = {"country": "US", "city": "Seattle"}
    rows = [
        mention("a", "Kit Check", key="1", **facts),
        mention("a", "KitCheck", key="2", **facts),
        mention("b", "KitCheck", **facts),
    ]
    assert entities(*rows) == ["Kit Check", "KitCheck", "KitCheck"]
    rows[1]["city"] = "Denver"
    assert entities(*rows) == ["Kit Check", "KitCheck", "Kit Check"], "the city decides"


@pytest.mark.slow
def test_mention_without_country_joins_neither_of_two_homonyms() -> None:
    rows = [
        mention("a", "Sonder", key="1", country="US"),
        mention("b", "Sonder", key="2", country="AU"),
        mention("c", "Sonder"),
    ]
    assert len(set(entities(*rows))) == 3
    assert len(set(entities(rows[0], rows[2]))) == 1


@pytest.mark.slow
def test_in_a_crowd_only_names_of_one_city_are_compared() -> None:
    """Each in a city of its own and years apart, so that a mention elsewhere fits one of them alone, by its year."""
    name = "Summit Advisers"
    crowd = [
        mention("a", name, mention=f"a{n}", key=f"{n}", country="US", city=f"City {n}", founded=1700 + 5 * n)
        for n in range(CROWD)
    ]
    rows = [
        mention("b", name, mention="here", country="US", city="City 7", founded=1735),
        mention("b", name, mention="moved", country="US", city="Elsewhere", founded=1740),
    ]
    few = entities(*crowd[:9], *rows)
    assert few[-2:] == few[7:9], "the same year is enough among few"
    many = entities(*crowd, *rows)
    assert many[-2] == many[7]
    assert many.count(many[-1]) == 1, "and proves nothing among many"


@pytest.mark.slow
def test_names_alike_in_a_crowd_are_compared_in_one_city() -> None:
    crowd = [
        mention("a", "Quantor", mention=f"a{n}", key=f"{n}", country="US", city=f"City {n}", founded=1700 + 5 * n)
        for n in range(CROWD + 1)
    ]
    here = mention("b", "Quantor Technologies", mention="here", country="US", city="City 7", founded=1735)
    elsewhere = mention("b", "Quantor Technologies", mention="elsewhere", country="US", founded=1740)
    found = entities(*crowd, here, elsewhere)
    assert found[-2] == found[7]
    assert found.count(found[-1]) == 1


@pytest.mark.slow
def test_short_names_one_letter_apart_are_one_only_in_one_city_and_year() -> None:
    facts = {"country": "GB", "city": "Leeds", "founded": 2009}
    first = mention("a", "Bafutedi Systems", **facts)
    assert len(set(entities(first, mention("b", "Bafutdi Systems", **facts)))) == 1
    for fact, other in (("city", "York"), ("city", None), ("founded", 2010), ("founded", None)):
        assert len(set(entities(first, mention("b", "Bafutdi Systems", **facts | {fact: other})))) == 2, (fact, other)
    assert len(set(entities(mention("a", "Bafu", **facts), mention("b", "Bafa", **facts)))) == 2, "too short"


@pytest.mark.slow
def test_likeness_does_not_chain() -> None:
    facts = {"kind": "investor", "country": "US", "city": "Boston"}
    rows = [
        mention("register", "Northgate Capital", **facts),
        mention("a", "Northgate", **facts),
        mention("b", "Northgate Management", **facts),
    ]
    assert entities(*rows[:2]) == ["Northgate Capital"] * 2
    assert entities(*rows[1:]) == ["Northgate"] * 2
    assert entities(*rows)[2] == "Northgate Management", "Northgate belongs to Northgate Capital, and draws nothing after it"


def test_mentions_in_an_entity_never_contradict_each_other() -> None:
    rows = [
        mention("register", "Babylon", "巴比伦", country="GB", founded=2013),
        mention("a", "Babylon", country="IL"),
        mention("b", "巴比伦", country="IL", founded=1997),
    ]
    assert len(set(entities(*rows))) == 3


def test_source_that_gives_keys_tells_its_own_apart() -> None:
    facts = {"kind": "investor", "country": "US", "city": "Boston", "founded": 2001}
    without = (mention("a", "Bluebell Capital", **facts), mention("a", "Bluebell", **facts))
    keyed = tuple(mention("a", name, key=name, **facts) for name in ("Snowdrop Capital", "Snowdrop"))
    assert are_one(without, keyed) == [True, False]


def test_record_has_what_any_of_its_mentions_states() -> None:
    """The second mention under one key states what the first does not, and it holds the homonym of another source off."""
    worlds = []
    for name, fact in (("Pilot", {"city": "Denver"}), ("Quill", {"country": "CA"}), ("Osprey", {"founded": 1990})):
        known = {} if "country" in fact else {"country": "US"}
        first = mention("a", name, key=name, mention=f"first {name}", **known)
        second = mention("a", name, key=name, mention=f"second {name}", **known | fact)
        other = mention("b", name, country="US", city="Boston", founded=2001)
        alone = [row | {"name": f"{name}s", "key": None, "mention": f"{row['mention']} alone"} for row in (first, other)]
        worlds += [(first, second), (first, other), (*alone,)]
    distinct = {row["mention"]: row for world in worlds for row in world}
    entity = dict(zip(distinct, entities(*distinct.values()), strict=True))
    held = [entity[one["mention"]] == entity[other["mention"]] for one, other in worlds]
    assert held == [True, False, True] * 3, "of the last two the name alone would do"
