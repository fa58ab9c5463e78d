"""From pieces of evidence to indicator values, for the data as it is or for any resampling of companies.

A piece of evidence is a number that counts for a city from one year to another. It counts in year ``t``
of a window of ``w`` years if its years overlap ``t − w + 1 … t``. Pieces that belong to a company go with
it when companies are resampled; the rest always count once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from pipelines.index.measure import shrinkage


@dataclass(frozen=True)
class Panel:
    """All evidence as one sparse matrix: resampling unit × (part, year, city); a part is an indicator over a window."""

    years: np.ndarray
    cities: list[str]
    companies: list[str]
    parts: list[tuple[str, int]]
    matrix: sparse.csr_matrix

    def sums(self, weights: np.ndarray) -> np.ndarray:
        """Return the sums of every part for each row of company ``weights`` (draw, company): (draw, part, year, city)."""
        always = np.ones((len(weights), 1))
        flat = (self.matrix.T @ np.hstack([weights, always]).T).T
        return np.asarray(flat).reshape(len(weights), len(self.parts), len(self.years), len(self.cities))

    @property
    def as_is(self) -> np.ndarray:
        """The weights that leave the data as they are: one draw, every company once."""
        return np.ones((1, len(self.companies)))


def sums_of(indicators: pl.DataFrame) -> list[tuple[tuple[str, int], tuple[str, int] | None]]:
    """Return what each indicator is made of: (name, window) of its numerator, and of its denominator where it has one."""
    return [
        ((row["indicator"], row["window"]), (row["denominator"], row["denominator_window"]) if row["denominator"] else None)
        for row in indicators.iter_rows(named=True)
    ]


def needed(*tables: pl.DataFrame) -> list[tuple[str, int]]:
    """Return every (name, window) that the indicators of ``tables`` are made of."""
    return sorted({part for table in tables for pair in sums_of(table) for part in pair if part is not None})


def panel(evidence: pl.DataFrame, parts: list[tuple[str, int]], cities: list[str], years: np.ndarray) -> Panel:
    """Lay out ``evidence`` (columns indicator, city, company, year, year_to, value) for ``parts`` (indicator, window)."""
    companies = sorted(evidence["company"].drop_nulls().unique())
    unit_of = {name: index for index, name in enumerate(companies)}
    city_of = {name: index for index, name in enumerate(cities)}
    shape = (len(parts), len(years), len(cities))
    rows, columns = [np.empty(0, dtype=int)], [np.empty(0, dtype=int)]
    values = [np.empty(0)]
    for position, (name, window) in enumerate(parts):
        part = evidence.filter((pl.col("indicator") == name) & pl.col("city").is_in(cities))
        if part.is_empty():
            continue
        unit = np.array([unit_of.get(name, len(companies)) for name in part["company"]])
        city = np.array([city_of[name] for name in part["city"]])
        first = part["year"].to_numpy()
        last = part["year_to"].fill_null(int(years[-1])).to_numpy()
        counts = (first[:, None] <= years) & (last[:, None] >= years - window + 1)
        piece, year = np.nonzero(counts)
        rows.append(unit[piece])
        columns.append(np.ravel_multi_index((np.full(len(piece), position), year, city[piece]), shape))
        values.append(part["value"].to_numpy()[piece])
    matrix = sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(companies) + 1, int(np.prod(shape))),
    )
    return Panel(years, cities, companies, parts, matrix)


def values(
    laid: Panel,
    weights: np.ndarray,
    scale: np.ndarray,
    indicators: pl.DataFrame,
    prior: np.ndarray,
    present: np.ndarray | None = None,
    apart: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return indicator values for each draw of company weights.

    Args:
        weights: how often each company counts, (draw, company).
        scale: how many companies each stands for, (draw, company): one over the detection rate of its
            city. It enters counts and rates; in shares and ratios it cancels.
        prior: boolean (city,): cities that set the empirical-Bayes priors.
        present: boolean (year, city, indicator): cells that have a value. Without it a cell has one if its
            denominator reaches the indicator's ``min_n``; draws are given the pattern of the data, so that a
            resample that happens to be thin leans on the prior instead of changing what a score is made of.
        apart: boolean (city,): cities that are not of the kind that sets the priors, and keep their own share or ratio.

    Returns four arrays of shape (draw, year, city, indicator): value (NaN where there is too little to say),
    numerator and denominator as observed (NaN for the denominator of counts), and the weight of the city's own data in the
    value, 0–1, where the rest is what the cities have in common (1 where nothing is shrunk).
    """
    sums, scaled = laid.sums(weights), laid.sums(weights * scale)
    place = {part: index for index, part in enumerate(laid.parts)}
    layers: list[tuple[np.ndarray, ...]] = []
    for position, (row, (above, below)) in enumerate(zip(indicators.iter_rows(named=True), sums_of(indicators), strict=True)):
        top, estimated = sums[:, place[above]], scaled[:, place[above]]
        bottom = np.full_like(top, np.nan) if below is None else sums[:, place[below]]
        value, own = _value(row, top, bottom, estimated, prior, apart)
        enough = np.broadcast_to(True, top.shape) if below is None else bottom >= row["min_n"]
        if present is not None:
            enough = np.broadcast_to(present[..., position], top.shape)
        layers.append((np.where(enough, value, np.nan), top, bottom, own))
    value, top, bottom, own = (np.stack(part, axis=-1) for part in zip(*layers, strict=True))
    return value, top, bottom, own


def _value(
    row: dict[str, Any], top: np.ndarray, bottom: np.ndarray, estimated: np.ndarray, prior: np.ndarray, apart: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of an indicator by its kind, and the weight of the city's own data in them."""
    match row["kind"]:
        case "count":
            return estimated, np.ones_like(top)
        case "level":
            # A level that is not measured is not filled either, because there is nothing to shrink towards.
            return np.where(bottom >= row["min_n"], top, np.nan), np.ones_like(top)
        case "share":
            return _unless(apart, shrinkage.beta_binomial(top, bottom, prior), top, bottom)
        case "ratio":
            return _unless(apart, shrinkage.gamma_poisson(top, bottom, prior), top, bottom)
        case _:
            exposure = bottom * _detected(top, estimated)
            return _unless(apart, shrinkage.gamma_poisson(top, exposure, prior), top, exposure)


def _unless(
    apart: np.ndarray | None, shrunk: tuple[np.ndarray, np.ndarray], top: np.ndarray, bottom: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """``shrunk`` (value, own), but of cities set ``apart`` what was seen, where anything was."""
    if apart is None:
        return shrunk
    is_seen = apart & (bottom > 0)
    return np.where(is_seen, top / np.where(bottom > 0, bottom, 1.0), shrunk[0]), np.where(is_seen, 1.0, shrunk[1])


def _detected(top: np.ndarray, estimated: np.ndarray) -> np.ndarray:
    """Return the detection rate of what ``top`` counts, (draw, year, city): that of the cell, or of all cells where it is empty.

    A rate is shrunk on what was seen: observed counts over the part of the exposure they come from.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        everywhere = top.sum((1, 2), keepdims=True) / estimated.sum((1, 2), keepdims=True)
        return np.nan_to_num(np.where(top > 0, top / estimated, everywhere), nan=1.0)
