"""Claim 3: who has the law, audit and executive-search firms."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.claims.facts import REGISTER_DATASET, Facts, Window
from pipelines.claims.finding import LEAST, SEED, ClaimTest, Finding, no_data, verdict
from pipelines.index import draws, rank_sets


def _rank_set(units: pl.DataFrame, city: str, counted: str) -> Finding:
    """Test whether the city's rank set by rows of ``units`` (unit, city) is {1}; units are resampled with their rows."""
    table = units.group_by("unit", "city").len().pivot("city", index="unit", values="len").fill_null(0).sort("unit")
    names = sorted({*table.columns[1:], city})
    counts = table.with_columns(pl.lit(0).alias(name) for name in names if name not in table.columns).select(names).to_numpy()
    counts = counts.astype(float)
    totals = counts.sum(0)
    weights = draws.resample(draws.BOOTSTRAPS, len(counts), np.random.default_rng(SEED))
    best, worst = (ends[names.index(city)] for ends in rank_sets.simultaneous(totals, weights @ counts))
    top = ", ".join(f"{names[place]} {totals[place]:.0f}" for place in (-totals).argsort(kind="stable")[:3])
    return Finding(
        verdict(worst == 1, bool(best > 1)),
        float(1 + (totals > totals[names.index(city)]).sum()),
        float(best),
        float(worst),
        units.height,
        f"{counted}: {top}; rank set {best}–{worst}",
    )


def offices(kind: str) -> Callable[[Facts, Window, str], Finding]:
    """Test the offices of this kind that the register lists; firms are resampled."""

    def test(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, city: str = "Beijing") -> Finding:
        is_open = pl.col("opened").is_null() | (pl.col("opened") <= window.last)
        rows = facts.service_offices.filter((pl.col("kind") == kind) & (pl.col("country") == facts.country) & is_open)
        if rows.height < LEAST:
            return no_data(rows.height, f"{rows.height} offices")
        undated = int(rows["opened"].is_null().sum())
        if window.last < facts.index.headline and undated > rows.height / 2:
            detail = f"{undated} of {rows.height} offices have no opening year: today's offices say nothing of the past"
            return no_data(rows.height, detail)
        ranked = _rank_set(rows.select(pl.col("firm").alias("unit"), "city"), city, f"offices by {window.last}")
        return replace(ranked, detail=f"{ranked.detail}; {undated} of {rows.height} have no opening year and count throughout")

    return test


def named(kind: str) -> Callable[[Facts, Window, str], Finding]:
    """Test the offices of this kind that listing documents name, once a document; documents are resampled."""

    def test(facts: Facts, window: Window, dataset: str, city: str = "Beijing") -> Finding:
        dated = pl.col("year").is_between(window.first, window.last)
        rows = facts.listing_advisers.filter((pl.col("dataset") == dataset) & (pl.col("kind") == kind) & dated)
        here = rows.filter(pl.col("country") == facts.country).drop_nulls("city").unique(["document", "city"])
        if here.height < LEAST:
            return no_data(here.height, f"{here.height} of {rows.height} firms named on listing documents have an office there")
        ranked = _rank_set(here.select(pl.col("document").alias("unit"), "city"), city, "listing documents that name an office")
        return replace(ranked, detail=f"{ranked.detail}; {here['document'].n_unique()} documents")

    return test


def _listing_datasets(facts: Facts) -> list[str]:
    return sorted(facts.listing_advisers["dataset"].unique())


TESTS = [
    ClaimTest("3a", "offices", offices("law"), "core.service_offices"),
    ClaimTest("3a", "named on listings", named("law"), "core.listing_advisers", _listing_datasets),
    ClaimTest("3b", "offices", offices("audit"), "core.service_offices"),
    ClaimTest("3b", "named on listings", named("audit"), "core.listing_advisers", _listing_datasets),
    ClaimTest("3c", "offices", offices("search"), "core.service_offices"),
]
