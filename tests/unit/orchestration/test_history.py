"""The record of runs is written to disk at the end of a refresh, not after each event."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from pipelines.orchestration import history


def _write(file: Path) -> int:
    """Open, write to and close a database with a log as Dagster does; return how many rows there are."""
    engine = sa.create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("pragma journal_mode = wal"))
        connection.execute(sa.text("create table if not exists events (id integer)"))
        connection.execute(sa.text("insert into events values (1)"))
        return int(connection.execute(sa.text("select count(*) from events")).scalar_one())


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
    engines = [sa.create_engine(f"sqlite:///{tmp_path / 'runs.db'}", poolclass=NullPool) for _ in range(3)]
    with history.kept_open():
        with engines[0].connect() as first, engines[1].connect() as beside:
            opened = first.connection.dbapi_connection, beside.connection.dbapi_connection
            assert opened[0] is not opened[1], "one that is in use is not given to another"
        with engines[2].connect() as later:
            assert later.connection.dbapi_connection in opened
    with engines[2].connect() as later:
        assert later.connection.dbapi_connection not in opened, "nothing is held any more"


def test_databases_in_memory_stay_apart() -> None:
    with history.kept_open():
        for _ in range(2):
            with sa.create_engine("sqlite://", poolclass=NullPool).connect() as connection:
                connection.execute(sa.text("create table events (id integer)"))
