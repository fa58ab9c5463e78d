"""The claims of one small world are as written down in ``tests/expected/claims.csv``, for both periods and every source."""

import polars as pl
import pytest

from pipelines.claims import growth, overtaking, scorecard
from pipelines.claims.models import amounts, leads, quotients, schoolmates
from pipelines.claims.models import growth as growth_model
from pipelines.claims.specialisation import location_quotients
from pipelines.index import compute, draws
from pipelines.index.compute import Result
from pipelines.ingest.sources import reference
from tests.support import claims_world, expected, world


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no more than a test needs."""
    for module, name, value in (
        (compute, "DRAWS", 100), (draws, "BOOTSTRAPS", 100), (quotients, "_SWEEPS", 60), (quotients, "_BURN_IN", 10),
        (overtaking, "FUTURES", 60), (leads, "DRAWS", 60), (schoolmates, "DRAWS", 99), (amounts, "M", 5),
        (amounts, "_BURN_IN", 5), (amounts, "_BETWEEN", 2), (growth_model, "_GRID", 4),
        (growth_model, "STARTS", growth_model.STARTS[::3]),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)


def test_claims_of_a_small_world() -> None:
    facts = claims_world.facts(Result.of(world.inputs()))
    evidence, verdicts = scorecard.evaluate(facts)
    snowball, leading = growth.tables(facts)
    tables = {
        "claims.evidence": evidence.drop("sources"),
        "claims.verdicts": verdicts,
        "index.quotients": location_quotients(facts),
        "index.snowball": snowball,
        "index.leads": leading,
    }
    expected.compare("claims", tables, tolerance=1e-4, most=150)
    claims = reference.FILES.read("claims")
    above_one = claims.filter(pl.col("claim").is_in(evidence.filter(pl.col("estimate") > 1)["claim"].implode()))
    called = pl.col("statistic").str.contains(r"(^|else )P\(")
    assert above_one.filter(called).is_empty(), "no probability is above one"
    assert {"9", "10", "12b"} <= {*above_one["claim"]}
