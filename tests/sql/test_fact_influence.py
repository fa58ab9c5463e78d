"""How far a city's score would fall without a fact, from tables of the index made by hand."""

from math import log

import pytest

from tests.support.models import Rows, run

REGISTER = "data/register/"


#: The lists of the register that count, by indicator.
LISTS = {"deals_received": "register", "deals_originated": "register", "services": "register: law offices"}


def evidence(indicator: str, file: str, row: int, company: str | None = None, value: float = 1.0) -> dict[str, object]:
    where = {"source_file": f"{REGISTER}{file}.csv", "source_row": row}
    return {
        "indicator": indicator,
        "list": LISTS[indicator],
        "dataset": "register",
        "city": "Alba",
        "company": company,
        "value": value,
        "label": file,
    } | where


def tables(rows: Rows) -> dict[str, Rows]:
    indicators = {"deals_received": "P1", "deals_originated": "P1", "services": "P2"}
    company = {"company": "Acme", "is_in_register": True, "source_file": f"{REGISTER}companies.csv", "source_row": 2}
    return {
        "core.indicators": [
            {"indicator": name, "quantity": name, "pillar": pillar, "measure": "Readiness", "weight": 1.0}
            for name, pillar in indicators.items()
        ],
        "index.goalposts": [{"indicator": name} for name in indicators],
        "index.pillars": [{"pillar": name, "measure": "Readiness", "weight": 0.5} for name in ("P1", "P2")],
        "index.headline": [{"year": 2020, "scope": "CN"}],
        "index.lists": [
            {"quantity": quantity, "list": name, "dataset": "register", "elasticity": 1.0, "attention_noise": 0.5}
            for quantity, name in LISTS.items()
        ],
        "marts.list_counts": [
            {"quantity": quantity, "list": name, "dataset": "register", "city": "Alba", "year": year, "n": 2.0}
            for quantity, name in LISTS.items()
            for year in (2019, 2020)
        ],
        # Of offices, which stand, each year is an edition of its own.
        "marts.list_profiles": [
            {"quantity": quantity, "list": name, "is_stock": quantity == "services"} for quantity, name in LISTS.items()
        ],
        "marts.indicator_values": [
            {"city": "Alba", "year": 2020, "indicator": name, "rows_to_halve": 30} for name in indicators
        ],
        "marts.evidence": rows,
        "core.companies": [company],
        "core.investors": [
            {"investor": name, "is_in_register": True, "source_file": f"{REGISTER}investors.csv", "source_row": row}
            for name, row in (("X", 3), ("Y", 4))
        ]
        # Only another list says that it is at home here.
        + [{"investor": "Z", "is_in_register": False}],
        "core.deal_investors_by_source": [
            {"dataset": dataset, "investor": name, "city": "Alba", "source_file": f"{REGISTER}deals.csv", "source_row": row}
            for dataset, name, row in (
                ("register", "X", 9), ("register", "Y", 9), ("register", "Z", 9), ("all", "X", 9), ("register", "X", 10)
            )
        ],
        "core.cities": [{"city": "Alba"}],
    }  # fmt: skip


def test_a_fact_counts_by_the_weight_of_its_list_and_all_that_hangs_on_it() -> None:
    rows = run(
        "index.fact_influence",
        tables(
            [
                evidence("deals_received", "deals", 9, "Acme"),
                evidence("deals_received", "deals", 10, "Acme"),
                evidence("deals_originated", "deals", 9, "Acme", value=0.5),
                evidence("services", "service_firms", 5),
            ]
        ),
    )
    by_fact = {(row["source_file"].removeprefix(REGISTER), row["source_row"], row["indicator"]): row for row in rows}
    # A row of four moves the logarithm by 0.1 / (1 + 4 · 0.25); ten points are half as much; a pillar of half the weight.
    step = 10 / log(2) * 0.1 / 2 * 0.5
    assert {key: row["change"] for key, row in by_fact.items()} == pytest.approx(
        {
            ("deals.csv", 9, "deals_received"): step / 2,
            ("deals.csv", 10, "deals_received"): step / 2,
            ("companies.csv", 2, "deals_received"): step,
            ("deals.csv", 9, "deals_originated"): step / 4,
            ("investors.csv", 3, "deals_originated"): step / 12,
            ("investors.csv", 4, "deals_originated"): step / 12,
            # Two offices stand in each edition.
            ("service_firms.csv", 5, "services"): step * 2 / 1.5,
        }
    )
    assert by_fact["companies.csv", 2, "deals_received"]["n_rows"] == 2
