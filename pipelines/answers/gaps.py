"""Say what a city lacks: scores, a rank, or lists that count it."""

import polars as pl

from pipelines.answers.file import query
from pipelines.publish import wording
from pipelines.publish.texts import city_name, say
from pipelines.resolve import scope


def without_scores(city: str) -> str:
    """Return why a city that the file knows has no scores, and what to do."""
    ranked = query("select scope from index.headline")["scope"][0]
    country = query("select country from core.cities where city = $1", [city])["country"][0]
    if ranked not in (country, scope.WORLD):
        return (
            f"{city}: no scores. It lies in {country}, and this release ranks {ranked}; SCOPE={country} or SCOPE=world ranks it."
        )
    return f"{city}: no scores. The lists that are loaded name it too rarely; all cities with scores: from top()."


def without_rank(city: str, low: float, high: float, inputs: pl.DataFrame) -> str:
    """Return why a city with scores has no rank, and what it lacks; ``inputs`` are its rows of ``why``."""
    said = say(
        "{city} has no rank: its Readiness may be anything from {low} to {high}, which is too wide for one.",
        city=city_name(city),
        low=f"{low:.0f}",
        high=f"{high:.0f}",
    )
    inferred = inputs.filter(pl.col("status") == "inferred")["name"].to_list()
    if inferred:
        said += say(" No list counts its {names}.", names=wording.listed([say(name).lower() for name in inferred]))
    wanted = inputs.filter(pl.col("rows_to_halve").is_not_null()).sort("rows_to_halve", "name").head(1)
    for row in wanted.iter_rows(named=True):
        said += say(
            " {rows} further rows of a complete list would halve the interval of {name}.",
            rows=f"{row['rows_to_halve']:,}",
            name=say(row["name"]).lower(),
        )
    return said
