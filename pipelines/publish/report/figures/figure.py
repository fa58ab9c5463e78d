"""What a figure of the page consists of."""

from dataclasses import dataclass, field

import polars as pl

from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec


@dataclass(frozen=True)
class Figure:
    """One figure: ``says`` is its message, ``note`` how to read it, ``choices`` the chart's signals and their values.

    The sentence says what the numbers say and no more, so it is made from them; none is typed.
    """

    says: str
    rows: pl.DataFrame
    columns: list[Column]
    chart: Spec | None = None
    note: str = ""
    choices: dict[str, list[str]] = field(default_factory=dict)


def choices(rows: pl.DataFrame, *names: str) -> dict[str, list[str]]:
    """Return the values of each column that a reader may choose from, in the order of the rows."""
    return {name: rows[name].unique(maintain_order=True).to_list() for name in names}
