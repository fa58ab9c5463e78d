"""Put together the tables that the index publishes."""

import dataframely as dy
import polars as pl

from pipelines.index import compute
from pipelines.index.diagnostics.backtest import Backtest, forecasts, history
from pipelines.index.diagnostics.backtest import table as backtest
from pipelines.index.diagnostics.coherence import CoherenceTable
from pipelines.index.diagnostics.distance import Distance, undated
from pipelines.index.diagnostics.distance import table as distance
from pipelines.index.diagnostics.robustness import LeaveOneOut, WeightFlips
from pipelines.index.diagnostics.sensitivity import Sensitivity
from pipelines.index.evidence.availability import Availability, left_out, resting_on_one
from pipelines.index.inputs import Inputs
from pipelines.index.intervals import Pairwise, RankProbabilities, Scores
from pipelines.index.ranking import Boundaries, BoundaryValues, IndicatorValues
from pipelines.index.result import Result
from pipelines.index.table import IndexTable
from pipelines.resolve import scope


class Headline(IndexTable):
    """One row: the year the headline ranking is for, the last one the data cover, and what the ranking rests on."""

    table = "index.headline"

    year = dy.Int64(description="Headline year.")
    country = dy.String(description="Scope: the country whose cities are ranked.")
    basis = dy.String(description="register: the curated register; lists: the worldwide lists that are loaded; never both.")
    left_out = dy.String(
        nullable=True, description="Pillars no indicator of which the basis has, left out of the scores; null if none."
    )
    rests_on_one = dy.String(nullable=True, description="Pillars of which it has one indicator that counts; null if none.")


#: Every table of one computation.
TABLES: tuple[type[IndexTable], ...] = (
    IndicatorValues,
    Availability,
    compute.Goalposts,
    Scores,
    Pairwise,
    Headline,
    Distance,
    Backtest,
    CoherenceTable,
    RankProbabilities,
    LeaveOneOut,
    WeightFlips,
    Sensitivity,
    Boundaries,
    BoundaryValues,
)


def tables(result: Result, inputs: Inputs, availability: pl.DataFrame, indicators: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return every table of ``TABLES``; ``indicators`` are all of them, the unavailable ones too."""
    known = history(inputs, result.headline)
    return {
        IndicatorValues.table: result.indicator_values,
        Availability.table: availability,
        compute.Goalposts.table: result.goalposts,
        Scores.table: result.scores,
        Pairwise.table: result.pairwise,
        Headline.table: _headline(result, inputs.country, availability, indicators),
        Distance.table: distance(result, undated(inputs)),
        Backtest.table: backtest(known, forecasts(known)),
        **result.tables,
    }


def _headline(result: Result, country: str, availability: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    row = {
        "year": result.headline,
        "country": country,
        "basis": scope.basis(country),
        "left_out": ", ".join(left_out(indicators, availability)) or None,
        "rests_on_one": ", ".join(resting_on_one(indicators, availability)) or None,
    }
    return pl.DataFrame([row], Headline.types())
