"""Leave each list out in turn, and predict it from the others: coverage of 90% intervals, and error against simpler guesses.

    .venv/bin/python -m bench.held_out [DATABASE] [QUANTITY/LIST …]

Of each list that names cities, and that shares its quantity with another one, the counts of the cities in which it has two
rows or more are predicted, given its size and its family; the intervals are those of counts of two or more. Editions of one
publication are left out together, since they name mostly the same companies. An error is the root mean square of log(predicted /
counted) up to a constant. The model is compared with each other list in the cities that both lists look at, five or more: a list
says nothing of a city where it does not look. Reads a database that ``make refresh`` made. Every publication takes a fit of its
own, some seconds; lists of fewer than five such cities show little and are passed over. Writes ``bench/results/held_out.json``,
unless lists are named.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from pipelines import settings
from pipelines.errors import InputError
from pipelines.index import gather
from pipelines.index.measurement import prepare
from pipelines.index.measurement.fit import Fit, fit, start
from pipelines.index.measurement.layout import Layout
from pipelines.index.measurement.model import Model
from pipelines.index.measurement.posterior import Posterior
from pipelines.index.measurement.priors import CHOSEN, CHOSEN_ELASTICITY, CHOSEN_ELASTICITY_SD, OWN, Settings
from pipelines.warehouse import database

#: Fewest rows of a list in a city for the city to be predicted.
LEAST_ROWS = 2

#: Fewest such cities of a list that is predicted, and of another one that the model is compared with.
LEAST_CITIES = 5

#: Draws without each list, and how often the list is made up from each.
DRAWS, MADE_UP = 200, 10

#: What all lists have in common: drift, editions, countries.
COMMON_SCALES = ("drift", "editions", "countries")

SEED = 70_000

RESULTS = Path(__file__).parent / "results" / "held_out.json"


class Lists:
    """What layouts are made from, with some lists left out or none."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.counts = gather.counts_of(connection)
        self.profiles = database.query(connection, "from marts.list_profiles order by all")
        self.cities, self.audits = gather.cities_of(connection, self.counts), gather.audits_of(connection)

    def layout(self, left_out: list[str] | None = None) -> Layout:
        """Return the layout of all lists but those ``left_out``, over the same cities."""
        is_kept = ~pl.concat_str("quantity", "list", separator="/").is_in(left_out or [])
        return prepare.layout_of(self.counts.filter(is_kept), self.profiles.filter(is_kept), self.cities, self.audits)


def predictable(layout: Layout) -> list[str]:
    """Return the lists that name enough cities, are no census, and whose quantity other publications count too."""
    names = []
    for place in np.flatnonzero(~layout.by_region & ~layout.is_exact):
        alike = layout.quantity_of == layout.quantity_of[place]
        is_enough = (_counted(layout, int(place)) >= LEAST_ROWS).sum() >= LEAST_CITIES
        if is_enough and (layout.series_of[alike] != layout.series_of[place]).any():
            names.append(layout.lists[place])
    return names


def row_of(layout: Layout, name: str, posterior: Posterior) -> dict[str, object]:
    """Return how well ``posterior``, which knows no edition of a list, predicts what ``layout`` has of it."""
    place = layout.lists.index(name)
    counted = _counted(layout, place)
    some = counted >= LEAST_ROWS
    low, high, inside = _interval(layout, place, posterior, some)
    expected = np.median(_log_shares(layout, place, posterior, np.random.default_rng(SEED)), axis=0)
    return {
        "list": name,
        "cities": int(some.sum()),
        "coverage": float(((counted[some] >= low) & (counted[some] <= high)).mean()),
        "coverage expected": inside,
        "error": error(expected[some], counted[some]),
        "beside": _beside(layout, place, expected, counted),
    }


def _beside(layout: Layout, place: int, expected: np.ndarray, counted: np.ndarray) -> list[dict[str, Any]]:
    """Return the error of each other list of a quantity, best first, and that of the model in the same cities."""
    others = (layout.quantity_of == layout.quantity_of[place]) & (layout.series_of != layout.series_of[place])
    rows = []
    for other in np.flatnonzero(others & ~layout.by_region):
        looks = layout.covers[:, layout.list_of == other].any(1)
        both = looks & (counted >= LEAST_ROWS)
        if both.sum() >= LEAST_CITIES:
            rival = error(np.log(_counted(layout, int(other)) + 0.5)[both], counted[both])
            model = error(expected[both], counted[both])
            rows.append({"list": layout.lists[other], "cities": int(both.sum()), "error": rival, "error of the model": model})
    return sorted(rows, key=lambda row: row["error"])


def _interval(layout: Layout, place: int, posterior: Posterior, some: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Return both ends of the 90% interval of what a list has in ``some`` of the cities, (city,), and the share inside.

    Only counts of two or more are kept, as only cities with so many are compared. Counts are whole numbers, so the interval holds
    rather more than 90% of what the model makes up: that share, on average over the cities, is what coverage ought to be.
    """
    rng = np.random.default_rng(SEED)
    made_up = np.concatenate([replicated(layout, place, posterior, rng)[:, some] for _ in range(MADE_UP)])
    kept = np.where((made_up >= LEAST_ROWS) | (made_up < LEAST_ROWS).all(axis=0), made_up, np.nan)
    low, high = np.nanquantile(kept, (0.05, 0.95), axis=0, method="inverted_cdf")
    inside = (((kept >= low) & (kept <= high)).sum(axis=0) / (~np.isnan(kept)).sum(axis=0)).mean()
    return low, high, float(inside)


def replicated(layout: Layout, place: int, posterior: Posterior, rng: np.random.Generator) -> np.ndarray:
    """Return counts that a list of this size might have, (draw, city).

    Its attention is as uneven as that of other lists of its family, or of all lists where it has none. If it is chosen by hand,
    it follows what there is as steeply as such lists do. How much it knows of each group of cities, beyond what its family does,
    comes from the prior.
    """
    shares = _log_shares(layout, place, posterior, rng, _elasticity(layout, place, posterior, rng))
    family, inside = layout.family_of[place], posterior.layout
    has_noise = inside.own_noise >= 0
    is_alike = has_noise & (np.array([*inside.families, ""])[inside.family_of] == layout.families[family])
    of_lists = inside.own_noise[is_alike if is_alike.any() else has_noise]
    noise = posterior.draws("noise")
    spread = noise[np.arange(len(noise)), rng.choice(of_lists, len(noise))]
    of_groups = rng.normal(0, OWN * _national_scale(posterior), (posterior.count, layout.groups))[:, layout.group_of]
    uneven = shares + of_groups + rng.normal(size=shares.shape) * spread[:, None]
    return rng.poisson(_counted(layout, place).sum() * np.exp(uneven - np.logaddexp.reduce(uneven, axis=1)[:, None]))


def _elasticity(layout: Layout, place: int, posterior: Posterior, rng: np.random.Generator) -> np.ndarray | float:
    """Return how steeply a list follows what there is, (draw,): as other lists do that are chosen by hand, if it is."""
    if Model(layout).elasticity[place] < 0:
        return 1.0
    inside = np.flatnonzero(_model(posterior).elasticity >= 0)
    if len(inside):
        return posterior.draws("elasticity")[:, inside[0]].astype(float)
    return rng.normal(CHOSEN_ELASTICITY, CHOSEN_ELASTICITY_SD, posterior.count)


def _model(posterior: Posterior) -> Model:
    """Return the model that draws were taken of."""
    if posterior.fit is None:
        raise ValueError
    return posterior.fit.model


def _national_scale(posterior: Posterior) -> float:
    """Return how differently families know countries, a standard deviation of the log."""
    return float(np.exp(posterior.settings.log_scale[_model(posterior).national]))


def _of_family(layout: Layout, place: int, posterior: Posterior, rng: np.random.Generator) -> np.ndarray:
    """Return the log of how much the other lists of its family hold of each city, (draw, city).

    How they know a country is the family's part and each list's own: of their mean, what is likely the family's is taken. Of a
    single other list nobody knows how much of its attention is the family's. Both parts have the same prior, so half is.
    """
    name, inside = layout.families[layout.family_of[place]], posterior.layout
    alike = np.array([*inside.families, ""])[inside.family_of] == name
    bridges = np.flatnonzero(alike & inside.is_first_edition & (_model(posterior).by_series >= 0).any(1))
    scale = _national_scale(posterior)
    of_family = (scale * (CHOSEN if layout.is_chosen[place] else 1.0)) ** 2
    own = (scale * OWN) ** 2 / max(len(bridges), 1)
    national = rng.normal(0, np.sqrt(of_family), (posterior.count, inside.groups))
    if len(bridges):
        likely = of_family / (of_family + own)
        left = np.sqrt(likely * own / of_family) * national
        national = likely * posterior.draws("national")[:, bridges].mean(1) + left
    by_city = national[:, inside.group_of]
    if name not in inside.families:
        return by_city
    shared = inside.family_noise[inside.families.index(name)]
    if shared >= 0:
        return np.asarray(by_city + posterior.draws("attention")[:, :, shared])
    other = inside.own_noise[alike & (inside.own_noise >= 0)]
    if not len(other):
        return by_city
    noise, attention = posterior.draws("noise")[:, other[0], None], posterior.draws("attention")[:, :, other[0]]
    return np.asarray(by_city + attention / 2 + noise / 2 * rng.standard_normal(attention.shape))


def error(predicted: np.ndarray, counted: np.ndarray) -> float:
    """Return the root mean square of log(predicted / counted) up to a constant; ``predicted`` is a log."""
    apart = predicted - np.log(counted)
    return float(np.sqrt(np.mean((apart - np.median(apart)) ** 2)))


def _counted(layout: Layout, place: int) -> np.ndarray:
    """Return what a list counts in each city, all years together."""
    channels = layout.list_of == place
    return np.asarray(np.where(layout.covers, layout.counts, 0.0)[:, channels].sum(1))


def _log_shares(
    layout: Layout, place: int, posterior: Posterior, rng: np.random.Generator, elasticity: np.ndarray | float = 1.0
) -> np.ndarray:
    """Return logs of what each city has of all that the list could hold, (draw, city); −∞ where it does not look.

    What there is, but for what cities have grown together, may be raised to the power of an ``elasticity`` (draw,) first. The
    list looks at cities as its family does.
    """
    channels = np.flatnonzero(layout.list_of == place)
    columns = layout.column_of[channels]
    grown = posterior.grown_by_column[:, layout.group_of][:, :, columns].astype(float)
    apart = posterior.draws("latent")[:, :, columns] - grown
    logs = grown + np.reshape(elasticity, (-1, 1, 1)) * apart + layout.exposure[channels]
    looks = layout.covers[:, channels].any(1)
    whole = np.where(looks, np.logaddexp.reduce(logs, axis=2) + _of_family(layout, place, posterior, rng), -np.inf)
    return np.asarray(whole - np.logaddexp.reduce(whole, axis=1)[:, None])


def _begin(whole: Fit, without: Layout) -> Settings:
    """Return the settings to begin with where some lists are left out: those of a fit of the ``whole``, by name."""
    model, begin = Model(without), start(Model(without))
    if without.columns.quantities != whole.model.layout.columns.quantities or without.groups != whole.model.layout.groups:
        return begin
    known = dict(zip(_scales(whole.model), whole.settings.log_scale, strict=True))
    scales = [known.get(name, value) for name, value in zip(_scales(model), begin.log_scale, strict=True)]
    free = whole.settings.elasticity if len(whole.settings.elasticity) == len(begin.elasticity) else begin.elasticity
    return replace(whole.settings, log_scale=np.array(scales), elasticity=free)


def _scales(model: Model) -> list[str]:
    """Return a name for each scale."""
    return [*model.layout.noise_names, *COMMON_SCALES, *(f"regions of {model.layout.lists[place]}" for place in model.regional)]


def _left_out(lists: Lists, whole: Fit, names: list[str]) -> list[dict[str, object]]:
    """Fit without the editions of a publication, and return how well that predicts those of ``names``."""
    layout = whole.model.layout
    editions = np.flatnonzero(layout.series_of == layout.series_of[layout.lists.index(names[0])])
    without = lists.layout([layout.lists[place] for place in editions])
    posterior = Posterior.of(fit(without, begin=_begin(whole, without)), DRAWS)
    return [row_of(layout, name, posterior) for name in names]


def main(database_path: Path, names: list[str]) -> None:
    """Print the table, and keep it if it has every list."""
    with duckdb.connect(str(database_path), read_only=True) as connection:
        lists = Lists(connection)
    layout, rows = lists.layout(), []
    whole = fit(layout)
    chosen: dict[int, list[str]] = {}
    for name in names or predictable(layout):
        chosen.setdefault(int(layout.series_of[layout.lists.index(name)]), []).append(name)
    for alike in chosen.values():
        try:
            found = _left_out(lists, whole, alike)
        except InputError as error:
            print(*alike, error, sep="\n", flush=True)
            continue
        rows += found
        print(*found, sep="\n", flush=True)
    table = pl.DataFrame(rows)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=60, float_precision=2):
        print(table)
        print(summary(table))
    if not names:
        RESULTS.write_text(json.dumps({"lists": len(layout.lists), "held_out": rows}, indent=1) + "\n", "utf-8")


def summary(table: pl.DataFrame) -> pl.DataFrame:
    """Return one row: coverage over cities and lists, what it ought to be, the mean error, and that of the next best list."""
    weight = pl.col("cities") / pl.col("cities").sum()
    best = pl.col("beside").list.first().struct
    return table.select(
        lists=pl.len(),
        cities=pl.col("cities").sum(),
        coverage=(pl.col("coverage") * weight).sum(),
        expected=(pl.col("coverage expected") * weight).sum(),
        of_lists=pl.col("coverage").mean(),
        error=pl.col("error").mean(),
        beside=best.field("error").mean(),
        model_beside=best.field("error of the model").mean(),
    )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    given = Path(arguments[0]) if arguments else settings.PUBLISHED
    if not given.is_file():
        sys.exit(f"no database at {given}: run `make refresh` first")
    main(given, arguments[1:])
