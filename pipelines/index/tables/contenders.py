"""Tables of the front: which cities can still be among the first, and what the leader scores without the winner's curse."""

import dataframely as dy
import polars as pl

from pipelines.index import draws, rank_sets
from pipelines.index.compute import Result
from pipelines.index.definitions import SCORES
from pipelines.index.table import CITY, IndexTable
from pipelines.index.tables.scores import rank_set
from pipelines.schema import one_of

#: How many first places are asked for.
PLACES = (1, 3, 5, 10)


class Contenders(IndexTable):
    """One row per score, number of first places, and city that can still be among them in the headline year.

    Every city that truly is among them is named, for all numbers and cities at once, with at least 90%.
    """

    table = "index.contenders"

    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    places = dy.Int64(primary_key=True, min=1, description="Number of first places: 1, 3, 5 or 10.")
    city = dy.String(primary_key=True, metadata=CITY, description="City that can be among them.")


class Leaders(IndexTable):
    """One row per score: what the first city of the headline year scores, corrected for having been chosen as the highest."""

    table = "index.leaders"

    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    city = dy.String(metadata=CITY, description="City with the highest score.")
    score = dy.Float64(
        description="Its score as published: the highest of several noisy ones, and so more often too high than too low."
    )
    corrected = dy.Float64(description="Its score without that (inference on winners): as often too high as too low.")
    corrected_low = dy.Float64(description="Lower end of its 90% interval.")
    corrected_high = dy.Float64(description="Upper end of that interval.")


def contenders(result: Result) -> pl.DataFrame:
    """Return ``Contenders``."""
    rows = []
    for measure in SCORES:
        if len(result.members):
            best, _ = rank_set(result, measure)
            for places in PLACES:
                able = result.members[best <= places]
                rows += [{"measure": measure, "places": places, "city": result.cities[member]} for member in able]
    return pl.DataFrame(rows, Contenders.types())


def leaders(result: Result) -> pl.DataFrame:
    """Return ``Leaders``."""
    rows = []
    for measure in SCORES:
        # As if the scale did not end: where it does, draws of small cities vary hardly or far, and no draw is normal.
        drawn = result.unbounded[measure][:, result.members].astype(float)
        centre = draws.median(drawn)
        if len(centre):
            found = rank_sets.leader(centre, drawn)
            rows.append(
                {
                    "measure": measure,
                    "city": result.ranked_cities[found.city],
                    "score": float(centre[found.city]),
                    "corrected": found.value,
                    "corrected_low": found.low,
                    "corrected_high": found.high,
                }
            )
    return pl.DataFrame(rows, Leaders.types())
