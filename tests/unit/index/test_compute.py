"""The index from end to end on a small country: invariances, intervals, boundaries, and every table."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK, compute, tables
from pipelines.index.compute import Result
from pipelines.index.diagnostics import backtest, distance, robustness, sensitivity
from pipelines.index.measurement.fit import fit
from pipelines.index.measurement.layout import Remainder
from pipelines.index.outlook import growth
from pipelines.index.tables import lists, scores, values
from tests.support import index as small

#: Deals, founders, exits, schools and population: the later a city, the less it has.
HAVE = {
    BENCHMARK: (80.0, 40.0, 8.0, 30.0, 400.0),
    "Ada": (60.0, 30.0, 6.0, 24.0, 300.0),
    "Bex": (55.0, 28.0, 5.5, 22.0, 300.0),
    "Cob": (20.0, 9.0, 1.5, 9.0, 150.0),
    "Dun": (10.0, 4.0, 0.9, 6.0, 90.0),
}
CITIES = [*HAVE][1:]
MERGED = pl.DataFrame({"preset": ["gba", "gba"], "city": ["Bex", "Cob"], "merged_into": ["Both", "Both"]})


#: "Cob" takes in "Bex".
METRO = pl.DataFrame({"preset": ["metro"], "city": ["Bex"], "merged_into": ["Cob"]})


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no more than a test needs."""
    monkeypatch.setattr(compute, "DRAWS", 200)


def inputs(have: dict[str, tuple[float, ...]], spread: float = 0.1, boundaries: pl.DataFrame = small.EMPTY) -> compute.Inputs:
    return small.inputs(small.posterior([*have], small.logs_of(have, 200, spread)), boundaries=boundaries)


@cache
def plain() -> Result:
    return Result.of(inputs(HAVE))


def headline(result: Result, measure: str = "Readiness") -> pl.DataFrame:
    at = (pl.col("year") == result.headline) & (pl.col("measure") == measure)
    return scores.scores(result).filter(at).sort("city")


def test_relabelled_cities_keep_every_result() -> None:
    other = dict(zip(CITIES, ["Vim", "Yap", "Zed", "Urn"], strict=True))
    moved = headline(Result.of(inputs({other.get(city, city): has for city, has in HAVE.items()})))
    renamed = headline(plain()).with_columns(pl.col("city").replace(other)).sort("city")
    assert moved.equals(renamed)


def test_unit_of_a_quantity_does_not_change_results() -> None:
    scaled = {city: (1000 * has[0], *has[1:]) for city, has in HAVE.items()}
    moved, published = headline(Result.of(inputs(scaled))), headline(plain())
    for column in ("score", "score_low", "score_high", "rank", "p_first"):
        assert moved[column].to_list() == pytest.approx(published[column].to_list(), abs=1e-3, nan_ok=True), column


def test_score_is_the_median_and_its_interval_holds_data_and_choices() -> None:
    rows = {row["city"]: row for row in headline(plain()).iter_rows(named=True)}
    ada = rows["Ada"]
    # Schools: it leads. Capital: three parts of 60 / 80 deals, one of equal densities.
    capital = 100 + 0.75 * 10 * np.log2(0.75)
    assert ada["score"] == pytest.approx((100 + capital) / 2, abs=0.5)
    still = {row["city"]: row for row in headline(Result.of(inputs(HAVE, spread=1e-6))).iter_rows(named=True)}["Ada"]
    assert still["score_low"] < still["score"] < still["score_high"], "the choices remain"
    assert still["score_high"] - still["score_low"] < ada["score_high"] - ada["score_low"], "data add to them"
    for row in rows.values():
        assert row["score_low"] <= row["score"] <= row["score_high"]
    assert rows[BENCHMARK]["rank"] is None


def test_pillar_scores_follow_from_their_indicators_though_choices_are_skewed() -> None:
    """Where "Cob" has "Bex" in half of the draws, the medians over all choices lie above the published ones."""
    of = Result.of(inputs(HAVE, 0.01, METRO))
    centre = {(row["measure"], row["city"]): row for row in scores.scores(of).iter_rows(named=True) if row["year"] == of.headline}
    points = dict(zip(of.cities, np.median(of.points, axis=0), strict=True))
    for city in CITIES:
        for pillar in of.definitions.pillars:
            mean = points[city] @ of.effective(pillar)
            assert centre[pillar, city]["score"] == pytest.approx(mean, abs=0.05), (city, pillar)
        assert centre["P6", city]["score"] == centre["Realised", city]["score"], "a pillar that alone makes a score"
    drawn = np.median(of.draws["P6"][of.place][:, of.cities.index("Cob")])
    assert drawn > centre["P6", "Cob"]["score"] + 1
    assert ("P1", BENCHMARK) not in centre


def test_part_of_a_pillar_is_no_score_of_the_benchmark() -> None:
    table = small.indicators((("taught", "P1", "Readiness", "exits", None, "benchmark", 1.0), *small.INDICATORS))
    of = Result.of(replace(inputs(HAVE), indicators=table))
    found = scores.scores(of).filter(measure="P1", year=of.headline)
    assert set(found["city"]) == set(CITIES)


@pytest.mark.slow
def test_city_keeps_the_only_known_indicator_of_a_pillar_in_draws_that_leave_it_out() -> None:
    """No list counts what "Dun" has of exits: "Realised" is its founders alone, whatever a draw leaves out."""
    table = small.indicators((*small.INDICATORS, ("funded", "P6", "Realised", "founders", None, "benchmark", 1.0)))
    drawn = small.uncounted(small.posterior([*HAVE], small.logs_of(HAVE, 200, 0.1)), ["Dun"], "exits")
    of = Result.of(small.inputs(drawn, table))
    founders = np.median(of.points[:, of.cities.index("Dun"), of.definitions.names.index("funded")])
    for measure in ("Realised", "P6"):
        (row,) = headline(of, measure).filter(city="Dun").iter_rows(named=True)
        assert row["score"] == pytest.approx(founders, abs=1e-4)
        assert row["score_low"] < row["score"] < row["score_high"]
    for made in (distance.distance(of), sensitivity.sensitivity(of), growth.growth(of)):
        rows = made.filter(measure="Realised", city="Dun")
        assert rows.height
        assert not any(value != value for value in rows.row(0)), "all of it is a number"


def test_probabilities_sum_to_one_and_ranks_lie_in_their_intervals() -> None:
    ranked = headline(plain()).drop_nulls("rank")
    assert ranked["p_first"].sum() == pytest.approx(1.0)
    assert ranked["p_top3"].sum() == pytest.approx(3.0)
    for low, high in (("rank_low", "rank_high"), ("rank_set_low", "rank_set_high")):
        assert ranked[low].null_count() == 0, "for every ranked city"
        assert (ranked[low] <= ranked["rank"]).all()
        assert (ranked[high] >= ranked["rank"]).all()
    assert (ranked["p_first_low"] <= ranked["p_first"]).all()
    assert (ranked["p_first_high"] >= ranked["p_first"]).all()
    pairs = {
        (row["measure"], row["city"], row["other"]): row["p_above"] for row in scores.pairwise(plain()).iter_rows(named=True)
    }
    assert all(share + pairs[measure, other, city] == pytest.approx(1) for (measure, city, other), share in pairs.items())


@pytest.mark.parametrize(("year", "alike"), [(2020, [2020]), (2022, [2022, 2023, 2024]), (2023, [2022, 2023, 2024])])
def test_what_only_the_headline_year_has_is_not_of_years_with_the_same_draws(year: int, alike: list[int]) -> None:
    of = Result.of(replace(inputs(HAVE), headline=year))
    ranked = scores.scores(of).filter(measure="Readiness").drop_nulls("rank")
    of_headline = ("p_first_low", "p_first_high", "rank_set_low", "rank_set_high")
    assert {column: set(ranked.drop_nulls(column)["year"]) for column in of_headline} == {name: {year} for name in of_headline}
    assert ranked.drop_nulls(of_headline).height == len(CITIES)
    same = ranked.filter(pl.col("year").is_in(alike)).drop("year", *of_headline)
    assert (same.height, same.unique().height) == (len(alike) * len(CITIES), len(CITIES))


def test_city_that_is_known_too_little_is_scored_and_not_ranked() -> None:
    logs = small.logs_of(HAVE, 200, 0.1)
    logs[:, 4] += np.random.default_rng(5).normal(0, 2.0, (200, 5))
    unsure = headline(Result.of(small.inputs(small.posterior([*HAVE], logs))))
    (row,) = unsure.filter(city="Dun").iter_rows(named=True)
    assert (row["is_ranked"], row["rank"]) == (False, None)
    assert row["score"] is not None
    assert unsure.drop_nulls("rank")["city"].to_list() == ["Ada", "Bex", "Cob"]


def test_what_all_cities_share_does_not_unrank_them() -> None:
    """The bridge to the benchmark is uncertain by a factor of ten: scores are wide, ranks are not."""
    logs = small.logs_of(HAVE, 200, 0.05)
    logs[:, 0, :4] += np.random.default_rng(6).normal(0, 2.0, (200, 1))
    found = headline(Result.of(small.inputs(small.posterior([*HAVE], logs)))).drop_nulls("rank")
    assert found["city"].to_list() == CITIES
    assert (found["score_high"] - found["score_low"]).min() > 25


def test_another_seed_changes_probabilities_within_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    first = headline(plain()).drop_nulls("rank")
    monkeypatch.setattr(compute, "SEED", 1)
    second = headline(Result.of(inputs(HAVE))).drop_nulls("rank")
    assert np.abs(first["p_top3"].to_numpy() - second["p_top3"].to_numpy()).max() < 3 * np.sqrt(2 * 0.25 / 200)
    assert first["score"].to_list() == second["score"].to_list()


def test_below_the_end_of_the_scale_a_city_is_not_known_the_better() -> None:
    """What Dun has lies far below a thousandth of the benchmark's, and nobody knows how far: its score is 0 in every draw."""
    logs = small.logs_of(HAVE, 200, 0.1)
    logs[:, 4, :4] += np.random.default_rng(5).normal(-14, 2.0, (200, 1))
    (row,) = headline(Result.of(small.inputs(small.posterior([*HAVE], logs)))).filter(city="Dun").iter_rows(named=True)
    assert row["score_high"] - row["score_low"] < 10
    assert row["rank"] is None


def test_a_city_that_has_merged_takes_no_rank() -> None:
    """Bex has nearly as much as Ada by itself; merged, it is part of Cob."""
    of_preset = values.by_boundary(Result.of(inputs(HAVE, 1e-6, METRO))).filter(preset="metro", measure="Readiness")
    ranked = of_preset.drop_nulls("rank").sort("rank")
    assert (ranked["city"].to_list(), ranked["rank"].to_list()) == (["Cob", "Ada", "Dun"], [1, 2, 3])


def test_an_area_of_two_cities_is_no_draw_of_either() -> None:
    """Places at the top add up, though a boundary would make the second and the third one city."""
    ranked = headline(Result.of(inputs(HAVE, 0.1, MERGED))).drop_nulls("rank")
    assert ranked["p_top3"].sum() == pytest.approx(3.0)


def test_merged_cities_score_as_one_city() -> None:
    merged = Result.of(inputs(HAVE, 1e-6, MERGED))
    both = tuple(np.add(HAVE["Bex"], HAVE["Cob"]))
    as_one = Result.of(inputs({city: has for city, has in HAVE.items() if city not in ("Bex", "Cob")} | {"Both": both}, 1e-6))
    of_preset = values.by_boundary(merged).filter(preset="gba", measure="P2")
    found = dict(of_preset.select("city", "score").iter_rows())
    place = as_one.definitions.pillars.index("P2")
    single = dict(zip(as_one.cities, np.median(as_one.points, axis=0), strict=True))["Both"]
    assert place == 1
    assert found["Both"] == pytest.approx(0.75 * single[1] + 0.25 * single[2], abs=0.01)
    assert headline(merged)["score"].to_list() == pytest.approx(headline(plain())["score"].to_list(), abs=1.0)


def test_indicator_values_tell_value_interval_and_how_well_it_is_known() -> None:
    at = (pl.col("year") == 2020) & (pl.col("city") == "Cob")
    found = {row["indicator"]: row for row in values.indicator_values(plain()).filter(at).iter_rows(named=True)}
    deals = found["deals"]
    assert deals["value"] == pytest.approx(20, rel=0.03)
    assert deals["value_low"] == pytest.approx(20 * np.exp(-0.164), rel=0.05)
    assert found["founder_density"]["value"] == pytest.approx(9 / 150, rel=0.03)
    assert deals["known"] == pytest.approx(1 - 0.0075 / 4, abs=0.001)
    # Against the mean of the four cities, three quarters of the variance are left.
    assert deals["rows_to_halve"] == pytest.approx(400, rel=0.3)
    assert (deals["n_lists"], deals["n_rows"]) == (1, 200), "20 in each of ten periods"
    exact = values.indicator_values(Result.of(inputs(HAVE, 1e-6))).filter(at)
    assert set(exact["rows_to_halve"]) == {30_000}, "there is next to nothing to halve"


def test_years_between_which_nothing_is_measured_have_the_same_values() -> None:
    """The middle of the last period is the end of 2024; the headline's year has no draws of its own."""
    late = values.indicator_values(plain()).filter(pl.col("year") >= 2024).drop("year", "rows_to_halve")
    assert late.unique().height == late["city"].n_unique() * late["indicator"].n_unique() - 1, "the benchmark has no schools"


@pytest.mark.parametrize(("year", "begins"), [(2001, 2001), (2004, 2002), (2011, 2010), (2012, 2012), (1999, 2000), (2026, None)])
def test_there_is_no_value_before_any_list_of_the_country_counts_some(year: int, begins: int | None) -> None:
    counted = pl.DataFrame(
        {"quantity": ["exits", "exits", "deals"], "list": "register", "dataset": "register", "city": ["Ada", "Bex", "Ada"]}
        | {"year": [year, 2007, None], "n": [1.0, 0.0, 3.0]},
        small.COUNTS,
    )
    found = values.indicator_values(Result.of(replace(inputs(HAVE), counts=counted)))
    first = dict(found.filter(city="Cob").group_by("indicator").agg(pl.col("year").min()).iter_rows())
    assert first.get("exits") == begins, "which another city of its country has, and a list that finds none does not begin"
    assert first["deals"] == first["schools"] == 2000, "which no list dates"


def test_pillars_weigh_by_reliability() -> None:
    logs = small.logs_of(HAVE, 400, 0.02)
    # Nothing but noise is known of schools.
    logs[:, :, 3] = np.log(10) + np.random.default_rng(7).normal(0, 0.5, (400, 5))
    found = values.pillars(Result.of(small.inputs(small.posterior([*HAVE], logs))))
    reliability = dict(found.select("pillar", "reliability").iter_rows())
    assert reliability["P1"] < 0.1
    assert reliability["P2"] > 0.95
    readiness = found.filter(measure="Readiness")
    assert readiness["weight"].to_list() == pytest.approx((readiness["reliability"] / readiness["reliability"].sum()).to_list())
    near = dict(found.select("pillar", "n_near_top").iter_rows())
    assert 1 <= near["P2"] < len(HAVE), "the best city and those within two points"


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 4])
def test_country_of_any_size_has_every_table(count: int) -> None:
    some = {city: HAVE[city] for city in [BENCHMARK, *CITIES[:count]]}
    given = inputs(some)
    result = Result.of(replace(given, posterior=replace(given.posterior, fit=fit(given.posterior.layout))))
    made = tables.of(result)
    assert set(made) == {table.table for table in tables.TABLES}
    for table in tables.TABLES:
        table.validate(made[table.table], cast=False)
    assert made["index.headline"].select("n_cities", "n_ranked", "left_out").row(0) == (count, count, None)
    for name in ("index.weight_flips", "index.pairwise"):
        assert (made[name].height > 0) is (count > 1), name


def test_attention_names_cities_a_list_looks_at() -> None:
    seen = np.log(np.array([1.0, 2.0, 0.5, 1.0, 1.0])) + np.random.default_rng(8).normal(0, 0.2, (300, 5))
    drawn = small.posterior([*HAVE], small.logs_of(HAVE, 300), attention=seen)
    drawn.layout.covers[4] = False
    drawn.layout.covers[:, drawn.layout.list_of == 1] = False
    found = lists.attention(Result.of(small.inputs(drawn)))
    assert "founders" not in found["quantity"], "a list that prints only a total looks at no city"
    found = found.filter(quantity="deals")
    assert found["city"].to_list() == [BENCHMARK, "Ada", "Bex", "Cob"]
    ada = found.row(1, named=True)
    assert ada["attention"] == pytest.approx(2, rel=0.05)
    assert ada["attention_low"] == pytest.approx(2 * np.exp(-0.33), rel=0.06)


def test_a_list_that_prints_only_a_total_says_nothing_of_how_it_looks_at_cities() -> None:
    drawn = small.posterior([*HAVE], small.logs_of(HAVE, 300))
    channels = np.flatnonzero(drawn.layout.list_of == 1)
    drawn.layout.covers[:, channels] = False
    left = [Remainder(int(channels[-1]), 30.0, np.array([1, 2]))]
    result = Result.of(small.inputs(replace(drawn, layout=replace(drawn.layout, remainders=left))))
    found = lists.lists(result, pl.DataFrame(schema=lists.ListInfluence.types())).sort("quantity")
    rows = found.select("quantity", "n", "n_cities", pl.col("attention_noise").is_null()).filter(
        pl.col("quantity").is_in(["deals", "founders"])
    )
    assert rows.rows() == [("deals", rows["n"][0], len(HAVE), False), ("founders", 30.0, 0, True)]


def test_world_ranks_the_benchmark_too() -> None:
    result = Result.of(replace(inputs(HAVE), scope="world"))
    assert headline(result, "Realised").sort("rank")["city"].to_list() == [BENCHMARK, *CITIES]


def test_the_benchmark_in_a_scope_has_no_gaps_in_what_is_left_out() -> None:
    # Only schools have the leading city as their goalpost, so the benchmark has no score of them.
    world = Result.of(replace(inputs(HAVE), scope="world"))
    assert BENCHMARK in world.ranked_cities
    assert not robustness.leave_one_out(world)["score"].is_nan().any()


def test_cities_near_the_top_are_within_two_points_of_the_best() -> None:
    """Ten points less is half as much: a city of 1.9 points less is near, one of 2.1 is not."""
    have = {
        city: (*has[:2], 6 * 2 ** (-behind / 10), *has[3:])
        for (city, has), behind in zip(HAVE.items(), (0, 0, 1.9, 2.1, 9), strict=True)
    }
    found = values.pillars(Result.of(inputs(have, 1e-6)))
    assert dict(found.select("pillar", "n_near_top").iter_rows())["P6"] == 2


def test_countries_of_a_scope_come_by_their_cities_and_then_by_the_alphabet() -> None:
    countries = pl.DataFrame({"city": [*HAVE], "country": ["US", "DE", "CN", "CN", "US"]})
    of = Result.of(replace(inputs(HAVE), cities=countries, scope="world"))
    assert tables._countries(of) == ["CN", "US", "DE"]


def test_other_scope_rests_on_what_lists_count_there() -> None:
    """No list counts schools in the benchmark's country, and the list of exits looks at Chinese cities alone.

    All lists are measured together all the same.
    """
    drawn = small.posterior([*HAVE], small.logs_of(HAVE, 200, 0.1))
    drawn = small.uncounted(drawn, (BENCHMARK, "Ada"), "exits", "schools")
    countries = pl.DataFrame({"city": [*HAVE], "country": ["US", "US", "CN", "CN", "CN"]})
    of = {scope: Result.of(replace(small.inputs(drawn), cities=countries, scope=scope)) for scope in ("US", "CN", "world")}
    made = {scope: tables._headline(result, backtest.Backtest.empty()).row(0, named=True) for scope, result in of.items()}
    assert {scope: row["left_out"] for scope, row in made.items()} == {"US": "schools, exits", "CN": None, "world": None}
    assert {scope: row["n_lists"] for scope, row in made.items()} == {"US": 5, "CN": 5, "world": 5}
    assert {scope: row["countries"] for scope, row in made.items()} == {"US": "US", "CN": "CN", "world": "CN,US"}
    counted = values.indicator_values(of["US"]).filter(city="Ada")
    assert set(counted["indicator"]) == {"deals", "founder_density"}
    assert set(distance.distance(of["US"])["city"]) == {"Ada"}, "the benchmark is not compared with itself"
