"""The index of any country, from worldwide lists."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.index import BENCHMARK, compute, gather
from pipelines.index.evidence import availability
from pipelines.orchestration.assets.index import EVIDENCE_MODEL


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few draws: what is looked at are scores."""
    for name, draws in (("BOOTSTRAPS", 20), ("DRAWS", 20), ("HEADLINE_DRAWS", 40), ("SOBOL", 16)):
        monkeypatch.setattr(compute, name, draws)


@pytest.mark.parametrize(
    ("country", "first", "left_out"),
    [
        ("US", ["San Francisco Bay Area", "New York City", "Boston"], ["P4 culture"]),
        ("IL", ["Tel Aviv"], ["P4 culture"]),
        ("GB", ["London"], ["P4 culture"]),
        ("FR", ["Paris"], ["P4 culture"]),
        ("CA", ["Toronto"], ["P4 culture"]),
        ("SE", ["Stockholm"], ["P1 schools", "P4 culture"]),
    ],
)
def test_cities_of_any_country_are_ranked_from_worldwide_lists(
    published: duckdb.DuckDBPyConnection, quick: None, country: str, first: list[str], left_out: list[str]
) -> None:
    evidence = gather.gather(published, country, EVIDENCE_MODEL)["marts.evidence"]
    assert "register" not in evidence["dataset"].unique().to_list()
    inputs, there = gather.inputs_of(published, country, evidence)
    assert (inputs.years, inputs.base_year) == ((2006, 2013), 2013)
    assert availability.left_out(pl.DataFrame(published.sql("from core.indicators")), there) == left_out
    result = compute.compute(inputs)
    assert result.headline == 2013
    ranking = result.scores.filter((pl.col("year") == 2013) & (pl.col("measure") == "Readiness")).drop_nulls("rank").sort("rank")
    assert ranking["city"].to_list()[: len(first)] == first
    (benchmark,) = result.scores.filter(
        (pl.col("year") == 2013) & (pl.col("measure") == "Readiness") & (pl.col("city") == BENCHMARK)
    )["score"]
    assert benchmark == pytest.approx(100), "it sets every goalpost in that year"


def test_index_of_china_is_the_same_whatever_else_is_loaded(published: duckdb.DuckDBPyConnection, released: Path) -> None:
    columns = "city, year, indicator, value, numerator, denominator, normalised"
    with duckdb.connect(released / "data" / "nextvalley.duckdb", read_only=True) as alone:
        for sql in (
            f"select {columns} from marts.indicator_values order by city, year, indicator",
            "select measure, city, year, score, rank, p_first from index.scores order by all",
            "from index.availability order by all",
        ):
            assert pl.DataFrame(alone.sql(sql)).equals(pl.DataFrame(published.sql(sql))), sql
