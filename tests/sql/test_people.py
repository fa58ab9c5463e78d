"""Founders: what is known of a career."""

import pytest

from tests.support.models import run

LANDED = {"role": "founder", "schools": None, "studied_abroad": None, "worked_abroad": None, "field": None, "last_employer": None}
PLACE = {"basis": "cited", "source": "s", "url": None, "source_file": "f", "source_row": 2}


@pytest.mark.parametrize(
    ("studied", "worked", "expected"),
    [("US", None, True), (None, "US|GB", True), ("none", "none", False), ("none", None, None), (None, None, None)],
)
def test_returnee_is_unknown_unless_known(studied: str | None, worked: str | None, expected: bool | None) -> None:
    career = {"earlier_ventures": "none", "studied_abroad": studied, "worked_abroad": worked}
    row = LANDED | PLACE | {"company": "C", "founder": "F"} | career
    other = {"earlier_ventures": "P|Q", "studied_abroad": "US", "worked_abroad": "US", "last_employer": "none"}
    padding = LANDED | PLACE | {"company": "Z", "founder": "Z", "schools": "S:1999:2003", "field": "tech"} | other
    found = {str(one["founder"]): one for one in run("staging.founders", {"landing.register__founders": [row, padding]})}
    assert found["F"]["is_returnee"] is expected
    assert found["F"]["n_earlier_ventures"] == 0
    assert found["Z"]["n_earlier_ventures"] == 2
    assert (found["Z"]["last_employer"], found["Z"]["is_last_employer_known"]) == (None, True)


def test_a_namesake_makes_no_repeat_founder() -> None:
    founding = PLACE | {"founder": "F", "is_last_employer_known": False, "last_employer": None}
    companies = [
        {"company": name, "country": "CN", "city_founded": "Beijing", "city": "Beijing", "founded": year}
        for name, year in (("Old", 2000), ("New", 2010), ("Newest", 2020))
    ]
    rows = run(
        "core.founders",
        {
            "staging.founders": [
                founding | {"founding": "F | Old", "company": "Old", "n_earlier_ventures": 1, "last_employer": "X"},
                founding | {"founding": "F | New", "company": "New", "n_earlier_ventures": 0},
                founding | {"founding": "F | Newest", "company": "Newest", "n_earlier_ventures": None},
            ],
            "core.companies": companies,
            "core.company_homes": [{"company": None}],
        },
    )  # fmt: skip
    assert {row["company"]: row["n_earlier_ventures"] for row in rows} == {"Old": 1, "New": 0, "Newest": None}


def test_an_employer_is_where_it_was_when_the_company_was_founded() -> None:
    founding = PLACE | {"founder": "F", "is_last_employer_known": True, "last_employer": "Oracle"}
    founded = {"Before": 2019, "After": 2020, "Undated": None}
    rows = run(
        "core.founders",
        {
            "staging.founders": [founding | {"founding": f"F | {name}", "company": name} for name in founded],
            "core.companies": [
                {"company": "Oracle", "is_in_register": True},
                *({"company": name, "founded": year} for name, year in founded.items()),
            ],
            "core.company_homes": [
                {"company": "Oracle", "city": "San Francisco Bay Area", "last_year": 2019},
                {"company": "Oracle", "city": "Austin", "first_year": 2020},
            ],
        },
    )
    cities = {row["company"]: row["last_employer_city"] for row in rows}
    assert cities == {"Before": "San Francisco Bay Area", "After": "Austin", "Undated": "Austin"}
