"""What a release remembers of those before, on small files made by hand: each edit is of one kind, and the parts add up."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from math import log
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import settings
from pipelines.errors import InputError
from pipelines.ingest import archive
from pipelines.publish import history, identities, release_before
from pipelines.warehouse import database, queries
from tests.support.databases import close, lent, opened

#: indicator, dataset, company, label, city, year, value
Fact = tuple[str, str, str, str, str, int | None, float]

ALBA, BRNO = (
    ("deals", "register", "Acme", "Acme | A", "Alba", 2012, 1.0),
    ("deals", "register", "Bolt", "Bolt | A", "Brno", 2015, 1.0),
)
FACTS: list[Fact] = [ALBA, BRNO, ("deals", "register", "Core", "Core | A", "Alba", 2014, 1.0)]
COLUMNS = ["indicator", "dataset", "company", "label", "city", "year", "value"]


#: What lists count without naming it.
COUNTS = {"quantity": pl.String, "dataset": pl.String, "city": pl.String, "year": pl.Int32, "n": pl.Float64}
Counts = list[tuple[str, str, str, int | None, float]]


def tables(
    facts: list[Fact], scores: dict[str, float], method: str, headline: int, old: dict[str, float], more: Counts, said: str
) -> dict[str, Any]:
    unnamed = pl.DataFrame(more, COUNTS, orient="row")
    evidence = pl.DataFrame(facts, COLUMNS, orient="row", schema_overrides={"year": pl.Int32})
    groups = [pl.col("indicator").alias("quantity"), "dataset", "city", "year"]
    counts = evidence.group_by(groups, maintain_order=True).agg(pl.col("value").sum().alias("n"))
    forecast = {"what": "rank", "now": 1.0, "value": 1.0, "low": 1.0, "high": 2.0, "measure": "Readiness", "city": "Alba"}
    share = {"what": "share", "now": 0.5, "value": 0.25, "low": 0.0, "high": 0.375, "measure": "deals", "city": "Alba"}
    return {
        "marts.evidence": evidence,
        "marts.list_counts": pl.concat([counts, unnamed]),
        "core.cities": [{"city": city, "country": "CN"} for city in ("Alba", "Brno")],
        "core.indicators": [
            {"indicator": name, "pillar": "P2", "quantity": name, "weight": 1.0}
            for name in ("deals", "backed_companies", "people")
        ],
        "core.release": [
            {"made_at": None, "content_hash": method + str(facts) + str(scores), "method_version": "1"}
            | {"method_hash": method, "scope": "CN", "redistribution": said}
        ],
        "core.sources": [
            {"source": source, "licence_class": "terms" if source == "inbox" else "open"}
            for source in ("register", "census", "inbox")
        ],
        "index.pillars": [{"pillar": "P2", "measure": "Readiness", "weight": 1.0}],
        "index.goalposts": [{"indicator": name} for name in ("deals", "backed_companies", "people")],
        "index.headline": [
            {
                "year": headline,
                "scope": "CN",
                "period_begins": headline // 5 * 5,
                "measured_to": min(headline, headline // 5 * 5 + 2),
            }
        ],
        "index.shares": [{"indicator": "deals", "city": "Alba", "year": 2020, "share": 0.5}],
        "index.ranking": [
            {"measure": "Readiness", "city": city, "rank": rank, "score": score}
            for rank, (city, score) in enumerate(scores.items(), 1)
        ],
        "index.scores": [{"measure": "Readiness", "year": year, "city": "Alba", "rank": 2} for year in (2020, 2021)],
        "index.earlier_data": pl.DataFrame(
            [{"measure": "Readiness", "city": city, "score": score} for city, score in old.items()],
            {"measure": pl.String, "city": pl.String, "score": pl.Float64},
        ),
        "index.forecasts": [
            each | {"forecast": f"seal {headline}", "made_in": headline, "year": headline + ahead}
            for each in (forecast, share)
            for ahead in (1, 4)
        ],
        "claims.scorecard": [{"period": "current", "claim": "1", "estimate": 0.5, "verdict": "supported"}],
        **{table.table: table.empty() for table in (identities.Entities, identities.EntityChanges)},
    }


Release = Callable[..., duckdb.DuckDBPyConnection]

#: The first releases that were made, by what was asked of them: most tests begin with the same.
FIRST: dict[str, bytes] = {}


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """Publish one release after another; each is returned open."""
    made: list[Path] = []
    monkeypatch.setattr(settings, "RELEASES", tmp_path)

    def publish(
        facts: list[Fact],
        scores: dict[str, float],
        method: str = "m1",
        headline: int = 2020,
        old: dict[str, float] | None = None,
        more: Counts | None = None,
        said: str = "may be redistributed",
    ) -> duckdb.DuckDBPyConnection:
        asked = repr((facts, scores, method, headline, old, more, said))
        file = tmp_path / str(len(made)) / settings.PUBLISHED.name
        if not made and asked in FIRST:
            file.parent.mkdir()
            file.write_bytes(FIRST[asked])
            made.append(file)
            return opened(file)
        monkeypatch.setattr(settings, "PUBLISHED", made[-1] if made else tmp_path / settings.PUBLISHED.name)
        unfinished = tmp_path / archive.PART / settings.PUBLISHED.name
        unfinished.parent.mkdir()
        with lent() as connection:
            connection.execute(f"attach '{unfinished}' as published")
            with database.at_once(connection):
                for schema in ("core", "marts", "index", "claims"):
                    connection.execute(f"create schema published.{schema}")
                for name, rows in tables(facts, scores, method, headline, old or {}, more or [], said).items():
                    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(rows)
                    connection.register("frame", frame)
                    connection.execute(f"create table published.{name} as from frame")
                connection.execute("alter table published.core.release alter made_at type timestamp")
                connection.execute("alter table published.index.ranking alter rank type integer")
                connection.execute("update published.core.release set made_at = timestamp '2026-01-01' + to_days(?)", [len(made)])
            history.write(connection)
            for table in history.MADE:
                table.validate(table.arrange(database.query(connection, f"from published.{table.table}")))
            connection.execute("use published")
            connection.execute(f"create macro changed{queries.read('macros').partition('create macro changed')[2]}")
        unfinished.parent.rename(file.parent)
        if not made:
            FIRST[asked] = file.read_bytes()
        made.append(file)
        return opened(file)

    return publish


PARTS = "news, late_data, correction, method"


def parts(file: duckdb.DuckDBPyConnection, since: str = "2026-01-01") -> dict[str, tuple[float, ...]]:
    rows = file.execute(f"select subject, change, {PARTS} from changed('{since}') where measure = 'Readiness'").fetchall()
    for _, change, *split in rows:
        assert sum(split) == pytest.approx(change)
    return {subject: tuple(round(part, 6) for part in split) for subject, _, *split in rows}


BEFORE = {"Alba": 60.0, "Brno": 50.0}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([*FACTS, ("deals", "register", "Dorn", "Dorn | A", "Alba", 2021, 1.0)], (3.0, 0, 0, 0)),
        ([*FACTS, ("deals", "register", "Dorn", "Dorn | A", "Alba", 2020, 1.0)], (0, 3.0, 0, 0)),
        ([*FACTS[:2], ("deals", "register", "Core", "Core | A", "Alba", 2014, 1.25)], (0, 0, 3.0, 0)),
        pytest.param(
            [*FACTS, ("deals", "register", "Dorn", "Dorn | A", "Alba", None, 1.0)], (0, 3.0, 0, 0), marks=pytest.mark.slow
        ),
        (
            [("deals", "register", "Bolt", "Bolt | A", "Alba", 2015, 1.0) if fact is BRNO else fact for fact in FACTS],
            (0, 0, 3.0, 0),
        ),
        pytest.param(FACTS[1:], (0, 0, 3.0, 0), marks=pytest.mark.slow),
        (FACTS, (0, 0, 0, 3.0)),
    ],
)
def test_an_edit_of_one_kind_is_all_of_the_change(release: Release, facts: list[Fact], expected: tuple[float, ...]) -> None:
    """Whatever else moves with it, as the noise of sampling does, is of the same kind."""
    release(FACTS, BEFORE)
    assert parts(release(facts, {"Alba": 63.0, "Brno": 51.0}))["Alba"] == expected


@pytest.mark.parametrize(
    ("label", "others", "expected"),
    [
        pytest.param("Acme | seed", FACTS, (0, 3.0, 0, 0), id="late", marks=pytest.mark.slow),
        pytest.param("Acme | A", FACTS[1:], (0, 0, 3.0, 0), id="corrected"),
    ],
)
def test_first_funding_is_late_or_corrected_as_the_deal_that_moves_it(
    release: Release, label: str, others: list[Fact], expected: tuple[float, ...]
) -> None:
    def first_funded(year: int) -> Fact:
        return ("backed_companies", "register", "Acme", "Acme, first round on record", "Alba", year, 1.0)

    release([*FACTS, first_funded(2012)], BEFORE)
    facts = [*others, ("deals", "register", "Acme", label, "Alba", 2010, 1.0), first_funded(2010)]
    assert parts(release(facts, {"Alba": 63.0, "Brno": 51.0}))["Alba"] == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([("Alba", 2012, 5.0)], [("Brno", 2012, 5.0)], (0, 0, 3.0, 0)),
        ([("Alba", 2012, 5.0)], [("Alba", 2012, 9.0)], (0, 3.0, 0, 0)),
        ([("Brno", 2012, 5.0)], [("Alba", 2012, 8.0)], (0, 1.125, 1.875, 0)),
        pytest.param([("Alba", None, 5.0)], [("Alba", None, 2.0)], (0, 0, 3.0, 0), marks=pytest.mark.slow),
        pytest.param([("Alba", 2012, 5.0)], [("Alba", 2012, 5.0), ("Alba", 2022, 3.0)], (3.0, 0, 0, 0), marks=pytest.mark.slow),
    ],
)
def test_counts_without_named_facts_tell_a_move_from_more(
    release: Release, before: list[Any], now: list[Any], expected: tuple[float, ...]
) -> None:
    """A census names nobody: what one city loses and another gains is corrected."""
    release(FACTS, BEFORE, more=[("people", "census", *row) for row in before])
    newest = release(FACTS, {"Alba": 63.0, "Brno": 51.0}, more=[("people", "census", *row) for row in now])
    assert parts(newest)["Alba"] == expected


@pytest.mark.slow
def test_edits_of_several_kinds_go_to_the_cities_that_they_touch(release: Release) -> None:
    """News in Alba, a deal of Brno dropped; what remains in each is shared as its own facts are."""
    release(FACTS, BEFORE)
    facts = [FACTS[0], FACTS[2], ("deals", "register", "Dorn", "Dorn | A", "Alba", 2021, 1.0)]
    split = parts(release(facts, {"Alba": 62.0, "Brno": 44.0}))
    assert split == {"Alba": (2.0, 0, 0, 0), "Brno": (0, 0, -6.0, 0)}


def test_a_fact_is_worth_ten_points_for_a_doubling(release: Release) -> None:
    """A deal of Alba is dropped and another one is news: a third of the pillar, by one of two deals and one more."""
    release(FACTS, BEFORE)
    facts = [*FACTS[:2], ("deals", "register", "Dorn", "Dorn | A", "Alba", 2021, 1.0)]
    worth = 10 / log(2) / 3 / 3
    split = parts(release(facts, {"Alba": 63.0, "Brno": 50.0}))["Alba"]
    assert split == pytest.approx((1.5 + worth, 0, 1.5 - worth, 0), abs=1e-6)


def test_method_is_what_the_old_data_say_by_it(release: Release) -> None:
    release(FACTS, BEFORE)
    facts = [*FACTS, ("deals", "register", "Dorn", "Dorn | A", "Alba", 2021, 1.0)]
    split = parts(release(facts, {"Alba": 66.0, "Brno": 49.0}, "m2", old={"Alba": 64.0, "Brno": 49.5}))
    assert split == {"Alba": (2.0, 0, 0, 4.0), "Brno": (-0.5, 0, 0, -0.5)}


@pytest.mark.slow
def test_changes_of_several_releases_add_up(release: Release) -> None:
    release(FACTS, BEFORE)
    late = [*FACTS, ("deals", "register", "Dorn", "Dorn | A", "Alba", 2013, 1.0)]
    release(late, {"Alba": 62.0, "Brno": 50.0})
    newest = release(late, {"Alba": 65.0, "Brno": 50.0}, "m2")
    assert parts(newest)["Alba"] == (0, 2.0, 0, 3.0)
    assert parts(newest, "2026-01-02")["Alba"] == (0, 0, 0, 3.0)


def test_facts_keep_when_they_were_learned_and_dropped(release: Release) -> None:
    release(FACTS, BEFORE)
    release(FACTS[1:], BEFORE | {"Alba": 59.0})
    newest = release([*FACTS[1:], ("deals", "register", "Dorn", "Dorn | A", "Brno", 2021, 1.0)], BEFORE)
    rows = newest.execute("select subject, day(learned_at), day(dropped_at), kind from core.fact_history order by 1").fetchall()
    assert rows == [("Acme", 1, 2, None), ("Bolt", 1, None, None), ("Core", 1, None, None), ("Dorn", 3, None, "news")]


LOCAL = "is for local use only: built with Your own exports"
OWN = ("deals", "inbox", "Secret", "Secret | A", "Alba", 2016, 1.0)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(LOCAL, id="said so", marks=pytest.mark.slow),
        pytest.param("may be redistributed", id="was made by a version that did not say so"),
    ],
)
def test_facts_of_removed_exports_leave_no_trace_in_what_may_be_passed_on(release: Release, said: str) -> None:
    release(FACTS, BEFORE)
    release([*FACTS, OWN], {"Alba": 90.0, "Brno": 50.0}, said=said)
    newest = release(FACTS[1:], BEFORE | {"Alba": 59.0})
    rows = newest.execute("select subject, day(learned_at), day(dropped_at), kind from core.fact_history order by 1").fetchall()
    assert rows == [("Acme", 1, 3, None), ("Bolt", 1, None, None), ("Core", 1, None, None)]
    assert newest.execute("select distinct day(made_at) from core.release_history order by 1").fetchall() == [(1,), (3,)]
    assert parts(newest) == {"Alba": (0, 0, -1.0, 0)}


def test_facts_of_a_source_that_is_none_any_more_are_remembered(release: Release) -> None:
    release([*FACTS, ("deals", "removed", "Dorn", "Dorn | A", "Alba", 2016, 1.0)], BEFORE)
    release(FACTS, BEFORE | {"Alba": 59.0})
    newest = release(FACTS, BEFORE | {"Alba": 58.0})
    gone = "select day(learned_at), day(dropped_at) from core.fact_history where subject = 'Dorn'"
    assert newest.execute(gone).fetchall() == [(1, 2)]
    assert newest.execute("select distinct day(made_at) from core.release_history order by 1").fetchall() == [(1,), (2,), (3,)]


def test_local_release_goes_on_from_the_one_before(release: Release) -> None:
    release(FACTS, BEFORE)
    release([*FACTS, OWN], BEFORE, said=LOCAL)
    newest = release(FACTS, BEFORE, said=LOCAL)
    own = "select day(learned_at), day(dropped_at) from core.fact_history where subject = 'Secret'"
    assert newest.execute(own).fetchall() == [(2, 3)]


def test_first_release_that_may_be_passed_on_begins_anew(release: Release) -> None:
    release([*FACTS, OWN], BEFORE, said=LOCAL)
    newest = release(FACTS, BEFORE)
    assert newest.execute("select distinct day(learned_at), dropped_at from core.fact_history").fetchall() == [(2, None)]


def test_forecasts_are_kept_and_scored_when_they_are_due(release: Release) -> None:
    first = release(FACTS, BEFORE, headline=2019)
    columns = "measure, year, error, error_persistence, covered, interval_score"
    due = f"select {columns} from core.forecast_scores where is_due order by 1"
    assert not first.execute(due).fetchall()
    later = release(FACTS, BEFORE | {"Alba": 61.0}, headline=2020)
    # An eighth above its interval of 90%, the share costs twenty eighths more than the width.
    assert later.execute(due).fetchall() == [("Readiness", 2020, 1, 1, 1, 1), ("deals", 2020, 0.25, 0, 0, 0.375 + 20 / 8)]
    scored = "select made_in, year, is_due, count(*), count(error) from core.forecast_scores group by all order by all"
    waiting = [(2019, 2023, False, 2, 0), (2020, 2021, False, 2, 0), (2020, 2024, False, 2, 0)]
    assert later.execute(scored).fetchall() == [(2019, 2020, True, 2, 2), *waiting]


@pytest.mark.slow
def test_no_forecast_is_scored_by_the_period_it_was_made_from(release: Release) -> None:
    """Nor by years after the middle of the newer period, which repeat it."""
    for headline in (2019, 2020):
        close(release(FACTS, BEFORE | {"Alba": float(headline)}, headline=headline))
    newest = release(FACTS, BEFORE, headline=2024)
    due = "select distinct made_in, year, is_due from core.forecast_scores where year <= 2024 order by all"
    assert newest.execute(due).fetchall() == [
        *((2019, 2020, True), (2019, 2023, False)),
        *((2020, 2021, False), (2020, 2024, False)),
    ]


@pytest.mark.parametrize(("days", "is_valid"), [((1, 3), True), ((1, 1), False)], ids=["later", "twice"])
def test_contents_may_come_back_and_each_release_stands_once(days: tuple[int, int], is_valid: bool) -> None:
    """They do when a source is left out again."""
    row = {"content_hash": "a", "method_version": "1.1", "country": "CN", "measure": "Readiness", "subject": "Beijing"}
    rows = [row | {"made_at": datetime(2026, 1, day)} for day in days]
    assert history.ReleaseHistory.is_valid(pl.DataFrame(rows, history.ReleaseHistory.types())) == is_valid


@pytest.fixture
def upgrade(release: Release, tmp_path: Path) -> Callable[[str], duckdb.DuckDBPyConnection]:
    """Publish a release, change its file by SQL to what an older version would have made, and publish another."""

    def publish(sql: str) -> duckdb.DuckDBPyConnection:
        close(release(FACTS, BEFORE))
        with duckdb.connect(tmp_path / "0" / settings.PUBLISHED.name) as connection:
            connection.execute(sql)
        return release(FACTS, {"Alba": 61.0, "Brno": 50.0})

    return publish


Upgrade = Callable[[str], duckdb.DuckDBPyConnection]
OF_RELEASES = "select day(made_at), measure, subject, value, method from core.release_history order by all"
OF_METHOD_1 = """
alter table core.release_history drop column news;
alter table core.release_history drop column method;
update core.release_history set measure = 'claim, now' where measure = 'claim, current';
drop table core.fact_history;
drop table core.forecast_history;
alter table core.release drop column method_hash;
drop table marts.list_counts;
"""


def test_history_of_an_older_layout_goes_on(upgrade: Upgrade) -> None:
    newest = upgrade(OF_METHOD_1)
    assert newest.execute(OF_RELEASES).fetchall() == [
        *((1, "Readiness", "Alba", 60.0, None), (1, "Readiness", "Brno", 50.0, None), (1, "claim, current", "1", 0.5, None)),
        *((2, "Readiness", "Alba", 61.0, None), (2, "Readiness", "Brno", 50.0, None), (2, "claim, current", "1", 0.5, None)),
    ]
    change = "select subject, value_before, value_now, news, method from changed('2026-01-01')"
    assert newest.execute(change).fetchall() == [("Alba", 60.0, 61.0, None, None)]
    assert newest.execute("select distinct kind from core.fact_history").fetchall() == [(None,)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "sql",
    [
        "drop table marts.list_counts",
        "alter table marts.list_counts drop column n",
        "alter table core.release drop column method_hash",
        "alter table core.release_history drop column value; alter table core.release_history add column value varchar[]",
    ],
)
def test_change_is_not_split_without_what_was_counted(upgrade: Upgrade, sql: str) -> None:
    newest = upgrade(sql)
    assert newest.execute("select count(*) from core.release_history where method is not null").fetchall() == [(0,)]


def test_table_without_a_column_that_rows_need_begins_anew(upgrade: Upgrade) -> None:
    newest = upgrade("alter table core.fact_history drop column label; alter table core.forecast_history add column why text")
    assert newest.execute("select distinct day(learned_at), kind from core.fact_history").fetchall() == [(2, None)]
    assert newest.execute("select distinct day(made_at) from core.forecast_history").fetchall() == [(1,)]
    assert newest.execute("select count(*) from core.release_history").fetchall() == [(6,)]


@pytest.mark.parametrize("said", ["may be redistributed", LOCAL])
def test_release_is_refused_if_the_one_before_cannot_be_read(release: Release, tmp_path: Path, said: str) -> None:
    """To go on without it would forget the history for good."""
    close(release(FACTS, BEFORE))
    (tmp_path / "0" / settings.PUBLISHED.name).write_bytes(b"no database")
    with pytest.raises(InputError, match=r"the release cannot be read .* not a valid DuckDB database file.* Close the"):
        release(FACTS, BEFORE, said=said)


def test_failure_amid_the_release_before_is_no_empty_history(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    release(FACTS, BEFORE)

    def fail(*_: object) -> None:
        raise duckdb.IOException("a block is damaged")

    monkeypatch.setattr(release_before, "_fill", fail)
    with pytest.raises(InputError, match=r"cannot be read \(a block is damaged\)"):
        release(FACTS, BEFORE)


WRITER = "import duckdb, sys, time; file = duckdb.connect(sys.argv[1]); print(flush=True); time.sleep(60)"


@pytest.mark.slow
def test_release_is_refused_while_another_program_writes_to_the_one_before(release: Release, tmp_path: Path) -> None:
    close(release(FACTS, BEFORE))
    file = tmp_path / "0" / settings.PUBLISHED.name
    with subprocess.Popen([sys.executable, "-c", WRITER, file], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None and writer.stdout.readline()
        with pytest.raises(InputError, match=r"the release cannot be read .*lock"):
            release(FACTS, BEFORE)
        writer.kill()
