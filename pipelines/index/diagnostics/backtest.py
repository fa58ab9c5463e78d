"""Test whether Readiness foretells who gains. At each origin t only rows dated t or before are used.

Readiness is that of the register, and the targets are lists that the register knows nothing of:

    forecast share of c in t+1 … t+5  ∝  its share in t−4 … t  ×  exp(γ · surplus_c)

The surplus is what a city's log Readiness has beyond what goes with its size at t, so that the forecast cannot profit from
pulling shares together: all it adds to persistence is Readiness. γ is fitted to forecasts that were over by t. A forecast from
Readiness bets that more of it is better: where they taught a γ below 0, it says no more than persistence (γ = 0), since a bet
against Readiness would test another claim. Forecasts are judged by the log score of what happened, against persistence.

Whether surplus and gains go together at all is judged over all origins, by permutation: cities swap their gains, each in standard
deviations and without what goes with size (Freedman, Lane 1983), and p is the share of permutations in which the two go together
as closely. The power is how often that test finds, at 5%, an effect of γ = .5 in simulated worlds.

Two biases remain. The register lists companies that are known today, at their present city unless the year of a move
is known. And a city that a list happened to
count too seldom before the origin looks small for its Readiness and gains afterwards, which makes p too small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import dataframely as dy
import numpy as np
import polars as pl
import scipy

from pipelines.index import FIRST_YEAR, draws
from pipelines.index.compute import Inputs, Result
from pipelines.index.diagnostics.permutation import HALF, HORIZON, Panel, beyond_size
from pipelines.index.table import IndexTable, fraction
from pipelines.resolve.scope import CURATED, WORLD

#: Years of the log trend.
TREND = 10

#: Fewest events in five years for shares to be forecast, rows of the register in five years for a city to be among them, and
#: such cities. Fewer rows let in more cities, which gives the test its power.
LEAST_EVENTS, LEAST_ROWS, LEAST_CITIES = 10, 3, 8

#: The list that Readiness is taken from; targets are other sources' lists of what came of it.
REGISTER = "register"
OUTCOMES = ("backed_companies", "deals_received", "exits", "founders", "unicorns")

#: What p may be for a finding.
SIGNIFICANT = 0.05

SEED, BOOTSTRAPS = 40_000, 2000


class Backtest(IndexTable):
    """One row per target, a list that the tested Readiness does not use: whether Readiness would have predicted its shares of the
    next five years.
    """

    table = "index.backtest"

    target = dy.String(primary_key=True, description="What is counted, and by which list; shares of the cities with a score.")
    horizon = dy.Int64(description="Years after the origin that a share is taken over, and before it for persistence.")
    first_origin = dy.Int64(description="First origin, with five years of the list on both sides.")
    last_origin = dy.Int64(description="Last such year whose five years are over.")
    n_origins = dy.Int64(min=1, description="Origins, over which p and power are taken.")
    n_cities = dy.Int64(min=1, description="Cities tested: those that the register knew well enough at the first origin.")
    n_learned = dy.Int64(
        min=1,
        description="Origins at which an earlier one was over, from which a forecast could learn: the last ones. γ, gain "
        "and skill are of these.",
    )
    n = dy.Int64(min=1, description="Forecasts: cities by these origins.")
    tilt_least = dy.Float64(
        description="Least γ that an origin learned from the forecasts over by then; γ below 0 counts as 0, persistence."
    )
    tilt_most = dy.Float64(description="Greatest γ that an origin learned; at most 0: no forecast bet on Readiness.")
    gain = dy.Float64(description="Log score of the Readiness forecast less that of persistence, per event; above 0: it helped.")
    skill = dy.Float64(
        description="The same as a share of what knowing the shares as they came would have gained: 1 is perfect, 0 persistence."
    )
    low = dy.Float64(description="Lower end of its 90% interval, cities resampled.")
    high = dy.Float64(description="Upper end of that interval.")
    p = fraction("Share of random permutations of the cities' gains, in standard deviations, that Readiness tells as well.")
    power = fraction("Probability to find a true effect of .5 at 5%: share of simulated worlds with it in which the test does.")
    trend_skill = dy.Float64(description="Skill of the log trend of the share, on the same scale.")
    trend_low = dy.Float64(description="Lower end of its 90% interval.")
    trend_high = dy.Float64(description="Upper end of that interval.")
    finding = dy.String(description="What was found, in one sentence.")


@dataclass(frozen=True)
class History:
    """Readiness as known in each year and the rows it rests on, (year, city); and the events of each target, (year, city)."""

    years: np.ndarray
    cities: list[str]
    readiness: np.ndarray
    rows: np.ndarray
    targets: dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """A target at an origin: places of its cities, their events before and after, yearly slope of the log share, and log
    Readiness, (city,)."""

    origin: int
    places: np.ndarray
    before: np.ndarray
    after: np.ndarray
    slope: np.ndarray
    readiness: np.ndarray

    @cached_property
    def log_share(self) -> np.ndarray:
        """Return the log of each city's share before."""
        return np.asarray(np.log((self.before + HALF) / (self.before + HALF).sum()))

    @cached_property
    def surplus(self) -> np.ndarray:
        """Return log Readiness beyond what goes with size."""
        return beyond_size(self.readiness, self.log_share)

    def forecast(self, tilt: float) -> np.ndarray:
        """Return log shares by persistence, tilted by the surplus."""
        return np.asarray(scipy.special.log_softmax(self.log_share + tilt * self.surplus))


def history(inputs: Inputs, last: int) -> History:
    """Return what the register knew in each year up to ``last``, and what the lists of others count in all years up to it."""
    country = CURATED if inputs.scope == WORLD else inputs.scope
    cities = sorted(inputs.cities.filter(pl.col("country") == country)["city"])
    years = np.arange(FIRST_YEAR - TREND, last + 1)
    rows = inputs.counts.filter(pl.col("city").is_in(cities) & pl.col("year").is_between(int(years[0]), last))
    place_of = {city: index for index, city in enumerate(cities)}

    def yearly(part: pl.DataFrame) -> np.ndarray:
        counted = np.zeros((len(years), len(cities)))
        np.add.at(counted, (part["year"].to_numpy() - years[0], [place_of[city] for city in part["city"]]), part["n"].to_numpy())
        return counted

    quantities = inputs.indicators.filter(pl.col("measure") == "Readiness")["quantity"].unique().sort().to_list()
    own = rows.filter(pl.col("list").str.starts_with(REGISTER))
    known = np.stack([yearly(own.filter(pl.col("quantity") == quantity)) for quantity in quantities])
    # Only what had a year then enters: schools and services, which have none, are left out.
    recent = np.stack([known[:, max(index - HORIZON + 1, 0) : index + 1].sum(1) for index in range(len(years))])
    others = rows.filter((pl.col("dataset") != REGISTER) & pl.col("quantity").is_in(OUTCOMES)).sort("quantity", "list")
    targets = {
        f"{str(quantity).replace('_', ' ')}, {name}": yearly(part)
        for (quantity, name), part in others.group_by("quantity", "list", maintain_order=True)
    }
    return History(years, cities, np.log1p(recent).mean(1), recent.sum(1), targets)


def cases(known: History, events: np.ndarray) -> list[Case]:
    """Return every origin with five years of the list on both sides, for the cities known well enough at the first of them."""
    enough, covered = known.rows >= LEAST_ROWS, np.flatnonzero(events.any(1))
    first, last = (covered[0], covered[-1]) if len(covered) else (0, -1)
    whole = range(max(TREND, first + HORIZON - 1), last - HORIZON + 1)
    origins = [origin for origin in whole if enough[origin].sum() >= LEAST_CITIES]
    if not origins:
        return []
    panel = np.flatnonzero(enough[origins[0]])
    every = [_case(known, events[:, panel], panel, origin) for origin in origins]
    return [case for case in every if min(case.before.sum(), case.after.sum()) >= LEAST_EVENTS]


def _case(known: History, events: np.ndarray, panel: np.ndarray, origin: int) -> Case:
    yearly = events[origin - TREND + 1 : origin + 1]
    ratio = np.log(yearly + HALF) - np.log((yearly + HALF).sum(1, keepdims=True))
    return Case(
        origin=int(known.years[origin]),
        places=panel,
        before=yearly[-HORIZON:].sum(0),
        after=events[origin + 1 : origin + HORIZON + 1].sum(0),
        slope=np.polyfit(np.arange(TREND), ratio, 1)[0],
        readiness=known.readiness[origin, panel],
    )


def tilt(ended: Sequence[Case]) -> float:
    """Return γ of greatest multinomial likelihood under a standard normal prior, which may be below 0."""

    def loss(trial: float) -> float:
        return 0.5 * trial**2 - sum(float(case.after @ case.forecast(trial)) for case in ended)

    return float(scipy.optimize.minimize_scalar(loss, bracket=(-0.5, 0.5)).x)


def backtest(result: Result) -> pl.DataFrame:
    """Return ``Backtest``."""
    return table(history(result.inputs, result.headline))


def table(known: History) -> pl.DataFrame:
    """Return one row per target of which at least one forecast is over."""
    rows = [_row(known, name, found) for name, events in known.targets.items() if (found := cases(known, events))]
    return pl.DataFrame([row for row in rows if row], Backtest.types())


def _row(known: History, name: str, every: Sequence[Case]) -> dict[str, object] | None:
    """Return the row of a target; None if no earlier forecast was over when the last could be made."""
    tested = [(case, [past for past in every if past.origin + HORIZON <= case.origin]) for case in every]
    learned = [(case, tilt(ended)) for case, ended in tested if ended]
    made = [(case, case.forecast(max(bet, 0.0))) for case, bet in learned]
    if not made:
        return None
    trends = [scipy.special.log_softmax(case.log_share + HORIZON * case.slope) for case, _ in made]
    after = np.stack([case.after for case, _ in made])
    persistence, readiness = np.stack([case.forecast(0.0) for case, _ in made]), np.stack([shares for _, shares in made])
    test = _panel(known, name, every)
    skills = [number for forecast in (readiness, np.stack(trends)) for number in _skill(after, persistence, forecast)]
    row: dict[str, object] = {
        "target": name,
        "horizon": HORIZON,
        "first_origin": every[0].origin,
        "last_origin": every[-1].origin,
        "n_origins": len(every),
        "n_cities": after.shape[1],
        "n_learned": len(made),
        "n": after.size,
        "tilt_least": min(bet for _, bet in learned),
        "tilt_most": max(bet for _, bet in learned),
        "gain": float((after * (readiness - persistence)).sum() / after.sum()),
        **dict(zip(("skill", "low", "high", "trend_skill", "trend_low", "trend_high"), skills, strict=True)),
        "p": test.p,
        "power": test.power,
    }
    return row | {"finding": finding(row)}


def _panel(known: History, name: str, every: Sequence[Case]) -> Panel:
    """Return what is tested by permutation: nothing has to be learned for it, so that no origin is left out."""
    origins = np.array([case.origin for case in every])
    first, last = origins[0] - HORIZON + 1, origins[-1] + HORIZON
    events = known.targets[name][:, every[0].places][(known.years >= first) & (known.years <= last)]
    return Panel(events, origins - first, np.stack([case.surplus for case in every]))


def _skill(after: np.ndarray, persistence: np.ndarray, forecast: np.ndarray) -> tuple[float, float, float]:
    """Return the share of what persistence misses that a forecast makes up, with its interval over resampled cities."""
    with np.errstate(divide="ignore", invalid="ignore"):
        best = np.where(after > 0, np.log(after / after.sum(1, keepdims=True)), 0.0)
    # Shares of a resampled set of cities add up to other sums; a city's part takes its expected events away.
    missed = [
        (after * (best - shares) - after + after.sum(1, keepdims=True) * np.exp(shares)).sum(0)
        for shares in (persistence, forecast)
    ]
    weights = draws.resample(BOOTSTRAPS, after.shape[1], np.random.default_rng(SEED))
    low, high = draws.interval(1 - (weights @ missed[1]) / (weights @ missed[0]))
    return float(1 - missed[1].sum() / missed[0].sum()), float(low), float(high)


def finding(row: dict[str, object]) -> str:
    """Say in one sentence what was found, and what could have been."""
    p, low, high = (float(str(row[name])) for name in ("p", "low", "high"))
    span = f"{row['first_origin']} to {row['last_origin']}"
    if p > SIGNIFICANT:
        found = (
            f"The register's Readiness of {span} did not demonstrably tell which of {row['n_cities']} cities would gain in the "
            f"next five years{_no_bet(float(str(row['tilt_most'])))}"
        )
    else:
        found = (
            f"Cities with more Readiness by the register alone than goes with their size in {span} gained in the next five "
            f"years, {_bet(float(str(row['tilt_most'])), low, high)}"
        )
    origins = f"{row['n_origins']} origin{'s' if row['n_origins'] != 1 else ''}"
    effect = f"a true effect of .5 would be found with probability {row['power']:.2f}"
    return f"{found} ({row['target']}; {origins}, p {p:.3f}); {effect}."


def _no_bet(most: float) -> str:
    """Say why the skill is exactly 0 where no γ that was learned is above 0 (``most`` is the greatest); else nothing."""
    if most > 0:
        return ""
    return (
        ", and the skill of a forecast from it is exactly 0: in earlier years more Readiness went with smaller gains, so the "
        "forecast left shares as they were"
    )


def _bet(most: float, low: float, high: float) -> str:
    """Say how the forecasts fared; ``most`` is the greatest γ learned, and the ends are those of their skill."""
    if most <= 0:
        return _no_bet(most).removeprefix(", ").replace("and the", "but the", 1)
    better = "better than" if low > 0 else "worse than" if high < 0 else "not demonstrably better than"
    return f"{'and' if low > 0 else 'but'} a forecast from it was {better} leaving shares as they were"


def in_one_sentence(table: pl.DataFrame) -> str:
    """Return the finding on the target with the greatest power, and how many others agree; ``table`` is ``Backtest``."""
    if table.is_empty():
        return "No list but the register's reaches far enough back to test the score as a forecast."
    ordered = table.sort("power", descending=True)
    rest = ordered.slice(1)
    found = int((rest["p"] <= SIGNIFICANT).sum())
    also = f" Readiness and gains go together on {found} of {len(rest)} further lists (p ≤ .05)." if len(rest) else ""
    return str(ordered["finding"][0]) + also
