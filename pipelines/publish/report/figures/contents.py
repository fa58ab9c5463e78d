"""Which figures the page has, in its order, and the queries under ``sql/report`` that each is made from."""

from collections.abc import Callable

from pipelines.publish.report.figures import (
    distance,
    geography,
    leads,
    lists,
    money,
    others,
    people,
    ranking,
    robustness,
    trust,
    years,
)
from pipelines.publish.report.figures.figure import Figure

#: Figure → the function that makes it and the queries for its frames. It is left out if one of them has no rows.
FIGURES: dict[str, tuple[Callable[..., Figure], tuple[str, ...]]] = {
    "ranks": (ranking.ranks, ("ranks",)),
    "alternatives": (ranking.alternatives, ("alternatives", "leading_cities")),
    "rank_years": (years.rank_years, ("readiness_years", "leading_cities", "indicators")),
    "score_years": (years.score_years, ("readiness_years", "leading_cities", "benchmark", "indicators")),
    "pillars": (distance.pillars, ("pillars", "leading_cities", "benchmark")),
    "counted_beside": (distance.counted_beside, ("counted_beside",)),
    "growth": (others.growth, ("growth", "leading_cities", "benchmark")),
    "differs": (others.differs, ("differs",)),
    "map": (geography.map_of_cities, ("map", "outlines")),
    "flows": (money.flows, ("flows",)),
    "leads": (leads.leads, ("leads", "lead_trends")),
    "snowball": (leads.snowball, ("snowball",)),
    "quotients": (money.quotients, ("quotients",)),
    "returnees": (people.returnees, ("returnees", "leading_cities")),
    "lists": (lists.lists, ("lists",)),
    "list_influence": (lists.influence, ("list_influence",)),
    "attention": (lists.attention, ("attention", "leading_cities")),
    "weights": (robustness.weights, ("weights",)),
    "goalposts": (robustness.goalposts, ("indicators",)),
    "backtest": (trust.backtest, ("backtest",)),
    "sensitivity": (trust.sensitivity, ("sensitivity", "leading_cities")),
    "left_out": (robustness.left_out, ("left_out", "leading_cities")),
    "flips": (robustness.flips, ("flips",)),
}
