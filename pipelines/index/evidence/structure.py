"""Compute indicators that are no sum or ratio: a city's centrality in the co-investment graph, and the breadth of its sectors.

They are computed once for each year from all companies. Resampling companies does not change them, so no interval covers
their own uncertainty.
"""

import numpy as np
import polars as pl
from scipy import sparse, stats
from scipy.sparse.linalg import eigsh

from pipelines.index.evidence.quotients import quotients

#: Years up to the year shown: of deals for the graph, of companies for their sectors.
DEAL_YEARS, COMPANY_YEARS = 3, 10

#: Companies to which breadth is rarefied; of a city with fewer nothing is said.
COMMON_N = 20

#: Columns that this evidence is computed from.
READS = (
    *(f"marts.coinvestment.{column}" for column in ("deal", "year", "city", "n_investors")),
    *(f"core.companies.{column}" for column in ("founded", "city_founded", "sector")),
)

#: What is emitted.
INDICATORS = ("coinvest_centrality", "sector_breadth", "companies_by_sector", "sector_leadership")


def _evidence(rows: list[tuple[str, str, int, float]], table: str, of: str) -> pl.DataFrame:
    """Return rows (indicator, city, year, value) as evidence computed from all rows of ``table``."""
    frame = pl.DataFrame(rows, {"indicator": pl.String, "city": pl.String, "year": pl.Int32, "value": pl.Float64}, orient="row")
    return frame.with_columns(
        pl.col("year").alias("year_to"),
        pl.format("{}, {} of {}", "city", pl.lit(of), "year").alias("label"),
        pl.lit(table).alias("source"),
        pl.lit(table).alias("source_file"),
    )


def centrality(pieces: pl.DataFrame, years: np.ndarray) -> pl.DataFrame:
    """Return the weighted eigenvector centrality of each city in the co-investment graph, 1 for the most central (Bonacich 1972,
    J. Mathematical Sociology 2, 113–120).

    ``pieces`` has deal, year, city and n_investors, one row per deal and city. Each deal ties every two of its cities by
    the product of their shares of its investors.
    """
    rows = []
    for year in years:
        window = pieces.filter(pl.col("year").is_between(year - DEAL_YEARS + 1, year)).sort("deal", "city")
        cities, column = np.unique(window["city"].to_numpy(), return_inverse=True)
        deals, row = np.unique(window["deal"].to_numpy(), return_inverse=True)
        share = window.select(pl.col("n_investors") / pl.col("n_investors").sum().over("deal")).to_series().to_numpy()
        table = sparse.csr_matrix((share, (row, column)), shape=(len(deals), len(cities)))
        ties = (table.T @ table).tolil()
        ties.setdiag(0)
        if ties.nnz <= 2:  # One tie makes no graph.
            continue
        vector = np.abs(eigsh(ties.tocsr(), k=1, v0=np.ones(len(cities)))[1][:, 0])
        # Rounded: the last digits are the solver's.
        rows += [
            ("coinvest_centrality", city, int(year), value)
            for city, value in zip(cities, np.round(vector / vector.max(), 9), strict=True)
        ]
    return _evidence(rows, "marts.coinvestment", "co-investment graph")


def rarefied(counts: np.ndarray, n: int) -> float:
    """Return the Hill number of order 1, the effective number of kinds, expected in ``n`` drawn from ``counts`` (kind,).

    Chao et al. (2014), Ecological Monographs 84, 45–67, equation 5a for q = 1. NaN if there are fewer than ``n``.
    """
    total = int(counts.sum())
    if total < n:
        return float("nan")
    sizes = np.arange(1, n + 1)
    expected = stats.hypergeom.pmf(sizes[:, None], total, counts[counts > 0].astype(int)[None, :], n).sum(1)
    return float(np.exp(-(sizes / n * np.log(sizes / n) * expected).sum()))


def sectors(companies: pl.DataFrame, years: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    """Return breadth and leadership of the sectors of every city with ``COMMON_N`` companies.

    ``companies`` has city, year and sector, one row per company, of the cities compared and no others. Leadership is the
    number of sectors whose location quotient over all cities compared is credibly above one (``quotients``), with smaller
    cities taken together.
    """
    rows = []
    for year in years:
        window = companies.filter(pl.col("year").is_between(year - COMPANY_YEARS + 1, year))
        size = pl.len().over("city")
        window = window.with_columns(pl.when(size >= COMMON_N).then("city").alias("city")).sort("city", "sector")
        table = (
            window.group_by("city", "sector", maintain_order=True).len().pivot("sector", index="city", values="len").fill_null(0)
        )
        counts = table.drop("city").to_numpy().astype(float)
        if len(counts) < 2:
            continue
        located = quotients(counts, [[sector] for sector in range(counts.shape[1])], rng)
        for place, city in enumerate(table["city"]):
            if city is not None:
                led = sum(located.is_specialised(place, sector) for sector in range(counts.shape[1]))
                numbers = (rarefied(counts[place], COMMON_N), float(counts[place].sum()), float(led))
                rows += [(name, city, int(year), number) for name, number in zip(INDICATORS[1:], numbers, strict=True)]
    return _evidence(rows, "core.companies", "sectors")
