"""How often a claim is called supported where it is planted false: at most in 5% of worlds, plus the error of so many worlds."""

from collections.abc import Callable

import numpy as np
import pytest

from pipelines.claims import capital, founders, sectors, services
from pipelines.claims.finding import Finding
from tests.support.claims import NOW, attention_of, facts, financed, index_of

WORLDS = 150
#: Nominal 5%, plus two standard errors.
MOST = 0.05 + 2 * np.sqrt(0.05 * 0.95 / WORLDS)


def origination(share: float) -> Callable[[np.random.Generator], Finding]:
    def world(rng: np.random.Generator) -> Finding:
        homes = [("Beijing" if rng.random() < share else "Shanghai", rng.random() < 0.8) for _ in range(250)]
        deals = (("Shanghai", {f"I{number}": home if known else None}) for number, (home, known) in enumerate(homes))
        world = facts(attention_of(["Beijing", "Shanghai"]), **financed(deals))
        return capital.origination("any", world, NOW)

    return world


def offices(kind: str, firms: int, chances: dict[str, float]) -> Callable[[np.random.Generator], Finding]:
    def world(rng: np.random.Generator) -> Finding:
        rows = [
            {"firm": f"F{firm}", "kind": kind, "country": "CN", "city": city, "opened": 2000}
            for firm in range(firms)
            for city, chance in chances.items()
            if rng.random() < chance
        ]
        return services.offices(kind, facts(index_of(np.ones((2, 3))), service_offices=rows), NOW)

    return world


LAW = offices("law", 80, {"Beijing": 0.8, "Shanghai": 0.8, "Shenzhen": 0.4})
AUDIT = offices("audit", 40, {"Beijing": 0.9, "Shanghai": 0.5, "Wuhan": 1.0})


def repeat_founders(rng: np.random.Generator) -> Finding:
    rows = [
        {"country": "CN", "city": city, "founded": 2011, "n_earlier_ventures": int(rng.random() < 0.4)}
        for city, number in (("Beijing", 90), ("Shanghai", 40))
        for _ in range(number)
    ]
    return founders.repeat_founding(facts(founders=rows), NOW)


def returnees(rng: np.random.Generator) -> Finding:
    row = {"country": "CN", "founded": 2011, "is_returnee": True}
    rows = [
        row | {"city": city, "field": "tech" if rng.random() < 0.7 else "finance"}
        for city, number in (("Beijing", 80), ("Shanghai", 60))
        for _ in range(number)
    ]
    return founders.returnees(facts(founders=rows), NOW)


def exports(rng: np.random.Generator) -> Finding:
    """Dalian exports as much of its sales as the country; each figure is off by 5%."""
    rows = [
        {"city": city, "metric": "software_export_share", "year": 2011, "value": 20 * rng.normal(1, 0.05), "source": source}
        for city, source in (("Dalian", "a"), ("Dalian", "b"), ("China", "a"))
    ]
    return sectors.published(sectors.EXPORTS, facts(published=rows), NOW)


@pytest.mark.slow
@pytest.mark.parametrize(
    "world",
    [origination(0.82), origination(0.58), LAW, AUDIT, repeat_founders, returnees, exports],
    ids=["1 at 82%", "1 at 58%", "3a", "3b", "4", "6", "12b"],
)
def test_false_claims_are_seldom_supported(world: Callable[[np.random.Generator], Finding]) -> None:
    rng = np.random.default_rng(46)
    verdicts = [world(rng).verdict for _ in range(WORLDS)]
    assert "no data" not in verdicts
    assert np.mean([verdict == "supported" for verdict in verdicts]) <= MOST
