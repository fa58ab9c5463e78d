"""Lay out the evidence under every boundary and window, for the companies as observed and resampled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from pipelines.index import BENCHMARK, draws
from pipelines.index.evidence import boundaries
from pipelines.index.inputs import Inputs
from pipelines.index.intervals import Frame
from pipelines.index.measure import cells
from pipelines.index.measure.coverage import DetectionRates, estimate
from pipelines.index.measure.rules import WINDOWS, Variant, Worlds
from pipelines.index.specification import Definitions


@dataclass(frozen=True)
class Detection:
    """The detection rate of each city with companies, and the place (company,) of each company's city among ``cities``."""

    rates: DetectionRates
    cities: list[str]
    place: np.ndarray

    @classmethod
    def of(cls, inputs: Inputs, in_scope: set[str]) -> Self:
        """Estimate the rates; the cities of the scope, and those a boundary merges with them, share a prior."""
        city_of = dict(inputs.companies.select("company", "city").iter_rows())
        companies = sorted(inputs.evidence["company"].drop_nulls().unique())
        cities = sorted({city_of[company] for company in companies})
        place = {city: index for index, city in enumerate(cities)}
        rates = estimate(cities, np.array([city in in_scope for city in cities]), inputs.recorded)
        return cls(rates, cities, np.array([place[city_of[company]] for company in companies]))

    def scale(self, rates: np.ndarray) -> np.ndarray:
        """Return how many companies each stands for, (draw, company), from ``rates`` (draw, city)."""
        return (1 / rates)[:, self.place]


def worlds(
    inputs: Inputs,
    definitions: Definitions,
    detection: Detection,
    frame: Frame,
    presets: Mapping[str, dict[str, str]],
    ceiling: np.ndarray,
    samples: int,
    rng: np.random.Generator,
) -> Worlds:
    """Return the evidence of the cities of ``frame`` with ``samples`` sets of resampled companies."""
    scale = detection.scale(np.vstack([detection.rates.rate, detection.rates.draw(samples, rng)]))
    companies = len(detection.place)
    weights = np.vstack([np.ones(companies), draws.resample(samples, companies, rng)])
    variants = [_variants(inputs, definitions, frame, areas, ceiling, scale[:1]) for areas in presets.values()]
    return Worlds(variants, weights, scale)


def _variants(
    inputs: Inputs, definitions: Definitions, frame: Frame, areas: dict[str, str], ceiling: np.ndarray, scale: np.ndarray
) -> list[Variant]:
    """Return the evidence under one boundary, for each length of window."""
    merged = boundaries.merge(inputs.evidence, areas)
    names = [areas.get(city, city) for city in frame.cities]
    distinct = sorted(set(names))
    area_of = np.array([distinct.index(name) for name in names])
    # The benchmark is in another country and is not comparable with its cities, so it neither sets nor uses their prior.
    apart = ~np.isin(distinct, [areas.get(city, city) for city in inputs.at_home])
    is_in = area_of == np.arange(len(distinct))[:, None]
    prior = (is_in & frame.ranked.any(0)).any(1)
    # Of the ranked cities of an area, the first one counts.
    counted = frame.ranked & (np.cumsum(frame.ranked[:, None] & is_in, axis=-1)[:, area_of, range(len(names))] == 1)
    variants = []
    for length in WINDOWS:
        table, alternatives = definitions.stretched(length)
        laid = cells.panel(merged, definitions.parts(length), distinct, frame.years)
        values = cells.values(laid, laid.as_is, scale, table, prior, apart=apart)[0][0]
        benchmark = values[inputs.base_year - inputs.years[0], distinct.index(BENCHMARK)]
        present = ~np.isnan(values)[:, area_of]
        top = definitions.ceiling_else(benchmark, ceiling)
        variants.append(Variant(laid, table, alternatives, prior, apart, area_of, present, counted, top))
    return variants
