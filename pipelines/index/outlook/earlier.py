"""Tell a change of method from a change of data: what the method of today makes of the data of the release before."""

import dataframely as dy
import polars as pl

from pipelines.index.compute import Result
from pipelines.index.definitions import SCORES
from pipelines.index.table import IndexTable
from pipelines.schema import one_of


class EarlierData(IndexTable):
    """One row per score and city that the release before ranked: its score by that release's data and this release's method.

    Empty where the method is the same, or no earlier release of the scope can be read.
    """

    table = "index.earlier_data"

    measure = dy.String(primary_key=True, check=one_of(*SCORES), description="Readiness or Realised.")
    city = dy.String(primary_key=True, description="City, as that release names it.")
    score = dy.Float64(min=0, description="Score in that release's headline year.")


def earlier_data(before: Result | None) -> pl.DataFrame:
    """Return ``EarlierData``."""
    if before is None:
        return EarlierData.empty()
    return pl.concat(
        EarlierData.frame(measure=measure, city=before.ranked_cities, score=before.medians(measure)) for measure in SCORES
    )
