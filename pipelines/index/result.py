"""Hold what one computation of the index gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipelines.index.measure.coverage import DetectionRates


@dataclass(frozen=True)
class Result:
    """Frames ready to be written, and the arrays the claims need.

    ``draws`` holds the total-uncertainty draws (draw, year, city) of each score, ``pillar_draws`` the same per pillar, and
    ``company_draws`` the scores and pillars with companies resampled, detection rates drawn and choices as published.
    ``realised_counts`` are the resampled values of the Realised indicators (draw, year, city, indicator), plus a half so
    that they have ratios. ``detection_rates`` are those of ``detection_cities``. ``cities`` names the city axis, the
    benchmark included. ``tables`` holds what is written and nothing else.
    """

    indicator_values: pl.DataFrame
    goalposts: pl.DataFrame
    scores: pl.DataFrame
    pairwise: pl.DataFrame
    years: np.ndarray
    cities: list[str]
    ranked: np.ndarray
    headline: int
    draws: dict[str, np.ndarray]
    pillar_draws: dict[str, np.ndarray]
    realised_counts: np.ndarray
    company_draws: dict[str, np.ndarray]
    detection_rates: DetectionRates
    detection_cities: list[str]
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
