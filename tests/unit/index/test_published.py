"""Shapley values of small games, and differences of rank by hand."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.index import BENCHMARK
from pipelines.index.compute import Inputs, Result
from pipelines.index.published import differs
from pipelines.index.published.shapley import shapley
from pipelines.ingest.sources import reference
from tests.support import index as small

# Shapley values that textbooks give


def parts_of(players: str, worth: Callable[[frozenset[str]], float]) -> dict[str, float]:
    return {name: float(part) for name, part in shapley(players, lambda joined: np.array(worth(joined))).items()}


def test_glove_game() -> None:
    """A has a left glove, B and C a right one each; a pair is worth 1."""
    parts = parts_of("ABC", lambda joined: float("A" in joined and bool(joined & {"B", "C"})))
    assert parts == pytest.approx({"A": 4 / 6, "B": 1 / 6, "C": 1 / 6})


def test_airport_game() -> None:
    """A runway costs as much as the largest plane needs: 8, 11, 13 and 18 (Littlechild, Owen 1973)."""
    cost = {"A": 8.0, "B": 11.0, "C": 13.0, "D": 18.0}
    parts = parts_of("ABCD", lambda joined: max((cost[name] for name in joined), default=0.0))
    assert parts == pytest.approx({"A": 2.0, "B": 3.0, "C": 4.0, "D": 9.0})


def test_what_adds_up_is_its_own_part() -> None:
    parts = parts_of("AB", lambda joined: 5.0 + 2.0 * ("A" in joined) - 3.0 * ("B" in joined))
    assert parts == pytest.approx({"A": 2.0, "B": -3.0})


# Differences of rank

CITIES = (BENCHMARK, "Beijing", "Shanghai", "Shenzhen", "Guangzhou")
#: Deals, founders, exits, schools, population: by Readiness the order is that of CITIES, by exits the reverse.
VALUES = {
    BENCHMARK: (900.0, 90.0, 9.0, 9.0, 9.0),
    "Beijing": (800.0, 80.0, 10.0, 8.0, 9.0),
    "Shanghai": (400.0, 40.0, 20.0, 4.0, 9.0),
    "Shenzhen": (200.0, 20.0, 40.0, 2.0, 9.0),
    "Guangzhou": (100.0, 10.0, 80.0, 1.0, 9.0),
}


def result(
    ranks: dict[str, int],
    contents: dict[str, float],
    scope: str = "CN",
    areas: dict[str, str] | None = None,
    spread: float = 0.0,
    year: int = 2020,
    ours: str = "CN",
    per: str | None = None,
) -> Result:
    rows = [("Theirs", "1", year, scope, city, (areas or {}).get(city), rank) for city, rank in ranks.items()]
    inputs: Inputs = replace(
        small.inputs(small.posterior(CITIES, small.logs_of(VALUES, draws=200, spread=spread))),
        rankings=pl.DataFrame(rows, small.RANKINGS, orient="row"),
        contents=pl.DataFrame(
            [("Theirs", name, weight, per if name == "deals" else None) for name, weight in contents.items()],
            small.CONTENTS,
            orient="row",
        ),
    )
    return Result.of(replace(inputs, scope=ours))


def explained(of: Result) -> dict[str, dict[str, object]]:
    rows = {row["city"]: row for row in differs.differs(of).iter_rows(named=True)}
    for row in rows.values():
        parts = sum(row[f"by_{name}"] for name in differs.SWITCHES)
        assert parts + row["not_explained"] == pytest.approx(row["their_rank"] - row["our_rank"])
    return rows


def test_same_ranks_have_nothing_to_explain() -> None:
    rows = explained(result({"Beijing": 1, "Shanghai": 2, "Shenzhen": 3, "Guangzhou": 4}, {"deals": 1.0}))
    assert [(row["our_rank"], row["difference"], row["mainly"]) for row in rows.values()] == [
        (rank, 0, None) for rank in (1, 2, 3, 4)
    ]


def test_noise_below_zero_leaves_no_sign() -> None:
    assert str(differs.rounded(np.array([-1e-12, -0.0, -1.5]))) == "[ 0.   0.  -1.5]"


def test_parts_in_thirds_leave_nothing_unexplained(monkeypatch: pytest.MonkeyPatch) -> None:
    thirds = {name: np.full(4, 1 / 3 if place < 3 else 0.0) for place, name in enumerate(differs.SWITCHES)}
    monkeypatch.setattr(differs, "shapley", lambda *_: thirds)
    rows = explained(result({"Beijing": 2, "Shanghai": 3, "Shenzhen": 4, "Guangzhou": 5}, {"deals": 1.0}, "world"))
    assert {row["difference"]: row["not_explained"] for row in rows.values()} == {1: 0}


def test_other_indicators_explain_the_reverse_order() -> None:
    rows = explained(result({"Guangzhou": 1, "Shenzhen": 2, "Shanghai": 3, "Beijing": 4}, {"exits": 1.0}))
    assert (rows["Beijing"]["difference"], rows["Beijing"]["by_indicators"]) == (3, pytest.approx(3))
    assert (rows["Guangzhou"]["mainly"], rows["Guangzhou"]["not_explained"]) == ("indicators", pytest.approx(0))


def test_scope_takes_the_places_that_they_print() -> None:
    rows = explained(result({"Beijing": 4, "Shanghai": 9, "Shenzhen": 30}, {"deals": 1.0}, "world"))
    assert [row["by_scope"] for row in rows.values()] == pytest.approx([3, 7, 27])
    assert {row["mainly"] for row in rows.values()} == {"scope"}


def test_scope_of_an_index_of_the_world() -> None:
    """Cities that only they rank are between; of a ranking of China, those from elsewhere are not."""
    rows = explained(result({BENCHMARK: 1, "Beijing": 8, "Shanghai": 11}, {"deals": 1.0}, "world", ours="world"))
    assert [(row["our_rank"], row["by_scope"]) for row in rows.values()] == [(1, 0), (2, pytest.approx(6)), (3, pytest.approx(8))]
    rows = explained(result({"Beijing": 1, "Shanghai": 2}, {"deals": 1.0}, "CN", ours="world"))
    assert [(row["our_rank"], row["by_scope"]) for row in rows.values()] == [(2, pytest.approx(-1)), (3, pytest.approx(-1))]


def test_boundary_makes_an_area_one() -> None:
    """Together, Shenzhen and Guangzhou have more deals than Shanghai has, less than Beijing."""
    ranks = {"Beijing": 1, "Shanghai": 3, "Shenzhen": 2, "Guangzhou": 2}
    area = {"Shenzhen": "Pearl River", "Guangzhou": "Pearl River"}
    VALUES["Shenzhen"], kept = (380.0, 38.0, 40.0, 3.8, 9.0), VALUES["Shenzhen"]
    rows = explained(result(ranks, {}, areas=area))
    VALUES["Shenzhen"] = kept
    assert {city: row["by_boundary"] for city, row in rows.items()} == pytest.approx(
        {"Beijing": 0, "Shanghai": 1, "Shenzhen": -1, "Guangzhou": -2}
    )


def test_data_explain_no_more_than_the_lists_leave_open() -> None:
    ranks = {"Beijing": 1, "Shanghai": 2, "Shenzhen": 4, "Guangzhou": 3}
    known = explained(result(ranks, {"deals": 1.0}))["Shenzhen"]
    assert (known["by_data"], known["not_explained"], known["mainly"]) == (0, 1, "not explained")
    open_ = explained(result(ranks, {"deals": 1.0}, spread=0.8))["Shenzhen"]
    assert (open_["by_data"], open_["not_explained"], open_["mainly"]) == (pytest.approx(1), pytest.approx(0), "data")


def test_what_they_count_per_resident_is_divided_by_residents() -> None:
    """Shanghai has half as many deals as Beijing, and a quarter of its residents."""
    VALUES["Shanghai"], kept = (400.0, 40.0, 20.0, 4.0, 2.25), VALUES["Shanghai"]
    ranks = {"Beijing": 2, "Shanghai": 1, "Shenzhen": 3, "Guangzhou": 4}
    in_all, per_resident = (explained(result(ranks, {"deals": 1.0}, per=per)) for per in (None, "population"))
    densities = explained(result(ranks, {"founder_density": 1.0, "deals": 0.0}, per="population"))
    VALUES["Shanghai"] = kept
    assert densities["Beijing"]["by_indicators"] == 1, "what is counted per resident here stays so"
    parts = [(row["Beijing"]["by_indicators"], row["Beijing"]["not_explained"]) for row in (in_all, per_resident)]
    assert parts == [(0, pytest.approx(1)), (pytest.approx(1), pytest.approx(0))]
    assert per_resident["Guangzhou"]["by_indicators"] == 0


def test_shared_rank_stands_for_all_the_ranks_it_takes_up() -> None:
    """Two cities share the second rank, which is ours of the one and one better than ours of the other."""
    rows = explained(result({"Beijing": 1, "Shanghai": 2, "Shenzhen": 2, "Guangzhou": 4}, {"deals": 1.0}))
    assert [(row["difference"], row["by_data"], row["not_explained"]) for row in rows.values()] == [
        (0, 0, 0), (0, 0, 0), (-1, pytest.approx(-1), pytest.approx(0)), (0, 0, 0),
    ]  # fmt: skip


def test_cities_of_one_area_share_no_rank_with_each_other() -> None:
    area = {"Shanghai": "Delta", "Shenzhen": "Delta"}
    rows = explained(result({"Beijing": 1, "Shanghai": 2, "Shenzhen": 2, "Guangzhou": 3}, {"deals": 1.0}, areas=area))
    assert (rows["Shenzhen"]["difference"], rows["Shenzhen"]["by_data"]) == (-1, 0)


def test_ranking_without_stand_ins_is_not_explained_by_what_it_counts() -> None:
    row = explained(result({"Beijing": 2, "Shanghai": 1}, {"murals": 1.0}))["Beijing"]
    assert (row["by_indicators"], row["by_weights"], row["not_explained"]) == (0, 0, 1)


# The published file


def published(name: str) -> pl.DataFrame:
    return reference.FILES.read(name)


def test_rankings_name_cities_and_indicators_that_exist() -> None:
    rankings, contents = published("published_rankings"), published("ranking_contents")
    assert rankings["ranking"].n_unique() >= 8
    china = set(published("prefectures")["city"]) | {"Beijing", "Shanghai", "Tianjin", "Chongqing"}
    assert set(rankings.filter(scope="CN")["city"]) <= china
    assert set(contents["ranking"]) == set(rankings["ranking"])
    assert set(contents["indicator"]) <= set(published("indicators")["indicator"])
