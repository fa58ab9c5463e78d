"""Which figures the page has, in its order, and the queries under ``sql/report`` that each is made from."""

from collections.abc import Callable

from pipelines.publish.report.figures import geography, leads, money, people, ranking, trust, years
from pipelines.publish.report.figures.figure import Figure

#: Figure → the function that makes it and the queries for its frames. It is left out if one of them has no rows.
FIGURES: dict[str, tuple[Callable[..., Figure], tuple[str, ...]]] = {
    "ranks": (ranking.ranks, ("ranks", "leading_cities")),
    "probabilities": (ranking.probabilities, ("probabilities", "leading_cities")),
    "rank_years": (years.rank_years, ("readiness_years", "leading_cities")),
    "score_years": (years.score_years, ("readiness_years", "leading_cities", "benchmark")),
    "pillars": (years.pillars, ("pillars", "leading_cities", "benchmark")),
    "map": (geography.map_of_cities, ("map",)),
    "flows": (money.flows, ("flows",)),
    "leads": (leads.leads, ("leads", "lead_trends")),
    "snowball": (leads.snowball, ("snowball",)),
    "quotients": (money.quotients, ("quotients",)),
    "founders": (people.founders, ("founders", "leading_cities", "benchmark")),
    "returnees": (people.returnees, ("returnees", "leading_cities")),
    "backtest": (trust.backtest, ("backtest",)),
    "sensitivity": (trust.sensitivity, ("sensitivity",)),
    "left_out": (trust.left_out, ("left_out", "leading_cities")),
    "flips": (trust.flips, ("flips",)),
    "coherence": (trust.coherence, ("coherence",)),
}
