"""The command that sets two cities side by side."""

from typing import Annotated, Any

import typer

from pipelines.answers import gaps
from pipelines.cli import names
from pipelines.cli.console import Csv, Json, Lang, Year, app, console, fail, in_lines, note, number, query, table, written
from pipelines.cli.read import measures, say_none, value
from pipelines.index import BENCHMARK
from pipelines.publish import distances, wording
from pipelines.publish.report import basis
from pipelines.publish.texts import city_name, closed_up, say, unit
from pipelines.warehouse import queries

#: Letters of a city's name in a line of a heading, so that a comparison has room for what is compared.
HEADING = 11

#: Measure → row of ``standing``, of one city.
Totals = dict[str, dict[str, Any]]


@app.command()
def compare(
    cities: Annotated[list[str], typer.Argument(help="Two cities, e.g. Beijing Shanghai.", autocompletion=names.complete)],
    year: Year = None,
    lang: Lang = "en",
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Two cities side by side: which is ahead, and indicator by indicator."""
    if len(cities) < 2:
        raise fail("compare takes two cities, e.g. compare Beijing Shanghai.")
    first, second = names.cities(cities, 2)
    if first == second:
        raise fail(f"Both names are of {first}: name two cities.")
    rows = query("from compare($1, $2, $3)", [first, second, year])
    if written(rows, as_json, as_csv):
        return
    scored = query("select scored_year($1) as year", [year])[0]["year"]
    standing = "select $1 as city, * from standing($1, $2)"
    ours, theirs = ({row["measure"]: row for row in query(standing, [city, year])} for city in (first, second))
    pairs = query("select measure, p_above from index.pairwise where (year, city, other) = ($1, $2, $3)", [scored, first, second])
    above = {row["measure"]: row["p_above"] for row in pairs}
    heads = [f">{in_lines(city_name(city), HEADING)}\n{say(of)}" for of in ("value", "score") for city in (first, second)]
    title = say("{city} and {other}", city=city_name(first), other=city_name(second))
    shown = table(title + ("" if year is None else f" {year}"), "indicator · unit", *heads, ">difference,\npoints")
    for measure, pillar in measures(ours | theirs, rows).items():
        shown.add_row(*_total_cells(measure, (ours | theirs).get(measure, {"name": pillar})["name"], ours, theirs, above))
        for row in (row for row in rows if row["pillar_name"] == pillar):
            shown.add_row(*_indicator_cells(row, scored))
    console.print(shown)
    _say_columns()
    say_none(rows, "a_census_count", "b_census_count")
    console.print(f"\n[bold]{closed_up(_order(first, second, ours, theirs, above))}[/bold]")


def _total_cells(measure: str, name: str, ours: Totals, theirs: Totals, above: dict[str, float]) -> tuple[str, ...]:
    """Return the scores of two cities, or of a pillar of theirs, with their ranks; a dash for what one of them lacks."""
    both = [totals.get(measure) for totals in (ours, theirs)]
    ranks = ["–" if row is None or row["rank"] is None else say("rank {rank}", rank=row["rank"]) for row in both]
    scores = [number(None if row is None else row["score"], 0) for row in both]
    return f"[bold]{say(name)}[/bold]", *ranks, *scores, _total_difference(measure, both, above.get(measure))


def _total_difference(measure: str, both: list[dict[str, Any] | None], above: float | None) -> str:
    """Return by how many points the first is above the second, marked where that is open."""
    one, other = both
    is_of_other_things = measure == "Readiness" and BENCHMARK in [row and row["city"] for row in both]
    if one is None or other is None or is_of_other_things or None in (one["score"], other["score"]):
        return "–"
    is_settled = (share := gaps.above(one, other, above)) <= wording.BEHIND or share >= wording.AHEAD
    if None in (one["rank"], other["rank"]):
        is_settled = one["score_low"] > other["score_high"] or other["score_low"] > one["score_high"]
    return number(one["score"] - other["score"], 0) + ("" if is_settled else " ~")


def _indicator_cells(row: dict[str, Any], year: int) -> tuple[str, ...]:
    """Return an indicator of two cities, each with its value, and how far apart they score."""
    cells = [_dated_value(row, prefix, year) for prefix in ("a_", "b_")]
    scores = number(row["a_score"], 0), number(row["b_score"], 0)
    difference = number(row["difference"], 0) + ("" if row["is_apart"] else " ~")
    return f"{say(row['name'])} · {unit(row['unit'])}", *cells, *scores, difference


def _dated_value(row: dict[str, Any], prefix: str, year: int) -> str:
    """Return the value of a city, and beside it that lists have none of it, or up to when they count it there."""
    said, last = value(row, prefix), row[f"{prefix}last_year"]
    if row[f"{prefix}status"] == "none counted" and row[f"{prefix}census_count"] is None:
        return f"{said}\n{basis.none_counted(is_dated=False)}"
    return said if (last or year) >= year else f"{said}\n{say('to {year}', year=last)}"


def _order(first: str, second: str, ours: Totals, theirs: Totals, above: dict[str, float]) -> str:
    """Return which of two cities is ahead by Readiness, or that this is not settled, and why."""
    if BENCHMARK in (first, second):
        city, total = (second, theirs["Readiness"]) if first == BENCHMARK else (first, ours["Readiness"])
        far = "" if total["times_less"] is None else distances.how_far({"city": city} | total, BENCHMARK)
        lists = "" if total["times_less"] is None else distances.inferred(total)
        return " ".join(filter(None, [far, lists, say(_OF_OTHER_THINGS)]))
    share = above.get("Readiness")
    chance = gaps.above(ours["Readiness"], theirs["Readiness"], share)
    ahead, behind = (first, second) if chance >= 0.5 else (second, first)
    of_draws = wording.in_a_sentence(max(chance, 1 - chance))
    is_settled = max(chance, 1 - chance) >= wording.AHEAD
    text = (_BY_RANKS if share is None else _BY_DRAWS)[not is_settled]
    return say(text, ahead=city_name(ahead), behind=city_name(behind), share=of_draws)


#: Which city is ahead, and that it is not settled.
_BY_DRAWS = (
    "{ahead} is ahead of {behind}: its chance of having the higher Readiness is {share}.",
    "It is not settled whether {ahead} is ahead of {behind}: its chance of having the higher Readiness is {share}.",
)
_BY_RANKS = (
    "{ahead} is ahead of {behind}: the 90% intervals of their ranks do not overlap.",
    "It is not settled which of {ahead} and {behind} is ahead: the 90% intervals of their ranks overlap, or one has no rank.",
)
_OF_OTHER_THINGS = "Their Readiness is of different indicators, so the two scores do not say which has more."


def _say_columns() -> None:
    """Print what the numbers of a comparison are."""
    base = query("select min(base_year) as year from index.goalposts")[0]["year"]
    leaders = wording.leaders(query(queries.read("report/counted_indicators")))
    note(say("score: points; 100 is the Bay Area in {base}{leader}, ten points less is half as much.", base=base, leader=leaders))
    note(
        say(
            "difference: the first score less the second. ~: not settled. For an indicator, the 90% intervals of its two scores "
            "meet; these are wide, since what is unknown of the Bay Area moves both. For a row with ranks, neither city is above "
            "the other in 95% of the draws, or the 90% intervals of the ranks overlap."
        )
    )
    note(
        say(
            "value: as a complete list counts it, else an estimate on the scale of one list (`why` names it), where a doubling "
            "may be more or fewer points than ten. relative: that list holds a part only, or counts something else or later "
            "years: compare cities by it, since how many there are is unknown. inferred: no list counts it there, and the score"
            " follows from what the city has otherwise. none counted: lists look and have none, so the value is what may still "
            "be there. to 2017, for example: counted up to that year."
        )
    )
