"""Scale, definitions, values and choices: small exact cases."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.index import BASE_YEAR, BENCHMARK, choices, scale
from pipelines.index.choices import ALTERNATIVES, FACTORS, Choices, score
from pipelines.index.compute import reliability_of
from pipelines.index.definitions import Definitions
from pipelines.index.headline import headline_of, headline_year
from pipelines.index.values import Values
from tests.support import index as small

NAN = np.nan

#: What cities have of deals, founders, exits, schools and population, in the last period and all others.
HAVE = {
    BENCHMARK: (80.0, 40.0, 8.0, 30.0, 400.0),
    "Ada": (40.0, 40.0, 8.0, 20.0, 800.0),
    "Bex": (10.0, 5.0, 1.0, 5.0, 100.0),
    "Cob": (30.0, 15.0, 7.0, 15.0, 300.0),
}


def definitions(*rows: tuple[object, ...]) -> Definitions:
    return Definitions.of(small.indicators(rows or small.INDICATORS), (*small.FLOWS, *small.STOCKS))


def values(growth: float = 0.0) -> Values:
    return Values(small.posterior([*HAVE], small.logs_of(HAVE), growth=growth), definitions())


# Scale


@pytest.mark.parametrize(("ratio", "points"), [(1.0, 100.0), (0.5, 90.0), (2.0, 110.0), (2.0**-10, 0.0), (1e-9, 0.0)])
def test_ten_points_are_a_doubling_and_the_scale_ends_at_a_thousandth(ratio: float, points: float) -> None:
    assert scale.points(np.log(ratio)) == pytest.approx(points, abs=1e-9)


def test_times_less_undoes_the_points() -> None:
    assert scale.times_less(np.array([100.0, 90.0, 70.0, 110.0])).tolist() == [1.0, 2.0, 8.0, 0.5]


# Definitions


def test_what_no_list_counts_is_left_out_and_weights_sum_to_one_in_a_pillar() -> None:
    known = definitions()
    assert known.names == ["schools", "deals", "founder_density", "exits"]
    assert known.weight.tolist() == [1.0, 0.75, 0.25, 1.0]
    assert known.scores == {"Readiness": ("P1", "P2"), "Realised": ("P6",)}
    assert known.places("Realised").tolist() == [2]
    without_people = Definitions.of(small.indicators(), (*small.FLOWS, "schools"))
    assert without_people.names == ["schools", "deals", "exits"], "a density needs both"
    weightless = [(*row[:6], 0.0) if row[0] == "schools" else row for row in small.INDICATORS]
    assert "P1" not in definitions(*weightless).pillars


# Values


def test_points_are_ratios_to_the_goalpost_of_the_base_year() -> None:
    points = values().points(2020, {})[0]
    ada, bex = points[1], points[2]
    # Schools are measured by the leading city, which is Ada; density by founders over residents: 40/800 against 40/400.
    assert ada.tolist() == pytest.approx([100.0, 90.0, 90.0, 100.0])
    assert bex.tolist() == pytest.approx([80.0, 70.0, 90.0, 70.0])
    np.testing.assert_allclose(points[0], [NAN, 100.0, 100.0, 100.0])
    assert values().goalpost_cities == ["Ada", BENCHMARK, BENCHMARK, BENCHMARK]


def test_no_city_leads_in_what_no_list_counts_there() -> None:
    known = values()
    posterior = small.uncounted(known.posterior, ["Ada"], "schools")
    assert replace(known, posterior=posterior).goalpost_cities[0] == "Cob"


def test_count_of_the_benchmark_tells_nothing_of_what_it_has_no_score_of() -> None:
    """Lists of its country count schools and deals in the benchmark alone: there, schools are unknown and deals inferred."""
    funded = ("funded", "P1", "Readiness", "deals", None, "benchmark", 1.0)
    known = replace(values(), definitions=definitions(*small.INDICATORS, funded))
    abroad = small.uncounted(known.posterior, [BENCHMARK, "Ada"], "exits")
    of = replace(known, posterior=small.uncounted(abroad, ["Ada"], "schools", "deals", is_group=False))
    schools, deals, part = (of.definitions.names.index(name) for name in ("schools", "deals", "funded"))
    assert of.is_unknown[:3, schools].tolist() == [True, True, False]
    assert not of.is_unknown[:, deals].any()
    assert of.only_known[:3, part].tolist() == [False, True, False], "the benchmark has schools too, though it has no score"


def test_goalposts_stay_where_they_were_while_cities_grow() -> None:
    growing = values(growth=np.log(2))
    # A doubling in five years, up to the end of 2024: between the middles of two periods the log runs straight.
    for year, doublings in ((2022, 0.5), (2020, 0.9), (2017, 1.5)):
        assert growing.posterior.log_intensity("deals", year)[0, 0] == pytest.approx(np.log(80) - doublings * np.log(2))
    assert growing.posterior.log_intensity("deals", 2030)[0, 0] == pytest.approx(np.log(80)), "it stands after the last"
    assert growing.points(BASE_YEAR, {})[0, 0, 1] == pytest.approx(100.0)
    assert growing.points(2020, {})[0, 0, 1] == pytest.approx(110.0)


def test_a_steep_list_covers_more_of_what_there_is_where_there_is_more() -> None:
    drawn = small.posterior(["Ada", "Bex"], np.log(np.array([[[400.0] * 5, [100.0] * 5]])), attention=np.log([[3.0, 1.0]]))
    (coverage,) = np.exp(drawn.coverage("deals/register", 2022))
    assert coverage[0] / coverage[1] == pytest.approx(3), "attention alone where the elasticity is 1"
    steep = replace(drawn, values=drawn.values | {"elasticity": drawn.values["elasticity"] + 0.5})
    (coverage,) = np.exp(steep.coverage("deals/register", 2022))
    assert coverage[0] / coverage[1] == pytest.approx(3 * 2), "four times as much, to the power of a half"


def test_merged_cities_have_the_sum_and_ratios_are_taken_after_summing() -> None:
    points = values().points(2020, {"Bex": "Both", "Cob": "Both"})[0]
    assert points[2].tolist() == points[3].tolist()
    assert points[2].tolist() == pytest.approx([100.0, 90.0, 90.0, 100.0]), "20 schools, 40 deals, 20 founders for 400, 8 exits"
    assert points[1].tolist() == pytest.approx(values().points(2020, {})[0, 1].tolist()), "the others stay"


# Choices


def test_scores_are_means_within_pillars_then_across() -> None:
    known = definitions()
    published = Choices.published(known, np.array([0.2, 0.6, 0.9]), 1)
    assert published.pillar_weights[0].tolist() == pytest.approx([0.25, 0.75, 1.0])
    scored = score(np.array([[[50.0, 80.0, 40.0, 30.0], [NAN, 80.0, 40.0, 30.0]]]), published, known)
    assert scored.pillars[0, 0].tolist() == pytest.approx([50.0, 70.0, 30.0])
    assert scored.totals["Readiness"][0].tolist() == pytest.approx([65.0, 70.0]), "what is missing leaves with its weight"
    assert scored.totals["Realised"][0].tolist() == pytest.approx([30.0, 30.0])


def test_every_coordinate_changes_its_own_choice() -> None:
    known = definitions()
    groups = np.array(Choices.groups(known))
    assert [*dict.fromkeys(groups)] == [*FACTORS]
    assert len(groups) == 1 + 3 + 4 + 2 + 1, "one indicator of each score is left out"
    middle = np.full((1, len(groups)), 0.4)

    def at(factor: str) -> Choices:
        moved = middle.copy()
        # One coordinate of several: weights that all rise alike stay as they are.
        moved[0, np.flatnonzero(groups == factor)[-1 if factor == "indicator weights" else 0]] = 0.99
        return Choices.at(moved, known, np.ones(3), 10, 3)

    base = Choices.at(middle, known, np.ones(3), 10, 3)
    parts = {
        "data": ("data",), "pillar weights": ("pillar_weights",), "indicator weights": ("weights",),
        "indicator left out": ("weights",), "boundary": ("boundary",),
    }  # fmt: skip
    for factor, names in parts.items():
        changed = {name for name in ("weights", "pillar_weights", "boundary", "data")
                   if not np.array_equal(getattr(at(factor), name), getattr(base, name))}  # fmt: skip
        assert changed == set(names), factor
    assert (base.data[0], base.boundary[0]) == (4, 1)


def test_only_indicators_of_pillars_with_several_are_left_out() -> None:
    known = definitions()
    points = np.random.default_rng(1).random((3000, len(Choices.groups(known))))
    drawn = Choices.at(points, known, np.ones(3), 10, 2)
    gone = (drawn.weights == 0).mean(0)
    assert gone[[0, 3]].tolist() == [0.0, 0.0]
    assert gone[[1, 2]] == pytest.approx([1 / 3, 1 / 3], abs=0.03)
    assert drawn.pillar_weights[:, :2].sum(1) == pytest.approx(np.ones(3000))
    assert drawn.pillar_weights[:, 0].mean() == pytest.approx(0.5, abs=0.01)
    # Two gamma variables of shape 5: a beta variable of (5, 5), whose standard deviation is 1 / √44.
    assert drawn.pillar_weights[:, 0].std() == pytest.approx(44**-0.5, abs=0.01)


def test_picking_uses_the_whole_unit_interval() -> None:
    assert choices.pick(np.array([0.0, 0.249, 0.25, 0.999, 1.0]), 4).tolist() == [0, 0, 1, 3, 3]


def test_ways_to_make_one_score_by_hand() -> None:
    pillars = np.array([[[100.0, 60.0], [80.0, 78.0]]])
    equal = np.array([[0.5, 0.5]])
    found = {name: way(pillars, equal)[0] for name, way in ALTERNATIVES.items()}
    assert found["mean of scores"].tolist() == [80.0, 79.0]
    assert np.exp(found["geometric mean of scores"]).tolist() == pytest.approx([6000**0.5, 6240**0.5])
    assert found["mean of ratios"].tolist() == pytest.approx([(1 + 1 / 16) / 2, (2**-2 + 2**-2.2) / 2])
    assert found["mean of ranks"].tolist() == [0.5, 0.5]
    assert found["weakest pillar"].tolist() == [60.0, 78.0]
    assert ALTERNATIVES["weakest pillar"](pillars, np.array([[1.0, 0.0]]))[0].tolist() == [100.0, 80.0]


def test_reliability_is_the_share_of_differences_that_is_known() -> None:
    """Cities differ with variance 100; draws scatter with variance 0, 100, and 100 that all cities share."""
    rng = np.random.default_rng(2)
    true = rng.normal(0, 10, (1, 2000))
    known = np.repeat(true, 60, axis=0)
    noisy = true + rng.normal(0, 10, (60, 2000))
    shared = true + rng.normal(0, 10, (60, 1))
    one_each = definitions(
        ("schools", "P1", "Readiness", "schools", None, "benchmark", 1.0),
        ("deals", "P2", "Readiness", "deals", None, "benchmark", 1.0),
        ("exits", "P6", "Realised", "exits", None, "benchmark", 1.0),
    )
    found = reliability_of(np.stack([known, noisy, shared], axis=-1), one_each)
    assert found == pytest.approx([1.0, 0.5, 1.0], abs=0.02)


# Headline year


def test_headline_is_the_last_year_that_a_dated_list_of_deals_covers() -> None:
    def counts(quantity: str, name: str, by_year: dict[int | None, float]) -> pl.DataFrame:
        frame = pl.DataFrame({"year": [*by_year], "n": [*by_year.values()]}, schema={"year": pl.Int64, "n": pl.Float64})
        return frame.select(pl.lit(quantity).alias("quantity"), pl.lit(name).alias("list"), "year", "n")

    steady = counts("deals_received", "a", dict.fromkeys(range(2001, 2013), 10.0))
    assert headline_year(steady) == 2012
    fading = counts("deals_received", "b", dict.fromkeys(range(2001, 2012), 10.0) | {2012: 3.0, 2013: 1.0})
    assert headline_year(fading) == 2012, "3 + 10 + 10 is over half of 30; 1 + 3 + 10 is not"
    later = counts("unicorns", "c", dict.fromkeys(range(2001, 2022), 10.0))
    undated = counts("deals_received", "d", {None: 900.0})
    assert headline_year(pl.concat([steady, later, undated])) == 2012


def test_a_few_deals_of_a_later_year_do_not_move_the_headline() -> None:
    lists, years = ["a"] * 10 + ["b"], [*range(2003, 2013), 2024]

    def headline(added: float) -> int:
        frame = pl.DataFrame({"list": lists, "year": years, "n": [60.0] * 10 + [added]})
        return headline_year(frame.with_columns(quantity=pl.lit("deals_received")))

    assert headline(8.0) == 2012
    assert headline(500.0) == 2024


def test_headline_is_of_what_lists_count_in_the_scope() -> None:
    """The American list ends in 2012 and the Chinese in 2020; a list of provinces knows no city."""
    cities = pl.DataFrame({"city": ["Ada", "Bex", "Cob"], "country": ["CN", "US", "IN"]})
    rows = [
        {"list": name, "city": city, "country": country, "year": year, "n": 100.0}
        for name, city, country, last in (("a", "Ada", None, 2018), ("b", "Bex", None, 2012), ("c", None, "CN", 2020))
        for year in range(2005, last + 1)
    ]
    counts = pl.DataFrame(rows).with_columns(quantity=pl.lit("deals_received"))
    found = {scope: headline_of(counts, cities, scope) for scope in ("CN", "US", "IN", "world")}
    assert found == {"CN": 2020, "US": 2012, "IN": 2020, "world": 2020}
