"""The models on small hand-made frames: attribution, founders, investors."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import model, paths, warehouse

MODELS = {one.table: one for one in model.read_all(paths.SQL)}
Rows = list[dict[str, object]]


def full(table: str, rows: Rows) -> pl.DataFrame:
    """Rows of a model's table with every column it has; those not given are null."""
    columns = [column.name for column in MODELS[table].columns]
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], infer_schema_length=None)


@pytest.fixture
def run() -> Callable[[str, dict[str, Rows]], Rows]:
    def run_model(table: str, inputs: dict[str, Rows]) -> Rows:
        with duckdb.connect() as connection:
            for schema in ("landing", "staging", "core", "marts"):
                connection.execute(f"create schema {schema}")
            for name, rows in inputs.items():
                frame = full(name, rows) if name in MODELS else pl.DataFrame(rows, infer_schema_length=None)
                warehouse.write(connection, name, frame)
            warehouse.build(connection, MODELS[table])
            return warehouse.query(connection, f"from {table} order by all").to_dicts()

    return run_model


DEAL = {"deal": "D", "company": "C", "country": "CN", "city": "Shenzhen", "year": 2010, "source": "s", "source_row": 2}


def investor(name: str, city: str | None, lead: bool = False) -> dict[str, object]:
    located = city is not None
    return {
        "deal": "D",
        "investor": name,
        "city": city,
        "country": "CN" if located else None,
        "is_lead": lead,
        "is_located": located,
    }


def office(name: str, city: str, opened: int | None = None, closed: int | None = None) -> dict[str, object]:
    return {"investor": name, "city": city, "country": "CN", "opened": opened, "closed": closed}


def origins(run: Callable[[str, dict[str, Rows]], Rows], investors: Rows, offices: Rows) -> dict[str, dict[str, object]]:
    rows = run(
        "marts.deal_origin",
        {"core.deals": [DEAL], "core.deal_investors": investors, "core.investor_offices": offices},
    )
    return {str(row["origin"]): row for row in rows}


def test_every_rule_on_one_deal(run: Callable[[str, dict[str, Rows]], Rows]) -> None:
    found = origins(
        run,
        [investor("A", "Beijing", lead=True), investor("B", "Shanghai"), investor("C", "Shanghai"), investor("D", None)],
        [office("A", "Beijing"), office("B", "Shanghai"), office("B", "Shenzhen", 2005, 2009), office("C", "Hangzhou", 2008)],
    )
    assert set(found) == {"Beijing", "Shanghai", "Hangzhou"}, "an office closed before the deal does not count"
    beijing, shanghai, hangzhou = found["Beijing"], found["Shanghai"], found["Hangzhou"]
    assert (beijing["any_rule"], beijing["lead_rule"], beijing["fractional_rule"]) == (1, 1.0, pytest.approx(1 / 3))
    assert (shanghai["any_rule"], shanghai["lead_rule"], shanghai["fractional_rule"]) == (1, 0.0, pytest.approx(2 / 3))
    assert (hangzhou["any_rule"], hangzhou["office_rule"], hangzhou["fractional_rule"]) == (0, 1, 0.0)
    assert (beijing["fractional_low"], beijing["fractional_high"]) == (0.25, 0.5)


def test_rules_keep_their_invariants(run: Callable[[str, dict[str, Rows]], Rows]) -> None:
    found = origins(
        run,
        [investor("A", "Beijing"), investor("B", "Shanghai"), investor("C", None)],
        [office("A", "Shenzhen"), office("B", "Beijing")],
    )
    assert sum(float(row["fractional_rule"]) for row in found.values()) == pytest.approx(1)  # type: ignore[arg-type]
    assert sum(float(row["lead_rule"]) for row in found.values()) == pytest.approx(1)  # type: ignore[arg-type]
    for row in found.values():
        assert row["office_rule"] >= row["any_rule"] >= row["fractional_rule"]  # type: ignore[operator]
        assert row["fractional_low"] <= row["fractional_rule"] <= row["fractional_high"]  # type: ignore[operator]


def test_unlocated_lead_falls_back_to_fractional(run: Callable[[str, dict[str, Rows]], Rows]) -> None:
    found = origins(
        run, [investor("A", None, lead=True), investor("B", "Beijing"), investor("C", "Shanghai")], [office("X", "Y")]
    )
    assert (found["Beijing"]["lead_rule"], found["Shanghai"]["lead_rule"]) == (0.5, 0.5)


LANDED = {"role": "founder", "schools": None, "studied_abroad": None, "worked_abroad": None, "field": None, "last_employer": None}
PLACE = {"basis": "named", "source": "s", "url": None, "source_file": "f", "source_row": 2}


@pytest.mark.parametrize(
    ("studied", "worked", "expected"),
    [("US", None, True), (None, "US|GB", True), ("none", "none", False), ("none", None, None), (None, None, None)],
)
def test_returnee_is_unknown_unless_known(
    run: Callable[[str, dict[str, Rows]], Rows], studied: str | None, worked: str | None, expected: bool | None
) -> None:
    career = {"earlier_ventures": "none", "studied_abroad": studied, "worked_abroad": worked}
    row = LANDED | PLACE | {"company": "C", "founder": "F"} | career
    other = {"earlier_ventures": "P|Q", "studied_abroad": "US", "worked_abroad": "US", "last_employer": "none"}
    padding = LANDED | PLACE | {"company": "Z", "founder": "Z", "schools": "S:1999:2003", "field": "tech"} | other
    found = {str(one["founder"]): one for one in run("staging.founders", {"landing.register__founders": [row, padding]})}
    assert found["F"]["is_returnee"] is expected
    assert found["F"]["n_earlier_ventures"] == 0
    assert found["Z"]["n_earlier_ventures"] == 2
    assert (found["Z"]["last_employer"], found["Z"]["is_last_employer_known"]) == (None, True)


def test_an_earlier_company_of_the_register_makes_a_repeat_founder(run: Callable[[str, dict[str, Rows]], Rows]) -> None:
    founding = PLACE | {"founder": "F", "is_last_employer_known": False, "n_earlier_ventures": None, "last_employer": None}
    companies = [
        {"company": name, "country": "CN", "city_founded": "Beijing", "city": "Beijing", "founded": year}
        for name, year in (("Old", 2000), ("New", 2010))
    ]
    rows = run(
        "core.founders",
        {
            "staging.founders": [
                founding | {"founding": "F | Old", "company": "Old", "n_earlier_ventures": 0, "last_employer": "X"},
                founding | {"founding": "F | New", "company": "New"},
            ],
            "core.companies": companies,
        },
    )  # fmt: skip
    assert {row["company"]: row["n_earlier_ventures"] for row in rows} == {"Old": 0, "New": 1}


def test_active_investors_need_two_deals_in_three_years(run: Callable[[str, dict[str, Rows]], Rows]) -> None:
    deals = [{"deal": f"D{year}", "year": year, "company": "C"} for year in (2000, 2002, 2006)]
    rows = run(
        "marts.evidence_investors",
        {
            "core.deals": deals,
            "core.deal_investors": [
                {"deal": one["deal"], "investor": "A", "is_lead": False, "is_located": True} for one in deals
            ],
            "core.investor_offices": [office("A", "Beijing") | {"source": "s", "source_row": 2}],
        },
    )
    assert [row["year"] for row in rows] == [2002]


def test_models_in_the_files_are_the_models_tested() -> None:
    assert {path.stem for path in Path(paths.SQL / "marts").glob("*.sql")} == {
        one.name for one in MODELS.values() if one.schema == "marts"
    }
