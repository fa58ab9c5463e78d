"""Put together the tables that the index publishes."""

from collections.abc import Callable

import numpy as np
import polars as pl

from pipelines.index.compute import Result, side_by_side
from pipelines.index.diagnostics import backtest, distance, robustness, sensitivity
from pipelines.index.gather import Headline
from pipelines.index.outlook import forecasts, growth
from pipelines.index.outlook.earlier import EarlierData, earlier_data
from pipelines.index.published import differs
from pipelines.index.tables import lists, scores, values
from pipelines.schema import TableSchema

#: Table → what makes it of the result.
MAKERS: dict[type[TableSchema], Callable[[Result], pl.DataFrame]] = {
    values.IndicatorValues: values.indicator_values,
    values.Goalposts: values.goalposts,
    values.Pillars: values.pillars,
    values.Boundaries: values.by_boundary,
    scores.Scores: scores.scores,
    scores.Pairwise: scores.pairwise,
    distance.Distance: distance.distance,
    growth.Growth: growth.growth,
    forecasts.Forecasts: forecasts.forecasts,
    forecasts.Shares: forecasts.shares,
    differs.Differs: differs.differs,
    backtest.Backtest: backtest.backtest,
    robustness.LeaveOneOut: robustness.leave_one_out,
    robustness.WeightFlips: robustness.weight_flips,
    robustness.Alternatives: robustness.alternatives,
    sensitivity.Sensitivity: sensitivity.sensitivity,
    lists.Attention: lists.attention,
}

#: Every table of one computation.
TABLES: tuple[type[TableSchema], ...] = (*MAKERS, lists.ListInfluence, lists.Lists, Headline, EarlierData)


def of(result: Result, before: Result | None = None) -> dict[str, pl.DataFrame]:
    """Return every table of ``TABLES``; ``before`` is what the method makes of the data of the release before."""
    with side_by_side() as pool:
        # First, since it takes longest.
        influence = pool.submit(lists.influence, result)
        frames = pool.map(lambda maker: maker(result), MAKERS.values())
        made = {table.table: frame for table, frame in zip(MAKERS, frames, strict=True)}
        moved = influence.result()
    return made | {
        lists.ListInfluence.table: moved,
        lists.Lists.table: lists.lists(result, moved),
        EarlierData.table: earlier_data(before),
        Headline.table: _headline(result, made[backtest.Backtest.table]),
    }


def _headline(result: Result, tested: pl.DataFrame) -> pl.DataFrame:
    layout, has = result.inputs.posterior.layout, ~result.values.is_unknown[result.kept][result.is_scope]
    known = np.array(result.definitions.names)[has.any(0)].tolist()
    left_out = result.inputs.indicators.filter(~pl.col("indicator").is_in(known))["name"].to_list()
    begins, measured_to = forecasts.measured(result.headline)
    row = {
        "year": result.headline,
        "period_begins": begins,
        "measured_to": measured_to,
        "scope": result.inputs.scope,
        "n_lists": len(layout.lists),
        "n_cities": int(result.is_scope.sum()),
        "countries": ",".join(_countries(result)),
        "n_ranked": len(result.members),
        "skill": backtest.in_one_sentence(tested),
        "left_out": ", ".join(left_out) or None,
    }
    return pl.DataFrame([row], Headline.types())


def _countries(result: Result) -> list[str]:
    cities = [city for city, is_scope in zip(result.cities, result.is_scope, strict=True) if is_scope]
    counted = result.inputs.cities.filter(pl.col("city").is_in(cities))["country"].value_counts()
    return counted.sort("count", "country", descending=[True, False])["country"].to_list()
