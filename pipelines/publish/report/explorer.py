"""What the page carries for its reader to recompute and to look into: the model of the index, cities, rows of evidence.

Belongs here: frames of the published file to plain data for JSON. What is done with it in the browser is in the ``.js``
files beside; what is a picture is in ``figures``.
"""

import json
import re
from typing import Any

import polars as pl

from pipelines.index import BENCHMARK
from pipelines.publish import wording
from pipelines.publish.report import basis, vega
from pipelines.publish.report.findings import told_row
from pipelines.publish.texts import chinese, city_name, known, say, spoken, unit

#: Most rows of evidence the page carries per city and measure: the largest of these for which there is room. The page says
#: what it leaves to the file.
ROWS_PER_NUMBER = (1_000, 300, 100, 50, 25, 10, 5)
#: Points where bars end, on the report and on the pages of cities alike; what is beyond is cut off.
TOP = 160


def model(indicators: pl.DataFrame, values: pl.DataFrame, scores: pl.DataFrame, weights: pl.DataFrame) -> dict[str, Any]:
    """Return the index of one year as ``index.js`` takes it, for the pillars of Readiness.

    Args:
        indicators: indicator, pillar, pillar_name, measure, name, definition, unit, weight, counted_by, goalpost_value.
        values: city, indicator, score.
        scores: measure, city, rank; Readiness gives the cities, in this order.
        weights: pillar, measure, weight.
    """
    counted = indicators.filter(pl.col("measure") == "Readiness").sort("pillar", maintain_order=True)
    codes = counted["indicator"].to_list()
    score_of = {(row["city"], row["indicator"]): row["score"] for row in values.iter_rows(named=True)}
    standing = scores.filter(pl.col("measure") == "Readiness")
    weight_of = dict(weights.filter(pl.col("measure") == "Readiness").select("pillar", "weight").iter_rows())
    return {
        "indicators": _indicators(counted),
        "pillars": [row | {"weight": weight_of[row["id"]]} for row in _pillars(counted)],
        "cities": standing["city"].to_list(),
        "ranked": standing["rank"].is_not_null().to_list(),
        "points": [[_rounded(score_of.get((city, code))) for code in codes] for city in standing["city"]],
        "every_indicator": _indicators(indicators),
        "groups": groups(indicators),
    }


def _indicators(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "id": row["indicator"],
            "goal": _rounded(row["goalpost_value"]),
            "pillar": row["pillar"],
            "weight": row["weight"],
            "counted_by": known(row["counted_by"]),
            "is_relative": row["is_relative"],
            "against": say("against {city}", city=city_name(row["goalpost_city"])) if row["goalpost"] == "leader" else None,
            "name": say(row["name"]),
            "definition": say(row["definition"]),
            "unit": unit(row["unit"]),
        }
        for row in rows.iter_rows(named=True)
    ]


def _pillars(rows: pl.DataFrame) -> list[dict[str, Any]]:
    pairs = rows.select("pillar", "pillar_name").unique(maintain_order=True)
    return [{"id": pillar, "name": say(name)} for pillar, name in pairs.iter_rows()]


def groups(indicators: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the groups in which the indicators of a city are shown: ``pillar``, ``measure`` of its score, and ``name``.

    A pillar that is all of its measure bears that name, so that no score stands there twice.
    """
    pairs = indicators.select("measure", "pillar", "pillar_name").unique(maintain_order=True)
    return [
        {"pillar": row["pillar"], "measure": row["measure"], "name": say(row["measure"])}
        if pairs.filter(pl.col("measure") == row["measure"]).height == 1
        else {"pillar": row["pillar"], "measure": row["pillar"], "name": say(row["pillar_name"])}
        for row in pairs.iter_rows(named=True)
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def file_name(city: str, code: str = "en", kind: str = "html") -> str:
    """Return the name of a city's file: lower case, with a hyphen for what is neither a letter nor a digit."""
    name = re.sub(r"\W+", "-", city.lower()).strip("-")
    return f"{name}.{kind}" if code == "en" else f"{name}.{code}.{kind}"


def cities(scores: pl.DataFrame, values: pl.DataFrame, ranking: pl.DataFrame, indicators: pl.DataFrame) -> dict[str, Any]:
    """Return each city with what the page shows of it.

    ``scores`` has measure → [score, low, high], ``numbers`` has indicator → [value, low, high, score, low, high, lists, counted,
    printed, note], where counted is the number of a complete list and printed that of a report (null where none sets the unit),
    and the note says up to which year lists count it in the city, if that is before the headline year, or from which, if it is
    after it, or that those which look count none, and why a count is not whole. ``standing`` has its rank with interval, its
    distance, its strongest and weakest pillar and what widens its interval most; it is null for a city without a rank.
    """
    pillars = pillars_by_rank(scores, indicators, values)
    n_pillars = indicators.filter(pl.col("measure") == "Readiness")["pillar"].n_unique()
    profiles: dict[str, Any] = {
        # Only ranked cities have a Chinese name in the file.
        city: {
            "zh": None if spoken() == "en" else chinese().get(city),
            "page": None if city == BENCHMARK else file_name(city, spoken()),
            "standing": None,
            "scores": {},
            "numbers": {},
        }
        for city in scores["city"].unique(maintain_order=True)
    }
    for row in scores.iter_rows(named=True):
        profiles[row["city"]]["scores"][row["measure"]] = [_rounded(row[name]) for name in ("score", "score_low", "score_high")]
    columns = ("value", "value_low", "value_high", "score", "score_low", "score_high")
    for row in values.iter_rows(named=True):
        own = (_rounded(row[name]) for name in ("counted", "report_count"))
        counts = basis.none_counted(row["is_dated"]) if row["is_none"] else _counted(row)
        notes = filter(None, [counts, basis.halves(row["indicator"], row["counted"])])
        numbers = [*(_rounded(row[name]) for name in columns), row["n_lists"], *own, say("; ").join(notes) or None]
        profiles[row["city"]]["numbers"][row["indicator"]] = numbers
    for row in ranking.iter_rows(named=True):
        profile = profiles[row["city"]]
        profile["zh"] = row["city_zh"]
        profile["standing"] = {
            "rank": [row[name] for name in ("rank", "rank_low", "rank_high")],
            "chance": wording.chance(row["p_first"]),
            "far": None if row["times_less"] is None else wording.times_less(row),
            "years": _years_behind(row),
            "pillars": _strongest_and_weakest(pillars.get(row["city"], []), n_pillars),
            "widest": row["widest"] and say(row["widest"]),
            "rows": row["rows_to_halve"],
        }
    return profiles


def _counted(row: dict[str, Any]) -> str:
    """Return up to which year lists count an indicator in a city, or from which, where that is not the headline year."""
    if row["last_year"] is not None:
        return say("counted up to {year}", year=row["last_year"])
    return "" if row["first_year"] is None else say("first counted in {year}", year=row["first_year"])


#: Rank of a city in a pillar, the pillar's name, and the ends of the rank's 90% interval.
PillarRank = tuple[int, str, int, int]


def pillars_by_rank(scores: pl.DataFrame, indicators: pl.DataFrame, values: pl.DataFrame) -> dict[str, list[PillarRank]]:
    """Return city → the pillars of Readiness that it can be told to be strong or weak in, the best one first.

    That is where a list that counts an indicator of the pillar has rows on the city, and its score is not at the end of the
    scale: many cities share that, and with it their rank.
    """
    readiness = indicators.filter(pl.col("measure") == "Readiness")
    counted = values.filter(pl.col("n_lists") > 0, pl.col("n_rows") > 0).join(
        readiness.select("indicator", "pillar"), on="indicator"
    )
    known = set(counted.select("city", "pillar").iter_rows())
    names = dict(readiness.select("pillar", "pillar_name").iter_rows())
    ranks: dict[str, list[PillarRank]] = {}
    for row in scores.drop_nulls("rank").iter_rows(named=True):
        if row["measure"] in names and row["score"] > 0 and (row["city"], row["measure"]) in known:
            told = row["rank"], names[row["measure"]], row["rank_low"], row["rank_high"]
            ranks.setdefault(row["city"], []).append(told)
    return {city: sorted(told) for city, told in ranks.items()}


def _strongest_and_weakest(ranks: list[PillarRank], n_pillars: int) -> str | None:
    """Return in words the pillars in which a city ranks best and worst among all, and if that may be chance; None if alike.

    Of the pillars, ``n_pillars``, those are left out that it cannot be told to be strong or weak in.
    """
    if not ranks or ranks[0][0] == ranks[-1][0]:
        return None
    first, last = ranks[0][0], ranks[-1][0]
    best, worst = (wording.listed([say(name) for rank, name, *_ in ranks if rank == extreme]) for extreme in (first, last))
    text = _OF_ALL if len(ranks) == n_pillars else _OF_THE_COUNTED
    told = say(text, best=best, first=first, worst=worst, last=last)
    least_of_best = max(high for rank, _, _, high in ranks if rank == first)
    overlap = least_of_best >= min(low for rank, _, low, _ in ranks if rank == last)
    return f"{told}{say(_OVERLAP)}" if overlap else told


_OF_ALL = "By rank among all cities, strongest in {best} (rank {first}), weakest in {worst} (rank {last})"
_OF_THE_COUNTED = (
    "Of the pillars that lists count there, by rank among all cities, strongest in {best} (rank {first}), weakest in {worst} "
    "(rank {last})"
)
_OVERLAP = ": the 90% intervals of these ranks overlap"


def years(rows: pl.DataFrame) -> dict[str, Any]:
    """Return the scores of every year: ``first`` and ``last``, and city → measure → a row for each year.

    A row has score, low and high; that of Readiness also rank, low and high. It is null for a year without a score.

    Args:
        rows: city, measure, year, score, score_low, score_high, rank, rank_low, rank_high.
    """
    first, last = int(rows["year"].min()), int(rows["year"].max())  # type: ignore[arg-type]
    cities: dict[str, dict[str, list[list[int | None] | None]]] = {}
    for row in rows.drop_nulls("score").iter_rows(named=True):
        names = _SCORE + (_RANK if row["measure"] == "Readiness" else ())
        empty: list[list[int | None] | None] = [None] * (last - first + 1)
        course = cities.setdefault(row["city"], {}).setdefault(row["measure"], empty)
        course[row["year"] - first] = [None if row[name] is None else round(row[name]) for name in names]
    return {"first": first, "last": last, "cities": cities}


_SCORE, _RANK = ("score", "score_low", "score_high"), ("rank", "rank_low", "rank_high")


def _years_behind(row: dict[str, Any]) -> str | None:
    """Return how long ago at least the benchmark stood where a city stands now, by the 90% interval; None if it may be level."""
    if row["how"] not in {"within the record", "beyond the record"}:
        return None
    least = row["year"] - row["record_from"] if row["years_low"] is None else int(row["years_low"])
    if least < 1:
        return None
    return say("more than 1 year behind" if least == 1 else "more than {years} years behind", years=least)


def evidence(rows: pl.DataFrame, room: int) -> dict[str, Any]:
    """Return city → measure → number of rows, number of printed totals, and rows: totals first, then the largest.

    Texts that repeat are told by their place in ``texts``. It takes no more than ``room`` bytes, unless the fewest rows do.

    ``rows``: city, measure, label, year, year_to, value, dataset, source, url, source_file, source_row, is_total.
    """
    order = {"city": False, "measure": False, "is_total": True, "value": True, "year": True, "label": False, "dataset": False}
    number = ("city", "measure")
    placed = rows.sort(*order, descending=list(order.values()), nulls_last=True).with_columns(
        place=pl.int_range(pl.len()).over(number), n=pl.len().over(number), totals=pl.col("is_total").sum().over(number)
    )
    told = vega.each(placed.filter(pl.col("place") < ROWS_PER_NUMBER[0]), told_row, "label")
    for most in ROWS_PER_NUMBER:
        made = _evidence(told.filter(pl.col("place") < most))
        if len(json.dumps(made, ensure_ascii=False).encode()) <= room:
            return made
    return made


def _evidence(rows: pl.DataFrame) -> dict[str, Any]:
    texts: dict[str | None, int] = {}
    cities: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        held = cities.setdefault(row["city"], {}).setdefault(row["measure"], {"n": row["n"], "totals": row["totals"], "rows": []})
        places = [texts.setdefault(row[name], len(texts)) for name in ("dataset", "source", "url", "source_file")]
        held["rows"].append([row["label"], row["year"], row["year_to"], round(row["value"], 6), *places, row["source_row"]])
    return {"texts": [text and known(text) for text in texts], "cities": cities}
