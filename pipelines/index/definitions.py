"""The indicator table as arrays over the indicator axis."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

#: The scores; which pillars make up each is a column of the indicator table.
SCORES = ("Readiness", "Realised")


@dataclass(frozen=True)
class Definitions:
    """The indicators that some list counts, by pillar.

    ``table`` has a row for each indicator; ``pillar_of`` (indicator,) is the place of its pillar in ``pillars``, ``weight``
    (indicator,) its share of that pillar's weight; ``scores`` holds the pillars of each score.
    """

    table: pl.DataFrame
    scores: dict[str, tuple[str, ...]]
    pillar_of: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, indicators: pl.DataFrame, quantities: tuple[str, ...]) -> Self:
        """Build them from ``core.indicators`` and the quantities that lists count."""
        known = pl.col("quantity").is_in(quantities) & (pl.col("per").is_null() | pl.col("per").is_in(quantities))
        table = indicators.filter(known & (pl.col("weight") > 0)).sort("pillar", "source_row")
        scores = {name: tuple(table.filter(pl.col("measure") == name)["pillar"].unique().sort()) for name in SCORES}
        pillars = [pillar for members in scores.values() for pillar in members]
        pillar_of = np.array([pillars.index(pillar) for pillar in table["pillar"]])
        weight = table["weight"].to_numpy().astype(float)
        return cls(table, scores, pillar_of, weight / np.bincount(pillar_of, weight)[pillar_of])

    @property
    def names(self) -> list[str]:
        """Return the indicators."""
        return self.table["indicator"].to_list()

    @property
    def pillars(self) -> list[str]:
        """Return every pillar, in the order that ``pillar_of`` counts."""
        return [pillar for members in self.scores.values() for pillar in members]

    def places(self, score: str) -> np.ndarray:
        """Return the places among ``pillars`` of those of ``score``."""
        return np.array([self.pillars.index(pillar) for pillar in self.scores[score]])
