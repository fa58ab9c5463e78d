"""The index of any country and of the world: views of one measurement by all lists."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipelines.index import BENCHMARK, compute, gather
from pipelines.index.compute import Result
from pipelines.index.tables import scores
from tests.support.draws import rough


def result(connection: duckdb.DuckDBPyConnection, scope: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Return the index of a scope, of rough draws."""
    monkeypatch.setenv("SCOPE", scope)
    monkeypatch.setattr(compute, "DRAWS", 40)
    monkeypatch.setattr(gather, "draws_of", rough)
    return Result.of(gather.inputs(connection, print))


@pytest.mark.parametrize(
    ("country", "first"),
    [("US", BENCHMARK), ("IL", "Tel Aviv"), ("GB", "London"), ("FR", "Paris"), ("SE", "Stockholm"), ("CN", "Beijing")],
)
def test_first_city_of_a_country(
    published: duckdb.DuckDBPyConnection, in_replayed: Path, monkeypatch: pytest.MonkeyPatch, country: str, first: str
) -> None:
    table = scores.scores(result(published, country, monkeypatch))
    latest = table.filter((table["year"] == table["year"].max()) & (table["measure"] == "Readiness"))
    assert latest.filter(latest["city"] != BENCHMARK if country != "US" else True).sort("score")["city"][-1] == first


def test_the_world_has_the_cities_of_every_country_at_the_same_scores(
    published: duckdb.DuckDBPyConnection, in_replayed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, china = (result(published, scope, monkeypatch) for scope in ("world", "CN"))
    drawn = [of.inputs.posterior.draws("latent") for of in (world, china)]
    np.testing.assert_array_equal(*drawn, "the scope must not change what is measured")
    assert set(china.cities) < set(world.cities)
    assert world.is_scope.sum() > 150
    places = [world.cities.index(city) for city in china.cities]
    np.testing.assert_allclose(china.points, world.points[:, places], rtol=1e-6, atol=1e-12)
