"""Claim 3: who has the law, audit and executive-search firms."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.claims.base import LEAST, SEED, Facts, Finding, Window, nothing, verdict
from pipelines.index import compute, draws


def _rank_set(units: pl.DataFrame, city: str, what: str) -> Finding:
    """Whether the city's rank set by rows of ``units`` (unit, city) is {1}; units are resampled with their rows."""
    table = units.group_by("unit", "city").len().pivot("city", index="unit", values="len").fill_null(0).sort("unit")
    names = sorted({*table.columns[1:], city})
    counts = table.with_columns(pl.lit(0).alias(name) for name in names if name not in table.columns).select(names).to_numpy()
    counts = counts.astype(float)
    weights = draws.resample(compute.BOOTSTRAPS, len(counts), np.random.default_rng(SEED))
    best, worst = draws.rank_sets(counts.sum(0), weights @ counts)
    at = names.index(city)
    order = (-counts.sum(0)).argsort(kind="stable")
    top = ", ".join(f"{names[one]} {counts[:, one].sum():.0f}" for one in order[:3])
    return Finding(
        verdict(worst[at] == 1, bool(best[at] > 1)),
        float(1 + (counts.sum(0) > counts[:, at].sum()).sum()),
        float(best[at]),
        float(worst[at]),
        units.height,
        f"{what}: {top}; rank set {best[at]}–{worst[at]}",
    )


def offices(kind: str) -> Callable[[Facts, Window, str], Finding]:
    """Offices of this kind that the register lists; firms are resampled."""

    def claim(facts: Facts, window: Window, dataset: str = "register", city: str = "Beijing") -> Finding:
        there = (
            (pl.col("kind") == kind)
            & (pl.col("country") == facts.country)
            & (pl.col("opened").is_null() | (pl.col("opened") <= window.last))
        )
        found = facts.service_offices.filter(there)
        if found.height < LEAST:
            return nothing(found.height, f"{found.height} offices")
        undated = int(found["opened"].is_null().sum())
        if window.last < facts.index.headline and undated > found.height / 2:
            return nothing(
                found.height, f"{undated} of {found.height} offices have no opening year: today's offices do not tell then"
            )
        ranked = _rank_set(found.select(pl.col("firm").alias("unit"), "city"), city, f"offices by {window.last}")
        return replace(ranked, detail=f"{ranked.detail}; {undated} of {found.height} have no opening year and count throughout")

    return claim


def named(kind: str) -> Callable[[Facts, Window, str], Finding]:
    """Offices of this kind that listing documents name, once a document; documents are resampled."""

    def claim(facts: Facts, window: Window, dataset: str, city: str = "Beijing") -> Finding:
        dated = pl.col("year").is_between(window.first, window.last)
        rows = facts.listing_advisers.filter((pl.col("dataset") == dataset) & (pl.col("kind") == kind) & dated)
        here = rows.filter(pl.col("country") == facts.country).drop_nulls("city").unique(["document", "city"])
        if here.height < LEAST:
            return nothing(here.height, f"{here.height} of {rows.height} firms named on listing documents have an office there")
        ranked = _rank_set(here.select(pl.col("document").alias("unit"), "city"), city, "listing documents that name an office")
        return replace(ranked, detail=f"{ranked.detail}; {here['document'].n_unique()} documents")

    return claim
