"""Measure the distance to the benchmark: how many times less, and how long ago the benchmark was where a city is.

City and benchmark are compared over the indicators that both have. The record has a first year. If the benchmark was above the
city's score in all of it, the answer is "beyond the record" and not the length of the record.
"""

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import BENCHMARK, comparison, draws, scale
from pipelines.index.boundaries import ends
from pipelines.index.choices import Choices
from pipelines.index.compute import Result, drawn_choices, points_at
from pipelines.index.table import CITY, IndexTable
from pipelines.schema import one_of

WITHIN, BEYOND = "within the record", "beyond the record"
MAYBE_LEVEL, LEVEL_WITH = "may be level", "level or ahead"


class Distance(IndexTable):
    """One row per city and score or pillar that the benchmark has in the headline year: how far behind, and how long ago."""

    table = "index.distance"

    measure = dy.String(primary_key=True, description="Readiness, Realised, or a pillar.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    year = dy.Int64(description="Headline year.")
    times_less = dy.Float64(
        min=0,
        description="How many times less it has than the benchmark in that year: the mean over the indicators that both have, by "
        "their weights. Of a pillar, and of Realised, it follows from the scores in index.scores, had they no end at 0.",
    )
    times_less_low = dy.Float64(min=0, description="Lower end of its 90% interval.")
    times_less_high = dy.Float64(min=0, description="Upper end of that interval.")
    n_compared = dy.Int64(min=1, description="Indicators that both have, over which they are compared.")
    n_inferred = dy.Int64(
        min=0, description="Of these, indicators that no list looks at in the city: they are inferred from what it has otherwise."
    )
    years_behind = dy.Float64(
        nullable=True,
        min=0,
        description="Years since the benchmark stood where the city stands, 0 if it is level or ahead; null where it may be "
        "level, and beyond the record.",
    )
    years_low = dy.Float64(nullable=True, min=0, description="Lower end of its 90% interval; null: beyond the record.")
    years_high = dy.Float64(nullable=True, min=0, description="Upper end of that interval; null: beyond the record.")
    record_from = dy.Int64(description="First year of the benchmark's record.")
    how = dy.String(
        check=one_of(WITHIN, BEYOND, MAYBE_LEVEL, LEVEL_WITH),
        description="may be level: the interval of times_less has 1 inside; level or ahead: all of it is at most 1. Otherwise "
        "within the record, or beyond the record: in most draws the benchmark was above in all of it. What no list dates, such "
        "as services, has the same value in all years of the record.",
    )


def years_behind(record: np.ndarray, years: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return the years since ``record`` (draw, year) last passed ``level`` (draw,), interpolated between years.

    ``years`` (year,) ends with the year asked about. 0 where the record ends at or below the level, infinite where it
    is above in every year.
    """
    below = record <= level[:, None]
    last = len(years) - 1 - below[:, ::-1].argmax(1)
    after = np.minimum(last + 1, len(years) - 1)
    each = np.arange(len(record))
    start, rise = record[each, last], record[each, after] - record[each, last]
    part = np.where(rise > 0, (level - start) / np.where(rise > 0, rise, 1.0), 0.0)
    passed = years[-1] - (years[last] + part * (years[after] - years[last]))
    return np.where(below.any(1), np.where(below[:, -1], 0.0, passed), np.inf)


def distance(result: Result) -> pl.DataFrame:
    """Return ``Distance``."""
    definitions = result.definitions
    years = result.years[result.years <= result.headline]
    choices = drawn_choices(definitions, result.reliability, result.inputs.posterior.count, len(ends(result.inputs.areas)))
    points, record = _points(result, choices, years)
    inferred = result.values.n_lists[result.kept] == 0
    published_points = result.values.unbounded(result.headline, {}, result.kept)
    names, parts = np.array(result.cities), [Distance.empty()]
    for measure in (*definitions.scores, *definitions.pillars):
        weights, published = choices.effective(definitions, measure), result.effective(measure)[None]
        for cities, both in comparison.alike(result, measure):
            others = cities[cities != result.benchmark]
            past, level = (comparison.mean(drawn, weights, both) for drawn in (record, points[:, others]))
            scores = draws.median(comparison.mean(published_points, published, both))
            frame = Distance.frame(
                measure=measure,
                city=names[others],
                year=result.headline,
                n_compared=len(both),
                n_inferred=inferred[np.ix_(others, both)].sum(1),
                record_from=years[0],
                **_behind(years, past, level, scores[result.benchmark] - scores[others]),
            )
            parts.append(frame)
    return pl.concat(parts)


def _points(result: Result, choices: Choices, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return scores of indicators with all choices: of the cities in the headline year, (draw, city, indicator), and the
    benchmark's in all ``years``, (draw, year, indicator).

    They are as if the scale did not end, so that of a city with hardly anything it is said how little, and how little is known.
    """
    benchmark = np.array([result.values.cities.index(BENCHMARK)])
    under = [result.values.unbounded(result.headline, areas, result.kept) for areas in ends(result.inputs.areas)]
    points = points_at(under, choices)
    record = [result.values.unbounded(int(year), {}, benchmark)[choices.data, 0] for year in years[:-1]]
    return points, np.stack([*record, points[:, result.benchmark]], axis=1)


def _behind(years: np.ndarray, record: np.ndarray, level: np.ndarray, gap: np.ndarray) -> dict[str, np.ndarray]:
    """Return how far behind cities are at ``level`` (draw, city); published scores are ``gap`` (city,) below the benchmark's."""
    behind = np.array([years_behind(record, years, own) for own in level.T]).reshape(level.T.shape).T
    less = scale.times_less(100.0 - gap)
    low, high = draws.interval(scale.times_less(100.0 - record[:, [-1]] + level))
    less_low, less_high = np.minimum(low, less), np.maximum(high, less)
    first, middle, last = np.quantile(behind, draws.QUANTILES, axis=0, method="lower")
    how = np.select([less_high <= 1, less_low < 1, np.isinf(middle)], [LEVEL_WITH, MAYBE_LEVEL, BEYOND], WITHIN)
    return {
        "times_less": less,
        "times_less_low": less_low,
        "times_less_high": less_high,
        "years_behind": np.select([how == LEVEL_WITH, how == WITHIN], [0.0, middle], np.nan),
        "years_low": np.where(np.isinf(first), np.nan, first),
        "years_high": np.where(np.isinf(last), np.nan, last),
        "how": how,
    }
