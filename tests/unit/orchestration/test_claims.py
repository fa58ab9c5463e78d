"""The claims are tested where the scope is their country, and nowhere else."""

from dataclasses import replace

import pytest

from pipelines.index.compute import Result
from pipelines.orchestration.assets import claims
from tests.support import world


@pytest.fixture(scope="module")
def result() -> Result:
    return Result.of(world.inputs())


@pytest.mark.parametrize(("scope", "is_tested"), [("CN", True), ("US", False), ("world", False)])
def test_claims_are_tested_on_the_index_of_their_country(result: Result, scope: str, is_tested: bool) -> None:
    of_scope = replace(result, inputs=replace(result.inputs, scope=scope))
    assert claims.tested_on(of_scope) is (of_scope if is_tested else None)


def test_without_an_index_no_claim_has_data() -> None:
    made = claims.tables(["1", "3a"], {}, None)
    assert made.keys() == {table.table for table in claims.TABLES}
    assert set(made["claims.verdicts"].select("claim", "verdict").rows()) == {("1", "no data"), ("3a", "no data")}
    assert {table for table, frame in made.items() if frame.height} == {"claims.evidence", "claims.verdicts"}
