"""Measure who leads, by how much, whether the lead is growing, and how much cities change places.

There is one panel of cities and years per source, and one at constant coverage. A source that widens its coverage lowers every
leader's share, whatever happens in the world. The constant-coverage panel keeps the deals of investors that the source reports
in most of the panel's years: the same observers throughout.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy

from pipelines.claims.models import growth
from pipelines.index import draws

#: Share of the years in which an investor must be reported to be an observer of the constant-coverage panel.
STEADY = 0.75

#: First deals that are the stock to start from: the first tenth, or so many if that is fewer. With no stock at all, α says
#: nothing about where companies go.
START_SHARE, START_LEAST = 0.10, 50

#: Fewest years of a panel.
LEAST_YEARS = 6

#: Upper ends of the classes of Shorrocks's mobility: a city's share over an equal share. Above the last: leaders.
CLASSES = (0.0, 1.0, 4.0)

DRAWS = 999

#: How far a lead may walk in a year, in sampling errors of a usual year, and the mean of the exponential prior of that. At the
#: pace at which flows of cities walk in the measurement model, it is about half of one in the register's panels.
_WALKS, _WALKED = np.linspace(0.0, 2.0, 21), 0.5


@dataclass(frozen=True)
class FlowPanel:
    """New companies (year, unit), the stock before each year, and which units are cities rather than provinces."""

    years: np.ndarray
    units: list[str]
    is_city: np.ndarray
    new: np.ndarray
    stock: np.ndarray

    @property
    def after(self) -> np.ndarray:
        """Return the stock at the end of each year (year, unit)."""
        return self.stock + self.new

    def cities(self) -> list[str]:
        """Return the cities with a company at the end, the largest first."""
        last = self.after[-1]
        backed = [
            (-count, unit) for unit, is_city, count in zip(self.units, self.is_city, last, strict=True) if is_city and count
        ]
        return [unit for _, unit in sorted(backed)]


def first_deals(deals: pl.DataFrame, last: int) -> pl.DataFrame:
    """Return companies with the year of their first deal and the place they were in (company, unit, is_city, year)."""
    return (
        deals.filter((pl.col("year") <= last) & pl.col("unit").is_not_null())
        .sort("company", "year", "deal")
        .group_by("company", maintain_order=True)
        .agg(pl.col("unit", "is_city", "year").first())
    )


def panel(first: pl.DataFrame, last: int, others: list[str] | None = None) -> FlowPanel | None:
    """Arrange ``first_deals`` by year and unit.

    Return None if there are fewer than ``START_LEAST`` companies, ``LEAST_YEARS`` years or two cities.
    ``others`` are cities that take part although none of their companies may be backed. Without such a list the cities that had
    a backed company at the start take part: leaving out cities for what became of them would show catching up where there is
    none.
    """
    if first.height < START_LEAST:
        return None
    year = first["year"].sort()
    begin = int(year[min(int((len(year) - 1) * START_SHARE), START_LEAST - 1)]) + 1
    before = first.filter(pl.col("year") < begin)
    units = sorted(set(before["unit"]) if others is None else {*first["unit"], *others})
    years = np.arange(begin, last + 1)
    cities = {*first.filter("is_city")["unit"], *(others or ())}
    if len(years) < LEAST_YEARS or len(cities & set(units)) < 2:
        return None
    columns = {unit: column for column, unit in enumerate(units)}
    new, stock = np.zeros((len(years), len(units))), np.zeros(len(units))
    for unit, first_year in first.select("unit", "year").iter_rows():
        if unit not in columns:
            continue
        if first_year < begin:
            stock[columns[unit]] += 1
        else:
            new[first_year - begin, columns[unit]] += 1
    return FlowPanel(
        years,
        units,
        np.array([unit in cities for unit in units]),
        new,
        stock + np.vstack([np.zeros(len(units)), new.cumsum(0)[:-1]]),
    )


def steady(deals: pl.DataFrame, investors: pl.DataFrame, years: np.ndarray) -> pl.DataFrame:
    """Return the ``deals`` with an investor (deal, investor) who is reported in a share ``STEADY`` of the ``years`` or more."""
    inside = deals.filter(pl.col("year").is_between(int(years[0]), int(years[-1])))
    seen = investors.join(inside.select("deal", "year"), on="deal").group_by("investor").agg(pl.col("year").n_unique())
    observers = seen.filter(pl.col("year") >= STEADY * len(years))
    return deals.join(investors.join(observers, on="investor").select("deal").unique(), on="deal", how="semi")


def _block_error(design: np.ndarray, series: np.ndarray, rng: np.random.Generator) -> float:
    """Return the standard error of the last coefficient of ``series`` (year,) on ``design`` (year, coefficient).

    Stationary block bootstrap of the residuals, mean block length ⌈n^(1/3)⌉ (Politis & Romano 1994, JASA 89, 1303–1313), scaled
    so that it is right on average where years are independent: blocks of few residuals vary too little.
    """
    count = len(series)
    restart = rng.random((DRAWS, count)) < 1 / np.ceil(count ** (1 / 3))
    restart[:, 0] = True
    begins = rng.integers(0, count, size=(DRAWS, count))
    since = np.maximum.accumulate(np.where(restart, np.arange(count), 0), axis=1)
    chosen = (np.take_along_axis(begins, since, axis=1) + np.arange(count) - since) % count
    solved = np.linalg.pinv(design)
    rest, weights = np.eye(count) - design @ solved, solved[-1]
    # Each draw's coefficient, as weights of the residuals.
    drawn_weights = np.zeros((DRAWS, count))
    np.add.at(drawn_weights, (np.arange(DRAWS)[:, None], chosen), np.broadcast_to(weights, chosen.shape))
    drawn = drawn_weights @ rest
    independent = np.sqrt((weights**2).sum() / ((drawn - drawn.mean(0)) ** 2).sum(1).mean())
    return float(independent * (drawn @ series).std())


def _interval(design: np.ndarray, series: np.ndarray, rng: np.random.Generator) -> tuple[float, float, float]:
    estimate = float(np.linalg.lstsq(design, series)[0][-1])
    freedom = len(series) - design.shape[1]
    reach = float(scipy.stats.t.ppf(0.5 + draws.LEVEL / 2, freedom)) * _block_error(design, series, rng)
    return estimate, estimate - reach, estimate + reach


def trend(series: np.ndarray, weight: np.ndarray) -> tuple[float, float, float]:
    """Return the yearly trend of a flow's ``series`` (year,), with its interval.

    A lead walks at random, as flows do in the measurement model, and a year is a sample of it with the variance of one over
    ``weight`` (year,), up to a factor. Least squares with errors that come back to zero would take a walk that happened to go up
    for a trend. How far it walks is weighed by the restricted likelihood (Patterson & Thompson 1971, Biometrika 58, 545–554).
    """
    years, freedom = np.arange(len(series), dtype=float), len(series) - 2
    design = np.column_stack([np.ones(len(series)), years - years.mean()])
    sampled = np.exp(np.log(weight).mean()) / weight
    covariance = np.diag(sampled) + _WALKS[:, None, None] ** 2 * np.minimum.outer(years, years)
    weighed = np.linalg.solve(covariance, design[None].repeat(len(_WALKS), 0))
    information = design.T @ weighed
    variances = np.linalg.inv(information)
    coefficients = variances @ (weighed.transpose(0, 2, 1) @ series)[..., None]
    rest = series - (design @ coefficients)[..., 0]
    squares = np.maximum((rest * np.linalg.solve(covariance, rest[..., None])[..., 0]).sum(1), np.finfo(float).eps)
    determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    chances = scipy.special.softmax(-(determinants + freedom * np.log(squares)) / 2 - _WALKS / _WALKED)
    slopes, errors = coefficients[:, -1, 0], np.sqrt(squares / freedom * variances[:, -1, -1])
    return float(chances @ slopes), *_ends(chances, slopes, errors, freedom)


def _ends(chances: np.ndarray, middles: np.ndarray, errors: np.ndarray, freedom: int) -> tuple[float, float]:
    """Return the ends of the interval of a mixture of Student's t distributions."""
    tails = (1 - draws.LEVEL) / 2, (1 + draws.LEVEL) / 2
    reach = errors * scipy.stats.t.ppf(tails[1], freedom)
    least, most = float((middles - 2 * reach).min()), float((middles + 2 * reach).max())

    def beyond(value: float, part: float) -> float:
        return float(chances @ scipy.stats.t.cdf((value - middles) / errors, freedom)) - part

    low, high = (scipy.optimize.brentq(beyond, least, most, (part,)) for part in tails)
    return float(low), float(high)


def drift(series: np.ndarray, rng: np.random.Generator) -> tuple[float, float, float]:
    """Return the mean yearly change of a stock's ``series`` (year,), with its interval; changes are resampled in blocks.

    A stock is a sum of what came before, so its residuals around a trend wander, and least squares would find trends where
    there are none (Granger & Newbold 1974, J. Econometrics 2, 111–120). It says how the stock moved in these years. Where the
    flows behind it walk at random, that does not say that it will move on.
    """
    changes = np.diff(series)
    return _interval(np.ones((len(changes), 1)), changes, rng)


def log_lead(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ln(first / second) of Poisson counts (year, …), a half added to each, and one over its variance."""
    return np.log((first + 0.5) / (second + 0.5)), 1 / (1 / (first + 0.5) + 1 / (second + 0.5))


def rank_correlation(before: np.ndarray, after: np.ndarray) -> tuple[float, float, float]:
    """Return Kendall's τ-b of units' counts in two periods; the interval omits a unit at a time (Arvesen 1969, AMS 40, 2076)."""
    count = len(before)
    tau = float(scipy.stats.kendalltau(before, after).statistic)
    if count < 3 or np.isnan(tau):
        return tau, float("nan"), float("nan")
    kept = ~np.eye(count, dtype=bool)
    without = np.array([scipy.stats.kendalltau(before[others], after[others]).statistic for others in kept])
    error = np.sqrt((count - 1) / count * np.nansum((without - np.nanmean(without)) ** 2))
    reach = float(scipy.stats.t.ppf(0.5 + draws.LEVEL / 2, count - 1)) * float(error)
    return tau, max(tau - reach, -1.0), min(tau + reach, 1.0)


def mobility(counts: np.ndarray, rng: np.random.Generator) -> tuple[float, float, float]:
    """Return Shorrocks's index of units' moves between classes of share from year to year; 0: none moves.

    (k − trace P) / (k − 1) of the transition matrix P among the k classes that occur (Shorrocks 1978, Econometrica 46,
    1013–1024); ``counts`` is (year, unit), and units are resampled.
    """
    totals = np.maximum(counts.sum(1, keepdims=True), 1)
    classes = np.searchsorted(CLASSES, counts / totals * counts.shape[1], side="left")
    size = len(CLASSES) + 1
    pair = classes[:-1] * size + classes[1:]
    moves = np.array([np.bincount(pair[:, unit], minlength=size * size) for unit in range(counts.shape[1])])

    def index(weights: np.ndarray) -> np.ndarray:
        table = (weights @ moves).reshape(len(weights), size, size)
        origins = table.sum(2)
        stays = np.where(origins > 0, np.einsum("dii->di", table) / np.maximum(origins, 1), 0.0).sum(1)
        classes = (origins > 0).sum(1)
        return np.asarray(np.where(classes > 1, (classes - stays) / np.maximum(classes - 1, 1), 0.0))

    estimate = float(index(np.ones((1, counts.shape[1])))[0])
    low, high = draws.interval(index(draws.resample(DRAWS, counts.shape[1], rng)))
    return estimate, float(low), float(high)


def survival(counts: np.ndarray) -> tuple[float, float, float]:
    """Return how often the leader of a year is first the year after, with Wilson's interval; ``counts`` (year, unit)."""
    leader = counts.argmax(1)[:-1]
    stays = counts[1:][np.arange(len(leader)), leader] == counts[1:].max(1)
    bounds = scipy.stats.binomtest(int(stays.sum()), len(stays)).proportion_ci(draws.LEVEL, method="wilson")
    return float(stays.mean()), float(bounds.low), float(bounds.high)


def statistics(flows: FlowPanel, fit: growth.Growth, rng: np.random.Generator) -> pl.DataFrame:
    """Return every diagnostic of a panel: flow_or_stock, statistic, city, rival, estimate, low, high, n.

    Leads are those of the largest city over the second largest.
    """
    first, second = flows.cities()[:2]
    ours, theirs = flows.units.index(first), flows.units.index(second)
    years, units, half = len(flows.years), len(flows.units), len(flows.years) // 2
    rows: list[tuple[object, ...]] = [("flow", "alpha", None, None, fit.alpha, fit.low, fit.high, fit.n)]
    sides = {
        "flow": (flows.new, flows.new[:half].sum(0), flows.new[half:].sum(0), trend),
        "stock": (flows.after, flows.after[half - 1], flows.after[-1], lambda series, _: drift(series, rng)),
    }
    for side, (counts, before, after, slope) in sides.items():
        sums, lead, rival = np.maximum(counts.sum(1), 1), counts[:, ours], counts[:, theirs]
        rows += [
            (side, "log_lead_trend", first, second, *slope(*log_lead(lead, rival)), years),
            (side, "share_gap_trend", first, second, *slope((lead - rival) / sums, sums), years),
            (side, "kendall_tau", None, None, *rank_correlation(before, after), units),
            (side, "shorrocks_mobility", None, None, *mobility(counts, rng), units),
            (side, "leader_survival", None, None, *survival(counts), years - 1),
        ]
    return pl.DataFrame(rows, ["flow_or_stock", "statistic", "city", "rival", "estimate", "low", "high", "n"], orient="row")


def yearly(flows: FlowPanel) -> dict[str, object]:
    """Return the flow and stock of each unit and year, their shares, and the log lead of the flow over the largest other city.

    They are columns, year after year of one unit after another. The band is that of two Poisson counts (Woolf 1955, Ann. Human
    Genetics 19, 251–253), a half added to each.
    """
    first, second = flows.cities()[:2]
    rivals = [second if unit == first else first for unit in flows.units]
    lead, weight = log_lead(flows.new, flows.new[:, [flows.units.index(rival) for rival in rivals]])
    reach = float(scipy.stats.norm.ppf(0.5 + draws.LEVEL / 2)) * weight**-0.5
    by_year = {
        "flow": flows.new,
        "stock": flows.after,
        "share": flows.new / np.maximum(flows.new.sum(1, keepdims=True), 1),
        "stock_share": flows.after / flows.after.sum(1, keepdims=True),
        "log_lead": lead,
        "low": lead - reach,
        "high": lead + reach,
    }
    by_unit = {"city": flows.units, "is_city": flows.is_city, "rival": rivals}
    return (
        {"year": np.tile(flows.years, len(flows.units))}
        | {name: np.repeat(values, len(flows.years)) for name, values in by_unit.items()}
        | {name: values.T.ravel() for name, values in by_year.items()}
    )
