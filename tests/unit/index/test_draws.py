"""The index with all its uncertainty: rank sets, layers, boundaries, sensitivity, and how much has to change for another leader.

Worlds are drawn by code that shares nothing with the estimators; every seed is fixed.
"""

from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines import settings
from pipelines.index import BENCHMARK, compute
from pipelines.index import draws as uncertainty
from pipelines.index.diagnostics import coherence, robustness, sensitivity
from pipelines.index.evidence import boundaries
from pipelines.index.measure.rules import Rules
from pipelines.index.score import compose

# Rank sets


@pytest.mark.parametrize("gap", [0.0, 0.05, 0.2, 1.0])
def test_rank_sets_cover_simultaneously(gap: float) -> None:
    """300 worlds of six means, ties and near ties included: all true ranks inside all sets in 90% of them or more."""
    rng = np.random.default_rng(80)
    truth = np.arange(6) * gap
    best_true = 1 + (truth > truth[:, None]).sum(1)
    worst_true = 6 - (truth < truth[:, None]).sum(1)
    covered = 0
    for _ in range(300):
        sample = truth + rng.normal(size=(120, 6))
        resampled = rng.multinomial(120, np.full(120, 1 / 120), size=300) @ sample / 120
        best, worst = uncertainty.rank_sets(sample.mean(0), resampled)
        covered += bool(((best <= best_true) & (worst >= worst_true)).all())
    assert covered / 300 >= 0.90


#: Tables of a result beside its values, scores and pairs.
DIAGNOSED = {
    *("index.coherence", "index.rank_probabilities", "index.leave_one_out", "index.weight_flips", "index.sensitivity"),
    *("index.boundaries", "index.boundary_values"),
}


def test_rank_sets_separate_what_is_far_apart() -> None:
    draws = np.random.default_rng(9).normal([0, 10, 20], 0.1, size=(300, 3))
    best, worst = uncertainty.rank_sets(np.array([0.0, 10.0, 20.0]), draws)
    assert (best.tolist(), worst.tolist()) == ([3, 2, 1], [3, 2, 1])


def test_rank_probabilities_by_hand() -> None:
    ranks = np.array([[1, 2, 3], [1, 3, 2], [2, 1, 3], [1, 1, 3]])
    found = uncertainty.rank_probabilities(ranks)
    assert found.tolist() == [[0.75, 0.25, 0.0], [0.5, 0.25, 0.25], [0.0, 0.25, 0.75]]


# A small country: six cities, one indicator or two in each pillar

CITIES = ["Ada", "Bex", "Cob", "Dun", "Eel", "Fen"]
MEASURES = ("c1", "deals", "deals_by_office", "c3", "c5", "deals_received", "founders", "repeat")


def definitions() -> pl.DataFrame:
    rows = [
        ("c1", "P1", "count", None, None, 1, 0, "none"),
        ("deals", "P2", "count", None, "deals_by_office", 3, 0, "log1p"),
        ("c3", "P3", "count", None, None, 3, 0, "log1p"),
        ("repeat", "P4", "share", "founders", None, 10, 3, "none"),
        ("c5", "P5", "count", None, None, 3, 0, "log1p"),
        ("deals_received", "P6", "count", None, None, 3, 0, "log1p"),
    ]
    names = ["indicator", "pillar", "kind", "denominator", "alternative", "window", "min_n", "transform"]
    constant = {"direction": 1, "weight": 1.0, "floor": 0.0, "ceiling": None}
    return pl.DataFrame(rows, names, orient="row").with_columns(
        pl.when(pl.col("pillar") == "P6").then(pl.lit("Realised")).otherwise(pl.lit("Readiness")).alias("measure"),
        pl.when(pl.col("denominator").is_not_null()).then("window").alias("denominator_window"),
        *(pl.lit(value, pl.Float64 if name == "ceiling" else None).alias(name) for name, value in constant.items()),
    )


def pieces(cities: list[str], seed: int = 81) -> list[dict[str, Any]]:
    """Evidence that grows from the last city to the first; the benchmark is above them all."""
    rng = np.random.default_rng(seed)
    rows = []
    for place, city in enumerate([*cities, BENCHMARK]):
        size = 12 if city == BENCHMARK else 9 - place
        for year in range(2005, 2025):
            for firm in range(size):
                company = f"{city}-{firm}"
                row = {"city": city, "company": company, "year": year, "year_to": year}
                for measure in MEASURES:
                    repeats = measure == "repeat" and rng.random() > 0.2 + 0.05 * size
                    if not repeats and rng.random() < 0.6:
                        rows.append(row | {"indicator": measure, "value": 1.0})
                if rng.random() < 0.5:
                    rows.append(row | {"indicator": "founders", "value": 1.0})
    return rows


def inputs(rows: list[dict[str, Any]], table: pl.DataFrame = boundaries.EMPTY, country: str = "CN") -> compute.Inputs:
    evidence = pl.DataFrame(
        rows,
        {"indicator": pl.String, "city": pl.String, "company": pl.String}
        | dict.fromkeys(("year", "year_to"), pl.Int64)
        | {"value": pl.Float64},
    )
    home = evidence.select("company", "city").unique().drop_nulls().sort("company")
    names = sorted(set(evidence["city"]))
    return compute.Inputs(
        evidence=evidence,
        indicators=definitions(),
        cities=pl.DataFrame({"city": names, "country": ["US" if one == BENCHMARK else country for one in names]}),
        companies=home,
        recorded=pl.DataFrame(schema={"city": pl.String, "measure": pl.String, "recorded": pl.Int64, "detected": pl.Int64}),
        country=country,
        boundaries=table,
    )


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many draws as a test needs."""
    for name, count in {"BOOTSTRAPS": 60, "DRAWS": 60, "HEADLINE_DRAWS": 300, "SOBOL": 32}.items():
        monkeypatch.setattr(compute, name, count)


def headline(result: compute.Result, measure: str = "Readiness") -> pl.DataFrame:
    return result.scores.filter((pl.col("year") == result.headline) & (pl.col("measure") == measure)).sort("city")


def test_relabelling_cities_relabels_everything_and_changes_nothing() -> None:
    rows = pieces(CITIES)
    other = dict(zip(CITIES, ["Vim", "Yap", "Zed", "Wok", "Urn", "Xer"], strict=True))
    plain = headline(compute.compute(inputs(rows)))
    moved = headline(compute.compute(inputs([row | {"city": other.get(row["city"], row["city"])} for row in rows])))
    renamed = plain.with_columns(pl.col("city").replace(other)).sort("city")
    assert moved["city"].to_list() == renamed["city"].to_list()
    for column in ("score", "rank", "p_first", "score_low_companies", "rank_high_choices", "rank_set_low", "rank_set_high"):
        assert moved[column].to_list() == pytest.approx(renamed[column].to_list(), abs=1e-9), column


def test_the_unit_of_an_indicator_does_not_matter() -> None:
    rows = pieces(CITIES)
    scaled = [row | {"value": row["value"] * (1000 if row["indicator"] == "c1" else 1)} for row in rows]
    plain, moved = (headline(compute.compute(inputs(one))) for one in (rows, scaled))
    for column in ("score", "rank", "p_first", "score_high_total", "rank_low_rules"):
        assert moved[column].to_list() == pytest.approx(plain[column].to_list(), abs=1e-9), column


def test_another_seed_moves_probabilities_within_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    given = inputs(pieces(CITIES))
    first = headline(compute.compute(given)).drop_nulls("rank")
    monkeypatch.setattr(compute, "SEED", 1)
    second = headline(compute.compute(given)).drop_nulls("rank")
    for column in ("p_first", "p_top3"):
        one, other = first[column].to_numpy(), second[column].to_numpy()
        # Two runs, and company resamples that several draws share.
        error = np.sqrt(2 * (0.25 / 300 + 0.25 / 60))
        assert np.abs(one - other).max() < 3 * error, column
    assert first["score"].to_list() == second["score"].to_list()


def test_a_copy_of_a_city_ties_with_it_and_leaves_the_others_in_order() -> None:
    rows = pieces(CITIES)
    twin = [row | {"city": "Bex the Second", "company": row["company"] + "*"} for row in rows if row["city"] == "Bex"]
    plain, doubled = (headline(compute.compute(inputs(one))) for one in (rows, rows + twin))
    order = {row["city"]: row["rank"] for row in doubled.iter_rows(named=True)}
    scores = dict(doubled.select("city", "score").iter_rows())
    assert scores["Bex"] == pytest.approx(scores["Bex the Second"], abs=1e-9)
    assert order["Bex"] == order["Bex the Second"]
    kept = plain.drop_nulls("rank").sort("rank")["city"].to_list()
    assert sorted(kept, key=lambda city: order[city]) == kept


def test_layers_nest_and_what_cannot_vary_does_not() -> None:
    rows = [row | {"company": None} for row in pieces(CITIES)]
    anchor = [{"indicator": "founders", "city": "Ada", "company": "x", "year": 1990, "year_to": 1990, "value": 1.0}]
    still = headline(compute.compute(inputs(rows + anchor))).drop_nulls("score")
    assert (still["score_high_companies"] - still["score_low_companies"]).to_list() == pytest.approx([0.0] * still.height)
    moving = headline(compute.compute(inputs(pieces(CITIES)))).drop_nulls("rank")
    for what in ("score", "rank"):
        assert (moving[f"{what}_low_total"] <= moving[f"{what}_low_companies"]).all()
        assert (moving[f"{what}_high_total"] >= moving[f"{what}_high_companies"]).all()
    for layer in ("companies", "rules", "index", "choices", "total"):
        assert (moving[f"score_high_{layer}"] > moving[f"score_low_{layer}"]).any(), layer
    assert (moving["rank_set_low"] <= moving["rank"]).all()
    assert (moving["rank_set_high"] >= moving["rank"]).all()


def test_probabilities_add_up_and_years_beside_the_headline_have_fewer_layers() -> None:
    result = compute.compute(inputs(pieces(CITIES)))
    assert headline(result)["p_first"].sum() == pytest.approx(1.0)
    found = result.tables["index.rank_probabilities"].group_by("measure", "city").agg(pl.col("probability").sum())
    assert found["probability"].to_list() == pytest.approx([1.0] * found.height)
    assert set(result.tables) == DIAGNOSED
    before = result.scores.filter((pl.col("year") == result.headline - 1) & pl.col("rank").is_not_null())
    assert before["rank_low_total"].null_count() == 0
    assert before["rank_low_rules"].null_count() == before["rank_set_low"].null_count() == before.height
    assert result.scores.select("measure", "city", "year").is_duplicated().sum() == 0


# Boundaries

MERGED = pl.DataFrame({"preset": ["gba", "gba"], "city": ["Bex", "Cob"], "merged_into": ["Both", "Both"]})


def test_merging_is_as_if_it_had_been_one_city() -> None:
    rows = pieces(CITIES)
    one = [row | {"city": "Both" if row["city"] in ("Bex", "Cob") else row["city"]} for row in rows]
    merged = compute.compute(inputs(rows, MERGED))
    as_one = headline(compute.compute(inputs(one)))
    found = (
        merged.tables["index.boundaries"].filter((pl.col("preset") == "gba") & (pl.col("measure") == "Readiness")).sort("city")
    )
    assert found["city"].to_list() == as_one["city"].to_list()
    assert found["score"].to_list() == pytest.approx(as_one["score"].to_list())
    assert found["rank"].to_list() == as_one["rank"].to_list()
    # The count is the sum of the two; the published boundary is as without the preset.
    values = merged.tables["index.boundary_values"].filter(pl.col("indicator") == "deals")
    by = {(row["preset"], row["city"]): row["value"] for row in values.iter_rows(named=True)}
    assert by["gba", "Both"] == by["city", "Bex"] + by["city", "Cob"]
    plain = headline(compute.compute(inputs(rows)))
    assert headline(merged)["score"].to_list() == pytest.approx(plain["score"].to_list())


def test_a_share_is_taken_after_summing() -> None:
    """3 of 4 founders and 1 of 12 are 4 of 16, not the mean of the two shares; all cities alike, so nothing is shrunk."""
    rows = [row for row in pieces(CITIES) if row["indicator"] not in ("founders", "repeat")]
    known = {"Bex": (3.0, 4.0), "Cob": (1.0, 12.0)} | dict.fromkeys([*set(CITIES) - {"Bex", "Cob"}, BENCHMARK], (4.0, 16.0))
    for city, (repeat, founders) in known.items():
        row = {"city": city, "company": f"{city}-0", "year": 2015, "year_to": 2015}
        rows += [row | {"indicator": "repeat", "value": repeat}, row | {"indicator": "founders", "value": founders}]
    values = compute.compute(inputs(rows, MERGED)).tables["index.boundary_values"]
    found = values.filter((pl.col("preset") == "gba") & (pl.col("indicator") == "repeat") & (pl.col("city") == "Both"))
    assert found["value"].to_list() == pytest.approx([0.25])
    assert not found["is_missing"].any()


def test_merged_cities_share_the_rank_of_their_area(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = pl.DataFrame({"preset": "metro", "city": CITIES[1:], "merged_into": "Rest"})
    result = compute.compute(inputs(pieces(CITIES), everything))
    ranks = result.tables["index.rank_probabilities"].filter((pl.col("measure") == "Readiness") & (pl.col("rank") > 2))
    alone = ranks.group_by("city").agg(pl.col("probability").sum())
    # Under the preset there are two areas, so that nobody is behind the second: half of the draws.
    assert alone["probability"].max() < 0.62


def test_presets_leave_out_what_changes_nothing() -> None:
    assert list(boundaries.presets(MERGED, {"Bex", "Dun"})) == ["city", "gba"]
    assert list(boundaries.presets(MERGED, {"Dun"})) == ["city"]


def test_cities_of_the_presets_have_the_names_that_are_used() -> None:
    table = pl.read_csv(settings.REFERENCE / "boundaries.csv")
    known = {*pl.read_csv(settings.REFERENCE / "prefectures.csv")["city"], "Hong Kong"}
    assert set(table["city"]) <= known
    populations = set(pl.read_csv(settings.REGISTER / "city_population.csv")["city"])
    assert {*table["city"], *table.filter(pl.col("preset") == "metro")["merged_into"]} <= populations, "densities need them all"


# Rules and sensitivity


def test_every_coordinate_moves_its_own_rule() -> None:
    has_other = np.array([False, True, False, True])
    groups = Rules.factors(has_other)
    assert groups == ["companies", "attribution", "attribution", "boundary", "window", "imputation"]
    low, high = (Rules.at(np.full((1, len(groups)), point), 10, has_other, 3) for point in (0.0, 0.999))
    assert (low.sample[0], low.boundary[0], low.window[0], low.fills[0], low.takes_other.any()) == (1, 0, 0, False, False)
    assert (high.sample[0], high.boundary[0], high.window[0], high.fills[0]) == (10, 2, 2, True)
    assert high.takes_other[0].tolist() == has_other.tolist()


def test_outputs_have_their_own_shares_and_what_never_varies_owes_nothing() -> None:
    def model(points: np.ndarray) -> np.ndarray:
        return np.column_stack([points[:, 0], 3 * points[:, 1] + points[:, 0], np.ones(len(points))])

    found = sensitivity.sobol(model, ["a", "b"], 1024, seed=1, level=0.90)
    assert found.first[0] == pytest.approx([1, 0], abs=0.02)
    assert found.first[1] == pytest.approx([0.1, 0.9], abs=0.02)
    assert found.total[2].tolist() == [0, 0]


def test_outputs_of_a_ranking_by_hand() -> None:
    published = np.array([2.0, 1.0, 3.0])
    scores = np.array([[30.0, 60.0, 10.0], [80.0, 40.0, 20.0]])
    found = sensitivity.outputs(scores, compose.ranks(scores), published)
    assert found[0].tolist() == pytest.approx([0.0, 1.0, np.log(2)])
    assert found[1].tolist() == pytest.approx([2 / 3, 2.0, -np.log(2)])


def test_sensitivity_names_nine_groups_and_finds_a_planted_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "SOBOL", 128)
    rows = pieces(CITIES)
    # Offices tell the reverse of homes, with hundreds of deals.
    reverse = [
        {"indicator": "deals_by_office", "city": city, "company": None, "year": 2023, "year_to": 2023, "value": 400.0 * place}
        for place, city in enumerate(CITIES)
    ]
    plain, planted = (
        compute.compute(inputs(one, MERGED)).tables["index.sensitivity"].filter(pl.col("measure") == "Readiness")
        for one in (rows, rows + reverse)
    )
    assert planted["factor"].n_unique() == 9
    assert set(planted["output"]) == set(sensitivity.OUTPUTS)
    about = (pl.col("output") == "log lead") & (pl.col("factor") == "attribution")
    assert plain.filter(about)["total"].item() < 0.05 < 0.15 < planted.filter(about)["total"].item()


# What has to change for another leader


def test_smallest_change_of_weights_by_hand() -> None:
    """Ahead by 2 on one member, behind by 1 on the other: level at a third of the weight on the first, a sixth moves."""
    found = robustness.flip(np.array([0.5, 0.5]), np.array([2.0, -1.0]))
    assert found is not None
    assert found.tolist() == pytest.approx([1 / 3, 2 / 3])
    assert robustness.flip(np.array([0.5, 0.5]), np.array([2.0, 1.0])) is None


def test_weight_moves_from_where_the_lead_is_to_where_the_other_is_ahead_most() -> None:
    found = robustness.flip(np.full(4, 0.25), np.array([4.0, 1.0, -1.0, -3.0]))
    # The lead is 1/4; moving weight from 4 to −3 closes it by 7 for every unit: 1/28.
    assert found is not None
    assert found.tolist() == pytest.approx([0.25 - 1 / 28, 0.25, 0.25, 0.25 + 1 / 28])


def test_weights_of_indicators_flip_within_a_pillar_and_between_pillars() -> None:
    half, one_pillar = np.array([0.5, 0.5]), np.zeros(2, dtype=int)
    within = robustness.flip_within(half, np.array([80.0, 40.0]), np.array([40.0, 60.0]), one_pillar)
    assert within is not None
    assert within.tolist() == pytest.approx([1 / 3, 2 / 3], abs=1e-6)
    first, second = np.array([80.0, 30.0]), np.array([20.0, 60.0])
    between = robustness.flip_within(half, first, second, np.arange(2))
    exact = robustness.flip(half, np.log(first / second))
    assert between is not None and exact is not None
    assert between.tolist() == pytest.approx(exact.tolist(), abs=1e-6)
    assert robustness.flip_within(half, np.array([80.0, 40.0]), np.array([70.0, 30.0]), one_pillar) is None


def test_leaving_one_out_by_hand() -> None:
    whole, without = np.array([60.0, 50.0]), np.array([[55.0, 58.0], [70.0, 40.0]])
    found = robustness.leave_one_out("Readiness", 2020, ["A", "B"], ["x", "y"], whole, without)
    assert found["leader"].to_list() == ["B", "B", "A", "A"]
    assert found["rank_change"].to_list() == [1, -1, 0, 0]
    assert found["score_change"].to_list() == [-5.0, 8.0, 10.0, -10.0]


# Coherence


def test_growth_of_all_does_not_make_indicators_belong_together() -> None:
    rng = np.random.default_rng(82)
    noise = rng.normal(size=(12, 8, 3))
    growth = 10.0 * np.arange(12)[:, None, None]
    still, growing = (coherence.within_years(one) for one in (noise, noise + growth))
    assert growing == pytest.approx(still)
    gap = noise.copy()
    gap[:, 0, 1] = np.nan
    assert len(coherence.within_years(gap)) == 12 * 7


def test_a_member_that_does_not_vary_is_left_out_of_its_group() -> None:
    rng = np.random.default_rng(83)
    values = np.column_stack([rng.normal(size=40), np.zeros(40), rng.normal(size=40)])
    values[:, 2] += 5 * values[:, 0]
    found = coherence.table("P1", 2020, ["a", "b", "c"], values, np.full(3, 1 / 3))
    assert found["item_rest"].is_null().to_list() == [False, True, False]
    assert found["nearest"].to_list() == ["c", None, "a"]
    assert found["is_redundant"].to_list() == [True, None, True]
    assert found["alpha"].null_count() == 0
    assert coherence.table("P1", 2020, ["a", "b", "c"], values[:2], np.full(3, 1 / 3))["alpha"].null_count() == 3


@pytest.mark.parametrize("cities", [CITIES[:1], CITIES[:2]])
def test_a_country_with_one_city_or_two_has_its_tables_all_the_same(cities: list[str]) -> None:
    result = compute.compute(inputs(pieces(cities)))
    assert set(result.tables) == DIAGNOSED
    has_rival = len(cities) > 1
    for table in ("index.leave_one_out", "index.weight_flips", "index.sensitivity"):
        assert (result.tables[table].height > 0) is has_rival, table
    assert headline(result).drop_nulls("rank")["rank"].to_list() == list(range(1, len(cities) + 1))
