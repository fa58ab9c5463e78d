"""The city index with all its uncertainty, and how long that takes on one core.

Values, scores and ranks of every year; companies resampled 500 times; 4,000 joint draws of companies, rules of measurement and
choices of index in the headline year; Sobol indices of nine groups of factors from a base sample of 1,024, for both scores.
Reads the release that ``make refresh`` made, data aside.
"""

import resource
import sys
import time

import duckdb
import polars as pl

from pipelines import paths
from pipelines.assets.index import inputs_of
from pipelines.index import run


def main() -> None:
    """Print seconds and peak memory."""
    if not paths.PUBLISHED.exists():
        sys.exit(f"no release at {paths.PUBLISHED}: run `make refresh` first")
    with duckdb.connect(str(paths.PUBLISHED), read_only=True) as connection:
        ((country,),) = connection.execute("select country from index.headline").fetchall()
        inputs, _ = inputs_of(connection, country, pl.DataFrame(connection.sql("from marts.evidence")))
    wall, cpu = time.perf_counter(), time.process_time()
    result = run.compute(inputs)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    factors = result.tables["index.sensitivity"]["factor"].n_unique()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"city index: {run.BOOTSTRAPS} resamples, {run.HEADLINE_DRAWS} joint draws, Sobol N = {run.SOBOL}, {factors} factors")
    print(f"{wall:.1f} s, {cpu:.1f} s of CPU, {peak:.0f} MB at most")


if __name__ == "__main__":
    main()
