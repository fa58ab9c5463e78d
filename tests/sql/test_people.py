"""Founders and investors: what is known of a career, where an investor is at home, and which one is active."""

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


def test_earlier_company_of_the_register_makes_repeat_founder() -> None:
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


def test_a_tie_between_places_is_no_home() -> None:
    said = [
        ("even", "b", 2), ("even", "s", 2),
        ("odd", "b", 2), ("odd", "s", 3),
        ("vague", "s", 1), ("vague", "u", 9),
    ]  # fmt: skip
    units = {
        "b": ("Beijing", "Beijing", "CN"), "s": ("Shanghai", "Shanghai", "CN"), "u": (None, None, "US"),
    }  # fmt: skip
    rows = run(
        "core.investor_places",
        {
            "staging.investor_places": [
                {"dataset": "itjuzi", "mention": mention, "place_key": key, "n": n} for mention, key, n in said
            ],
            "core.names": [{"mention": one, "entity": one} for one in ("even", "odd", "vague")],
            "staging.place_units": [
                {
                    "place_key": key, "city": city, "province": province, "city_country": country,
                    "unit_level": "city" if city else "country", "unit": city or f"{country} (country)",
                }
                for key, (city, province, country) in units.items()
            ],
        },
    )  # fmt: skip
    homes = {(row["dataset"], row["investor"]): row["unit"] for row in rows if row["is_home"]}
    assert homes == {
        ("itjuzi", "odd"): "Shanghai", ("all", "odd"): "Shanghai",
        ("itjuzi", "vague"): "Shanghai", ("all", "vague"): "Shanghai",
    }  # fmt: skip
