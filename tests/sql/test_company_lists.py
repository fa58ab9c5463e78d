"""Which list has a deal of which company."""

from typing import Any

from tests.support.models import run

CITIES = [{"city": "Hangzhou", "country": "CN"}, {"city": "San Francisco Bay Area", "country": "US"}]


def listed(reports: list[dict[str, Any]], companies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return run("marts.company_lists", {"core.deal_reports": reports, "core.companies": companies, "core.cities": CITIES})


def test_editions_are_one_list_and_provinces_are_left_out() -> None:
    report = {"company": "A", "country": "CN", "year": 2012, "company_printed": "A"}
    in_city = report | {"province": "Zhejiang", "city": "Hangzhou"}
    reports = [
        in_city | {"report": "1", "dataset": "crunchbase_investments"},
        in_city | {"report": "2", "dataset": "crunchbase_2015", "company_printed": "A Inc"},
        in_city | {"report": "3", "dataset": "crunchbase_2015", "year": 2013},
        report | {"report": "4", "dataset": "itjuzi", "province": "Zhejiang"},
        report | {"report": "5", "dataset": "register", "country": None},
        in_city | {"report": "6", "dataset": "crunchbase_2015", "company": "B"},
        in_city | {"report": "7", "dataset": "crunchbase_2015", "company": None},
    ]
    companies = [
        {"company": "A", "country": "CN", "city": "Shanghai", "city_founded": "Hangzhou"},
        {"company": "B", "country": "CN"},
    ]
    rows = listed(reports, companies)
    assert [tuple(row.values()) for row in rows] == [
        ("A", "CN", "Hangzhou", "Crunchbase", False, 2012, "A"),
        ("A", "CN", "Hangzhou", "Crunchbase", False, 2013, "A"),
        ("A", "CN", "Hangzhou", "nextvalley", True, 2012, "A"),
    ]


def test_a_company_is_in_the_country_of_the_city_in_which_it_was_founded() -> None:
    report = {"report": "1", "dataset": "register", "company": "A", "year": 2012, "company_printed": "A"}
    company = {"company": "A", "country": "CN", "city": "Hangzhou", "city_founded": "San Francisco Bay Area"}
    assert [(row["country"], row["city"]) for row in listed([report], [company])] == [("US", "San Francisco Bay Area")]
