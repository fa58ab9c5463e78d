"""The models on small hand-made frames: attribution, founders, investors."""

from datetime import date

import pytest

from tests.support.models import Rows, Run

DEAL = {
    "dataset": "register",
    "deal": "D",
    "company": "C",
    "country": "CN",
    "city": "Shenzhen",
    "year": 2010,
    "source": "s",
    "source_row": 2,
}


def investor(name: str, city: str | None, lead: bool = False) -> dict[str, object]:
    located = city is not None
    return {
        "dataset": "register",
        "deal": "D",
        "investor": name,
        "unit": city,
        "city": city,
        "country": "CN" if located else None,
        "is_lead": lead,
        "is_located": located,
    }


def office(name: str, city: str, opened: int | None = None, closed: int | None = None) -> dict[str, object]:
    return {"investor": name, "city": city, "country": "CN", "opened": opened, "closed": closed}


CITIES: Rows = [
    {"city": "Beijing", "province": "Beijing", "country": "CN"},
    {"city": "Shenzhen", "province": "Guangdong", "country": "CN"},
    {"city": "Guangzhou", "province": "Guangdong", "country": "CN"},
]


def origins(run: Run, investors: Rows, offices: Rows) -> dict[str, dict[str, object]]:
    deals: dict[str, Rows] = {"core.deals_by_source": [DEAL], "core.deal_investors": investors}
    rows = run(
        "marts.deal_origin",
        {
            "staging.attributed_deals": run("staging.attributed_deals", deals),
            "core.deal_investors": investors,
            "core.cities": CITIES,
            "core.investor_offices": offices,
            "core.investor_places": [{"dataset": "register", "investor": "A", "unit": "Lhasa", "city": "Lhasa", "country": "CN"}],
        },
    )
    return {str(row["origin"]): row for row in rows}


def test_every_rule_on_one_deal(run: Run) -> None:
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


def test_rules_keep_their_invariants(run: Run) -> None:
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


def test_an_investor_without_a_home_has_its_offices_all_the_same(run: Run) -> None:
    """Whose people sit equally in two cities has an office in both, and credits neither by any other rule."""
    offices = [office("A", "Beijing"), office("A", "Shanghai"), office("B", "Shenzhen")]
    alone = origins(run, [investor("A", None)], offices)
    assert {city: (row["any_rule"], row["office_rule"], row["fractional_rule"]) for city, row in alone.items()} == {
        "Beijing": (0, 1, None), "Shanghai": (0, 1, None),
    }  # fmt: skip
    both = origins(run, [investor("A", None), investor("B", "Shenzhen")], offices)
    assert {city: (row["office_rule"], row["fractional_rule"], row["fractional_office_rule"]) for city, row in both.items()} == {
        "Beijing": (1, 0.0, 0.0), "Shanghai": (1, 0.0, 0.0), "Shenzhen": (1, 1.0, 1.0),
    }  # fmt: skip


def test_unlocated_lead_falls_back_to_fractional(run: Run) -> None:
    found = origins(
        run, [investor("A", None, lead=True), investor("B", "Beijing"), investor("C", "Shanghai")], [office("X", "Y")]
    )
    assert (found["Beijing"]["lead_rule"], found["Shanghai"]["lead_rule"]) == (0.5, 0.5)


def test_a_home_in_a_province_is_credited_to_the_province_not_to_its_capital(run: Run) -> None:
    known = investor("A", None) | {
        "is_located": True,
        "level": "province",
        "province": "Guangdong",
        "unit": "Guangdong (province)",
    }
    found = origins(run, [known, investor("B", "Beijing")], [office("B", "Beijing")])
    assert set(found) == {"Guangdong (province)", "Beijing"}
    assert (found["Beijing"]["fractional_rule"], found["Beijing"]["fractional_high"]) == (0.5, 0.5)


def test_a_home_known_only_by_its_province_may_be_in_any_city_of_it(run: Run) -> None:
    vague = investor("A", None) | {
        "is_located": True, "level": "province", "province": "Guangdong", "country": "CN", "unit": "Guangdong (province)",
    }  # fmt: skip
    found = origins(run, [vague, investor("B", "Shenzhen"), investor("C", "Beijing")], [office("B", "Shenzhen")])
    shenzhen, beijing = found["Shenzhen"], found["Beijing"]
    assert (shenzhen["fractional_low"], shenzhen["fractional_high"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert beijing["fractional_high"] == pytest.approx(1 / 3)


def test_shares_of_origin_with_their_bounds(run: Run) -> None:
    """Three deals: Beijing alone; Beijing and an unlocated lead; unlocated alone."""
    deals = [DEAL | {"deal": name, "province": "Guangdong", "usd_low": 10.0, "usd_high": 10.0} for name in ("D1", "D2", "D3")]
    parts = [
        investor("A", "Beijing") | {"deal": "D1"},
        investor("A", "Beijing") | {"deal": "D2"},
        investor("B", None, lead=True) | {"deal": "D2"},
        investor("B", None) | {"deal": "D3"},
    ]
    attributed = run("staging.attributed_deals", {"core.deals_by_source": deals, "core.deal_investors": parts})
    inputs: dict[str, Rows] = {"staging.attributed_deals": attributed, "core.deal_investors": parts, "core.cities": CITIES}
    with_offices = inputs | {
        "core.investor_offices": [office("A", "Beijing")],
        "core.investor_places": [{"dataset": "all", "investor": "Z", "unit": "Lhasa", "city": "Lhasa", "country": "CN"}],
    }
    origin = run("marts.deal_origin", with_offices)
    (row,) = [
        one
        for one in run("marts.origination", inputs | {"marts.deal_origin": origin})
        if (one["period"], one["company_province"]) == ("2010", "Guangdong")
    ]
    assert (row["n_deals"], row["n_deals_located"]) == (3, 2)
    assert (row["any_share"], row["any_low"], row["any_high"]) == (1, pytest.approx(2 / 3), 1)
    assert (row["fractional_share"], row["fractional_low"]) == (1, pytest.approx(1.5 / 3))
    assert row["fractional_high"] == 1
    assert (row["lead_low"], row["lead_high"]) == (pytest.approx(1 / 3), 1)
    assert row["amount_share"] == 1


def report(
    name: str, dataset: str, low: str, high: str, round_: str, company: str = "C", amount: float | None = None
) -> dict[str, object]:
    return {
        "report": name, "dataset": dataset, "company_mention": company, "company": company, "date": low, "year": int(low[:4]),
        "date_low": date.fromisoformat(low), "date_high": date.fromisoformat(high), "round": round_,
        "amount_low": amount, "amount_high": amount, "currency": "CNY", "source_file": "f", "source_row": 1,
    }  # fmt: skip


def rounds(run: Run, *reports: dict[str, object]) -> dict[str, object]:
    other = report("other", "inbox", "1999-01-01", "1999-01-01", "A", "Y", 1.0)
    rows = run(
        "core.deal_reports",
        {
            "staging.deals": [*reports, other],
            "core.names": [{"mention": one, "entity": f"Company {one}"} for one in ("C", "X", "Y")],
            "staging.place_units": [{"place_key": "p", "city": "c", "province": "p", "city_country": "CN"}],
            "core.exchange_rates": [{"currency": "CNY", "year": year, "per_usd": 8.0} for year in range(2010, 2016)],
        },
    )
    return {str(row["report"]): row["deal"] for row in rows if row["report"] != "other"}


@pytest.mark.parametrize(
    ("low", "high", "round_", "company", "amount", "same"),
    [
        ("2012-05-10", "2012-05-10", "A", "C", None, True),
        ("2012-06-01", "2012-06-30", "unknown", "C", None, True),
        ("2012-09-10", "2012-09-10", "A", "C", None, False),
        ("2012-05-10", "2012-05-10", "B", "C", None, False),
        ("2012-05-10", "2012-05-10", "B", "C", 81.0, True),
        ("2012-05-10", "2012-05-10", "A", "C", 40.0, True),
        ("2012-06-01", "2012-06-30", "unknown", "C", 40.0, False),
        ("2012-05-10", "2012-05-10", "A", "X", 80.0, False),
    ],
    ids=[
        "nine days after", "unnamed, within sixty days", "too late", "another round", "another name, the same money",
        "the same name, other money by another source", "unnamed, other money", "another company",
    ],
)  # fmt: skip
def test_a_round_announced_twice_is_one_deal(
    run: Run,
    low: str,
    high: str,
    round_: str,
    company: str,
    amount: float | None,
    same: bool,
) -> None:
    curated = report("curated", "register", "2012-05-01", "2012-05-31", "A", "C", 80.0)
    found = rounds(run, curated, report("listed", "itjuzi", low, high, round_, company, amount))
    assert (found["listed"] == "curated") is same


def test_a_round_spans_sixty_days_from_its_first_report(run: Run) -> None:
    found = rounds(
        run,
        report("a1", "itjuzi", "2012-01-01", "2012-01-01", "A"),
        report("a2", "crunchbase_2015", "2012-02-20", "2012-02-20", "A"),
        report("a3", "inbox", "2012-04-10", "2012-04-10", "A"),
        report("b", "itjuzi", "2012-09-01", "2012-09-01", "B"),
        report("open", "crunchbase_investments", "2012-10-01", "2012-10-31", "unknown"),
        report("far", "crunchbase_investments", "2014-10-01", "2014-10-31", "unknown"),
    )
    assert found == {"a1": "a1", "a2": "a1", "a3": "a3", "b": "b", "open": "b", "far": "far"}


def test_two_tranches_of_one_source_stay_two(run: Run) -> None:
    found = rounds(
        run,
        report("first", "itjuzi", "2012-01-01", "2012-01-01", "A", amount=80.0),
        report("second", "itjuzi", "2012-01-20", "2012-01-20", "A", amount=160.0),
        report("again", "itjuzi", "2012-01-21", "2012-01-21", "A", amount=160.0),
    )
    assert found == {"first": "first", "second": "second", "again": "second"}


def test_a_tie_between_places_is_no_home(run: Run) -> None:
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


def test_two_curated_deals_stay_two(run: Run) -> None:
    found = rounds(
        run,
        report("one", "register", "2012-05-01", "2012-05-31", "strategic"),
        report("two", "register", "2012-06-01", "2012-06-30", "strategic"),
    )
    assert found == {"one": "one", "two": "two"}


LANDED = {"role": "founder", "schools": None, "studied_abroad": None, "worked_abroad": None, "field": None, "last_employer": None}
PLACE = {"basis": "cited", "source": "s", "url": None, "source_file": "f", "source_row": 2}


@pytest.mark.parametrize(
    ("studied", "worked", "expected"),
    [("US", None, True), (None, "US|GB", True), ("none", "none", False), ("none", None, None), (None, None, None)],
)
def test_returnee_is_unknown_unless_known(run: Run, studied: str | None, worked: str | None, expected: bool | None) -> None:
    career = {"earlier_ventures": "none", "studied_abroad": studied, "worked_abroad": worked}
    row = LANDED | PLACE | {"company": "C", "founder": "F"} | career
    other = {"earlier_ventures": "P|Q", "studied_abroad": "US", "worked_abroad": "US", "last_employer": "none"}
    padding = LANDED | PLACE | {"company": "Z", "founder": "Z", "schools": "S:1999:2003", "field": "tech"} | other
    found = {str(one["founder"]): one for one in run("staging.founders", {"landing.register__founders": [row, padding]})}
    assert found["F"]["is_returnee"] is expected
    assert found["F"]["n_earlier_ventures"] == 0
    assert found["Z"]["n_earlier_ventures"] == 2
    assert (found["Z"]["last_employer"], found["Z"]["is_last_employer_known"]) == (None, True)


def test_an_earlier_company_of_the_register_makes_a_repeat_founder(run: Run) -> None:
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


def test_active_investors_need_two_deals_in_three_years(run: Run) -> None:
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
            "core.investor_offices": [office("A", "Beijing") | {"source": "s", "source_row": 2}],
            "core.investor_places": [{"dataset": "list", "investor": "A", "city": "Shanghai", "is_home": True}],
        },
    )
    assert [(row["dataset"], row["city"], row["year"]) for row in rows] == [("register", "Beijing", 2002)]


# Evidence of lists


def test_evidence_comes_from_the_register_and_the_longest_worldwide_list(run: Run) -> None:
    sizes = {"register": 1, "crunchbase_2015": 2, "crunchbase_investments": 3, "crunchbase_2013": 9, "itjuzi": 9, "all": 9}
    rows = run(
        "marts.deal_sources",
        {
            "core.deal_investors": [
                {"dataset": name, "deal": f"D{number}", "investor": "A"} for name, size in sizes.items() for number in range(size)
            ]
        },
    )
    assert [(row["dataset"], row["n_deals"]) for row in rows] == [("crunchbase_investments", 3), ("register", 1)]


def test_deals_of_a_list_are_evidence_of_that_list(run: Run) -> None:
    deal = {"company": "C", "country": "GB", "year": 2012, "source": "s", "source_row": 2}
    deals = [deal | {"dataset": "list", "deal": "L1", "city": "London"}, deal | {"dataset": "list", "deal": "L2", "city": None}]
    deals += [
        deal | {"dataset": "register", "deal": "R1", "city": "London"},
        deal | {"dataset": "other", "deal": "O", "city": "London"},
    ]
    investor = {"is_lead": False, "is_located": True}
    rows = run(
        "deals_received",
        {
            "marts.deal_sources": [{"dataset": "list"}, {"dataset": "register"}],
            "core.deals_by_source": deals,
            "core.deal_reports": [{"report": one["deal"], "round": "A"} for one in deals],
            "core.deal_investors": [
                investor | {"dataset": "list", "deal": "L1", "investor": "A", "city": "London", "country": "GB"},
                investor | {"dataset": "list", "deal": "L1", "investor": "B", "city": "Boston", "country": "US"},
                investor | {"dataset": "register", "deal": "R1", "investor": "B", "city": "Boston", "country": "US"},
            ],
            "marts.deal_origin": [
                {"dataset": "list", "deal": "L1", "origin": "London", "destination": "London", "office_rule": 1}
            ],
        },
    )
    values = {(row["label"], row["dataset"], row["indicator"]): row["value"] for row in rows}
    assert {(label, dataset) for label, dataset, _ in values} == {("L1", "list"), ("R1", "register")}
    for indicator, expected in (("local_match", (1, 0)), ("foreign_capital", (1, 1)), ("early_deals", (1, 1))):
        assert (values["L1", "list", indicator], values["R1", "register", indicator]) == expected


def test_unicorns_of_a_list_count_for_its_last_years_and_sales_once(run: Run) -> None:
    unicorn = {"dataset": "cb_insights", "city": "Paris"}
    sale = {"dataset": "crunchbase_2015", "country": "FR", "city": "Paris", "acquired_year": 2012, "company_printed": "X"}
    unicorns = run(
        "new_unicorns",
        {
            "core.companies": [{"company": "none", "is_in_register": True}],
            "core.unicorns": [unicorn | {"company": f"U{year}", "since": f"{year}-05-01"} for year in (2012, 2017, 2018, 2022)],
        },
    )
    assert sorted(row["year"] for row in unicorns) == [2018, 2022]
    exits = run(
        "exits",
        {
            "core.exits": [{"company": "none", "how": "listing", "year": None}],
            "core.acquisitions": [
                sale | {"acquirer": "A", "source_row": 2},
                sale | {"acquirer": "B", "source_row": 3},
                sale | {"company_printed": "Y", "acquirer": "A", "price_usd": 10e6, "source_row": 4},
                sale | {"company_printed": "Z", "acquirer": "A", "price_usd": 60e6, "source_row": 5},
            ],
        },
    )
    assert sorted(str(row["label"]) for row in exits) == ["X, acquired by A", "Z, acquired by A"]


def test_figures_of_research_stand_until_the_next_edition_and_only_where_most_are_placed(
    run: Run,
) -> None:
    def figures(country: str, placed: int, missing: int, years: tuple[int | None, ...] = (2020, 2022)) -> Rows:
        return [
            {
                "dataset": "openalex", "measure": "top10_works", "country": country, "university": f"{country}{number}",
                "year": year, "value": 10.0, "city": f"City of {country}" if number < placed else None, "source_row": 2,
            }
            for number in range(placed + missing)
            for year in years
        ]  # fmt: skip

    rows = run("research", {"core.research": [*figures("GB", 5, 1), *figures("FR", 5, 5), *figures("IN", 2, 0)]})
    assert {row["city"] for row in rows} == {"City of GB"}
    assert sorted((row["year"] or 0, row["year_to"]) for row in rows) == [(0, 2021)] * 5 + [(2022, None)] * 5


def test_single_records_are_no_registry_of_institutions(run: Run) -> None:
    rows = run(
        "undergraduate_institutions",
        {
            "landing.ror__organisations": [
                {"country": "GB", "region": None, "place": "Leeds", "types": "education", "status": "active", "established": 1900,
                 "name": "L", "source_file": "f", "source_row": 2}
            ],
            "core.places": [{"place_key": "GB||Leeds", "city": "Leeds"}],
        },
    )  # fmt: skip
    assert rows == []


def test_connectivity_is_that_of_the_best_connected_part(run: Run) -> None:
    names = {
        "London": ("London", 200),
        "Newark": ("New York City", 50),
        "New York": ("New York City", 150),
        "Atlantis": (None, 500),
    }
    rows = run(
        "service_connectivity",
        {
            "landing.gawc__connectivity": [
                {"city": name, "country": "x", "connectivity": score, "source_file": "f", "source_row": 2}
                for name, (_, score) in names.items()
            ],
            "core.countries": [{"written": "x", "country": "XX"}],
            "core.places": [{"place_key": f"XX||{name}", "city": city} for name, (city, _) in names.items()],
        },
    )
    found = {row["city"]: row["value"] for row in rows if row["indicator"] == "service_connectivity"}
    assert found == {"London": 100, "New York City": 75}


def test_peers_are_earlier_founders_of_the_same_school_and_year(run: Run) -> None:
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
