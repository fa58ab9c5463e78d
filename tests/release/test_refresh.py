"""The whole refresh: what it publishes, what it refuses, and that a refusal leaves the published file alone."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import get_args

import duckdb
import polars as pl
import pytest

from pipelines.claims.agreement import SILENT
from pipelines.claims.finding import Verdict
from pipelines.ingest import recordings, sources
from pipelines.orchestration import refresh as refreshing
from pipelines.orchestration.assets import outcomes, promises, schemas
from pipelines.orchestration.assets.models import MODELS
from pipelines.warehouse import fingerprint
from tests.support.homes import copy_home
from tests.support.register import edit, replace_cell


def test_beijing_walks_from_score_to_a_named_deal_to_its_source(published: duckdb.DuckDBPyConnection, released: Path) -> None:
    score = published.execute("select score from index.ranking where city = 'Beijing' and measure = 'Readiness'").fetchall()
    assert len(score) == 1
    evidence = pl.DataFrame(published.sql("from evidence('Beijing', 'deals_received') where list = 'register'"))
    counted = "select sum(n) from marts.list_counts where quantity = 'deals_received' and list = 'register' and city = 'Beijing'"
    assert published.execute(counted).fetchall() == [(evidence["value"].sum(),)]
    row = evidence.row(0, named=True)
    line = (released / row["source_file"]).read_text("utf-8").splitlines()[row["source_row"] - 1]
    company, date, round_ = row["label"].split(" | ")
    assert line.startswith((f"{company},{date},{round_},", f'"{company}",{date},{round_},'))
    assert row["source"].split(",")[0] in line
    ((sha256,),) = published.execute("select sha256 from core.files where url = ?", [row["source_file"]]).fetchall()
    assert line in (released / "data" / "archive" / "register" / sha256).read_text("utf-8")


def test_every_count_of_a_list_is_the_sum_of_its_evidence(published: duckdb.DuckDBPyConnection) -> None:
    wrong = published.execute(
        """
        with evidence as (
            select indicator as quantity, list, city, year, year_to, sum(value) as n from marts.evidence group by all
        ),
        counts as (
            select quantity, list, city, year, year_to, sum(n) as n from marts.list_counts where city is not null group by all
        )
        select * from evidence e full join counts c using (quantity, list, city, year, year_to)
        where quantity in ('deals_received', 'deals_originated', 'foreign_deals', 'backed_companies')
            and abs(coalesce(e.n, 0) - coalesce(c.n, 0)) > 1e-3
        """
    ).fetchall()
    assert wrong == []


def test_attribution_keeps_its_invariants_on_every_deal(published: duckdb.DuckDBPyConnection) -> None:
    wrong = published.execute(
        """
        select deal, sum(fractional_rule), sum(lead_rule) from marts.deal_origin group by dataset, deal
        having abs(sum(fractional_rule) - 1) > 1e-9 or abs(sum(lead_rule) - 1) > 1e-9
        union all
        select deal, 0, 0 from marts.deal_origin
        where any_rule < fractional_rule or any_rule < lead_rule or office_rule < any_rule
                or fractional_low > fractional_rule or fractional_high < fractional_rule - 1e-9
                or lead_low > lead_rule + 1e-9 or lead_high < lead_rule - 1e-9
        """
    ).fetchall()
    assert wrong == []


def test_scores_agree_with_a_second_way_of_computing_them(published: duckdb.DuckDBPyConnection) -> None:
    """A mean of medians is not the median of means, but near it, from the published pieces alone.

    It is farthest where the draws of a pillar are skewed: where few lists tell, and where the scale ends at 0.
    """
    rows = published.execute(
        """
        with pillars as (
            select d.city, d.pillar, sum(d.weight * d.score) / sum(d.weight) as score
            from marts.indicator_detail as d join index.headline as h on h.year = d.year group by all
        ),
        scores as (
            select p.city, i.measure, sum(i.weight * p.score) / sum(i.weight) as score
            from pillars as p join index.pillars as i on i.pillar = p.pillar group by all
        )
        select abs(s.score - r.score), r.rank <= 50 from scores as s
        join index.ranking as r on r.city = s.city and r.measure = s.measure
        """
    ).fetchall()
    away = [row[0] for row in rows]
    assert len(away) > 80
    assert max(away) < 8
    assert sorted(away)[int(0.99 * len(away))] < 4
    first = [row[0] for row in rows if row[1]]
    assert sum(first) / len(first) < 0.8
    assert sum(away) / len(away) < 1.5


def test_ranking_holds_together(published: duckdb.DuckDBPyConnection) -> None:
    ranking = pl.DataFrame(published.sql("from index.ranking where measure = 'Readiness' order by rank"))
    assert ranking["p_first"].sum() == pytest.approx(1)
    assert (ranking["rank_low"] <= ranking["rank"]).all()
    assert (ranking["rank"] <= ranking["rank_high"]).all()
    assert ranking["rank_low"].min() == 1
    assert "San Francisco Bay Area" not in ranking["city"].to_list()
    pairs = pl.DataFrame(published.sql("from index.pairwise"))
    both = pairs.join(pairs, left_on=["measure", "city", "other"], right_on=["measure", "other", "city"])
    assert (both["p_above"] + both["p_above_right"]).to_list() == pytest.approx([1.0] * both.height)


def test_intervals_contain_what_they_are_intervals_of(published: duckdb.DuckDBPyConnection) -> None:
    outside = published.execute(
        """
        select measure, city from index.ranking
        where score not between score_low and score_high or rank not between rank_low and rank_high
            or rank not between rank_set_low and rank_set_high
            or coalesce(p_first not between p_first_low and p_first_high, false)
        union all
        select indicator, city from marts.indicator_values
        where value not between value_low and value_high or score not between score_low and score_high
        """
    ).fetchall()
    assert outside == []


def test_sources_are_what_landed(published: duckdb.DuckDBPyConnection, released: Path) -> None:
    files = published.execute("select table_name, url, sha256, archived from core.files").fetchall()
    assert {table for table, *_ in files} == {
        row[0] for row in published.execute("select table_name from core.sources where n_rows > 0").fetchall()
    }
    for table, url, sha256, archived in files:
        landed = pl.read_parquet(released / "data" / "landing" / f"{table.removeprefix('landing.')}.parquet")
        assert set(landed.filter(pl.col("source_file") == url)["source_sha256"]) == {sha256}
        assert hashlib.sha256((released / "data" / "archive" / archived).read_bytes()).hexdigest() == sha256


def test_every_source_is_listed_with_its_state(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("select source, status, verified, n_rows, via, retrieved_at from core.sources").fetchall()
    states = {name: (status, verified, via) for name, status, verified, _, via, _ in rows}
    assert states["register"] == ("landed", "in the project", "project")
    assert states["moe"] == ("landed", "recorded bytes", "shipped")
    assert states["crunchbase_investments"] == ("not selected", "recorded bytes", None)
    assert {recorded for name, *_, recorded in rows if name == "moe"} == {"2025-06-20"}
    remote = {source.name for source in sources.ALL if not source.is_local}
    assert {name for name, _, _, n, *_ in rows if n > 0} & remote == {line["source"] for line in recordings.shipped()}
    assert published.execute("select redistribution from core.release").fetchall() == [
        ("may be redistributed, with its sources named",)
    ]


def test_every_claim_has_a_verdict_in_both_periods(published: duckdb.DuckDBPyConnection) -> None:
    card = pl.DataFrame(published.sql("from claims.scorecard"))
    numbers = {claim.rstrip("abc") for claim in card["claim"]}
    assert numbers == {str(number) for number in range(1, 16)}
    assert set(card["period"]) == {"baseline", "current"}
    assert set(card["verdict"]) <= {*get_args(Verdict)}
    assert card.filter(~pl.col("verdict").is_in(SILENT))["estimate"].null_count() == 0
    assert card["found"].str.len_chars().min() > 20
    first = card.filter(pl.col("claim") == "1")
    assert first["bound_low"].null_count() == 0
    assert all(reading in text for text in first["readings"] for reading in ("an investor", "the lead", "each counted", "money"))
    ranges = dict(card.filter(period="baseline").select("claim", "range_is").iter_rows())
    assert ranges["12b"] is None, "both figures are by bodies of one city"
    assert (ranges["14"], ranges["13"], ranges["2"]) == ("precision of the simulation", "90% interval", None)
    assert "2" in set(card.filter(~pl.col("is_same_measure"))["claim"])


def test_distance_and_backtest_are_published_whatever_they_show(published: duckdb.DuckDBPyConnection) -> None:
    distance = pl.DataFrame(published.sql("from index.distance"))
    assert set(distance["measure"]) == {"Readiness", "Realised", "P2", "P3", "P4", "P5", "P6"}
    assert set(distance["how"]) <= {"within the record", "beyond the record", "may be level", "level or ahead"}
    assert (distance.drop_nulls("years_behind")["years_behind"] >= 0).all()
    assert distance.filter(pl.col("how") == "within the record")["years_behind"].null_count() == 0
    backtest = pl.DataFrame(published.sql("from index.backtest"))
    assert backtest["target"].to_list() == ["founders, financedatabase: companies founded, listed in China"]
    assert (backtest["low"] <= backtest["skill"]).all()
    assert (backtest["skill"] <= backtest["high"]).all()
    assert (backtest["last_origin"] + backtest["horizon"] <= distance["year"].max()).all()
    assert published.sql("select skill from index.headline").fetchall() == [(backtest["finding"][0],)]


def test_other_rankings_are_explained_and_parts_add_up(published: duckdb.DuckDBPyConnection) -> None:
    every = pl.DataFrame(published.sql("from index.differs"))
    parts = pl.sum_horizontal("^by_.*$", "not_explained")
    # Each of the seven is rounded to a billionth.
    assert every.select((parts - pl.col("difference")).abs().max()).item() < 5e-9
    ranks = dict(published.execute("select city, rank from index.ranking where measure = 'Readiness'").fetchall())
    assert [ranks[city] for city in every["city"]] == every["our_rank"].to_list()
    far = every.filter(pl.col("difference").abs() >= 3)
    explained = far.select(pl.col("not_explained").abs() <= 0.2 * pl.col("difference").abs()).to_series()
    assert explained.mean() >= 0.6


def test_growth_and_forecasts_say_what_they_do_not_know(published: duckdb.DuckDBPyConnection) -> None:
    growth = pl.DataFrame(published.sql("from index.growth"))
    untold = growth.filter(pl.col("n_sources") < 2)
    assert untold["p_narrows"].null_count() == untold["years_to_catch_up"].null_count() == len(untold) > 0
    assert growth.filter(pl.col("n_sources") >= 2)["p_narrows"].null_count() == 0
    widens = growth.filter(pl.col("how").str.starts_with("the gap widens"))
    assert widens["years_to_catch_up"].null_count() == len(widens)
    assert (growth["change_low"] <= growth["change_high"]).all()
    due = published.execute("select bool_or(is_due), count(error) from core.forecast_scores").fetchall()
    assert due == [(False, 0)], "nothing that this release forecast can be due in it"


def test_published_file_is_read_only_and_behind_links(released: Path) -> None:
    file = released / "data" / "nextvalley.duckdb"
    assert file.is_symlink()
    assert (released / "data" / "release").is_symlink()
    assert oct(file.resolve().stat().st_mode & 0o777) == "0o444"
    assert not list((released / "data" / "releases").glob(".*"))


def test_dagster_recorded_the_run_with_its_checks(released: Path) -> None:
    with sqlite3.connect(next((released / "data" / "dagster").rglob("runs.db"))) as runs:
        assert runs.execute("select pipeline_name, status from runs order by id").fetchall() == [
            ("land", "SUCCESS"),
            ("build", "SUCCESS"),
        ]
        tag = "select r.pipeline_name, t.value from run_tags t join runs r using (run_id) where t.key = 'nextvalley/release'"
        assert runs.execute(tag).fetchall() == [("build", (released / "data" / "release").resolve().name)]
    with sqlite3.connect(next((released / "data" / "dagster").rglob("index.db"))) as events:
        # The inbox is empty, so nothing of it landed that could be checked.
        sql = "select asset_key, check_name, execution_status from asset_check_executions"
        checks = [check for check in events.execute(sql).fetchall() if "inbox__" not in check[0]]
    # Names in this recording were damaged before it was made; they land, and the check says so.
    damaged = {f"crunchbase_2013__{table}" for table in ("acquisitions", "companies", "rounds")}
    assert {(json.loads(key)[-1], name) for key, name, status in checks if status != "SUCCEEDED"} == {
        (table, outcomes.AS_EXPECTED) for table in damaged
    }
    promising = {model.table for model in MODELS if model.checks}
    promising |= {table.table for table in schemas.BUILT}
    assert {".".join(json.loads(key)) for key, name, _ in checks if name == promises.NAME} == promising


def test_same_inputs_need_no_second_run(in_released: Path) -> None:
    assert refreshing.is_current()
    assert fingerprint.present() is not None


# Refusals


def test_refused_refresh_leaves_the_published_file(released: Path, tmp_path: Path) -> None:
    """Through the command itself, in a copy of a home that has a release."""
    home = copy_home(released, tmp_path / "home")
    before = (home / "data" / "nextvalley.duckdb").resolve()
    content = before.read_bytes()
    edit(home, "zones.csv", replace_cell(3, "2099"))
    environment = os.environ | {
        "NEXTVALLEY_HOME": str(home),
        "DAGSTER_HOME": str(home),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    run = subprocess.run(
        [sys.executable, "-m", "pipelines", "refresh"], cwd=home, env=environment, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 1
    assert "'2099' is in the" in run.stderr
    assert "The published file stays as it was." in run.stderr
    assert "Traceback" not in run.stderr
    assert (home / "data" / "nextvalley.duckdb").resolve() == before
    assert before.read_bytes() == content
