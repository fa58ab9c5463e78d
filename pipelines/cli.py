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
from pipelines.publish.wording import headline
from pipelines.resolve import scope
from pipelines.warehouse import queries

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

#: Remarks shown of one source; a changed column may break every row.
REMARKS = 3

#: What stands behind a value whose cell is not plainly measured.
MARKS = {"mostly undated": "*", "mostly pooled": "~"}


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
    """The city as the release spells it, whatever the case; fails with the ranked cities otherwise."""
    cities = _query("select city from core.cities order by city")["city"].to_list()
    for city in cities:
        if city.casefold() == name.casefold():
            return str(city)
    ranked = _query("select distinct city from index.ranking order by city")["city"].to_list()
    raise _fail(f"No city called {name!r}. Ranked are: {', '.join(ranked)}.")


def _number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _detection_rate(row: dict[str, Any]) -> str:
    """Return the interval of the detection rate, with * where no recording names the city."""
    if not row["is_detection_rate_estimated"]:
        return "not estimated"
    return f"{row['detection_rate_low']:.0%}–{row['detection_rate_high']:.0%}{'*' if row['is_detection_rate_pooled'] else ' '}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


@app.command()
def refresh() -> None:
    """Land every source, build the warehouse, compute the index, test the claims and publish."""
    # What lands and builds takes longer to import than a reading command takes to run.
    from pipelines.orchestration import refresh as refreshing

    failures = ""
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
    rank()
    claims()
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
    table = Table(title="Read from the recordings that ship, data/recordings", title_justify="left", box=None)
    for column in ("source", "recorded", "tables and rows"):
        table.add_column(column)
    for row in shipped.iter_rows():
        table.add_row(*row)
    console.print(table)
    console.print("[dim]To fetch one live, name it: SOURCES=shipped,moe. Without them: SOURCES=register.[/dim]")


@app.command()
def rank() -> None:
    """The ranking with its intervals."""
    ranking = _query("select * from index.ranking order by measure, rank")
    pairwise = _query("select * from index.pairwise")
    year = ranking["year"][0]
    readiness = ranking.filter(pl.col("measure") == "Readiness")
    realised = {row["city"]: row for row in ranking.filter(pl.col("measure") == "Realised").iter_rows(named=True)}
    console.print(f"\n[bold]{headline(readiness, pairwise.filter(pl.col('measure') == 'Readiness'))}[/bold]\n")
    table = Table(title=f"Readiness {year}: the conditions for the next Silicon Valley", title_justify="left", box=None)
    for name, justify in (
        ("", "right"), ("city", "left"), ("score", "right"), ("90%", "right"), ("rank 90%", "right"), ("first", "right"),
        ("realised", "right"), ("detected", "right"),
    ):  # fmt: skip
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for row in readiness.iter_rows(named=True):
        table.add_row(
            str(row["rank"]),
            row["city"],
            _number(row["score"]),
            f"{_number(row['score_low_companies'], 0)}–{_number(row['score_high_companies'], 0)}",
            f"{row['rank_low']}–{row['rank_high']}",
            _share(row["p_first"]),
            _number(realised[row["city"]]["score"]),
            _detection_rate(row),
        )
    console.print(table)
    console.print(f"[dim]{' '.join(_ranking_notes(readiness))}[/dim]")


def _ranking_notes(readiness: pl.DataFrame) -> list[str]:
    """Return the sentences that explain the columns of the ranking and name what it leaves out."""
    unranked = _query(queries.read("report/unranked"))["n"][0]
    base = _query("select min(base_year) as year from index.goalposts")["year"][0]
    about = _query("from index.headline").row(0, named=True)
    on_register = readiness["is_detection_rate_estimated"].any()
    basis = "the curated register" if about["basis"] == scope.REGISTER else "worldwide lists"
    notes = [
        f"100: the goalpost, for most indicators the Bay Area in {base}.",
        "90%: companies resampled; rank 90% and first: choices of measurement and index drawn too.",
        "detected: share of the city's companies that the register contains, by independent recordings (*: none names the "
        "city, so the average of the others); counts are divided by it."
        if on_register
        else "detected: it is not known what share of a city's companies the lists contain.",
        f"{unranked} more cities: not enough data.",
        f"Cities of {about['country']}, from {basis}.",
    ]
    if about["left_out"]:
        notes.append(f"Left out of the scores, since no source loaded has them: {about['left_out']}.")
    if about["rests_on_one"]:
        notes.append(f"Resting on one indicator: {about['rests_on_one']}.")
    return notes


@app.command()
def claims() -> None:
    """The scorecard of the claims: baseline (2009–2012) and current."""
    card = _query("select * from claims.scorecard")
    if _query("select country from index.headline")["country"][0] != scope.CURATED:
        console.print(f"\n{card['detail'][0]}.")
        return
    table = Table(title="Claims", title_justify="left", box=None)
    table.add_column("", justify="right")
    table.add_column("claim")
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
    table = Table(title=f"Why {name}", title_justify="left", box=None)
    for column, justify in (
        ("", "left"),
        ("indicator", "left"),
        ("value", "right"),
        ("of 100", "right"),
        ("rows", "right"),
        ("e.g.", "left"),
    ):
        table.add_column(column, justify=justify, overflow="fold" if column == "e.g." else "ellipsis")  # type: ignore[arg-type]
    for row in _query("from why($1)", [name]).iter_rows(named=True):
        example = "" if row["example"] is None else f"{row['example']} [dim]({row['example_source']})[/dim]"
        table.add_row(
            row["pillar"],
            row["name"],
            _number(row["value"], 2) + MARKS.get(row["status"], " "),
            _number(row["score"], 0),
            str(row["evidence_rows"] or 0),
            example,
        )
    console.print(table)
    console.print(
        "[dim]Counts of companies, deals and founders are divided by the detection rate, so a value\n"
        "is more than its rows. *: half of it or more has no year, and counts in every year.\n"
        "~: a share or rate of so few that over half of the value is what the cities have in common.[/dim]"
    )
    quoted_name = name.replace("'", "''")
    console.print(f"[dim]Every row: from evidence('{quoted_name}', '<indicator>') in {settings.PUBLISHED.name}.[/dim]")


@app.command()
def compare(a: Annotated[str, typer.Argument(help="A city.")], b: Annotated[str, typer.Argument(help="Another city.")]) -> None:
    """Two cities side by side, indicator by indicator."""
    first, second = _city(a), _city(b)
    table = Table(title=f"{first} and {second}", title_justify="left", box=None)
    table.add_column("")
    table.add_column("indicator")
    for column in (first, second, "of 100", "of 100", "difference"):
        table.add_column(column, justify="right")
    for row in _query("from compare($1, $2)", [first, second]).iter_rows(named=True):
        table.add_row(
            row["pillar"],
            row["name"],
            _number(row["a_value"], 2),
            _number(row["b_value"], 2),
            _number(row["a_score"], 0),
            _number(row["b_score"], 0),
            _number(row["difference"], 0),
        )
    console.print(table)


@app.command()
def sources() -> None:
    """What the release was built from: licence, rows, retrieval, hash."""
    table = Table(title="Sources", title_justify="left", box=None)
    for column in ("table", "rows", "class", "state", "verified"):
        table.add_column(column, justify="right" if column == "rows" else "left")
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

    table = Table(title="One file of each source", title_justify="left", box=None)
    for column in ("source", "status", "shape", "bytes", "rows", "what is wrong, or unlike before"):
        table.add_column(column, justify="right" if column in ("bytes", "rows") else "left", overflow="fold")
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
