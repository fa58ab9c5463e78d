"""Columns that say something about each other: figures that have changed places break a rule, whatever their ranges."""

from typing import Any

import polars as pl
import pytest

from pipelines.ingest.sources import (
    census,
    crunchbase_rounds_2026,
    eastmoney,
    edgar,
    gawc,
    hurun_rich_list,
    openalex,
    wikidata,
    yc_founders_schools,
)

AGES = {"age_0_14_pct": 15.0, "age_15_59_pct": 65.0, "age_60_pct": 20.0}


def broken(schema: Any, **cells: object) -> list[str]:
    """Return the rules that rows break of which only these cells are given; the other cells are left aside."""
    rows = pl.DataFrame({name: cell if isinstance(cell, list) else [cell] for name, cell in cells.items()})
    rules = {name: rule.expr for name, rule in schema._validation_rules(with_cast=False).items() if "|" not in name}
    found = []
    for name, expression in rules.items():
        if set(expression.meta.root_names()) <= set(rows.columns):
            found += [name] if not rows.select(expression.fill_null(True).all()).item() else []
    return found


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        (census.Prefectures, {"urban_population": 7, "population": 9}, {"urban_population": 9, "population": 7}),
        (census.Prefectures, AGES, AGES | {"age_60_pct": 5.0}),
        (census.Prefectures, AGES, AGES | {"age_0_14_pct": 65.0, "age_15_59_pct": 15.0}),
        (
            gawc.Connectivity,
            {"connectivity": [8, 4], "connectivity_pct": [100.0, 50.0]},
            {"connectivity": [8, 4], "connectivity_pct": [100.0, 40.0]},
        ),
        (hurun_rich_list.HeadOffices, {"people": 2, "wealth_100m_cny": 60.0}, {"people": 60, "wealth_100m_cny": 2.0}),
        (openalex.Works, {"works": 9, "top10_works": 1}, {"works": 1, "top10_works": 9}),
        (
            yc_founders_schools.Schools,
            {"entry_year": 2001, "graduation_year": 2005},
            {"entry_year": 2005, "graduation_year": 2001},
        ),
        (wikidata.Companies, {"founded_year": 2001, "ended_year": 2005}, {"founded_year": 2005, "ended_year": 2001}),
        (
            eastmoney.ListingApplications,
            {"accepted_on": "2020-01-02", "updated_on": "2021-01-02"},
            {"accepted_on": "2021-01-02", "updated_on": "2020-01-02"},
        ),
        (
            crunchbase_rounds_2026.Rounds,
            {"currency": "USD", "raised": 5.0, "raised_usd": 5.0},
            {"currency": "USD", "raised": 5.0, "raised_usd": 50.0},
        ),
        (
            edgar.submissions.Filings,
            {"accession": "0001193125-14-184994", "filed_on": "2014-05-06"},
            {"accession": "0001193125-14-184994", "filed_on": "2024-05-06"},
        ),
    ],
)
def test_relation_tells_right_from_wrong(schema: Any, right: dict[str, object], wrong: dict[str, object]) -> None:
    assert broken(schema, **right) == []
    assert broken(schema, **wrong) != []
