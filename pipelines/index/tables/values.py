"""Tables of what the cities have: every indicator, with its interval and how well it is known."""

from collections.abc import Mapping
from functools import cache

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import BASE_YEAR, draws, scale
from pipelines.index.compute import Result
from pipelines.index.measurement.layout import CENTRES, PERIODS
from pipelines.index.table import CITY, INDICATOR, IndexTable, fraction
from pipelines.index.values import period_of
from pipelines.index.yardsticks import Yardstick


class IndicatorValues(IndexTable):
    """One row per city of the scope or the benchmark, year and indicator; intervals are 90%. The benchmark has none of the
    indicators whose goalpost is the leading city, and no city has what no list counts in any city of its group, nor a flow of
    years before the first in which a list counts any in its country, or the middle of its period."""

    table = "marts.indicator_values"

    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    year = dy.Int64(primary_key=True, description="Year.")
    indicator = dy.String(primary_key=True, metadata=INDICATOR, description="Indicator.")
    value = dy.Float64(
        min=0,
        description="How much the fullest list would count there if its attention to all cities were the same; its name, its "
        "unit and what a doubling adds are in index.goalposts.",
    )
    value_low = dy.Float64(min=0, description="Lower end of its interval.")
    value_high = dy.Float64(min=0, description="Upper end of its interval.")
    score = dy.Float64(min=0, description="Score: 100 is the benchmark of the base year, ten points less is half as much.")
    score_low = dy.Float64(min=0, description="Lower end of its interval; the benchmark's own uncertainty is in it.")
    score_high = dy.Float64(min=0, description="Upper end of that interval.")
    n_lists = dy.Int64(min=0, description="Lists that look at the city and count it.")
    n_rows = dy.Float64(min=0, description="What they count there in the years measured, 2000 to 2024, one list after another.")
    known = fraction(
        "Share of how much cities differ, by the model, that is settled for this one; what no list counts is "
        "inferred from what the city has otherwise."
    )
    rows_to_halve = dy.Int64(
        nullable=True, min=0, description="Further rows of a complete list that would halve its uncertainty against other cities."
    )


class Goalposts(IndexTable):
    """One row per indicator: what scores a hundred, with its 90% interval."""

    table = "index.goalposts"

    indicator = dy.String(primary_key=True, metadata=INDICATOR, description="Indicator.")
    pillar = dy.String(description="Pillar.")
    unit = dy.String(description="Unit of the indicator's values.")
    yardstick = dy.String(
        description="Fullest list, which holds most of what there is, or of what the indicator is a part of: values are what it "
        "would count of every city."
    )
    points_per_doubling = dy.Float64(
        description="Points that a doubling of the value adds: 10, fewer if that list prefers large places, more if small ones."
    )
    value = dy.Float64(description="Value that scores 100.")
    value_low = dy.Float64(description="Lower end of its interval; it is drawn along with the cities.")
    value_high = dy.Float64(description="Upper end of that interval.")
    base_year = dy.Int32(description="Year in which the city has it.")
    city = dy.String(metadata=CITY, description="City that has it: the benchmark, or the measured city that has most.")


class Pillars(IndexTable):
    """One row per pillar: its weight in the score, which is its reliability."""

    table = "index.pillars"

    pillar = dy.String(primary_key=True, description="Pillar.")
    measure = dy.String(description="Score it is part of.")
    reliability = fraction("Share of the variance between the scope's cities that lists or inference settle.")
    weight = fraction("Published weight in the score.")
    n_near_top = dy.Int64(min=0, description="Ranked cities within two points of the best ranked city.")


class Boundaries(IndexTable):
    """One row per preset, score or pillar, and city or merged area in the headline year."""

    table = "index.boundaries"

    preset = dy.String(
        primary_key=True,
        description="city: municipalities; metro: with municipalities of their planned metropolitan area; gba: Shenzhen "
        "and Guangzhou as one, without Hong Kong, which is outside the scope.",
    )
    measure = dy.String(primary_key=True, description="Readiness, Realised, or a pillar.")
    year = dy.Int64(description="Headline year.")
    city = dy.String(primary_key=True, description="City, or area that stands for several (core.boundaries).")
    score = dy.Float64(description="Score.")
    rank = dy.Int64(nullable=True, min=1, description="Rank within the preset among ranked cities; null for the others.")


def indicator_values(result: Result) -> pl.DataFrame:
    """Return ``IndicatorValues``."""
    counted = {"n_lists": result.values.n_lists[result.kept], "n_rows": _counted(result)}
    rows = list(zip(result.definitions.table.iter_rows(named=True), _yardsticks(result), strict=True))

    @cache
    def summary(place: int, year: int) -> dict[str, np.ndarray]:
        return _summary(result, *rows[place], year)

    parts = []
    for year in map(int, result.years):
        alike = [result.values.same_year(str(row["quantity"]), year) for row, _ in rows]
        parts.append(_values(result, year, counted, [summary(place, same) for place, same in enumerate(alike)]))
    return (
        pl.concat(parts)
        .join(_begins(result), on=["city", "indicator"], how="left", maintain_order="left")
        .filter(pl.col("begins").is_null() | (pl.col("year") >= pl.col("begins")))
        .drop("begins")
    )


def _begins(result: Result) -> pl.DataFrame:
    """Return the first year in which a list counts any of what happens year by year in a city's country: city, indicator, begins.

    Values of years before would be the walk in time alone: of unicorns, some where there were none. What a list counts in a
    period is measured in its middle, so from there on it is known.
    """
    flows = result.definitions.table.filter(pl.col("quantity").is_in(result.inputs.posterior.layout.columns.flows))
    cities = result.inputs.cities.select("city", "country")
    counted = result.inputs.counts.drop_nulls("year").filter(pl.col("n") > 0).join(cities, on="city")
    begins = counted.group_by("country", "quantity").agg(pl.col("year").min().map_elements(_middle, pl.Int64).alias("begins"))
    return (
        cities.join(begins, on="country")
        .join(flows.select("quantity", "indicator"), on="quantity")
        .select("city", "indicator", "begins")
    )


def _middle(year: int) -> int:
    """Return a year, or the middle of its period if that is earlier."""
    return min(year, int(CENTRES[period_of(year)])) if PERIODS[0] <= year < PERIODS[-1] else year


def _yardsticks(result: Result) -> list[Yardstick]:
    """Return the yardstick of each indicator; residents, which densities are divided by, are counted by a census."""
    table = result.definitions.table.select("quantity", "part_of")
    return [result.yardsticks.of(quantity, whole) for quantity, whole in table.iter_rows()]


def _count(result: Result, year: int, row: Mapping[str, str | None], stick: Yardstick, places: np.ndarray) -> np.ndarray:
    """Return the log of what the yardstick would count in the cities at ``places``, (draw, city)."""
    quantity = str(row["quantity"])
    grown = result.inputs.posterior.grown(quantity, year)[:, places]
    counted = stick.counted(result.values.log_quantity(quantity, year, {})[:, places], grown)
    return counted if row["per"] is None else counted - result.values.log_quantity(row["per"], year, {})[:, places]


#: What sums up the draws of an indicator of a city, in this order.
_SUMMARISED = ("value", "value_low", "value_high", "score", "score_low", "score_high", "known", "rows_to_halve")


def _summary(result: Result, row: Mapping[str, str | None], stick: Yardstick, year: int) -> dict[str, np.ndarray]:
    """Return what sums up the draws of an indicator in a year, (city,) each."""
    own = result.values.log_of(row, year, {})[:, result.kept]
    goalpost = result.values.goalposts[:, [result.definitions.names.index(str(row["indicator"]))]]
    counts = np.exp(draws.summary(_count(result, year, row, stick, result.kept)))
    scores = draws.summary(scale.points(own - goalpost))
    # What moves all cities alike is left out: it says nothing of one city, and more rows of that city would not settle it.
    left = (own - own[:, result.is_scope].mean(1, keepdims=True)).var(0)
    known = np.clip(1 - left / result.inputs.posterior.prior_spread(str(row["quantity"])) ** 2, 0.0, 1.0)
    return dict(zip(_SUMMARISED, (*counts, *scores, known, np.ceil(3 / np.maximum(left, 1e-4))), strict=True))


def _values(result: Result, year: int, counted: dict[str, np.ndarray], summaries: list[dict[str, np.ndarray]]) -> pl.DataFrame:
    names, is_known = result.definitions.names, ~result.values.has_none[result.kept]
    columns = counted | {name: np.stack([summary[name] for summary in summaries], axis=-1) for name in _SUMMARISED}
    if year != result.headline:
        columns["rows_to_halve"] = np.full(is_known.shape, np.nan)
    frame = IndicatorValues.frame(
        city=np.repeat(result.cities, len(names)),
        year=year,
        indicator=names * len(result.cities),
        **{name: values.ravel() for name, values in columns.items()},
    )
    return frame.filter(is_known.ravel())


def _counted(result: Result) -> np.ndarray:
    """Return what lists count of each indicator of a city, one list after another, (city, indicator)."""
    layout = result.inputs.posterior.layout
    counts = np.where(layout.covers, layout.counts, 0.0)[result.kept]
    quantity_of, quantities = layout.quantity_of[layout.list_of], layout.columns.quantities
    of_each = [quantity_of == quantities.index(quantity) for quantity in result.definitions.table["quantity"]]
    return np.stack([counts[:, channels].sum(1) for channels in of_each], axis=-1)


def goalposts(result: Result) -> pl.DataFrame:
    """Return ``Goalposts``."""
    yardsticks = _yardsticks(result)
    places = [np.array([result.values.cities.index(city)]) for city in result.values.goalpost_cities]
    each = zip(result.definitions.table.iter_rows(named=True), yardsticks, places, strict=True)
    counts = np.concatenate([_count(result, BASE_YEAR, *one) for one in each], axis=1)
    middle, low, high = draws.summary(np.exp(counts))
    return Goalposts.frame(
        indicator=result.definitions.names,
        pillar=result.definitions.table["pillar"],
        unit=[_unit(*pair) for pair in zip(result.definitions.table["unit"], yardsticks, strict=True)],
        yardstick=[stick.name for stick in yardsticks],
        points_per_doubling=[float(scale.POINTS_PER_DOUBLING / np.median(stick.elasticity)) for stick in yardsticks],
        value=middle,
        value_low=low,
        value_high=high,
        base_year=BASE_YEAR,
        city=result.values.goalpost_cities,
    )


#: End of a list's name → what it counts, where that is not the unit of its indicator.
_OTHER_UNITS = {"gawc": "points of connectivity", "amac": "fund managers", " mandates": "mandates", "cs_faculty": "faculty"}


def _unit(unit: str, stick: Yardstick) -> str:
    """Return the unit of an indicator, such as companies per 10,000 residents: a year, unless the yardstick counts a stock."""
    counted, per, base = unit.partition(" per ")
    counted = next((other for end, other in _OTHER_UNITS.items() if stick.name.endswith(end)), counted)
    return f"{counted}{'' if stick.is_standing else ' a year'}{per}{base}"


def pillars(result: Result) -> pl.DataFrame:
    """Return ``Pillars``."""
    definitions = result.definitions
    centres = [result.medians(pillar) for pillar in definitions.pillars]
    return Pillars.frame(
        pillar=definitions.pillars,
        measure=[measure for measure, members in definitions.scores.items() for _ in members],
        reliability=result.reliability,
        weight=result.published(1).pillar_weights[0],
        n_near_top=[int((centre >= centre.max(initial=0.0) - 2).sum()) for centre in centres],
    )


def by_boundary(result: Result) -> pl.DataFrame:
    """Return ``Boundaries``."""
    parts = []
    for preset, areas in result.inputs.areas.items():
        drawn = result.scored(result.values.points(result.headline, areas, result.kept))
        names = np.array([areas.get(city, city) for city in result.cities])
        # A member that an area is not named after comes last, so that the area has the value of the one it is named after.
        order = np.argsort(names != np.array(result.cities), kind="stable")
        first = order[np.unique(names[order], return_index=True)[1]]
        ranked = first[np.isin(names[first], names[result.members]) & result.is_scope[first]]
        for measure, values in drawn.every(result.definitions).items():
            centre = draws.median(values)
            ranks = np.full(len(names), np.nan)
            ranks[ranked] = draws.ranks(centre[None, ranked])[0]
            of_cities = {"city": names[first], "score": centre[first], "rank": ranks[first]}
            parts.append(Boundaries.frame(preset=preset, measure=measure, year=result.headline, **of_cities))
    # The benchmark has no score of a pillar whose goalposts are other cities.
    return pl.concat(parts).filter(pl.col("score").is_not_nan())
