"""The commands: they run the refresh, or read the published file and print tables that fit 80 columns."""

from typing import Annotated, Any

import duckdb
import polars as pl
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines import settings
from pipelines.errors import BuildBusy, InputError
from pipelines.publish import state, wording
from pipelines.resolve import scope
from pipelines.warehouse import queries

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

#: Remarks shown of one source; a changed column may break every row.
REMARKS = 3

#: Ranked cities shown unless all are asked for.
SHOWN = 40


def _fail(message: str) -> typer.Exit:
    errors.print(message, style="red", markup=False)
    return typer.Exit(1)


def _query(sql: str, parameters: list[Any] | None = None) -> pl.DataFrame:
    """Rows of the published file."""
    if not settings.PUBLISHED.exists():
        raise _fail("There is no release yet. Run `make refresh` (installed: `nextvalley refresh`) first.")
    with duckdb.connect(settings.PUBLISHED, read_only=True) as connection:
        return pl.DataFrame(connection.sql(sql, params=parameters))


def _city(name: str) -> str:
    """The city as the release spells it, whatever the case; fails with the nearest names otherwise."""
    try:
        return str(_query("select city_named($1) as city", [name])["city"][0])
    except duckdb.InvalidInputException as error:
        raise _fail(str(error).removeprefix("Invalid Input Error: ")) from None


def _indicators(sql: str, *cities: str) -> pl.DataFrame:
    """Rows of a macro about cities; fails if one of them has no scores."""
    rows = _query(sql, [*cities])
    if rows.is_empty():
        raise _fail(f"{' or '.join(cities)}: no scores, outside the scope or named by too few lists. All scores: from top().")
    return rows


def _table(title: str, *columns: str) -> Table:
    """A table without lines; > before a column's name sets it to the right, where it is not wrapped."""
    table = Table(title=title, title_justify="left", box=None)
    for column in columns:
        is_right = column.startswith(">")
        table.add_column(column.removeprefix(">"), justify="right" if is_right else "left", no_wrap=is_right, overflow="fold")
    return table


def _number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


@app.command()
def refresh() -> None:
    """Land every source, build the warehouse, compute the index, test the claims and publish."""
    # What lands and builds takes longer to import than a reading command takes to run.
    from pipelines.orchestration import refresh as refreshing

    failures, known = "", state.lists()
    try:
        _say_licences()
        if refreshing.is_current():
            errors.print("Nothing changed since the last release.")
        else:
            done = refreshing.refresh()
            failures = done.failures
            if not done.published:
                errors.print("Nothing changed since the last release.")
    except (refreshing.RefreshFailed, BuildBusy, InputError) as error:
        published = "The published file stays as it was." if settings.PUBLISHED.exists() else "Nothing was published."
        raise _fail(f"{error}\n{published}") from None
    rank(every=False)
    claims()
    _say_moved(known)
    _say_shipped()
    console.print(f"\nReport:      {(settings.RELEASE / 'report.html').relative_to(settings.HOME)}")
    console.print(f"DuckDB file: {settings.PUBLISHED.relative_to(settings.HOME)}   (duckdb -readonly, then `from readme`)")
    if failures:
        raise _fail(f"\n{failures}\nEach of these sources stands at its last good landing, or is left out if it has none.")


def _say_licences() -> None:
    """Name the sources with strings attached before anything is read."""
    from pipelines.ingest import sources as upstream

    for source in upstream.selected():
        if source.licence_class != "open" and not source.is_local:
            errors.print(
                f"{source.title}: {source.licence} ({source.licence_class}; local use only)", style="yellow", markup=False
            )


def _say_shipped() -> None:
    """Print the tables that the recordings which ship have fed, and how old these are."""
    shipped = _query(queries.read("report/shipped"))
    if shipped.is_empty():
        return
    table = _table("Read from the recordings that ship, data/recordings", "source", "recorded", "tables and rows")
    for row in shipped.iter_rows():
        table.add_row(*row)
    console.print(table)
    console.print("[dim]To fetch one live, name it: SOURCES=shipped,moe. Without them: SOURCES=register.[/dim]")


def _say_moved(known: set[tuple[str, ...]]) -> None:
    """Say what each list has changed that is not among ``known``, those of the release before; nothing of a first release."""
    rows = _query("from index.lists order by dataset, quantity, list").iter_rows(named=True) if known else ()
    for row in rows:
        if (row["quantity"], row["list"]) not in known:
            console.print(f"New list {wording.moved(row)}.", markup=False)


@app.command()
def rank(every: Annotated[bool, typer.Option("--all", help="All ranked cities, not the first 40 only.")] = False) -> None:
    """The ranking with its intervals."""
    ranking = _query("from index.ranking order by measure, rank, city")
    about = _query("from index.headline").row(0, named=True)
    readiness = ranking.filter(pl.col("measure") == "Readiness")
    realised = dict(ranking.filter(pl.col("measure") == "Realised").select("city", "score").iter_rows())
    table = _table(
        f"Readiness {about['year']}: the conditions for the next Silicon Valley",
        *(">", "city", ">score", ">90%", ">rank\n90%", ">chance\nof first", ">Realised", ">times less than\nthe Bay Area"),
    )
    for row in readiness.head(readiness.height if every else SHOWN).iter_rows(named=True):
        table.add_row(
            str(row["rank"]),
            row["city"],
            _number(row["score"]),
            f"{row['score_low']:.0f}–{row['score_high']:.0f}",
            f"{row['rank_low']}–{row['rank_high']}",
            wording.chance(row["p_first"]),
            _number(realised[row["city"]]),
            wording.times_less(row),
        )
    console.print(table)
    console.print(f"[dim]{' '.join(_ranking_notes())}[/dim]")
    if table.row_count < readiness.height:
        console.print(f"[dim]{SHOWN} of {readiness.height} ranked cities; --all or `from index.ranking` for the rest.[/dim]")
    console.print(f"\n[bold]{wording.headline(readiness)}[/bold]")
    console.print(
        f"Scope: {about['scope']}. {about['n_lists']} lists; {about['n_ranked']} of {about['n_cities']} cities are known well "
        f"enough for a rank.{'' if about['left_out'] is None else ' No list counts: ' + about['left_out'] + '.'}"
    )


def _ranking_notes() -> list[str]:
    """Return the sentences that explain the columns of the ranking."""
    base = _query("select min(base_year) as year from index.goalposts")["year"][0]
    led = _query("select lower(name) as name from core.indicators where goalpost = 'leader' order by source_row")["name"]
    leader = f", or the city that leads in {wording.listed(led.to_list())}" if len(led) else ""
    return [
        f"100: the Bay Area in {base}{leader}; ten points less is half as much.",
        "90%: what the lists leave open and the choices of the index together.",
        "chance of first: by the published choices. times less: than the Bay Area in the same year, with the 90% interval.",
    ]


@app.command()
def claims() -> None:
    """The scorecard of the claims: baseline (2009–2012) and current."""
    card = _query("select * from claims.scorecard")
    if _query("select scope from index.headline")["scope"][0] != scope.CURATED:
        console.print(f"\n{card['detail'][0]}.")
        return
    table = _table("Claims", ">", "claim")
    for period in ("2009–2012, 90%", "current, 90%"):
        table.add_column(period, no_wrap=True)
    for claim in sorted(card["claim"].unique(), key=lambda one: (int(one.rstrip("abc")), one)):
        cells = [claim, card.filter(pl.col("claim") == claim)["title"][0]]
        for period in ("baseline", "current"):
            (row,) = card.filter((pl.col("claim") == claim) & (pl.col("period") == period)).iter_rows(named=True)
            style = {"supported": "green", "contradicted": "red"}.get(row["verdict"], "dim")
            cells.append(f"[{style}]{row['verdict']}[/{style}] {_interval(row)}")
        table.add_row(*cells)
    console.print(table)


def _interval(row: dict[str, Any]) -> str:
    if row["estimate"] is None:
        return f"(n {row['n']})"
    if row["low"] is None:
        return f"{row['estimate']:.2f}"
    return f"{row['low']:.2f}–{row['high']:.2f}"


@app.command()
def why(city: Annotated[str, typer.Argument(help="A city, e.g. Beijing.")]) -> None:
    """A city's score walked back to indicators, rows and sources."""
    name = _city(city)
    table = _table(f"Why {name}", "", "indicator", ">value", ">90%", ">score", ">90%", ">lists", ">known", ">rows")
    examples = _table("One row of each", "indicator", "row", "source")
    for row in _indicators("from why($1)", name).iter_rows(named=True):
        table.add_row(
            row["pillar"],
            row["name"],
            wording.amount(row["value"]),
            f"{wording.amount(row['value_low'])}–{wording.amount(row['value_high'])}",
            _number(row["score"], 0),
            f"{row['score_low']:.0f}–{row['score_high']:.0f}",
            str(row["n_lists"]),
            f"{row['known']:.0%}",
            f"{row['evidence_rows']:,}",
        )
        if row["example"] is not None:
            examples.add_row(row["name"], escape(row["example"]), escape(row["example_source"]))
    console.print(table)
    console.print(
        "[dim]value: as the list counts that sets the scale, which holds a part only; no total of the city. "
        "lists: those that look at the city; where none does, the value is inferred from what the city has otherwise. "
        "known: share of what was open before any list was read that they have settled.[/dim]"
    )
    if examples.row_count:
        console.print(examples)
    console.print(f"[dim]Every row: from evidence({queries.quoted(name)}, '<indicator>') in {settings.PUBLISHED.name}.[/dim]")


@app.command()
def compare(a: Annotated[str, typer.Argument(help="A city.")], b: Annotated[str, typer.Argument(help="Another city.")]) -> None:
    """Two cities side by side, indicator by indicator."""
    first, second = _city(a), _city(b)
    table = _table(f"{first} and {second}", "", "indicator", f">{first}", f">{second}", ">score", ">score", ">difference")
    for row in _indicators("from compare($1, $2)", first, second).iter_rows(named=True):
        table.add_row(
            row["pillar"],
            row["name"],
            wording.amount(row["a_value"]),
            wording.amount(row["b_value"]),
            _number(row["a_score"], 0),
            _number(row["b_score"], 0),
            _number(row["difference"], 0) + ("" if row["is_apart"] else " ~"),
        )
    console.print(table)
    console.print("[dim]~: the 90% intervals of the two scores meet.[/dim]")


@app.command()
def sources() -> None:
    """What the release was built from: licence, rows, retrieval, hash."""
    table = _table("Sources", "table", ">rows", "class", "state", "verified")
    for row in _query("select * from core.sources order by table_name").iter_rows(named=True):
        table.add_row(
            row["table_name"].removeprefix("landing."), f"{row['n_rows']:,}", row["licence_class"], row["status"], row["verified"]
        )
    console.print(table)


@app.command()
def smoke() -> None:
    """Ask each selected source for one file, land nothing, and say what has changed."""
    from pipelines.ingest import sources as upstream
    from pipelines.ingest.fetchers import recorded_or_live
    from pipelines.ingest.smoke import probe

    table = _table("One file of each source", "source", "status", "shape", ">bytes", ">rows", "what is wrong, or unlike before")
    broken = []
    for source in upstream.selected():
        # Without addresses a source is read from a recording only.
        if source.is_local or not source.tables[0].addresses:
            continue
        with recorded_or_live(source) as origin:
            result = probe(source, origin)
        counts = ["" if count is None else f"{count:,}" for count in (result.n_bytes, result.n_rows)]
        remarks = [*result.remarks[:REMARKS], *(["…"] if len(result.remarks) > REMARKS else [])]
        table.add_row(result.source, result.status, result.shape, *counts, escape("\n".join(remarks)))
        broken += [result.source] if result.status != "works" else []
    console.print(table)
    if broken:
        raise _fail(f"Changed or failed: {', '.join(broken)}. Nothing was landed.")
