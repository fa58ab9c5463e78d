"""Claim 13: which cities are compared around the approval of a park, and the verdict."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.claims import parks
from pipelines.claims.facts import Facts, Window
from pipelines.index import BENCHMARK, UNDATED
from tests.support.claims import NOW, facts, index_of

#: The year in which half of the cities get a park.
YEAR = 2000


def parked(
    at_low: float,
    more: float,
    scale: float,
    rise: tuple[float, float] = (0.0, 0.0),
    seed: int = 6,
    pillars: tuple[str, ...] = ("P1",),
) -> Facts:
    """120 cities with a score in schools, half of them with a park, and companies founded in the thirty years around it.

    ``rise`` is how much those with a park gained on the others in the ten years before it, as a logarithm, where schools are
    poor, and how much more where they are good.
    """
    rng = np.random.default_rng(seed)
    names = [f"C{number}" for number in range(120)]
    score, has_park = rng.uniform(10, 90, 120), np.arange(120) < 60
    lift, lifted = (np.where(has_park, low + high * (score - 30) / 40, 0.0) for low, high in ((at_low, more), rise))
    years = np.arange(30)
    strength = np.outer(years >= 20, lift) + np.outer(years >= 10, lifted)
    counts = rng.poisson(scale * np.exp(0.01 * score + strength)).astype(float)
    row = {"dataset": "list", "started": "founded", "country": "CN"}
    starts = [
        row | {"city": name, "year": YEAR - 20 + int(year), "n": counts[year, place]}
        for place, name in enumerate(names)
        for year in years
    ]
    return facts(
        index_of(np.tile([*score, 100.0], (2, 1)), pillars, (*names, BENCHMARK)),
        company_starts=starts,
        residents=[{"city": name, "population": 1_000_000} for name in names],
        zones=[{"city": name, "approved_year": YEAR} for name in names[:60]],
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("at_low", "more", "scale", "verdict"),
    [
        (0.0, 0.5, 2.0, "supported"),
        (0.4, 0.0, 2.0, "contradicted"),
        (0.5, 0.5, 2.0, "not separable"),
        (0.0, 0.0, 2.0, "not separable"),
        (0.0, 0.5, 0.002, "no data"),
    ],
)
def test_parks_alone(at_low: float, more: float, scale: float, verdict: str) -> None:
    found = parks.parks_alone("founded", parked(at_low, more, scale), NOW, "list")
    assert found.verdict == verdict
    assert verdict != "no data" or found.found.startswith(f"{found.n} companies founded around")
    if found.low is not None:
        assert found.years == (YEAR - parks.SPAN, NOW.last)
        assert (found.low > 1) == (at_low > 0), "the number shown is the first, whatever the verdict"


def test_years_of_a_list_without_dates_are_those_around_the_approvals() -> None:
    world, today = parked(0.0, 0.5, 2.0), Window("current", UNDATED, UNDATED)
    assert parks.parks_alone("founded", world, today, "list").years == (YEAR - parks.SPAN, world.index.headline)


def test_a_number_that_may_be_above_one_does_not_show_that_parks_do_nothing() -> None:
    """It is not significant, and its interval reaches far above 1."""
    found = parks.parks_alone("founded", parked(0.0, 0.8, 0.4), NOW, "list")
    assert found.low < 1 < parks.MARGIN < found.high
    assert (found.verdict, "the rule is met" in found.found) == ("not separable", False)


def test_without_a_score_in_schools_there_is_nothing_to_compare() -> None:
    world = parked(0.0, 0.5, 2.0, pillars=("P2", "P3", "P4"))
    assert parks.events(world, 2013, "list", "founded").is_empty()
    assert parks.parks_alone("founded", world, NOW, "list").verdict == "no data"


@pytest.mark.parametrize(("after", "before"), [((0.5, 0.0), (0.5, 0.0)), ((0.0, 0.5), (0.0, 0.5))])
def test_cities_that_pulled_ahead_before_their_park_prove_nothing(
    after: tuple[float, float], before: tuple[float, float]
) -> None:
    """They go on as before, all of them or those with good schools."""
    found = parks.parks_alone("founded", parked(*after, 2.0, rise=before), NOW, "list")
    assert (found.verdict, "10 years before the approvals" in found.detail) == ("not separable", True)
    assert "the rule is met" not in found.found


def test_where_nothing_is_known_of_the_years_before_a_park_nothing_is_decided() -> None:
    world = parked(0.4, 0.0, 2.0)
    late = world.company_starts.filter(pl.col("year") >= YEAR - parks.SPAN)
    found = parks.parks_alone("founded", replace(world, company_starts=late), NOW, "list")
    assert found.low is not None and found.low > 1
    assert found.verdict == "not separable"


def test_conditions_are_schools_and_not_what_counts_companies() -> None:
    """The other pillars are as high as schools are low."""
    world = parked(0.5, 0.5, 2.0, pillars=("P1", "P2", "P3", "P4"))
    result = world.index
    others = {name: [100 - year for year in drawn] for name, drawn in result.posterior_draws.items() if name != "P1"}
    turned = replace(world, index=replace(result, posterior_draws=result.posterior_draws | others))
    found = parks.parks_alone("founded", turned, NOW, "list")
    assert found == parks.parks_alone("founded", world, NOW, "list")
    assert found.verdict == "not separable", "parks do something alone, and more where schools are good"
    assert "; schools are those of 2009 or later, and 60 of these parks are older" in found.detail


@pytest.mark.slow
def test_a_verdict_that_one_city_decides_is_none() -> None:
    found = parks.parks_alone("founded", parked(0.3, 0.0, 2.0, seed=21), NOW, "list")
    assert found.verdict == "not separable"
    assert found.low is not None and found.low > 1, "by all cities the rule is met"
    assert found.found.endswith("; the rule is met, but not if C71 is left out")


def test_of_several_cities_that_decide_a_verdict_the_largest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pl.DataFrame({"city": ["Alba", "Brno", "Cork"], "before": [6, 1, 2], "after": [1, 9, 2]})
    monkeypatch.setattr(parks, "_judged", lambda table, _: "supported" if table.height == 3 else "contradicted")
    assert parks._robust(table, table) == ("not separable", "Brno")
    monkeypatch.setattr(parks, "_judged", lambda table, _: "supported" if "Alba" in table["city"] else "contradicted")
    assert parks._robust(table, table) == ("not separable", "Alba"), "without Brno it stays"


def test_each_city_is_compared_with_its_own_years() -> None:
    row = {"dataset": "list", "started": "founded", "country": "CN"}
    years = {"A": (1985, 1995, 2005), "B": (1996, 2001), "C": (1970,), "D": (1995, 2008), "E": (1965,)}
    starts = [row | {"city": city, "year": year, "n": 1.0} for city, own in years.items() for year in own]
    world = facts(
        index_of(np.tile([1.0, 2.0, 3.0, 4.0, 5.0, 100.0], (2, 1)), ("P1",), (*years, BENCHMARK)),
        company_starts=starts,
        residents=[{"city": city, "population": 1000} for city in years],
        zones=[{"city": city, "approved_year": year} for city, year in (("A", 2000), ("B", 2000), ("D", 2005), ("E", 1960))],
    )
    table = parks.events(world, 2013, "list", "founded")
    assert sorted(set(table["approved"])) == [2000, 2005], "before 1960 no city had a company"
    compared = table.filter(approved=2000).select("city", "is_approved", "before", "after").rows()
    assert compared == [("A", True, 1.0, 1.0), ("B", True, 1.0, 1.0)], "C has none then, D has its own park too soon"
    assert table.filter(city="A")["older"].to_list() == [pytest.approx(np.log1p(1))]
    assert table.filter(approved=2005).select("city", "before", "after").rows() == [("D", 1.0, 1.0)]
    assert table["conditions"].min() is not None and (table["conditions"].min() or 0) <= 0
