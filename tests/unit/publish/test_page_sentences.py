"""Sentences and marks of the page: on claims, the backtest, flows of money, and what is not known."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines import settings
from pipelines.index.measurement import measured
from pipelines.publish import claim_numbers
from pipelines.publish.report import basis, city_pages, claims, explorer, page, prose, templates
from pipelines.publish.report.figures import distance, money, people, robustness, trust
from tests.support import release_world
from tests.support.databases import written


def test_reach_is_that_of_the_city_furthest_beyond_the_benchmark() -> None:
    rows = [{"times_less_low": low} for low in (0.1, 0.5, 8.0, None)]
    assert templates.reach(rows) == pytest.approx(1.0)
    assert templates.reach([{"times_less_low": 2.0}]) == 0.0
    assert templates.reach([]) == 0.0


@pytest.mark.parametrize(
    ("claim", "value", "shown", "place"),
    [
        ("1", 0.704, "70%", 70.4), ("15", 3.19, "3.19", 75.19), ("13", 1.25, "1.25", 56.93),
        ("8", 0.999, "above 99%", 99.9), ("4", 2.5, "2.50", 78.47),
        ("4", 0.1, "0.10", 0.0),
        ("4", 9.0, "9.00", 100.0), ("6", 0.0, "1", 50.0), ("7", 1.05, "1.05", 55.0), ("7", 1.0, "1.00", 50.0),
    ],
)  # fmt: skip
def test_statistic_stands_on_the_scale_of_its_claim(claim: str, value: float, shown: str, place: float) -> None:
    scale = claim_numbers.SCALES[claim]
    assert scale.text(value) == shown
    assert scale.place(value) == pytest.approx(place, abs=0.01)


@pytest.mark.parametrize(
    ("claim", "low", "high", "says"),
    [
        ("14", 0.986, 0.994, "at least 98%"), ("14", 0.996, 1.0, "at least 99%"), ("8", 0.958, 0.988, "95% to 99%"),
        ("8", 0.002, 0.78, "anything from below 1% to 78%"), ("8", 0.002, 0.999, "anything from below 1% to above 99%"),
        ("1", 0.704, 0.704, "70%"),
        ("15", 0.194, 3.187, "0.19 to 3.19"),
    ],
)  # fmt: skip
def test_interval_says_what_the_draws_can(claim: str, low: float, high: float, says: str) -> None:
    assert claim_numbers.SCALES[claim].interval(low, high) == says


def test_marks_of_a_bar_stand_at_what_the_claim_needs() -> None:
    row = {"estimate": 0.0, "low": 0.0, "high": 0.0}
    marks = {claim: claims._bar(claim_numbers.SCALES[claim], row)["marks"] for claim in ("6", "8", "13")}
    assert marks == {"6": [50.0], "8": [5.0, 25.0], "13": [pytest.approx(56.93)]}


@pytest.mark.parametrize(
    ("row", "sentence", "bar"),
    [
        ({"estimate": None, "low": None, "high": None}, "No row.", None),
        ({"verdict": "lists disagree"}, "No row.", None),
        ({"claim": "0"}, "No row.", None),
        ({"low": None, "high": None}, "No row. 50% of what Beijing and the closest other city have is in Beijing.", None),
        (
            {"low": 0.498, "high": 0.502},
            "No row. 49.8% to 50.2% of what Beijing and the closest other city have is in Beijing (best guess 50%). The claim "
            "needs more than 50%.",
            {"left": 49.8, "width": 0.8, "at": 50.0, "marks": [50.0]},
        ),
        (
            {"claim": "14", "low": 0.4, "high": 0.6, "is_partly_undated": True},
            "Beijing's chance of ranking first is 40% to 60% (best guess 50%). The claim needs 90%. Part of it is by lists "
            "of another year or without one.",
            {"left": 40.0, "width": 20.0, "at": 50.0, "marks": [90.0]},
        ),
    ],
)
def test_claim_is_shown_with_what_it_has(row: dict[str, Any], sentence: str, bar: dict[str, Any] | None) -> None:
    plain = {"claim": "2", "estimate": 0.5, "low": 0.4, "high": 0.6, "verdict": "not separable", "found": "no row"}
    shown = claims._shown(plain | row)
    assert shown["sentence"] == sentence
    assert shown["bar"] == bar


def test_claims_are_of_the_curated_country_and_the_world() -> None:
    row = {"claim": "2", "estimate": None, "low": None, "high": None, "verdict": "no data", "found": "x", "detail": "y"}
    card = pl.DataFrame([row | {"period": period} for period in ("baseline", "current")])
    evidence = pl.DataFrame({"claim": ["2", "3a"], "verdict": ["not separable", "supported"]})
    figures = pl.DataFrame({"claim": ["2", "2", "1"], "metric": ["unicorns", "share_of_vc_amount", "deals_received"]})
    for country, count in (("CN", 1), ("world", 1), ("US", 0)):
        made = claims.cards(country, card, evidence, figures, pl.DataFrame())
        assert len(made["claims"]) == count
        assert (made["tally"] == "") is (count == 0)
    (made,) = claims.cards("CN", card, evidence, figures, pl.DataFrame())["claims"]
    assert [period["period"] for period in made["periods"]] == ["current", "baseline"]
    assert (made["counted"], made["evidence"].height, made["dataset"]) == ("x; y", 1, None)
    assert made["evidence"]["verdict"].to_list() == ["undecided"], "the word that stands above the table"
    assert made["figures"]["metric"].to_list() == ["unicorns", "share of venture capital"]


@pytest.mark.parametrize(
    ("period", "low", "least", "says"),
    [
        ("current", 0.96, 0.872, "Scored in other ways it is 87–97%: undecided below 90%."),
        ("current", 0.96, 0.91, "Scored in other ways it is 91–97%."),
        ("current", 0.85, 0.8, "Scored in other ways it is 80–97%."),
        ("current", 0.96, None, ""),
        ("baseline", 0.96, 0.872, ""),
    ],
)
def test_claim_of_the_first_rank_says_what_other_ways_to_score_would_give(
    period: str, low: float, least: float | None, says: str
) -> None:
    row = {"claim": "14", "period": period, "estimate": 0.97, "low": low, "high": 0.98, "verdict": "supported", "found": ""}
    ranking = pl.DataFrame(
        [
            {"city": "Shanghai", "p_first_low": 0.1, "p_first_high": 0.2},
            {"city": "Beijing", "p_first_low": least, "p_first_high": 0.97},
        ]
    )
    none = pl.DataFrame(schema={"claim": pl.String, "metric": pl.String})
    (card,) = claims.cards("CN", pl.DataFrame([row | {"detail": ""}]), pl.DataFrame(), none, ranking)["claims"]
    assert card["sentence"].partition(" The claim needs 90%.")[2].strip() == says


def test_leader_that_changes_with_an_indicator_is_counted() -> None:
    rows = pl.DataFrame(
        {
            "name": ["x", "x", "y", "y", "z", "z"],
            "leader": ["A", "A", "A", "A", "B", "B"],
            "city": ["A", "B"] * 3,
            "score": [1.0] * 6,
            "score_change": [0.0] * 6,
            "rank": [1, 2] * 3,
            "rank_change": [0, 1, 0, -2, 1, -1],
        }
    )
    leading = pl.DataFrame({"city": ["A", "B"]})
    figure = robustness.left_out(rows, leading)
    assert figure.says == "A stays first in 2 of 3 cases."
    assert figure.chart is not None
    cells = figure.chart["data"]["values"]
    assert [cell["words"] for cell in cells] == ["▲0", "▼1", "▲0", "▲2", "▼1", "▲1"]
    assert figure.chart["height"] == 22 * 3
    stays = robustness.left_out(rows.filter(pl.col("leader") == "A"), leading)
    assert stays.says == "A stays first whichever indicator is left out."


def backtested(**columns: Sequence[object]) -> pl.DataFrame:
    """Return rows of ``index.backtest`` on three targets, of which the last did not go together with Readiness."""
    plain = {
        "target": ["deals, a", "deals, b", "exits, c"], "skill": [0.5, 0.4, 0.1], "low": [0.1, 0.2, 0.0], "high": [0.9, 0.9, 0.2],
        "n_cities": [14, 9, 9], "first_origin": [2005, 2004, 2006], "last_origin": [2006, 2012, 2007], "n_origins": [2, 9, 2],
        "n_learned": [1, 4, 1],
        "p": [0.01, 0.004, 0.3], "tilt_least": [0.1, 0.1, -0.3], "tilt_most": [0.2, 0.2, -0.1], "n": [9, 9, 9],
        "trend_skill": [0.1, 0.1, 0.1], "trend_low": [0.0, 0.0, 0.0], "trend_high": [0.2, 0.2, 0.2],
    }  # fmt: skip
    return pl.DataFrame(plain | columns)


def test_backtest_says_in_short_how_forecasts_fared_and_names_each_quantity_once() -> None:
    rows = backtested()
    tested = "A forecast from a simpler score, tested on earlier years, was better than the assumption that nothing changes"
    assert trust.in_short(rows) == f"{tested} for deals, but no better for exits."
    assert trust.in_short(rows.head(2)) == f"{tested}."
    assert "not yet enough past" in trust.in_short(rows.head(0))


def test_check_of_the_past_has_the_details() -> None:
    assert trust.backtest(backtested()).says.startswith(
        "Tested as of 2004–2012 in 14 cities: those with more of a simpler score, by the register alone, than goes with their "
        "size gained share in deals in five years (p ≤ 0.010). It did not demonstrably tell which would gain share in exits "
        "(p = 0.300)."
    )
    named = backtested().tail(1).with_columns(target=pl.lit("founders, d: companies founded, listed in China"))
    assert trust.backtest(named).says.startswith(
        "Tested as of 2006 and 2007 in 9 cities: a simpler score, by the register alone, did not demonstrably tell which gain "
        "share in companies founded and listed in China in five years (p = 0.300)."
    )


def test_backtest_without_a_bet_says_that_the_two_went_together_nonetheless() -> None:
    """Two origins learned to bet against Readiness, with which gains then went together: no forecast from it has failed."""
    row = backtested(low=[0.0] * 3, high=[0.0] * 3, skill=[0.0] * 3, tilt_most=[-0.5] * 3).head(1)
    said = trust.backtest(row).says
    assert "as of 2005 and 2006" in said
    assert "gained share in deals in five years (p = 0.010)" in said
    assert "For deals the skill is exactly 0: in earlier years more Readiness" in said
    assert "has a skill of exactly 0" in trust.in_short(row)
    assert "worse" not in said + trust.in_short(row)
    assert "not clear" not in said


def test_forecasts_that_are_partly_worse_and_partly_no_bet_are_no_better() -> None:
    rows = backtested(low=[-0.5, -0.1, -0.5], high=[-0.1, 0.1, -0.1], tilt_most=[0.2, -0.5, 0.2])
    assert "was no better than" in trust.in_short(rows)


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (0.0, 0.5, "it is not clear"),
        (-0.5, 0.0, "it is not clear"),
        (0.1, 0.5, "Readiness by the register alone forecast deals better"),
        (-0.5, -0.1, "Readiness by the register alone forecast deals worse"),
    ],
)
def test_forecast_is_better_or_worse_only_beyond_zero(low: float, high: float, says: str) -> None:
    rows = backtested(low=[low] * 3, high=[high] * 3).head(1)
    assert says in trust.backtest(rows).says
    assert ("no better than" in trust.in_short(rows)) == (low <= 0 <= high)
    assert ("worse than" in trust.in_short(rows)) == (high < 0)


def test_sentence_on_flows_is_of_the_first_period_and_list() -> None:
    row = {"dataset": "register", "origin_kind": "city", "origin": "A", "destination_kind": "city", "destination": "A"}
    rows = [
        row | {"period": "now", "deals": 3.0, "share": 1.0},
        row | {"period": "then", "deals": 9.0, "share": 1.0},
        row | {"period": "then", "origin": "B", "deals": 9.0, "share": 0.5},
        row | {"dataset": "other", "period": "now", "origin": "B", "deals": 90.0, "share": 0.5},
    ]
    assert money.flows(pl.DataFrame(rows)).says == (
        "Of investors whose home is known, those in A are credited with 100% of the deals of now. Of the deals of companies in A "
        "it is 100%."
    )
    abroad = pl.DataFrame([row | {"period": "now", "origin_kind": "abroad", "origin": "abroad", "deals": 3.0, "share": 1.0}])
    assert money.flows(abroad).says == (
        "Of investors whose home is known, those abroad are credited with 100% of the deals of now."
    )


def test_sentence_on_returnees_is_of_the_first_two_cities() -> None:
    counted = {"city": ["A", "A", "B"], "field": ["tech", "finance", "tech"], "n": [29, 4, 21]}
    rows = pl.DataFrame(counted | {"first_year": 2014, "last_year": 2023})
    says = "Of A's returnee founders 29 come from technology and 4 from finance; of B's returnee founders 21 come from technology"
    for leading in (["A", "B", "C"], ["C", "A", "B"]):
        figure = people.returnees(rows, pl.DataFrame({"city": leading}))
        assert figure.says == f"{says} and 0 from finance."
        assert "of companies founded 2014–2023, by the field they worked in." in figure.note


@pytest.mark.parametrize(("year_to", "is_counted"), [("2019", True), ("null", False)])
def test_pillar_that_no_list_dates_is_not_said_to_fall(tmp_path: Path, year_to: str, is_counted: bool) -> None:
    file = release_world.published(tmp_path / "published.duckdb")
    with written(file) as connection:
        connection.execute(f"update marts.list_counts set year_to = {year_to}")
    with page.reading(file) as frames:
        pillars = frames["pillars"]
        assert (pillars["n_sources"].null_count() < pillars.height) is is_counted
        assert (pillars["how"].null_count() < pillars.height) is is_counted, "nor to be years behind"


def test_what_is_not_known_of_a_city_is_said() -> None:
    rows = [
        {"pillar": "schools", "city": "A", "times_less": None, "is_realised": False, "score": 50.0, "low": 40.0, "high": 60.0}
        | {"benchmark_score": None, "years_behind": None, "how": None}
    ]
    frame = pl.DataFrame(rows, schema_overrides={"times_less": pl.Float64})
    benchmark = pl.DataFrame({"benchmark": ["Bay"], "base_year": [2015]})
    figure = distance.pillars(frame, pl.DataFrame({"city": ["A"]}), benchmark)
    assert figure.says == "How far A is in each pillar is not known."
    assert city_pages._deck({"scores": {"P1": [1.0, 0.0, 2.0]}}, None, {}) == "It has no rank: too few lists name it."
    in_parts = "on this city, a deal of several investors counted in parts"
    register = "The project's own register has"
    assert basis.hinges(9).startswith(f"{register} 9 rows {in_parts}. From 10 on it would be read as covering it")
    assert basis.hinges(1).startswith(f"{register} 1 row {in_parts}. From 10 on it would be read as covering it")
    for rows in (10, 19):
        assert basis.hinges(rows).startswith(f"{register} {rows} rows {in_parts}; from 10 on")
    assert basis.hinges(20) == basis.hinges(None) == ""
    assert measured.LEAST_ROWS == basis.LEAST_ROWS


def test_money_that_the_questions_quote_is_as_published() -> None:
    file = settings.REGISTER / "published_statistics.csv"
    (row,) = pl.read_csv(file, infer_schema=False).filter(pl.col("metric") == "vc_received").iter_rows(named=True)
    assert (row["city"], row["edition_or_year"], row["source"]) == ("Beijing", "2012", "Martin Prosperity Inst.")
    bay = int(re.findall(r"SF Bay ~(\d+)", row["note"])[0])
    (answer,) = (answer for question, answer in prose.QUESTIONS if "money" in question)
    # The page has "nearly $11 billion", so what the quotient says is rounded down.
    assert f"about {bay // float(row['value']):.0f} times as much venture capital as those of Beijing" in answer


def test_a_ranked_benchmark_is_no_distance_from_itself(tmp_path: Path) -> None:
    with written(release_world.published(tmp_path / "published.duckdb")) as connection:
        connection.execute("update index.ranking set times_less = null where rank = 1")
    with page.reading(tmp_path / "published.duckdb") as frames:
        said = page.first_screen(frames)["how_far"]
        assert frames["ranking"]["city"][1] in said
        assert frames["ranking"]["city"][0] not in said
        cities = explorer.cities(*(frames[name] for name in ("scores", "values", "ranking", "indicators")))
        assert [cities[city]["standing"]["far"] is None for city in frames["ranking"]["city"].head(2)] == [True, False]
