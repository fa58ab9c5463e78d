"""What the page carries for its reader to recompute and to look into: the model of the index, cities, rows of evidence.

Belongs here: frames of the published file to plain data for JSON. What is done with it in the browser is in the ``.js``
files beside; what is a picture is in ``charts``.
"""

import json
from typing import Any

import polars as pl

#: Most rows of evidence the page carries per city and measure: the largest of these with which the whole stays below
#: ``MOST_BYTES``. The page says what it leaves to the file.
ROWS_PER_NUMBER = (1_000, 300, 100, 50, 25, 10)
MOST_BYTES = 2_500_000


def model(indicators: pl.DataFrame, values: pl.DataFrame, ranked: pl.DataFrame, pillars: list[str]) -> dict[str, Any]:
    """The index of one year as ``index.js`` takes it.

    Args:
        indicators: indicator, pillar, pillar_name, name, definition, unit, direction, transform, weight, floor, ceiling.
        values: preset, city, indicator, value.
        ranked: preset, city, rank; null for a city that is scored only. Gives the cities, in this order.
        pillars: those that count.
    """
    counted = indicators.filter(pl.col("pillar").is_in(pillars)).sort("pillar", maintain_order=True)
    codes = counted["indicator"].to_list()
    found = {(row["preset"], row["city"], row["indicator"]): row["value"] for row in values.iter_rows(named=True)}
    boundaries = {}
    for preset in ranked["preset"].unique(maintain_order=True):
        rows = ranked.filter(pl.col("preset") == preset)
        boundaries[preset] = {
            "cities": rows["city"].to_list(),
            "ranked": rows["rank"].is_not_null().to_list(),
            "values": [[found.get((preset, city, code)) for code in codes] for city in rows["city"]],
        }
    return {
        "indicators": [
            {
                "id": row["indicator"],
                "pillar": row["pillar"],
                "name": row["name"],
                "definition": row["definition"],
                "unit": row["unit"],
                "log": row["transform"] == "log1p",
                "direction": row["direction"],
                "floor": row["floor"],
                "ceiling": row["ceiling"],
                "weight": row["weight"],
            }
            for row in counted.iter_rows(named=True)
        ],
        "pillars": [
            {"id": pillar, "name": name}
            for pillar, name in counted.select("pillar", "pillar_name").unique(maintain_order=True).iter_rows()
        ],
        "boundaries": boundaries,
    }


def cities(scores: pl.DataFrame, detail: pl.DataFrame) -> dict[str, Any]:
    """City → its scores with intervals (measure → [score, low, high]) and its numbers (indicator → [value, numerator,
    denominator, score, status])."""
    found: dict[str, Any] = {city: {"scores": {}, "numbers": {}} for city in scores["city"].unique(maintain_order=True)}
    for row in scores.iter_rows(named=True):
        found[row["city"]]["scores"][row["measure"]] = [row["score"], row["score_low_companies"], row["score_high_companies"]]
    for row in detail.iter_rows(named=True):
        numbers = [row["value"], row["numerator"], row["denominator"], row["normalised"], row["status"]]
        found[row["city"]]["numbers"][row["indicator"]] = numbers
    return found


def evidence(rows: pl.DataFrame) -> dict[str, Any]:
    """City → measure → its number of rows and the weightiest of them, texts that repeat told by their place in ``texts``.

    ``rows``: city, measure, label, year, value, weight, source, url, source_file, source_row.
    """
    for most in ROWS_PER_NUMBER:
        made = _evidence(rows, most)
        if len(json.dumps(made, ensure_ascii=False).encode()) <= MOST_BYTES:
            return made
    return made


def _evidence(rows: pl.DataFrame, most: int) -> dict[str, Any]:
    texts: dict[str | None, int] = {}
    found: dict[str, dict[str, dict[str, Any]]] = {}
    weight = pl.col("value") * pl.col("weight").fill_null(1.0)
    ordered = rows.sort("city", "measure", weight, "year", "label", descending=[False, False, True, True, False], nulls_last=True)
    for row in ordered.iter_rows(named=True):
        held = found.setdefault(row["city"], {}).setdefault(row["measure"], {"n": 0, "rows": []})
        held["n"] += 1
        if held["n"] <= most:
            places = [texts.setdefault(row[name], len(texts)) for name in ("source", "url", "source_file")]
            weight_of = None if row["weight"] is None else round(row["weight"], 3)
            held["rows"].append([row["label"], row["year"], round(row["value"], 6), weight_of, *places, row["source_row"]])
    return {"texts": list(texts), "cities": found}
