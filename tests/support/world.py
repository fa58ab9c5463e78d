"""One small world, the same each time: ten cities, thirteen lists, the draws of a measurement model, and what others rank."""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl

from pipelines.index import BENCHMARK
from pipelines.index.compute import Inputs
from pipelines.index.measurement.fit import Fit, fit
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior
from tests.support import index as small
from tests.support import measurement
from tests.support.measurement import Drawn, ListOf, Truth

#: The benchmark and another city abroad, then the cities of the scope.
CITIES = (BENCHMARK, "Boston", "Beijing", "Shanghai", "Shenzhen", "Hangzhou", "Chengdu", "Dalian", "Wuhan", "Xi'an")
COUNTRY = {city: "US" if place < 2 else "CN" for place, city in enumerate(CITIES)}
HEADLINE = 2019

#: Lists in the order of their names: (name, dataset, how it looks).
LISTS = (
    ("register", "register", ListOf("deals_received", family="register", anchor=True, chosen=True, wrong=0.04)),
    ("itjuzi", "itjuzi", ListOf("deals_received", family="press")),
    ("provinces", "bureau", ListOf("deals_received", family="press", by_region=True, group=1)),
    ("register", "register", ListOf("backed_companies", family="register", anchor=True, chosen=True)),
    ("itjuzi", "itjuzi", ListOf("backed_companies", family="press")),
    ("register", "register", ListOf("founders", family="register", anchor=True, chosen=True)),
    ("awards", "awards", ListOf("founders", family="press", dated=False, leaves_out=(3, 5))),
    ("register", "register", ListOf("exits", family="register", anchor=True, chosen=True)),
    ("exchange", "exchange", ListOf("exits", family="press", group=1)),
    ("itjuzi", "itjuzi", ListOf("unicorns", family="press", anchor=True)),
    ("ministry", "ministry", ListOf("universities", exact=True, anchor=True, group=1)),
    ("ranking", "ranking", ListOf("universities", family="press", dated=False, leaves_out=(0, 9))),
    ("census", "census", ListOf("population", exact=True, anchor=True)),
)

#: (indicator, pillar, measure, quantity, per, goalpost, weight); nobody counts patents, and murals weigh nothing.
INDICATORS = (
    ("deals", "P2", "Readiness", "deals_received", None, "benchmark", 3.0),
    ("founder_density", "P2", "Readiness", "founders", "population", "benchmark", 1.0),
    ("schools", "P1", "Readiness", "universities", None, "leader", 1.0),
    ("services", "P3", "Readiness", "universities", "population", "leader", 1.0),
    ("founders", "P4", "Readiness", "founders", None, "benchmark", 1.0),
    ("murals", "P3", "Readiness", "founders", None, "benchmark", 0.0),
    ("exits", "P6", "Realised", "exits", None, "benchmark", 1.0),
    ("unicorns", "P6", "Realised", "unicorns", None, "benchmark", 2.0),
    ("patents", "P4", "Readiness", "patents", None, "benchmark", 1.0),
)

BOUNDARIES = pl.DataFrame(
    {"preset": ["gba", "gba", "metro"], "city": ["Shenzhen", "Dalian", "Shanghai"], "merged_into": ["Delta", "Delta", "Beijing"]}
)


def layout() -> tuple[Layout, Truth]:
    """Return what the lists show, and the truth behind it: each city has about two thirds of the one before."""
    looks = [item for _, _, item in LISTS]
    plain = measurement.layout_of(len(CITIES), looks, regions=3, exposure=float(np.log(2.0)), periods=10)
    named = replace(
        plain,
        cities=[*CITIES],
        group_of=np.array([0 if COUNTRY[city] == "US" else 1 for city in CITIES]),
        region_of=np.array([0, 0, 1, 1, 2, 2, 3, 3, 3, 1]),
        lists=[f"{item.quantity}/{name}" for name, _, item in LISTS],
        datasets=[dataset for _, dataset, _ in LISTS],
    )
    model, rng = Drawn(named), np.random.default_rng(2)
    truth = measurement.prior_draw(model, rng, means=0.1, bases=0.03)
    unknowns = truth.unknowns.copy()
    for national in (model.by_family, model.by_series):
        unknowns[national[national >= 0]] *= 0.2
    shared = (unknowns[model.mean][:, named.columns.quantity_of] + truth.grown)[named.group_of]
    size = 1.8 - 0.35 * np.arange(len(CITIES))
    unknowns[model.apart] = size[:, None] + 0.3 * rng.standard_normal(shared.shape) + measurement.MIDDLE - shared
    truth = replace(truth, unknowns=unknowns)
    measurement.count(truth, rng, misplaced=0.05)
    return named, truth


@cache
def fitted() -> Fit:
    """Return the fit of what the lists show."""
    return fit(layout()[0])


def posterior(draws: int = 120) -> Posterior:
    """Return draws around the truth; of the last city hardly anything is known."""
    lists, truth = layout()
    rng = np.random.default_rng(3)
    national = np.zeros((len(lists.lists), lists.groups))
    values = {
        "latent": _around(truth.latent, 0.12, draws, rng),
        "grown": _around(truth.grown, 0.0, draws, rng),
        "attention": _around(truth.attention, 0.1, draws, rng),
        "national": _around(national, 0.2, draws, rng),
        "noise": np.abs(_around(truth.noise, 0.01, draws, rng)),
        "elasticity": _around(truth.elasticity, 0.05, draws, rng),
    }
    values["latent"][:, -1] += rng.normal(0, 2, (draws, 1)).astype(np.float32)
    return Posterior(lists, values, truth.settings, fitted())


def _around(value: np.ndarray, width: float, draws: int, rng: np.random.Generator) -> np.ndarray:
    return (value + width * rng.standard_normal((draws, *value.shape))).astype(np.float32)


def counts() -> pl.DataFrame:
    """Return rows of ``marts.list_counts``: the register's of three quantities, and lists of two others that follow it."""
    rng = np.random.default_rng(4)
    cities, years = [f"C{number:02}" for number in range(12)] + ["Beijing"], range(1990, 2020)
    strength = rng.normal(0, 0.8, len(cities)) + rng.normal(0, 0.15, (len(years), len(cities))).cumsum(0)
    rows = []
    for quantity, name, scale in (
        ("deals_received", "register", 4.0), ("founders", "register", 2.0), ("deals_received", "itjuzi", 9.0),
        ("exits", "exchange", 5.0), ("unicorns", "short", 3.0),
    ):  # fmt: skip
        for place, year in enumerate(years):
            counted = rng.poisson(scale * np.exp(strength[max(place - 3, 0)]))
            rows += [
                {"quantity": quantity, "list": name, "dataset": name, "city": city, "year": year, "n": float(n)}
                for city, n in zip(cities, counted, strict=True)
                if n and (name != "short" or year > 2012)
            ]
    return pl.DataFrame(rows, small.COUNTS)


def rankings() -> pl.DataFrame:
    """Return three rankings of others: one of the world, one with merged areas, one in two editions."""
    editions: dict[tuple[str, str, int, str], dict[str, int]] = {
        ("Best Towns", "1", 2017, "CN"): {"Beijing": 2, "Shanghai": 1, "Shenzhen": 3, "Dalian": 4},
        ("Best Towns", "2", 2019, "CN"): {"Beijing": 1, "Shenzhen": 2, "Shanghai": 3, "Hangzhou": 5, "Dalian": 5},
        ("Global", "2018", 2018, "world"): {BENCHMARK: 1, "Boston": 4, "Shanghai": 9, "Beijing": 11, "Shenzhen": 30, "Wuhan": 41},
        ("Schools", "2030", 2030, "CN"): {"Shanghai": 1, "Beijing": 2, "Shenzhen": 3, "Chengdu": 4, "Paris": 5},
        ("Murals", "1", 2019, "CN"): {"Shenzhen": 1, "Beijing": 2, "Shanghai": 3},
    }
    rows = [
        {"ranking": name, "edition": edition, "year": year, "scope": scope, "city": city, "rank": rank}
        | {"area": "Delta" if name == "Best Towns" and city in ("Hangzhou", "Dalian") else None}
        for (name, edition, year, scope), ranks in editions.items()
        for city, rank in ranks.items()
    ]
    return pl.DataFrame(rows, small.RANKINGS)


def contents() -> pl.DataFrame:
    """Return which indicators stand for what the rankings of others count."""
    rows = [("Best Towns", "deals", 0.7), ("Best Towns", "exits", 0.3), ("Global", "unicorns", 1.0), ("Schools", "schools", 2.0)]
    return pl.DataFrame([(*row, None) for row in rows], small.CONTENTS, orient="row")


def inputs() -> Inputs:
    """Return what the index of this world is computed from."""
    others = [f"C{number:02}" for number in range(12)]
    return Inputs(
        posterior=posterior(),
        indicators=small.indicators(INDICATORS),
        cities=pl.DataFrame({"city": [*CITIES, *others], "country": [*COUNTRY.values(), *["CN"] * len(others)]}),
        boundaries=BOUNDARIES,
        counts=counts(),
        rankings=rankings(),
        contents=contents(),
        scope="CN",
        headline=HEADLINE,
    )
