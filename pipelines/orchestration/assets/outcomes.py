"""Say what became of a landing: the checks of every table, with their outcomes, and what the UI shows of its files."""

from typing import Any

import dagster as dg
import polars as pl

from pipelines.ingest.landing import Landed, failure_of, landing_of, landing_path, present, rows_in, table_name
from pipelines.ingest.source import Source, Table
from pipelines.ingest.table_files import Quarantined
from pipelines.orchestration.assets.promises import asset_key
from pipelines.orchestration.ui import metadata

#: Files of one landing listed in the UI.
FILES_SHOWN = 50

#: The checks of a landing: it succeeded, and nothing about it is odd. Dagster writes several records for every check, so one
#: for each kind of oddity would take a good part of a refresh.
LANDED, AS_EXPECTED = "newest_attempt_landed", "looks_as_expected"


#: What the checks of a table say if neither a landing nor a failure of it is there.
_NOTHING = "no landing was tried, or there was nothing to land"

#: Metadata of a table that did not land in a run that went on to build, with the reason.
_NOT_LANDED = "not landed in this run"


def check_specs(source: Source, table: Table) -> list[dg.AssetCheckSpec]:
    """Return the checks that the landing of a table has."""
    as_expected = (
        f"Between {table.rows[0]} and {table.rows[1]} rows.",
        f"No row or file is in quarantine; beyond {table.tolerates:.1%} of the rows or 5% of the files, the table would fail.",
        "No text was read in another encoding than it was written in, or has characters that nobody sees.",
        "As many rows as before, columns as full, values spread alike, and the same values in the same rows.",
    )
    descriptions = {
        LANDED: "The newest attempt to fetch and read it succeeded; if not, the message says what to do.",
        AS_EXPECTED: "\n".join(f"- {line}" for line in as_expected),
    }
    key = landing_key(source, table)
    return [dg.AssetCheckSpec(name, asset=key, description=text) for name, text in descriptions.items()]


def landing_key(source: Source, table: Table) -> dg.AssetKey:
    """Return the key of the asset that is a landing table."""
    return asset_key(table_name(source, table))


def failed(source: Source, table: Table, error: object) -> dg.AssetCheckResult:
    """Return the failed check of a table: what is wrong, what to do, and what is used until then."""
    has_landed = landing_of(source, table) is not None
    meanwhile = "its last good landing stays in use" if has_landed else "nothing of it has landed, so it is left out"
    return _outcome(source, table, LANDED, f"{error}. Until then {meanwhile}.", passed=False)


def not_recorded(source: Source, table: Table) -> dg.AssetCheckResult:
    """Return the failed check of a source that a person named and that no recording has a table of."""
    problem = f"SOURCES names {source.name}, but no recording of any of its tables was found, so it is left out"
    remedy = "Correct its lines of data/reference/replay.csv, or set REPLAY to the folder that has its files"
    return _outcome(source, table, AS_EXPECTED, f"{problem}. {remedy}.", passed=False)


def _warnings(landed: Landed) -> list[str]:
    """Return what a person should know of a landing that succeeded."""
    return [text for text in (landed.warning, _quarantined(landed), _doubtful(landed), *landed.drift) if text]


def _doubtful(landed: Landed) -> str | None:
    doubts = [doubt for doubt in landed.quarantined if doubt.is_kept]
    if not doubts:
        return None
    where = f"row {doubts[0].source_row} of {_file(doubts[0])}, column {doubts[0].column_name}"
    return f"doubtful cells, used as they are: {len(doubts)}, such as {where}: {doubts[0].reason}"


def _quarantined(landed: Landed) -> str | None:
    kept_out = [left_out for left_out in landed.quarantined if not left_out.is_kept]
    if not kept_out:
        return None
    files = [f"{_file(left_out)}: {left_out.reason}" for left_out in kept_out if left_out.source_row is None]
    of_rows = [left_out for left_out in kept_out if left_out.source_row is not None]
    rows = len({(left_out.source_file, left_out.source_row) for left_out in of_rows})
    sentences = [f"{len(files)} files are in quarantine, such as {files[0]}"] if files else []
    if of_rows:
        where = f"row {of_rows[0].source_row} of {_file(of_rows[0])}"
        sentences.append(f"{rows} of {landed.rows + rows} rows are in quarantine, such as {where}: {of_rows[0].reason}")
    return "\n".join(sentences)


def _file(odd: Quarantined) -> str:
    """Return the name of a file: of a fetched one without the rest of its address, which ``core.quarantine`` has."""
    return odd.source_file.rpartition("/")[2] if "://" in odd.source_file else odd.source_file


def landed(source: Source, table: Table, result: Landed) -> dg.MaterializeResult[Any]:
    """Return what the UI shows of a landing that succeeded, with the outcomes of its checks."""
    files = [
        f"- {file.url} · {file.size:,} bytes · {file.via} {file.retrieved_at} · `{file.sha256[:12]}`" for file in result.snapshots
    ]
    frame = pl.read_parquet(landing_path(source.name, table.name), n_rows=metadata.PREVIEW_ROWS, glob=False)
    how = "fetched and read" if result.is_new else "unchanged since it was last read"
    return dg.MaterializeResult(
        landing_key(source, table),
        metadata={
            **metadata.rows(table_name(source, table), frame, result.rows),
            "bytes": sum(file.size for file in result.snapshots),
            "retrieved_at": max(file.retrieved_at for file in result.snapshots),
            "parsed again": result.is_new,
            "files": dg.MetadataValue.md("\n".join(files[:FILES_SHOWN])),
        },
        check_results=[_outcome(source, table, LANDED, how, passed=True), _as_expected(source, table, result)],
    )


def examined(source: Source, table: Table) -> list[dg.AssetCheckResult]:
    """Return what the checks say of a table as it landed last; nothing is fetched."""
    result, error = present(source, table), failure_of(source.name, table.name)
    if error:
        newest = failed(source, table, error)
    else:
        how = "it landed; nothing was fetched for this check" if result else _NOTHING
        newest = _outcome(source, table, LANDED, how, passed=result is not None)
    return [
        newest,
        _as_expected(source, table, result) if result else _outcome(source, table, AS_EXPECTED, _NOTHING, passed=False),
    ]


def _as_expected(source: Source, table: Table, landed: Landed) -> dg.AssetCheckResult:
    odd = _warnings(landed)
    text = "\n".join(odd) or f"{landed.rows} rows, and nothing is odd"
    return _outcome(source, table, AS_EXPECTED, text, passed=not odd)


def _outcome(source: Source, table: Table, name: str, text: str, *, passed: bool) -> dg.AssetCheckResult:
    """Return the outcome of a check; what is odd about a landing is a warning, not a failure."""
    return dg.AssetCheckResult(
        asset_key=landing_key(source, table),
        check_name=name,
        passed=passed,
        severity=dg.AssetCheckSeverity.ERROR if name == LANDED else dg.AssetCheckSeverity.WARN,
        description=text,
    )


def not_landed(source: Source, table: Table, why: str, *, is_selected: bool) -> dg.MaterializeResult[Any]:
    """Return what stands in a run that goes on to build for a table that did not land: what the build reads of it, and why.

    Dagster skips whatever depends on an asset that a run leaves out, so the whole build.
    """
    path = landing_of(source, table) if is_selected else None
    rows = rows_in(path) if path else 0
    return dg.MaterializeResult(landing_key(source, table), metadata={_NOT_LANDED: why, "dagster/row_count": rows})


def is_stand_in(materialization: dg.AssetMaterialization | None) -> bool:
    """Return whether a record of a table stands for one that did not land."""
    return materialization is not None and _NOT_LANDED in materialization.metadata
