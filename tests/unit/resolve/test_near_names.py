"""Join names that are nearly one only where two sources have more of them than chance explains."""

import hashlib
from typing import Any

import pytest

from tests.support.names import links, mention

FIRMS, MISSPELT = 300, 40


def word(number: int) -> str:
    """Return a word of eight letters that is near no other."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in hashlib.sha256(str(number).encode()).hexdigest()[:8])


def listed(source: str, number: int, name: str, **facts: Any) -> dict[str, Any]:
    return mention(source, name, mention=f"{source}{number}", key=f"{number}", country="GB", **{"city": "Leeds"} | facts)


def world(*more: dict[str, Any]) -> dict[str, str]:
    """Return the entity of each mention: one source has firms of Leeds, another the first of them with a letter less."""
    full = [listed("a", number, word(number), rank=1, founded=2001) for number in range(FIRMS)]
    misspelt = [listed("b", number, word(number)[:-1], rank=2) for number in range(MISSPELT)]
    return {mention: link["entity"] for mention, link in links(*full, *misspelt, *more).items()}


def found(entity: dict[str, str]) -> int:
    return sum(entity[f"a{number}"] == entity[f"b{number}"] for number in range(MISSPELT))


def test_misspelt_names_of_a_source_are_found_in_their_city() -> None:
    elsewhere = listed("b", MISSPELT, word(MISSPELT)[:-1], rank=2, city="York")
    older = listed("b", MISSPELT + 1, word(MISSPELT + 1)[:-1], rank=2, founded=1998)
    entity = world(elsewhere, older)
    assert found(entity) == MISSPELT
    assert entity[f"a{MISSPELT}"] != entity[f"b{MISSPELT}"], "another city"
    assert entity[f"a{MISSPELT + 1}"] != entity[f"b{MISSPELT + 1}"], "another year"


@pytest.mark.slow
def test_shortened_names_of_a_source_are_found_in_their_city() -> None:
    full = [listed("a", number, f"{word(number)} Bakery", rank=1) for number in range(FIRMS)]
    short = [listed("b", number, word(number), rank=2) for number in range(MISSPELT)]
    by_mention = links(*full, *short)
    assert all(by_mention[f"a{number}"]["entity"] == by_mention[f"b{number}"]["entity"] for number in range(MISSPELT))
    assert by_mention["b0"]["how"] == "near name"
    assert (
        "one begins with the other, as no other names in Leeds are; of such pairs of their sources "
        in by_mention["b0"]["explanation"]
    )


def test_names_near_a_third_stay_apart() -> None:
    third = listed("a", FIRMS, f"{word(0)[:-1]}z", rank=1)
    entity = world(third)
    assert found(entity) == MISSPELT - 1
    assert entity["a0"] != entity["b0"] != entity[f"a{FIRMS}"]


@pytest.mark.slow
def test_near_names_of_three_sources_are_one_firm() -> None:
    entity = world(*(listed("c", number, word(number)[1:], rank=3) for number in range(MISSPELT)))
    assert found(entity) == MISSPELT
    assert all(entity[f"c{number}"] == entity[f"b{number}"] for number in range(MISSPELT))


def test_few_near_names_are_not_joined() -> None:
    """Kaseya and Kashya, LiveVox and Livevol are firms of one city each."""
    pairs = [("Kaseya", "Kashya", "San Jose"), ("LiveVox", "Livevol", "San Francisco"), ("TapSense", "Mapsense", "San Francisco")]
    rows = [
        mention(source, name, key=name, country="US", city=city)
        for *names, city in pairs
        for source, name in zip("ab", names, strict=True)
    ]
    assert len({link["entity"] for link in links(*rows).values()}) == len(rows)


@pytest.mark.parametrize(("source", "joined"), [("a", 0), pytest.param("c", MISSPELT, marks=pytest.mark.slow)])
def test_near_names_within_a_source_are_chance(source: str, joined: int) -> None:
    """Where a source itself has many names one letter apart, they say nothing about another; those of a third do not matter."""
    near = [
        listed(source, FIRMS + 2 * number + side, f"{word(1000 + number)}{'xy'[side]}", rank=3, founded=2001)
        for number in range(MISSPELT)
        for side in (0, 1)
    ]
    assert found(world(*near)) == joined
