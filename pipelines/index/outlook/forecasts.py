"""Forecast ranks and shares of the next five years: the random walk of the measurement model goes on.

A flow moves in a year by a fifth of the variance that it moves by in a period of five, with what is common to the cities of a
country and what is a city's own. Nothing pulls back and no trend is carried on, so the middle of a forecast is close to what
is now; its width is what counts. What stands, stays.

A forecast is scored by what a later release publishes of its year, summed up by the same functions: the rank of the median score,
or the median share. It has to be measured, and by another period than the forecast was made from: years of one period
differ by no count, and those after the middle of the last one repeat it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import draws
from pipelines.index.compute import Result
from pipelines.index.measurement.layout import CENTRES, PERIODS, UNIT
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.priors import growth_covariance
from pipelines.index.table import CITY, INDICATOR, IndexTable, fraction
from pipelines.index.values import Values, period_of
from pipelines.schema import one_of

#: Years that are forecast, after the headline year; years from the middle of a period to that of the next.
AHEAD, PERIOD = 5, UNIT

#: First cities by Readiness that are forecast.
CITIES = 40

SEED = 50_000


class Forecasts(IndexTable):
    """One row per score or indicator, city of the first forty and year of the next five: its rank or share, as forecast now."""

    table = "index.forecasts"

    forecast = dy.String(description="Hash of all rows but this column: what was forecast cannot be changed afterwards.")
    measure = dy.String(primary_key=True, description="Readiness or Realised, or an indicator.")
    what = dy.String(
        check=one_of("rank", "share"),
        description="rank: among the cities ranked now; share: of what all cities of the scope have.",
    )
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    made_in = dy.Int64(description="Headline year when it was made.")
    year = dy.Int64(primary_key=True, description="Year that it is about.")
    now = dy.Float64(min=0, description="Published rank, or share, in the headline year: what a forecast of no change says.")
    value = dy.Float64(min=0, description="Rank of the median score, or median share; choices of the index as published.")
    low = dy.Float64(min=0, description="Lower end of its 90% interval.")
    high = dy.Float64(min=0, description="Upper end of that interval.")


class Shares(IndexTable):
    """One row per ranked city, indicator that is forecast, and year measured: the share by which forecasts of it are scored."""

    table = "index.shares"

    indicator = dy.String(primary_key=True, metadata=INDICATOR, description="Indicator of what happens year by year.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    year = dy.Int64(primary_key=True, description="Year, up to measured_to of index.headline.")
    share = fraction("Share of what all cities of the scope have, median of the draws.")


@dataclass(frozen=True)
class Walked(Posterior):
    """A posterior whose flows walk on after ``start``: ``step`` holds what each gains in a period, (draw, city, flow).

    The walk is only asked where it stands in one year, and not how it came there, so one step lengthens with the years.
    """

    start: int = 0
    step: np.ndarray = field(default_factory=lambda: np.empty(0))

    def log_intensity(self, quantity: str, year: int) -> np.ndarray:
        """Return the log of how much a city has, (draw, city); after ``start``, as the walk has it."""
        flows = self.layout.columns.flows
        if year <= self.start or quantity not in flows:
            return super().log_intensity(quantity, year)
        gained = self.step[..., flows.index(quantity)] * np.float32(np.sqrt((year - self.start) / PERIOD))
        return np.asarray(super().log_intensity(quantity, self.start) + gained)


def walk_on(posterior: Posterior, start: int) -> Walked:
    """Return ``posterior`` with its flows walking on from ``start``."""
    rng, layout = np.random.default_rng(SEED), posterior.layout
    root = np.linalg.cholesky(posterior.settings.step_covariance).astype(np.float32)
    shape = posterior.count, len(layout.cities), len(layout.columns.flows)
    alike = np.linalg.cholesky(growth_covariance(layout.groups, shape[2])).astype(np.float32)
    common = rng.standard_normal((posterior.count, len(alike)), np.float32) @ alike.T
    own = rng.standard_normal(shape, np.float32) @ root.T
    own *= posterior.settings.spread[layout.group_of, 1:].astype(np.float32)
    own += common.reshape(posterior.count, layout.groups, -1)[:, layout.group_of]
    return Walked(layout, posterior.values, posterior.settings, None, start, own)


def forecasts(result: Result) -> pl.DataFrame:
    """Return ``Forecasts``."""
    walked = walk_on(result.inputs.posterior, min(result.headline, int(CENTRES[-1])))
    # The places among the ranked cities of those that are forecast.
    first = np.argsort(-result.medians("Readiness"), kind="stable")[:CITIES]
    cities = [result.ranked_cities[place] for place in first]
    now = _standing(result, result.values, result.headline, first)
    parts = [Forecasts.empty().drop("forecast")]
    for year in range(result.headline + 1, result.headline + 1 + AHEAD):
        for (measure, what), summed in _standing(result, Values(walked, result.definitions), year, first).items():
            columns = dict(zip(("now", "value", "low", "high"), (now[measure, what][0], *summed), strict=True))
            parts.append(Forecasts.frame(measure=measure, what=what, city=cities, made_in=result.headline, year=year, **columns))
    return sealed(pl.concat(parts).sort("measure", "year", "city"))


def measured(headline: int) -> tuple[int, int]:
    """Return the first year of the period that a headline year is in, and the last year that it measures.

    After the middle of the last period, years repeat it.
    """
    return PERIODS[period_of(headline)], min(headline, int(CENTRES[-1]))


def shares(result: Result) -> pl.DataFrame:
    """Return ``Shares``."""
    _, last = measured(result.headline)
    parts = [
        Shares.frame(indicator=indicator, city=result.ranked_cities, year=year, share=draws.median(drawn))
        for year in range(int(CENTRES[0]), last + 1)
        for indicator, drawn in _shares(result, result.values, year)
    ]
    return pl.concat([Shares.empty(), *parts])


def sealed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``frame`` with the hash of its rows."""
    content = frame.with_columns(pl.selectors.float().round(9)).write_csv()
    return frame.with_columns(pl.lit(hashlib.sha256(content.encode()).hexdigest()).alias("forecast")).select(
        Forecasts.column_names()
    )


def _standing(result: Result, values: Values, year: int, first: np.ndarray) -> dict[tuple[str, str], list[np.ndarray]]:
    """Return ranks and shares of the cities at ``first`` in a year, each with both ends of its interval, (city,).

    Ranks are among the ranked cities; ties in a share have none.
    """
    standing: dict[tuple[str, str], list[np.ndarray]] = {}
    for name, drawn in result.scored(values.points(year, {}, result.kept)).totals.items():
        ranked = drawn[:, result.members]
        middle = draws.ranks(draws.median(ranked)[None])[0]
        standing[name, "rank"] = [middle[first], *draws.interval(draws.ranks(ranked)[:, first])]
    for indicator, drawn in _shares(result, values, year):
        standing[indicator, "share"] = [*draws.summary(drawn[:, first])]
    return standing


def _shares(result: Result, values: Values, year: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each indicator that is forecast with the share that each ranked city has of it in a year, (draw, city)."""
    for row in result.definitions.table.iter_rows(named=True):
        if row["per"] is None and row["quantity"] in values.posterior.layout.columns.flows:
            amounts = np.exp(values.log_quantity(row["quantity"], year, {})[:, result.kept])
            yield row["indicator"], amounts[:, result.members] / amounts[:, result.is_scope].sum(1, keepdims=True)
