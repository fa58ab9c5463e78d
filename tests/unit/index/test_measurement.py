"""The measurement model in small worlds drawn from it: intervals cover, lists that deceive do little harm."""

from copy import copy
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from pipelines.index import rank_sets
from pipelines.index.measurement import influence, sampler
from pipelines.index.measurement.cities import Cities
from pipelines.index.measurement.density import Density
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.shared import Shared
from pipelines.index.measurement.sizes import CENSUS, CENSUS_NOISE, DRIFT
from pipelines.index.measurement.starting import start
from pipelines.index.measurement.state import State, log_intensity, shared
from pipelines.index.measurement.together import Together
from tests.support import measurement
from tests.support.measurement import ListOf

#: Worlds; the first of them are also shown by lists that deceive.
WORLDS, DECEIVED = 10, 3

#: How pilots settle, (sweeps, rounds): as in a build, and as briefly as tells what lists do that deceive.
OF_A_BUILD, BRIEF = (sampler.ROUND, sampler.ROUNDS), (20, 6)


def ranks_of_the_truth(layout: Layout, truth: State, seed: int, rounds: tuple[int, int]) -> np.ndarray:
    """Return the share of draws below the truth for log ratios of cities, by disjoint pairs, (pair, column).

    What moves all cities alike cancels, so that a world says nearly as much as it has pairs.
    """
    drawn = measurement.fit(layout, seed, draws=100, rounds=rounds)
    first, second = np.random.default_rng(seed).permutation(len(layout.cities)).reshape(2, -1)
    return np.asarray((drawn[:, first] - drawn[:, second] < truth.latent[first] - truth.latent[second]).mean(0))


def covered(ranks: np.ndarray) -> float:
    """Return how often a 90% interval holds the truth."""
    return float(((ranks >= 0.05) & (ranks <= 0.95)).mean())


@pytest.mark.slow
def test_ranks_of_the_truth_are_uniform() -> None:
    """Simulation-based calibration (Talts et al. 2018) with pilot and chain.

    The worlds are the same each time, so only the noise of the chains is left: on two kinds of processors intervals cover 0.901
    and 0.899, and ranks vary 1.00 and 1.05 times as much as uniform ones.
    """
    ranks = np.array([ranks_of_the_truth(*measurement.world(40, 300 + seed), seed, OF_A_BUILD) for seed in range(WORLDS)])
    assert 0.88 < covered(ranks) < 0.935
    assert 0.9 < 12 * ranks.var() < 1.1
    assert ranks.mean((0, 1)) == pytest.approx(np.full(ranks.shape[2], 0.5), abs=0.06)
    assert covered(ranks[:DECEIVED]) >= 0.84, "of the worlds in which lists deceive below"


@pytest.mark.slow
def test_rank_sets_of_level_cities_cover() -> None:
    """Twelve cities of which six are level: with 90% all of them lie in their sets."""
    true, rng = np.repeat([0.0, 1.0, 2.0, 3.0], [6, 2, 2, 2]), np.random.default_rng(3)
    best = 1 + (true[None] > true[:, None] + 1e-9).sum(1)
    worst = len(true) - (true[None] < true[:, None] - 1e-9).sum(1)
    held = []
    for _ in range(120):
        centre = true + rng.normal(0, 0.4, len(true))
        low, high = rank_sets.simultaneous(centre, centre + rng.normal(0, 0.4, (400, len(true))))
        held.append((low <= best).all() and (high >= worst).all())
    assert np.mean(held) > 0.84


# Totals


def test_a_total_is_a_poisson_count_of_the_sum() -> None:
    layout, truth = measurement.world(24, 5)
    density = Density.of(layout)
    rates = log_intensity(density, truth)

    def likelihood(rates: np.ndarray) -> float:
        return float(density.spread(density.log_likelihood(rates[density.cells]))[:, layout.is_summed].sum())

    def poisson(rates: np.ndarray) -> float:
        means = [np.where(part.is_cell, np.exp(rates[part.cells[..., 0], part.channel]), 0.0).sum(1) for part in layout.totals]
        return float(sum(stats.poisson.logpmf(part.total, mean).sum() for part, mean in zip(layout.totals, means, strict=True)))

    there = rates + np.random.default_rng(2).normal(0, 0.2, rates.shape)
    assert likelihood(there) - likelihood(rates) == pytest.approx(poisson(there) - poisson(rates))
    slope = density.spread(density.terms(rates[density.cells])[1])
    channel = int(np.flatnonzero(layout.is_summed)[0])
    for city in np.flatnonzero(layout.covers[:, channel])[:3]:
        step = np.zeros_like(rates)
        step[city, channel] = 1e-4
        assert slope[city, channel] == pytest.approx((likelihood(rates + step) - likelihood(rates - step)) / 2e-4, rel=1e-4)


def test_a_census_counts_as_if_it_had_counted_many_times_as_many_but_where_it_counts_none() -> None:
    layout, truth = measurement.world(24, 5)
    exact = layout.covers & layout.is_exact[layout.list_of]
    layout.counts[tuple(np.argwhere(exact)[0])] = 0.0
    density = Density.of(layout)
    rates = log_intensity(density, truth)
    worth = np.where(layout.counts[exact] > 0, CENSUS, 1.0)
    there = rates + np.random.default_rng(2).normal(0, 0.2, rates.shape)

    def binomial(rates: np.ndarray) -> np.ndarray:
        counts, size = np.round(worth * layout.counts[exact]), worth / CENSUS / CENSUS_NOISE**2
        return np.asarray(stats.nbinom.logpmf(counts, size, size / (size + worth * np.exp(rates[exact]))))

    def terms(rates: np.ndarray) -> list[np.ndarray]:
        return [density.spread(values)[exact] for values in density.terms(rates[density.cells])]

    (before, _), (after, slope) = terms(rates), terms(there)
    assert after - before == pytest.approx(binomial(there) - binomial(rates))
    assert slope == pytest.approx((binomial(there + 1e-5) - binomial(there - 1e-5)) / 2e-5, rel=1e-4, abs=1e-4)
    information = density.spread(density.information(there[density.cells]))[exact]
    assert 1 / information == pytest.approx(1 / (worth * np.exp(there[exact])) + CENSUS / worth * CENSUS_NOISE**2)


def test_editions_that_name_the_same_standing_companies_are_worth_one_count() -> None:
    dated, report = ListOf("unicorns", anchor=True), ListOf("unicorns", family="reports", dated=False)
    layout = measurement.layout_of(6, (dated, report, replace(report, leaves_out=(0,)), replace(report, leaves_out=(0, 1))))
    worth = measurement.density_of(layout).worth
    editions = [int(np.flatnonzero(layout.list_of == place)[0]) for place in (1, 2, 3)]
    assert worth[0, editions[0]] == 1
    assert worth[1, editions[:2]].tolist() == [0.5, 0.5]
    assert worth[2, editions] == pytest.approx(1 / 3)
    assert (worth[:, layout.list_of == 0] == 1).all()


@pytest.mark.slow
def test_a_short_list_of_one_country_does_not_move_the_country() -> None:
    """A list of five deals is a short list, and says nothing of how much two countries have."""
    deals, short = ListOf("deals", family="press", anchor=True), ListOf("deals", family="own export", group=1)
    layout, _ = measurement.world(24, 3, (deals, ListOf("unicorns", family="press", anchor=True), short))
    own = np.flatnonzero(layout.list_of == 2)
    layout.counts[:, own] = 0.0
    layout.counts[layout.group_of == 1, own[1]] = np.arange((layout.group_of == 1).sum()) < 5
    without = measurement.layout_of(24, (deals, ListOf("unicorns", family="press", anchor=True)))
    without.counts[:] = layout.counts[:, layout.list_of < 2]

    def apart(of: Layout) -> float:
        latent = np.mean([measurement.fit(of, seed, draws=300).mean(0) for seed in (1, 2)], axis=0)[:, of.columns.of("deals")]
        return float((latent[of.group_of == 1].mean(0) - latent[of.group_of == 0].mean(0)).mean())

    # Over three worlds it moves them by up to .16; were lists expected to be of a certain length (LEVEL_SD 3), by .9 and more.
    assert apart(layout) == pytest.approx(apart(without), abs=0.25)


def test_cities_that_are_summed_move_together_and_others_alone() -> None:
    layout = measurement.layout_of(9)
    cluster_of = measurement.density_of(layout).cluster_of
    assert len(set(cluster_of[layout.group_of == 0])) == (layout.group_of == 0).sum()
    inside = layout.group_of == 1
    assert [len(set(cluster_of[inside & (layout.region_of == region)])) for region in (1, 2, 3)] == [1, 1, 1]
    assert len(set(cluster_of[inside])) == 3


def test_the_curvature_of_summed_cities_is_inverted() -> None:
    """A cluster of cities, its curvature written out: ``solve`` inverts it, ``kinetic`` squares by it, ``forth`` is its root."""
    layout, truth = measurement.world(9, 5)
    density, rng = Density.of(layout), np.random.default_rng(1)
    cities = Cities(density)
    weight = density.spread(cities.curve(truth, cities.unknowns(truth)))
    design, precision = cities.design(truth), cities.precision(truth)
    size, columns = len(design), precision.shape[1]
    whole = np.zeros((9 * size, 9 * size))
    for city in range(9):
        own = np.eye(size)
        own[:columns, :columns] = precision[layout.group_of[city]]
        own += (design * np.where(layout.is_summed, 0.0, weight[city])) @ design.T
        whole[city * size : (city + 1) * size, city * size : (city + 1) * size] = own
    city, channel, of = density.summed
    for total in range(of.max() + 1):
        vector = np.zeros((9, size))
        for place in np.flatnonzero(of == total):
            vector[city[place]] = weight[city[place], channel[place]] * design[:, channel[place]]
        whole += np.outer(vector, vector) / weight[city[of == total], channel[of == total]].sum()
    slopes = rng.normal(0, 1, (9, size))
    assert cities.solve(slopes).ravel() == pytest.approx(np.linalg.solve(whole, slopes.ravel()), abs=1e-3)
    assert 2 * cities.kinetic(slopes).sum() == pytest.approx(slopes.ravel() @ whole @ slopes.ravel())
    drawn = rng.standard_normal((9, size))
    assert 2 * cities.kinetic(cities.forth(drawn)).sum() == pytest.approx((drawn**2).sum(), rel=1e-4)


# One city, by numerical integration


#: Cities that are alike and each on its own: to move them all takes hardly longer than to move one.
COPIES = 100


def _single(counts: tuple[int, int]) -> tuple[Density, State]:
    """One quantity and period, copies of a city, two lists; the second holds twice as much and prefers large cities by half."""
    lists = (ListOf("deals", anchor=True), ListOf("deals"))
    layout = measurement.layout_of(3, lists, periods=1)
    layout = replace(
        layout, cities=[f"A{copy}" for copy in range(COPIES)], group_of=np.zeros(COPIES, dtype=int),
        region_of=np.zeros(COPIES, dtype=int), counts=np.array([counts] * COPIES, dtype=float),
        covers=np.ones((COPIES, 2), dtype=bool),
    )  # fmt: skip
    density = measurement.density_of(layout, reference=1.0)
    state = start(density, np.random.default_rng(0))
    state.level, state.elasticity = np.array([1.0, 1.0 + np.log(2)]), np.array([1.0, 1.5])
    state.means, state.covariance = np.array([[1.5]]), np.array([[0.8]])
    state.noise = np.array([0.3, 0.6])
    return density, state


@pytest.mark.parametrize("counts", [(3, 30), (0, 1), (40, 2)])
def test_one_city_equals_numerical_integration(counts: tuple[int, int]) -> None:
    density, state = _single(counts)
    latent = np.linspace(-4, 6, 241)[:, None, None]
    first, second = (np.linspace(-5, 5, 81) * noise for noise in state.noise)
    first, second = first[:, None], second
    size = 1 / DRIFT**2
    log = stats.norm.logpdf(latent, 1.5, np.sqrt(0.8)) + stats.norm.logpdf(first, 0, 0.3) + stats.norm.logpdf(second, 0, 0.6)
    for count, rate in zip(counts, (latent + first, 1 + np.log(2) + 1.5 * (latent - 1) + second), strict=True):
        log = log + stats.nbinom.logpmf(count, size, size / (size + np.exp(rate)))
    weight = np.exp(log - log.max()).sum((1, 2))
    weight /= weight.sum()
    mean = float(weight @ latent[:, 0, 0])
    sd = float(np.sqrt(weight @ (latent[:, 0, 0] - mean) ** 2))
    cities, rng = Cities(density), np.random.default_rng(7)
    for _ in range(10):
        cities.climb(state)
    cities.curve(state, cities.unknowns(state))
    chain, middle = [], cities.unknowns(state)
    for _ in range(100):
        cities.move(state, rng, middle)
        chain.append(state.latent[:, 0].copy())
    assert np.mean(chain) == pytest.approx(mean, abs=0.04 * sd)
    assert np.std(chain) == pytest.approx(sd, rel=0.03)


# Influence


def _without(layout: Layout, place: int) -> Layout:
    channels = layout.list_of == place
    return replace(layout, covers=layout.covers & ~channels)


@pytest.mark.slow
def test_leaving_out_a_list_by_one_step_agrees_with_the_mode_without_it() -> None:
    posterior = measurement.sampled(measurement.world(24, 4)[0], 3, draws=60)
    layout = posterior.layout
    latent, change = influence.without_each(posterior)
    cities, state = influence.at_mode(posterior)
    place = 4
    left = Cities(replace(cities.density, layout=_without(layout, place)))
    for _ in range(8):
        left.climb(state)
    exact, guessed = (state.latent - latent)[:, :3].ravel(), change[place][:, :3].ravel()
    # A list of provinces ties the cities of each, which one step leaves out.
    assert np.corrcoef(exact, guessed)[0, 1] > 0.8
    assert (exact @ guessed) / (guessed @ guessed) == pytest.approx(1, abs=0.35)
    unread = layout.column_of[layout.list_of != place]
    assert np.abs(change[place]).max() > 0.05
    assert set(unread) == set(range(layout.columns.count))


@pytest.mark.slow
@pytest.mark.parametrize("world", [4, 9, 11])
def test_leaving_out_a_list_of_provinces_lets_levels_and_attention_follow(world: int) -> None:
    """In eight worlds the step is .95 to 1.2 times the change of the mode; how well cities agree differs, with .3 to .97."""
    posterior = measurement.sampled(measurement.world(24, world)[0], 3, draws=60)
    layout = posterior.layout
    place = int(np.flatnonzero(layout.by_region)[0])
    change = influence.without_each(posterior)[1][place]
    cities, mode = influence.at_mode(posterior)
    totals = [part for part in layout.totals if layout.list_of[part.channel] != place]
    states = []
    for each in (layout, replace(_without(layout, place), totals=totals)):
        density = replace(cities.density, layout=each)
        together, state = Together(Shared(density, sampler.HELD), Cities(density)), copy(mode)
        for _ in range(20):
            together.climb(state)
        states.append(state)
    exact = states[1].latent - states[0].latent
    assert np.abs(exact).max() > 0.02
    assert np.corrcoef(exact.ravel(), change.ravel())[0, 1] > 0.7
    assert (exact * change).sum() / (change**2).sum() == pytest.approx(1, abs=0.2)


@pytest.mark.slow
def test_leaving_out_a_list_by_one_step_agrees_with_sampling_without_it() -> None:
    # A list of provinces ties cities together, which chains of this length feel.
    layout, _ = measurement.world(24, 3, [item for item in measurement.LISTS if not item.by_region])
    settled = shared(measurement.settled(layout, 3, BRIEF))
    posterior, without = (Posterior.of(each, [sampler.sample(each, settled, 500, 3)]) for each in (layout, _without(layout, 3)))
    _, change = influence.without_each(posterior)
    resampled = without.draws("latent").mean(0) - posterior.draws("latent").mean(0)
    # The step leaves what the list knows of a whole group as it is, so cities are compared within their group.
    in_group = np.eye(layout.groups)[layout.group_of]
    within = np.eye(len(in_group)) - in_group @ (in_group / in_group.sum(0)).T
    exact, guessed = (within @ values[:, :3] for values in (resampled, change[3]))
    assert np.corrcoef(exact.ravel(), guessed.ravel())[0, 1] > 0.998
    assert (exact * guessed).sum() / (guessed**2).sum() == pytest.approx(1, abs=0.07)


# Worlds that break the assumptions


def _lie(layout: Layout, truth: State, how: str, rng: np.random.Generator) -> Layout:
    """Return what lists show that copy each other, that look where cities are large, or 4% of whose rows stand elsewhere."""
    counts = layout.counts.copy()
    of = {place: np.flatnonzero(layout.list_of == place) for place in range(len(layout.lists))}
    if how == "copies":
        # Half of the second list of deals is taken from the first.
        counts[:, of[4]] = rng.binomial(counts[:, of[0]].astype(int), 0.5) + rng.binomial(counts[:, of[4]].astype(int), 0.5)
    elif how == "fame":
        fame = 0.3 * stats.zscore(truth.latent.mean(1))
        for place in (0, 2, 4):
            counts[:, of[place]] = rng.poisson(counts[:, of[place]] * np.exp(fame)[:, None])
    else:
        for place in (0, 2, 4):
            total = counts[:, of[place]].sum(1)
            for channel in of[place]:
                wrong = rng.binomial(counts[:, channel].astype(int), 0.04)
                counts[:, channel] += rng.multinomial(wrong.sum(), total / total.sum()) - wrong
        layout = replace(layout, wrong=np.where(np.isin(layout.list_of, (0, 2, 4)), 0.04, 0.0))
    return replace(layout, counts=np.where(layout.covers, counts, 0.0))


#: How often intervals cover at least; in these worlds they cover .94, .85 and .88. The noise of brief pilots moves it: over ten
#: worlds of honest lists they cover .86, and with the pilots of a build .91, or .88 where rows are wrong.
LEAST_COVERED = {"wrong rows": 0.88, "fame": 0.8, "copies": 0.83}


@pytest.mark.slow
@pytest.mark.parametrize("how", LEAST_COVERED)
def test_intervals_cover_where_lists_deceive(how: str) -> None:
    shares = []
    for seed in range(DECEIVED):
        layout, truth = measurement.world(40, 300 + seed)
        shown = _lie(layout, truth, how, np.random.default_rng(seed))
        shares.append(covered(ranks_of_the_truth(shown, truth, seed, BRIEF)))
    assert np.mean(shares) >= LEAST_COVERED[how]
