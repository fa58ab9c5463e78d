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


def origination(share: float, **known: float) -> Callable[[np.random.Generator], Finding]:
    """Deals of one investor each, so many of whom have a known home: of those in a city the part ``known``, or all."""

    def world(rng: np.random.Generator) -> Finding:
        homes = ["Beijing" if rng.random() < share else "Shanghai" for _ in range(250)]
        is_known = [rng.random() < known.get(home, 1.0) for home in homes]
        deals = (("Shanghai", {f"I{number}": home if is_known[number] else None}) for number, home in enumerate(homes))
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


def repeat_founders(first: float, repeat: float) -> Callable[[np.random.Generator], Finding]:
    """As many founded before in both cities; in Beijing the part ``first`` of the others is known, and ``repeat`` of these."""

    def world(rng: np.random.Generator) -> Finding:
        row = {"country": "CN", "founded": 2011}
        rows = []
        for city, number in (("Beijing", 180), ("Shanghai", 80)):
            for _ in range(number):
                earlier = int(rng.random() < 0.4)
                is_known = city != "Beijing" or rng.random() < (first, repeat)[earlier]
                rows.append(row | {"city": city, "n_earlier_ventures": earlier if is_known else None})
        return founders.repeat_founding(facts(founders=rows), NOW)

    return world


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
    [
        origination(0.82),
        origination(0.58),
        origination(0.58, Beijing=0.95, Shanghai=0.7),
        LAW,
        AUDIT,
        repeat_founders(1.0, 1.0),
        repeat_founders(0.5, 0.95),
        returnees,
        exports,
    ],
    ids=["1 at 82%", "1 at 58%", "1, homes missing elsewhere", "3a", "3b", "4", "4, first ventures untold", "6", "12b"],
)
def test_false_claims_are_seldom_supported(world: Callable[[np.random.Generator], Finding]) -> None:
    rng = np.random.default_rng(46)
    verdicts = [world(rng).verdict for _ in range(WORLDS)]
    assert "no data" not in verdicts
    assert np.mean([verdict == "supported" for verdict in verdicts]) <= MOST
