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
