"""Hold the exports in folders of the inbox against the places that the folders are named after."""

from typing import Any

import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.ingest.contract import ROW
from pipelines.ingest.sources import inbox
from pipelines.ingest.sources.inbox.forms import printed
from pipelines.resolve.places import resolve

_RENAME = (
    "Name the folder after a city or province, in English or Chinese, where need be with the country, as in 'Sichuan, China'; or "
    "move its files into data/inbox itself"
)
_MEND = "Correct it, leave it empty if the row is of {}, or move the row to a file in data/inbox itself"


def require_inside(rows: pl.DataFrame, files: pl.DataFrame, reference: dict[str, pl.DataFrame]) -> None:
    """Raise InputError for a folder that is named after no city or province, and for rows not known to lie in that place.

    ``rows`` are those of ``staging.inbox_rows``, and ``files`` those of ``staging.inbox_files``.
    """
    if files.is_empty():
        return
    inside = rows.join(files.select("source_file", "folder"), on="source_file")
    named = files.unique("folder", maintain_order=True).select(
        "folder", "country", pl.lit(None, pl.String).alias("region"), place="folder"
    )
    mentions = pl.concat([named, inside], how="diagonal").with_columns(is_strict=False, column=pl.lit("place"))
    # Together, since the name of a city depends on which others there are.
    places = resolve.resolve_all(mentions, **reference)
    folders, located = (frame.join(places, on=resolve.KEY, nulls_equal=True) for frame in (named, inside))
    is_place = pl.col("level").is_in(["city", "province"])
    wrong = [_no_place(folder) for folder in folders.filter(~is_place).sort("folder").iter_rows(named=True)]
    if problems := [*wrong, *_elsewhere(located.join(folders.filter(is_place), on="folder", suffix="_of_folder"))]:
        raise InputError(inbox.NAME, problems)


def _elsewhere(located: pl.DataFrame) -> list[Problem]:
    """Return the rows that lie elsewhere than their folder, or nobody knows where; those with one place in a file are one."""
    is_same = {name: pl.col(name).eq_missing(pl.col(f"{name}_of_folder")) for name in ("city", "province", "city_country")}
    in_province = is_same["province"] & is_same["city_country"]
    is_inside = pl.when(pl.col("level_of_folder") == "city").then(is_same["city"]).otherwise(in_province)
    alike = ["source_file", *resolve.KEY]
    lost = located.filter(~is_inside).sort("source_file", ROW).with_columns(more=pl.len().over(alike) - 1)
    return [_misplaced(row) for row in lost.unique(alike, keep="first", maintain_order=True).iter_rows(named=True)]


def _no_place(folder: dict[str, Any]) -> Problem:
    return Problem(f"data/inbox/{folder['folder']}", f"{folder['folder']!r} {_found(folder)}", _RENAME)


def _misplaced(row: dict[str, Any]) -> Problem:
    also = f", also in {row['more']:,} more {'rows' if row['more'] > 1 else 'row'}" if row["more"] else ""
    problem = f"{row['place']!r} {_found(row)}, and the folder is for {row['folder']} alone{also}"
    return Problem(row["source_file"], problem, _MEND.format(row["folder"]), row[ROW], printed(row["form"], "place"))


def _found(place: dict[str, Any]) -> str:
    """Return what was found out about a place."""
    if place["level"] == "none":
        return str(place["reason"])
    return f"counts for {place['city']}" if place["city"] else f"is a {place['level']}"
