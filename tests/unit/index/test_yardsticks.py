"""Values are in the unit of the fullest list of the scope."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from pipelines.index.measurement.fit import start
from pipelines.index.measurement.layout import Layout, Remainder
from pipelines.index.measurement.model import Model
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.tables import lists, values
from pipelines.index.yardsticks import Yardstick, Yardsticks
from tests.support import index as small
from tests.support import measurement
from tests.support.measurement import ListOf

LISTS = (
    ListOf("deals", family="press", anchor=True),
    ListOf("deals", family="press", dated=False),
    ListOf("deals", family="press", by_region=True, group=1),
)


def drawn(*counts: float) -> Posterior:
    """Three cities that have 1, 2 and 3 in each of three periods, and three lists that count so much in all."""
    layout = measurement.layout_of(3, LISTS, exposure=np.log(5))
    for place, count in enumerate(counts[:2]):
        layout.counts[:, layout.list_of == place] = count / 3 / (layout.list_of == place).sum()
    layout.totals[0].total[:] = counts[2] / layout.totals[0].total.size
    return draw(layout, np.tile(np.log([[1.0], [2.0], [3.0]]), layout.columns.count), 0.5)


def draw(layout: Layout, latent: np.ndarray, elasticity: float = 1.0) -> Posterior:
    """Return one draw of what cities have (city, column), without growth in common."""
    grown = np.zeros((1, layout.groups, layout.columns.count))
    values = {"latent": latent[None], "grown": grown, "elasticity": np.full((1, len(layout.lists)), elasticity)}
    return Posterior(layout, values, start(Model(layout)))


def test_values_add_up_to_what_the_list_counts_where_and_when_it_looks() -> None:
    posterior = drawn(45.0, 60.0, 20.0)
    assert np.exp(Yardsticks(posterior).held(0)) == pytest.approx(45 / (5 * 3 * 6)), "in all periods of five years"
    assert np.exp(Yardsticks(posterior).held(1)) == pytest.approx(60 / (5 * 6)), "in one period"
    assert Yardsticks(posterior).rows(2) == pytest.approx(20.0), "totals of provinces"
    assert np.exp(Yardsticks(posterior).held(2)) == pytest.approx(20 / (5 * 3 * 5)), "in the cities of one group"


def test_what_is_left_of_a_total_adds_up_too() -> None:
    posterior = drawn(45.0, 60.0, 20.0)
    layout = posterior.layout
    place = int(np.flatnonzero(layout.list_of == 1)[0])
    layout.covers[1:, place] = False
    part = replace(posterior, layout=replace(layout, remainders=[Remainder(place, 30.0, np.array([1, 2]))]))
    assert Yardsticks(part).rows(1) == pytest.approx(20 + 30)
    assert np.exp(Yardsticks(part).held(1)) == pytest.approx(50 / (5 * 6)), "as if it looked at the other cities"


def test_a_census_counts_what_there_is_where_it_counts_any() -> None:
    layout = measurement.layout_of(3, (ListOf("schools", exact=True, anchor=True),))
    layout.counts[:, 0] = [0.0, 2.0, 3.0]
    posterior = draw(layout, np.log([[0.5], [2.0], [3.0]]))
    assert Yardsticks(posterior).held(0) == pytest.approx(0.0), "and less than one where it counts none"


@pytest.mark.parametrize(
    ("name", "is_standing", "unit", "says"),
    [
        ("register: law offices", True, "offices", "offices"),
        ("gawc", True, "offices", "points of connectivity"),
        ("csrankings: cs_faculty", True, "works", "faculty"),
        ("crunchbase_2013", True, "companies per 10,000 residents", "companies per 10,000 residents"),
        ("list", False, "deals", "deals a year"),
        ("list", True, "unicorns", "unicorns"),
        ("list", False, "companies per 10,000 residents", "companies a year per 10,000 residents"),
    ],
)
def test_unit_is_of_what_the_yardstick_counts_and_whether_that_flows(name: str, is_standing: bool, unit: str, says: str) -> None:
    assert values._unit(unit, Yardstick(name, np.ones(1), np.zeros(1), is_standing)) == says


def test_values_follow_the_quantity_as_steeply_as_the_yardstick() -> None:
    found = Yardsticks(drawn(45.0, 60.0, 20.0)).of("deals")
    counted = np.exp(found.counted(np.log([[1.0, 2.0, 3.0]]), np.zeros((1, 3))))
    assert counted.sum() * 5 == pytest.approx(60), "they add up to what it counts in five years"
    assert counted[0, 2] / counted[0, 0] == pytest.approx(3**0.5)


def test_a_list_follows_what_cities_have_grown_together_one_for_one() -> None:
    known = small.posterior(["Ada", "Bex"], np.log(np.array([[[400.0] * 5, [100.0] * 5]])), growth=np.log(2))
    columns = known.layout.columns
    since = small.steps_of(columns) - small.steps_of(columns)[columns.middle] * (columns.year_of > 0)
    steep = replace(known, values=known.values | {"grown": np.log(2) * since[None, None], "elasticity": known.values["elasticity"] + 0.5})
    found = Yardsticks(steep).of("deals")
    earlier, now = (np.exp(found.counted(steep.log_intensity("deals", at), steep.grown("deals", at))) for at in (2007, 2022))
    assert now / earlier == pytest.approx(np.full((1, 2), 8.0)), "three doublings, however it follows how cities differ"
    assert now[0, 0] / now[0, 1] == pytest.approx(4**1.5)
    assert steep.coverage("deals/register", 2022) == pytest.approx(steep.coverage("deals/register", 2007)), "so it holds as much"


def test_the_fullest_list_is_the_yardstick() -> None:
    found = Yardsticks(drawn(45.0, 60.0, 20.0)).of("deals")
    assert (found.name, found.is_standing) == ("1", False), "what it does not date happened in several years"
    assert Yardsticks(drawn(450.0, 60.0, 20.0)).of("deals").name == "0"


def of_two_lists(rows: float, chosen: bool = False) -> Posterior:
    """Return a draw of four cities, of a list with so many rows in each, and of another of one country with a hundred."""
    layout = measurement.layout_of(4, (ListOf("deals", anchor=True, chosen=chosen), ListOf("deals", group=1)), exposure=np.log(5))
    for place, n in enumerate((rows, 100)):
        layout.counts[:, layout.list_of == place] = n * layout.covers[:, layout.list_of == place]
    return draw(layout, np.zeros((4, layout.columns.count)))


@pytest.mark.parametrize(
    ("rows", "chosen", "found"),
    [(40, False, "0"), (30, False, "1"), (60, True, "1")],
    ids=["it comes first", "unless it holds less than a third", "or was chosen by hand"],
)
def test_a_list_of_several_countries_comes_before_a_fuller_one_of_one(rows: float, chosen: bool, found: str) -> None:
    assert Yardsticks(of_two_lists(rows, chosen)).of("deals").name == found


def test_a_list_that_looks_at_none_of_the_cities_shown_sets_no_unit() -> None:
    posterior = of_two_lists(10)
    layout = posterior.layout
    looks = layout.covers[:, layout.list_of == 1].any(1)
    assert Yardsticks(posterior).of("deals").name == Yardsticks(posterior, np.flatnonzero(looks)).of("deals").name == "1"
    assert Yardsticks(posterior, np.flatnonzero(~looks)).of("deals").name == "0"
    layout.covers[~looks] = False
    assert Yardsticks(posterior, np.flatnonzero(~looks)).of("deals").name == "1", "unless there is no other"


def test_the_edition_with_most_rows_speaks_for_its_publication() -> None:
    layout = measurement.layout_of(3, (ListOf("deals", anchor=True), ListOf("deals")), exposure=np.log(5))
    layout.counts[:, layout.list_of == 0] = 90 / 9
    layout.covers[1, layout.list_of == 1] = False
    layout.counts[:, layout.list_of == 1] = 80 / 6
    drawn = draw(layout, np.log(np.tile([[1.0], [2.0], [3.0]], layout.columns.count)))
    assert Yardsticks(drawn).of("deals").name == "1", "two lists: the one that holds more of what there is"
    together = replace(layout, series_of=np.array([0, 0]))
    assert Yardsticks(replace(drawn, layout=together)).of("deals").name == "0", "two editions"
    standing = replace(together, is_stock=np.array([True, True]), exposure=np.zeros(len(layout.exposure)))
    assert Yardsticks(replace(drawn, layout=standing)).of("deals").name == "1", "of what stands the fullest edition is the newest"


def counted(looks: tuple[ListOf, ...], counts: dict[str, float]) -> Posterior:
    """Return a draw of three cities in which lists, by their names, count so much in all."""
    layout = replace(measurement.layout_of(3, looks, exposure=np.log(5)), lists=[*counts])
    for place, count in enumerate(counts.values()):
        layout.counts[:, layout.list_of == place] = count / layout.counts[:, layout.list_of == place].size
    return draw(layout, np.log(np.tile([[1.0], [2.0], [3.0]], layout.columns.count)))


def test_a_part_is_counted_as_the_fullest_list_of_the_whole_would() -> None:
    """The press has 40 deals, 10 of them from abroad; the fullest list has 4,000 deals and does not say from where."""
    press = (ListOf("deals", family="press", anchor=True), ListOf("deals", family="full"), ListOf("foreign", family="press"))
    posterior = counted(press, {"deals/press": 40.0, "deals/full": 4_000.0, "foreign/press": 10.0})
    whole, part = Yardsticks(posterior).of("deals"), Yardsticks(posterior).of("foreign", "deals")
    assert (whole.name, part.name) == ("full", "full")
    assert np.exp(part.held - whole.held) == pytest.approx(10 / 40), "a quarter of its deals"
    assert Yardsticks(posterior).of("foreign").name == "press", "by itself it has a unit of its own"
    alone = Yardsticks(posterior).of("foreign", "exits")
    assert alone.name == "press", "as it has where nothing counts the whole"


def test_the_list_that_has_most_of_a_part_tells_how_large_it_is() -> None:
    """The press has 40 deals, 10 of them from abroad; the gazette has 400, and says of one alone that it is from abroad."""
    two = (ListOf("deals", anchor=True), ListOf("deals"), ListOf("foreign"), ListOf("foreign"))
    posterior = counted(two, {"deals/press": 40.0, "deals/gazette": 400.0, "foreign/press": 10.0, "foreign/gazette": 1.0})
    whole, part = Yardsticks(posterior).of("deals"), Yardsticks(posterior).of("foreign", "deals")
    assert (whole.name, part.name) == ("gazette", "gazette")
    assert np.exp(part.held - whole.held) == pytest.approx(10 / 40)


def test_a_city_may_have_more_of_a_part_than_of_the_whole() -> None:
    """Its investors may make more deals than its companies receive."""
    logs = np.log([[1.0, 5.0]])
    result = SimpleNamespace(
        values=SimpleNamespace(log_quantity=lambda quantity, year, areas: {"originated": logs}[quantity]),
        inputs=SimpleNamespace(posterior=SimpleNamespace(grown=lambda quantity, year: np.zeros_like(logs))),
    )
    row = {"quantity": "originated", "per": None, "part_of": "received"}
    stick = Yardstick("full", np.ones(1), np.zeros(1), is_standing=False)
    found = values._count(result, 2020, row, stick, np.arange(2))  # type: ignore[arg-type]
    assert np.exp(found) == pytest.approx(np.array([[1.0, 5.0]]))


def test_a_share_is_as_uncertain_as_what_the_list_counts() -> None:
    posterior = drawn(45.0, 100.0, 20.0)
    posterior = replace(posterior, values={name: np.repeat(draws, 4_000, axis=0) for name, draws in posterior.values.items()})
    chance = lists._chance(Yardsticks(posterior), 1, np.random.default_rng(0))
    assert (chance.mean(), chance.std()) == pytest.approx((1.0, 0.1), rel=0.05)
