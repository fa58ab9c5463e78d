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


def test_peers_are_earlier_founders_of_the_same_school_and_year() -> None:
    def alumnus(name: str, entry: int, founded: int, company: str | None = None) -> dict[str, object]:
        company = company or f"{name} Inc"
        return {
            "founding": f"{name} | {company}", "founder": name, "company": company, "founded": founded, "university": "U",
            "entry_year": entry,
        }  # fmt: skip

    people = [
        alumnus("A", 1990, 2000),
        alumnus("B", 1990, 2002),
        alumnus("C", 1994, 2003),
        alumnus("D", 1995, 2003),
        alumnus("E", 1990, 2002, "B Inc"),
    ]
    rows = run(
        "peer_exposure",
        {
            "core.founder_schools": people,
            "core.founders": [one | {"city": "Beijing", "source": "s", "source_row": 2} for one in people],
        },
    )
    values = {(str(row["label"]).split(" ")[0], row["indicator"]): row["value"] for row in rows}
    for name, numbers in {"B": (1, 0.2), "E": (1, 0.2), "C": (0, pytest.approx(0.6))}.items():
        assert (values.pop((name, "peer_exposure")), values.pop((name, "peers_by_chance"))) == numbers
    assert values == {}


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


def test_active_investors_need_two_deals_in_three_years() -> None:
    deals = [{"dataset": "register", "deal": f"D{year}", "year": year, "company": "C"} for year in (2000, 2002, 2006)]
    rows = run(
        "active_investors",
        {
            "marts.deal_sources": [{"dataset": "register"}],
            "core.deals_by_source": deals,
            "core.deal_investors": [
                {"dataset": "register", "deal": one["deal"], "investor": "A", "is_lead": False, "is_located": True}
                for one in deals
            ],
            "core.investor_offices": [
                {
                    "investor": "A",
                    "city": "Beijing",
                    "country": "CN",
                    "opened": None,
                    "closed": None,
                    "source": "s",
                    "source_row": 2,
                }
            ],
            "core.investor_places": [{"dataset": "list", "investor": "A", "city": "Shanghai", "is_home": True}],
        },
    )
    assert [(row["dataset"], row["city"], row["year"]) for row in rows] == [("register", "Beijing", 2002)]
