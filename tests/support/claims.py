"""Hand-made facts for the tests of claims: each test states the rows it needs."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl

from pipelines.claims.facts import Facts, Window
from pipelines.index import BENCHMARK
from pipelines.index.measure.coverage import DetectionRates
from pipelines.index.result import Result

#: The period that most tests look at.
NOW = Window("current", 2010, 2013)
#: Table of the facts → its columns.
SCHEMAS: dict[str, dict[str, Any]] = {
    "baseline": {"first_year": pl.Int64, "last_year": pl.Int64},
    "provinces": {"country": pl.String, "city": pl.String, "province": pl.String},
    "companies": {
        "company": pl.String, "country": pl.String, "city": pl.String, "city_founded": pl.String, "sector": pl.String,
        "founded": pl.Int64,
        "exit_year": pl.Int64, "exit_how": pl.String, "parent": pl.String, "main_market": pl.String,
    },
    "deals": {
        "dataset": pl.String, "deal": pl.String, "company": pl.String, "country": pl.String, "city": pl.String, "unit": pl.String,
        "is_city": pl.Boolean, "year": pl.Int64, "month": pl.Int64, "round": pl.String, "usd_low": pl.Float64,
        "usd_high": pl.Float64,
    },
    "deal_investors": {"dataset": pl.String, "deal": pl.String, "investor": pl.String},
    "deal_origin": {
        "dataset": pl.String, "deal": pl.String, "company": pl.String, "company_country": pl.String, "destination": pl.String,
        "origin": pl.String,
        "year": pl.Int64, "n_investors": pl.Int64, "n_located": pl.Int64, "any_rule": pl.Int64, "office_rule": pl.Int64,
        "office_rule_dated": pl.Int64, "lead_rule": pl.Float64, "fractional_rule": pl.Float64,
    },
    "founders": {
        "country": pl.String, "city": pl.String, "founded": pl.Int64, "n_earlier_ventures": pl.Int64, "is_returnee": pl.Boolean,
        "field": pl.String,
    },
    "founder_schools": {"founder": pl.String, "company": pl.String, "university": pl.String, "entry_year": pl.Int64},
    "school_lists": {
        "dataset": pl.String, "measure": pl.String, "university": pl.String, "country": pl.String, "city": pl.String,
        "value": pl.Float64, "year_from": pl.Int64, "year_to": pl.Int64,
    },
    "listing_advisers": {
        "dataset": pl.String, "document": pl.String, "year": pl.Int64, "kind": pl.String, "firm": pl.String, "city": pl.String,
        "country": pl.String,
    },
    "sectors": {
        "dataset": pl.String, "classification": pl.String, "country": pl.String, "unit": pl.String, "is_city": pl.Boolean,
        "sector": pl.String, "year": pl.Int64, "company": pl.String,
    },
    "unicorns": {"dataset": pl.String, "company": pl.String, "country": pl.String, "city": pl.String},
    "zones": {"city": pl.String, "approved_year": pl.Int64},
    "indicators": {"indicator": pl.String, "pillar": pl.String, "weight": pl.Float64},
    "service_offices": {"firm": pl.String, "kind": pl.String, "country": pl.String, "city": pl.String, "opened": pl.Int64},
    "valuations": {"company": pl.String, "city": pl.String, "year": pl.Int64, "value_usd_bn": pl.Float64},
    "coverage": {"city": pl.String, "detection_rate": pl.Float64},
}  # fmt: skip


#: What a row is of unless it says otherwise.
DEFAULTS = {"dataset": "register", "is_city": True}
#: Tables that every test needs.
FIXED = {
    "baseline": [{"first_year": 2009, "last_year": 2012}],
    "provinces": [{"country": "CN", "city": "Shenzhen", "province": "Guangdong"}],
}


def facts(index: Any = None, **tables: Iterable[dict[str, Any]]) -> Facts:
    """Return facts with these rows in their tables, whose other columns are null; tables without rows are empty."""
    tables = FIXED | tables
    frames = {
        name: pl.DataFrame(
            [{column: row.get(column, DEFAULTS.get(column)) for column in schema} for row in tables.get(name, ())], schema=schema
        )
        for name, schema in SCHEMAS.items()
    }
    return Facts(**frames, index=index, country="CN")


def equal_rates(cities: list[str], spread: float = 0.0, **rates: float) -> DetectionRates:
    """Return a detection rate of one half for each city, or the given rate, independently uncertain by ``spread`` of the log."""
    means = np.log([[rates.get(city, 0.5) for city in cities]])
    return DetectionRates(np.ones(1), means, spread * np.eye(len(cities))[None], np.zeros(1))


def index_of(
    readiness: np.ndarray,
    counts: np.ndarray,
    values: pl.DataFrame | None = None,
    detection_rates: DetectionRates | None = None,
    detection_cities: Iterable[str] = (),
) -> Result:
    """Return a result with the same draws (draw, city) for 2010–2013; the cities are Beijing, the benchmark and Shanghai."""
    cities, years = ["Beijing", BENCHMARK, "Shanghai"], np.arange(2010, 2014)
    frame = pl.DataFrame()
    draws = np.repeat(readiness[:, None], 4, axis=1)
    return Result(
        indicator_values=frame if values is None else values,
        goalposts=frame,
        scores=frame,
        pairwise=frame,
        years=years,
        cities=cities,
        ranked=np.tile([True, False, True], (4, 1)),
        headline=2013,
        draws={"Readiness": draws},
        pillar_draws={"P1": draws},
        realised_counts=np.repeat(counts[:, None], 4, axis=1)[..., None],
        company_draws={"Readiness": draws},
        detection_rates=detection_rates or equal_rates([]),
        detection_cities=list(detection_cities),
    )
