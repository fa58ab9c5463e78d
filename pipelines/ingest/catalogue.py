"""List what the build is made from: the sources with their state, every file of theirs, and the rows kept out."""

from dataclasses import asdict, replace
from typing import get_args

import dataframely as dy
import polars as pl

from pipelines.ingest import archive, sources
from pipelines.ingest.fetchers import is_live, recorded_files
from pipelines.ingest.landing import failure_of, landed_from, landing_path, quarantine_of, rows_in, table_name
from pipelines.ingest.source import Completeness, Source, Subject, Table
from pipelines.ingest.sources import inbox
from pipelines.schema import TableSchema, one_of, refers_to

VIA = ("live", "replay", "shipped", "project")


class Sources(TableSchema):
    """One row per landing table of every source, loaded or not: publisher, licence, state."""

    table = "core.sources"

    source = dy.String(description="Source.")
    title = dy.String(description="Its title.")
    table_name = dy.String(primary_key=True, description="Landing table.")
    table_title = dy.String(description="What the table holds.")
    publisher = dy.String(description="Publisher.")
    landing_page = dy.String(description="Where to find it.")
    licence = dy.String(description="Licence.")
    licence_class = dy.String(check=one_of("open", "terms", "restricted"), description="open, terms or restricted.")
    citation = dy.String(description="How to cite it.")
    cadence = dy.String(description="How often its publisher updates it.")
    status = dy.String(
        description="landed; not selected; not landed; no recording; empty; or failed and why, the last good landing in use."
    )
    verified = dy.String(
        description="On what its parser was tried: live and when; recorded bytes; derived bytes (reduced, reshaped or of another "
        "form than a live run fetches); hand-made files; in the project."
    )
    n_rows = dy.Int64(min=0, description="Rows landed.")
    rows_expected_from = dy.Int64(min=0, description="Fewest rows expected.")
    rows_expected_to = dy.Int64(min=0, description="Most rows expected.")
    n_files = dy.Int64(min=0, description="Files it was made from.")
    via = dy.String(nullable=True, check=one_of(*VIA), description="How they were read, as in core.files.")
    retrieved_at = dy.String(nullable=True, description="When the newest of them was first seen, as in core.files.")


class Files(TableSchema):
    """One row per landing table and file that it was made from; a row's source_file leads here, and from here to its bytes.

    Several tables may be made from one file: join by url to one of them, or to the distinct addresses.
    """

    table = "core.files"

    source = dy.String(description="Source.")
    table_name = dy.String(primary_key=True, metadata=refers_to("core.sources.table_name"), description="Landing table.")
    url = dy.String(
        primary_key=True, description="Address; source_file of every row made from it. A path: a file of the project."
    )
    via = dy.String(
        check=one_of(*VIA), description="live, replay (recorded bytes), shipped (recordings that ship with it) or project."
    )
    status = dy.Int64(description="HTTP status; 200 for a file.")
    retrieved_at = dy.String(description="When these bytes were first seen, UTC; if they ship, their date as far as known.")
    sha256 = dy.String(regex="^[0-9a-f]{64}$", description="Hash of the archived bytes.")
    size = dy.Int64(min=0, description="Bytes.")
    archived = dy.String(description="Where the bytes are, below data/archive.")


class Quarantine(TableSchema):
    """One row per reason why a row of a source was kept out or is doubtful, or a whole file of many was kept out."""

    table = "core.quarantine"

    source = dy.String(description="Source.")
    table_name = dy.String(metadata=refers_to("core.sources.table_name"), description="Landing table of the row.")
    source_file = dy.String(description="Address of the file; core.files leads from here to its bytes.")
    source_sha256 = dy.String(nullable=True, description="Hash of those bytes, which are kept; null if none could be fetched.")
    source_row = dy.Int32(nullable=True, min=1, description="Row of the file, whose header is row 1; null for a whole file.")
    column_name = dy.String(nullable=True, description="Column that breaks the contract; null where it takes several.")
    reason = dy.String(description="What is wrong, and what to do about it.")
    is_kept = dy.Bool(description="True if the row landed although doubtful; false if it was kept out.")


class SourceProfiles(TableSchema):
    """One row per source, and per folder of the inbox, which is one of its own: what the models need to know of its record."""

    table = "core.source_profiles"

    source = dy.String(primary_key=True, description="Source; or inbox and the name of the folder.")
    priority = dy.Int32(min=1, description="Order in which sources are preferred where they differ; 1 is the register.")
    licence_class = dy.String(check=one_of("open", "terms", "restricted"), description="open, terms or restricted.")
    subjects = dy.String(description=f"The subjects it covers, separated by commas: {', '.join(get_args(Subject))}.")
    is_worldwide = dy.Bool(description="Whether it covers all countries equally.")
    is_curated = dy.Bool(description="The project maintains it.")
    completeness = dy.String(
        check=one_of(*get_args(Completeness)),
        description="sample: a place it does not name has little of what it counts; census: it counts nearly all; selection: it "
        "names only some places, and tells nothing of the others; largest: it counts in full the places that have most, and the "
        "others have less.",
    )
    family = dy.String(description="Who collected its facts, or a name shared by sources that copy each other.")


def catalogue() -> dict[str, pl.DataFrame]:
    """Return the frame of each of ``TABLES``."""
    selected = {source.name for source in sources.selected()}
    rows = [_row(source, table, source.name in selected) for source in sources.ALL for table in source.tables]
    return {
        Sources.table: pl.DataFrame(rows, Sources.types()),
        Files.table: _files(),
        Quarantine.table: _quarantine(),
        SourceProfiles.table: profiles(),
    }


TABLES: tuple[type[TableSchema], ...] = (Sources, Files, Quarantine, SourceProfiles)


def profiles() -> pl.DataFrame:
    """Return what the models need to know of every source."""
    stated = ("priority", "licence_class", "is_worldwide", "is_curated", "completeness")
    rows = [
        {name: getattr(source, name) for name in stated}
        | {"source": source.name, "subjects": ", ".join(source.subjects), "family": source.family or source.collected_by}
        for source in (*sources.ALL, *_folders())
    ]
    return pl.DataFrame(rows, SourceProfiles.types())


def _folders() -> list[Source]:
    """Return the folders of the inbox that have landed, each as a source that tells of its place alone."""
    urls = {file.url for table in inbox.SOURCE.tables for file in landed_from(inbox.SOURCE, table)}
    names = {folder for url in urls if (folder := inbox.folder_of(url))}
    return [replace(inbox.SOURCE, name=f"{inbox.NAME}: {folder}", completeness="selection") for folder in sorted(names)]


def _verified(source: Source, table: Table) -> str:
    """Say on what the table's parser was tried: the network from this archive, and when last; else the best there is."""
    if source.is_local:
        return "in the project"
    live = [file.retrieved_at for file in archive.snapshots(source.name) if file.table == table.name and file.via == "live"]
    if live:
        return f"live {max(live)}"
    are_derived = [row["is_derived"] for row in recorded_files() if (row["source"], row["table"]) == (source.name, table.name)]
    if not are_derived:
        return "hand-made files"
    return "derived bytes" if all(are_derived) else "recorded bytes"


def _status(source: Source, table: Table, selected: bool) -> str:
    if not selected:
        return "not selected"
    failure = failure_of(source.name, table.name)
    if failure:
        return f"failed: {failure}"
    if landed_from(source, table):
        return "landed"
    if landing_path(source.name, table.name).exists():
        return "landed under an older contract, not used: land again"
    if source.is_local:
        return "empty"
    return "not landed" if is_live(source) else "no recording"


def _row(source: Source, table: Table, selected: bool) -> dict[str, object]:
    files = landed_from(source, table) if selected else []
    stated = ("title", "publisher", "landing_page", "licence", "licence_class", "citation", "cadence")
    return {name: getattr(source, name) for name in stated} | {
        "source": source.name,
        "table_name": table_name(source, table),
        "table_title": table.title,
        "status": _status(source, table, selected),
        "verified": _verified(source, table),
        "n_rows": rows_in(landing_path(source.name, table.name)) if files else 0,
        "rows_expected_from": table.rows[0],
        "rows_expected_to": table.rows[1],
        "n_files": len(files),
        "via": files[0].via if files else None,
        "retrieved_at": max((one.retrieved_at for one in files), default=None),
    }


def _files() -> pl.DataFrame:
    rows = [
        asdict(file) | {"table_name": table_name(source, table), "archived": f"{source.name}/{file.sha256}"}
        for source in sources.selected()
        for table in source.tables
        for file in landed_from(source, table)
    ]
    return pl.DataFrame(rows, Files.types())


def _quarantine() -> pl.DataFrame:
    """List every row that was kept out of a landing, and why."""
    rows = [
        {"source": source.name, "table_name": table_name(source, table)} | asdict(one)
        for source in sources.selected()
        for table in source.tables
        for one in quarantine_of(source, table)
    ]
    return pl.DataFrame(rows, Quarantine.types())
