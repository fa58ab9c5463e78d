"""Make mentions of names, and resolve them."""

from itertools import chain, islice
from typing import Any

import polars as pl

from pipelines.resolve.names import MENTION_SCHEMA, NO_OVERRIDES, resolve
from tests.support.notes import note


def mention(source: str, name: str, other: str | None = None, **facts: Any) -> dict[str, Any]:
    """Return a mention of a company, identified by its source and name."""
    known = {"mention": f"{source}:{name}", "kind": "company", "source": source, "name": name, "name_other": other}
    return known | {"rank": 0 if source == "register" else 1} | facts


def override(name_a: str, name_b: str, same: str, kind: str = "company") -> pl.DataFrame:
    """Return a reviewed decision."""
    return pl.DataFrame([(kind, name_a, name_b, same, "looked up")], schema=NO_OVERRIDES.schema, orient="row")


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return mentions as ``resolve`` takes them."""
    return pl.DataFrame([{name: row.get(name) for name in MENTION_SCHEMA} for row in rows], schema=MENTION_SCHEMA)


def links(*rows: dict[str, Any], overrides: pl.DataFrame = NO_OVERRIDES) -> dict[str, dict[str, Any]]:
    """Return the link of each mention, by its id."""
    found = resolve(frame(*rows), overrides)
    note("links", found.height, found.write_csv())
    return {row["mention"]: row for row in found.iter_rows(named=True)}


def entities(*rows: dict[str, Any], overrides: pl.DataFrame = NO_OVERRIDES) -> list[str]:
    """Return the entity of each mention, in their order."""
    by_mention = links(*rows, overrides=overrides)
    return [by_mention[row["mention"]]["entity"] for row in rows]


def are_one(*worlds: tuple[dict[str, Any], ...]) -> list[bool]:
    """Return of each world whether its mentions are one entity; no two have a name in common, so all are resolved at once."""
    found = iter(entities(*chain(*worlds)))
    return [len(set(islice(found, len(world)))) == 1 for world in worlds]
