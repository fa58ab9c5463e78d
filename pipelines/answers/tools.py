"""Answer the questions that programs ask of the published file: each answer names its release, its intervals and its rows.

An answer says in words what its rows say, and no more: where they leave the order open, no city is put ahead of another.
"""

from typing import Annotated, Any
from urllib.parse import urlencode

import polars as pl
from pydantic import Field

from pipelines.answers import bounded, gaps
from pipelines.answers.file import Refusal, kept_open, named, query
from pipelines.index import BENCHMARK
from pipelines.publish import claim_numbers, distances, wording
from pipelines.publish.report.explorer import file_name
from pipelines.publish.texts import unit
from pipelines.warehouse import queries

Answer = dict[str, Any]

#: Rows of an answer unless more are asked for, and how many may be.
FEW = 20
First = Annotated[int, Field(ge=1, le=200)]

HOW_TO_READ = (
    "Columns ending in _low and _high are the ends of 90% intervals. A score of 100 is the Bay Area in the base year{leaders}; "
    f"ten points less is half as much. {wording.ORDER} `row` names the row of the release, or the file and line that a fact was "
    "read from; cite the hash under `release`."
)


@kept_open()
def rank(year: int | None = None, score: str = "Readiness", first: First = FEW) -> Answer:
    """Return the cities in order by Readiness, Realised or a pillar, with intervals of score and rank."""
    rows = query("from top($1, $2)", [year, score]).filter(pl.col("rank").is_not_null())
    about = query("select scored_year($1) as year, score_named($2) as measure", [year, score]).row(0, named=True)
    if rows.is_empty():
        raise Refusal(f"No city is known well enough in {about['year']} for a rank by {score}.")
    headline = query("from index.headline").row(0, named=True)
    if (about["year"], about["measure"]) == (headline["year"], "Readiness"):
        says = wording.headline(query("from index.ranking where measure = 'Readiness'").to_dicts(), wording.ranked_in(headline))
    else:
        says = _first(rows, f"{score} in {about['year']}")
    keyed = _keyed(rows, "index.scores", {"measure": about["measure"], "year": about["year"]}, "city")
    (measured,) = query("select measured_year($1)", [about["year"]]).row(0)
    scope = f"Scope: {headline['scope']}; {rows.height} cities ranked, with 90% intervals of score and rank."
    return _answer(list(filter(None, [says, scope, wording.repeats(about["year"], measured)])), keyed, first)


def _first(rows: pl.DataFrame, what: str) -> str:
    """Return which city has the highest score, and which others have the first rank in the interval of their own."""
    highest, *others = rows.iter_rows(named=True)
    share = wording.in_a_sentence(highest["p_first"])
    says = f"{highest['city']} scores highest by {what}, and is first in {share} of the draws."
    rivals = [row["city"] for row in others if row["rank_low"] == 1]
    return f"{says} {wording.listed(rivals)} could be first too." if rivals else says


@kept_open()
def why(city: str, year: int | None = None) -> Answer:
    """Return a city's scores and pillars, and behind them each indicator with its interval and what counts it."""
    name = named(city)
    inputs, standing = query("from why($1, $2)", [name, year]), query("from standing($1, $2)", [name, year])
    scored = _scored(year)
    (total,) = standing.filter(pl.col("measure") == "Readiness").iter_rows(named=True)
    says = []
    if total["rank"] is not None:
        ranks = f"{total['rank']} by Readiness in {scored} (90% interval: {total['rank_low']} to {total['rank_high']})"
        says.append(f"{name} ranks {ranks}; its score is {_ends(total)}.")
    says += gaps.standing(name, total, scored, inputs.to_dicts())
    key: dict[str, object] = {"city": name, "year": scored}
    rows = _keyed(standing, "index.scores", key, "measure") + _keyed(inputs, "marts.indicator_detail", key, "indicator")
    return _answer(says, rows) | ({} if name == BENCHMARK else {"page": f"city/{file_name(name)}"})


@kept_open()
def compare(city: str, other: str, year: int | None = None) -> Answer:
    """Return two cities side by side, and whether the release can tell them apart."""
    names = [named(city), named(other)]
    if names[0] == names[1]:
        raise Refusal(f"Both names are of {names[0]}: name two cities.")
    rows = query("from compare($1, $2, $3)", [*names, year])
    scored = _scored(year)
    scores = query(
        "from index.scores where measure = 'Readiness' and year = $1 and city in ($2, $3) order by city = $3", [scored, *names]
    )
    pair = query("from index.pairwise where measure = 'Readiness' and year = $1 and city = $2 and other = $3", [scored, *names])
    keyed = _keyed(scores, "index.scores", {"measure": "Readiness", "year": scored}, "city")
    keyed += _keyed(pair, "index.pairwise", {"measure": "Readiness", "year": scored, "city": names[0]}, "other")
    for row, name in zip(rows.iter_rows(named=True), rows["indicator"], strict=True):
        ids = [_row("marts.indicator_detail", city=each, year=scored, indicator=name) for each in names]
        keyed.append({"row": ids[0], "other_row": ids[1]} | row)
    return _answer([_apart(names, scores, pair, scored)], keyed)


def _apart(names: list[str], scores: pl.DataFrame, pair: pl.DataFrame, year: int) -> str:
    """Return which of two cities is ahead, if that is settled, and else that it is not."""
    ours, theirs = scores.iter_rows(named=True)
    numbers = f"Readiness in {year}: {names[0]} {_ends(ours)}, {names[1]} {_ends(theirs)}."
    if pair.is_empty() and BENCHMARK in names:
        return f"{_beside_benchmark(next(name for name in names if name != BENCHMARK), year)} {numbers}"
    if pair.is_empty():
        above, share = gaps.above(ours, theirs, None), ""
        if None not in (ours["rank"], theirs["rank"]):
            share = f" The 90% intervals of their ranks: {_rank_ends(ours)} and {_rank_ends(theirs)}."
    else:
        above = pair["p_above"][0]
        share = f" The first scores above the second in {wording.in_a_sentence(above)} of the draws."
    if above >= wording.AHEAD or above <= wording.BEHIND:
        ahead, behind = names if above >= wording.AHEAD else names[::-1]
        return f"{ahead} is ahead of {behind}. {numbers}{share}"
    return f"{names[0]} and {names[1]} are not separable: which has more Readiness is not settled. {numbers}{share}"


def _rank_ends(row: dict[str, Any]) -> str:
    return f"{row['rank_low']} to {row['rank_high']}"


def _beside_benchmark(city: str, year: int) -> str:
    """Return how far a city is from the benchmark, over what both have; their scores are means of different indicators."""
    far = query("from index.distance where measure = 'Readiness' and year = $1 and city = $2", [year, city]).to_dicts()
    said = "Their scores are means of different indicators, so they do not say which has more."
    return " ".join(filter(None, [distances.how_far(far[0], BENCHMARK), distances.inferred(far[0]), said])) if far else said


@kept_open()
def evidence(city: str, indicator: str, first: First = FEW, skip: Annotated[int, Field(ge=0)] = 0) -> Answer:
    """Return the rows that lists hold of an indicator in a city, of all years, each with its source, file and line."""
    name = named(city)
    rows = query("from evidence($1, $2)", [name, indicator])
    spelt = query("select indicator_named($1) as indicator", [indicator])["indicator"][0]
    year = _scored(None)
    inputs = query("from marts.indicator_detail where city = $1 and year = $2 and indicator = $3", [name, year, spelt])
    says = [f"Evidence on {spelt} in {name}, rows: {rows.height:,}."]
    says += [_value(row) for row in inputs.iter_rows(named=True)]
    facts = [{"row": f"{row['source_file']}:{row['source_row']}"} | row for row in rows.iter_rows(named=True)]
    values = _keyed(inputs, "marts.indicator_detail", {"city": name, "year": year}, "indicator")
    return _answer(says, facts[skip:], first) | {"n_rows": rows.height, "value": values}


def _value(row: dict[str, Any]) -> str:
    """Return how much of an indicator a city has in a year, counted or estimated; or that no list counts it there."""
    if row["status"] == "inferred":
        score = f"{row['score']:.0f} ({row['score_low']:.0f} to {row['score_high']:.0f})"
        return f"{row['name']} in {row['year']}: inferred, since no list counts it there; the score is {score}, 90% interval."
    value = f"{wording.about(row['value'])} ({wording.about(row['value_low'])} to {wording.about(row['value_high'])})"
    if row["census_count"] is not None:
        count = f"{wording.counted(row['census_count'])} {unit(row['unit'], row['census_count'])}"
        taken = "" if row["census_count"] else f" Its score takes {value}, 90% interval."
        return f"{row['name']} in {row['year']}: {count}, as the complete list {row['yardstick']} counts.{taken}"
    relative = f", relative, on the scale of {row['yardstick']}" if row["is_relative"] else ""
    return (
        f"{row['name']} in {row['year']}: {value} {row['unit']}{relative}, 90% interval; lists that look at it: {row['n_lists']}."
    )


def _scored(year: int | None) -> int:
    return int(query("select scored_year($1) as year", [year])["year"][0])


@kept_open()
def claim(number: str | int) -> Answer:
    """Return the verdicts on a claim, by number or by words of its title, with statistic, interval, rule and rows."""
    card = query("from claims.scorecard order by claim_order, period")
    asked = str(number).strip().lower()
    rows = card.filter(pl.col("claim") == asked)
    if rows.is_empty() and asked:
        rows = card.filter(pl.col("title").str.to_lowercase().str.contains(asked, literal=True))
    titles = dict(rows.select("claim", "title").iter_rows())
    if len(titles) != 1:
        known = ", ".join(f"{key} ({title})" for key, title in dict(card.select("claim", "title").iter_rows()).items())
        raise Refusal(f"{'No claim' if not titles else 'Several claims'} by '{number}'. There are: {known}.")
    says = []
    for row in rows.iter_rows(named=True):
        known = row["low"] is not None
        span = f"{claim_numbers.measured(row).replace('–', ' to ')}, {row['range_is']}" if known else f"n {row['n']}"
        if row["bound_low"] is not None:
            bounds = claim_numbers.ends(row["claim"], row["bound_low"], row["bound_high"]).replace("–", " to ")
            span += f"; {bounds} with all that is imputed taken either way"
        says.append(f"{row['title']}, {row['period']}: {wording.VERDICTS[row['verdict']]} ({row['verdict']}; {span}).")
    return _answer(says, _keyed(rows, "claims.scorecard", {}, "claim", "period"))


@kept_open()
def differs(ranking: str, city: str | None = None) -> Answer:
    """Return why a ranking of others puts cities elsewhere: the ranks due to each choice add up to the difference."""
    name = None if city is None else named(city)
    (spelt,) = query("select ranking_named($1)", [ranking]).row(0)
    rows = query("from differs($1)", [ranking])
    if name is not None:
        rows = rows.filter(pl.col("city") == name)
    if rows.is_empty():
        raise Refusal(f"{spelt}: no rank of {name or 'a ranked city'} that stands beside one of this release.")
    ours = query(
        "select city, rank_low as our_rank_low, rank_high as our_rank_high from index.ranking where measure = 'Readiness'"
    )
    pages = query("select edition, city, min(url) as url from index.published_rankings where ranking = $1 group by all", [spelt])
    joined = rows.join(ours, "city", "left", maintain_order="left").join(
        pages, ["edition", "city"], "left", maintain_order="left"
    )
    first = joined.row(0, named=True)
    says = (
        f"{spelt} {first['edition']} has {first['city']} at {first['their_rank']}; here it ranks {first['our_rank']} "
        f"(90% interval: {first['our_rank_low']} to {first['our_rank_high']})"
        + (f", mainly due to {first['mainly']}." if first["mainly"] else ".")
    )
    return _answer([says], _keyed(joined, "index.differs", {"ranking": spelt}, "edition", "city"))


def sql(statement: str) -> Answer:
    """Return the rows of one DuckDB query that only reads; `from readme` says where to start."""
    rows, more = bounded.run(statement)
    says = f"The first {len(rows):,} rows; there are more." if more else f"Rows: {len(rows):,}."
    return _answer([says], rows)


def _ends(row: dict[str, Any]) -> str:
    return f"{row['score']:.0f} ({row['score_low']:.0f} to {row['score_high']:.0f})"


def _row(table: str, **key: object) -> str:
    """Return the name of a row of the release: its table and its key."""
    return f"{table}?{urlencode(key)}"


def _keyed(rows: pl.DataFrame, table: str, key: dict[str, object], *columns: str) -> list[dict[str, Any]]:
    """Return rows with their names; ``columns`` complete the ``key`` that they share."""
    return [
        {"row": _row(table, **key, **{column: row[column] for column in columns})} | row for row in rows.iter_rows(named=True)
    ]


def _answer(says: list[str], rows: list[dict[str, Any]], first: int | None = None) -> Answer:
    """Return an answer: its sentences, its first rows, how to read them, and the release that says so."""
    release = query("select content_hash, made_at, method_version, scope, redistribution from core.release").row(0, named=True)
    leaders = wording.leaders(query(queries.read("report/counted_indicators")).to_dicts())
    return {
        "answer": " ".join(says),
        "rows": rows[:first],
        "n_rows": len(rows),
        "how_to_read": HOW_TO_READ.format(leaders=leaders),
        "release": release | {"made_at": f"{release['made_at']:%Y-%m-%dT%H:%M:%SZ}"},
    }
