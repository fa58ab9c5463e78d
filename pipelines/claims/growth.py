"""Claims 7 and 8: whether the lead feeds itself, and whether it can be caught up with."""

from collections.abc import Callable

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.claims.base import LEVEL, REGISTER, SEED, ClaimsTable, Facts, Finding, Window, nothing, verdict, wilson
from pipelines.claims.models import growth, leads
from pipelines.index import draws
from pipelines.index.table import CITY
from pipelines.schema import one_of

#: Widest interval around 1 that still says that growth is about proportional.
ABOUT_ONE = 0.75

#: Years ahead in which a lead may be lost; futures simulated, and batches of as many detection rates drawn against them all.
AHEAD, FUTURES, BATCHES = 5, 1000, 30

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
        description="alpha: growth exponent of the flow on the stock; log_lead_trend, share_gap_trend: change a year of "
        "ln(city / rival) and of the difference of their shares; kendall_tau: rank correlation of the panel's "
        "halves, of stocks at their ends; shorrocks_mobility: moves between classes of share, 0 none; "
        "leader_survival: how often the first of a year is first the year after.",
    )
    city = dy.String(nullable=True, metadata=CITY, description="Largest city, where the statistic compares two.")
    rival = dy.String(nullable=True, metadata=CITY, description="Second largest.")
    estimate = dy.Float64(nullable=True, description="Value.")
    low = dy.Float64(
        nullable=True, description="Lower end of its 90% interval; null: too few units. α is searched from -0.5 to 3."
    )
    high = dy.Float64(nullable=True, description="Upper end of that interval.")
    n = dy.Int64(min=0, description="Companies for alpha; years for trends and survival; places for the rest.")
    year_first = dy.Int32(description="First year of the panel.")
    year_last = dy.Int32(description="Last year of the panel.")


class Leads(ClaimsTable):
    """One row per source, panel, place and year: companies first backed, their stock, the lead over the largest other city."""

    table = "index.leads"

    dataset = dy.String(primary_key=True, description="Source of the deals.")
    panel = dy.String(primary_key=True, check=one_of(*PANELS), description="all, or constant coverage.")
    year = dy.Int64(primary_key=True, description="Year.")
    city = dy.String(primary_key=True, description="City; or province, marked so, where the source knows no more.")
    is_city = dy.Bool(description="Is it a city.")
    flow = dy.Int64(min=0, description="Companies first backed in the year.")
    stock = dy.Int64(min=0, description="Companies backed by its end.")
    share = dy.Float64(min=0, max=1, description="Share of the flow.")
    stock_share = dy.Float64(min=0, max=1, description="Share of the stock.")
    rival = dy.String(description="Largest other city at the end of the panel.")
    log_lead = dy.Float64(description="ln(flow / flow of the rival), a half added to each.")
    low = dy.Float64(description="Lower end of its 90% interval, two Poisson counts.")
    high = dy.Float64(description="Upper end of that interval.")


def cities_known(facts: Facts, last: int) -> list[str]:
    """Cities with a company of the register by then, backed or not: they take part in its panel."""
    here = facts.companies.filter((pl.col("country") == facts.country) & (pl.col("founded") <= last))
    return sorted(set(here["city_founded"].drop_nulls()))


def panel(facts: Facts, last: int, dataset: str, is_steady: bool = False) -> tuple[leads.Panel, growth.Growth] | None:
    """New backed companies of a source up to a year, and how they grow; with ``is_steady`` at constant coverage."""
    key = (dataset, last, is_steady)
    if key not in facts.panels:
        laid = _lay_out(facts, *key)
        facts.panels[key] = None if laid is None else (laid, growth.growth(laid.new, laid.stock, LEVEL))
    return facts.panels[key]


def _lay_out(facts: Facts, dataset: str, last: int, is_steady: bool) -> leads.Panel | None:
    deals = facts.deals_of(dataset)
    others = cities_known(facts, last) if dataset == REGISTER else None
    laid = leads.panel(leads.first_deals(deals, last), last, others)
    if laid is None or not is_steady:
        return laid
    investors = facts.deal_investors.filter(pl.col("dataset") == dataset)
    return leads.panel(leads.first_deals(leads.steady(deals, investors, laid.years), last), last, others)


def tables(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``Snowball`` and ``Leads`` of every source with deals, up to its last covered year."""
    parts: tuple[list[pl.DataFrame], list[pl.DataFrame]] = ([], [])
    for dataset in sorted(facts.deals["dataset"].unique()):
        last = facts.last_covered(dataset)
        for name, is_steady in zip(PANELS, (False, True), strict=True):
            found = None if last is None else panel(facts, last, dataset, is_steady)
            if found is None or len(found[0].cities()) < 2:
                continue
            laid, fit = found
            label = (pl.lit(dataset).alias("dataset"), pl.lit(name).alias("panel"))
            period = (pl.lit(int(laid.years[0])).alias("year_first"), pl.lit(int(laid.years[-1])).alias("year_last"))
            statistics = leads.statistics(laid, fit, LEVEL, np.random.default_rng(SEED))
            parts[0].append(statistics.select(*label, pl.all(), *period))
            parts[1].append(leads.yearly(laid, LEVEL).select(*label, pl.all()))
    return pl.concat(parts[0]), pl.concat(parts[1])


def _too_little(facts: Facts, window: Window, dataset: str) -> Finding:
    first = leads.first_deals(facts.deals_of(dataset), window.last)
    return nothing(
        first.height, f"{first.height} first deals: too few of them, of years or of cities (a source may know provinces only)"
    )


def lead(is_steady: bool = False) -> Callable[[Facts, Window, str], Finding]:
    """Claim 7: the growth exponent of new backed companies, and the trend of the log lead, up to the window's end."""

    def claim(facts: Facts, window: Window, dataset: str = REGISTER, city: str = "Beijing") -> Finding:
        found = panel(facts, window.last, dataset, is_steady)
        largest = [] if found is None else found[0].cities()
        rivals = [name for name in largest if name != city]
        if found is None or city not in largest or not rivals:
            return _too_little(facts, window, dataset)
        laid, fit = found
        ours, theirs = (laid.new[:, laid.units.index(name)] for name in (city, rivals[0]))
        slope, low, high = leads.trend(leads.log_lead(ours, theirs), LEVEL, np.random.default_rng(SEED))
        # What a source saw is not all there was: noise in its first stocks looks like catching up, so below 1 it says nothing.
        is_catch_up = fit.high < 1 and dataset == REGISTER and not is_steady
        is_about_one = fit.low <= 1 <= fit.high and fit.high - fit.low <= ABOUT_ONE
        supported = fit.low > 1 or (is_about_one and low > 0)
        provinces = int((~laid.is_city).sum())
        detail = (
            f"α over {len(laid.units) - provinces} cities{f' and {provinces} provinces' if provinces else ''}, "
            f"{laid.years[0]}–{window.last}; trend of ln({city}/{rivals[0]}) {slope:+.3f} a year ({low:+.3f} to {high:+.3f})"
        )
        return Finding(verdict(supported, is_catch_up or high < 0), fit.alpha, fit.low, fit.high, fit.n, detail)

    return claim


def overtaking(facts: Facts, window: Window, dataset: str = REGISTER, city: str = "Beijing") -> Finding:
    """Claim 8: how often another city's stock of backed companies passes the city's in the five years after the window.

    The snowball is run on from today's gap, every future under parameters of its own. What the stocks are today is not known
    either: the register's are divided by drawn detection rates, and the interval is that of the probability over those. The
    rates of other sources are not known, so they are taken as equal and the interval is the simulation's.
    """
    found = panel(facts, window.last, dataset)
    if found is None or city not in found[0].cities():
        return _too_little(facts, window, dataset)
    laid, fit = found
    result, is_register = facts.index, dataset == REGISTER
    compared = [name for name in laid.cities() if not is_register or name in result.detection_cities]
    if city not in compared or len(compared) < 2:
        return nothing(int(laid.new.sum()), f"the detection rate of {len(compared)} of the cities is known")
    rng = np.random.default_rng(SEED)
    # The city first, then its rivals by size.
    compared = [city, *(name for name in compared if name != city)]
    place = [laid.units.index(name) for name in compared]
    now = laid.after[-1, place]
    futures = growth.simulate(laid.new, laid.stock, fit, AHEAD, FUTURES, LEVEL, rng)
    ahead = futures[:, :, place]
    alike = np.ones((1, len(compared)))
    shares = alike
    if is_register:
        drawn = np.vstack([result.detection_rates.draw(FUTURES, rng) for _ in range(BATCHES)])
        shares = drawn[:, [result.detection_cities.index(name) for name in compared]]
    passed = _passed((ahead[..., 1:] / ahead[..., :1]).max(1), shares)
    chance = float(passed.mean())
    gained = ahead[:, -1] - now
    more = _passed(gained[:, 1:] / np.maximum(gained[:, :1], 0.5), shares[:FUTURES]).mean()
    detail = (
        f"stock in {window.last} as observed: {city} {now[0]:.0f}, {compared[1]} {now[1]:.0f}; "
        f"P(overtaken by {window.last + AHEAD}) {chance:.3f}"
    )
    if is_register:
        low, high = (float(bound) for bound in draws.interval(passed))
        detail += (
            f", {_passed((ahead[..., 1:] / ahead[..., :1]).max(1), alike).mean():.3f} if all detection rates were equal; "
            f"another city is ahead already in {_passed(now[None, 1:] / now[0], shares).mean():.3f}"
        )
    else:
        low, high = wilson(round(chance * FUTURES), FUTURES)
    provinces = np.flatnonzero(~laid.is_city)
    if len(provinces):
        # No city is ahead unless its province is.
        within = (futures[:, :, provinces] / futures[:, :, place[:1]]).max(1)
        bound = float(((within > 1).any(1) | (ahead[..., 1:] > ahead[..., :1]).any((1, 2))).mean())
        detail += f", {bound:.3f} if every province known only as such were one city"
    detail += f"; P(another has more new companies over the five years) {more:.2f}"
    n = int(laid.after[-1].sum())
    return Finding(verdict(chance < 0.05, chance > 0.25), chance, low, high, n, detail)


def _passed(ratios: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """For each draw of ``shares`` (draw, city) the part of futures in which a rival is above the first city.

    ``ratios`` (future, rival) are the rivals' counts over the first city's, as observed.
    """
    above = np.zeros((len(shares), len(ratios)), dtype=bool)
    for rival in range(ratios.shape[1]):
        needed = shares[:, rival + 1] / shares[:, 0]
        # Most rivals are too small to be ahead under any draw.
        if ratios[:, rival].max() > needed.min():
            above |= ratios[:, rival] > needed[:, None]
    return above.mean(1)
