"""Tables of the lists: how much each holds, how unevenly it looks, how far it moves the scores, and whether the chains agree."""

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.errors import InputError, Problem
from pipelines.index import draws
from pipelines.index.compute import Result
from pipelines.index.definitions import SCORES
from pipelines.index.measurement import convergence
from pipelines.index.measurement.influence import without_each
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.state import national_sd
from pipelines.index.table import CITY, IndexTable
from pipelines.index.yardsticks import Yardsticks
from pipelines.schema import one_of

#: Seed of the chance in counts.
SEED = 24_000

#: A change of a score that is told of.
LEAST_MOVE = 0.5

#: How far, in standard deviations of its prior, the attention of a family to one country may lie from that to another.
FARTHEST = 3.0

#: First cities of a score whose chains are compared: those that people read of.
COMPARED = 40

#: Largest R̂ of a score, and the fewest independent draws one may be worth.
LARGEST_R_HAT, LEAST_EFFECTIVE = 1.01, 100


class Lists(IndexTable):
    """One row per list and quantity: what the measurement model has learned of it."""

    table = "index.lists"

    quantity = dy.String(primary_key=True, description="What it counts; founders: companies by the year they were founded in.")
    list = dy.String(primary_key=True, description="List.")
    dataset = dy.String(description="Source.")
    n = dy.Float64(min=0, description="What it counts in the measured cities and provinces.")
    n_cities = dy.Int64(min=0, description="Measured cities it looks at.")
    is_yardstick = dy.Bool(
        description="Values are what it would count of every city. It is the fullest list, or one that compares groups of "
        "cities and holds half as much or more. A part of another quantity has none among its lists: its yardstick is that of "
        "the whole (index.goalposts)."
    )
    share = dy.Float64(
        min=0,
        description="How much it holds for each one that the yardstick holds, where it looks; 1 for that list, more for one that "
        "is fuller there. Where one of the two counts companies that exist, and the other what happens in a year, this does not "
        "say how complete the list is.",
    )
    share_low = dy.Float64(min=0, description="Lower end of its 90% interval.")
    share_high = dy.Float64(min=0, description="Upper end of that interval.")
    elasticity = dy.Float64(description="Above 1 it prefers large places: twice the quantity is 2 to this power as many rows.")
    attention_noise = dy.Float64(
        nullable=True,
        min=0,
        description="How unevenly it looks at cities, what its family has in common included (standard deviation of the log); "
        "null if it knows provinces or a country's total only, or is a census.",
    )
    scores_moved = dy.Int64(
        min=0,
        description="Cities of the scope whose Readiness or Realised it moves directly by half a point or more "
        "(index.list_influence).",
    )
    most_moved = dy.String(nullable=True, metadata=CITY, description="City whose Readiness it moves most; null if it moves none.")
    most_moved_by = dy.Float64(nullable=True, description="Points it adds to that city's Readiness.")


class Attention(IndexTable):
    """One row per list and measured city it looks at: how much it holds of the city against a typical city of that size.

    Typical are the cities of the scope that it looks at, all of them if there is none, by their mean on a log scale. That a list
    prefers large or small cities is its elasticity, and not in it.
    """

    table = "index.attention"

    quantity = dy.String(primary_key=True, description="What the list counts.")
    list = dy.String(primary_key=True, description="List.")
    dataset = dy.String(description="Source.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    attention = dy.Float64(min=0, description="1: as much as of a typical city of that size in the scope; 2: twice as much.")
    attention_low = dy.Float64(min=0, description="Lower end of its 90% interval.")
    attention_high = dy.Float64(min=0, description="Upper end of that interval.")


class ListInfluence(IndexTable):
    """One row per list, score and city that it moves by half a point or more: the score with the list, less that without it.

    This is its direct effect, with how lists look at cities held fixed: one Newton step at the mode, elasticities and noises as
    they are. A new list also changes these, and with them scores of cities that it does not name. For a list that knows provinces
    only, the levels of all lists and their attention to provinces move in that step as well.
    """

    table = "index.list_influence"

    quantity = dy.String(primary_key=True, description="What the list counts.")
    list = dy.String(primary_key=True, description="List.")
    dataset = dy.String(description="Source.")
    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    moved = dy.Float64(description="Points that the list adds directly; below 0 it takes some away.")


class Convergence(IndexTable):
    """One row per score and city, its first forty and the benchmark: do the chains of the sampler agree."""

    table = "index.convergence"

    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    r_hat = dy.Float64(max=LARGEST_R_HAT, description="Split R̂ of its score against the mean of the forty; 1 if chains agree.")
    effective = dy.Float64(min=LEAST_EFFECTIVE, description="Number of independent draws that the chains are worth.")


def influence(result: Result) -> pl.DataFrame:
    """Return ``ListInfluence``."""
    layout, cities = result.inputs.posterior.layout, np.array(result.cities)
    latent, change = without_each(result.inputs.posterior)
    with_all = _centres(result, latent)
    parts = []
    for place in range(len(layout.lists)):
        without = _centres(result, latent + change[place])
        for measure, whole in with_all.items():
            moved = whole - without[measure]
            is_told = (np.abs(moved) >= LEAST_MOVE) & result.is_scope
            parts.append(
                ListInfluence.frame(**_named(layout, place), measure=measure, city=cities[is_told], moved=moved[is_told])
            )
    return pl.concat(parts)


def _named(layout: Layout, place: int) -> dict[str, str]:
    """Return the columns that name a list."""
    quantity, _, label = layout.lists[place].partition("/")
    return {"quantity": quantity, "list": label, "dataset": layout.datasets[place]}


def _centres(result: Result, latent: np.ndarray) -> dict[str, np.ndarray]:
    """Return the scores of the headline year, (city,) each, where the latent values are ``latent`` (city, column)."""
    posterior = result.inputs.posterior
    point = Posterior(posterior.layout, posterior.chains | {"latent": latent[None, None], "base": np.zeros((1, 1, 1))})
    values = type(result.values)(point, result.definitions)
    scores = result.scored(values.points(result.headline, {}, result.kept))
    return {measure: drawn[0] for measure, drawn in scores.totals.items()}


def lists(result: Result, moved: pl.DataFrame) -> pl.DataFrame:
    """Return ``Lists``; ``moved`` is ``ListInfluence``."""
    posterior, sticks = result.inputs.posterior, result.yardsticks
    layout = posterior.layout
    rng = np.random.default_rng(SEED)
    wholes = dict(result.definitions.table.select("quantity", "part_of").drop_nulls().iter_rows())
    units = {quantity: sticks.unit(quantity, wholes.get(quantity)) for quantity in layout.columns.quantities}
    rows = []
    for place in range(len(layout.lists)):
        named = _named(layout, place)
        unit_of, channels = units[named["quantity"]], layout.list_of == place
        is_yardstick = place == unit_of.fullest
        chances = [1.0] if is_yardstick else [_chance(sticks, each, rng) for each in (place, unit_of.fullest)]
        share = np.exp(sticks.held(place) - sticks.held_by(unit_of)) * chances[0] / chances[-1]
        middle, low, high = draws.summary(share)
        n_cities = int(layout.covers[:, channels].any(1).sum())
        noises = posterior.draws("noise")[:, layout.noise[channels][0] > 0]
        of_list = moved.filter(**named)
        most = of_list.filter(measure="Readiness").sort(pl.col("moved").abs(), descending=True)
        rows.append(
            named
            | {
                "n": sticks.rows(place),
                "n_cities": n_cities,
                "is_yardstick": is_yardstick,
                "share": float(middle),
                "share_low": float(low),
                "share_high": float(high),
                "elasticity": float(posterior.draws("elasticity")[:, place].mean()),
                "attention_noise": float(np.sqrt((noises**2).sum(1)).mean()) if noises.size and n_cities else None,
                "scores_moved": of_list["city"].n_unique(),
                "most_moved": next(iter(most["city"]), None),
                "most_moved_by": next(iter(most["moved"]), None),
            }
        )
    return pl.DataFrame(rows, Lists.types())


def _chance(sticks: Yardsticks, place: int, rng: np.random.Generator) -> np.ndarray:
    """Return what a list might as well count, per what it counts, (draw,)."""
    rows = sticks.rows(place)
    return rng.standard_gamma(rows, sticks.posterior.count) / rows


def attention(result: Result) -> pl.DataFrame:
    """Return ``Attention``."""
    layout = result.inputs.posterior.layout
    cities, parts = np.array(layout.cities), []
    for place in np.flatnonzero(~layout.by_region & ~layout.is_exact).tolist():
        looks = layout.covers[:, layout.list_of == place].any(1)
        if not looks.any():
            # It prints the total of a country alone.
            continue
        logs = result.inputs.posterior.attention(layout.lists[place])
        typical = looks & result.inputs.in_scope if (looks & result.inputs.in_scope).any() else looks
        values = np.exp(logs - logs[:, typical].mean(1, keepdims=True))
        middle, low, high = (each[looks] for each in draws.summary(values))
        of_list = {"city": cities[looks], "attention": middle, "attention_low": low, "attention_high": high}
        parts.append(Attention.frame(**_named(layout, place), **of_list))
    return pl.concat(parts)


def unsettled(posterior: Posterior) -> list[Problem]:
    """Return the families of lists whose attention to a country has run off: then no list bridges to the benchmark."""
    layout = posterior.layout
    national, farthest = np.ptp(posterior.draws("national").mean(0), axis=1), FARTHEST * np.sqrt(2) * national_sd(layout)
    return [
        Problem(
            family,
            f"its lists would hold {np.exp(national[place]):,.0f} times as much of one country as of others",
            "The pilot chains have not settled: build from fewer lists (SOURCES), or raise ROUNDS in measurement/sampler.py",
        )
        for place, family in enumerate(layout.families)
        if national[place] > farthest[place]
    ]


def converged(result: Result) -> pl.DataFrame:
    """Return ``Convergence``; raise InputError where the chains differ too much for a score to be published."""
    frame, problems = compared(result), unsettled(result.inputs.posterior)
    problems += [
        Problem(
            row["city"],
            f"chains differ in its {row['measure']}: R̂ {row['r_hat']:.3f}, worth {row['effective']:.0f} independent draws",
            "Raise DRAWS in pipelines/index/measurement/run.py, and refresh again",
        )
        for row in apart(frame).iter_rows(named=True)
    ]
    if problems:
        raise InputError("index", problems)
    return frame


def apart(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``Convergence`` whose chains differ too much or are worth too few independent draws."""
    return frame.filter((pl.col("r_hat") > LARGEST_R_HAT) | (pl.col("effective") < LEAST_EFFECTIVE))


def compared(result: Result) -> pl.DataFrame:
    """Return ``Convergence`` of a result, whether or not its chains agree."""
    chains = result.inputs.posterior.chains["base"].shape[0]
    cities, parts = np.array(result.cities), []
    for measure in SCORES:
        drawn = result.posterior_draws[measure][result.place].astype(float)
        order = np.argsort(-draws.median(drawn[:, result.members]), kind="stable")
        first = result.members[order[:COMPARED]]
        # How far cities are from the benchmark moves all of their scores together.
        both = np.union1d(first, result.benchmark)
        less_mean = drawn[:, both] - drawn[:, first].mean(1, keepdims=True)
        by_chain = less_mean.reshape(chains, -1, less_mean.shape[1])
        r_hat, effective = convergence.split_r_hat(by_chain), convergence.effective_size(by_chain)
        parts.append(Convergence.frame(measure=measure, city=cities[both], r_hat=r_hat, effective=effective))
    return pl.concat(parts)
