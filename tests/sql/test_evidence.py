"""Evidence of lists: which list counts for a country, and in which years a figure stands."""

from tests.support.models import Rows, run


def test_evidence_is_of_the_register_and_the_longest_list() -> None:
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


def test_deals_of_a_list_are_evidence_of_that_list() -> None:
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


def test_listed_unicorns_count_in_last_years_and_sales_once() -> None:
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


def test_research_stands_until_the_next_edition_if_mostly_placed() -> None:
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


def test_single_records_are_no_registry_of_institutions() -> None:
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


def test_connectivity_is_that_of_the_best_connected_part() -> None:
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
