"""Names of cities as a person types them: several words without quotes, in English or Chinese."""

from collections.abc import Sequence
from itertools import combinations

from pipelines.answers import file
from pipelines.cli.console import fail, query
from pipelines.warehouse import queries


def cities(words: Sequence[str], count: int) -> list[str]:
    """Return the ``count`` cities that the words name, as the file spells them; end with the nearest names if one is unknown.

    Of all ways to divide the words, the first is taken in which every part is a city.
    """
    ways = [
        [" ".join(words[start:end]) for start, end in zip((0, *cuts), (*cuts, len(words)), strict=True)]
        for cuts in combinations(range(1, len(words)), count - 1)
    ]
    named = next((way for way in ways if all(map(_is_known, way))), None)
    if named is None and len(words) > count and all(map(_is_known, words)):
        raise fail(f"These are {len(words)} cities; it takes {count}.")
    return [_spelt(name) for name in named or ways[0]]


def complete(beginning: str) -> list[str]:
    """Return the cities whose name begins so, for completion in a shell; none if there is no release to read."""
    try:
        rows = file.rows("select city, city_zh from core.cities order by city")
    except file.Refusal:
        return []
    begins = beginning.lower()
    return [name for row in rows for name in row.values() if name and name.lower().startswith(begins)]


def with_a_part_called(city: str) -> list[str]:
    """Return the other cities that have a district, county or town of the name of a city."""
    rows = query(queries.read("report/parts_of_that_name"), [city])
    return [row["city"] for row in rows]


def _spelt(name: str) -> str:
    """Return a city as the file spells it; end with the file's own words if it is none, with a command in place of a query."""
    try:
        return file.named(name)
    except file.Refusal as refusal:
        raise fail(str(refusal).replace("For all of them: from core.cities", "For those with a rank: `rank --all`")) from None


def _is_known(name: str) -> bool:
    return query("select known_city($1) as city", [name])[0]["city"] is not None
