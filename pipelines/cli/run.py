"""The commands that land, build and publish, and what they say at the end."""

from typing import Any

from rich.markup import escape

from pipelines import loading, settings
from pipelines.cli import ranking, verdicts
from pipelines.cli.console import app, console, errors, fail, note, query, table
from pipelines.errors import BuildBusy, InputError
from pipelines.orchestration.failures import storage_fault
from pipelines.publish import state
from pipelines.warehouse import queries

#: Remarks shown of one source; a changed column may break every row.
REMARKS = 3

#: Remarks shown of a refresh.
ODD = 20

#: Points by which a score has changed from one release to the next; less may be the chance of the draws.
LEAST_CHANGE = 1.0


@app.command()
def refresh() -> None:
    """Land every source, build the warehouse, compute the index, test the claims and publish.

    Environment variables say what is loaded (SOURCES=shipped,gawc) and whose cities are ranked (SCOPE=US): docs/deploy.md.
    """
    # Imported here because the build stack takes seconds to import and read-only commands do not need it.
    with loading.unswept():
        from pipelines.orchestration import refresh as refreshing

    failures, remarks, lists, scores = "", list[str](), state.lists(), state.scores()
    try:
        _say_licences()
        if refreshing.is_current():
            errors.print("Nothing changed since the last release.")
        else:
            done = refreshing.refresh()
            failures, remarks = done.failures, done.remarks
            if not done.published:
                errors.print("Nothing changed since the last release.")
    except Exception as error:
        reason = str(error) if isinstance(error, (refreshing.RefreshFailed, BuildBusy, InputError)) else storage_fault(error)
        if reason is None:
            raise
        published = "The published file stays as it was." if settings.PUBLISHED.exists() else "Nothing was published."
        raise fail(f"{reason}\n{published}") from None
    ranking.rank()
    verdicts.claims()
    say_lists(lists)
    say_inbox()
    say_changed(scores)
    say_unknown_cities()
    _say_shipped()
    _say_odd(remarks)
    console.print(f"\nReport:      {(settings.RELEASE / 'report.html').relative_to(settings.HOME)}")
    console.print(f"DuckDB file: {settings.PUBLISHED.relative_to(settings.HOME)}   (duckdb -readonly, then `from readme`)")
    if failures:
        raise fail(f"\n{failures}\nEach of these sources stands at its last good landing, or is left out if it has none.")


def _say_licences() -> None:
    """Name the sources with strings attached before anything is read."""
    from pipelines.ingest import sources as upstream

    for source in upstream.selected():
        if source.licence_class != "open" and not source.is_local:
            errors.print(
                f"{source.title}: {source.licence} ({source.licence_class}; local use only)", style="yellow", markup=False
            )


def _say_odd(remarks: list[str]) -> None:
    """Print what was set aside of the landings, what is doubtful, and what is unlike the landing before."""
    if remarks:
        console.print(f"\nOdd about what landed: {len(remarks)} remarks. Rows set aside and doubtful cells: from core.quarantine")
        for remark in remarks[:ODD]:
            console.print(f"  {remark}", markup=False)
        if len(remarks) > ODD:
            console.print(f"  … and {len(remarks) - ODD} more")


def _say_shipped() -> None:
    """Print the tables that the recordings which ship have fed, and how old these are."""
    shipped = query(queries.read("report/shipped"))
    if not shipped:
        return
    shown = table("Read from the recordings that ship, data/recordings", "source", "recorded", "tables and rows")
    for row in shipped:
        shown.add_row(*row.values())
    console.print(shown)
    note("To fetch one live, name it: SOURCES=shipped,moe. Without them: SOURCES=register.")


def say_lists(before: set[tuple[str, ...]]) -> None:
    """Name the lists that are new since the release before, with what each moves, and those that are gone."""
    rows = query("from index.lists order by dataset, quantity, list") if before else []
    now = {(row["quantity"], row["list"]): row for row in rows}
    if new := [moved(row) for name, row in now.items() if name not in before]:
        effect = "directly, with how lists look at cities held fixed"
        console.print(f"New lists, and the cities that each moves by half a point or more, {effect}:")
        console.print("\n".join(f"  {text}" for text in new), markup=False)
    for quantity, name in sorted(before - now.keys()):
        console.print(f"List gone: {name} ({quantity})", markup=False)


def moved(row: dict[str, Any]) -> str:
    """Return what a list moves, from a row of ``index.lists``."""
    most = "" if row["most_moved"] is None else f", most {row['most_moved']} by {row['most_moved_by']:+.1f}"
    return f"{row['list']} ({row['quantity']}): {row['n']:,.0f} rows, {_cities(row['scores_moved'])}{most}"


def say_changed(before: dict[tuple[str, str, str], float]) -> None:
    """Say how many scores have changed since the release before, whatever the reasons; nothing if none of its scope has."""
    changes = {key[1:]: score - before[key] for key, score in state.scores().items() if key in before}
    if any(changes.values()):
        parts = []
        for measure in sorted({of for of, _ in changes}):
            large = {city: by for (of, city), by in changes.items() if of == measure and abs(by) >= LEAST_CHANGE}
            most = max(large, key=lambda city: abs(large[city]), default=None)
            parts.append(f"{measure} in {_cities(len(large))}" + (f", most in {most} ({large[most]:+.1f})" if most else ""))
        console.print(f"Changed by a point or more since the release before: {'; '.join(parts)}.", markup=False)


def _cities(count: int) -> str:
    return {0: "no city", 1: "1 city"}.get(count, f"{count:,} cities")


def say_inbox() -> None:
    """Say how much of the user's exports is new; nothing without exports."""
    rows = query(queries.read("report/inbox"))
    if rows:
        parts = "; ".join(f"{row['what']}: {row['n_new']:,} new, {row['n_known']:,} known" for row in rows)
        console.print(f"inbox: {rows[0]['n_rows']:,} rows ({parts}).", markup=False)
        if lost := query(queries.read("report/inbox_unplaced")):
            shown = "; ".join(f"{row['source_file']}, row {row['source_row']}: {row['reason']}" for row in lost)
            places = "1 place" if lost[0]["n_places"] == 1 else f"{lost[0]['n_places']:,} places"
            console.print(f"inbox: {places} without a city: {shown}", markup=False)
        # Imported here, as it takes a second.
        from pipelines.orchestration.review import landed_of_one_place

        for notice in landed_of_one_place():
            console.print(f"inbox: {notice}", markup=False)


def say_unknown_cities() -> None:
    """Name the cities that reports print and no source knows: a misspelt one would be left out in silence."""
    if rows := query(queries.read("report/unknown_cities")):
        shown = "; ".join(f"{row['source_file']}, row {row['source_row']}, column city: {row['city']!r}" for row in rows)
        more = f"; and {rows[0]['n_rows'] - len(rows):,} more rows" if rows[0]["n_rows"] > len(rows) else ""
        said = f"Left out, since no source names these cities that reports print: {shown}{more}"
        console.print(f"{said}. Correct the names that are misspelt.", markup=False)


@app.command()
def check() -> None:
    """Check the register, the reference tables, the inbox and the queries in seconds, without a build."""
    from pipelines.ingest import checking
    from pipelines.orchestration import binding, review

    wrong, tables = [], {}
    for source in checking.SOURCES:
        checked = checking.check(source)
        files = f"{checked.files:,} {'file' if checked.files == 1 else 'files'}"
        rows = f"{checked.rows:,} {'row' if checked.rows == 1 else 'rows'}"
        console.print(f"{source.landing_page}: {files}, {rows}", highlight=False)
        for remark in checked.remarks:
            console.print(f"  {remark}", markup=False)
        wrong += checked.problems
        tables |= checked.tables
    if wrong := [*wrong, *review.problems(tables), *binding.problems()]:
        raise fail("\n".join([*map(str, wrong[: InputError.SHOWN]), *(["…"] if len(wrong) > InputError.SHOWN else [])]))
    unfinished = review.unfinished(tables)
    for remark in [*review.of_places(tables), *unfinished]:
        console.print(f"  {remark}", markup=False)
    console.print(f"A refresh accepts them{f'; unfinished: {len(unfinished)}' if unfinished else ''}.")


@app.command()
def smoke() -> None:
    """Ask each selected source for one file, land nothing, and say what has changed.

    The environment variable SOURCES selects them: SOURCES=open,gawc.
    """
    from pipelines.ingest import sources as upstream
    from pipelines.ingest.fetchers import recorded_or_live
    from pipelines.ingest.smoke import probe

    shown = table("One file of each source", "source", "status", "shape", ">bytes", ">rows", "what is wrong, or unlike before")
    broken = []
    for source in upstream.selected():
        # Without addresses a source is read from a recording only.
        if source.is_local or not source.tables[0].addresses:
            continue
        with recorded_or_live(source) as origin:
            result = probe(source, origin)
        counts = ["" if count is None else f"{count:,}" for count in (result.n_bytes, result.n_rows)]
        remarks = [*result.remarks[:REMARKS], *(["…"] if len(result.remarks) > REMARKS else [])]
        shown.add_row(result.source, result.status, result.shape, *counts, escape("\n".join(remarks)))
        broken += [result.source] if result.status != "works" else []
    console.print(shown)
    if broken:
        raise fail(f"Changed or failed: {', '.join(broken)}. Nothing was landed.")
