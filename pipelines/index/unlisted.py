"""Estimate per city how many funded companies no list holds, as a check on the level of the index."""

from collections.abc import Iterator
from typing import Any

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index.multiple_systems import FEWEST_LISTS, Overlaps, estimate
from pipelines.index.table import CITY
from pipelines.schema import TableSchema

#: Table of which list has a deal of which company.
LISTINGS = "marts.company_lists"

#: Share of its companies that a list has in a year, below which it does not cover the year.
_LEAST_COVERED = 0.01

#: A letter that is not Latin.
_OTHER_LETTER = r"[\p{L}--\p{Latin}]"


class UnlistedCompanies(TableSchema):
    """One row per city of the scope and period with a funded company on a list: how many companies no list holds.

    A company whose names on two lists are not matched counts twice, so the estimate errs on the high side.
    """

    table = "index.unlisted_companies"
    reads = (f"{LISTINGS}.*", "landing.reference__periods.*")

    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    period = dy.String(primary_key=True, description="Period (core.periods); current: the last years that three lists cover.")
    first_year = dy.Int64(description="First year of the period.")
    last_year = dy.Int64(description="Last year.")
    lists = dy.String(description="Lists compared, with how many companies with a deal in these years each holds.")
    left_out = dy.String(
        nullable=True,
        description="Lists left out, with their companies: their names are in another script, so that most matches are missed.",
    )
    n_lists = dy.Int64(min=0, description="Number of lists compared.")
    n_listed = dy.Int64(min=0, description="Companies on any of them.")
    n_shared = dy.Int64(min=0, description="Companies on two of them or more.")
    n_unlisted = dy.Float64(nullable=True, min=0, description="Estimated number of companies on none; null: cannot be estimated.")
    n_unlisted_low = dy.Float64(nullable=True, min=0, description="Lower end of its 90% interval.")
    n_unlisted_high = dy.Float64(nullable=True, min=0, description="Upper end; null also where the interval is open.")
    model = dy.String(nullable=True, description="Lists that depend on each other in the model chosen.")
    is_estimable = dy.Bool(description="Whether the lists overlap enough for an estimate.")
    reason = dy.String(nullable=True, description="Why there is no estimate.")


def unlisted(listings: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Return ``UnlistedCompanies`` from the rows of ``LISTINGS`` of a scope and those of the reference table of periods."""
    rows = []
    for period, first, last in _years(listings, periods):
        dated = listings.filter(pl.col("year").is_between(first, last))
        for here in dated.sort("city", "company", "list").partition_by("city", maintain_order=True):
            rows.append({"city": here["city"][0], "period": period, "first_year": first, "last_year": last, **_estimate(here)})
    return pl.DataFrame(rows, UnlistedCompanies.types())


def _years(listings: pl.DataFrame, periods: pl.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Yield each period with its years: the fixed ones, then the last years after them that enough lists cover."""
    fixed = periods.drop_nulls("first_year").select("period", "first_year", "last_year").rows()
    yield from fixed
    counts = listings.group_by("list", "year").agg(pl.col("company").n_unique().alias("n"))
    covered = counts.filter(pl.col("n") >= _LEAST_COVERED * pl.col("n").sum().over("list"))
    last = max(covered.group_by("year").len().filter(pl.col("len") >= FEWEST_LISTS)["year"].to_list(), default=0)
    end = max((year for _, _, year in fixed), default=0)
    for period, count in periods.filter(pl.col("first_year").is_null()).select("period", "n_years").iter_rows():
        if last > end:
            yield period, max(last - count + 1, end + 1), last


def _estimate(here: pl.DataFrame) -> dict[str, Any]:
    """Return what the lists of one city and period say."""
    compared = _comparable(here)
    on = here.join(compared, on="list").select("company", "list").unique().pivot("list", index="company", values="list")
    names = sorted(compared["list"])
    overlaps = Overlaps.of(names, on.select(pl.col(names).is_not_null().cast(int)).to_numpy(), np.ones(on.height))
    result = estimate(overlaps)
    return {
        "lists": _wording(here.join(compared, on="list")),
        "left_out": _wording(here.join(compared, on="list", how="anti")) or None,
        "n_lists": compared.height,
        "n_listed": overlaps.listed,
        "n_shared": overlaps.shared,
        "n_unlisted": _rounded(result.unlisted),
        "n_unlisted_low": _rounded(result.low),
        "n_unlisted_high": _rounded(result.high),
        "model": result.chosen and overlaps.wording(result.chosen.model),
        "is_estimable": result.reason is None,
        "reason": result.reason,
    }


def _rounded(number: float | None) -> float | None:
    """Return the number without the digits that depend on the order of sums; None for an open end."""
    return None if number is None or np.isinf(number) else round(number, 2)


def _comparable(here: pl.DataFrame) -> pl.DataFrame:
    """Return the lists (list) whose names can be matched: those of the script with more lists or companies.

    Names in different scripts are matched through curated rows, which have both. The companies that two such lists share are
    otherwise missed, and what no list holds would be overestimated many times.
    """
    by_list = here.group_by("list").agg(
        pl.col("is_curated").any(),
        (pl.col("name").str.contains(_OTHER_LETTER).mean() > 0.5).alias("is_other"),
        pl.col("company").n_unique().alias("n"),
    )
    latin, other = (by_list.filter(pl.col("is_curated") | (pl.col("is_other") == is_other)) for is_other in (False, True))
    return max((latin, other), key=lambda lists: (lists.height, lists["n"].sum())).select("list")


def _wording(here: pl.DataFrame) -> str:
    counts = here.group_by("list").agg(pl.col("company").n_unique().alias("n")).sort("n", "list", descending=[True, False])
    return ", ".join(f"{name} {count}" for name, count in counts.iter_rows())
