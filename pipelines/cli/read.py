"""The commands that read the published file; none of them imports what builds it."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from pipelines import settings
from pipelines.answers import gaps
from pipelines.cli import names
from pipelines.cli.console import Csv, Json, Lang, Rows, Year, app, console, fail, note, number, query, table, written
from pipelines.publish import wording
from pipelines.publish.texts import city_name, say, unit
from pipelines.resolve import scope
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
    times = say(_TIMES_AS_MUCH, compared=wording.compared(query("from core.indicators order by source_row")))
    _say_notes(about["year"], times)
    _say_rest(shown.row_count, len(ranking), "from index.ranking")
    console.print(f"\n[bold]{wording.headline(ranking, about['scope'])}[/bold]")
    said = say(
        "{lists} lists; {ranked} of {cities} cities of {place} are known well enough for a rank.",
        place=wording.place_name(about["scope"]),
        lists=about["n_lists"],
        ranked=about["n_ranked"],
        cities=about["n_cities"],
    )
    left_out = "" if about["left_out"] is None else say(" No list counts: {left_out}.", left_out=about["left_out"])
    console.print(said + left_out)


_COLUMNS = (">", "city", ">score", ">90%", ">rank\n90%", ">chance\nof first")
_TIMES_AS_MUCH = (
    "… times as much: the Bay Area, in the same year, with the 90% interval, over the indicators that both have{compared}; what "
    "no list counts in a city is inferred."
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
    _say_notes(year)
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
    leaders = wording.leaders(query("from core.indicators order by source_row"))
    (measured,) = query("select measured_year($1) as year", [year])
    notes = [
        say("100: the Bay Area in {base}{leader}; ten points less is half as much.", base=base, leader=leaders),
        say("90%: what the lists leave open and the choices of the index together."),
        say("chance of first: by the published choices."),
        *more,
        say("°: less than half of what is compared with the Bay Area is counted there, the rest inferred."),
    ]
    if measured["year"] != year:
        repeats = "{year} repeats {other}, the middle of five years that are measured together."
        notes.append(say(repeats, year=year, other=measured["year"]))
    note(" ".join(notes))


@app.command()
def claims(lang: Lang = "en", as_json: Json = False, as_csv: Csv = False) -> None:
    """The scorecard of the claims: baseline (2009–2012) and current."""
    card = query("from claims.scorecard order by claim_order, period")
    if written(card, as_json, as_csv):
        return
    if query("select scope from index.headline")[0]["scope"] != scope.CURATED:
        console.print(f"\n{card[0]['found']}.")
        return
    shown = table(say("Claims"), ">", "claim", "unit")
    for period in ("baseline", "current"):
        shown.add_column(wording.usual_years(row for row in card if row["period"] == period), no_wrap=True)
    of_period = {(row["claim"], row["period"]): row for row in card}
    for claim, title in {row["claim"]: row["title"] for row in card}.items():
        cells = [claim, say(title), say(wording.UNITS[claim])]
        for period in ("baseline", "current"):
            row = of_period[claim, period]
            style = {"supported": "green", "contradicted": "red"}.get(row["verdict"], "dim")
            cells.append(f"[{style}]{say(wording.VERDICTS[row['verdict']])}[/{style}] {_measured(row)}")
        shown.add_row(*cells)
    console.print(shown)
    for sign, meaning in wording.SIGNS.items():
        note(f"{sign} {say(meaning)}")


def _measured(row: dict[str, Any]) -> str:
    if row["estimate"] is None:
        measured = f"(n {row['n']})"
    else:
        measured = f"{row['estimate']:.2f}" if row["low"] is None else wording.ends(row["low"], row["high"])
    return measured + wording.signs(row)


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
    columns = ("", ">score", ">90%", ">rank, 90%", ">weight", ">value", ">lists", ">rows,\nall years")
    shown = table(title, *columns)
    for total in standing:
        ranks = "–" if total["rank"] is None else f"{total['rank']} ({total['rank_low']}–{total['rank_high']})"
        weight = "" if total["weight"] is None else f"{total['weight']:.0%}"
        ends = "–" if total["score"] is None else wording.score_interval(total["score_low"], total["score_high"])
        shown.add_row(f"[bold]{say(total['name'])}[/bold]", number(total["score"], 0), ends, ranks, weight)
        for row in (row for row in rows if row["pillar"] == total["measure"]):
            shown.add_row(*_indicator_cells(row, scored))
    console.print(shown)
    note(
        say(
            "value: as a complete list counts it, else estimated on the scale of the list below, which may itself count the city "
            "otherwise. lists: those that look at it; inferred: none does, and the value follows from what the city has "
            "otherwise. weight: of a pillar in its score. to 2017, for example: counted up to that year, from which the "
            "value goes on."
        )
    )
    _say_standing(name, scored, standing, rows)
    _print_lists(rows)
    every = "Every row: from evidence({city}, '<indicator>') in {file}."
    note(say(every, city=queries.quoted(name), file=settings.PUBLISHED.name))


def _indicator_cells(row: dict[str, Any], year: int) -> tuple[str, ...]:
    """Return an indicator with score and value in a year, and how much it rests on."""
    is_older = row["last_year"] is not None and row["last_year"] < year
    name = say("{name}, to {year}", name=say(row["name"]), year=row["last_year"]) if is_older else say(row["name"])
    lists = str(row["n_lists"]) if row["n_lists"] else say("inferred")
    ends = wording.score_interval(row["score_low"], row["score_high"])
    return f"  {name}", number(row["score"], 0), ends, "", "", _value(row), lists, f"{row['evidence_rows']:,}"


def _value(row: dict[str, Any], prefix: str = "") -> str:
    """Return what a complete list counts, or the estimate."""
    census = row[f"{prefix}census_count"]
    return wording.amount(row[f"{prefix}value"]) if census is None else wording.counted(census)


def _say_standing(name: str, year: int, standing: Rows, rows: Rows) -> None:
    """Say how far the city is from the Bay Area, or why it has no rank."""
    for total in (row for row in standing if row["measure"] == "Readiness" and row["score"] is not None):
        console.print(" ".join(gaps.standing(name, total, year, rows)))


def _print_lists(rows: Rows) -> None:
    """Print the list on whose scale each value stands, and the newest row behind it."""
    shown = table(say("What a value is, and the newest row behind it"), "indicator", "unit", "on the list", "row", "source")
    for row in rows:
        example = (escape(row["example"]), escape(row["example_source"])) if row["example"] else ("–", "–")
        shown.add_row(say(row["name"]), unit(row["unit"]), _on_the_list(row), *example)
    console.print(shown)


def _on_the_list(row: dict[str, Any]) -> str:
    """Return the list on whose scale a value stands, with the number that it prints itself, if it is a report."""
    if row["report_count"] is None:
        return row["counted_by"] or "–"
    return say("{list}, itself {count}", list=row["counted_by"], count=wording.counted(row["report_count"]))


@app.command()
def compare(
    cities: Annotated[list[str], typer.Argument(help="Two cities, e.g. Beijing Shanghai.", autocompletion=names.complete)],
    year: Year = None,
    lang: Lang = "en",
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Two cities side by side, indicator by indicator."""
    if len(cities) < 2:
        raise fail("compare takes two cities, e.g. compare Beijing Shanghai.")
    first, second = names.cities(cities, 2)
    rows = query("from compare($1, $2, $3)", [first, second, year])
    if written(rows, as_json, as_csv):
        return
    ours, theirs = city_name(first), city_name(second)
    title = say("{city} and {other}", city=ours, other=theirs)
    shown = table(title, "", "indicator", f">{ours}", f">{theirs}", ">score", ">score", ">difference")
    for row in rows:
        shown.add_row(
            row["pillar"],
            say(row["name"]),
            _value(row, "a_") + _sign(row["a_status"]),
            _value(row, "b_") + _sign(row["b_status"]),
            number(row["a_score"], 0),
            number(row["b_score"], 0),
            number(row["difference"], 0) + ("" if row["is_apart"] else " ~"),
        )
    console.print(shown)
    note(
        say(
            "~: the 90% intervals of the two scores meet. Values are as a complete list counts them, else estimates on the scale "
            "of one list (`why` names it), no totals. inferred: no list looks, so the value follows from what the city has "
            "otherwise."
        )
    )


def _sign(status: str) -> str:
    return f" {say('inferred')}" if status == "inferred" else ""


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
        retrieved = "" if row["retrieved_at"] is None else f"{row['retrieved_at']}"[:10]
        state = escape(" ".join(row["status"].split()))
        shown.add_row(row["table_name"].removeprefix("landing."), f"{row['n_rows']:,}", row["licence_class"], retrieved, state)
    console.print(shown)


@app.command()
def mcp() -> None:
    """Answer other programs, such as assistants, by the Model Context Protocol over standard input and output."""
    try:
        from pipelines.answers.server import server
    except ModuleNotFoundError:
        raise fail("The server needs packages of its own: `make mcp` (installed: the extra nextvalley[mcp]).") from None
    server().run()
