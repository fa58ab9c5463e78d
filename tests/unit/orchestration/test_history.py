"""The record of runs is written to disk at the end of a refresh, not after each event."""

from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from sqlalchemy.pool import NullPool

from pipelines.orchestration import history


def _write(file: Path) -> int:
    """Open, write to and close a database with a log as Dagster does; return how many rows there are."""
    engine = sqlite_event_log.create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("pragma journal_mode = wal"))
        connection.execute(sa.text("create table if not exists events (id integer)"))
        connection.execute(sa.text("insert into events values (1)"))
        written = int(connection.execute(sa.text("select count(*) from events")).scalar_one())
    engine.dispose()
    return written


def test_log_is_written_back_at_the_end_alone(tmp_path: Path) -> None:
    file, log = tmp_path / "runs.db", tmp_path / "runs.db-wal"
    assert _write(file) == 1
    assert not log.exists()
    with history.kept_open():
        assert _write(file) == 2
        assert _write(file) == 3
        assert log.stat().st_size > 0
    assert not log.exists()
    assert _write(file) == 4
    assert not log.exists(), "nothing is held any more"


def test_a_database_is_opened_once_for_those_who_use_it_in_turn(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'runs.db'}"
    with history.kept_open():
        first, other = (sqlite_event_log.create_engine(name, poolclass=NullPool) for name in (url, f"{url}.other"))
        assert sqlite_event_log.create_engine(url, poolclass=NullPool) is first is not other
        with first.connect() as one, first.connect() as beside:
            opened = one.connection.dbapi_connection, beside.connection.dbapi_connection
            assert opened[0] is not opened[1], "one that is in use is not given to another"
        first.dispose()
        with first.connect() as later:
            assert later.connection.dbapi_connection in opened
            assert later.execute(sa.text("pragma synchronous")).scalar_one() == 1
    assert sqlite_event_log.create_engine(url, poolclass=NullPool) is not first, "nothing is held any more"


def test_dagster_opens_each_database_of_a_run_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = sa.create_engine
    monkeypatch.setattr(sa, "create_engine", lambda url, **given: made.append(url) or make(url, **given))

    @dg.asset
    def one() -> None:
        """Stand for a step."""

    with history.kept_open(), dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        assert dg.materialize([one], instance=instance).success
    assert len(made) == len(set(made)) > 2, "the runs, the index of events, and the events of this run"
