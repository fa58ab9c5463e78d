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
        },
    )  # fmt: skip
    assert {row["company"]: row["n_earlier_ventures"] for row in rows} == {"Old": 1, "New": 0, "Newest": None}
