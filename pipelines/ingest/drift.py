"""How a table's rows differ from those it had before: emptier columns, values spread otherwise, far fewer or more rows.

What belongs here: comparing two frames of one contract, and wording what a person should look at. What does not: deciding that a
source fails; these are warnings (a change may be news), and what cannot be is refused by contract and row range.

The spread of values is compared by the population stability index, over tenths of the values before for numbers and over the
values themselves where these are few; above 0.25 is a major shift (N. Siddiqi, Credit Risk Scorecards, 2006). What chance brings
to it is chi-squared over the sizes of the samples (B. Yurdakul, Statistical Properties of Population Stability Index, 2018).
"""

import math

import numpy as np
import polars as pl
from scipy.special import chdtri

#: Index above which a column is said to have shifted, beside what chance alone brings.
MAJOR = 0.25
#: Of columns that did not shift, one in so many is said to have.
BY_CHANCE = 1000
#: Change of the share of empty cells that is worth a look.
EMPTIER = 0.2
#: Factor by which the number of rows may change between two landings.
ROWS = 2.0
#: Rows below which a column's spread says little, and values above which it is read as text of any kind.
FEW_ROWS = 50
FEW_VALUES = 50


def shifts(before: pl.DataFrame, now: pl.DataFrame, columns: list[str]) -> list[str]:
    """What changed between two landings of a table, one sentence each; none if all is as it was."""
    found = []
    if before.height and not 1 / ROWS <= now.height / before.height <= ROWS:
        found.append(f"{now.height:,} rows, {before.height:,} before")
    if min(before.height, now.height) < FEW_ROWS:
        return found
    for name in columns:
        empty_before, empty_now = (frame[name].null_count() / frame.height for frame in (before, now))
        if abs(empty_now - empty_before) > EMPTIER:
            found.append(f"column {name}: {empty_now:.0%} empty, {empty_before:.0%} before")
        elif sentence := _spread(before[name].drop_nulls(), now[name].drop_nulls()):
            found.append(f"column {name}: {sentence}")
    return found


def _spread(before: pl.Series, now: pl.Series) -> str | None:
    if min(before.len(), now.len()) < FEW_ROWS:
        return None
    labelled = _labelled(before, now)
    if labelled is None:
        return None
    shares = [_shares(one) for one in labelled]
    labels = sorted(shares[0].keys() | shares[1].keys())
    # A value that one side lacks counts as half a row, so that its logarithm is finite.
    pairs = {one: (shares[0].get(one, 0.5 / before.len()), shares[1].get(one, 0.5 / now.len())) for one in labels}
    index = sum((new - old) * math.log(new / old) for old, new in pairs.values())
    by_chance = float(chdtri(len(labels) - 1, 1 / BY_CHANCE)) * (1 / before.len() + 1 / now.len())
    if index <= MAJOR or index <= by_chance:
        return None
    most = max(labels, key=lambda one: abs(pairs[one][1] - pairs[one][0]))
    old, new = pairs[most]
    return f"its values are spread otherwise (stability index {index:.2f}); most of all {most}, {new:.0%}, {old:.0%} before"


def _labelled(before: pl.Series, now: pl.Series) -> tuple[pl.Series, pl.Series] | None:
    """Both with each value replaced by the name of its class; None for text of any kind."""
    if before.dtype.is_numeric():
        edges = np.unique(np.quantile(before.to_numpy(), np.arange(1, 10) / 10))
        names = [f"below {edges[0]:g}", *(f"from {edge:g}" for edge in edges)]
        before, now = (
            pl.Series([names[at] for at in np.searchsorted(edges, one.to_numpy(), side="right")]) for one in (before, now)
        )
    else:
        before, now = before.cast(pl.String), now.cast(pl.String)
        if before.n_unique() > FEW_VALUES:
            return None
    return before, now


def _shares(values: pl.Series) -> dict[str, float]:
    return {str(value): count / values.len() for value, count in values.value_counts().iter_rows()}
