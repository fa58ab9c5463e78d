"""Growth and the years to catch up, by hand; forecasts that spread as the walk does."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK
from pipelines.index.compute import Result
from pipelines.index.measurement.layout import PERIODS
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.priors import GROWTH_SD
from pipelines.index.outlook import forecasts, growth
from pipelines.index.tables.scores import scores
from tests.support import index as small

CITIES = (BENCHMARK, "Beijing", "Shanghai")


@pytest.mark.parametrize(
    ("gap", "pace", "expected"),
    [(20.0, 2.0, 10.0), (20.0, 0.0, np.inf), (20.0, -1.0, np.inf), (0.0, -1.0, 0.0), (-5.0, 3.0, 0.0)],
)
def test_years_to_catch_up(gap: float, pace: float, expected: float) -> None:
    assert growth.years_to_catch_up(np.array([gap]), np.array([pace]))[0] == expected


def test_summary_by_hand() -> None:
    """Two draws of three cities: one that gains ten points, one that loses ten, one that is ahead."""
    change = np.array([[10.0, -10.0, 0.0]] * 2)
    gap = np.array([[20.0, 20.0, -1.0]] * 2)
    columns = growth.summary(change, gap + change, gap)
    assert np.asarray(columns["times"]).tolist() == [2.0, 0.5, 1.0]
    assert np.asarray(columns["p_narrows"]).tolist() == [1.0, 0.0, 0.0]
    assert np.asarray(columns["years_to_catch_up"]).tolist() == [10.0, np.inf, 0.0]
    assert np.asarray(columns["how"]).tolist() == [growth.NARROWS, growth.WIDENS, growth.LEVEL_WITH]


def twice_counted(drawn: Posterior) -> Posterior:
    """Return ``drawn`` where a second source counts the same as the first, both in every year of each period."""
    layout, count = drawn.layout, len(drawn.layout.lists)
    doubled = replace(
        layout,
        lists=[*layout.lists, *(name.replace("register", "other") for name in layout.lists)],
        datasets=[*layout.datasets, *["other"] * count],
        quantity_of=np.tile(layout.quantity_of, 2),
        list_of=np.concatenate([layout.list_of, layout.list_of + count]),
        column_of=np.tile(layout.column_of, 2),
        exposure=np.tile(np.log([*np.tile(np.diff(PERIODS), len(small.FLOWS)), *[1] * len(small.STOCKS)]), 2),
        covers=np.tile(layout.covers, 2),
        is_stock=np.tile(layout.is_stock, 2),
    )
    return replace(drawn, layout=doubled)


def walking(steps: np.ndarray) -> Posterior:
    """Return a posterior of two draws, by two sources, in which flows of each city gain ``steps`` (city,) in five years."""
    values = dict.fromkeys(CITIES, (4.0, 4.0, 4.0, 4.0, 4.0))
    drawn = twice_counted(small.posterior(CITIES, small.logs_of(values, draws=2)))
    columns = drawn.layout.columns
    # The headline year begins half a year before the middle of the last period.
    moved = steps[:, None] * np.where(columns.year_of > 0, (columns.year_of - 2024) / 5, 0.0)
    return replace(drawn, values=drawn.values | {"latent": drawn.values["latent"] + moved.astype(np.float32)})


def test_growth_of_a_doubling_and_of_a_halving() -> None:
    """In five years Beijing doubles, Shanghai halves, the benchmark stays; five years before they stood apart."""
    drawn = walking(np.log([1.0, 2.0, 0.5]))
    table = growth.growth(Result.of(small.inputs(drawn, headline=2024)))
    rows = {(row["measure"], row["city"]): row for row in table.iter_rows(named=True)}
    deals = rows["deals", "Beijing"]
    assert (deals["year_from"], deals["year_to"]) == (2019, 2024)
    assert (deals["change"], deals["times"], deals["benchmark_change"]) == pytest.approx((10, 2, 0), abs=1e-4)
    assert (deals["gap"], deals["years_to_catch_up"]) == pytest.approx((0, 0), abs=1e-4)
    fallen = rows["deals", "Shanghai"]
    assert (fallen["change"], fallen["p_narrows"], fallen["how"]) == (pytest.approx(-10, abs=1e-4), 1 - 1, growth.LEVEL_WITH)
    assert {measure for measure, _ in rows} == {"Readiness", "Realised", "deals", "founder_density", "exits"}
    assert rows["Realised", "Beijing"]["change"] == pytest.approx(10, abs=1e-4)
    # Schools stand: Readiness moves by the rest.
    assert 0 < rows["Readiness", "Beijing"]["change"] < 10
    assert {row["n_sources"] for row in rows.values()} == {2}


@pytest.mark.parametrize("fault", ["lacks the benchmark", "lacks the city", "ends within the period", "is the same source"])
def test_growth_is_not_told_by_a_source_that_cannot_tell(fault: str) -> None:
    """A second list of deals counts only if it counts city and benchmark in every year of both periods."""
    drawn = walking(np.log([1.0, 2.0, 0.5]))
    layout = drawn.layout
    place = layout.lists.index("deals/other")
    covers, exposure, datasets = layout.covers.copy(), layout.exposure.copy(), [*layout.datasets]
    of_list = layout.list_of == place
    if fault.startswith("lacks"):
        covers[layout.cities.index(BENCHMARK if fault.endswith("benchmark") else "Beijing"), of_list] = False
    elif fault.startswith("ends"):
        exposure[of_list & (layout.column_of == layout.columns.of("deals")[-1])] = np.log(1.0)
    else:
        datasets[place] = "register"
    changed = replace(layout, covers=covers, exposure=exposure, datasets=datasets)
    table = growth.growth(Result.of(small.inputs(replace(drawn, layout=changed), headline=2024)))
    rows = {(row["measure"], row["city"]): row for row in table.iter_rows(named=True)}
    for measure in ("deals", "Readiness"):
        untold = rows[measure, "Beijing"]
        assert (untold["n_sources"], untold["how"]) == (1, growth.UNTOLD)
        assert {untold[name] for name in ("p_narrows", "years_to_catch_up", "years_low", "years_high")} == {None}
        assert untold["change"] is not None
    assert rows["deals", "Shanghai"]["n_sources"] == (2 if fault == "lacks the city" else 1)
    assert rows["Realised", "Beijing"]["p_narrows"] == 1


def test_what_stands_is_counted_at_one_date_of_a_period() -> None:
    drawn = walking(np.log([1.0, 2.0, 0.5]))
    layout = drawn.layout
    of_deals = np.isin(layout.list_of, [place for place, name in enumerate(layout.lists) if name.startswith("deals/")])
    once = replace(layout, exposure=np.where(of_deals, 0.0, layout.exposure), is_stock=np.zeros(len(layout.lists), dtype=bool))
    standing = replace(once, is_stock=np.array([name.startswith("deals/") for name in layout.lists]))
    for changed, n_sources in ((once, 0), (standing, 2)):
        table = growth.growth(Result.of(small.inputs(replace(drawn, layout=changed), headline=2024)))
        assert set(table.filter(pl.col("measure") == "deals")["n_sources"]) == {n_sources}


def test_what_no_list_counts_in_the_last_period_has_no_growth() -> None:
    drawn = walking(np.log([1.0, 2.0, 0.5]))
    last = drawn.layout.column_of == drawn.layout.columns.of("deals")[-1]
    changed = replace(drawn.layout, covers=drawn.layout.covers & ~last)
    table = growth.growth(Result.of(small.inputs(replace(drawn, layout=changed), headline=2024)))
    assert set(table["measure"]) == {"Readiness", "Realised", "founder_density", "exits"}


def test_city_that_has_nothing_in_common_with_the_benchmark_has_no_growth() -> None:
    """Lists count schools of Shanghai alone, and everything but schools of the others."""
    drawn = walking(np.log([1.0, 2.0, 0.5]))
    of_schools = np.array(drawn.layout.columns.quantities)[drawn.layout.columns.quantity_of[drawn.layout.column_of]] == "schools"
    is_shanghai = np.array(CITIES) == "Shanghai"
    changed = replace(drawn.layout, covers=is_shanghai[:, None] == of_schools, group_of=np.arange(3))
    table = growth.growth(Result.of(small.inputs(replace(drawn, layout=changed), headline=2024)))
    assert set(table["city"]) == {"Beijing"}


def test_change_does_not_stop_at_the_floor_of_the_scale() -> None:
    """A city with a five-thousandth of the benchmark that doubles has gained ten points, though its score was 0 and is 0."""
    values = {BENCHMARK: (4e4, 4.0, 4e4, 4.0, 4.0), "Beijing": (8.0, 4.0, 8.0, 4.0, 4.0), "Shanghai": (4.0, 4.0, 4.0, 4.0, 4.0)}
    drawn = small.posterior(CITIES, small.logs_of(values, draws=2), growth=float(np.log(2.0)))
    table = growth.growth(Result.of(small.inputs(drawn, headline=2024)))
    (row,) = table.filter(measure="exits", city="Beijing").iter_rows(named=True)
    assert row["change"] == pytest.approx(10, abs=1e-3)


def test_walk_spreads_as_a_period_of_the_model_does() -> None:
    """Five years on, a log has moved with the variance of a step: that of its own and of what is common."""
    drawn = small.posterior(CITIES, np.zeros((4000, 3, 5)))
    walked = forecasts.walk_on(drawn, 2022)
    moved = walked.log_intensity("deals", 2027) - walked.log_intensity("deals", 2022)
    assert moved.var() == pytest.approx(0.1 + GROWTH_SD**2, rel=0.05)
    apart = moved[:, 1] - moved[:, 2]
    assert apart.var() == pytest.approx(2 * 0.1, rel=0.1), "what is common to a country is not between its cities"
    half = walked.log_intensity("deals", 2024) - walked.log_intensity("deals", 2022)
    assert half.var() == pytest.approx(0.4 * (0.1 + GROWTH_SD**2), rel=0.05)
    assert (walked.log_intensity("schools", 2027) == drawn.log_intensity("schools", 2027)).all()
    moving = replace(drawn, settings=replace(drawn.settings, spread=np.array([[1.0, 2.0]])))
    wider = forecasts.walk_on(moving, 2022).log_intensity("deals", 2027)
    assert (wider[:, 1] - wider[:, 2]).var() == pytest.approx(4 * 2 * 0.1, rel=0.1), "in a group that moves twice as much"


def test_walk_has_half_in_common_between_quantities_and_between_groups() -> None:
    drawn = small.uncounted(small.posterior(CITIES, np.zeros((4000, 3, 5))), CITIES[2:], "deals")
    walked = forecasts.walk_on(drawn, 2022)
    deals, exits = (walked.log_intensity(name, 2027) - drawn.log_intensity(name, 2022) for name in ("deals", "exits"))
    alone = 0.1 + GROWTH_SD**2
    assert np.cov(deals[:, 0], exits[:, 0])[0, 1] == pytest.approx(GROWTH_SD**2 / 2, abs=0.05 * alone)
    assert np.cov(deals[:, 0], deals[:, 2])[0, 1] == pytest.approx(GROWTH_SD**2 / 2, abs=0.05 * alone)
    assert np.cov(deals[:, 0], exits[:, 2])[0, 1] == pytest.approx(GROWTH_SD**2 / 4, abs=0.05 * alone)


@pytest.mark.parametrize(
    ("headline", "expected"), [(2025, (2024, 2024)), (2020, (2020, 2020)), (2019, (2018, 2019)), (2009, (2005, 2009))]
)
def test_years_are_measured_up_to_the_middle_of_the_last_period(headline: int, expected: tuple[int, int]) -> None:
    assert forecasts.measured(headline) == expected


@pytest.mark.slow
def test_what_stays_as_it_was_is_as_forecast() -> None:
    """Every city is known differently well, so that the share of medians is not the median share, nor a rank its median."""
    values = {BENCHMARK: (8.0,) * 5, "Beijing": (8.0,) * 5} | {f"C{place}": (4.0 - place / 8,) * 5 for place in range(9)}
    logs = small.logs_of(values, draws=300)
    logs += np.random.default_rng(5).standard_normal(logs.shape) * np.linspace(0.1, 1.2, len(values))[:, None]
    drawn = small.posterior([*values], logs)
    drawn = replace(drawn, settings=replace(drawn.settings, step_covariance=1e-12 * np.eye(len(small.FLOWS))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forecasts, "growth_covariance", lambda groups, flows: 1e-12 * np.eye(groups * flows))
        of = Result.of(small.inputs(drawn, headline=2022))
        table = forecasts.forecasts(of)
    ranks = scores(of).filter(year=2022).select("measure", "city", outcome=pl.col("rank").cast(float))
    outcomes = forecasts.shares(of).filter(year=2022).select(measure="indicator", city="city", outcome="share")
    scored = table.join(pl.concat([ranks, outcomes]), on=["measure", "city"])
    assert scored.group_by("what").len().sort("what").rows() == [("rank", 10 * len(of.members)), ("share", 10 * len(of.members))]
    assert len(of.members) > 5
    np.testing.assert_array_equal(scored["now"], scored["outcome"])
    np.testing.assert_allclose(scored["value"], scored["outcome"], rtol=1e-4)
    assert forecasts.shares(of)["year"].max() == 2022


def test_forecasts_of_ranks_and_shares_are_sealed() -> None:
    values = {
        BENCHMARK: (40.0, 4.0, 4.0, 4.0, 4.0),
        "Beijing": (30.0, 4.0, 4.0, 4.0, 4.0),
        "Shanghai": (10.0, 4.0, 4.0, 4.0, 4.0),
    }
    drawn = small.posterior(CITIES, small.logs_of(values, draws=400))
    table, later = (forecasts.forecasts(Result.of(small.inputs(drawn, headline=year))) for year in (2020, 2024))
    assert table["year"].unique().sort().to_list() == [2021, 2022, 2023, 2024, 2025]
    deals = table.filter(measure="deals", city="Beijing").sort("year")
    assert deals["now"].to_list() == pytest.approx([0.75] * 5)
    assert (deals["low"] < 0.75).all()
    assert (deals["high"] > 0.75).all()
    assert (deals["high"] - deals["low"]).is_sorted(), "each year adds to what is not known"
    (after,) = later.filter(measure="deals", city="Beijing", year=2025).iter_rows(named=True)
    assert after["high"] - after["low"] == pytest.approx((deals["high"] - deals["low"])[0], rel=0.1), (
        "a year on, as from any other"
    )
    (seal,) = table["forecast"].unique()
    assert forecasts.sealed(table.drop("forecast"))["forecast"][0] == seal
    changed = table.drop("forecast").with_columns(pl.col("value") + 0.01)
    assert forecasts.sealed(changed)["forecast"][0] != seal
