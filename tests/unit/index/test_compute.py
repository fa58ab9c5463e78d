"""The index from end to end on a small country: invariances, layers of uncertainty and boundaries.

The world is drawn by code that shares nothing with the estimators; every seed is fixed.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines import settings
from pipelines.index import BENCHMARK, compute
from pipelines.index.diagnostics import sensitivity
from pipelines.index.evidence import boundaries
from pipelines.index.inputs import Inputs
from pipelines.index.result import Result

CITIES = ["Ada", "Bex", "Cob", "Dun", "Eel", "Fen"]
MEASURES = ("c1", "deals", "deals_by_office", "c3", "c5", "deals_received", "founders", "repeat")

MERGED = pl.DataFrame({"preset": ["gba", "gba"], "city": ["Bex", "Cob"], "merged_into": ["Both", "Both"]})

#: Tables of a result beside its values, scores and pairs.
DIAGNOSED = {
    *("index.coherence", "index.rank_probabilities", "index.leave_one_out", "index.weight_flips", "index.sensitivity"),
    *("index.boundaries", "index.boundary_values"),
}


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
    """Return evidence that grows from the last city to the first; the benchmark is above them all."""
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


def inputs(rows: list[dict[str, Any]], table: pl.DataFrame = boundaries.EMPTY, country: str = "CN") -> Inputs:
    evidence = pl.DataFrame(
        rows,
        {"indicator": pl.String, "city": pl.String, "company": pl.String}
        | dict.fromkeys(("year", "year_to"), pl.Int64)
        | {"value": pl.Float64},
    )
    home = evidence.select("company", "city").unique().drop_nulls().sort("company")
    names = sorted(set(evidence["city"]))
    return Inputs(
        evidence=evidence,
        indicators=definitions(),
        cities=pl.DataFrame({"city": names, "country": ["US" if name == BENCHMARK else country for name in names]}),
        companies=home,
        recorded=pl.DataFrame(schema={"city": pl.String, "measure": pl.String, "recorded": pl.Int64, "detected": pl.Int64}),
        country=country,
        boundaries=table,
    )


@pytest.fixture(autouse=True, scope="module")
def few() -> Iterator[None]:
    """Draw no more than a test needs."""
    with pytest.MonkeyPatch.context() as patch:
        for name, count in {"BOOTSTRAPS": 60, "DRAWS": 60, "HEADLINE_DRAWS": 300, "SOBOL": 32}.items():
            patch.setattr(compute, name, count)
        yield


@cache
def plain() -> Result:
    """Return the result of the small country as it is."""
    return compute.compute(inputs(pieces(CITIES)))


def headline(result: Result, measure: str = "Readiness") -> pl.DataFrame:
    return result.scores.filter((pl.col("year") == result.headline) & (pl.col("measure") == measure)).sort("city")


def test_relabelled_cities_keep_every_result() -> None:
    rows = pieces(CITIES)
    other = dict(zip(CITIES, ["Vim", "Yap", "Zed", "Wok", "Urn", "Xer"], strict=True))
    moved = headline(compute.compute(inputs([row | {"city": other.get(row["city"], row["city"])} for row in rows])))
    renamed = headline(plain()).with_columns(pl.col("city").replace(other)).sort("city")
    assert moved["city"].to_list() == renamed["city"].to_list()
    for column in ("score", "rank", "p_first", "score_low_companies", "rank_high_choices", "rank_set_low", "rank_set_high"):
        assert moved[column].to_list() == pytest.approx(renamed[column].to_list(), abs=1e-9), column


def test_unit_of_an_indicator_does_not_change_results() -> None:
    rows = pieces(CITIES)
    scaled = [row | {"value": row["value"] * (1000 if row["indicator"] == "c1" else 1)} for row in rows]
    moved, published = headline(compute.compute(inputs(scaled))), headline(plain())
    for column in ("score", "rank", "p_first", "score_high_total", "rank_low_rules"):
        assert moved[column].to_list() == pytest.approx(published[column].to_list(), abs=1e-9), column


def test_another_seed_changes_probabilities_within_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    first = headline(plain()).drop_nulls("rank")
    monkeypatch.setattr(compute, "SEED", 1)
    second = headline(compute.compute(inputs(pieces(CITIES)))).drop_nulls("rank")
    # The error of two runs, with company resamples that several draws share.
    error = np.sqrt(2 * (0.25 / 300 + 0.25 / 60))
    for column in ("p_first", "p_top3"):
        assert np.abs(first[column].to_numpy() - second[column].to_numpy()).max() < 3 * error, column
    assert first["score"].to_list() == second["score"].to_list()


def test_copy_of_a_city_ties_with_it_and_keeps_the_order() -> None:
    rows = pieces(CITIES)
    twin = [row | {"city": "Bex the Second", "company": row["company"] + "*"} for row in rows if row["city"] == "Bex"]
    doubled = headline(compute.compute(inputs(rows + twin)))
    order = {row["city"]: row["rank"] for row in doubled.iter_rows(named=True)}
    scores = dict(doubled.select("city", "score").iter_rows())
    assert scores["Bex"] == pytest.approx(scores["Bex the Second"], abs=1e-9)
    assert order["Bex"] == order["Bex the Second"]
    kept = headline(plain()).drop_nulls("rank").sort("rank")["city"].to_list()
    assert sorted(kept, key=lambda city: order[city]) == kept


def test_intervals_nest_and_are_empty_without_companies() -> None:
    rows = [row | {"company": None} for row in pieces(CITIES)]
    anchor = [{"indicator": "founders", "city": "Ada", "company": "x", "year": 1990, "year_to": 1990, "value": 1.0}]
    still = headline(compute.compute(inputs(rows + anchor))).drop_nulls("score")
    assert (still["score_high_companies"] - still["score_low_companies"]).to_list() == pytest.approx([0.0] * still.height)
    moving = headline(plain()).drop_nulls("rank")
    for what in ("score", "rank"):
        assert (moving[f"{what}_low_total"] <= moving[f"{what}_low_companies"]).all()
        assert (moving[f"{what}_high_total"] >= moving[f"{what}_high_companies"]).all()
    for layer in ("companies", "rules", "index", "choices", "total"):
        assert (moving[f"score_high_{layer}"] > moving[f"score_low_{layer}"]).any(), layer
    assert (moving["rank_set_low"] <= moving["rank"]).all()
    assert (moving["rank_set_high"] >= moving["rank"]).all()


def test_probabilities_sum_to_one_and_other_years_lack_layers() -> None:
    result = plain()
    assert headline(result)["p_first"].sum() == pytest.approx(1.0)
    sums = result.tables["index.rank_probabilities"].group_by("measure", "city").agg(pl.col("probability").sum())
    assert sums["probability"].to_list() == pytest.approx([1.0] * sums.height)
    assert set(result.tables) == DIAGNOSED
    before = result.scores.filter((pl.col("year") == result.headline - 1) & pl.col("rank").is_not_null())
    assert before["rank_low_total"].null_count() == 0
    assert before["rank_low_rules"].null_count() == before["rank_set_low"].null_count() == before.height
    assert result.scores.select("measure", "city", "year").is_duplicated().sum() == 0


@pytest.mark.slow
def test_merged_cities_score_as_one_city() -> None:
    rows = pieces(CITIES)
    single = [row | {"city": "Both" if row["city"] in ("Bex", "Cob") else row["city"]} for row in rows]
    merged = compute.compute(inputs(rows, MERGED))
    as_one = headline(compute.compute(inputs(single)))
    standings = merged.tables["index.boundaries"].filter((pl.col("preset") == "gba") & (pl.col("measure") == "Readiness"))
    standings = standings.sort("city")
    assert standings["city"].to_list() == as_one["city"].to_list()
    assert standings["score"].to_list() == pytest.approx(as_one["score"].to_list())
    assert standings["rank"].to_list() == as_one["rank"].to_list()
    # The count is the sum of the two; the published boundary is as without the preset.
    values = merged.tables["index.boundary_values"].filter(pl.col("indicator") == "deals")
    by = {(row["preset"], row["city"]): row["value"] for row in values.iter_rows(named=True)}
    assert by["gba", "Both"] == by["city", "Bex"] + by["city", "Cob"]
    assert headline(merged)["score"].to_list() == pytest.approx(headline(plain())["score"].to_list())


def test_shares_of_merged_cities_are_taken_after_summing() -> None:
    """3 of 4 founders and 1 of 12 are 4 of 16, not the mean of the two shares; all cities alike, so nothing is shrunk."""
    rows = [row for row in pieces(CITIES) if row["indicator"] not in ("founders", "repeat")]
    known = {"Bex": (3.0, 4.0), "Cob": (1.0, 12.0)} | dict.fromkeys([*set(CITIES) - {"Bex", "Cob"}, BENCHMARK], (4.0, 16.0))
    for city, (repeat, founders) in known.items():
        row = {"city": city, "company": f"{city}-0", "year": 2015, "year_to": 2015}
        rows += [row | {"indicator": "repeat", "value": repeat}, row | {"indicator": "founders", "value": founders}]
    values = compute.compute(inputs(rows, MERGED)).tables["index.boundary_values"]
    both = values.filter((pl.col("preset") == "gba") & (pl.col("indicator") == "repeat") & (pl.col("city") == "Both"))
    assert both["value"].to_list() == pytest.approx([0.25])
    assert not both["is_missing"].any()


def test_merged_cities_share_the_rank_of_their_area() -> None:
    everything = pl.DataFrame({"preset": "metro", "city": CITIES[1:], "merged_into": "Rest"})
    result = compute.compute(inputs(pieces(CITIES), everything))
    ranks = result.tables["index.rank_probabilities"].filter((pl.col("measure") == "Readiness") & (pl.col("rank") > 2))
    alone = ranks.group_by("city").agg(pl.col("probability").sum())
    # Under the preset there are two areas, so that nobody is behind the second: half of the draws.
    assert alone["probability"].max() < 0.62


def test_presets_that_change_nothing_are_left_out() -> None:
    assert list(boundaries.presets(MERGED, {"Bex", "Dun"})) == ["city", "gba"]
    assert list(boundaries.presets(MERGED, {"Dun"})) == ["city"]


def test_presets_name_known_cities() -> None:
    table = pl.read_csv(settings.REFERENCE / "boundaries.csv")
    known = {*pl.read_csv(settings.REFERENCE / "prefectures.csv")["city"], "Hong Kong"}
    assert set(table["city"]) <= known
    populations = set(pl.read_csv(settings.REGISTER / "city_population.csv")["city"])
    assert {*table["city"], *table.filter(pl.col("preset") == "metro")["merged_into"]} <= populations, "densities need them all"


@pytest.mark.slow
def test_sensitivity_finds_a_planted_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "SOBOL", 128)
    rows = pieces(CITIES)
    # By offices the order of the cities is reversed, with hundreds of deals.
    reverse = [
        {"indicator": "deals_by_office", "city": city, "company": None, "year": 2023, "year_to": 2023, "value": 400.0 * place}
        for place, city in enumerate(CITIES)
    ]
    usual, planted = (
        compute.compute(inputs(evidence, MERGED)).tables["index.sensitivity"].filter(pl.col("measure") == "Readiness")
        for evidence in (rows, rows + reverse)
    )
    assert planted["factor"].n_unique() == 9
    assert set(planted["output"]) == set(sensitivity.OUTPUTS)
    about = (pl.col("output") == "log lead") & (pl.col("factor") == "attribution")
    assert usual.filter(about)["total"].item() < 0.05 < 0.15 < planted.filter(about)["total"].item()


@pytest.mark.parametrize("cities", [CITIES[:1], CITIES[:2]])
def test_country_with_one_city_or_two_has_every_table(cities: list[str]) -> None:
    result = compute.compute(inputs(pieces(cities)))
    assert set(result.tables) == DIAGNOSED
    has_rival = len(cities) > 1
    for table in ("index.leave_one_out", "index.weight_flips", "index.sensitivity"):
        assert (result.tables[table].height > 0) is has_rival, table
    assert headline(result).drop_nulls("rank")["rank"].to_list() == list(range(1, len(cities) + 1))
