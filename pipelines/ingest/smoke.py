"""Ask each source for one file, land nothing, and say whether it still has the shape that its parser knows."""

from dataclasses import dataclass, replace

import polars as pl

from pipelines import settings
from pipelines.errors import FetchFailed, Refused
from pipelines.ingest import contract, drift
from pipelines.ingest.fetchers import Shipped
from pipelines.ingest.landing import landing_of
from pipelines.ingest.request import Reply
from pipelines.ingest.source import Origin, Source, Table


@dataclass(frozen=True)
class Probe:
    """What one file of a source showed.

    ``status``: "works"; "changed", if it was fetched but is not as its parser and its contract expect; or "failed".
    ``shape``: the content type, and how many columns of the contract have values. ``remarks``: what is wrong, or unlike the
    same file when it landed last or was recorded.
    """

    source: str
    table: str
    status: str = "failed"
    shape: str = ""
    n_bytes: int | None = None
    n_rows: int | None = None
    remarks: tuple[str, ...] = ()


def probe(source: Source, origin: Origin) -> Probe:
    """Return what the first file of the source's first table shows."""
    table = source.tables[0]
    blank = Probe(source.name, table.name)
    try:
        request = next(iter(origin.requests(source, table)), None)
        if request is None:
            return replace(blank, remarks=("there is no file to fetch",))
        reply = origin.fetch(request, None)
    except (FetchFailed, Refused) as error:
        return replace(blank, remarks=(str(error),))
    return _shown(replace(blank, n_bytes=len(reply.content)), source, table, reply, str(request))


def _shown(blank: Probe, source: Source, table: Table, reply: Reply, address: str) -> Probe:
    kind = reply.headers.get("content-type", "").partition(";")[0] or "no type"
    try:
        kept, broken = contract.sift(table.parse(reply.content), table.contract)
    except Refused as refused:
        remarks = tuple(str(problem) for problem in refused.problems)
        return replace(blank, status="changed", shape=kind, remarks=remarks)
    columns = table.contract.column_names()
    filled = [name for name in columns if kept[name].null_count() < kept.height]
    before = _before(source, table, address)
    shifts = drift.shifts(before, kept, columns) if before is not None else []
    rejected = len({problem.row for problem in broken})
    has_changed = not kept.height or rejected > table.tolerates * (kept.height + rejected)
    return replace(
        blank,
        status="changed" if has_changed else "works",
        shape=f"{kind}, {len(filled)} of {len(columns)} columns",
        n_rows=kept.height,
        remarks=(*(str(problem) for problem in broken), *shifts),
    )


def _before(source: Source, table: Table, address: str) -> pl.DataFrame | None:
    """Return the rows of the same file as it landed last, or as its recording that ships has them; None if there is neither."""
    path = landing_of(source, table)
    landed = pl.read_parquet(path, glob=False).filter(pl.col("source_file") == address) if path else pl.DataFrame()
    if landed.height:
        return landed
    shipped = Shipped(settings.RECORDINGS)
    for request in shipped.requests(source, table):
        if str(request) == address:
            return contract.sift(table.parse(shipped.fetch(request, None).content), table.contract)[0]
    return None
