"""What a figure of the page consists of."""

from dataclasses import dataclass, field

import polars as pl

from pipelines.publish.report.tables import Column
from pipelines.publish.report.vega import Spec
from pipelines.publish.texts import known, say


@dataclass(frozen=True)
class Figure:
    """One figure: ``says`` is its message, ``note`` how to read it, ``choices`` the chart's signals and their values,
    and ``news`` what each value of the first of them changes.

    The sentence says what the numbers say and no more, so it is made from them; none is typed.
    """

    says: str
    rows: pl.DataFrame
    columns: list[Column]
    chart: Spec | None = None
    note: str = ""
    choices: dict[str, list[str]] = field(default_factory=dict)
    news: dict[str, str] = field(default_factory=dict)


#: What readers choose by and from, where the name of a column or its value says too little.
_WORDS = {
    "dataset": "list",
    "period": "period",
    "sector": "sectors",
    "panel": "which deals",
    "compared": "ranking",
    "boundary": "where a city ends",
    "all": "all that the list has",
    "constant coverage": "investors reported throughout",
    "current": "now",
    "baseline": "then",
    "city": "as its administrative city",
    "metro": "with its metropolitan area",
}


def in_words(name: str) -> str:
    """Return what a reader calls a choice, in the language of the reader; the name of a source in words of its own."""
    said = say(_WORDS[name]) if name in _WORDS else known(name)
    return said.replace("_", " ").capitalize() if "_" in said else said


def choices(rows: pl.DataFrame, *names: str) -> dict[str, list[str]]:
    """Return the values of each column that a reader may choose from, in the order of the rows."""
    return {name: rows[name].unique(maintain_order=True).to_list() for name in names}
