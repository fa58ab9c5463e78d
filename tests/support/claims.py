"""Hand-made facts for the tests of claims: each test states the rows it needs."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from pipelines.claims.facts import Facts, Window
from pipelines.index import BENCHMARK
from pipelines.index.compute import Result
from pipelines.index.definitions import Definitions
from pipelines.index.values import Values
from tests.support import index as small

#: The period that most tests look at.
NOW = Window("current", 2010, 2013)
#: Cities of an index, in its order.
CITIES = ("Beijing", BENCHMARK, "Shanghai")
#: Table of the facts → its columns.
SCHEMAS: dict[str, dict[str, Any]] = {
    "baseline": {"first_year": pl.Int64, "last_year": pl.Int64},
    "provinces": {"country": pl.String, "city": pl.String, "province": pl.String},
    "companies": {
        "company": pl.String, "country": pl.String, "city": pl.String, "city_founded": pl.String,
        "country_founded": pl.String, "sector": pl.String, "founded": pl.Int64,
        "listing_year": pl.Int64, "exit_year": pl.Int64, "exit_how": pl.String, "parent": pl.String, "main_market": pl.String,
    },
    "deals": {
        "dataset": pl.String, "deal": pl.String, "company": pl.String, "country": pl.String, "city": pl.String, "unit": pl.String,
        "unit_country": pl.String, "is_city": pl.Boolean, "year": pl.Int64, "month": pl.Int64, "round": pl.String,
        "usd_low": pl.Float64, "usd_high": pl.Float64,
    },
    "company_starts": {
        "dataset": pl.String, "started": pl.String, "country": pl.String, "city": pl.String, "year": pl.Int64, "n": pl.Float64,
    },
    "residents": {"city": pl.String, "population": pl.Int64},
    "published": {
        "city": pl.String, "metric": pl.String, "year": pl.Int64, "value": pl.Float64, "source": pl.String, "note": pl.String,
    },
    "deal_investors": {
        "dataset": pl.String, "deal": pl.String, "investor": pl.String, "kind": pl.String, "owner_country": pl.String,
        "home": pl.String, "is_lead": pl.Boolean,
    },
    "investor_offices": {
        "dataset": pl.String, "investor": pl.String, "unit": pl.String, "opened": pl.Int64, "closed": pl.Int64,
        "is_dated": pl.Boolean,
    },
    "deal_origin": {
        "dataset": pl.String, "deal": pl.String, "company": pl.String, "company_country": pl.String, "destination": pl.String,
        "origin": pl.String,
        "year": pl.Int64, "n_investors": pl.Int64, "n_located": pl.Int64, "any_rule": pl.Int64, "office_rule": pl.Int64,
        "office_rule_dated": pl.Int64, "lead_rule": pl.Float64, "fractional_rule": pl.Float64,
    },
    "founders": {
        "country": pl.String, "city": pl.String, "founded": pl.Int64, "n_earlier_ventures": pl.Int64, "is_returnee": pl.Boolean,
        "field": pl.String,
    },
    "founder_schools": {"founder": pl.String, "company": pl.String, "university": pl.String, "entry_year": pl.Int64},
    "school_lists": {
        "dataset": pl.String, "measure": pl.String, "university": pl.String, "country": pl.String, "city": pl.String,
        "value": pl.Float64, "year_from": pl.Int64, "year_to": pl.Int64,
    },
    "listing_advisers": {
        "dataset": pl.String, "document": pl.String, "year": pl.Int64, "kind": pl.String, "firm": pl.String, "city": pl.String,
        "country": pl.String,
    },
    "sectors": {
        "dataset": pl.String, "classification": pl.String, "country": pl.String, "unit": pl.String, "is_city": pl.Boolean,
        "sector": pl.String, "year": pl.Int64, "company": pl.String,
    },
    "unicorns": {"dataset": pl.String, "company": pl.String, "country": pl.String, "city": pl.String},
    "zones": {"city": pl.String, "approved_year": pl.Int64},
    "service_offices": {
        "firm": pl.String, "kind": pl.String, "country": pl.String, "city": pl.String, "opened": pl.Int64, "closed": pl.Int64,
    },
    "valuations": {"company": pl.String, "city": pl.String, "parent": pl.String, "year": pl.Int64, "value_usd_bn": pl.Float64},
}  # fmt: skip


#: What a row is of unless it says otherwise.
DEFAULTS = {"dataset": "register", "is_city": True, "is_lead": False, "is_dated": True}
#: Countries of places that are the row's unless it says otherwise.
OF_PLACES = ("country_founded", "unit_country")
#: Tables that every test needs.
FIXED = {
    "baseline": [{"first_year": 2009, "last_year": 2012}],
    "provinces": [{"country": "CN", "city": "Shenzhen", "province": "Guangdong"}],
}


def facts(index: Any = None, **tables: Iterable[dict[str, Any]]) -> Facts:
    """Return facts with these rows in their tables, whose other columns are null; tables without rows are empty."""
    frames = _empty() | {
        name: pl.DataFrame([DEFAULTS | dict.fromkeys(OF_PLACES, row.get("country")) | row for row in rows], schema=SCHEMAS[name])
        for name, rows in (FIXED | tables).items()
    }
    return Facts(**frames, index=index or _index(), country="CN")


@cache
def _empty() -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(schema=schema) for name, schema in SCHEMAS.items()}


@cache
def _index() -> Result:
    """Return a result whose register looks at all cities alike."""
    return attention_of(CITIES)


def financed(
    deals: Iterable[tuple[str, dict[str, str | None]]], dataset: str = "register", year: int = 2011, **row: Any
) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of deals, a company each: its city, and its investors, the lead first, with their homes if known.

    ``row`` is what else all deals have.
    """
    tables: dict[str, list[dict[str, Any]]] = {"deals": [], "deal_investors": [], "deal_origin": []}
    for number, (city, homes) in enumerate(deals):
        key = {"dataset": dataset, "deal": f"D{number}", "company": f"C{number}", "year": year}
        tables["deals"].append(key | {"country": "CN", "city": city, "unit": city} | row)
        tables["deal_investors"] += [
            {"dataset": dataset, "deal": key["deal"], "investor": name, "home": home, "is_lead": place == 0}
            | {"kind": "vc", "owner_country": "CN"}
            for place, (name, home) in enumerate(homes.items())
        ]
        located = [home for home in homes.values() if home is not None]
        credit = dict.fromkeys(("any_rule", "office_rule", "office_rule_dated", "lead_rule"), 1)
        credit |= {"company_country": "CN", "destination": city, "n_investors": len(homes), "n_located": len(located)}
        tables["deal_origin"] += [
            key | credit | {"origin": home, "fractional_rule": located.count(home) / len(located)}
            for home in dict.fromkeys(located)
        ]
    return tables


def attention_of(cities: Iterable[str], spread: float = 0.0, **attention: float) -> Result:
    """Return a result whose register looks at a city ``attention`` times as much as at others, uncertain by ``spread``."""
    names = [*cities]
    centre = np.log([attention.get(city, 1.0) for city in names])
    seen = centre + np.random.default_rng(8).normal(0, spread, (400, len(names)))
    return _result(names, np.zeros_like(seen), seen)


def index_of(readiness: np.ndarray, pillars: tuple[str, ...] = ("P1",), cities: tuple[str, ...] = CITIES) -> Result:
    """Return a result with the same draws (draw, city) of all scores in 2009–2013; all but the benchmark are ranked."""
    return _result([*cities], readiness, np.zeros_like(readiness), pillars)


def _result(cities: list[str], scores: np.ndarray, attention: np.ndarray, pillars: tuple[str, ...] = ()) -> Result:
    flows = ("backed_companies", "deals_received", *small.FLOWS)
    logs = np.zeros((len(scores), len(cities), len(flows) + len(small.STOCKS)))
    posterior = small.posterior(cities, logs, flows, attention=attention)
    inputs = small.inputs(posterior, headline=2013)
    years = np.arange(2009, 2014)
    drawn = [scores] * len(years)
    is_scope = np.array([city != BENCHMARK for city in cities])
    definitions = Definitions.of(small.indicators(), (*small.FLOWS, *small.STOCKS))
    return Result(
        inputs=inputs,
        definitions=definitions,
        values=Values(posterior, definitions),
        years=years,
        kept=np.arange(len(cities)),
        cities=cities,
        reliability=np.ones(len(definitions.pillars)),
        ranked=np.tile(is_scope, (len(years), 1)),
        is_scope=is_scope,
        points=scores[..., None],
        draws=dict.fromkeys(("Readiness", "Realised", *pillars), drawn),
        posterior_draws=dict.fromkeys(("Readiness", "Realised", *pillars), drawn),
        unbounded=dict.fromkeys(("Readiness", "Realised"), scores),
    )
