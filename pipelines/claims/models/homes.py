"""Impute whether an investor without a known place is in a city, from the investors that have one.

Investors with many deals are known better and sit elsewhere than those with one, and most invest where they are. So a donor is
drawn among investors of the same activity that mostly invest in the same place: in the city, or elsewhere. Donors are resampled
first, which makes the imputation proper (approximate Bayesian bootstrap; Rubin & Schenker 1986, JASA 81, 366–374).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

#: Imputations.
M = 20

#: Lower ends of the classes of activity: deals of an investor.
ACTIVITY = (1, 2, 5)


@dataclass(frozen=True)
class Place:
    """A city, and the unit under which a source lists investors of which it knows the country only."""

    city: str
    country: str


def impute(
    investors: pl.DataFrame, deals: pl.DataFrame, offices: pl.DataFrame | None, place: Place, rng: np.random.Generator
) -> np.ndarray:
    """Return the part of each deal's unlocated investors that is in the city (draw, deal), in the order of ``deals``.

    ``investors`` is (deal, investor, home, is_counted): all are donors, and those that count have a part. ``deals`` is (deal,
    unit), ``offices`` (investor, unit): with them an investor is in every city where it has an office, without them at home. The
    part is 0 for a deal without an unlocated investor.
    """
    rows = deals.with_row_index("row").join(investors, on="deal").select("row", "unit", "investor", "home", "is_counted")
    is_unknown = pl.col("home").is_null() | (pl.col("home") == place.country)
    table = (
        rows.group_by("investor")
        .agg(
            is_unknown.all().alias("is_unlocated"),
            (pl.col("home") == place.city).any().fill_null(False).alias("is_here"),
            pl.len().alias("deals"),
            (pl.col("unit") == place.city).mean().fill_null(0).alias("invests_here"),
        )
        .sort("investor")
    )
    if offices is not None:
        here = offices.filter(pl.col("unit") == place.city)["investor"].to_list()
        table = table.with_columns(pl.col("is_here") | pl.col("investor").is_in(here))
        table = table.with_columns(pl.col("is_unlocated") & ~pl.col("is_here"))
    drawn = _drawn(table, rng)
    position = dict(zip(table["investor"], range(table.height), strict=True))
    unlocated = rows.filter("is_counted", pl.col("investor").is_in(table.filter("is_unlocated")["investor"].to_list()))
    of_deal, who = unlocated["row"].to_numpy(), np.array([position[name] for name in unlocated["investor"]], dtype=int)
    number = np.bincount(of_deal, minlength=deals.height)
    sums = np.array([np.bincount(of_deal, drawn[draw, who], minlength=deals.height) for draw in range(M)])
    return np.asarray(sums / np.maximum(number, 1))


def _drawn(table: pl.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return whether each investor is in the city (draw, investor): as known, or as that of a donor of its class."""
    group = np.digitize(table["deals"].to_numpy(), ACTIVITY) * 2 + (table["invests_here"].to_numpy() >= 0.5)
    is_unlocated, is_here = table["is_unlocated"].to_numpy(), table["is_here"].to_numpy()
    drawn = np.tile(is_here.astype(float), (M, 1))
    for members in (group == name for name in np.unique(group[is_unlocated])):
        donors = is_here[members & ~is_unlocated]
        # A class without a donor takes any.
        donors = donors if len(donors) else is_here[~is_unlocated]
        wanted = np.flatnonzero(members & is_unlocated)
        for draw in range(M if len(donors) else 0):
            drawn[draw, wanted] = rng.choice(rng.choice(donors, size=len(donors)), size=len(wanted))
    return drawn
