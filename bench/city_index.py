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

from pipelines import settings
from pipelines.index import compute
from pipelines.index.gather import inputs_of


def main() -> None:
    """Print seconds and peak memory."""
    if not settings.PUBLISHED.exists():
        sys.exit(f"no release at {settings.PUBLISHED}: run `make refresh` first")
    with duckdb.connect(str(settings.PUBLISHED), read_only=True) as connection:
        ((country,),) = connection.execute("select country from index.headline").fetchall()
        evidence = pl.DataFrame(connection.sql("from marts.evidence"))
        inputs, _ = inputs_of(connection, country, evidence)
    wall, cpu = time.perf_counter(), time.process_time()
    result = compute.compute(inputs)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    factors = result.tables["index.sensitivity"]["factor"].n_unique()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"city index: {compute.BOOTSTRAPS} resamples, {compute.HEADLINE_DRAWS} joint draws, "
        f"Sobol N = {compute.SOBOL}, {factors} factors"
    )
    print(f"{wall:.1f} s, {cpu:.1f} s of CPU, {peak:.0f} MB at most")


if __name__ == "__main__":
    main()
