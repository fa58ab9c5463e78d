"""The claims of the argument, each by the rule in ``data/reference/claims.csv``.

Every claim is a function of the facts and a window of years; it returns a statistic with its interval and
the verdict the rule gives. "no data" and "not separable" are results, not failures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from pipelines.index import BENCHMARK, compose, parks, peers, quotients, run, snowball, uncertainty

Verdict = Literal["supported", "contradicted", "not separable", "no data"]

#: Fewest observations on which a verdict is given.
LEAST = 10
LEVEL = uncertainty.LEVEL
SEED = 30_000

#: Widest interval around 1 that still says that growth is about proportional.
ABOUT_ONE = 0.75

#: Years ahead in which a lead may be lost; futures simulated, and batches of as many shares held drawn against them all.
AHEAD, FUTURES, BATCHES = 5, 1000, 30

#: Pillars that say whether a city has more than its park.
CONDITIONS = ("P1", "P2", "P3", "P4")

HARDWARE = ("telecom_equipment", "consumer_electronics", "electronics_manufacturing")
INTERNET = ("internet", "ecommerce", "social", "media", "gaming", "local_services")


@dataclass(frozen=True)
class Window:
    """A period the claims are evaluated for, first and last year included."""

    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Facts:
    """Frames of the warehouse the claims read, and the index result."""

    companies: pl.DataFrame
    deals: pl.DataFrame
    deal_origin: pl.DataFrame
    founders: pl.DataFrame
    founder_schools: pl.DataFrame
    service_offices: pl.DataFrame
    valuations: pl.DataFrame
    coverage: pl.DataFrame
    zones: pl.DataFrame
    indicators: pl.DataFrame
    index: run.Result
    country: str


@dataclass(frozen=True)
class Finding:
    """What a claim comes to: the verdict, the statistic with its interval, n, and a sentence with the detail."""

    verdict: Verdict
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    detail: str


def _nothing(n: int, detail: str) -> Finding:
    return Finding("no data", None, None, None, n, detail)


def _verdict(supported: bool, contradicted: bool) -> Verdict:
    return "supported" if supported else "contradicted" if contradicted else "not separable"


def _wilson(k: int, n: int) -> tuple[float, float]:
    bounds = stats.binomtest(k, n).proportion_ci(confidence_level=LEVEL, method="wilson")
    return float(bounds.low), float(bounds.high)


def origination(facts: Facts, window: Window, city: str = "Beijing") -> Finding:
    """Claim 1: the share of the country's deals that originate in the city, by every rule.

    Each deal stands for as many as its company does (``index.coverage``): the register knows some cities'
    deals better than others', and most deals have an investor at home.
    """
    year = pl.col("year").is_between(window.first, window.last)
    stands_for = facts.coverage.select(pl.col("city").alias("destination"), (1 / pl.col("share")).alias("weight"))
    deals = facts.deals.filter(year & (pl.col("country") == facts.country)).rename({"city": "destination"})
    # Sorted, here and below: a join may turn rows about, and a sum of floats shows it in its last digit.
    deals = deals.join(stands_for, on="destination").sort("deal")
    origins = facts.deal_origin.filter(year & (pl.col("company_country") == facts.country)).join(stands_for, on="destination")
    origins = origins.sort("deal", "origin")
    located = origins.unique("deal", keep="first", maintain_order=True)
    if located.height < LEAST:
        return _nothing(located.height, f"{deals.height} deals, {located.height} with a located investor")
    here = origins.filter(pl.col("origin") == city)
    found = float(located["weight"].sum())
    rules = {rule: _total(here, f"{rule}_rule") / found for rule in ("any", "office", "lead", "fractional")}
    # What is not known is bounded: undated offices shut and every unlocated investor elsewhere, or open and here.
    unknown = deals.join(located.select("deal", "n_investors", "n_located"), on="deal", how="left").with_columns(
        (pl.col("n_located").fill_null(0) < pl.col("n_investors").fill_null(1)).alias("may_be_here")
    )
    at_least = deals.select("deal", "company", "weight").join(here.select("deal", "office_rule_dated"), on="deal", how="left")
    at_most = unknown.select("deal", "company", "weight", pl.col("may_be_here").cast(pl.Int64)).join(
        here.select("deal", "office_rule"), on="deal", how="left"
    )
    ways = [
        _cluster_share(at_least.with_columns(pl.col("office_rule_dated").fill_null(0).alias("credited"))),
        _cluster_share(
            located.select("deal", "company", "weight")
            .join(here.select("deal", "office_rule"), on="deal", how="left")
            .with_columns(pl.col("office_rule").fill_null(0).alias("credited"))
        ),
        _cluster_share(
            at_most.with_columns(pl.max_horizontal("may_be_here", pl.col("office_rule").fill_null(0)).alias("credited"))
        ),
    ]
    verdicts = {_verdict(low <= 0.75 and high >= 0.65, high < 0.65 or low > 0.75) for low, high in ways}
    detail = (
        f"office {rules['office']:.0%}, any {rules['any']:.0%}, lead {rules['lead']:.0%}, fractional {rules['fractional']:.0%}; "
        f"bounds {ways[0][0]:.0%}–{ways[-1][1]:.0%} for undated offices and unlocated investors, "
        f"{ways[1][0]:.0%}–{ways[1][1]:.0%} without; {located.height} of {deals.height} deals have a located investor"
    )
    agreed = verdicts.pop() if len(verdicts) == 1 else "not separable"
    return Finding(agreed, rules["office"], ways[0][0], ways[-1][1], located.height, detail)


def _total(rows: pl.DataFrame, column: str) -> float:
    return float((rows[column] * rows["weight"]).sum())


def _cluster_share(deals: pl.DataFrame) -> tuple[float, float]:
    """Interval of the weighted share of ``deals`` (company, weight, credited), companies resampled with their deals."""
    sums = (
        deals.sort("company", "deal")
        .group_by("company", maintain_order=True)
        .agg(pl.col("weight").sum().alias("n"), (pl.col("credited") * pl.col("weight")).sum().alias("k"))
    )
    weights = uncertainty.resample(run.BOOTSTRAPS, sums.height, np.random.default_rng(SEED))
    low, high = uncertainty.interval((weights @ sums["k"].to_numpy()) / (weights @ sums["n"].to_numpy()))
    return float(low), float(high)


def schools(facts: Facts, window: Window, city: str = "Beijing") -> Finding:
    """Claim 2: pairwise wins of the city on the schools pillar, at the end of the window."""
    result = facts.index
    year = list(result.years).index(window.last)
    members = np.flatnonzero(result.ranked[year])
    names = [result.cities[one] for one in members]
    if city not in names or len(names) < 2:
        return _nothing(len(names), "too few ranked cities")
    draws = result.pillar_draws["P1"][:, year, members]
    wins = uncertainty.wins(draws)[names.index(city)]
    others = np.array([index for index, name in enumerate(names) if name != city])
    closest = others[wins[others].argmin()]
    worst = float(wins[closest])
    low, high = _wilson(round(worst * len(draws)), len(draws))
    return Finding(
        _verdict(worst >= 0.95, worst <= 0.05),
        worst,
        low,
        high,
        len(names),
        f"lowest pairwise win, against {names[closest]}, of {len(names)} ranked cities in {window.last}; "
        "the interval is that of the simulation",
    )


def services(kind: str) -> Callable[[Facts, Window], Finding]:
    """Claim 3: whether Beijing's rank set by offices of this kind is {1}; firms are resampled."""

    def claim(facts: Facts, window: Window, city: str = "Beijing") -> Finding:
        there = (
            (pl.col("kind") == kind)
            & (pl.col("country") == facts.country)
            & (pl.col("opened").is_null() | (pl.col("opened") <= window.last))
        )
        offices = facts.service_offices.filter(there)
        if offices.height < LEAST:
            return _nothing(offices.height, f"{offices.height} offices")
        undated = int(offices["opened"].is_null().sum())
        if window.last < facts.index.headline and undated > offices.height / 2:
            return _nothing(
                offices.height, f"{undated} of {offices.height} offices have no opening year: today's offices do not tell then"
            )
        table = offices.group_by("firm", "city").len().pivot("city", index="firm", values="len").fill_null(0).sort("firm")
        names = sorted(table.columns[1:])
        counts = table.select(names).to_numpy().astype(float)
        weights = uncertainty.resample(run.BOOTSTRAPS, len(counts), np.random.default_rng(SEED))
        best, worst = uncertainty.rank_sets(counts.sum(0), weights @ counts)
        at = names.index(city)
        order = (-counts.sum(0)).argsort(kind="stable")
        top = ", ".join(f"{names[one]} {counts[:, one].sum():.0f}" for one in order[:3])
        return Finding(
            _verdict(worst[at] == 1, bool(best[at] > 1)),
            float(1 + (counts.sum(0) > counts[:, at].sum()).sum()),
            float(best[at]),
            float(worst[at]),
            offices.height,
            f"offices by {window.last}: {top}; rank set {best[at]}–{worst[at]}; "
            f"{undated} of {offices.height} have no opening year and count throughout",
        )

    return claim


def repeat_founding(facts: Facts, window: Window, city: str = "Beijing") -> Finding:
    """Claim 4: rate ratio of repeat founders against the city with the next most founders.

    The rival is set by size, not by its rate: the highest of several noisy rates beats almost anyone.
    """
    known = facts.founders.filter(
        pl.col("founded").is_between(window.first, window.last)
        & (pl.col("country") == facts.country)
        & pl.col("n_earlier_ventures").is_not_null()
    )
    counts = known.group_by("city").agg(pl.len().alias("n"), (pl.col("n_earlier_ventures") > 0).sum().alias("k"))
    enough = {row["city"]: (row["k"], row["n"]) for row in counts.iter_rows(named=True) if row["n"] >= LEAST}
    rivals = {name: pair for name, pair in enough.items() if name != city}
    if city not in enough or not rivals:
        return _nothing(known.height, f"{known.height} founders with a known history; two cities with {LEAST} are needed")
    rival = max(sorted(rivals), key=lambda name: rivals[name][1])
    (k, n), (rk, rn) = enough[city], rivals[rival]
    # Walter's half-corrected log ratio, so that a rival without repeat founders still has an interval.
    estimate = np.log((k + 0.5) / (n + 0.5)) - np.log((rk + 0.5) / (rn + 0.5))
    error = np.sqrt(1 / (k + 0.5) - 1 / (n + 0.5) + 1 / (rk + 0.5) - 1 / (rn + 0.5))
    reach = stats.norm.ppf(0.5 + LEVEL / 2) * error
    low, high = float(np.exp(estimate - reach)), float(np.exp(estimate + reach))
    detail = f"{city} {k} of {n} founders against {rival} {rk} of {rn}"
    return Finding(_verdict(low > 1, high < 1), float(np.exp(estimate)), low, high, n + rn, detail)


def returnees(facts: Facts, window: Window, city: str = "Beijing", rival: str = "Shanghai") -> Finding:
    """Claim 6: log odds ratio of tech against finance returnees, a half added to each cell (Haldane–Anscombe)."""
    known = facts.founders.filter(
        pl.col("founded").is_between(window.first - 6, window.last)
        & pl.col("is_returnee")
        & pl.col("field").is_in(["tech", "finance"])
    )
    cells = [
        known.filter((pl.col("city") == place) & (pl.col("field") == field)).height
        for place in (city, rival)
        for field in ("tech", "finance")
    ]
    detail = (
        f"{city} {cells[0]} tech, {cells[1]} finance; {rival} {cells[2]} tech, {cells[3]} finance; "
        f"companies founded {window.first - 6}–{window.last}"
    )
    if min(cells[0] + cells[1], cells[2] + cells[3]) < LEAST:
        return _nothing(sum(cells), detail)
    adjusted = np.array(cells) + 0.5
    estimate = float(np.log(adjusted[0] * adjusted[3] / (adjusted[1] * adjusted[2])))
    reach = float(stats.norm.ppf(0.5 + LEVEL / 2) * np.sqrt((1 / adjusted).sum()))
    low, high = estimate - reach, estimate + reach
    return Finding(_verdict(low > 0, high < 0), estimate, low, high, sum(cells), detail)


def schoolmates(facts: Facts, window: Window) -> Finding:
    """Claim 5: pairs of founders from one school and entry year over their number by chance; cohorts ten years apart beside.

    A founder counts with the first company. Where most entry years are unknown there is no verdict: those known are
    known from life stories, which tell of classmates.
    """
    companies = facts.companies.filter((pl.col("country") == facts.country) & (pl.col("founded") <= window.last))
    first = (
        facts.founder_schools.join(companies.select("company", "founded"), on="company")
        .sort("founder", "founded", "company", "university", "entry_year")
        .filter(pl.col("company") == pl.col("company").first().over("founder"))
    )
    attended = first.group_by("founder", "university").agg(pl.col("entry_year").count() > 0)
    n = int(attended["entry_year"].sum())
    known = f"entry years known for {n} of {attended.height} founder–school pairs of companies founded by {window.last}"
    cells = (
        first.drop_nulls("entry_year").unique(["company", "university", "entry_year"]).sort("university", "entry_year", "company")
    )
    school, entered, company = (cells[name].to_numpy() for name in ("university", "entry_year", "company"))
    rng = np.random.default_rng(SEED)
    cohort, placebo = (peers.clustering(school, entered, company, apart, rng) for apart in (0, peers.PLACEBO))
    if cohort is None or placebo is None:
        return _nothing(n, f"{known}; no two founders to compare")
    detail = (
        f"{cohort.observed} pairs of one year where {cohort.expected:.1f} are expected, p = {cohort.p:.3f}; "
        f"{peers.PLACEBO} years apart {placebo.observed} where {placebo.expected:.1f}, p = {placebo.p:.3f}; {known}"
    )
    if 2 * n < attended.height or min(cohort.expected, placebo.expected) < LEAST:
        return _nothing(n, f"too few: {detail}")
    verdict = _verdict(cohort.p < 0.01 and placebo.p >= 0.05, placebo.p < 0.01 and placebo.ratio >= cohort.low)
    said = "consistent with schoolmates mattering: " if verdict == "supported" else ""
    return Finding(verdict, cohort.ratio, cohort.low, cohort.high, n, said + detail)


@dataclass(frozen=True)
class _Flows:
    """New backed companies (year, city), the stock before each year, and the cities by size."""

    years: np.ndarray
    cities: list[str]
    by_size: list[str]
    new: np.ndarray
    stock: np.ndarray


def _flows(facts: Facts, window: Window, city: str) -> _Flows | Finding:
    """Companies by the year of their first deal and the city they were founded in, up to the window's end.

    Every city with a company of the register takes part, backed or not: leaving out those that stayed small
    would choose on the outcome and find catching up where there is none.
    """
    first = (
        facts.deals.filter(pl.col("country") == facts.country)
        .group_by("company", "city_founded")
        .agg(pl.col("year").min())
        .filter(pl.col("year") <= window.last)
    )
    if first.height < 5 * LEAST:
        return _nothing(first.height, f"{first.height} first deals")
    # The first tenth is the stock to start from: with no stock at all, α says nothing about where companies go.
    start = int(np.quantile(first["year"].to_numpy(), 0.10)) + 1
    years = np.arange(start, window.last + 1)
    here = facts.companies.filter((pl.col("country") == facts.country) & (pl.col("founded") <= window.last))
    cities = sorted({*here["city_founded"].drop_nulls(), *first["city_founded"].drop_nulls()})
    sizes = first.group_by("city_founded").len().sort("len", "city_founded", descending=[True, False])["city_founded"].to_list()
    if city not in sizes or len(sizes) < 2 or len(years) < 6:
        return _nothing(first.height, f"{first.height} first deals over {len(years)} years in {len(sizes)} cities")
    when, where = first["year"].to_numpy(), first["city_founded"].to_numpy()
    new = np.array([[((when == year) & (where == name)).sum() for name in cities] for year in years], dtype=float)
    before = np.array([((when < start) & (where == name)).sum() for name in cities], dtype=float)
    stock = before + np.vstack([np.zeros(len(cities)), new.cumsum(0)[:-1]])
    return _Flows(years, cities, sizes, new, stock)


def lead(facts: Facts, window: Window, city: str = "Beijing") -> Finding:
    """Claim 7: the growth exponent of new backed companies, and the trend of the log lead, up to the window's end."""
    flows = _flows(facts, window, city)
    if isinstance(flows, Finding):
        return flows
    rival = next(name for name in flows.by_size if name != city)
    fit = snowball.growth(flows.new, flows.stock, LEVEL)
    slope, low, high = snowball.lead_trend(
        flows.new[:, flows.cities.index(city)], flows.new[:, flows.cities.index(rival)], LEVEL, np.random.default_rng(SEED)
    )
    is_about_one = fit.low <= 1 <= fit.high and fit.high - fit.low <= ABOUT_ONE
    supported = fit.low > 1 or (is_about_one and low > 0)
    detail = (
        f"α over {len(flows.cities)} cities, {flows.years[0]}–{window.last}; trend of ln({city}/{rival}) "
        f"{slope:+.3f} a year ({low:+.3f} to {high:+.3f})"
    )
    return Finding(_verdict(supported, fit.high < 1 or high < 0), fit.alpha, fit.low, fit.high, fit.n, detail)


def overtaking(facts: Facts, window: Window, city: str = "Beijing") -> Finding:
    """Claim 8: how often another city's stock of backed companies passes the city's in the five years after the window.

    The snowball is run on from today's gap, every future under parameters of its own. What the stocks are today is not
    known either: they are divided by the shares held, drawn, and the interval is that of the probability over those.
    """
    flows = _flows(facts, window, city)
    if isinstance(flows, Finding):
        return flows
    result = facts.index
    compared = [name for name in flows.by_size if name in result.held_cities]
    if city not in compared or len(compared) < 2:
        return _nothing(int(flows.new.sum()), f"the share held is known of {len(compared)} of the cities")
    rng = np.random.default_rng(SEED)
    # The city first, then its rivals by size.
    compared = [city, *(name for name in compared if name != city)]
    place = [flows.cities.index(name) for name in compared]
    now = (flows.stock[-1] + flows.new[-1])[place]
    ahead = snowball.simulate(flows.new, flows.stock, AHEAD, FUTURES, LEVEL, rng)[:, :, place]
    drawn = np.vstack([result.held.draw(FUTURES, rng) for _ in range(BATCHES)])
    shares = drawn[:, [result.held_cities.index(name) for name in compared]]
    ones = np.ones((1, len(compared)))
    highest = (ahead[..., 1:] / ahead[..., :1]).max(1)
    gained = ahead[:, -1] - now
    passed = _passed(highest, shares)
    low, high = (float(bound) for bound in uncertainty.interval(passed))
    chance = float(passed.mean())
    detail = (
        f"stock in {window.last} as held: {city} {now[0]:.0f}, {compared[1]} {now[1]:.0f}; P(overtaken by {window.last + AHEAD}) "
        f"{chance:.3f}, {_passed(highest, ones).mean():.3f} if all were held alike; another city is ahead already in "
        f"{_passed(now[None, 1:] / now[0], shares).mean():.3f}; P(another has more new companies over the five years) "
        f"{_passed(gained[:, 1:] / np.maximum(gained[:, :1], 0.5), shares[:FUTURES]).mean():.2f}"
    )
    return Finding(
        _verdict(chance < 0.05, chance > 0.25), chance, low, high, int(flows.stock[-1].sum() + flows.new[-1].sum()), detail
    )


def _passed(ratios: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """For each draw of ``shares`` (draw, city) the part of futures in which a rival is above the first city.

    ``ratios`` (future, rival) are the rivals' counts over the first city's, as held.
    """
    above = np.zeros((len(shares), len(ratios)), dtype=bool)
    for rival in range(ratios.shape[1]):
        needed = shares[:, rival + 1] / shares[:, 0]
        # Most rivals are too small to be ahead under any draw.
        if ratios[:, rival].max() > needed.min():
            above |= ratios[:, rival] > needed[:, None]
    return above.mean(1)


def _cells(
    facts: Facts, window: Window, group: tuple[str, ...], without: tuple[str, ...] = ()
) -> tuple[list[str], quotients.Quotients]:
    """Location quotients of every city for ``group`` of sectors against the rest, companies not closed by the window.

    Acquired companies stay: most go on working where they are.
    """
    alive = facts.companies.filter(
        (pl.col("country") == facts.country)
        & (pl.col("founded") <= window.last)
        & (pl.col("exit_year").is_null() | (pl.col("exit_how") != "closure") | (pl.col("exit_year") >= window.first))
        & ~pl.col("company").is_in(list(without))
    )
    sector = pl.when(pl.col("sector").is_in(list(group))).then(pl.lit("|".join(group))).otherwise(pl.col("sector"))
    table = (
        alive.group_by("city", sector.alias("sector")).len().pivot("sector", index="city", values="len").fill_null(0).sort("city")
    )
    label = "|".join(group)
    ordered = [label, *sorted(name for name in table.columns[1:] if name != label)]
    return table["city"].to_list(), quotients.quotients(table.select(ordered).to_numpy())


def specialised(city: str, group: tuple[str, ...]) -> Callable[[Facts, Window], Finding]:
    """Claims 9 and 12: whether the city's location quotient for the sectors is above one."""

    def claim(facts: Facts, window: Window) -> Finding:
        cities, fit = _cells(facts, window, group)
        if city not in cities:
            return _nothing(0, f"no company of {city}")
        at = cities.index(city)
        above = fit.above_one(at, 0)
        observed, expected = int(fit.observed[at, 0]), float(fit.expected[at, 0])
        low, high = fit.interval(at, 0, LEVEL)
        total = int(fit.observed[at].sum())
        if total < LEAST:
            return _nothing(total, f"{total} companies of {city}")
        supported = above >= 0.95 and observed >= quotients.LEAST_OBSERVED
        detail = f"{observed} of {total} companies where {expected:.1f} are expected; P(quotient > 1) = {above:.2f}"
        return Finding(_verdict(supported, above <= 0.05), fit.mean(at, 0), low, high, total, detail)

    return claim


def shenzhen(facts: Facts, window: Window) -> Finding:
    """Claim 10: Shenzhen's quotient for hardware above one and, without Tencent, for internet sectors below."""
    cities, hardware = _cells(facts, window, HARDWARE)
    if "Shenzhen" not in cities:
        return _nothing(0, "no company of Shenzhen")
    at = cities.index("Shenzhen")
    others, internet = _cells(facts, window, INTERNET, without=("Tencent",))
    below = others.index("Shenzhen")
    hard, net = hardware.above_one(at, 0), internet.above_one(below, 0)
    low, high = hardware.interval(at, 0, LEVEL)
    total = int(hardware.observed[at].sum())
    detail = (
        f"hardware {hardware.observed[at, 0]:.0f} where {hardware.expected[at, 0]:.1f} are expected, "
        f"P(quotient > 1) = {hard:.2f}; "
        f"internet without Tencent {internet.observed[below, 0]:.0f} where {internet.expected[below, 0]:.1f}, P = {net:.2f}"
    )
    supported = hard >= 0.95 and net <= 0.05
    return Finding(_verdict(supported, hard <= 0.05 or net >= 0.95), hardware.mean(at, 0), low, high, total, detail)


def hangzhou(facts: Facts, window: Window) -> Finding:
    """Claim 11: the share of the largest firm and its offspring in the value of Hangzhou's companies.

    The interval resamples the other companies; the firm and its offspring stay, being the claim's subject.
    """
    reach = pl.col("year").is_between(window.first - 1, window.last + 1)
    valued = facts.valuations.filter((pl.col("city") == "Hangzhou") & reach).sort("year", "company")
    latest = valued.group_by("company", maintain_order=True).last()
    if latest.height < LEAST:
        return _nothing(
            latest.height, f"{latest.height} companies with a published value in {window.first - 1}–{window.last + 1}"
        )
    top = latest.sort("value_usd_bn", descending=True)["company"][0]
    parents = dict(facts.companies.select("company", "parent").iter_rows())
    offspring = [name for name in latest["company"] if name == top or parents.get(name) == top]
    inside = latest.filter(pl.col("company").is_in(offspring))["value_usd_bn"].to_numpy()
    outside = latest.filter(~pl.col("company").is_in(offspring))["value_usd_bn"].to_numpy()
    weights = uncertainty.resample(run.BOOTSTRAPS, len(outside), np.random.default_rng(SEED))
    low, high = (float(bound) for bound in uncertainty.interval(inside.sum() / (inside.sum() + weights @ outside)))
    share = float(inside.sum() / (inside.sum() + outside.sum()))
    detail = f"{top} and {len(offspring) - 1} offspring US${inside.sum():.0f}bn of US${inside.sum() + outside.sum():.0f}bn"
    return Finding(_verdict(low > 0.5, high < 0.25), share, low, high, latest.height, detail)


def japan(facts: Facts, window: Window) -> Finding:
    """Claim 12c: Dalian's outsourcing companies whose largest published market is Japan."""
    known = facts.companies.filter(
        (pl.col("city") == "Dalian")
        & (pl.col("sector") == "it_outsourcing")
        & pl.col("main_market").is_not_null()
        & (pl.col("founded") <= window.last)
    )
    k, n = known.filter(pl.col("main_market") == "JP").height, known.height
    if n < 5:
        return _nothing(n, f"{n} companies with a published largest market")
    low, high = _wilson(k, n)
    return Finding(_verdict(low > 0.5, high < 0.5), k / n, low, high, n, f"{k} of {n} companies; not weighted by revenue")


def parks_alone(facts: Facts, window: Window) -> Finding:
    """Claim 13: what a decade of zone age adds to new backed companies where conditions are low, and how much more where high.

    Conditions are P1–P4 in the year before the window, all cities of the scope taking part, with a zone or without.
    """
    before = window.first - 1
    conditions = _conditions(facts, before)
    approved = facts.zones.group_by("city").agg(pl.col("approved_year").min())
    first = (
        facts.deals.filter(pl.col("country") == facts.country)
        .group_by("company", "city_founded")
        .agg(pl.col("year").min())
        .filter(pl.col("year").is_between(window.first, window.last))
    )
    backed = first.group_by(pl.col("city_founded").alias("city")).agg(pl.len().alias("companies"))
    cities = (
        conditions.join(approved, on="city", how="left")
        .join(backed, on="city", how="left")
        .with_columns(
            pl.col("companies").fill_null(0).cast(pl.Float64),
            (before - pl.col("approved_year")).clip(lower_bound=0).fill_null(0).alias("age"),
        )
        .sort("city")
    )
    if cities.is_empty():
        return _nothing(0, f"no city has {CONDITIONS[0]}–{CONDITIONS[-1]} in {before}")
    is_low = pl.col("conditions") <= pl.col("conditions").median()
    companies = [int(cities.filter(part)["companies"].sum()) for part in (is_low, ~is_low)]
    detail = (
        f"{sum(companies)} companies first backed {window.first}–{window.last} in {cities.height} cities, "
        f"{companies[0]} of them in the half with lower P1–P4 in {before}"
    )
    if min(companies) < LEAST:
        return _nothing(cities.height, f"{detail}: too few to see what a park adds there")
    fit = parks.interaction(cities["companies"].to_numpy(), cities["age"].to_numpy(), cities["conditions"].to_numpy(), LEVEL)
    if fit is None:
        return _nothing(cities.height, f"{detail}; zone age and conditions cannot be told apart")
    low, more = fit.at_low, fit.interaction
    detail += (
        f"; a decade of zone age multiplies them by {np.exp(low.estimate):.2f} ({np.exp(low.low):.2f}–{np.exp(low.high):.2f}) "
        "at the lower quartile of conditions; the interaction is the log of how much more at the upper one"
    )
    verdict = _verdict(low.low <= 0 < more.low, low.low > 0 and more.low <= 0)
    return Finding(verdict, more.estimate, more.low, more.high, cities.height, detail)


def _conditions(facts: Facts, year: int) -> pl.DataFrame:
    """Geometric mean of the pillars P1–P4 per city (city, conditions), as Readiness is made, for every city of the scope."""
    values = (
        facts.index.indicator_values.filter((pl.col("year") == year) & (pl.col("city") != BENCHMARK))
        .join(facts.indicators.filter(pl.col("pillar").is_in(CONDITIONS)), on="indicator")
        .drop_nulls("normalised")
        .filter(pl.col("weight") > 0)
        .sort("city", "pillar", "indicator")
    )
    pillars = values.group_by("city", "pillar", maintain_order=True).agg(
        (pl.col("normalised") * pl.col("weight")).sum() / pl.col("weight").sum()
    )
    floored = pl.col("normalised").clip(lower_bound=compose.LEAST)
    return (
        pillars.group_by("city", maintain_order=True)
        .agg(floored.log().mean().exp().alias("conditions"), pl.len().alias("n"))
        .filter(pl.col("n") == len(CONDITIONS))
        .drop("n")
    )


def best_shot(facts: Facts, window: Window, city: str = "Beijing") -> Finding:
    """Claim 14: how often the city is first on Readiness under total uncertainty, in every year of the window."""
    result = facts.index
    shares = []
    for one in range(window.first, window.last + 1):
        year = list(result.years).index(one)
        members = np.flatnonzero(result.ranked[year])
        names = [result.cities[member] for member in members]
        if city not in names or len(names) < 2:
            return _nothing(len(names), f"too few ranked cities in {one}")
        draws = result.draws["Readiness"][:, year, members]
        is_first = draws == draws.max(1, keepdims=True)
        shares.append(float((is_first / is_first.sum(1, keepdims=True))[:, names.index(city)].mean()))
    low, high = min(shares), max(shares)
    detail = f"in {window.last}; lowest and highest of the years {window.first}–{window.last}; {len(names)} ranked cities"
    return Finding(_verdict(low >= 0.90, high < 0.50), shares[-1], low, high, len(names), detail)


def distance(facts: Facts, window: Window, city: str = "Beijing") -> Finding:
    """Claim 15: the city's Realised score as a share of the benchmark's, at the end of the window."""
    result = facts.index
    year = list(result.years).index(window.last)
    place, benchmark = result.cities.index(city), result.cities.index(BENCHMARK)
    if not result.ranked[year, place]:
        return _nothing(0, f"{city} is not ranked in {window.last}")
    # On the plain scale: logarithms, as in the score, would make any two large cities look alike.
    ratios = np.exp(np.log(result.realised_counts[:, year, place] / result.realised_counts[:, year, benchmark]).mean(-1))
    low, high = (float(bound) for bound in uncertainty.interval(ratios))
    held = dict(facts.coverage.select("city", "share").iter_rows())
    detail = (
        f"geometric mean over the Realised indicators of {city} over {BENCHMARK}, five years to {window.last}, counts "
        f"divided by the share held ({held[city]:.0%} and {held[BENCHMARK]:.0%})"
    )
    n = facts.companies.filter(pl.col("city").is_in([city, BENCHMARK])).height
    return Finding(_verdict(high < 0.5, low >= 1.0), float(np.median(ratios)), low, high, n, detail)


CLAIMS: dict[str, Callable[[Facts, Window], Finding]] = {
    "1": origination,
    "2": schools,
    "3a": services("law"),
    "3b": services("audit"),
    "3c": services("search"),
    "4": repeat_founding,
    "5": schoolmates,
    "6": returnees,
    "7": lead,
    "8": overtaking,
    "9": specialised("Shanghai", ("gaming",)),
    "10": shenzhen,
    "11": hangzhou,
    "12a": specialised("Chengdu", ("semiconductors",)),
    "12b": specialised("Dalian", ("it_outsourcing",)),
    "12c": japan,
    "13": parks_alone,
    "14": best_shot,
    "15": distance,
}

_ORIGIN = "core.deals, core.deal_investors, core.investors, core.investor_offices"
_INDEX = "marts.evidence, index.scores"

#: Claim → tables its verdict rests on; every row of them carries its own source.
SOURCES: dict[str, str] = {
    "1": _ORIGIN,
    "2": "core.universities, core.founder_schools, index.scores",
    "3a": "core.service_offices",
    "3b": "core.service_offices",
    "3c": "core.service_offices",
    "4": "core.founders",
    "5": "core.founder_schools, core.companies",
    "6": "core.founders",
    "7": "core.deals",
    "8": "core.deals, core.register_coverage",
    "9": "core.companies",
    "10": "core.companies",
    "11": "core.valuations, core.companies",
    "12a": "core.companies",
    "12b": "core.companies",
    "12c": "core.companies",
    "13": "core.zones, core.deals, marts.indicator_values",
    "14": _INDEX,
    "15": _INDEX,
}


def evaluate(facts: Facts) -> pl.DataFrame:
    """Every claim for *then* (the essay's years) and *now* (four years up to the headline year)."""
    now = facts.index.headline
    rows = []
    for window in (Window("then", 2009, 2012), Window("now", now - 3, now)):
        for claim, function in CLAIMS.items():
            finding = function(facts, window)
            rows.append(
                {
                    "claim": claim,
                    "period": window.name,
                    "first_year": window.first,
                    "last_year": window.last,
                    "verdict": finding.verdict,
                    "estimate": finding.estimate,
                    "low": finding.low,
                    "high": finding.high,
                    "n": finding.n,
                    "detail": finding.detail,
                    "sources": SOURCES[claim],
                }
            )
    return pl.DataFrame(rows, schema_overrides={"estimate": pl.Float64, "low": pl.Float64, "high": pl.Float64})
