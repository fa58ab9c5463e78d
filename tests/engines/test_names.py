"""Names that an engine elsewhere compares join as those that DuckDB compares, and only pairs come back from there."""

from contextlib import closing
from itertools import chain
from pathlib import Path

import polars as pl
import pytest

from pipelines.resolve.names import NO_OVERRIDES, resolve
from pipelines.resolve.names.database import InMemory
from pipelines.resolve.names.weights import CROWD
from pipelines.warehouse.engines.spark import Spark
from pipelines.warehouse.engines.spark_database import SparkDatabase
from tests.support.names import frame, mention
from tests.unit.resolve.test_name_pairs import pair_mentions
from tests.unit.resolve.test_near_names import FIRMS, MISSPELT, listed, word
from tools.engines import sail


def world() -> pl.DataFrame:
    """Return near names, a name and a first word that crowds bear, a name whose bearers are rivals, and all labelled pairs."""
    near = chain(
        (listed("near a", number, word(number), rank=1, founded=2001) for number in range(FIRMS)),
        (listed("near b", number, word(number)[:-1], rank=2) for number in range(MISSPELT)),
    )
    crowds = (
        mention(source, name, mention=key, key=key, country="GB", city=f"City {number % 9}", founded=1990 + number % 4)
        for number in range(CROWD + 9)
        for source, name in (("c", "Summit Advisers"), ("d", "Summit Advisers Ltd"), ("d", f"Grand {word(number)}"))
        for key in [f"{source} {name} {number}"]
    )
    rivals = (mention(source, "Rivalry Works", mention=f"rival {key}", key=key) for source, key in zip("xyy", "123", strict=True))
    return pl.concat([frame(*near, *crowds, *rivals), pair_mentions()])


def spied(monkeypatch: pytest.MonkeyPatch, database: type[InMemory | SparkDatabase]) -> list[pl.DataFrame]:
    """Return a list that gets all that comes back from databases of a kind."""
    returned, query = list[pl.DataFrame](), database.query

    def spy(self: InMemory | SparkDatabase, sql: str) -> pl.DataFrame:
        returned.append(query(self, sql))
        return returned[-1]

    monkeypatch.setattr(database, "query", spy)
    return returned


@pytest.mark.usefixtures("named_main")
@pytest.mark.parametrize(("mode", "scheme"), [("local", ""), ("local-cluster", "file://")])
def test_names_are_equal_on_sail(mode: str, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAIL_MODE", mode)
    monkeypatch.setenv("SAIL_CLUSTER__WORKER_INITIAL_COUNT", "2")
    here, there = spied(monkeypatch, InMemory), spied(monkeypatch, SparkDatabase)
    mentions = world()
    want = resolve(mentions, NO_OVERRIDES)
    assert set(want["how"]) == {"alone", "same name", "splink", "near name"}
    with sail() as remote, closing(Spark(remote, f"{scheme}{tmp_path.as_posix()}")) as spark:
        assert resolve(mentions, NO_OVERRIDES, spark.lend).equals(want)
    assert [rows.height for rows in there] == [rows.height for rows in here]
    assert sum(rows.height for rows in there) < mentions.height / 2
    assert not list(tmp_path.glob("names/*.parquet")) or scheme, "nothing is left where this machine can remove it"
