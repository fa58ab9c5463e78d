"""What a list of the largest leaves out has less than it asks for, more or less, and of how much less it says nothing."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.index.measurement import unnamed
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.model import Model
from tests.support import measurement
from tests.support.measurement import ListOf

CITIES = 40
RESEARCH = np.round(np.exp(np.random.default_rng(5).normal(7.0, 1.2, CITIES)))

#: Cities that a list of those with 1,500 or more leaves out.
SMALL = RESEARCH < 1500


def listed(*, tells: bool) -> Layout:
    """Forty cities in one country; a list of the largest in research, which ``tells`` of the others or not, and two lists."""
    flows = [ListOf(name, family="press", anchor=True) for name in ("deals", "unicorns")]
    lists = ListOf("schools", family="rankings", anchor=True), *flows
    layout = measurement.layout_of(CITIES, lists, regions=1)
    layout = replace(layout, group_of=np.zeros(CITIES, dtype=int))
    layout.covers[SMALL, 0] = False
    layout.counts[:, 0] = np.where(SMALL, 0.0, RESEARCH)
    deals = np.random.default_rng(6).normal(3.0 + 0.4 * (np.log(RESEARCH) - 7), 0.5)
    layout.counts[:, 1:] = np.round(np.exp(deals))[:, None]
    country = np.full(CITIES, "CN")
    return replace(layout, unnamed=unnamed.unnamed(layout.counts[:, 0], country, 0)) if tells else layout


def test_the_unnamed_are_those_without_a_count_in_countries_of_which_enough_are_named() -> None:
    country = np.array(["CN"] * 7 + ["JP"] * 5 + ["US"] * 5)
    counts = np.array([9.0, 0, 3, 4, 0, 5, 6, *[7.0, 8, 9, 10, 0], *[5.0] * 5])
    (part,) = unnamed.unnamed(counts, country, 2)
    assert (part.channel, part.least, part.cities.tolist()) == (2, 3.0, [1, 4])


def test_chance_to_be_left_out_falls_around_the_least_that_is_named() -> None:
    ratio = np.log([0.01, 0.5, 1.0, 2.0, 100.0])
    chance, slope, information = unnamed.terms(ratio)
    assert np.exp(chance[:4]) == pytest.approx([1.0, 8 / 9, 1 / 2, 1 / 9], abs=1e-5)
    assert chance[4] == pytest.approx(-3 * np.log(100))
    ahead, behind = (unnamed.terms(ratio + step)[0] for step in (1e-5, -1e-5))
    assert slope == pytest.approx((ahead - behind) / 2e-5, abs=1e-6)
    # The variance of the slope, of being left out or not.
    p = np.exp(chance)
    assert information == pytest.approx(p * slope**2 + (1 - p) * (slope + 3) ** 2, abs=1e-9)


def test_named_are_counted_and_the_unnamed_known_by_the_border() -> None:
    layout = listed(tells=True)
    assert not layout.covers[SMALL, 0].any(), "nowhere else does the list look at them"
    model, without = Model(layout), Model(listed(tells=False))
    assert model.centre == pytest.approx(without.centre)
    least = RESEARCH[~SMALL].min()
    of_research = model.channel[model.first] == 0
    hidden = of_research & SMALL[model.city[model.first]]
    assert (model.least[hidden] == least).all()
    assert not model.least[~hidden].any()
    logs = np.linspace(np.log(least) - 2, np.log(least) + 2, len(model.counts))
    slope, information = model.told(logs)
    _, expected, known = unnamed.terms(logs[hidden] - np.log(least))
    assert slope[hidden] == pytest.approx(expected)
    assert information[hidden] == pytest.approx(known)


@pytest.mark.slow
def test_cities_that_a_list_of_the_largest_leaves_out_are_not_taken_to_be_large() -> None:
    """From the named alone, who differ little, the others would seem to have nearly as much."""
    error, inside = {}, {}
    for tells in (False, True):
        posterior = measurement.fitted(listed(tells=tells), draws=400)
        column = posterior.layout.column_of[0]
        drawn = posterior.draws("latent")[:, SMALL, column]
        low, middle, high = np.quantile(drawn, [0.05, 0.5, 0.95], axis=0)
        truth = np.log(RESEARCH[SMALL])
        error[tells], inside[tells] = (middle - truth).mean(), ((low <= truth) & (truth <= high)).mean()
    assert error[False] > 0.7
    assert abs(error[True]) < 0.5
    assert inside[True] >= 0.8, "26 of 31 cities"
