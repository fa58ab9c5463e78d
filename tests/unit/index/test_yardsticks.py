"""Values are in the unit of the fullest list of the scope."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.index.measurement.posterior import Posterior
from pipelines.index.tables import values
from pipelines.index.yardsticks import Yardstick, held, yardstick
from tests.support import measurement
from tests.support.measurement import ListOf

LISTS = (
    ListOf("deals", family="press", anchor=True),
    ListOf("deals", family="press", dated=False),
    ListOf("deals", family="press", group=0),
)


def drawn(levels: tuple[float, float, float], national: tuple[float, float] = (0.0, 0.0)) -> Posterior:
    """Three lists that hold so much; the family knows the two groups so much better."""
    layout = measurement.layout_of(3, LISTS)
    layout.counts[:] = 1.0
    unknown = Posterior(layout, {})
    chains = {
        "level": np.array(levels)[layout.list_of] + unknown.reference[layout.column_of],
        "base": np.zeros(3),
        "national": np.array([national]),
        "own_national": np.array([[0.0, 0.0], [0.0, 0.5], [0.0, 0.0]]),
    }
    return Posterior(layout, {name: value[None, None] for name, value in chains.items()})


def test_the_fullest_list_is_the_yardstick() -> None:
    found = yardstick(drawn((0.0, 1.0, 0.5)), "deals")
    assert (found.name, found.is_stock) == ("1", True)
    assert yardstick(drawn((2.0, 1.0, 0.5)), "deals").name == "0"


def test_what_a_list_holds_is_what_its_family_and_itself_know_of_the_countries_it_looks_at() -> None:
    posterior = drawn((0.3, 1.0, 9.0), (5.0, -2.0))
    assert held(posterior, 0) == pytest.approx(0.3 + 1.5)
    assert held(posterior, 1) == pytest.approx(1.0 + 1.5 + 0.25)
    assert held(posterior, 2) == pytest.approx(9.0 + 5.0), "it looks at the first group only"


def test_a_census_knows_every_country_alike() -> None:
    posterior = drawn((0.3, 1.0, 9.0), (5.0, -2.0))
    census = replace(posterior.layout, family_of=np.full(3, -1))
    assert held(replace(posterior, layout=census), 1) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("is_stock", "unit", "shown"),
    [
        (False, "deals", "deals a year"),
        (True, "unicorns", "unicorns"),
        (False, "companies per 10,000 residents", "companies a year per 10,000 residents"),
    ],
)
def test_a_unit_says_whether_it_is_a_flow(is_stock: bool, unit: str, shown: str) -> None:
    assert values._unit(unit, Yardstick("list", np.zeros(1), is_stock)) == shown
