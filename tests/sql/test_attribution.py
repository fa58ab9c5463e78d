"""Where a deal comes from: the rules on one deal, homes that are vague, and the bounds of a share."""

import pytest

from tests.support.models import Rows, run

DEAL: dict[str, object] = {"dataset_number": 1, "deal_number": 7, "year": 2010, "country": "CN", "area_number": 5}
AREAS: Rows = [
    {"area_number": number, "unit_number": number, "unit": unit, "level": level, "country": "CN",
     "city": unit if level == "city" else None, "province": province}
    for number, (unit, level, province) in enumerate([
        ("Beijing", "city", "Beijing"), ("Shanghai", "city", None), ("Hangzhou", "city", None), ("Lhasa", "city", None),
        ("Shenzhen", "city", "Guangdong"), ("Guangdong (province)", "province", "Guangdong"),
    ], 1)
]  # fmt: skip
NUMBERS: dict[str, Rows] = {
    "staging.datasets": [{"dataset": "all", "dataset_number": 0}, {"dataset": "register", "dataset_number": 1}],
    "staging.entities": [{"entity_number": n, "kind": "investor", "entity": name} for n, name in enumerate("ABCD", 1)],
    "staging.areas": AREAS,
    "core.cities": [{"city": row["city"], "province": row["province"], "country": "CN"} for row in AREAS if row["city"]],
    "core.investor_places": [{"dataset": "register", "investor": "A", "unit": "Lhasa", "country": "CN", "is_home": False}],
    "staging.counted_deals": [DEAL],
    "staging.numbered_deals": [{"report_number": 7, "report": "D", "dataset": "register"}],
    "staging.reports": [{"report_number": 7}],
    "staging.curated_deals": [{"deal": "D", "source": "s"}],
}


def investor(name: str, unit: str | None, lead: bool = False) -> dict[str, object]:
    """Return a row of the investors of the deal, in numbers, as the tables of ``NUMBERS`` give them."""
    area = next((row["area_number"] for row in AREAS if row["unit"] == unit), None)
    number = "ABCD".index(name) + 1
    return {"dataset_number": 1, "deal_number": 7, "year": 2010, "investor_number": number, "is_lead": int(lead),
            "area_number": area}  # fmt: skip


def office(name: str, city: str, opened: int | None = None, closed: int | None = None) -> dict[str, object]:
    return {"investor": name, "city": city, "country": "CN", "opened": opened, "closed": closed}


def origins(investors: Rows, offices: Rows) -> dict[str, dict[str, object]]:
    rows = run("marts.deal_origin", NUMBERS | {"staging.counted_investors": investors, "core.investor_offices": offices})
    return {str(row["origin"]): row for row in rows}


def test_every_rule_on_one_deal() -> None:
    found = origins(
        [investor("A", "Beijing", lead=True), investor("B", "Shanghai"), investor("C", "Shanghai"), investor("D", None)],
        [office("A", "Beijing"), office("B", "Shanghai"), office("B", "Shenzhen", 2005, 2009), office("C", "Hangzhou", 2008)],
    )
    assert set(found) == {"Beijing", "Shanghai", "Hangzhou"}, "an office closed before the deal does not count"
    beijing, shanghai, hangzhou = found["Beijing"], found["Shanghai"], found["Hangzhou"]
    assert (beijing["any_rule"], beijing["lead_rule"], beijing["fractional_rule"]) == (1, 1.0, pytest.approx(1 / 3))
    assert (shanghai["any_rule"], shanghai["lead_rule"], shanghai["fractional_rule"]) == (1, 0.0, pytest.approx(2 / 3))
    assert (hangzhou["any_rule"], hangzhou["office_rule"], hangzhou["fractional_rule"]) == (0, 1, 0.0)
    assert (beijing["fractional_low"], beijing["fractional_high"]) == (0.25, 0.5)


def test_rules_keep_their_invariants() -> None:
    found = origins(
        [investor("A", "Beijing"), investor("B", "Shanghai"), investor("C", None)],
        [office("A", "Shenzhen"), office("B", "Beijing")],
    )
    assert sum(float(row["fractional_rule"]) for row in found.values()) == pytest.approx(1)  # type: ignore[arg-type]
    assert sum(float(row["lead_rule"]) for row in found.values()) == pytest.approx(1)  # type: ignore[arg-type]
    for row in found.values():
        assert row["office_rule"] >= row["any_rule"] >= row["fractional_rule"]  # type: ignore[operator]
        assert row["fractional_low"] <= row["fractional_rule"] <= row["fractional_high"]  # type: ignore[operator]


def test_an_investor_without_a_home_has_its_offices_all_the_same() -> None:
    """Whose people sit equally in two cities has an office in both, and credits neither by any other rule."""
    offices = [office("A", "Beijing"), office("A", "Shanghai"), office("B", "Shenzhen")]
    alone = origins([investor("A", None)], offices)
    assert {city: (row["any_rule"], row["office_rule"], row["fractional_rule"]) for city, row in alone.items()} == {
        "Beijing": (0, 1, None), "Shanghai": (0, 1, None),
    }  # fmt: skip
    both = origins([investor("A", None), investor("B", "Shenzhen")], offices)
    assert {city: (row["office_rule"], row["fractional_rule"], row["fractional_office_rule"]) for city, row in both.items()} == {
        "Beijing": (1, 0.0, 0.0), "Shanghai": (1, 0.0, 0.0), "Shenzhen": (1, 1.0, 1.0),
    }  # fmt: skip


def test_unlocated_lead_falls_back_to_fractional() -> None:
    found = origins(
        [investor("A", None, lead=True), investor("B", "Beijing"), investor("C", "Shanghai")], [office("D", "Hangzhou")]
    )
    assert (found["Beijing"]["lead_rule"], found["Shanghai"]["lead_rule"]) == (0.5, 0.5)


def test_home_in_a_province_is_not_credited_to_its_capital() -> None:
    known = investor("A", "Guangdong (province)")
    found = origins([known, investor("B", "Beijing")], [office("B", "Beijing")])
    assert set(found) == {"Guangdong (province)", "Beijing"}
    assert (found["Beijing"]["fractional_rule"], found["Beijing"]["fractional_high"]) == (0.5, 0.5)


def test_home_known_by_its_province_may_be_in_any_city_of_it() -> None:
    vague = investor("A", "Guangdong (province)")
    found = origins([vague, investor("B", "Shenzhen"), investor("C", "Beijing")], [office("B", "Shenzhen")])
    shenzhen, beijing = found["Shenzhen"], found["Beijing"]
    assert (shenzhen["fractional_low"], shenzhen["fractional_high"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert beijing["fractional_high"] == pytest.approx(1 / 3)


def test_shares_of_origin_with_their_bounds() -> None:
    """Three deals: Beijing alone; Beijing and an unlocated lead; unlocated alone."""
    deals = [DEAL | {"deal_number": number, "usd_low": 10.0, "usd_high": 10.0} for number in (1, 2, 3)]
    parts = [
        investor("A", "Beijing") | {"deal_number": 1},
        investor("A", "Beijing") | {"deal_number": 2},
        investor("B", None, lead=True) | {"deal_number": 2},
        investor("B", None) | {"deal_number": 3},
    ]
    inputs: dict[str, Rows] = {
        "staging.counted_deals": deals,
        "staging.counted_investors": parts,
        "core.investor_offices": [office("A", "Beijing")],
    }
    (row,) = [
        one for one in run("marts.origination", NUMBERS | inputs)
        if (one["period"], one["company_province"], one["origin"]) == ("2010", "Guangdong", "Beijing")
    ]  # fmt: skip
    assert (row["n_deals"], row["n_deals_located"]) == (3, 2)
    assert (row["any_share"], row["any_low"], row["any_high"]) == (1, pytest.approx(2 / 3), 1)
    assert (row["fractional_share"], row["fractional_low"]) == (1, pytest.approx(1.5 / 3))
    assert row["fractional_high"] == 1
    assert (row["lead_low"], row["lead_high"]) == (pytest.approx(1 / 3), 1)
    assert row["amount_share"] == 1


def test_deals_that_are_worth_nothing_have_no_share_of_the_amount() -> None:
    inputs: dict[str, Rows] = {
        "staging.counted_deals": [DEAL | {"usd_low": 0.0, "usd_high": 0.0}],
        "staging.counted_investors": [investor("A", "Beijing")],
        "core.investor_offices": [office("A", "Beijing")],
    }
    rows = run("marts.origination", NUMBERS | inputs)
    assert {(row["any_share"], row["amount_share"], row["amount_largest"]) for row in rows} == {(1.0, None, None)}
