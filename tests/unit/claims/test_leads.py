"""Leads: trends cover on flows and on stocks, mobility by hand, and what a widening source does to a leader."""

import numpy as np
import polars as pl
import pytest

from pipelines.claims.models import growth as snowball
from pipelines.claims.models import leads


@pytest.mark.slow
def test_trend_of_a_flow_has_a_sign_and_its_interval_covers() -> None:
    years, rng = np.arange(20), np.random.default_rng(12)
    slope, low, high = trend(rng.poisson(20 * np.exp(0.08 * years)), rng.poisson(20, size=20))
    assert 0.02 < low < slope < high < 0.18
    flat = [trend(rng.poisson(20, 20), rng.poisson(20, 20)) for _ in range(300)]
    assert np.mean([low <= 0 <= high for _, low, high in flat]) >= 0.86, "nominal 0.90, less two standard errors of 300 worlds"


def trend(first: np.ndarray, second: np.ndarray) -> tuple[float, float, float]:
    return leads.trend(*leads.log_lead(first, second))


@pytest.mark.slow
@pytest.mark.parametrize("walk", [0.1, 0.2])
def test_a_lead_that_walks_at_random_is_no_trend(walk: float) -> None:
    """Six cities as large as the register's, whose log shares walk by so much a year; the leader is the one that has most."""
    rng, sizes = np.random.default_rng(15), np.log([0.4, 0.25, 0.15, 0.1, 0.06, 0.04])
    yearly, found = [13, 12, 7, 12, 17, 19, 11, 38, 36, 27, 32, 46, 19, 42, 41, 17, 14], []
    for _ in range(300):
        pull = np.exp(sizes + rng.normal(0, walk, (len(yearly), 6)).cumsum(0))
        flows = np.array([rng.multinomial(n, each / each.sum()) for n, each in zip(yearly, pull, strict=True)], dtype=float)
        first, second = flows.sum(0).argsort()[::-1][:2]
        found.append(trend(flows[:, first], flows[:, second]))
    assert np.mean([low > 0 for _, low, _ in found]) <= 0.10, "nominal 0.05, and a leader is chosen for having gained"
    assert np.mean([high < 0 for _, _, high in found]) <= 0.075, "nominal 0.05, plus two standard errors"


def test_trend_of_a_lead_that_never_changes_is_none() -> None:
    slope, low, high = leads.trend(np.full(8, 0.7), np.ones(8))
    assert (slope, low, high) == pytest.approx((0, 0, 0), abs=1e-6)


@pytest.mark.slow
def test_trend_covers_where_some_years_have_few_companies() -> None:
    """Constant shares of yearly flows as uneven as the register's: if all years counted alike, 82% would be covered."""
    rng, yearly = np.random.default_rng(14), [7, 9, 14, 18, 22, 30, 25, 33, 46, 44, 40, 38, 30, 22, 18, 12, 9]
    drawn = [np.array([rng.multinomial(count, [0.45, 0.25, 0.3]) for count in yearly], dtype=float) for _ in range(400)]
    covered = [low <= 0 <= high for _, low, high in (trend(flows[:, 0], flows[:, 1]) for flows in drawn)]
    assert np.mean(covered) >= 0.87, "nominal 0.90, less two standard errors of 400 worlds"


@pytest.mark.slow
@pytest.mark.parametrize("growth", [0.0, 0.05])
def test_drift_of_a_stock_covers_where_least_squares_does_not(growth: float) -> None:
    """Stocks of two cities, of which one's flow grows; the truth is the expected change of the log lead."""
    rng, years = np.random.default_rng(13), np.arange(15)
    first, second = 30 + np.cumsum(20 * np.exp(growth * years)), 30 + np.cumsum(np.full(15, 20.0))
    truth = np.diff(np.log(first / second)).mean()
    covered, spurious = [], []
    for _ in range(200):
        ours = 30 + rng.poisson(20 * np.exp(growth * years)).cumsum()
        theirs = 30 + rng.poisson(20, size=15).cumsum()
        _, low, high = leads.drift(leads.log_lead(ours, theirs)[0], rng)
        covered.append(low <= truth <= high)
        _, low, high = trend(ours, theirs)
        spurious.append(not low <= truth <= high)
    assert np.mean(covered) >= 0.86, "nominal 0.90, less two standard errors of 200 worlds"
    assert np.mean(spurious) > 0.2, "why a stock has its own interval"


def deals(rows: list[tuple[str, str, int, str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(company, city, year, investor) as the frames of deals and of their investors."""
    table = pl.DataFrame(rows, schema=["company", "unit", "year", "investor"], orient="row").with_row_index("deal")
    return table.with_columns(pl.lit(True).alias("is_city")).drop("investor"), table.select("deal", "investor")


def test_panel_by_hand() -> None:
    rows = [(f"A{i}", "A", 2000, "v") for i in range(40)] + [(f"B{i}", "B", 2000, "v") for i in range(20)]
    rows += [(f"{city}{year}", city, year, "v") for year in range(2002, 2010) for city in ("A", "B", "late")]
    rows += [("A0", "A", 2005, "v")]
    table, _ = deals(rows)
    laid = leads.panel(leads.first_deals(table, 2009), 2009)
    assert laid.units == ["A", "B"], "a city that had none at the start is left out for that, not for what became of it"
    assert laid.years.tolist() == list(range(2001, 2010)), "the first tenth of 84 is there in 2000"
    assert laid.new.sum(1).tolist() == [0, 2, 2, 2, 2, 2, 2, 2, 2], "a second deal is no second company"
    assert laid.stock[0].tolist() == [40, 20]
    assert laid.after[-1].tolist() == [48, 28]
    everyone = leads.panel(leads.first_deals(table, 2009), 2009, ["A", "B", "never"])
    assert everyone.units == ["A", "B", "late", "never"]
    assert leads.panel(leads.first_deals(table.head(20), 2009), 2009) is None


@pytest.mark.parametrize("companies", [leads.START_LEAST - 1, leads.START_LEAST])
def test_panel_has_no_fewer_companies_than_the_least(companies: int) -> None:
    table, _ = deals([(f"{city}{i}", city, 2000, "v") for i in range(companies // 2 + 1) for city in ("A", "B")][:companies])
    assert (leads.panel(leads.first_deals(table, 2009), 2009) is None) == (companies < leads.START_LEAST)


def test_constant_coverage_undoes_the_widening_of_a_source() -> None:
    """The old investors go on as ever; from the sixth year the source also has new ones, who are elsewhere."""
    rng, rows = np.random.default_rng(14), []
    for year in range(2000, 2012):
        seen = [("A", "old", 12), ("B", "old", 6)] + ([("B", f"new{year}", 16)] if year > 2005 else [])
        rows += [
            (f"{city} {investor} {year} {one}", city, year, investor)
            for city, investor, mean in seen
            for one in range(rng.poisson(mean))
        ]
    table, investors = deals(rows)
    whole = leads.panel(leads.first_deals(table, 2011), 2011)
    same = leads.panel(leads.first_deals(leads.steady(table, investors, whole.years), 2011), 2011)
    slopes = []
    for laid in (whole, same):
        every = leads.statistics(laid, snowball.growth(laid.new, laid.stock), rng)
        found = every.filter(statistic="log_lead_trend", flow_or_stock="flow")
        # The largest two by the stock at the end, in either order.
        sign = 1 if found["city"].item() == "A" else -1
        slopes.append(sorted((sign * found["low"].item(), sign * found["high"].item())))
    assert slopes[0][1] < 0
    assert slopes[1][0] < 0 < slopes[1][1]


def test_mobility_by_hand() -> None:
    """Four cities: the leader stays above an equal share, one of three without any joins it."""
    rng = np.random.default_rng(15)
    estimate, low, high = leads.mobility(np.array([[8, 0, 0, 0], [4, 4, 0, 0]]), rng)
    assert estimate == pytest.approx(1 / 3)
    assert 0 <= low <= estimate <= high <= 1
    assert leads.mobility(np.array([[5, 1, 1, 0]] * 4), rng)[0] == 0
    assert leads.mobility(np.array([[1, 0], [3, 1]]), rng)[0] == 1, "of two only the one without any moves"


def test_survival_and_rank_correlation_by_hand() -> None:
    share, low, high = leads.survival(np.array([[3, 1], [2, 2], [1, 3], [0, 4]]))
    assert (share, low < share < high) == (pytest.approx(2 / 3), True)
    tau, low, high = leads.rank_correlation(np.array([1, 2, 3, 4]), np.array([1, 2, 4, 3]))
    assert tau == pytest.approx(2 / 3)
    assert low < tau < high <= 1


def test_yearly_shares_and_bands() -> None:
    rows = [
        (f"{city}{year}{i}", city, year, "v") for city, n in (("A", 6), ("B", 3)) for year in range(2000, 2012) for i in range(n)
    ]
    table, _ = deals(rows)
    laid = leads.panel(leads.first_deals(table, 2011), 2011)
    found = pl.DataFrame(leads.yearly(laid)).filter(city="A").row(-1, named=True)
    assert (found["flow"], found["stock"], found["rival"]) == (6, 72, "B")
    assert (found["share"], found["stock_share"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert found["log_lead"] == pytest.approx(np.log(6.5 / 3.5))
    assert found["high"] - found["log_lead"] == pytest.approx(1.6449 * np.sqrt(1 / 6.5 + 1 / 3.5), rel=1e-3)
