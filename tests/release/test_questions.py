"""Fifteen questions of an analyst, each one obvious query; the answers are worked out from the register, without the pipeline."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import duckdb
import polars as pl
import pytest

from pipelines import settings


def register(name: str) -> list[dict[str, Any]]:
    """Return the rows of a file of the register, as text."""
    return pl.read_csv(settings.SHIPPED / "data" / "register" / f"{name}.csv", infer_schema=False).to_dicts()


def companies(city: str, event: str) -> list[dict[str, Any]]:
    """Return the companies that were in the city in the year of an event, or are there if it has no year."""
    return [row for row in register("companies") if home(row, row[event] or "9999") == city]


def home(row: dict[str, Any], year: str) -> str:
    return str(row["city_founded"] if row["city_since"] and year < row["city_since"] else row["city"])


def deals(city: str, year: str = "") -> list[dict[str, Any]]:
    known = {row["company"]: row for row in register("companies")}
    received = [row for row in register("deals") if home(known[row["company"]], row["date"][:4]) == city]
    return [row for row in received if row["date"].startswith(year)]


def backers(city: str) -> Counter[str]:
    return Counter(name for row in deals(city) for name in row["investors"].split("|"))


def homes(company: str) -> list[tuple[str, str]]:
    home = {row["investor"]: row["home_city"] for row in register("investors") if row["country"] == "CN"}
    named = {name for row in register("deals") if row["company"] == company for name in row["investors"].split("|")}
    return sorted((name, home[name]) for name in named & home.keys())


def brought(city: str) -> float:
    """Return the millions of dollars that fall to investors of the city; a company that invests is one of them."""
    home = {row["company"]: row["city"] for row in register("companies")}
    home |= {row["investor"]: row["home_city"] for row in register("investors")}
    at_home = {name for name, place in home.items() if place == city}
    total = 0.0
    for row in register("deals"):
        names = set(row["investors"].split("|"))
        if row["currency"] == "USD" and row["amount_m"]:
            total += float(row["amount_m"]) * len(names & at_home) / len(names)
    return total


def largest(year: str) -> list[tuple[str]]:
    dollars = [row for row in register("deals") if row["date"].startswith(year) and row["currency"] == "USD"]
    return [(max(dollars, key=lambda row: float(row["amount_m"]))["company"],)]


QUESTIONS: dict[str, tuple[str, Callable[[], list[tuple[Any, ...]]]]] = {
    "How many deals did companies of Hangzhou raise in 2015?": (
        "select count(*) from core.deals where is_in_register and city = 'Hangzhou' and year = 2015",
        lambda: [(len(deals("Hangzhou", "2015")),)],
    ),
    "Which companies of Shanghai became unicorns?": (
        "select company from core.unicorns where dataset = 'register' and city = 'Shanghai' order by company",
        lambda: sorted((row["company"],) for row in companies("Shanghai", "unicorn_year") if row["unicorn_year"]),
    ),
    "How many unicorns are there by year?": (
        "select year, count(*) from core.unicorns where dataset = 'register' group by year order by year",
        lambda: sorted(Counter(int(row["unicorn_year"]) for row in register("companies") if row["unicorn_year"]).items()),
    ),
    "Which universities of Project 985 are in Wuhan?": (
        "select university from core.universities where city = 'Wuhan' and is_985 order by university",
        lambda: sorted(
            (row["university"],) for row in register("universities") if (row["city"], row["is_985"]) == ("Wuhan", "1")
        ),
    ),
    "Which companies of Hangzhou were bought, and by whom?": (
        "select company, acquirer from core.exits where city = 'Hangzhou' and how = 'acquisition' order by company",
        lambda: sorted(
            (row["company"], row["acquirer"]) for row in companies("Hangzhou", "exit_year") if row["exit_how"] == "acquisition"
        ),
    ),
    "How many companies of Shenzhen are listed, by exchange?": (
        "select exchange, count(*) from core.exits where city = 'Shenzhen' and how = 'listing' "
        "group by exchange order by exchange",
        lambda: sorted(
            Counter(row["listing_exchange"] for row in companies("Shenzhen", "listing_year") if row["listing_year"]).items()
        ),
    ),
    "In which city are the Chinese investors of ByteDance?": (
        "select distinct investor, home_city from core.deal_investors join core.deals using (deal) "
        "where company = 'ByteDance' and home_country = 'CN' order by investor",
        lambda: homes("ByteDance"),
    ),
    "How many deals and investors in them does the register name?": (
        "select count(distinct deal), count(*) from core.deals join core.deal_investors using (deal) where is_in_register",
        lambda: [(len(register("deals")), sum(len(set(row["investors"].split("|"))) for row in register("deals")))],
    ),
    "Who invests most often in companies of Shanghai?": (
        "select investor, count(*) as n from core.deals join core.deal_investors using (deal) "
        "where city = 'Shanghai' and is_in_register group by investor order by n desc, investor limit 3",
        lambda: sorted(backers("Shanghai").items(), key=lambda item: (-item[1], item[0]))[:3],
    ),
    "How many dollars did investors of each of two cities bring, each deal shared evenly?": (
        "select home_city, round(sum(amount_m * share), 3) from core.deals join core.deal_investors using (deal) "
        "where is_in_register and currency = 'USD' and home_city in ('Hong Kong', 'Shenzhen') group by home_city order by all",
        lambda: [(city, round(brought(city), 3)) for city in ("Hong Kong", "Shenzhen")],
    ),
    "Which was the largest dollar round of 2018?": (
        "select company from core.deals where is_in_register and year = 2018 and currency = 'USD' order by amount_m desc limit 1",
        lambda: largest("2018"),
    ),
    "What did Meituan raise, and when?": (
        "select date, round, amount_m from core.deals where company = 'Meituan' and is_in_register order by date",
        lambda: sorted(
            (row["date"], row["round"], None if row["amount_m"] is None else float(row["amount_m"]))
            for row in register("deals")
            if row["company"] == "Meituan"
        ),
    ),
    "Who founded Xiaomi?": (
        "select founder from core.founders where company = 'Xiaomi' order by founder",
        lambda: sorted((row["founder"],) for row in register("founders") if row["company"] == "Xiaomi"),
    ),
    "Where does IDG Capital have offices?": (
        "select city from core.investor_offices where investor = 'IDG Capital' order by city",
        lambda: sorted((row["city"],) for row in register("investor_offices") if row["investor"] == "IDG Capital"),
    ),
    "What does a source call a company?": (
        "select k.dataset, k.printed from core.entities as e join core.entity_keys as k using (id) "
        "where e.kind = 'company' and e.entity = 'ByteDance' and k.dataset = 'register'",
        lambda: [("register", "ByteDance")],
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_obvious_query_answers(published: duckdb.DuckDBPyConnection, question: str) -> None:
    query, answer = QUESTIONS[question]
    expected = answer()
    assert expected
    assert published.execute(query).fetchall() == expected


def test_best_city_and_its_reasons_agree_wherever_one_looks(published: duckdb.DuckDBPyConnection) -> None:
    def rows(query: str) -> list[tuple[Any, ...]]:
        return published.execute(query).fetchall()

    ((best, score),) = rows("select city, score from index.ranking where measure = 'Readiness' and rank = 1")
    assert rows("select city, score from top() limit 1") == [(best, score)]
    assert rows(f"select score from standing('{best}') where measure = 'Readiness'") == [(score,)]
    shown = rows(f"select indicator, value, score from why('{best}') order by indicator")
    kept = "from marts.indicator_detail where year = (select year from index.headline) and city = ?"
    assert shown == published.execute(f"select indicator, value, score {kept} order by indicator", [best]).fetchall()
