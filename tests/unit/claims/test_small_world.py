"""The claims of one small world are as written down in ``tests/expected/claims.csv``, for both periods and every source."""

import pytest

from pipelines.claims import growth, scorecard
from pipelines.claims.models import amounts, leads, schoolmates
from pipelines.claims.models import growth as growth_model
from pipelines.claims.specialisation import location_quotients
from pipelines.index import compute, draws
from pipelines.index.compute import Result
from pipelines.index.evidence import quotients
from tests.support import claims_world, expected, world


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no more than a test needs."""
    for module, name, value in (
        (compute, "DRAWS", 100), (draws, "BOOTSTRAPS", 100), (quotients, "_SWEEPS", 60), (quotients, "_BURN_IN", 10),
        (growth, "FUTURES", 60), (growth, "BATCHES", 2), (leads, "DRAWS", 60), (schoolmates, "DRAWS", 99), (amounts, "M", 5),
        (amounts, "_BURN_IN", 5), (amounts, "_BETWEEN", 2), (growth_model, "_GRID", 4), (growth_model, "_COARSE", 3),
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
