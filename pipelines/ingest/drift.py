"""Warn of landings unlike the one before: emptier columns, shifted values, far fewer or far more rows.

These are warnings, since a change may be news; what cannot be right is refused by the contract and the range of rows.

Values are compared by the population stability index, over deciles of the earlier values for numbers and over the values
themselves where there are few; above 0.25 counts as a major shift (N. Siddiqi, Credit Risk Scorecards, 2006). By chance alone the
index is chi-squared over the sample sizes (B. Yurdakul, Statistical Properties of Population Stability Index, 2018).
"""

import math

import numpy as np
import polars as pl
import scipy

#: Index above which a column has shifted, if it is also more than chance explains.
MAJOR = 0.25
#: One in this many columns that did not shift is reported all the same.
BY_CHANCE = 1000
#: Change in the share of empty cells that is worth a look.
EMPTIER = 0.2
#: Factor by which the number of rows may change between two landings.
ROWS = 2.0
#: Rows below which a distribution says little, and distinct values above which a column counts as free text.
FEW_ROWS = 50
FEW_VALUES = 50


def shifts(before: pl.DataFrame, now: pl.DataFrame, columns: list[str]) -> list[str]:
    """Return one sentence for each change between two landings of a table."""
    sentences = []
    if before.height and not 1 / ROWS <= now.height / before.height <= ROWS:
        sentences.append(f"{now.height:,} rows, {before.height:,} before")
    if min(before.height, now.height) < FEW_ROWS:
        return sentences
    for name in columns:
        empty_before, empty_now = (frame[name].null_count() / frame.height for frame in (before, now))
        if abs(empty_now - empty_before) > EMPTIER:
            sentences.append(f"column {name}: {empty_now:.0%} empty, {empty_before:.0%} before")
        elif sentence := _shift(before[name].drop_nulls(), now[name].drop_nulls()):
            sentences.append(f"column {name}: {sentence}")
    return sentences


def _shift(before: pl.Series, now: pl.Series) -> str | None:
    if min(before.len(), now.len()) < FEW_ROWS:
        return None
    classes = _classes(before, now)
    if classes is None:
        return None
    shares = [{label: count / labels.len() for label, count in labels.value_counts().iter_rows()} for labels in classes]
    labels = sorted(shares[0].keys() | shares[1].keys())
    # A class that one side lacks counts as half a row, so that its logarithm is finite.
    pairs = {label: (shares[0].get(label, 0.5 / before.len()), shares[1].get(label, 0.5 / now.len())) for label in labels}
    index = sum((new - old) * math.log(new / old) for old, new in pairs.values())
    by_chance = float(scipy.special.chdtri(len(labels) - 1, 1 / BY_CHANCE)) * (1 / before.len() + 1 / now.len())
    if index <= MAJOR or index <= by_chance:
        return None
    largest = max(labels, key=lambda label: abs(pairs[label][1] - pairs[label][0]))
    old, new = pairs[largest]
    return f"its values have shifted (stability index {index:.2f}), above all {largest}: {new:.0%}, {old:.0%} before"


def _classes(before: pl.Series, now: pl.Series) -> tuple[pl.Series, pl.Series] | None:
    """Return both columns with each value replaced by the name of its class; None for free text."""
    if before.dtype.is_numeric():
        edges = np.unique(np.quantile(before.to_numpy(), np.arange(1, 10) / 10))
        names = np.array([f"below {edges[0]:g}", *(f"from {edge:g}" for edge in edges)])
        before, now = (pl.Series(names[np.searchsorted(edges, column.to_numpy(), side="right")]) for column in (before, now))
        return before, now
    before, now = before.cast(pl.String), now.cast(pl.String)
    return (before, now) if before.n_unique() <= FEW_VALUES else None
