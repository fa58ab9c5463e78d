"""Centrality and breadth: values worked out by hand or by enumeration."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest

from pipelines.index.evidence import structure

YEAR = np.array([2010])


def pieces(*deals: tuple[str, ...], year: int = 2010) -> pl.DataFrame:
    """One row per deal and city; a city named twice has two investors."""
    rows = [(f"D{deal}", year, city, cities.count(city)) for deal, cities in enumerate(deals) for city in sorted(set(cities))]
    return pl.DataFrame(rows, ["deal", "year", "city", "n_investors"], orient="row")


def central(frame: pl.DataFrame) -> dict[str, float]:
    return dict(frame.select("city", "value").iter_rows())


def test_middle_of_a_star_is_most_central() -> None:
    """The first eigenvector of a star with n points: the middle 1, each point 1/√n."""
    found = central(structure.centrality(pieces(("M", "A"), ("M", "B"), ("M", "C"), ("M", "D"), ("M", "M")), YEAR))
    assert found == pytest.approx({"M": 1.0} | dict.fromkeys("ABCD", 0.5))


def test_deal_counts_once_however_many_invest() -> None:
    """Two chains M–A and M–B; in the second four invest, two at each end: shares, and so ties, are the same."""
    found = central(structure.centrality(pieces(("M", "A"), ("M", "M", "B", "B")), YEAR))
    assert found["A"] == pytest.approx(found["B"])


def test_deals_count_for_three_years() -> None:
    table = pieces(("A", "B"), ("B", "C"), year=2010)
    years = np.arange(2009, 2015)
    assert set(structure.centrality(table, years)["year"]) == {2010, 2011, 2012}


def test_rarefied_breadth_is_the_exponential_mean_entropy() -> None:
    """The estimator is the exponential of the expected entropy: enumerated over every sample of three out of seven."""
    counts = np.array([4, 2, 1])
    units = np.repeat(np.arange(3), counts)
    entropies = []
    for chosen in combinations(range(7), 3):
        share = np.bincount(units[list(chosen)], minlength=3) / 3
        entropies.append(-sum(p * np.log(p) for p in share if p > 0))
    assert structure.rarefied(counts, 3) == pytest.approx(np.exp(np.mean(entropies)))


def test_breadth_of_all_is_exact_and_of_too_few_is_missing() -> None:
    counts = np.array([2, 2, 2, 2, 0])
    assert structure.rarefied(counts, 8) == pytest.approx(4)
    assert np.isnan(structure.rarefied(counts, 9))


def test_sector_is_led_where_it_is_credibly_overrepresented() -> None:
    rows = [("A", 2010, "games")] * 40 + [("A", 2010, "other")] * 10
    rows += [(city, 2010, sector) for city in "BCD" for sector in ["games"] * 10 + ["other"] * 40]
    rows += [("E", 2010, "games")] * 19
    table = pl.DataFrame(rows, ["city", "year", "sector"], orient="row")
    found = structure.sectors(table, YEAR, np.random.default_rng(1))
    values = {(indicator, city): value for indicator, city, value in found.select("indicator", "city", "value").iter_rows()}
    assert values["sector_leadership", "A"] == 1
    assert ("sector_leadership", "E") not in values, "nineteen companies are too few to say anything"
    assert values["sector_breadth", "A"] == pytest.approx(values["sector_breadth", "B"])
    assert 1 < values["sector_breadth", "A"] < 2
    assert values["companies_by_sector", "A"] == 50
