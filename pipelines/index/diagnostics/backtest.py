"""Test whether Readiness predicted who gains. At each origin t only rows dated t or before are used.

    forecast share of c in t+1 … t+5  ∝  its share in t−4 … t  ×  exp(γ · surplus_c)

The surplus is what a city's log Readiness has beyond what goes with its size at t, so that the forecast cannot profit
from pulling shares together: all it adds to persistence is Readiness. γ is fitted to forecasts that were over by t.
A fixed share (γ = 0, persistence) and the extrapolated log trend of the share are the baselines.

One bias remains: the register lists companies that are known today, at their present city.
"""

from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl
from scipy import optimize
from scipy.special import log_softmax

from pipelines.index import FIRST_YEAR, draws
from pipelines.index.compute import Inputs, Result
from pipelines.index.table import IndexTable
from pipelines.resolve.scope import CURATED, WORLD

#: Years of a target, after the origin, and of the share before it.
HORIZON = 5

#: Years of the log trend.
TREND = 10

#: Fewest events, and fewest cities with a score, for a share to be forecast.
LEAST_EVENTS, LEAST_CITIES = 10, 4

#: Target → indicator of the evidence it counts.
TARGETS = {"deals": "deals_received", "new unicorns": "unicorns", "exits": "exits"}

SEED, BOOTSTRAPS = 40_000, 2000


class Backtest(IndexTable):
    """One row per target: would Readiness have told city shares of the next five years better than leaving them as they were."""

    table = "index.backtest"

    target = dy.String(
        primary_key=True,
        description="Deals, new unicorns or exits: shares of the cities with a score at the origin, counts as observed.",
    )
    horizon = dy.Int64(description="Years after the origin that a share is taken over, and before it for persistence.")
    first_origin = dy.Int64(nullable=True, description="First year a forecast was made in; null if none can be.")
    last_origin = dy.Int64(nullable=True, description="Last such year whose five years are over.")
    n_origins = dy.Int64(min=0, description="Origins.")
    n_cities = dy.Int64(min=0, description="Cities forecast at any of them.")
    n = dy.Int64(min=0, description="Forecasts: cities by origins.")
    mse_persistence = dy.Float64(nullable=True, min=0, description="Mean squared error of leaving shares as they were.")
    skill = dy.Float64(
        nullable=True, description="1 − MSE of the Readiness forecast / MSE of persistence; above 0: Readiness helped."
    )
    low = dy.Float64(nullable=True, description="Lower end of its 90% interval, cities resampled.")
    high = dy.Float64(nullable=True, description="Upper end of that interval.")
    trend_skill = dy.Float64(nullable=True, description="The same for the log trend of the share.")
    trend_low = dy.Float64(nullable=True, description="Lower end of its 90% interval.")
    trend_high = dy.Float64(nullable=True, description="Upper end of that interval.")


@dataclass(frozen=True)
class History:
    """Readiness as known in each year, (year, city), NaN where none; and events counted, (target, year, city)."""

    years: np.ndarray
    cities: list[str]
    readiness: np.ndarray
    events: np.ndarray


@dataclass(frozen=True)
class Forecast:
    """Shares forecast for one target at one origin, for the cities that had a score: persistence, trend, Readiness."""

    target: int
    origin: int
    members: np.ndarray
    persistence: np.ndarray
    trend: np.ndarray
    readiness: np.ndarray


def history(inputs: Inputs, last: int) -> History:
    """Return what was known in each year up to ``last``, and the events of all years up to it, as the register counts them."""
    country = CURATED if inputs.scope == WORLD else inputs.scope
    cities = sorted(inputs.cities.filter(pl.col("country") == country)["city"])
    years = np.arange(FIRST_YEAR - TREND, last + 1)
    rows = inputs.counts.filter(
        (pl.col("list") == "register") & pl.col("city").is_in(cities) & pl.col("year").is_between(int(years[0]), last)
    )
    place_of = {city: index for index, city in enumerate(cities)}

    def yearly(quantity: str) -> np.ndarray:
        part = rows.filter(pl.col("quantity") == quantity)
        counted = np.zeros((len(years), len(cities)))
        np.add.at(counted, (part["year"].to_numpy() - years[0], [place_of[city] for city in part["city"]]), part["n"].to_numpy())
        return counted

    quantities = inputs.indicators.filter(pl.col("measure") == "Readiness")["quantity"].unique().sort().to_list()
    known = np.stack([yearly(quantity) for quantity in quantities])
    readiness = np.full((len(years), len(cities)), np.nan)
    for index in range(TREND, len(years)):
        readiness[index] = _readiness(known[:, index - HORIZON + 1 : index + 1].sum(1))
    return History(years, cities, readiness, np.stack([yearly(quantity) for quantity in TARGETS.values()]))


def _readiness(counts: np.ndarray) -> np.ndarray:
    """Return what was known of Readiness, (city,), from ``counts`` (quantity, city) of the last years; NaN with too few rows.

    Only what had a year then enters: schools and services, which have none, are left out.
    """
    seen = counts.sum(0) >= LEAST_EVENTS
    if seen.sum() < LEAST_CITIES:
        return np.full(counts.shape[1], np.nan)
    return np.where(seen, np.log1p(counts[counts.any(1)]).mean(0), np.nan)


def forecasts(known: History) -> list[Forecast]:
    """Return every forecast that can be made, from the first origin at which earlier forecasts could be checked."""
    every = []
    for origin in range(TREND, len(known.years)):
        past = [_case(known, target, start) for target in range(len(TARGETS)) for start in range(TREND, origin - HORIZON + 1)]
        ended = [(case, after) for case in past if case is not None and (after := _after(known, case)).sum() >= LEAST_EVENTS]
        if not ended:
            continue
        tilt = _tilt([(case.log_share, case.surplus, after) for case, after in ended])
        for target in range(len(TARGETS)):
            if (case := _case(known, target, origin)) is not None:
                tilted = np.exp(log_softmax(case.log_share + tilt * case.surplus))
                trend = np.exp(log_softmax(case.log_share + HORIZON * case.slope))
                year = int(known.years[origin])
                every.append(Forecast(target, year, case.members, np.exp(case.log_share), trend, tilted))
    return every


@dataclass(frozen=True)
class _Case:
    """A target at an origin as seen then: log share of each member city, yearly slope of it, and Readiness surplus."""

    target: int
    origin: int
    members: np.ndarray
    log_share: np.ndarray
    slope: np.ndarray
    surplus: np.ndarray


def _case(known: History, target: int, origin: int) -> _Case | None:
    """Return the case, or None if too few cities had a score or too few events had happened in them."""
    members = np.flatnonzero(~np.isnan(known.readiness[origin]))
    yearly = known.events[target, origin - TREND + 1 : origin + 1][:, members]
    size = yearly[-HORIZON:].sum(0)
    if len(members) < LEAST_CITIES or size.sum() < LEAST_EVENTS:
        return None
    ready, large = known.readiness[origin, members], np.log(size + 0.5)
    design = np.column_stack([np.ones(len(members)), large])
    surplus = ready - design @ np.linalg.lstsq(design, ready, rcond=None)[0]
    ratio = np.log(yearly + 0.5) - np.log((yearly + 0.5).sum(1, keepdims=True))
    slope = np.polyfit(np.arange(TREND), ratio, 1)[0]
    with np.errstate(divide="ignore"):
        log_share = np.log(size / size.sum())
    return _Case(target, origin, members, log_share, slope, surplus)


def _after(known: History, case: _Case) -> np.ndarray:
    return known.events[case.target, case.origin + 1 : case.origin + HORIZON + 1][:, case.members].sum(0)


def _tilt(cases: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> float:
    """γ of greatest multinomial likelihood under a standard normal prior; cases are log share, surplus and events after."""

    def loss(tilt: float) -> float:
        total = 0.5 * tilt**2
        for log_share, surplus, after in cases:
            has = np.isfinite(log_share)
            total -= after[has] @ log_softmax(log_share[has] + tilt * surplus[has])
        return float(total)

    return float(optimize.minimize_scalar(loss, bracket=(-0.5, 0.5)).x)


_SKILLS = ("skill", "low", "high", "trend_skill", "trend_low", "trend_high")


def backtest(result: Result) -> pl.DataFrame:
    """Return ``Backtest``."""
    known = history(result.inputs, result.headline)
    return table(known, forecasts(known))


def table(known: History, every: list[Forecast]) -> pl.DataFrame:
    """Return one row per target: skill of the Readiness forecast and of the log trend against persistence, with intervals.

    Skill is 1 − MSE / MSE of persistence over cities and origins; its interval resamples cities with all their origins.
    """
    rows = [
        _row(known, target, name, [forecast for forecast in every if forecast.target == target])
        for target, name in enumerate(TARGETS)
    ]
    return pl.DataFrame(rows, Backtest.types())


def _row(known: History, target: int, name: str, every: list[Forecast]) -> dict[str, object]:
    """Squared errors of the forecasts whose years are over, summed by city and compared."""
    errors = np.zeros((3, len(known.cities)))
    times = np.zeros(len(known.cities), dtype=int)
    origins = []
    for forecast in every:
        origin = forecast.origin - int(known.years[0])
        after = known.events[target, origin + 1 : origin + HORIZON + 1][:, forecast.members].sum(0)
        if origin + HORIZON >= len(known.years) or after.sum() < LEAST_EVENTS:
            continue
        errors[:, forecast.members] += (
            np.stack([forecast.persistence, forecast.readiness, forecast.trend]) - after / after.sum()
        ) ** 2
        times[forecast.members] += 1
        origins.append(forecast.origin)
    count = int(times.sum())
    row: dict[str, object] = {
        "target": name,
        "horizon": HORIZON,
        "first_origin": min(origins, default=None),
        "last_origin": max(origins, default=None),
        "n_origins": len(origins),
        "n_cities": int((times > 0).sum()),
        "n": count,
    }
    if not count:
        return row
    each = errors[:, times > 0]
    weights = draws.resample(BOOTSTRAPS, each.shape[1], np.random.default_rng(SEED))
    skills = []
    for against in (1, 2):
        low, high = draws.interval(1 - (weights @ each[against]) / (weights @ each[0]))
        skills += [1 - each[against].sum() / each[0].sum(), low, high]
    return (
        row | {"mse_persistence": each[0].sum() / count} | {key: float(skill) for key, skill in zip(_SKILLS, skills, strict=True)}
    )
