"""Measure how far rankings agree: Kendall's W over those that rank the same cities, with the index and without it.

Kendall, Babington Smith (1939): W = 12 S / (m² (n³ − n) − m Σ T), S the squared deviations of the rank sums of n cities over m
rankings, T what ties take away. 0: no agreement; 1: the same order.
"""

import dataframely as dy
import numpy as np
import polars as pl
import scipy

from pipelines.index.compute import Result
from pipelines.index.table import IndexTable, fraction

OURS = "nextvalley"

#: Rankings compared at least, and cities.
LEAST_RANKINGS, LEAST_CITIES = 3, 3

#: Random orders that a W is compared with.
ORDERS, SEED = 9_999, 60_000


class Agreement(IndexTable):
    """One row per number of cities: how far the rankings that rank them all agree, each by its latest such edition."""

    table = "index.agreement"

    n_cities = dy.Int64(primary_key=True, min=3, description="Cities: those that most rankings rank.")
    with_ours = dy.Bool(primary_key=True, description="Whether the index is one of the rankings.")
    n_rankings = dy.Int64(min=3, description="Rankings that rank them all.")
    w = fraction("Kendall's W: 0 no agreement, 1 the same order.")
    p = fraction("Share of random orders that agree as much.")
    cities = dy.String(description="The cities.")
    rankings = dy.String(description="The rankings, with edition.")


def kendall_w(ranks: np.ndarray) -> float:
    """Return W of ``ranks`` (ranking, city), which may tie; only their order within a ranking counts."""
    ranked = scipy.stats.rankdata(ranks, axis=1)
    rankings, cities = ranked.shape
    ties = sum(float((count**3 - count).sum()) for row in ranked for count in [np.unique(row, return_counts=True)[1]])
    spread = ((ranked.sum(0) - ranked.sum(0).mean()) ** 2).sum()
    most = rankings**2 * (cities**3 - cities) - rankings * ties
    return float(12 * spread / most) if most > 0 else 1.0


def chance(rankings: int, cities: int, w: float, rng: np.random.Generator) -> float:
    """Return the share of random orders whose W is as large."""
    orders = rng.random((ORDERS, rankings, cities)).argsort(-1) + 1.0
    sums = orders.sum(1)
    random = 12 * ((sums - sums.mean(1, keepdims=True)) ** 2).sum(1) / (rankings**2 * (cities**3 - cities))
    return float((1 + (random >= w - 1e-12).sum()) / (ORDERS + 1))


def agreement(result: Result) -> pl.DataFrame:
    """Return ``Agreement``."""
    ranks = scipy.stats.rankdata(-result.medians("Readiness"), method="min")
    ours = dict(zip(result.ranked_cities, ranks, strict=True))
    rows = result.inputs.rankings.filter(pl.col("city").is_in([*ours]))
    latest = rows.sort("year", "edition")
    popular = rows.group_by("city").agg(pl.col("ranking").n_unique()).sort(["ranking", "city"], descending=[True, False])
    rng, found = np.random.default_rng(SEED), []
    for count in range(LEAST_CITIES, len(popular) + 1):
        cities = popular["city"].head(count).to_list()
        chosen = _editions(latest, cities)
        if len(chosen) < LEAST_RANKINGS:
            break
        for with_ours in (False, True):
            every = chosen | ({OURS: [ours[city] for city in cities]} if with_ours else {})
            w = kendall_w(np.array([*every.values()], dtype=float))
            found.append(
                {
                    "n_cities": count,
                    "with_ours": with_ours,
                    "n_rankings": len(every),
                    "w": w,
                    "p": chance(len(every), count, w, rng),
                    "cities": ", ".join(cities),
                    "rankings": "; ".join(every),
                }
            )
    return pl.DataFrame(found, Agreement.types())


def _editions(latest: pl.DataFrame, cities: list[str]) -> dict[str, list[int]]:
    """Return the ranks of ``cities`` by the last edition of each ranking that ranks them all."""
    chosen: dict[object, tuple[str, list[int]]] = {}
    for (ranking, edition), rows in latest.group_by("ranking", "edition", maintain_order=True):
        ranks = dict(rows.select("city", "rank").iter_rows())
        if all(city in ranks for city in cities):
            chosen.pop(ranking, None)
            chosen[ranking] = f"{ranking} {edition}", [ranks[city] for city in cities]
    return dict(chosen.values())
