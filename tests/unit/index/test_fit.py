"""The fit of the measurement model: exact where it can be checked, the same from any start, and unbroken by poor lists."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from pipelines.errors import InputError
from pipelines.index.measurement import fit as fitting
from pipelines.index.measurement.fit import fit, start
from pipelines.index.measurement.influence import without_each
from pipelines.index.measurement.layout import Layout, Remainder
from pipelines.index.measurement.model import Model
from pipelines.index.measurement.observed import SIZE
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.priors import CHOSEN, MEAN_SD
from tests.support import calibration, measurement
from tests.support.measurement import ListOf, latent_of

#: Lists whose elasticities and noises are given: what is left is normal.
EVEN = ListOf("deals", family="press", anchor=True)
SCHOOLS = ListOf("schools", exact=True, anchor=True)


def counted(layout: Layout, *counts: np.ndarray | float) -> Layout:
    """Count so much in each city by each list, in all its channels alike."""
    for place, count in enumerate(counts):
        channels = layout.list_of == place
        layout.counts[:, channels] = np.broadcast_to(count, (channels.sum(), len(layout.cities))).T
    return layout


def spread(layout: Layout, draws: int = 400) -> np.ndarray:
    """Return the standard deviation of what each city has, (city, column)."""
    return measurement.fitted(layout, draws).draws("latent").std(0)


# What is known exactly


@pytest.mark.parametrize(("n", "like"), [(1.0, 0.2), (3.0, 0.1), (40.0, 0.05)])
def test_one_city_and_one_list_are_as_by_numerical_integration(n: float, like: float) -> None:
    """What the city has and the list's attention to it are one normal unknown, of which a negative binomial count tells.

    Of small counts the posterior leans to one side, and the normal nearest to it is narrower.
    """
    layout = counted(measurement.layout_of(1, (ListOf("deals", anchor=True, dated=False),)), n)
    found = fit(layout)
    model, settings = found.model, found.settings
    attention = np.exp(settings.log_scale[0])
    own = settings.covariance[0, 0] * settings.spread[1, 0] ** 2 + MEAN_SD**2
    both = own + attention**2
    logs = np.linspace(-40, 12, 50_001)
    told = n * logs - (n + SIZE) * np.log(np.exp(logs) + SIZE)
    density = told + stats.norm.logpdf(logs, model.centre[0], np.sqrt(both))
    weight = np.exp(density - density.max()) / np.exp(density - density.max()).sum()
    middle = (weight * logs).sum()
    variance = (weight * (logs - middle) ** 2).sum()
    centre = model.centre[0] + own / both * (middle - model.centre[0])
    width = np.sqrt((own / both) ** 2 * variance + own * attention**2 / both)
    column = layout.columns.middle
    drawn = found.apart(4_000, np.random.default_rng(0))
    drawn = drawn[model.apart[0, column]] + drawn[model.mean[1, 0]]
    assert latent_of(found)[0, column] == pytest.approx(centre, abs=0.1 * width)
    assert drawn.std() == pytest.approx(width, rel=like)


def test_a_census_is_reproduced() -> None:
    schools = np.array([3.0, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610])
    layout = counted(measurement.layout_of(12, (EVEN, SCHOOLS)), 10.0, schools)
    posterior = measurement.fitted(layout, 400)
    drawn = posterior.draws("latent")[:, :, layout.columns.of("schools")[0]]
    assert np.exp(drawn.mean(0)) == pytest.approx(schools, rel=0.03)
    assert drawn.std(0).max() < 1.3 * np.hypot(0.05, 1 / np.sqrt(25 * 3))


# Sums


def summed(shares: np.ndarray, total: float = 400.0) -> np.ndarray:
    """Return what twelve cities have of which a list of provinces tells only totals, and a census ``shares`` of schools."""
    layout = measurement.layout_of(12, (EVEN, ListOf("deals", family="state", by_region=True, group=1), SCHOOLS))
    layout.covers[layout.group_of == 1, :3] = False
    counted(layout, np.where(layout.group_of == 0, 20.0, 0.0), 0.0, shares)
    for totals in layout.totals:
        totals.total[:] = total
    return latent_of(fit(layout))[:, layout.columns.of("deals")]


def test_totals_of_provinces_tell_the_sum_and_not_the_parts() -> None:
    even = np.full(12, 50.0)
    uneven = np.where(np.arange(12) % 4 == 0, 200.0, 25.0)
    alike, apart = summed(even), summed(uneven)
    region = np.arange(4, 12) % 3
    of_regions = [alike[4:][region == place] for place in range(3)]
    assert max(np.ptp(part, axis=0).max() for part in of_regions) < 0.01, "cities of which nothing else differs have the same"
    sums = np.array([np.exp(part).sum(0) for part in of_regions])
    assert sums == pytest.approx(np.broadcast_to(sums.mean(0), sums.shape), rel=0.1), "two cities have as much as three"
    large = uneven[4:] > 100
    assert (apart[4:][large].mean(0) - apart[4:][~large].mean(0)).min() > 0.5, "what else they have says who has more of the sum"


def test_the_remainder_of_a_country_tells_the_sum_of_the_cities_it_does_not_name() -> None:
    def logs(rest: float) -> np.ndarray:
        layout = measurement.layout_of(12, (EVEN, SCHOOLS))
        unnamed = np.array([9, 10, 11])
        counted(layout, 20.0, 50.0)
        layout.covers[unnamed, :3] = False
        layout.counts[unnamed, :3] = 0.0
        rests = [Remainder(channel, rest, unnamed) for channel in range(3)]
        return latent_of(fit(replace(layout, remainders=rests)))[:, layout.columns.of("deals")]

    small, large = logs(15.0), logs(240.0)
    for rest, found in ((15.0, small), (240.0, large)):
        assert np.exp(found[9:]).sum(0) == pytest.approx(np.full(3, rest), rel=0.35)
    assert np.ptp(large[9:], axis=0).max() < 0.05, "and nothing of how they differ"


def test_a_total_over_years_tells_the_sum_and_no_step_between_years() -> None:
    """A second list adds up three periods; however it shares them out, only their sum counts."""
    lists = (EVEN, ListOf("deals", family="survey", in_sum=True), SCHOOLS)

    def logs(parts: tuple[float, ...]) -> np.ndarray:
        layout = counted(measurement.layout_of(12, lists), 0.0, 0.0, 50.0)
        size = np.linspace(1, 4, 12)[:, None]
        layout.counts[:, layout.list_of == 0] = np.round(10 * size)
        layout.counts[:, layout.list_of == 1] = size * np.array(parts)
        return latent_of(fit(layout))[:, layout.columns.of("deals")]

    even, first = logs((10.0, 10.0, 10.0)), logs((28.0, 1.0, 1.0))
    assert first == pytest.approx(even, abs=1e-6)


# The same from anywhere


def test_ten_starting_points_give_the_same() -> None:
    layout, _ = measurement.world(24, 0)
    model = Model(layout)
    found = [latent_of(fit(layout, begin=start(model, np.random.default_rng(seed)))) for seed in range(10)]
    sd = spread(layout)
    assert (np.abs(np.array(found) - np.mean(found, axis=0)) / sd).max() < 0.15


def test_the_same_seed_gives_the_same_draws() -> None:
    layout, _ = measurement.world(12, 0)
    first, second = (measurement.fitted(layout, 50) for _ in range(2))
    assert all(np.array_equal(first.draws(name), second.draws(name)) for name in first.values)
    other = Posterior.of(fit(layout), 50, seed=1)
    assert not np.array_equal(first.draws("latent"), other.draws("latent"))


def test_half_of_the_draws_mirror_the_other_half() -> None:
    layout, _ = measurement.world(12, 0)
    found = fit(layout)
    drawn = found.apart(40, np.random.default_rng(0))
    assert drawn[:, 20:] == pytest.approx(-drawn[:, :20])


def test_a_fit_that_does_not_settle_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_STEPS", 3)
    layout, _ = measurement.world(12, 0)
    with pytest.raises(InputError, match=r"did not settle in 3 steps; lists disagree most about city \d+") as caught:
        fit(layout)
    assert "SOURCES" in caught.value.problems[0].remedy


def test_progress_is_told() -> None:
    said: list[str] = []
    layout, _ = measurement.world(12, 0)
    steps = fit(layout, said.append).steps
    assert said[-1] == f"settled in {steps} steps"


# Poor lists


def test_a_list_of_one_city_and_one_of_zeros_break_nothing() -> None:
    other = ListOf("deals", family="press")
    size = np.round(10 * np.linspace(1, 6, 12))
    plain = counted(measurement.layout_of(12, (EVEN, SCHOOLS)), size, 50.0)
    before, width = latent_of(fit(plain)), spread(plain)
    for count in (np.where(np.arange(12) == 5, 30.0, 0.0), np.zeros(12)):
        layout = counted(measurement.layout_of(12, (EVEN, SCHOOLS, other)), size, 50.0, count)
        if count.any():
            layout.covers[np.ix_(np.arange(12) != 5, layout.list_of == 2)] = False
        found = latent_of(fit(layout))
        assert np.isfinite(found).all()
        assert (np.abs(found - before) / width).max() < 1.0


def test_a_total_below_the_cities_breaks_nothing() -> None:
    state = ListOf("deals", family="state", by_region=True, group=1)
    layout = counted(measurement.layout_of(12, (EVEN, state, SCHOOLS)), 30.0, 0.0, 50.0)
    for totals in layout.totals:
        totals.total[:] = 2.0
    found = latent_of(fit(layout))
    assert np.exp(found[:, layout.columns.of("deals")]) == pytest.approx(np.full((12, 3), 30.0), rel=0.4)


def test_a_city_that_nothing_counts_is_hardly_known() -> None:
    layout, _ = measurement.world(24, 0)
    layout.covers[20], layout.counts[20] = False, 0.0
    totals = [replace(part, cells=np.where(part.cells[..., :1] == 20, -1, part.cells)) for part in layout.totals]
    layout = replace(layout, totals=[replace(part, cells=-np.sort(-part.cells, axis=1)) for part in totals])
    posterior = measurement.fitted(layout, 400)
    width = posterior.draws("latent").std(0)
    assert np.isfinite(posterior.draws("latent")).all()
    learned = np.sqrt(np.diag(posterior.settings.covariance)).min() * posterior.settings.spread[1, 0]
    assert width[20].min() > 0.9 * learned
    assert (width[20] > 1.5 * np.median(width, axis=0)).all()


# How lists weigh


def test_a_copy_of_a_list_tells_no_more_than_its_family_allows() -> None:
    """What lists of a family have in common, a copy of one cannot average out."""
    lists = (replace(EVEN, family="register"), ListOf("deals", family="press"), SCHOOLS)
    layout, _ = measurement.world(24, 4, lists)
    copied = measurement.layout_of(24, (*lists, ListOf("deals", family="press")))
    for place, of in ((0, 0), (1, 1), (2, 2), (3, 1)):
        copied.counts[:, copied.list_of == place] = layout.counts[:, layout.list_of == of]
    deals = layout.columns.of("deals")
    before, after = (latent_of(fit(of))[:, deals] for of in (layout, copied))
    apart = (after - after.mean(0)) - (before - before.mean(0))
    assert (np.abs(apart) / spread(layout)[:, deals]).max() < 1.0
    assert np.sqrt((apart**2).mean()) < 0.25


def test_editions_that_name_the_same_standing_companies_are_worth_one_count() -> None:
    dated, report = ListOf("unicorns", anchor=True), ListOf("unicorns", family="reports", dated=False)
    layout = measurement.layout_of(6, (dated, report, replace(report, leaves_out=(0,)), replace(report, leaves_out=(0, 1))))
    model = Model(layout)
    of_list = model.list_of[model.first]
    worth = {
        (int(model.city[first]), int(of)): model.worth[at]
        for at, (first, of) in enumerate(zip(model.first, of_list, strict=True))
        if of
    }
    assert [worth[city, 1] for city in range(3)] == [1, 0.5, pytest.approx(1 / 3)]
    assert (model.worth[of_list == 0] == 1).all()
    assert (model.size == SIZE).all()


def test_families_chosen_by_hand_know_countries_more_differently() -> None:
    lists = (EVEN, ListOf("deals", family="ours", chosen=True), ListOf("deals", family="theirs"))
    model = Model(measurement.layout_of(12, lists))
    _, place, factor, scale = model.entries
    factors = {
        name: set(factor[np.isin(place, model.by_family[at]) & (scale == model.national)])
        for at, name in enumerate(model.layout.families)
    }
    assert factors == {"ours": {CHOSEN}, "press": {1.0}, "theirs": {1.0}}


# Influence


def refitted(layout: Layout, place: int, begin: fitting.Fit) -> np.ndarray:
    """Return the latent values where a list looks nowhere, at the settings that all lists ask for."""
    model, mean, told = begin.model, begin.mean, begin.told
    worth = model.list_of[model.first] != place
    for _ in range(30):
        found = fitting._newton(model, begin.settings, mean, told, worth=worth)
        mean = found.mean
    return latent_of(replace(found, mean=mean))


def test_what_a_list_moves_is_as_by_a_fit_without_it() -> None:
    layout, _ = measurement.world(40, 7)
    found = fit(layout)
    whole, change = latent_of(found), without_each(found)
    for place in np.flatnonzero(~layout.is_exact):
        moved = refitted(layout, int(place), found) - whole
        by_step, by_fit = (each - each[layout.group_of == 1].mean(0) for each in (change[place], moved))
        told = layout.group_of == 1
        assert np.corrcoef(by_step[told].ravel(), by_fit[told].ravel())[0, 1] > 0.95, layout.lists[place]


# Calibration


@pytest.mark.slow
def test_intervals_of_a_hundred_worlds_cover() -> None:
    """Ninety in a hundred intervals hold the truth, of whatever is compared: simulation-based calibration (Talts et al. 2018)."""
    found = calibration.run(100)
    print(found)
    assert found.settled >= 95
    assert all(0.85 <= share <= 0.95 for share in found.covered.values()), found
