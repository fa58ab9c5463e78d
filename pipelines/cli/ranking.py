"""The command that prints the ranking, of the headline year or another."""

from typing import Annotated, Any

import typer

from pipelines.cli.console import Csv, Json, Lang, Year, app, console, note, number, query, table, written
from pipelines.index import BENCHMARK
from pipelines.publish import wording
from pipelines.publish.report import basis
from pipelines.publish.texts import city_name, closed_up, say
from pipelines.warehouse import queries

#: Ranked cities shown unless all are asked for.
SHOWN = 40


@app.command()
def rank(
    every: Annotated[bool, typer.Option("--all", help="All ranked cities, not the first 40 only.")] = False,
    year: Year = None,
    lang: Lang = "en",
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """The ranking with its intervals."""
    if year is not None:
        _rank_of_year(year, every, as_json, as_csv)
        return
    ranking = query("from index.ranking where measure = 'Readiness' order by rank, city")
    if written(ranking, as_json, as_csv):
        return
    (about,) = query("from index.headline")
    realised = {row["city"]: row["score"] for row in query("from index.ranking where measure = 'Realised'")}
    inferred = _mostly_inferred()
    columns = (*_COLUMNS, ">Realised", ">the Bay Area has\n… times as much")
    shown = table(say("Readiness {year}: the conditions for the next Silicon Valley", year=about["year"]), *columns)
    for row in ranking if every else ranking[:SHOWN]:
        far = "–" if row["times_less"] is None else wording.times_less(row)
        shown.add_row(*_standing_cells(row, inferred), number(realised.get(row["city"])), far)
    console.print(shown)
    realised_is = "Realised: new backed companies, unicorns, and companies listed or acquired, whatever their age and owner."
    indicators = query(queries.read("report/counted_indicators"))
    times = say(_TIMES_AS_MUCH, compared=wording.compared(indicators))
    _say_notes(about["year"], say(realised_is), times, *([say(basis.END_OF_SCALE)] if every else []))
    _say_rest(shown.row_count, len(ranking), "from index.ranking")
    place = wording.ranked_in(about)
    console.print(f"\n[bold]{wording.headline(ranking, place)}[/bold]")
    known = "{ranked} of {cities} cities of {place} are known well enough for a rank."
    said = say(known, place=place, ranked=about["n_ranked"], cities=about["n_cities"])
    lists = basis.rests_on(query(queries.read("report/lists")), indicators)
    dated = basis.counted_up_to(query(queries.read("report/last_years")))
    left_out = "" if about["left_out"] is None else say(" No list counts: {left_out}.", left_out=about["left_out"])
    alone = basis.register_alone(query(queries.read("report/register_alone")))
    only = basis.only_in(BENCHMARK, query(queries.read("report/only_in_benchmark")))
    missing = basis.unmeasured(query(queries.read("report/unmeasured")))
    (made,) = query("select year(made_at) as year from core.release")
    old = basis.old_year(about["year"], made["year"], place)
    console.print(closed_up(" ".join(filter(None, [lists, said + left_out, only, alone, dated, old, missing]))))


_COLUMNS = (">", "city", ">score", ">90%", ">rank,\n90%", ">chance\nof first")
_TIMES_AS_MUCH = (
    "… times as much: the Bay Area, in the same year, with the 90% interval, over the indicators that both have{compared}, "
    "counted in deals and companies, not in money; what no list counts in a city is inferred."
)


def _rank_of_year(year: int, every: bool, as_json: bool, as_csv: bool) -> None:
    ranking = query("from top($1) where rank is not null", [year])
    if written(ranking, as_json, as_csv):
        return
    inferred = _mostly_inferred()
    shown = table(f"{say('Readiness')} {year}", *_COLUMNS)
    for row in ranking if every else ranking[:SHOWN]:
        shown.add_row(*_standing_cells(row, inferred))
    console.print(shown)
    _say_notes(year, wording.same_in_all_years(query(queries.read("report/dated"))).strip())
    _say_rest(shown.row_count, len(ranking), f"from top({year})")


def _mostly_inferred() -> set[str]:
    """Return the cities of which lists count less than half of what is compared with the benchmark, in any year."""
    rows = query("from index.distance where measure = 'Readiness' and 2 * n_inferred > n_compared")
    return {row["city"] for row in rows}


def _standing_cells(row: dict[str, Any], inferred: set[str]) -> tuple[str, ...]:
    """Return rank, city, score and chance, each with its interval; a city that is mostly inferred has a mark."""
    city = city_name(row["city"]) + (" °" if row["city"] in inferred else "")
    ends = wording.score_interval(row["score_low"], row["score_high"]), f"{row['rank_low']}–{row['rank_high']}"
    return str(row["rank"]), city, number(row["score"]), *ends, wording.chance(row["p_first"])


def _say_rest(shown: int, count: int, where: str) -> None:
    if shown < count:
        note(say("{shown} of {all} ranked cities; --all or `{where}` for the rest.", shown=shown, all=count, where=where))


def _say_notes(year: int, *more: str) -> None:
    """Print the sentences that explain the columns of the ranking of a year."""
    base = query("select min(base_year) as year from index.goalposts")[0]["year"]
    leaders = wording.leaders(query(queries.read("report/counted_indicators")))
    (measured,) = query("select measured_year($1) as year", [year])
    notes = [
        say("100: the Bay Area in {base}{leader}; ten points less is half as much.", base=base, leader=leaders),
        say("90%: what the lists leave open and the choices of the index together."),
        say("Scores are less certain than ranks, since what is unknown of the Bay Area moves all scores together."),
        say("chance of first: by the published choices."),
        *more,
        say("°: less than half of what is compared with the Bay Area is counted there, the rest inferred."),
    ]
    note(closed_up(" ".join([*notes, wording.repeats(year, measured["year"])]).rstrip()))
