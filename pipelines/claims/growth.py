"""Claim 7: whether the lead feeds itself."""

from collections.abc import Iterable
from functools import lru_cache, partial

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.claims.facts import BEIJING, REGISTER_DATASET, ClaimsTable, Facts, Window, sources
from pipelines.claims.finding import SEED, ClaimTest, Finding, Verdict, no_data, verdict
from pipelines.claims.models import growth, leads
from pipelines.index.table import CITY, fraction
from pipelines.schema import one_of

#: Widest interval around 1 that still says that growth is about proportional.
ABOUT_ONE = 0.75

#: How far above 1 the interval of α has to lie: a list that began with complete stocks, and holds a part of new companies that
#: grows with size to the power 0.1, shows up to 1.03 where growth is proportional.
MARGIN = 0.05

#: Which deals of a source are followed.
PANELS = ("all", "constant coverage")


class Snowball(ClaimsTable):
    """One row per source, panel and statistic: does the lead feed itself, is it growing, and do cities change places."""

    table = "index.snowball"

    dataset = dy.String(primary_key=True, description="Source of the deals.")
    panel = dy.String(
        primary_key=True,
        check=one_of(*PANELS),
        description="all: every deal; constant coverage: deals of investors that the source reports in most of the years.",
    )
    flow_or_stock = dy.String(
        primary_key=True,
        check=one_of("flow", "stock"),
        description="flow: companies first backed in a year; stock: those backed by its end.",
    )
    statistic = dy.String(
        primary_key=True,
        description="alpha: growth exponent of the flow on the stock, a half added to it; log_lead_trend, share_gap_trend: "
        "change a year of ln(city / rival) and of the difference of their shares; kendall_tau: rank correlation of the panel's "
        "halves, of stocks at their ends; shorrocks_mobility: moves between classes of share, 0 none; "
        "leader_survival: how often the first of a year is first the year after.",
    )
    city = dy.String(nullable=True, metadata=CITY, description="Largest city, where the statistic compares two.")
    rival = dy.String(nullable=True, metadata=CITY, description="Second largest.")
    estimate = dy.Float64(nullable=True, description="Value.")
    low = dy.Float64(
        nullable=True,
        description="Lower end of its 90% interval; null: too few units. That of α covers what 0.25 to 2 added to stocks give, "
        "searched from -0.5 to 3.",
    )
    high = dy.Float64(nullable=True, description="Upper end of that interval.")
    n = dy.Int64(min=0, description="Companies for alpha; years for trends and survival; places for the rest.")
    first_year = dy.Int32(description="First year of the panel.")
    last_year = dy.Int32(description="Last year of the panel.")


class Leads(ClaimsTable):
    """One row per source, panel, place and year: companies first backed, their stock, the lead over the largest other city."""

    table = "index.leads"

    dataset = dy.String(primary_key=True, description="Source of the deals.")
    panel = dy.String(primary_key=True, check=one_of(*PANELS), description="all, or constant coverage.")
    year = dy.Int64(primary_key=True, description="Year.")
    city = dy.String(primary_key=True, description="City; or province, marked so, where the source knows no more.")
    is_city = dy.Bool(description="Whether it is a city.")
    flow = dy.Int64(min=0, description="Companies first backed in the year.")
    stock = dy.Int64(min=0, description="Companies backed by its end.")
    share = fraction("Share of the flow.")
    stock_share = fraction("Share of the stock.")
    rival = dy.String(description="Largest other city at the end of the panel.")
    log_lead = dy.Float64(description="ln(flow / flow of the rival), a half added to each.")
    low = dy.Float64(description="Lower end of its 90% interval, two Poisson counts.")
    high = dy.Float64(description="Upper end of that interval.")


def cities_known(facts: Facts, last: int) -> list[str]:
    """Return the cities with a company of the register founded by then, backed or not: they take part in its panel."""
    here = facts.companies.filter(pl.col("founded") <= last, country_founded=facts.country)
    return sorted(set(here["city_founded"].drop_nulls()))


@lru_cache(maxsize=32)
def panel(facts: Facts, last: int, dataset: str, is_steady: bool) -> tuple[leads.FlowPanel, list[growth.Growth]] | None:
    """Return new backed companies of a source up to a year, and how they grow by each of ``STARTS``, the usual one first.

    With ``is_steady`` the panel is that of constant coverage.
    """
    flows = _flows(facts, last, dataset, is_steady)
    return None if flows is None else (flows, [growth.growth(flows.new, flows.stock, start) for start in growth.STARTS])


def _flows(facts: Facts, last: int, dataset: str, is_steady: bool) -> leads.FlowPanel | None:
    deals = _deals(facts, dataset)
    others = cities_known(facts, last) if dataset == REGISTER_DATASET else None
    flows = leads.panel(leads.first_deals(deals, last), last, others)
    if flows is None or not is_steady:
        return flows
    investors = facts.deal_investors.filter(dataset=dataset)
    return leads.panel(leads.first_deals(leads.steady(deals, investors, flows.years), last), last, others)


def _deals(facts: Facts, dataset: str) -> pl.DataFrame:
    """Return the deals of companies founded in cities of the scope, wherever the companies are now."""
    return facts.deals.filter(dataset=dataset, unit_country=facts.country)


def tables(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``Snowball`` and ``Leads`` of every source with deals, up to its last covered year."""
    statistics, yearly = [], []
    for dataset in sources(facts.deals):
        last = facts.last_covered(dataset)
        for name, is_steady in zip(PANELS, (False, True), strict=True):
            fitted = None if last is None else panel(facts, last, dataset, is_steady)
            if fitted is None or len(fitted[0].cities()) < 2:
                continue
            flows, fits = fitted
            label: dict[str, object] = {"dataset": dataset, "panel": name}
            period = {"first_year": int(flows.years[0]), "last_year": int(flows.years[-1])}
            of_panel = leads.statistics(flows, growth.covering(fits), np.random.default_rng(SEED))
            statistics.append(Snowball.frame(**label, **period, **of_panel.to_dict()))
            yearly.append(Leads.frame(**label, **leads.yearly(flows)))
    return pl.concat(statistics), pl.concat(yearly)


def too_few(facts: Facts, window: Window, dataset: str) -> Finding:
    """Return the finding on a source whose panel is too small."""
    n = leads.first_deals(_deals(facts, dataset), window.last).height
    return no_data(n, f"{n} first deals: too few of them, of years or of cities (a source may know provinces only)")


def lead(facts: Facts, window: Window, dataset: str = REGISTER_DATASET, is_steady: bool = False) -> Finding:
    """Test claim 7: the growth exponent of new backed companies, and the trend of the log lead, up to the window's end."""
    fitted = panel(facts, window.last, dataset, is_steady)
    largest = [] if fitted is None else fitted[0].cities()
    rivals = [name for name in largest if name != BEIJING]
    if fitted is None or BEIJING not in largest or not rivals:
        return too_few(facts, window, dataset)
    flows, fits = fitted
    ours, theirs = (flows.new[:, flows.units.index(name)] for name in (BEIJING, rivals[0]))
    slope, trend_low, trend_high = leads.trend(*leads.log_lead(ours, theirs))
    # A source does not see everything: noise in its first stocks looks like catching up, so α below 1 proves nothing.
    can_contradict = dataset == REGISTER_DATASET and not is_steady
    whole = growth.covering(fits)
    alpha, low, high = whole.alpha, whole.low, whole.high
    decision, *others = {_feeds_itself(fit, (trend_low, trend_high), can_contradict) for fit in (whole, *fits)}
    provinces = int((~flows.is_city).sum())
    found = (
        f"a city with twice the stock of funded companies gets {2**alpha:.2f} times as many new ones "
        f"({2**low:.2f}–{2**high:.2f}), and Beijing's lead over {rivals[0]} changed by {np.expm1(slope):+.0%} a year"
    )
    if low > 1:
        found += "; a list that looks ever more closely at larger cities would show "
        found += "less" if low > 1 + MARGIN else "as much"
    if others:
        found += "; the verdict depends on what is added to every stock so that a city can get its first company"
    detail = (
        f"α over {len(flows.units) - provinces} cities{f' and {provinces} provinces' if provinces else ''}, "
        f"{flows.years[0]}–{window.last}; {by_start('α', (fit.alpha for fit in fits))}; "
        f"trend of ln(Beijing/{rivals[0]}) {slope:+.3f} a year ({trend_low:+.3f} to {trend_high:+.3f})"
    )
    years = int(flows.years[0]), window.last
    return Finding("not separable" if others else decision, alpha, low, high, whole.n, found, detail, years=years)


def _feeds_itself(fit: growth.Growth, trend: tuple[float, float], can_contradict: bool) -> Verdict:
    """Return what the rule of claim 7 says of the interval of α and that of the trend."""
    is_about_one = fit.low <= 1 <= fit.high and fit.high - fit.low <= ABOUT_ONE
    supported = fit.low > 1 + MARGIN or (is_about_one and trend[0] > 0)
    return verdict(supported, (fit.high < 1 and can_contradict) or trend[1] < 0)


def by_start(name: str, estimates: Iterable[float]) -> str:
    """Say between what an estimate lies for the numbers that may be added to every stock."""
    least, *_, most = sorted(estimates)
    return f"{name} is {least:.2f} to {most:.2f} with {min(growth.STARTS):g} to {max(growth.STARTS):g} added to every stock"


_TABLES = "core.deals_by_source, index.snowball"

TESTS = [
    ClaimTest("7", "every deal", lead, _TABLES, Facts.deal_datasets),
    ClaimTest("7", "constant coverage", partial(lead, is_steady=True), _TABLES, Facts.deal_datasets, is_beside=True),
]
