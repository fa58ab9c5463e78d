"""Claim 13: whether parks alone do it, by what followed the approval of each."""

from functools import partial

import numpy as np
import polars as pl

from pipelines.claims.facts import Facts, Window, sources
from pipelines.claims.finding import LEAST, ClaimTest, Finding, Verdict, Years, no_data, verdict
from pipelines.claims.models import zones
from pipelines.index import UNDATED, draws

#: The pillar that says whether a city has more than its park: schools. Of the others, some count the companies that a park is
#: tested by, and most parks are older than the first year of any.
CONDITIONS = "P1"

#: Years compared before and from an approval, and the fewest that must have passed from it.
SPAN, LEAST_YEARS = 10, 3

#: How many times as many companies still say that a park did nothing by itself: a number that is not shown to be above 1 may be
#: anything where little is known.
MARGIN = 1.25

#: An interval of a log as wide as this says nothing: its ends lie a factor of a million apart.
WIDEST = np.log(1e6)


def parks_alone(started: str, facts: Facts, window: Window, dataset: str) -> Finding:
    """Test what a park adds to the companies of a city at low conditions, and how much more at high ones."""
    # A list without dates of its own covers the years up to the ranking's.
    last = facts.index.headline if window.last == UNDATED else window.last
    table = events(facts, last, dataset, started)
    approved = table.filter("is_approved")
    is_low = pl.col("conditions") <= 0.5
    low, high = (int(approved.filter(part).select(pl.col("before") + pl.col("after")).sum().item()) for part in (is_low, ~is_low))
    years = _years(approved, last)
    seen = f"{low + high} companies {started} around the approval of parks, {low} of them in cities with weaker schools"
    if min(low, high) < LEAST:
        return no_data(low + high, f"{seen}: too few to see what a park adds there", years)
    earlier = events(facts, last - SPAN, dataset, started, earlier=SPAN)
    fit, placebo = _fit(table), _fit(earlier)
    if fit is None:
        return no_data(low + high, f"{seen}; parks and conditions cannot be told apart", years)
    at_low, more = fit.at_low, fit.interaction
    found = (
        f"after the approval of a park a city had {_times(at_low)} times as many companies {started} as without one where "
        f"schools are at their lower quartile, and {_times(more)} times that at the upper one"
    )
    detail = (
        f"{SPAN} years before and from each approval up to {last}, {approved.height} cities with a park and "
        f"{table.filter(~pl.col('is_approved'))['city'].n_unique()} without; population and older firms are controlled"
    )
    if placebo is not None:
        detail += (
            f"; {SPAN} years before the approvals the numbers are {_times(placebo.at_low)} and {_times(placebo.interaction)}"
        )
    before = int((approved["approved"] <= facts.index.years[0]).sum())
    detail += f"; schools are those of {facts.index.years[0]} or later, and {before} of these parks are older"
    decision, decisive = _robust(table, earlier)
    if decisive is not None:
        found += f"; the rule is met, but not if {decisive} is left out"
    estimate, least, most = np.exp([at_low.estimate, at_low.low, at_low.high]).tolist()
    detail += "; the number shown is the first"
    return Finding(decision, estimate, least, most, low + high, found, detail, years=years)


def _years(approved: pl.DataFrame, last: int) -> Years | None:
    """Return the years around the approvals; None for those of the window, if no park is compared."""
    if approved.is_empty():
        return None
    return int(approved.select(pl.col("approved").min()).item()) - SPAN, last


def _judged(table: pl.DataFrame, earlier: pl.DataFrame) -> Verdict:
    """Return what the rule says of the cities around approvals, given the same so many years ``earlier``.

    A park is given to cities that are expected to grow, so what follows it has to be more than what went before it.
    """
    fit, before = _fit(table), _fit(earlier)
    if fit is None or before is None:
        return "not separable"
    at_low, more = fit.at_low, fit.interaction
    needs_schools = at_low.high < np.log(MARGIN) and more.low > 0 and _is_above(more, before.interaction)
    return verdict(needs_schools, at_low.low > 0 and more.low <= 0 and _is_above(at_low, before.at_low))


def _is_above(effect: zones.Effect, before: zones.Effect) -> bool:
    """Return whether an effect exceeds that of the years before by more than their intervals, taken as independent."""
    return bool(effect.estimate - before.estimate > np.hypot(effect.estimate - effect.low, before.high - before.estimate))


def _robust(table: pl.DataFrame, earlier: pl.DataFrame) -> tuple[Verdict, str | None]:
    """Return the verdict if it is the same without any one city, and else the largest city without which it is not."""
    decision = _judged(table, earlier)
    if decision == "not separable":
        return decision, None
    largest = table.sort(-pl.col("before") - pl.col("after"), "city")["city"].unique(maintain_order=True)
    decisive = next((city for city in largest if _judged(*_without(city, table, earlier)) != decision), None)
    return decision if decisive is None else "not separable", decisive


def _without(city: str, *tables: pl.DataFrame) -> list[pl.DataFrame]:
    return [table.filter(pl.col("city") != city) for table in tables]


def _fit(table: pl.DataFrame) -> zones.Parks | None:
    """Return the effects, or nothing if they could be almost anything."""
    names = ("city", "approved", "is_approved", "before", "after", "conditions")
    columns = {name: table[name].to_numpy() for name in names}
    fit = zones.event_study(zones.Events(**columns, controls=table.select("population", "older").to_numpy()))
    if fit is None or max(effect.high - effect.low for effect in (fit.at_low, fit.interaction)) > WIDEST:
        return None
    return fit


def _times(effect: zones.Effect) -> str:
    return f"{np.exp(effect.estimate):.2f} ({np.exp(effect.low):.2f}–{np.exp(effect.high):.2f})"


def events(facts: Facts, last: int, dataset: str, started: str, earlier: int = 0) -> pl.DataFrame:
    """Return the cities around each approval up to ``last`` with their companies before and after it, conditions and controls.

    Those without a park until the end of the years compared are there with every approval; cities without a company in them,
    without a population or without scores are not. Conditions are 0 and 1 at the quartiles of the cities that got a park.
    With ``earlier`` all approvals are taken to be so many years earlier.
    """
    starts = facts.company_starts.filter(dataset=dataset, started=started, country=facts.country)
    first = facts.zones.group_by("city").agg(pl.col("approved_year").min().alias("approved") - earlier)
    years = first.filter(pl.col("approved") + LEAST_YEARS - 1 <= last)["approved"].unique().sort().to_list()
    cities = facts.residents.join(first, on="city", how="left")
    parts = [_around(starts, cities, year, last, _conditions(facts, year - 1)) for year in years or [0]]
    # Where no city has a company before an approval, or none after it, nothing can be compared.
    table = pl.concat(parts).filter(pl.min_horizontal(pl.col("before", "after").sum().over("approved")) > 0)
    given = table.filter("is_approved")["conditions"]
    lower, upper = (given.quantile(part, "linear") for part in (0.25, 0.75))
    if lower is None or upper is None or upper <= lower:
        return table.clear()
    return table.with_columns((pl.col("conditions") - lower) / (upper - lower))


def _around(starts: pl.DataFrame, cities: pl.DataFrame, approved: int, last: int, conditions: pl.DataFrame) -> pl.DataFrame:
    begin, end = approved - SPAN, min(approved + SPAN - 1, last)
    year = pl.col("year")
    counted = {"before": year.is_between(begin, approved - 1), "after": year.is_between(approved, end), "older": year < begin}
    counts = starts.group_by("city").agg(pl.col("n").filter(when).sum().alias(name) for name, when in counted.items())
    own = pl.col("approved")
    return (
        cities.filter(own.is_null() | (own == approved) | (own > end))
        .join(counts, on="city")
        .join(conditions, on="city")
        .filter(pl.col("before") + pl.col("after") > 0)
        .select(
            "city",
            pl.lit(approved, dtype=pl.Int64).alias("approved"),
            (own == approved).fill_null(False).alias("is_approved"),
            "before",
            "after",
            "conditions",
            pl.col("population").log().alias("population"),
            pl.col("older").log1p().alias("older"),
        )
        .sort("city")
    )


def _conditions(facts: Facts, year: int) -> pl.DataFrame:
    """Return the score of the conditions per city of the scope in a year, or in the first or last one known."""
    result = facts.index
    place = int(np.clip(year - result.years[0], 0, len(result.years) - 1))
    if CONDITIONS not in result.draws:
        return pl.DataFrame(schema={"city": pl.String, "conditions": pl.Float64})
    scores = draws.median(result.posterior_draws[CONDITIONS][place])
    return pl.DataFrame({"city": result.cities, "conditions": scores.astype(float)}).filter(result.is_scope)


def _datasets(started: str, facts: Facts) -> list[str]:
    return sources(facts.company_starts.filter(started=started, country=facts.country))


_TABLES = "core.zones, core.census_residents, marts.list_counts, index.scores"

TESTS = [
    ClaimTest("13", f"companies {started}", partial(parks_alone, started), _TABLES, partial(_datasets, started))
    for started in ("founded", "listed")
]
