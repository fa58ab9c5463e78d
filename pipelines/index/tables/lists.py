"""Tables of the lists: how much each holds, how unevenly it looks, and how far it moves the scores."""

import dataframely as dy
import numpy as np
import polars as pl

from pipelines.index import draws
from pipelines.index.compute import Result
from pipelines.index.definitions import SCORES
from pipelines.index.measurement.influence import without_each
from pipelines.index.measurement.layout import Layout
from pipelines.index.table import CITY, IndexTable
from pipelines.index.yardsticks import Yardsticks
from pipelines.schema import one_of

#: Seed of the chance in counts.
SEED = 24_000

#: A change of a score that is told of.
LEAST_MOVE = 0.5


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


def influence(result: Result) -> pl.DataFrame:
    """Return ``ListInfluence``."""
    layout, cities = result.inputs.posterior.layout, np.array(result.cities)
    if (fit := result.inputs.posterior.fit) is None:
        return ListInfluence.empty()
    change = without_each(fit)
    latent = result.inputs.posterior.draws("latent").mean(0)
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
    values = type(result.values)(result.inputs.posterior.at(latent), result.definitions)
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
