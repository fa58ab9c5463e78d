"""The commands that read the published file; none of them imports what builds it."""

from textwrap import shorten
from typing import Annotated, Any

import typer
from rich.markup import escape

from pipelines import settings
from pipelines.answers import gaps
from pipelines.cli import names
from pipelines.cli.console import Csv, Json, Lang, Rows, Year, app, console, fail, note, number, query, table, written
from pipelines.index import BENCHMARK
from pipelines.publish import wording
from pipelines.publish.report import basis
from pipelines.publish.report.findings import told_row
from pipelines.publish.texts import city_name, closed_up, known, say, span, unit
from pipelines.warehouse import queries

#: Letters of a source that are printed; the evidence of the file has all of it.
SOURCE = 60

#: Letters that columns take at most, so that the others have room for "FinanceDatabase:", which is a single word.
WIDEST = (12, 12, None, 14, None)


@app.command()
def why(
    city: Annotated[list[str], typer.Argument(help="A city, e.g. Beijing, 北京 or Xian.", autocompletion=names.complete)],
    year: Year = None,
    lang: Lang = "en",
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """A city's score walked back to pillars, indicators, rows and sources."""
    (name,) = names.cities(city, 1)
    rows = query("from why($1, $2)", [name, year])
    if written(rows, as_json, as_csv):
        return
    standing = query("from standing($1, $2)", [name, year])
    scored = query("select scored_year($1) as year", [year])[0]["year"]
    title = say("Why {city}", city=city_name(name)) + ("" if year is None else f" {year}")
    columns = ("", ">score", ">90%", ">rank,\n90%", ">weight", ">value", ">lists", ">rows")
    shown = table(title, *columns)
    scores = {total["measure"]: total for total in standing}
    for measure, pillar in measures(scores, rows).items():
        blank = dict.fromkeys(standing[0]) | {"measure": measure, "name": pillar}
        shown.add_row(*_total_cells(scores.get(measure, blank)))
        for row in (row for row in rows if row["pillar_name"] == pillar):
            shown.add_row(*_indicator_cells(row, scored))
    console.print(shown)
    note(say(_LEGEND))
    say_none(rows, "census_count")
    _say_without_score(standing, rows)
    for halves in {basis.halves(row["indicator"], row["census_count"]) for row in rows} - {""}:
        note(wording.sentence(halves))
    _say_ties(standing)
    for total in standing:
        if total["measure"] == "Readiness" and total["score"] is not None:
            console.print(closed_up(" ".join(gaps.standing(name, total, scored, rows))))
    _say_of_the_city(name)
    _print_lists(rows, scored)
    every = "Every row: from evidence({city}, '<indicator>') in {file}."
    note(say(every, city=queries.quoted(name), file=settings.PUBLISHED.name))


_LEGEND = (
    "value: as a complete list counts it, else estimated on the scale of the list below, which may itself count the city "
    "otherwise; relative: that list holds a part only, or counts something else or later years: compare cities by it, since how "
    "many there are is unknown; inferred: no list counts it there, and the score follows from what the city has otherwise. "
    "lists: those that look at it. rows: of all years. weight: of a pillar in its score. to 2017, for example: counted up "
    "to that year, from which the value goes on. from 2020, for example: no list counts earlier years. What happens in a "
    "year is measured over two years together (five before 2010), not in that year alone."
)


def _say_of_the_city(name: str) -> None:
    """Say what a reader would not expect of a city: how little the register has on it, who its founders are, and namesakes."""
    located = query(f"select n from ({queries.read('report/register_rows')}) where city = $1", [name])
    if few := basis.hinges(located[0]["n"] if located else None):
        note(few)
    if name == BENCHMARK:
        note(say("Most of its returnee founders are immigrants: they studied or worked in another country."))
    if others := names.with_a_part_called(name):
        few = "{name} is also the name of a district, county or town that counts for: {cities}."
        note(say(few, name=city_name(name), cities=say(", ").join(map(city_name, others))))


def measures(scores: dict[str, Any], rows: Rows) -> dict[str, str | None]:
    """Return the measures of a table in its order, each with its pillar, or none for a total of several.

    A total of one pillar bears its name, and stands in its place.
    """
    pillars = {row["pillar"]: row["pillar_name"] for row in rows}
    keyed = {name.capitalize() if name.capitalize() in scores else pillar: name for pillar, name in pillars.items()}
    wholes = {measure: None for measure in scores if measure not in pillars and measure not in keyed}
    return wholes | keyed


def _total_cells(total: dict[str, Any]) -> tuple[str, ...]:
    """Return a score of a city or of one of its pillars, with its intervals and its weight."""
    ranks = "–" if total["rank"] is None else f"{total['rank']} ({total['rank_low']}–{total['rank_high']})"
    weight = "" if total["weight"] is None else f"{total['weight']:.0%}"
    ends = "–" if total["score"] is None else wording.score_interval(total["score_low"], total["score_high"])
    return f"[bold]{say(total['name'])}[/bold]", number(total["score"], 0), ends, ranks, weight


def _say_without_score(standing: Rows, rows: Rows) -> None:
    """Say of which pillars lists count too little for a score."""
    known = {total["measure"] for total in standing}
    if without := dict.fromkeys(say(row["pillar_name"]) for row in rows if row["pillar"] not in known):
        few = "No score for {pillars}: lists count too few of the indicators there."
        note(say(few, pillars=say(", ").join(without)))


def _indicator_cells(row: dict[str, Any], year: int) -> tuple[str, ...]:
    """Return an indicator with score and value in a year, and how much it rests on."""
    name = say(row["name"])
    if (row["last_year"] or year) < year:
        name = say("{name}, to {year}", name=name, year=row["last_year"])
    elif (row["first_year"] or year) > year:
        name = say("{name}, from {year}", name=name, year=row["first_year"])
    if row["status"] == "none counted" and row["census_count"] is None:
        name = say(row["name"]) + say(", ") + basis.none_counted(row["last_year"] is not None)
    ends = wording.score_interval(row["score_low"], row["score_high"])
    return f"  {name}", number(row["score"], 0), ends, "", "", value(row), str(row["n_lists"]), f"{row['evidence_rows']:,}"


def value(row: dict[str, Any], prefix: str = "") -> str:
    """Return what a complete list counts, or the estimate; where it counts none, both, and where no list counts, neither."""
    if row[f"{prefix}status"] == "inferred":
        return say("inferred")
    census, value = row[f"{prefix}census_count"], wording.about(row[f"{prefix}value"])
    if census is None:
        return f"{value}\n{say('relative')}" if row["is_relative"] else value
    return wording.counted(census) + ("" if census else f" → {value}")


def _print_lists(rows: Rows, year: int) -> None:
    """Print the list on whose scale each value of a year stands, and a row with its years."""
    title = say("What a value is, and a row behind it: the newest up to {year}, else the first after it", year=year)
    shown = table(title, "indicator", "unit", "on the list", "row", "source")
    for column, width in zip(shown.columns, WIDEST, strict=True):
        column.max_width = width
    for row in rows:
        shown.add_row(say(row["name"]), unit(row["unit"]), _on_the_list(row), *_example(row))
    console.print(shown)


def _example(row: dict[str, Any]) -> tuple[str, str]:
    """Return the row of evidence behind a value with its years, and its source; dashes where no list names one."""
    if not row["example"]:
        return "–", "–"
    dated = span(row["example_year"], row["example_year_to"]) or say("undated")
    label = told_row(row["example"])
    source = shorten(known(row["example_source"]), SOURCE, placeholder=" …")
    return escape(label if dated in label else f"{label}{say(', ')}{dated}"), escape(source)


def _on_the_list(row: dict[str, Any]) -> str:
    """Return the list on whose scale a value stands, with the number that it prints itself, if it is a report."""
    if row["report_count"] is None:
        return known(row["counted_by"] or "–")
    return say("{list}, itself {count}", list=known(row["counted_by"]), count=wording.counted(row["report_count"]))


def _say_ties(standing: Rows) -> None:
    """Explain the rank of a score of 0, which reads as a place among all cities and is shared by all at the end of the scale."""
    if any(total["score"] == 0 and total["rank"] is not None for total in standing):
        note(say("All cities that score 0 share one rank, the last, whatever their number."))


def say_none(rows: Rows, *counts: str) -> None:
    """Explain why a city with a count of 0 scores above the minimum, if there is such a row."""
    if any(row[count] == 0 for row in rows for count in counts):
        note(say("→: a complete list counts none, and the score takes what follows from what the city has otherwise."))


@app.command()
def sources(
    every: Annotated[bool, typer.Option("--all", help="Also tables that this release does not rest on.")] = False,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """What the release was built from: rows, licence and the date of the newest file."""
    rows = query("from core.sources order by table_name")
    if not every:
        rows = [row for row in rows if row["n_rows"] or row["status"].startswith("failed")]
    if written(rows, as_json, as_csv):
        return
    shown = table("Sources", "table", ">rows", "class", ">newest file", "state")
    for row in rows:
        # The files of the project land when it is built, whatever the age of their facts.
        retrieved = "–" if row["via"] == "project" or row["retrieved_at"] is None else f"{row['retrieved_at']}"[:10]
        state = escape(" ".join(row["status"].split()))
        shown.add_row(row["table_name"].removeprefix("landing."), f"{row['n_rows']:,}", row["licence_class"], retrieved, state)
    console.print(shown)
    lists, named = query("from index.lists"), {row["source"] for row in rows}
    counting = named & {row["dataset"] for row in lists}
    numbers = {"tables": len(rows), "sources": len(named), "counting": len(counting), "lists": len(lists)}
    note(_SOURCES_AND_LISTS.format(**numbers))


_SOURCES_AND_LISTS = (
    "{tables} tables of {sources} sources. {counting} of the sources are behind the {lists} lists that count something in cities "
    "(`from index.lists`; a report that the register quotes is a list of its own). The others say what names and places mean, or "
    "stand beside. –: files of the project, as new as the release."
)


@app.command()
def mcp() -> None:
    """Answer other programs, such as assistants, by the Model Context Protocol over standard input and output."""
    try:
        from pipelines.answers.server import server
    except ModuleNotFoundError:
        raise fail("The server needs packages of its own: `make mcp` (installed: the extra nextvalley[mcp]).") from None
    server().run()
