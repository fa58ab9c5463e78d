"""Counts of lists as the warehouse has them, drawn the same each time: what a layout is made from."""

from typing import Any

import numpy as np
import polars as pl

from pipelines.index import BENCHMARK

#: City → country and province; the last has no province of its own, and the last but one is named by few lists.
CITIES = {
    BENCHMARK: ("US", "California"), "Boston": ("US", "Massachusetts"), "Austin": ("US", "Texas"),
    "Beijing": ("CN", None), "Shanghai": ("CN", None), "Shenzhen": ("CN", "Guangdong"), "Guangzhou": ("CN", "Guangdong"),
    "Hangzhou": ("CN", "Zhejiang"), "Tokyo": ("JP", "Tokyo"), "Reno": ("US", "Nevada"), "Berlin": ("DE", None),
}  # fmt: skip

#: A list that covers the world from 2003 to 2016, unless it says otherwise: (quantity, list, what differs).
LISTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("deals_received", "register", {"is_curated": True, "covers": "CN,US", "family": "own"}),
    ("deals_received", "press", {}),
    ("deals_received", "bureau", {"covers": "CN", "n_province_only": 60.0, "family": "state"}),
    ("backed_companies", "register", {"is_curated": True, "covers": "CN,US", "family": "own"}),
    ("backed_companies", "exchange", {"covers": "CN", "first_year": 2009, "last_year": 2030}),
    ("exits", "press", {"first_year": 1995, "last_year": 2004}),
    ("exits", "late", {"first_year": 2025, "last_year": 2026}),
    ("founders", "awards", {"completeness": "selection", "first_year": None, "last_year": None, "is_stock": True}),
    ("founders", "register", {"is_curated": True, "covers": "CN,US", "family": "own", "is_stock": True}),
    ("universities", "ministry", {"completeness": "census", "covers": "CN", "first_year": None, "last_year": None}),
    ("universities", "register", {"is_curated": True, "covers": "CN", "first_year": None, "last_year": None, "family": "own"}),
    ("population", "census", {"completeness": "census", "first_year": None, "last_year": None}),
    ("population", "register", {"is_curated": True, "covers": "US", "first_year": None, "last_year": None, "family": "own"}),
    ("unicorns", "nowhere", {"n_city": 0.0}),
)
PROFILE: dict[str, Any] = {
    "completeness": "sample", "family": "press", "covers": "world", "is_curated": False, "first_year": 2003, "last_year": 2016,
    "n_province_only": 0.0, "is_stock": False, "is_report": False, "n_city": 300.0, "is_worldwide": True,
}  # fmt: skip

#: Audited shares of wrong rows.
WRONG = {("register", "deals_received"): 0.04, ("press", "exits"): 0.1}


def cities() -> pl.DataFrame:
    """Return rows of ``core.cities``."""
    return pl.DataFrame([(city, *where) for city, where in CITIES.items()], ["city", "country", "province"], orient="row")


def profiles() -> pl.DataFrame:
    """Return rows of ``marts.list_profiles``."""
    rows = [
        PROFILE | {"quantity": quantity, "list": name, "publication": name, "dataset": name, "n_cities": 9 + place} | own
        for place, (quantity, name, own) in enumerate(LISTS)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def counts() -> pl.DataFrame:
    """Return rows of ``marts.list_counts``."""
    rng = np.random.default_rng(21)
    rows = []
    for quantity, name, own in LISTS:
        for place, (city, (country, province)) in enumerate(CITIES.items()):
            if city == "Reno" and name != "press":
                continue
            years = [None] if own.get("first_year", 0) is None else range(1996, 2020, 3)
            for year in years:
                if n := int(rng.poisson(40 / (1 + place))):
                    where = {"country": country, "province": province or city, "city": city}
                    where |= {"city": None} if name == "bureau" and country == "CN" else {}
                    row = {"quantity": quantity, "list": name, "dataset": name, "year": year, "adds_up": False}
                    rows.append(row | where | {"n": n / 3 if name == "press" else float(n)})
    return pl.DataFrame(rows, infer_schema_length=None)
