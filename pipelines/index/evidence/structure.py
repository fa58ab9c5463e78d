"""Indicators that no sum or ratio expresses: a city's place in the co-investment graph, and the spread of its sectors.

They are worked out once for each year from all companies, and counted as they stand: a resample of companies does not
change them, so no interval holds the uncertainty of their own.
"""

import dataframely as dy
import numpy as np
import polars as pl
from scipy import sparse, stats
from scipy.sparse.linalg import eigsh

from pipelines.index.evidence.quotients import quotients
from pipelines.index.table import CITY
from pipelines.schema import TableSchema

#: Years up to the year shown: of deals for the graph, of companies for their sectors.
DEAL_YEARS, COMPANY_YEARS = 3, 10

#: Companies to which breadth is rarefied; of a city with fewer nothing is said.
COMMON_N = 20

#: Table → what is worked out from it.
WORKED_OUT_FROM = {"marts.coinvestment": "co-investment graph", "core.companies": "sectors"}


class EvidenceStructure(TableSchema):
    """One row per city, year and kind of evidence that no sum over companies gives: worked out from all of them at once."""

    table = "marts.evidence_structure"
    reads = (
        *(f"marts.coinvestment.{column}" for column in ("deal", "year", "city", "n_investors")),
        *(f"core.companies.{column}" for column in ("founded", "city_founded", "sector")),
    )

    dataset = dy.String(description="Source.")
    city = dy.String(primary_key=True, metadata=CITY, description="City.")
    year = dy.Int32(primary_key=True, description="Year.")
    year_to = dy.Int32(description="The same year: each year is counted afresh.")
    company = dy.String(nullable=True, description="Company it goes with when companies are resampled; none here.")
    label = dy.String(description="What a reader sees.")
    coinvest_centrality = dy.Float64(
        nullable=True,
        min=0,
        max=1,
        description="Eigenvector centrality among cities that invest together in three years; 1: most central.",
    )
    sector_breadth = dy.Float64(
        nullable=True, min=1, description="Effective number of sectors among 20 companies of the last ten years."
    )
    companies_by_sector = dy.Float64(nullable=True, min=0, description="Companies of the last ten years, where there are 20.")
    sector_leadership = dy.Float64(
        nullable=True,
        min=0,
        description="Sectors of five companies or more whose location quotient is above one with probability .95.",
    )
    source = dy.String(primary_key=True, description="Table it is worked out from.")
    url = dy.String(nullable=True, description="Null: see the rows of that table.")
    source_file = dy.String(description="The same table.")
    source_row = dy.Int32(nullable=True, description="Null.")


def centrality(pieces: pl.DataFrame, years: np.ndarray) -> pl.DataFrame:
    """Weighted eigenvector centrality of each city in the co-investment graph, 1 for the most central (Bonacich 1972,
    J. Mathematical Sociology 2, 113–120).

    ``pieces`` has deal, year, city and n_investors, one row per deal and city. Each deal ties every two of its cities by
    the product of their shares of its investors. Returns city, year, coinvest_centrality.
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
        rows += [(city, int(year), value) for city, value in zip(cities, np.round(vector / vector.max(), 9), strict=True)]
    return pl.DataFrame(rows, {"city": pl.String, "year": pl.Int32, "coinvest_centrality": pl.Float64}, orient="row")


def rarefied(counts: np.ndarray, n: int) -> float:
    """Hill number of order 1, the effective number of kinds, expected in ``n`` drawn out of ``counts`` (kind,) whole numbers.

    Chao et al. (2014), Ecological Monographs 84, 45–67, equation 5a for q = 1. NaN if there are fewer than ``n``.
    """
    total = int(counts.sum())
    if total < n:
        return float("nan")
    sizes = np.arange(1, n + 1)
    expected = stats.hypergeom.pmf(sizes[:, None], total, counts[counts > 0].astype(int)[None, :], n).sum(1)
    return float(np.exp(-(sizes / n * np.log(sizes / n) * expected).sum()))


def sectors(companies: pl.DataFrame, years: np.ndarray, rng: np.random.Generator) -> pl.DataFrame:
    """Breadth and leadership of the sectors of every city with ``COMMON_N`` companies.

    ``companies`` has city, year and sector, one row per company, of the cities compared and no others. Returns city, year,
    sector_breadth, companies_by_sector, and sector_leadership: the sectors whose location quotient over all cities compared
    is above one beyond doubt (``quotients``), smaller cities taken together.
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
        found = quotients(counts, [[one] for one in range(counts.shape[1])], rng)
        for at, city in enumerate(table["city"]):
            if city is not None:
                led = sum(found.is_specialised(at, one) for one in range(counts.shape[1]))
                rows.append((city, int(year), rarefied(counts[at], COMMON_N), counts[at].sum(), float(led)))
    schema = {"city": pl.String, "year": pl.Int32}
    measures = ("sector_breadth", "companies_by_sector", "sector_leadership")
    return pl.DataFrame(rows, schema | dict.fromkeys(measures, pl.Float64), orient="row")
